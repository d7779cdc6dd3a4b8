import asyncio
from datetime import UTC, datetime, timedelta
import os
import shutil
from types import SimpleNamespace

import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from custom_components.pihole_checkpoint.data import UnfinishedRestore
from custom_components.pihole_checkpoint.diagnostics import async_get_config_entry_diagnostics
from custom_components.pihole_checkpoint.manager.scheduler import RETRIES
from homeassistant.const import CONF_MAC, STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import CoreState, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pihole_simulator import Credentials, Simulator, build_archive, faults
from tests.support.days import Days
from tests.support.flows import Flow
from tests.support.holding import held
from tests.support.home import Home
from tests.support.page import Page
from tests.support.passwords import PASSWORD


class Seen:
    """The happenings that an automation would see."""

    def __init__(self, home: Home) -> None:
        self.all: list[tuple[str, dict[str, object]]] = []
        self._entity_id = home.entity_id("backup")
        self._last = home.state("backup").state
        home.hass.bus.async_listen("state_changed", self._changed)

    def _changed(self, event: Event[EventStateChangedData]) -> None:
        new, old = event.data["new_state"], event.data["old_state"]
        if event.data["entity_id"] != self._entity_id or new is None:
            return
        # The state is the time of the last happening, and comes back as it was after a restart.
        if old is not None and new.state not in {STATE_UNAVAILABLE, STATE_UNKNOWN, self._last}:
            self.all.append((new.attributes["event_type"], dict(new.attributes)))
            self._last = new.state

    @property
    def types(self) -> list[str]:
        return [kind for kind, _ in self.all]


async def test_a_completed_backup_is_reported_with_its_record(home: Home) -> None:
    seen = Seen(home)

    [record] = await home.back_up()
    await home.hass.async_block_till_done()

    [(kind, attributes)] = seen.all
    assert kind == "completed"
    for name in ("filename", "file_size", "trigger", "duration"):
        assert attributes[name] == record[name]
    assert attributes["backup_id"] == record["id"]


async def test_a_failed_backup_is_reported_with_its_reason_and_sentence(
    home: Home, sim: Simulator
) -> None:
    seen = Seen(home)
    sim.faults.always("export", faults.html())
    await home.fail_to_back_up()
    await home.hass.async_block_till_done()

    [(kind, attributes)] = seen.all
    assert (kind, attributes["reason"]) == ("failed", "proxy_answered")
    assert str(attributes["message"]).startswith("A proxy or another web server")
    attempt = home.state("last_attempt")
    assert (attempt.state, attempt.attributes["reason"]) == ("failed", "proxy_answered")
    assert attempt.attributes["message"] == attributes["message"]
    assert home.state("problem").state == STATE_ON

    sim.faults.clear()
    await home.press()
    assert home.state("last_attempt").state == "completed"
    assert home.state("last_attempt").attributes["message"] is None
    assert home.state("problem").state == STATE_OFF


async def test_an_event_fires_once_and_not_again_on_a_poll_or_a_restart(home: Home) -> None:
    await home.press()
    await home.hass.async_block_till_done()
    seen = Seen(home)

    await home.poll()
    await home.reload()

    assert seen.types == []


async def test_deleted_and_damaged_backups_are_reported(home: Home) -> None:
    [drop], _ = await home.back_up(), await home.back_up()
    seen = Seen(home)
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=drop["id"])
    os.truncate(home.archives[0], 10)
    await home.poll()
    await home.poll()
    await home.hass.async_block_till_done()

    assert seen.types == ["deleted", "damaged"]


async def test_damage_that_several_find_at_once_is_reported_once(home: Home) -> None:
    [record] = await home.back_up()
    os.truncate(home.archives[0], 10)
    events = async_capture_events(home.hass, EVENT_BACKUP)
    await asyncio.gather(*(home.call("verify") for _ in range(3)), home.poll())

    assert [(event.data["type"], event.data["backup_id"]) for event in events] == [
        ("damaged", record["id"])
    ]


async def test_damage_that_is_found_while_the_entry_is_set_up_is_reported_when_it_is_shown(
    home: Home,
) -> None:
    [record] = await home.back_up()
    [archive] = home.archives
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    home.entry.runtime_data.manager.state.scrubbed_at = dt_util.utcnow() - timedelta(days=30)
    reported: list[tuple[str, str, str]] = []

    @callback
    def note(event: Event[dict[str, str]]) -> None:
        count = home.state("backup_count").state
        reported.append((event.data["type"], event.data["backup_id"], count))

    home.hass.bus.async_listen(EVENT_BACKUP, note)
    await home.reload()
    await home.poll()

    assert reported == [("damaged", record["id"], "0")]


