from typing import Any

import pytest
import voluptuous as vol

from homeassistant.auth.models import User
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from pihole_simulator import Credentials, Simulator, faults
from tests.support.holding import held
from tests.support.home import AddPihole, Home

pytestmark = pytest.mark.usefixtures("unlimited_logins")


async def compare(home: Home, **data: object) -> dict[str, Any]:
    return await home.call("compare", config_entry_id=home.entry.entry_id, **data)


async def backup(home: Home) -> str:
    [record] = await home.back_up(config_entry_id=home.entry.entry_id)
    return str(record["id"])


async def test_two_backups_are_compared_from_the_older_to_the_newer(
    home: Home, sim: Simulator
) -> None:
    older = await backup(home)
    sim.pihole.add_adlist("https://lists.example.org/phishing.txt")
    sim.pihole.clients.pop()
    sim.pihole.settings["dns.blockTTL"] = 60
    newer = await backup(home)
    files = home.files

    answer = await compare(home, backup_id=older, other_backup_id=newer)

    assert answer["summary"] == [
        "1 list added: https://lists.example.org/phishing.txt.",
        "1 client removed: 192.168.1.60.",
        "dns.blockTTL changed from 2 to 60.",
    ]
    changes = {
        name: [{key: value for key, value in each.items() if key != "id"} for each in some]
        for name, some in answer["changes"].items()
    }
    assert changes["lists"] == [
        {"change": "added", "item": "https://lists.example.org/phishing.txt", "kind": "block"}
    ]
    assert changes["settings"] == [
        {"change": "changed", "item": "dns.blockTTL", "old": 2, "new": 60}
    ]
    assert changes["domains"] == []
    assert answer["from"]["backup_id"] == older
    assert answer == await compare(home, backup_id=newer, other_backup_id=older)
    assert home.files == files


async def test_a_backup_is_compared_with_the_pihole_as_a_restore_would_change_it(
    home: Home, sim: Simulator
) -> None:
    stored = await backup(home)
    sim.pihole.add_domain("metrics.example.net")
    files, events = home.files, home.state("backup")

    answer = await compare(home, backup_id=stored)

    assert answer["summary"] == ["1 domain removed: metrics.example.net (denied)."]
    assert answer["from"] == {"config_entry_id": home.entry.entry_id, "backup_id": None}
    assert (home.files, home.count, home.state("backup")) == (files, 1, events)
    assert sim.sessions == []


async def test_nothing_different_is_said_in_words(home: Home) -> None:
    stored = await backup(home)

    answer = await compare(home, backup_id=stored)

    assert answer["summary"] == ["No differences."]
    assert not any(answer["changes"].values())


async def test_two_piholes_are_compared_as_they_are_now(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    async with Simulator(password="") as other:
        attic = await add_pihole(other.url, password="", folder="attic", title="Attic")
        other.pihole.add_client("192.168.1.99")

        answer = await compare(home, other_config_entry_id=attic.entry.entry_id)

        assert "1 client added: 192.168.1.99." in answer["summary"]
        assert "webserver.api.pwhash changed." in answer["summary"]
        stored = await backup(home)
        sim.pihole.add_client("192.168.1.98")
        answer = await compare(home, backup_id=stored, other_config_entry_id=attic.entry.entry_id)
        assert "1 client added: 192.168.1.99." in answer["summary"]
    assert (home.count, attic.count) == (1, 0)
    assert not [secret for secret in (*sim.secrets, *other.secrets) if secret in repr(answer)]


async def test_a_comparison_needs_two_sides(home: Home) -> None:
    stored = await backup(home)

    with pytest.raises(ServiceValidationError, match="nothing to compare"):
        await compare(home)
    with pytest.raises(vol.Invalid):
        await compare(
            home,
            backup_id=stored,
            other_backup_id=stored,
            other_config_entry_id=home.entry.entry_id,
        )
    with pytest.raises(HomeAssistantError, match="no backup with the ID 0a1b2c"):
        await compare(home, backup_id="0a1b2c")
    with pytest.raises(HomeAssistantError, match="no backup with the ID 0a1b2c"):
        await compare(home, backup_id=stored, other_backup_id="0a1b2c")


async def test_a_damaged_backup_is_not_compared_and_becomes_known(home: Home) -> None:
    stored = await backup(home)
    [archive] = home.archives
    archive.write_bytes(bytes(archive.stat().st_size))

    with pytest.raises(HomeAssistantError, match=f"{stored} is damaged or missing"):
        await compare(home, backup_id=stored)

    assert home.count == 0
    assert home.state("backup").attributes["event_type"] == "damaged"


async def test_a_pihole_that_cannot_be_compared_is_reported_and_leaves_nothing(
    home: Home, sim: Simulator
) -> None:
    stored = await backup(home)
    files = home.files
    sim.faults.next("export", faults.replace(b"PK\x03\x04 and no more"))

    with pytest.raises(HomeAssistantError, match="incomplete or damaged zip"):
        await compare(home, backup_id=stored)

    assert home.files == files
    assert sim.sessions == []
    sim.change_credentials(Credentials(password="another"))
    with pytest.raises(HomeAssistantError, match="rejected the password"):
        await compare(home, backup_id=stored)
    assert [flow["context"]["source"] for flow in home.hass.config_entries.flow.async_progress()]
    await sim.stop()
    with pytest.raises(HomeAssistantError, match="Can't connect to"):
        await compare(home, backup_id=stored)
    assert home.state("reachable").state == "off"
    await sim.start()


async def test_unloading_ends_a_comparison_and_its_session(home: Home, sim: Simulator) -> None:
    stored = await backup(home)
    gate, comparison = await held(sim, "export", compare(home, backup_id=stored))

    unload = home.hass.async_create_task(home.hass.config_entries.async_unload(home.entry.entry_id))
    with pytest.raises(HomeAssistantError, match="was stopped"):
        await comparison
    await unload

    gate.open()
    assert sim.sessions == []
    assert not list(home.folder.glob(".staging/*"))


async def test_only_administrators_compare(home: Home, hass_read_only_user: User) -> None:
    with pytest.raises(Unauthorized):
        await home.hass.services.async_call(
            "pihole_checkpoint",
            "compare",
            {"config_entry_id": home.entry.entry_id, "backup_id": "0a1b2c3d4e5f"},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )
