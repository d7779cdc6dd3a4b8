import asyncio
from dataclasses import asdict, replace
from datetime import UTC, datetime
import gc
import hashlib
import io
import json
import os
import stat
import zipfile
from zoneinfo import ZoneInfo

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupRecord
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.repository import catching_up
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    EVENT_STATE_REPORTED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import (
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pihole_simulator import Fault, Simulator, Versions, build_archive, faults
from tests.support.example import COUNTS
from tests.support.holding import held
from tests.support.home import AddPihole, Home
from tests.support.passwords import PASSWORD


async def test_a_press_stores_a_backup_and_changes_the_sensors_before_it_is_over(
    home: Home, sim: Simulator
) -> None:
    assert (home.count, home.last_backup) == (0, None)
    before = datetime.now(UTC).replace(microsecond=0)

    await home.press()

    assert home.count == 1
    assert home.last_backup is not None
    assert before <= datetime.fromisoformat(home.last_backup) <= datetime.now(UTC)
    assert len(home.archives) == 1
    assert sim.sessions == []
    assert sim.logins == 1


async def test_the_archive_is_stored_byte_for_byte_as_it_was_sent(
    home: Home, sim: Simulator
) -> None:
    sent = build_archive(sim.pihole, sim.clock.datetime())
    sim.faults.next("export", faults.replace(sent))

    [record] = await home.back_up()

    assert home.archives[0].read_bytes() == sent
    assert record["sha256"] == hashlib.sha256(sent).hexdigest()
    assert record["file_size"] == len(sent)


async def test_every_state_that_shows_a_backup_has_its_archive_on_the_disk(home: Home) -> None:
    seen: list[int] = []

    def look(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] == home.entity_id("backup_count"):
            seen.append(len(home.archives))

    home.hass.bus.async_listen("state_changed", look)
    await home.press()
    await home.press()
    await home.hass.async_block_till_done()

    assert seen == [1, 2]


async def test_archives_and_records_are_for_the_owner_alone(home: Home) -> None:
    await home.press()

    assert stat.S_IMODE(home.folder.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    files = [path for path in home.folder.iterdir() if path.is_file()]
    assert len(files) == 3, "an archive, its record, and the ID of the folder"
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


async def test_a_second_press_while_one_runs_gets_the_first_ones_backup(
    home: Home, sim: Simulator
) -> None:
    gate, first = await held(sim, "export", home.back_up())
    second = home.hass.async_create_task(home.back_up())
    pressed = home.hass.async_create_task(home.press())
    await asyncio.sleep(0)
    gate.open()

    assert await first == await second
    await pressed
    assert home.count == 1
    assert sim.logins == 1


async def test_two_presses_at_once_make_one_backup(home: Home, sim: Simulator) -> None:
    gate = faults.gate()
    sim.faults.next("export", gate)
    presses = [home.hass.async_create_task(home.press()) for _ in range(2)]
    await gate.reached.wait()
    gate.open()
    await asyncio.gather(*presses)

    assert home.count == 1
    assert sim.logins == 1


async def test_a_poll_that_is_under_way_ends_quietly_when_the_entry_is_unloaded(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    gate, poll = await held(sim, "probe", home.entry.runtime_data.async_refresh())

    await home.hass.config_entries.async_unload(home.entry.entry_id)
    gate.open()
    await poll

    assert "Unexpected error" not in caplog.text


async def test_one_who_stops_waiting_takes_the_backup_from_nobody_else(
    home: Home, sim: Simulator
) -> None:
    gate, impatient = await held(sim, "export", home.press())
    patient = asyncio.ensure_future(home.back_up())
    await asyncio.sleep(0)
    impatient.cancel()
    gate.open()

    assert len(await patient) == 1
    assert home.count == 1
    assert sim.sessions == []


async def test_a_backup_that_fails_when_nobody_waits_any_more_is_no_error_in_the_log(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    gate = faults.gate()
    sim.faults.next("login", gate)
    sim.faults.next("export", faults.html())
    impatient = asyncio.ensure_future(home.press())
    await gate.reached.wait()
    impatient.cancel()
    await asyncio.wait([impatient])
    gate.open()
    with pytest.raises(HomeAssistantError):
        await home.back_up()
    gc.collect()

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_backup_works_with_the_main_password_and_without_any(
    hass: HomeAssistant, add_pihole: AddPihole, sim: Simulator
) -> None:
    home = await add_pihole(sim.url, password=PASSWORD)
    await home.press()
    async with Simulator(password="") as open_sim:
        await home.move_to(open_sim.url)
        await home.press()

    assert home.count == 2
    assert not any(request.method == "DELETE" for request in open_sim.requests)


async def test_a_single_false_wrong_password_is_tried_again(home: Home, sim: Simulator) -> None:
    def others_are_busy() -> None:
        sim.auth.login_attempts_per_second = 1  # is left of this second, and it takes two

    def others_are_done() -> None:
        sim.auth.login_attempts_per_second = 3
        sim.clock.advance(1)

    sim.clock.stop()
    sim.faults.next("login", faults.call(others_are_busy))
    sim.faults.next("login", faults.call(others_are_done))

    await home.press()

    assert home.count == 1
    assert sum(request.is_login for request in sim.requests) == 2


async def test_a_rate_limit_that_passes_is_waited_for(home: Home, sim: Simulator) -> None:
    sim.faults.next("login", faults.error(429, "rate_limiting", "Rate-limiting login attempts"))

    await home.press()

    assert home.count == 1


async def test_versions_that_the_pihole_does_not_know_do_not_fail_the_backup(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    sim.pihole.versions = None
    await home.poll()
    sim.requests.clear()

    await home.press()

    assert home.count == 1
    assert sim.sessions == []
    assert "Could not close the session" not in caplog.text
    assert sum(request.method == "DELETE" for request in sim.requests) == 1


async def test_a_session_that_cannot_be_closed_does_not_fail_the_backup(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, closing=0.2, closing_retry=0.01))
    sim.faults.always("logout", faults.drop())

    await home.press()
    await asyncio.sleep(0.3)

    assert home.count == 1
    assert "Could not close the session" in caplog.text
    assert not sim.secrets & set(caplog.text.split())


@pytest.mark.parametrize(
    "fault",
    [faults.hang(), faults.html("Bad Gateway", 502), faults.error(500, "internal_error", "No")],
    ids=["silence", "a proxy", "an error"],
)
async def test_a_session_that_is_not_closed_at_once_is_closed_at_the_second_try(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    sim.faults.next("logout", fault)

    await home.press()

    assert sim.sessions == []
    assert "Could not close the session" not in caplog.text


async def test_a_session_that_was_closed_already_is_no_reason_to_warn(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    sim.faults.next("logout", faults.drop_answer())  # so it is asked for once more

    await home.press()

    assert sum(request.method == "DELETE" for request in sim.requests) == 2
    assert "Could not close the session" not in caplog.text


async def test_every_request_has_a_connection_of_its_own(home: Home, sim: Simulator) -> None:
    """A kept one costs 44 ms a request, and can have the rest of another answer on it."""
    await home.press()
    await home.poll()

    ports = [request.remote_port for request in sim.requests]
    assert len(ports) > 4
    assert len(set(ports)) == len(ports)


async def test_with_the_pihole_down_the_sensors_show_what_is_stored(
    home: Home, sim: Simulator
) -> None:
    await home.press()
    shown = home.last_backup
    await sim.stop()

    await home.poll()
    assert (home.count, home.last_backup) == (1, shown)

    await home.reload()
    assert (home.count, home.last_backup) == (1, shown)

    with pytest.raises(HomeAssistantError, match="Can't connect to"):
        await home.press()
    await sim.start()
    await home.press()
    assert home.count == 2


async def test_going_away_and_coming_back_are_logged_once(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    def levels(message: str) -> list[str]:
        return [
            record.levelname for record in caplog.records if record.getMessage().startswith(message)
        ]

    await sim.stop()
    await home.poll()
    await home.poll()
    assert levels("Kitchen is not reachable") == ["INFO"]
    await sim.start()
    await home.poll()
    await home.poll()
    assert levels("Kitchen is reachable again") == ["INFO"]


async def test_looking_at_the_pihole_costs_no_login(home: Home, sim: Simulator) -> None:
    await home.poll()

    assert sim.logins == 0
    assert {(request.method, request.path) for request in sim.requests} == {("GET", "/api/auth")}


async def test_backups_that_come_and_go_by_hand_are_noticed(home: Home) -> None:
    await home.press()
    await home.press()
    newest = home.archives[-1]
    elsewhere = newest.rename(home.folder.parent / newest.name)
    await home.poll()
    assert home.count == 1

    elsewhere.rename(newest)
    await home.poll()
    assert home.count == 2


async def test_backups_are_gone_through_again_when_there_is_another_or_one_was_left(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.press()
    await home.poll()
    done: list[Folder] = []

    def note(folder: Folder, *_: object, **__: object) -> bool:
        done.append(folder)
        return False

    monkeypatch.setattr(catching_up, "backfill_changes", note)

    await home.poll()
    assert not done, "it is known that nothing is left"

    await home.press()
    await home.poll()
    await home.poll()
    assert len(done) == 2, "the first of them did not end it"


async def test_a_store_that_is_away_is_an_error_and_not_an_empty_store(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    await home.press()
    away = home.folder.rename(home.folder.parent / "away")

    await home.poll()
    assert home.state("backup_count").state == STATE_UNKNOWN
    assert str(home.folder) in caplog.text
    with pytest.raises(HomeAssistantError, match="is missing"):
        await home.press()
    assert home.state("backup_count").state == STATE_UNKNOWN
    assert not home.folder.exists()

    away.rename(home.folder)
    await home.press()
    assert home.count == 2


async def test_the_button_can_be_pressed_to_learn_what_is_wrong(home: Home) -> None:
    away = home.folder.rename(home.folder.parent / "away")
    await home.poll()

    assert home.state("backup_now").state != STATE_UNAVAILABLE
    away.rename(home.folder)


async def test_the_service_answers_with_the_whole_record(home: Home, sim: Simulator) -> None:
    await home.hass.config.async_set_time_zone("America/St_Johns")

    [record] = await home.back_up(config_entry_id=home.entry.entry_id)

    [archive] = home.archives
    created_at = datetime.fromisoformat(str(record.pop("created_at")))
    assert created_at.utcoffset() == datetime.now(UTC).utcoffset()
    assert record.pop("created_at_display") == created_at.astimezone(
        ZoneInfo("America/St_Johns")
    ).strftime("%b %d, %Y %H:%M")
    duration = record.pop("duration")
    assert isinstance(duration, float)
    assert 0 < duration < 60
    assert len(str(record.pop("id"))) == 12
    assert record == {
        "config_entry_id": home.entry.entry_id,
        "filename": archive.name,
        "file_size": archive.stat().st_size,
        "status": "good",
        "is_manual": True,
        "trigger": "service",
        "pinned": False,
        "note": "",
        "confirmed_at": None,
        "contents": asdict(COUNTS),
        "changes": None,
        "headline": None,
        "compared": "first",
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
    }
    json.dumps(record)


async def test_the_service_works_without_an_answer(home: Home) -> None:
    await home.hass.services.async_call(DOMAIN, "backup", blocking=True)

    assert home.count == 1


async def test_the_service_backs_up_every_pihole_side_by_side(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    async with Simulator(password=PASSWORD) as other:
        attic = await add_pihole(other.url, password=PASSWORD, folder="attic", title="Attic")
        gates = faults.gate(), faults.gate()
        sim.faults.next("export", gates[0])
        other.faults.next("export", gates[1])
        call = home.hass.async_create_task(home.back_up())
        await gates[0].reached.wait()
        await gates[1].reached.wait()  # both at once: none waited for the other
        for gate in gates:
            gate.open()
        records = await call

    assert {record["config_entry_id"] for record in records} == {
        home.entry.entry_id,
        attic.entry.entry_id,
    }
    assert (home.count, attic.count) == (1, 1)


async def test_those_that_fail_are_named_and_the_others_are_stored(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    async with Simulator(password=PASSWORD) as other:
        attic = await add_pihole(other.url, password="wrong", folder="attic", title="Attic")
        with pytest.raises(HomeAssistantError) as raised:
            await home.back_up()

    assert raised.value.translation_key == "some_failed"
    assert "1 of 2" in str(raised.value)
    assert "Attic: The Pi-hole rejected the password" in str(raised.value)
    assert "Kitchen" not in str(raised.value)
    assert (home.count, attic.count) == (1, 0)


async def test_when_all_fail_the_sentence_does_not_say_that_others_are_stored(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    await sim.stop()
    await add_pihole(sim.url, folder="attic", title="Attic")

    with pytest.raises(HomeAssistantError, match=r"for all 2.*Kitchen: .*\. Attic: .*\."):
        await home.back_up()


async def test_a_pihole_that_is_not_loaded_counts_as_failed(
    home: Home, add_pihole: AddPihole
) -> None:
    attic = await add_pihole("http://127.0.0.1:9", folder="attic", title="Attic")
    await home.hass.config_entries.async_unload(attic.entry.entry_id)

    with pytest.raises(HomeAssistantError, match=r"(?s)1 of 2.*Attic"):
        await home.back_up()
    assert home.count == 1


@pytest.mark.parametrize("asked", ["unknown", ["unknown"]])
async def test_an_unknown_pihole_is_refused(home: Home, asked: object) -> None:
    with pytest.raises(HomeAssistantError) as raised:
        await home.back_up(config_entry_id=asked)

    assert raised.value.translation_key == "service_config_entry_not_found"
    assert home.count == 0


async def test_one_pihole_named_twice_is_backed_up_once(home: Home) -> None:
    assert len(await home.back_up(config_entry_id=[home.entry.entry_id] * 2)) == 1
    assert home.count == 1


async def test_without_any_pihole_the_service_says_so(home: Home) -> None:
    await home.hass.config_entries.async_remove(home.entry.entry_id)

    with pytest.raises(HomeAssistantError, match="No Pi-hole is set up"):
        await home.back_up()


async def test_entities_are_named_and_classed_and_sit_on_one_service_device(
    home: Home, sim: Simulator, device_registry: dr.DeviceRegistry
) -> None:
    registry = er.async_get(home.hass)
    entries = er.async_entries_for_config_entry(registry, home.entry.entry_id)

    assert {"backup_now", "last_backup", "backup_count"} <= {
        entry.translation_key for entry in entries
    }
    assert {home.state(key).name for key in ("backup_now", "last_backup", "backup_count")} == {
        "Kitchen Backup now",
        "Kitchen Last backup",
        "Kitchen Backups",
    }
    assert home.state("last_backup").attributes[ATTR_DEVICE_CLASS] == "timestamp"
    assert home.state("backup_count").attributes["state_class"] == "measurement"
    [device_id] = {entry.device_id for entry in entries}
    assert device_id is not None
    device = device_registry.async_get(device_id)
    assert isinstance(device, dr.DeviceEntry)
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.configuration_url == f"{sim.url}/admin/settings/teleporter"


async def test_the_device_shows_the_versions_that_the_newest_backup_saw(
    home: Home, sim: Simulator, device_registry: dr.DeviceRegistry
) -> None:
    def shown() -> str | None:
        [device] = dr.async_entries_for_config_entry(device_registry, home.entry.entry_id)
        assert device.identifiers == {(DOMAIN, home.entry.entry_id)}
        return device.sw_version

    assert shown() is None
    sim.pihole.versions = Versions(core="v6.1", web="v6.2", ftl="v6.3")
    await home.press()
    assert shown() == "Core v6.1, Web v6.2, FTL v6.3"
    sim.pihole.versions = Versions(core="v6.2", web="v6.2", ftl="v6.3")
    await home.press()
    assert shown() == "Core v6.2, Web v6.2, FTL v6.3"
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    assert shown() == "Core v6.2, Web v6.2, FTL v6.3"


async def test_no_state_is_written_when_nothing_changed(home: Home) -> None:
    await home.press()
    changes = async_capture_events(home.hass, "state_changed")

    await home.poll()

    assert changes == []


async def test_no_entity_writes_its_state_when_a_backup_changes_nothing_in_it(home: Home) -> None:
    await home.press()
    written: list[str] = []
    next_backup = home.entity_id("next_backup")  # which a backup changes nothing in

    @callback
    def is_its(data: EventStateReportedData) -> bool:
        return data["entity_id"] == next_backup

    @callback
    def note(event: Event[EventStateReportedData]) -> None:
        written.append(event.data["new_state"].state)

    home.hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=is_its)
    await home.press()

    assert written == []


async def test_what_a_backup_is_compared_with_is_read_while_the_pihole_works(
    home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    [before] = await home.back_up()
    read: list[str] = []
    is_read = asyncio.Event()
    reading = Folder.read

    def noted(folder: Folder, record: BackupRecord) -> tuple[BackupRecord, Contents | None]:
        try:
            return reading(folder, record)
        finally:
            read.append(record.id)
            home.hass.loop.call_soon_threadsafe(is_read.set)

    monkeypatch.setattr(Folder, "read", noted)
    sim.pihole.add_domain("new.example.org")
    gate, press = await held(sim, "login", home.back_up())
    async with asyncio.timeout(10):
        await is_read.wait()
    gate.open()
    [record] = await press

    assert read == [before["id"]], "and once is enough"
    assert (record["changes"], record["id"]) != (None, before["id"])


@pytest.mark.parametrize("moment", ["login", "export", "version", "logout"])
async def test_unloading_while_a_backup_runs_leaves_nothing_half_done(
    home: Home, sim: Simulator, moment: str
) -> None:
    gate, press = await held(sim, moment, home.press())  # type: ignore[arg-type] # one of the plan's places
    unload = asyncio.ensure_future(home.hass.config_entries.async_unload(home.entry.entry_id))
    await asyncio.sleep(0.01)
    gate.open()

    assert await unload
    with pytest.raises(HomeAssistantError, match="was stopped"):
        await press
    assert sim.sessions == []
    assert home.files == set()


async def test_a_reload_while_a_backup_runs_ends_with_a_pihole_that_can_be_backed_up(
    home: Home, sim: Simulator
) -> None:
    _gate, press = await held(sim, "export", home.press())

    assert await home.hass.config_entries.async_reload(home.entry.entry_id)
    with pytest.raises(HomeAssistantError, match="was stopped"):
        await press
    await home.press()

    assert home.count == 1
    assert sim.sessions == []


async def test_removal_while_a_backup_runs_leaves_the_archives(home: Home, sim: Simulator) -> None:
    await home.press()
    files = home.files
    _gate, press = await held(sim, "export", home.press())

    await home.hass.config_entries.async_remove(home.entry.entry_id)

    with pytest.raises(HomeAssistantError, match="was stopped"):
        await press
    assert home.files == files
    assert sim.sessions == []


async def test_nothing_is_begun_once_unloading_has_begun(home: Home, sim: Simulator) -> None:
    coordinator = home.entry.runtime_data
    await coordinator.manager.async_stop()

    with pytest.raises(HomeAssistantError, match="was stopped"):
        await home.press()
    assert sim.logins == 0


async def test_home_assistant_stopping_calls_the_backup_off(home: Home, sim: Simulator) -> None:
    _gate, press = await held(sim, "export", home.press())

    await home.hass.async_stop(force=True)

    with pytest.raises(HomeAssistantError, match="was stopped"):
        await press
    assert sim.sessions == []
    assert home.files == set()


async def test_a_folder_that_cannot_be_made_is_reported_at_setup(
    hass: HomeAssistant, add_pihole: AddPihole, sim: Simulator
) -> None:
    folder = hass.config.path(DOMAIN)
    with open(folder, "w", encoding="utf-8"):  # noqa: ASYNC230, PTH123 - a file in the folder's place
        pass

    home = await add_pihole(sim.url)

    issue = home.issues["storage_unusable"]
    assert issue.translation_placeholders is not None
    assert folder in issue.translation_placeholders["message"]
    os.unlink(folder)  # noqa: PTH108 - as above
    await home.press()
    assert home.count == 1
    assert home.issues == {}


async def test_the_archive_is_a_zip_that_holds_what_the_pihole_is_set_up_to_do(
    home: Home, sim: Simulator
) -> None:
    sim.pihole.add_domain("only-here.example.com")

    await home.press()

    with zipfile.ZipFile(io.BytesIO(home.archives[0].read_bytes())) as archive:
        assert b"only-here.example.com" in archive.read("etc/pihole/gravity.db")