async def test_a_backup_that_prune_finds_missing_is_reported(home: Home) -> None:
    await home.back_up()
    [archive] = home.archives
    seen = Seen(home)
    archive.unlink()
    await home.call("prune")
    await home.poll()

    assert seen.types == ["damaged"]
    assert home.state("storage_used").state == "0.0"


async def test_a_backup_that_was_deleted_by_hand_is_reported_as_deleted(home: Home) -> None:
    await home.back_up()
    seen = Seen(home)
    for path in home.folder.glob("pihole_*"):
        path.unlink()
    await home.poll()
    await home.poll()

    assert seen.types == ["deleted"]


async def test_damage_that_is_found_by_a_backup_that_fails_is_reported_too(
    home: Home, sim: Simulator
) -> None:
    await home.press()
    home.archives[0].write_bytes(b"PK" * (home.archives[0].stat().st_size // 2))
    sim.faults.always("export", faults.error(500, "compression_error", "Cannot read a file"))
    events = async_capture_events(home.hass, EVENT_BACKUP)
    await home.fail_to_back_up()

    assert {event.data["type"] for event in events} == {"damaged", "failed"}


async def test_a_running_backup_is_shown_while_it_runs(home: Home, sim: Simulator) -> None:
    gate, press = await held(sim, "export", home.press())
    assert home.state("running").state == STATE_ON
    assert home.state("last_attempt").state == "running"

    gate.open()
    await press
    assert home.state("running").state == STATE_OFF


async def test_a_failed_attempt_is_still_shown_after_a_restart(home: Home, sim: Simulator) -> None:
    await sim.stop()
    await home.fail_to_back_up()

    await home.reload()

    assert home.state("last_attempt").state == "failed"
    assert home.state("problem").state == STATE_ON
    await sim.start()


async def test_one_that_was_running_when_home_assistant_ended_has_failed(
    home: Home, sim: Simulator
) -> None:
    gate, press = await held(sim, "export", home.press())
    await home.entry.runtime_data.manager.state.save()  # as it is when the power goes
    memory = type(home.entry.runtime_data.manager.state)(home.hass, home.entry.entry_id)
    await memory.load()
    gate.open()
    await press

    assert memory.attempt is not None
    assert (memory.attempt.result, memory.attempt.reason) == ("failed", "stopping")


async def test_a_pihole_that_goes_away_is_shown(home: Home, sim: Simulator) -> None:
    assert home.state("reachable").state == STATE_ON
    await sim.stop()
    await home.fail_to_back_up()
    assert home.state("reachable").state == STATE_OFF
    await sim.start()
    await home.press()
    assert home.state("reachable").state == STATE_ON
    await sim.stop()
    await home.poll()
    assert home.state("reachable").state == STATE_OFF
    assert home.state("problem").state == STATE_OFF, "that alone is no problem"
    await sim.start()
    await home.press()
    assert home.state("reachable").state == STATE_ON


async def test_a_silent_pihole_is_not_waited_for_when_home_assistant_starts(
    home: Home, sim: Simulator
) -> None:
    gate = faults.gate()
    sim.faults.next("probe", gate)
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await gate.reached.wait()
    assert home.state("reachable").state == STATE_ON, "nothing else is known yet"

    await sim.stop()
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert home.state("reachable").state == STATE_OFF


async def test_sizes_and_times_are_those_of_what_is_stored(
    home: Home, entity_registry: er.EntityRegistry
) -> None:
    for key in ("last_backup_size", "oldest_backup"):
        entry = entity_registry.async_get(home.entity_id(key))
        assert entry is not None
        assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        entity_registry.async_update_entity(entry.entity_id, disabled_by=None)
    await home.reload()
    assert home.state("oldest_backup").state == STATE_UNKNOWN

    first = (await home.back_up())[0]
    second = (await home.back_up())[0]

    used = float(home.state("storage_used").state)
    assert used * 1e3 == pytest.approx(int(str(first["file_size"])) + int(str(second["file_size"])))
    size = float(home.state("last_backup_size").state)
    assert size * 1e3 == pytest.approx(second["file_size"])
    oldest = datetime.fromisoformat(home.state("oldest_backup").state)
    assert oldest == datetime.fromisoformat(str(first["created_at"])).replace(microsecond=0)
    assert home.state("next_backup").state != STATE_UNKNOWN


async def test_what_only_fills_the_history_is_disabled_for_new_piholes(
    hass: HomeAssistant, sim: Simulator, entity_registry: er.EntityRegistry
) -> None:
    flow = Flow(hass)
    await flow.add(sim.url)
    entry_id = flow.result["result"].entry_id

    disabled = {
        entry.unique_id.removeprefix(f"{entry_id}_")
        for entry in er.async_entries_for_config_entry(entity_registry, entry_id)
        if entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    }

    assert disabled >= {"running", "last_attempt", "activity"}


async def test_a_wrong_password_asks_for_the_right_one(home: Home, sim: Simulator) -> None:
    sim.change_credentials(Credentials(password="another"))
    await home.fail_to_back_up()
    await home.hass.async_block_till_done()

    [flow] = home.hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"


async def test_no_free_seat_is_an_issue_until_there_is_one(home: Home, sim: Simulator) -> None:
    sim.faults.always("login", faults.error(429, "api_seats_exceeded", "API seats exceeded"))
    await home.fail_to_back_up()
    assert home.issues.keys() == {"no_free_seats"}

    sim.faults.clear()
    await home.press()
    assert home.issues == {}


async def test_a_store_that_cannot_be_used_is_an_issue_until_it_can(home: Home) -> None:
    memory = home.entry.runtime_data.manager.state
    memory.unfinished = UnfinishedRestore(at=datetime.now(UTC), backup_id="0" * 12)
    await home.poll()
    away = home.folder.rename(home.folder.parent / "away")
    await home.poll()
    assert home.issues.keys() == {"storage_unusable", "restore_not_begun"}
    memory.unfinished = None
    placeholders = home.issues["storage_unusable"].translation_placeholders
    assert placeholders is not None
    assert str(home.folder) in placeholders["message"]

    away.rename(home.folder)
    await home.poll()
    assert home.issues == {}


async def test_little_free_space_is_an_issue_until_there_is_more(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    almost_full = SimpleNamespace(free=49_000_000)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: almost_full)
        await home.poll()
        assert home.issues.keys() == {"storage_low"}
    await home.poll()
    assert home.issues == {}


async def test_damaged_and_refused_archives_are_issues_until_they_are_gone(
    home: Home, sim: Simulator
) -> None:
    await home.press()
    os.truncate(home.archives[0], 10)
    strange = home.folder / "my `own` backup.zip"
    strange.write_bytes(build_archive(sim.pihole, sim.clock.datetime())[:-9])
    os.utime(strange, (1, 1))
    await home.poll()
    assert home.issues.keys() == {"damaged_archives", "refused_archives"}
    placeholders = home.issues["refused_archives"].translation_placeholders
    assert placeholders is not None
    assert placeholders["files"].startswith(
        "\n\n- `my own backup.zip`: The file isn't a complete, undamaged zip file"
    )

    strange.unlink()
    [record] = await home.backups()
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=record["id"])
    await home.poll()
    assert home.issues == {}


@pytest.mark.usefixtures("unlimited_logins")
async def test_a_damaged_backup_is_a_problem_and_every_count_says_so(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    for _ in range(3):
        await home.press()
    os.truncate(home.archives[0], 10)
    home.archives[1].unlink()
    await home.poll()

    problem, count = home.state("problem"), home.state("backup_count")
    assert (problem.state, count.state) == (STATE_ON, "1")
    assert count.attributes["damaged"] == problem.attributes["damaged"] == 2
    assert (problem.attributes["failed"], problem.attributes["overdue"]) == (False, False)
    page = Page(await hass_ws_client(home.hass))
    await page.result(f"{DOMAIN}/subscribe", config_entry_id=home.entry.entry_id)
    [snapshot] = await page.heard()
    pihole = snapshot["pihole"]
    assert (pihole["count"], pihole["damaged"], snapshot["total"]) == (1, 2, 3)
    good = [record for record in await home.backups() if record["status"] == "good"]
    assert len(good) == 1
    assert await async_setup_component(home.hass, "system_health", {})
    health = await get_system_health_info(home.hass, DOMAIN)
    assert (health["backups"], health["problems"]) == (1, 1)

    for record in await home.backups():
        if record["status"] != "good":
            await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=record["id"])
    assert home.state("problem").state == STATE_OFF
    assert home.state("backup_count").attributes["damaged"] == 0


async def test_an_archive_of_a_pihole_v5_in_the_folder_is_an_issue_that_says_what_to_do(
    home: Home,
) -> None:
    old = home.folder / "pi-hole-attic-teleporter_2021-03-04_05-06-07.tar.gz"
    old.write_bytes(b"\x1f\x8b\x08")
    (home.folder / "holiday.tar.gz").write_bytes(b"\x1f\x8b\x08")

    await home.poll()

    assert home.issues.keys() == {"v5_archives"}
    placeholders = home.issues["v5_archives"].translation_placeholders
    assert placeholders is not None
    assert placeholders["files"] == f"`{old.name}`"
    assert home.count == 0
    old.unlink()
    await home.poll()
    assert home.issues == {}


async def test_a_refused_archive_that_retention_comes_across_is_an_issue_at_once(
    home: Home, sim: Simulator
) -> None:
    strange = home.folder / "mine.zip"
    strange.write_bytes(build_archive(sim.pihole, sim.clock.datetime())[:-9])
    os.utime(strange, (1, 1))
    await home.press()
    assert home.issues.keys() == {"refused_archives"}

    strange.unlink()
    await home.call("prune")
    assert home.issues == {}


async def test_an_archive_that_the_user_puts_into_the_folder_becomes_a_backup(
    home: Home, sim: Simulator
) -> None:
    path = home.folder / "pi-hole_pihole_teleporter_2026-01-20_03-24-15_UTC.zip"
    path.write_bytes(build_archive(sim.pihole, sim.clock.datetime()))
    os.utime(path, (1, 1))

    await home.poll()

    assert home.count == 1
    assert home.last_backup is None, "it may be of another Pi-hole, and of any time"
    [record] = await home.backups()
    assert (record["filename"], record["trigger"]) == (path.name, "adopted")
    assert home.issues == {}


async def test_issues_go_with_the_pihole(home: Home) -> None:
    home.folder.rename(home.folder.parent / "away")
    await home.poll()
    assert home.issues

    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert home.issues == {}


async def test_overdue_is_a_problem_and_an_issue_until_a_backup_is_made(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    await sim.stop()
    await days.move_to(datetime(2026, 1, 21, 12, tzinfo=UTC))
    await days.pass_by(timedelta(hours=6))
    assert home.issues.keys() == {"overdue"}
    assert home.state("problem").state == STATE_ON

    await sim.start()
    await home.press()
    assert home.issues == {}
    assert home.state("problem").state == STATE_OFF


async def test_a_scheduled_backup_that_fails_is_an_issue_until_the_retry_succeeds(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    await sim.stop()
    await days.move_to(home.entry.runtime_data.data.next_run)
    assert home.issues.keys() == {"overdue"}
    assert home.state("problem").state == STATE_ON

    await sim.start()
    await days.pass_by(RETRIES[0])
    assert home.issues == {}
    assert home.state("problem").state == STATE_OFF
    assert home.count == 1


async def test_a_backup_that_is_not_made_is_overdue_after_a_while(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await days.pass_by(timedelta(days=1, hours=6))
    home.hass.set_state(CoreState.starting)  # so that nothing is made up for yet
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done()

    assert home.issues.keys() == {"overdue"}
    home.hass.set_state(CoreState.running)


async def test_every_archive_is_read_again_within_a_week(days: Days, sim: Simulator) -> None:
    home = days.home
    await days.schedule("never")
    sim.auth.login_attempts_per_second = 1000
    for _ in range(3):
        await home.press()
    spoiled = home.archives[1]
    spoiled.write_bytes(spoiled.read_bytes()[:-1] + b"x")
    seen = Seen(home)

    for _ in range(8):
        await days.pass_by(timedelta(days=1))

    assert seen.types == ["damaged"]
    assert home.count == 2


async def test_diagnostics_hold_what_helps_and_no_secret(home: Home, sim: Simulator) -> None:
    mac = "02:11:22:33:44:55"
    home.hass.config_entries.async_update_entry(
        home.entry, unique_id=mac, data={**home.entry.data, CONF_MAC: mac}
    )
    await home.press()
    sim.faults.always("login", faults.html())
    await home.fail_to_back_up()

    diagnostics = await async_get_config_entry_diagnostics(home.hass, home.entry)

    assert diagnostics["backups"]["good"] == 1
    assert diagnostics["last_attempt"]["reason"] == "proxy_answered"
    assert diagnostics["options"]["schedule"]["frequency"] == "daily"
    text = repr(diagnostics)
    assert not [secret for secret in {*sim.secrets, PASSWORD, mac} if secret in text]


async def test_system_health_counts_piholes_and_backups(home: Home) -> None:
    assert await async_setup_component(home.hass, "system_health", {})
    await home.hass.async_block_till_done()
    await home.press()

    assert await get_system_health_info(home.hass, DOMAIN) == {
        "piholes": 1,
        "reachable": 1,
        "backups": 1,
        "problems": 0,
    }
