"""What nobody thought of: said once in the log, failed in the states, and tried again."""

import asyncio
from collections.abc import Awaitable, Iterator
from datetime import UTC, datetime, timedelta
import inspect
import os
from pathlib import Path
from typing import NoReturn

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.pihole_checkpoint import services
from custom_components.pihole_checkpoint.const import EVENT_BACKUP
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.session import PiholeSession
from custom_components.pihole_checkpoint.engine.policy import retention
from custom_components.pihole_checkpoint.engine.repository import commit, relocate
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.engine.repository.staging import StagedArchive
from custom_components.pihole_checkpoint.engine.restore import after, apply, making, restore
from custom_components.pihole_checkpoint.engine.teleporter import archive
from custom_components.pihole_checkpoint.manager import backup as manager_backup
from custom_components.pihole_checkpoint.manager import manager, scheduler
from custom_components.pihole_checkpoint.manager import restore as manager_restore
from custom_components.pihole_checkpoint.manager.backup import BackupManager
from custom_components.pihole_checkpoint.manager.manager import Manager
from custom_components.pihole_checkpoint.manager.scheduler import PLAN_AGAIN_AFTER, RETRIES
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pihole_simulator import Simulator, build_archive, faults
from tests.support.days import Days
from tests.support.flows import Flow, Options
from tests.support.ha_backup import HaBackup
from tests.support.holding import held
from tests.support.home import Home
from tests.support.kitchen import BY_IMPORT, LIVE, Kitchen, issues, messed_up
from tests.support.passwords import APP_PASSWORD

BUG = "ZeroDivisionError: planted"


class Plant:
    """Puts a bug into a function, and takes it out again."""

    def __init__(self) -> None:
        self.times = 1
        self._patch = pytest.MonkeyPatch()

    def __call__(self, owner: object, function: str, words: str = "planted") -> None:
        def bug(*_args: object, **_kwargs: object) -> NoReturn:
            raise ZeroDivisionError(words)

        async def bug_when_awaited(*_args: object, **_kwargs: object) -> NoReturn:
            raise ZeroDivisionError(words)

        is_async = inspect.iscoroutinefunction(getattr(owner, function))
        self._patch.setattr(owner, function, bug_when_awaited if is_async else bug)

    def remove(self) -> None:
        self._patch.undo()


@pytest.fixture
def plant(caplog: pytest.LogCaptureFixture) -> Iterator[Plant]:
    """Plant a bug; in the end, check that it was logged as often as it was met."""
    plant = Plant()
    yield plant
    plant.remove()
    log = "".join(
        f"{record.getMessage()}\n{record.exc_text or ''}\n" for record in caplog.get_records("call")
    )
    assert log.count("Traceback") >= 1
    assert log.count(BUG) == plant.times


async def fails(work: Awaitable[object]) -> str:
    """Wait for what fails, and give its sentence."""
    with pytest.raises(HomeAssistantError) as raised:
        await work
    assert raised.value.translation_key == "unexpected"
    assert "Home Assistant's log" in str(raised.value)
    return str(raised.value)


