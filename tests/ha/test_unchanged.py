"""A Pi-hole on which nothing changes does not pile up equal backups."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.pihole_checkpoint.diagnostics import async_get_config_entry_diagnostics
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.options import SECTION_BACKUP
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from pihole_simulator import Simulator
from tests.support.holding import held
from tests.support.home import Home

pytestmark = pytest.mark.usefixtures("unlimited_logins")


async def scheduled(home: Home, trigger: BackupTrigger = BackupTrigger.SCHEDULE) -> None:
    await home.entry.runtime_data.manager.async_back_up(trigger)
    await home.hass.async_block_till_done()


def happened(home: Home) -> dict[str, Any]:
    return dict(home.state("backup").attributes)


@pytest.mark.parametrize("trigger", [BackupTrigger.SCHEDULE, BackupTrigger.HA_BACKUP])
async def test_a_backup_that_comes_by_itself_only_confirms_when_nothing_has_changed(
    home: Home, sim: Simulator, trigger: BackupTrigger, freezer: FrozenDateTimeFactory
) -> None:
    await home.press()
    [archive] = home.archives
    stored_at, before = home.last_backup, home.files
    freezer.tick(timedelta(days=1))
    sim.pihole.renew_leases(expires=2_000_000_000)
    sim.pihole.update_gravity(at=1_990_000_000)

    await scheduled(home, trigger)

    assert (home.archives, home.files, home.count) == ([archive], before, 1)
    assert home.last_backup is not None
    assert stored_at is not None
    assert datetime.fromisoformat(home.last_backup) - datetime.fromisoformat(stored_at) > (
        timedelta(hours=23)
    )
    assert home.state("last_backup").attributes["stored_at"] != home.last_backup
    assert happened(home)["event_type"] == "unchanged"
    assert happened(home)["filename"] == archive.name
    assert home.state("last_attempt").state == "completed"
    assert sim.sessions == []
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    [record] = await home.backups()
    assert record["confirmed_at"] is not None


async def test_a_backup_that_is_confirmed_and_its_end_are_shown_together(
    home: Home, freezer: FrozenDateTimeFactory
) -> None:
    await home.press()
    freezer.tick(timedelta(days=1))
    last_backup = home.entity_id("last_backup")
    attempts: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] == last_backup:
            home.hass.loop.call_soon(lambda: attempts.append(home.state("last_attempt").state))

    home.hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    await scheduled(home)

    assert attempts == ["completed"]
    assert len(home.files) == 2, "nothing is left of what was not stored"


async def test_a_change_is_stored_and_reported(home: Home, sim: Simulator) -> None:
    await home.press()
    assert happened(home)["changes"] is None, "there was nothing before"
    sim.pihole.add_domain("metrics.example.net")
    sim.pihole.adlists[0].enabled = False

    await scheduled(home)

    assert home.count == 2
    assert happened(home)["event_type"] == "completed"
    assert happened(home)["changes"] == "1 list disabled, 1 domain added"
    assert home.state("last_change").state == home.last_backup
    assert home.state("last_change").attributes["summary"] == [
        "1 list disabled: https://lists.example.org/ads.txt.",
        "1 domain added: metrics.example.net (denied).",
    ]
    newest, first = await home.backups()
    assert (newest["changes"], first["changes"]) == ("1 list disabled, 1 domain added", None)
    assert newest["contents"]["domains"] == first["contents"]["domains"] + 1
    assert home.state("last_backup").attributes["denied_domains"] == 2


async def test_an_explicit_request_stores_a_backup(home: Home) -> None:
    await home.press()
    await home.press()
    await home.back_up()

    assert home.count == 3
    assert happened(home)["changes"] == ""


async def test_an_explicit_request_while_a_scheduled_backup_runs_stores_one(
    home: Home, sim: Simulator
) -> None:
    await home.press()
    gate, by_itself = await held(sim, "export", scheduled(home))
    presses = [home.hass.async_create_task(home.press()) for _ in range(3)]
    gate.open()
    for press in presses:
        await press
    await by_itself

    assert home.count == 2, "one for all three"
    assert sim.logins == 3


async def test_with_the_option_off_all_is_stored(home: Home) -> None:
    await home.choose(**{SECTION_BACKUP: {"skip_unchanged": False}})

    await home.press()
    await scheduled(home)

    assert home.count == 2


async def test_the_last_change_stays_when_only_a_lease_changes(home: Home, sim: Simulator) -> None:
    await home.press()
    assert home.state("last_change").state == "unknown"
    sim.pihole.hosts.append("192.168.1.12 scanner.lan")
    await home.press()
    changed = home.state("last_change")
    assert sim.pihole.leases is not None

    sim.pihole.leases.pop()
    await home.press()
    await home.press()
    await home.hass.config_entries.async_reload(home.entry.entry_id)

    assert home.state("last_change").state == changed.state
    assert home.state("last_change").attributes["summary"] == [
        "1 DNS host added: 192.168.1.12 scanner.lan."
    ]
    assert home.count == 4


async def test_a_damaged_backup_is_not_confirmed_but_replaced(home: Home) -> None:
    await home.press()
    [archive] = home.archives
    archive.write_bytes(bytes(archive.stat().st_size))
    events: list[str] = []

    @callback
    def note(event: Event) -> None:
        events.append(event.data["type"])

    home.hass.bus.async_listen("pihole_checkpoint_backup", note)
    await scheduled(home)

    assert home.count == 1
    assert len(home.archives) == 2
    assert events == ["damaged", "completed"]


async def test_diagnostics_have_counts_and_no_names(
    hass: HomeAssistant, home: Home, sim: Simulator
) -> None:
    await home.press()
    sim.pihole.add_domain("metrics.example.net")
    await home.press()

    diagnostics = await async_get_config_entry_diagnostics(hass, home.entry)

    assert [backup["counts"]["domains"] for backup in diagnostics["backups"]["newest"]] == [5, 4]
    assert "metrics.example.net" not in repr(diagnostics)
