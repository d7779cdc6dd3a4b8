import asyncio
from datetime import date
from errno import EPERM
import os
from pathlib import Path
import threading
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
import voluptuous as vol

from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from custom_components.pihole_checkpoint.engine.errors import StorageNotWritable
from custom_components.pihole_checkpoint.engine.models import BackupRecord
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents
from custom_components.pihole_checkpoint.options import SECTION_RETENTION
from homeassistant.auth.models import User
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from pihole_simulator import Simulator, build_archive
from tests.support.holding import held_in_reading
from tests.support.home import AddPihole, Home

pytestmark = pytest.mark.usefixtures("unlimited_logins")

FEW = {"last": 2, "daily": 0, "weekly": 0, "monthly": 0, "yearly": 0, "manual": 0, "max_age": 0}


async def keep_few(home: Home) -> None:
    await home.choose(**{SECTION_RETENTION: FEW})


def one(home: Home, record: dict[str, Any]) -> dict[str, str]:
    return {"config_entry_id": home.entry.entry_id, "backup_id": record["id"]}


async def test_list_gives_all_records_newest_first(home: Home) -> None:
    made = [(await home.back_up())[0] for _ in range(3)]

    assert await home.backups() == made[::-1]
    assert (await home.call("list", config_entry_id=home.entry.entry_id))["backups"] == made[::-1]