# Backups ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "function"),
    [
        (manager_backup, "back_up"),
        (PiholeClient, "session"),
        (PiholeSession, "export"),
        (StagedArchive, "read"),
        (commit, "read_previous"),
        (commit, "commit"),
        (Folder, "commit"),
        (manager_backup, "Attempt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_backup_that_fails_unexpectedly_has_failed_and_is_reported_once(
    home: Home, sim: Simulator, plant: Plant, owner: object, function: str
) -> None:
    await home.press()
    events = async_capture_events(home.hass, EVENT_BACKUP)
    plant(owner, function)

    sentence = await fails(home.press())

    assert home.state("activity").state == "idle"
    assert home.entry.runtime_data.data.is_running is False
    assert len(home.archives) == home.count == 1
    assert sim.sessions == []
    if function != "Attempt":
        attempt = home.state("last_attempt")
        assert (attempt.state, attempt.attributes["reason"]) == ("failed", "unexpected")
        assert attempt.attributes["message"] == sentence
        assert [event.data["type"] for event in events] == ["failed"]
        assert events[0].data["message"] == sentence

    plant.remove()
    sim.pihole.hosts.append("192.168.1.99 new.lan")
    sim.clock.advance(1)
    await home.press()
    assert home.state("last_attempt").state == "completed"
    assert home.count == 2


async def test_a_backup_whose_caller_is_gone_has_failed_all_the_same(
    home: Home, sim: Simulator, plant: Plant
) -> None:
    gate, caller = await held(sim, "export", home.press())
    caller.cancel()
    await asyncio.wait([caller])
    assert home.state("last_attempt").state == "running"

    plant(commit, "commit")
    gate.open()
    await home.hass.async_block_till_done(wait_background_tasks=True)

    assert home.state("last_attempt").state == "failed"
    assert home.state("last_attempt").attributes["reason"] == "unexpected"


async def test_a_backup_that_is_called_off_is_no_bug(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    _gate, press = await held(sim, "export", home.press())

    await home.hass.config_entries.async_unload(home.entry.entry_id)

    with pytest.raises(HomeAssistantError, match="was stopped"):
        await press
    assert "unexpected error" not in caplog.text.lower()
    assert BUG not in caplog.text


async def test_what_went_wrong_beside_a_backup_that_the_pihole_fails_is_in_the_log(
    home: Home, sim: Simulator, plant: Plant
) -> None:
    await home.press()
    sim.faults.next("login", faults.drop())
    plant(commit, "read_previous")

    with pytest.raises(HomeAssistantError, match="was lost"):
        await home.press()


async def test_a_backup_stands_although_deleting_old_ones_fails_unexpectedly(
    home: Home, plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    plant(retention, "plan")

    await home.press()

    assert "could not delete old backups" in caplog.text
    assert (home.count, home.state("last_attempt").state) == (1, "completed")


async def test_nothing_secret_that_an_exception_quotes_is_in_the_log(
    home: Home, plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    address = "https://joe:list-password@lists.example/ads.txt?t=list-token"
    plant(commit, "commit", f"planted {address} {APP_PASSWORD} pwhash = 'the-hash'")

    await fails(home.press())

    for secret in ("list-password", "list-token", APP_PASSWORD, "the-hash"):
        assert secret not in caplog.text


# What happens by itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "function"), [(manager_backup, "back_up"), (BackupManager, "run")]
)
async def test_a_scheduled_backup_that_fails_unexpectedly_is_tried_again(
    days: Days, plant: Plant, caplog: pytest.LogCaptureFixture, owner: object, function: str
) -> None:
    plant(owner, function)
    await days.move_to(datetime(2026, 1, 21, 2, 0, tzinfo=UTC))
    assert "trying again in 5 minutes" in caplog.text
    assert days.home.count == 0

    plant.remove()
    await days.pass_by(RETRIES[0])
    assert days.home.count == 1


@pytest.mark.usefixtures("something_changes_all_the_time")
async def test_the_schedule_goes_on_although_its_next_run_could_not_be_planned(
    days: Days, plant: Plant
) -> None:
    plant(scheduler, "next_run")
    await days.move_to(datetime(2026, 1, 21, 2, 0, tzinfo=UTC))
    assert days.home.count == 1, "the one that was due"

    plant.remove()
    await days.pass_by(PLAN_AGAIN_AFTER)
    await days.move_to(datetime(2026, 1, 22, 2, 0, tzinfo=UTC))
    assert days.home.count == 2


@pytest.mark.parametrize(("function", "count"), [("_set_known", "unknown"), ("free_space", "1")])
async def test_a_look_at_the_folder_that_fails_unexpectedly_is_made_again(
    home: Home, plant: Plant, function: str, count: str
) -> None:
    await home.press()
    plant(Folder, function)
    await home.poll()
    assert home.state("backup_count").state == count
    assert home.state("problem").state == "on"

    plant.remove()
    await home.poll()
    assert home.count == 1


async def test_a_probe_that_fails_unexpectedly_says_nothing_about_the_pihole(
    home: Home, plant: Plant
) -> None:
    plant(PiholeClient, "probe")

    await home.poll()

    assert home.entry.runtime_data.data.reachable is True


async def test_archives_after_one_that_cannot_be_read_again_are_read_all_the_same(
    freezer: FrozenDateTimeFactory, days: Days, plant: Plant
) -> None:
    home = days.home
    await days.schedule("never")  # or the time that passes brings another backup
    await home.press()
    plant(Repository, "verify")
    freezer.tick(timedelta(days=8))
    await home.poll()
    assert home.count == 1, "the entities can be used"

    plant.remove()
    home.archives[0].write_bytes(bytes(home.archives[0].stat().st_size))
    freezer.tick(timedelta(days=8))
    await home.poll()
    assert home.count == 0, "it was read again"


# Archives from outside ----------------------------------------------------------------------------


def put(home: Home, sim: Simulator, day: int) -> Path:
    path = home.folder / f"pi-hole_pihole_teleporter_2026-01-{day}_03-24-15_UTC.zip"
    path.write_bytes(build_archive(sim.pihole, sim.clock.datetime()))
    os.utime(path, (1, 1))
    return path


async def test_an_archive_that_cannot_be_adopted_spoils_no_other(
    home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    odd, read = put(home, sim, 20), archive.read

    def reading(path: Path, scratch: Path) -> object:
        if path == odd:
            raise ZeroDivisionError("planted")
        return read(path, scratch)

    monkeypatch.setattr(archive, "read", reading)
    await home.poll()
    put(home, sim, 21)
    await home.poll()
    await home.press()

    assert caplog.text.count(BUG) == 1
    assert home.count == 2
    assert home.entry.runtime_data.data.refused.keys() == {odd.name}


async def test_backups_that_cannot_be_compared_can_still_be_used(
    home: Home, sim: Simulator, plant: Plant
) -> None:
    put(home, sim, 20)
    sim.pihole.hosts.append("192.168.1.99 new.lan")
    put(home, sim, 21)
    plant(commit, "compare")

    await home.poll()
    await home.poll()

    assert home.count == 2


# What a user asks for -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "owner", "function"),
    [
        ("verify", Repository, "verify"),
        ("delete", Repository, "delete"),
        ("update", Repository, "update"),
        ("compare", Repository, "read"),
        ("compare", services, "compare"),
    ],
)
async def test_an_action_that_fails_unexpectedly_says_so(
    home: Home, plant: Plant, service: str, owner: object, function: str
) -> None:
    [record] = await home.back_up()
    assert isinstance(record, dict)
    plant(owner, function)

    await fails(
        home.call(service, config_entry_id=home.entry.entry_id, backup_id=str(record["id"]))
    )

    assert home.count == 1


async def test_reading_the_pihole_that_fails_unexpectedly_leaves_nothing_running(
    kitchen: Kitchen, plant: Plant
) -> None:
    stored = await kitchen.back_up()
    plant(manager, "read_live")

    await fails(kitchen.home.call("compare", config_entry_id=kitchen.entry_id, backup_id=stored))

    assert kitchen.activity == "idle"


async def test_adding_a_pihole_that_fails_unexpectedly_says_so_in_the_form(
    hass: HomeAssistant, sim: Simulator, plant: Plant
) -> None:
    flow = Flow(hass)
    await flow.begin()
    plant(PiholeClient, "probe")

    await flow.enter_address(sim.url)

    assert flow.at == ("user", {"base": "unexpected"})


def make_folder(path: str) -> Path:
    folder = Path(path)
    folder.mkdir()
    return folder


@pytest.mark.parametrize("function", ["_copy", "_clear"])
async def test_backups_are_whole_after_a_move_that_failed_unexpectedly(
    home: Home, plant: Plant, function: str
) -> None:
    await home.press()
    elsewhere = make_folder(home.hass.config.path("elsewhere"))
    options = Options(home)
    plant(relocate, function)
    plant.times = {"_copy": 1, "_clear": 2}[function]  # the start tries to clear once more

    await options.move(elsewhere)

    assert options.at == ("storage", {"base": "move_failed"})
    assert "Home Assistant's log" in options.placeholders["reason"]
    plant.remove()
    await home.reload()
    assert home.count == 1
    await home.press()
    assert home.count == 2
    where = [
        item for item in (home.folder, elsewhere / home.folder.name) if list(item.glob("*.zip"))
    ]
    assert len(where) == 1, "all of them are in one place"


# Restores -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "function", "way"),
    [
        (manager_restore, "restore", None),
        (restore, "survey", None),
        (restore, "make_plan", None),
        (making, "pack", BY_IMPORT),
        (PiholeSession, "export", None),
    ],
)
async def test_a_restore_that_fails_unexpectedly_before_it_began_changed_nothing(
    kitchen: Kitchen, plant: Plant, owner: object, function: str, way: str | None
) -> None:
    kitchen.way = way
    stored, before, _ = await messed_up(kitchen)
    plant(owner, function)

    await kitchen.does_not_begin(kitchen.restore(stored), "Home Assistant's log")

    assert kitchen.activity == "idle"
    assert issues(kitchen) == {}
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")

    plant.remove()
    assert (await kitchen.restore(stored))["proven"] is True
    assert kitchen.configuration == before


async def test_a_preview_that_fails_unexpectedly_says_so(kitchen: Kitchen, plant: Plant) -> None:
    stored = await kitchen.back_up()
    plant(manager_restore, "restore")

    await fails(kitchen.restore(stored, dry_run=True))

    assert kitchen.activity == "idle"


@pytest.mark.parametrize(
    ("owner", "function", "way"),
    [
        (apply, "put_item", LIVE),
        (apply, "patch_settings", LIVE),
        (making, "import_payload", BY_IMPORT),
        (after, "differences", LIVE),
        (after, "differences", BY_IMPORT),
    ],
)
async def test_a_restore_that_fails_unexpectedly_after_it_began_can_be_undone(
    kitchen: Kitchen, plant: Plant, owner: object, function: str, way: str
) -> None:
    kitchen.way = way
    stored, _, messed = await messed_up(kitchen)
    plant(owner, function)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_unproven"
    )

    assert "Home Assistant's log" in sentence
    assert kitchen.activity == "idle"
    assert issues(kitchen) == {}
    plant.remove()
    await kitchen.undo()
    assert kitchen.configuration == messed


async def test_a_check_of_the_dns_that_fails_unexpectedly_does_not_doubt_the_restore(
    kitchen: Kitchen, plant: Plant
) -> None:
    stored, before, _ = await messed_up(kitchen)
    plant(after, "check_dns")

    assert (await kitchen.restore(stored))["proven"] is True

    assert kitchen.configuration == before
    assert kitchen.events[-1].data["type"] == "restored"


async def test_a_gravity_update_that_fails_unexpectedly_is_reported_and_the_rest_is_proven(
    kitchen: Kitchen, plant: Plant
) -> None:
    stored, before, _ = await messed_up(kitchen)
    plant(PiholeSession, "update_gravity")

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_gravity_failed")

    assert kitchen.configuration == before


# Home Assistant's own backup ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "function"),
    [(manager_backup, "back_up"), (Manager, "async_back_up"), (BackupManager, "run")],
)
async def test_home_assistants_own_backup_is_made_although_ours_fails(
    home: Home,
    ha_backup: HaBackup,
    plant: Plant,
    caplog: pytest.LogCaptureFixture,
    owner: object,
    function: str,
) -> None:
    plant(owner, function)

    await ha_backup.make()

    assert len(ha_backup.made) == 1
    assert "could not be backed up before Home Assistant's own backup" in caplog.text
    assert home.entry.runtime_data.data.is_running is False
    plant.remove()
    await home.press()
    assert home.count == 1, "files may change again"