async def test_list_brings_several_piholes_into_one_order(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    first = await home.back_up(config_entry_id=home.entry.entry_id)
    second = await home.back_up(config_entry_id=attic.entry.entry_id)
    third = await home.back_up(config_entry_id=home.entry.entry_id)

    assert await home.backups() == [*third, *second, *first]


async def test_delete_removes_one_backup_and_no_other(home: Home) -> None:
    [drop], [keep] = await home.back_up(), await home.back_up()

    answer = await home.call("delete", **one(home, drop))

    assert answer == {"backups": [drop]}
    assert home.count == 1
    assert await home.backups() == [keep]
    assert len(home.files) == 2


async def test_an_unknown_backup_is_reported(home: Home) -> None:
    for service in ("delete", "update", "verify"):
        with pytest.raises(HomeAssistantError, match="no backup with the ID 0a1b2c"):
            await home.call(service, **one(home, {"id": "0a1b2c"}))


async def test_update_pins_and_notes_and_a_restart_remembers(home: Home) -> None:
    [record] = await home.back_up()

    await home.call("update", **one(home, record), pinned=True, note="before the move")
    [changed] = (await home.call("update", **one(home, record), note="after it"))["backups"]

    assert changed == record | {"pinned": True, "note": "after it"}
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    assert await home.backups() == [changed]


async def test_prune_deletes_nothing_unless_it_is_asked_to(home: Home) -> None:
    made = [(await home.back_up())[0] for _ in range(4)]
    await keep_few(home)
    await home.call("update", **one(home, made[0]), pinned=True)

    planned = await home.call("prune")
    assert planned["dry_run"] is True
    [pihole] = planned["piholes"]
    assert [(item["id"], item["kept_for"]) for item in pihole["kept"]] == [
        (made[3]["id"], ["last", "newest_good"]),
        (made[2]["id"], ["last"]),
        (made[0]["id"], ["pinned"]),
    ]
    assert [element["id"] for element in pihole["removed"]] == [made[1]["id"]]
    assert home.count == 4

    done = await home.call("prune", dry_run=False)
    assert done["piholes"] == planned["piholes"]
    assert home.count == 3
    assert (await home.call("prune"))["piholes"][0]["removed"] == []


async def test_old_backups_go_by_the_rules_after_each_backup(home: Home) -> None:
    await keep_few(home)

    made = [(await home.back_up())[0]["id"] for _ in range(4)]

    assert home.count == 2
    assert [backup["id"] for backup in await home.backups()] == made[:1:-1]
    assert len(home.files) == 4


async def test_archives_that_the_user_put_into_the_folder_stay_until_the_user_deletes_them(
    home: Home, sim: Simulator
) -> None:
    await keep_few(home)
    for day in range(1, 7):
        path = home.folder / f"pi-hole_pihole_teleporter_2025-03-0{day}_03-24-15_UTC.zip"
        sim.pihole.hosts.append(f"192.168.1.{100 + day} host{day}.lan")
        path.write_bytes(build_archive(sim.pihole, sim.clock.datetime()))
        os.utime(path, (1, 1))
    await home.poll()
    assert home.count == 6

    made = [(await home.back_up())[0]["id"] for _ in range(4)]

    assert home.count == 8
    [pihole] = (await home.call("prune"))["piholes"]
    kept = {item["id"]: item["kept_for"] for item in pihole["kept"]}
    assert [kept.pop(element) for element in made[2:]] == [["last"], ["last", "newest_good"]]
    assert list(kept.values()) == [["adopted"]] * 6
    for backup_id in kept:
        await home.call("delete", **one(home, {"id": backup_id}))
    assert home.count == 2


async def test_a_backup_stands_although_the_old_ones_cannot_be_deleted(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await keep_few(home)

    def stuck(*_args: object) -> None:
        raise StorageNotWritable(folder="there")

    monkeypatch.setattr(Folder, "delete", stuck)
    await home.press()
    await home.press()
    await home.press()

    assert home.count == 3
    assert "could not delete old backups" in caplog.text


async def test_a_prune_that_breaks_off_reports_what_it_deleted(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [str((await home.back_up())[0]["id"]) for _ in range(4)]
    await keep_few(home)
    events = async_capture_events(home.hass, EVENT_BACKUP)
    unlink = Path.unlink

    def stuck(path: Path, *, missing_ok: bool = False) -> None:
        if made[0] in path.name:
            raise PermissionError(EPERM, "no", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", stuck)
    with pytest.raises(HomeAssistantError):
        await home.call("prune", dry_run=False)

    assert [(event.data["type"], event.data["backup_id"]) for event in events] == [
        ("deleted", made[1])
    ]
    assert home.count == 3


async def test_verify_finds_a_damaged_archive_and_a_missing_one(home: Home) -> None:
    made = [(await home.back_up())[0] for _ in range(3)]
    assert {backup["status"] for backup in (await home.call("verify"))["backups"]} == {"good"}
    path = home.folder / str(made[1]["filename"])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (home.folder / str(made[2]["filename"])).unlink()

    found = (await home.call("verify"))["backups"]

    assert [item["status"] for item in found] == ["missing", "damaged", "good"]
    assert home.count == 1
    [again] = (await home.call("verify", **one(home, made[0])))["backups"]
    assert again == made[0]


async def test_an_unload_ends_reading_all_archives_again_after_the_one_being_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await home.back_up()
    read: list[str] = []
    is_reading, go_on = asyncio.Event(), threading.Event()
    reading = Folder.read

    def held(folder: Folder, record: BackupRecord) -> tuple[BackupRecord, Contents | None]:
        read.append(record.id)
        home.hass.loop.call_soon_threadsafe(is_reading.set)
        go_on.wait(10)
        return reading(folder, record)

    monkeypatch.setattr(Folder, "read", held)
    verify = asyncio.ensure_future(home.call("verify"))
    await is_reading.wait()
    unload = asyncio.ensure_future(home.hass.config_entries.async_unload(home.entry.entry_id))
    await asyncio.sleep(0)
    go_on.set()

    assert await unload
    with pytest.raises(HomeAssistantError, match="was stopped"):
        await verify
    assert len(read) == 1


async def test_a_reload_waits_for_the_archive_that_is_being_read_and_damages_none(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.back_up()
    go_on, verify = await held_in_reading(monkeypatch, home.call("verify"))
    reload = asyncio.ensure_future(home.reload())
    await asyncio.wait([reload], timeout=0.3)  # enough, if it did not wait
    go_on.set()
    await reload

    assert [backup["status"] for backup in (await verify)["backups"]] == ["good"]
    assert home.count == 1


@pytest.mark.parametrize("service", ["delete", "prune", "update", "verify"])
async def test_what_changes_or_destroys_takes_an_administrator(
    home: Home, hass_read_only_user: User, service: str
) -> None:
    [record] = await home.back_up()
    data = one(home, record) if service != "prune" else {"dry_run": False}

    with pytest.raises(Unauthorized):
        await home.hass.services.async_call(
            DOMAIN, service, data, blocking=True, context=Context(user_id=hass_read_only_user.id)
        )
    assert home.count == 1


async def test_changes_of_one_backup_at_the_same_moment_do_not_undo_each_other(home: Home) -> None:
    [record] = await home.back_up()

    await asyncio.gather(
        home.call("update", **one(home, record), pinned=True),
        home.call("update", **one(home, record), note="kept"),
        home.call("verify", **one(home, record)),
    )

    [changed] = await home.backups()
    assert (changed["pinned"], changed["note"]) == (True, "kept")


async def test_a_backup_that_is_deleted_twice_at_once_is_reported_as_gone(home: Home) -> None:
    [record] = await home.back_up()

    results = await asyncio.gather(
        home.call("delete", **one(home, record)),
        home.call("delete", **one(home, record)),
        home.call("update", **one(home, record), note="too late"),
        home.call("verify"),
        return_exceptions=True,
    )

    assert [getattr(item, "translation_key", "") for item in results] == [
        "",
        "backup_not_found",
        "backup_not_found",
        "",
    ]
    # The caller is at fault, so nothing is logged.
    assert all(isinstance(element, ServiceValidationError) for element in results[1:3])
    assert home.files == set()


async def test_an_empty_choice_of_piholes_is_refused(home: Home) -> None:
    with pytest.raises(Exception, match="length"):
        await home.back_up(config_entry_id=[])


async def test_a_cut_archive_stops_counting_at_the_next_look(home: Home) -> None:
    await home.press()
    os.truncate(home.archives[0], 100)

    await home.poll()

    assert home.count == 0


async def test_of_very_many_changes_all_are_counted_but_a_record_keeps_only_some(
    home: Home, sim: Simulator
) -> None:
    [before] = await home.back_up()
    for number in range(2000):
        sim.pihole.add_domain(f"domain-{number}.example.com")

    [after] = await home.back_up()

    [_, archive] = home.archives
    assert after["changes"] == "2000 domains added"
    assert archive.with_suffix(".json").stat().st_size < 32_000
    compared = await home.call(
        "compare",
        config_entry_id=home.entry.entry_id,
        backup_id=before["id"],
        other_backup_id=after["id"],
    )
    assert len(compared["changes"]["domains"]) == 2000
    await home.reload()
    assert (await home.backups())[0]["changes"] == "2000 domains added"


# Which backup -------------------------------------------------------------------------------------


async def test_every_action_takes_the_latest_the_previous_a_date_and_a_file_name(
    home: Home, sim: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    await home.hass.config.async_set_time_zone("Pacific/Auckland")
    freezer.move_to("2026-01-19 10:30:00Z")  # 23:30 there
    [previous] = await home.back_up()
    sim.pihole.hosts.append("192.168.1.77 new.lan")
    freezer.move_to("2026-01-19 11:30:00Z")  # 00:30 of the 20th
    [latest] = await home.back_up()
    entry = {"config_entry_id": home.entry.entry_id}

    for wanted, meant in (
        ("latest", latest),
        ("previous", previous),
        ("2026-01-19", previous),
        (date(2026, 1, 20), latest),  # as YAML reads it
        (previous["filename"], previous),
    ):
        one_backup = entry | {"backup_id": wanted}
        [verified] = (await home.call("verify", **one_backup))["backups"]
        [updated] = (await home.call("update", **one_backup, note="seen"))["backups"]
        compared = await home.call("compare", **one_backup)
        restored = await home.call("restore", **one_backup, dry_run=True)
        assert verified["id"] == updated["id"] == meant["id"]
        assert compared["to"]["backup_id"] == restored["backup_id"] == meant["id"]

    between = await home.call("compare", **entry, backup_id="latest", other_backup_id="previous")
    assert between["from"]["backup_id"] == previous["id"]
    assert between["to"]["backup_id"] == latest["id"]
    assert home.state("last_backup").attributes["backup_id"] == latest["id"]


async def test_the_latest_is_verified_on_each_pihole(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    await add_pihole(sim.url, folder="attic", title="Attic")
    made = await home.back_up()

    verified = (await home.call("verify", backup_id="latest"))["backups"]

    assert {record["id"] for record in verified} == {record["id"] for record in made}


async def test_a_backup_is_deleted_by_its_file_name_but_never_as_the_latest(home: Home) -> None:
    [drop], [keep] = await home.back_up(), await home.back_up()

    for wanted in ("latest", "previous", str(keep["created_at"])[:10]):
        with pytest.raises(ServiceValidationError, match=f"no backup with the ID {wanted}"):
            await home.call("delete", **one(home, {"id": wanted}))
    await home.call("delete", **one(home, {"id": drop["filename"]}))

    assert await home.backups() == [keep]


async def test_it_is_said_which_backup_there_is_not(home: Home) -> None:
    for wanted in ("latest", "previous", "2020-01-01"):
        with pytest.raises(ServiceValidationError, match=f"has no backup for {wanted}") as caught:
            await home.call("restore", **one(home, {"id": wanted}))
        assert caught.value.translation_key == "no_backup_for"


async def test_a_folder_that_cannot_be_read_is_not_said_to_have_no_latest_backup(
    home: Home,
) -> None:
    await home.back_up()
    away = home.folder.rename(home.folder.with_name("away"))
    await home.reload()

    with pytest.raises(HomeAssistantError) as caught:
        await home.call("verify", **one(home, {"id": "latest"}))

    assert caught.value.translation_key == "storage_missing"
    away.rename(home.folder)


async def test_an_id_of_digits_that_a_template_made_a_number_of_is_still_an_id(home: Home) -> None:
    for wanted in (123456789012, "123456789012"):
        with pytest.raises(ServiceValidationError, match="no backup with the ID 123456789012"):
            await home.call("update", **one(home, {"id": wanted}))
    for wrong in (True, 1.5, ["latest"], None):
        with pytest.raises(vol.Invalid, match="the ID or the file name"):
            await home.call("update", **one(home, {"id": wrong}))
