import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import tarfile

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from securetar import AddFileError

from custom_components.pihole_checkpoint import backup
from custom_components.pihole_checkpoint.const import CONF_FOLDER, DOMAIN
from custom_components.pihole_checkpoint.data import Result
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
)
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.pihole.limits import Timings
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.freeze import LONGEST, Freeze, async_get_freeze
from homeassistant.components.backup import BackupManagerError
from homeassistant.components.backup.manager import CoreBackupReaderWriter
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pihole_simulator import Simulator, build_archive, faults
from tests.support.ha_backup import HaBackup
from tests.support.home import AddPihole, Home

pytestmark = pytest.mark.usefixtures("something_changes_all_the_time")

KEEP_ONE = {"last": 1, "daily": 0, "weekly": 0, "monthly": 0, "yearly": 0, "manual": 0}
NOT_BEFORE = {"before_ha_backup": False}


@pytest.fixture
def freeze(hass: HomeAssistant) -> Freeze:
    return async_get_freeze(hass)


@pytest.fixture
def little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "SECONDS_TO_BACK_UP", 0.2)
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, login_grace=0.1))


@pytest.fixture
async def home_without(home: Home) -> Home:
    """Have a Pi-hole that is not backed up before Home Assistant's own backups."""
    await home.choose(backup=NOT_BEFORE)
    return home


@dataclass(kw_only=True)
class Gate:
    """At which something of ours waits."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    def open(self) -> None:
        self.opened.set()


def hold(monkeypatch: pytest.MonkeyPatch, name: str) -> Gate:
    """Hold an operation of a repository in the middle, until the gate is opened."""
    gate = Gate()
    use = Repository._use  # noqa: SLF001 - where every operation passes

    async def held(
        self: Repository, function: Callable[..., object], *args: object, **kwargs: object
    ) -> object:
        if function.__name__ == name:
            gate.reached.set()
            await gate.opened.wait()
        return await use(self, function, *args, **kwargs)

    monkeypatch.setattr(Repository, "_use", held)
    return gate


async def until_frozen(freeze: Freeze) -> None:
    """Wait for the freeze, and then as long as work needs that ignores it."""
    while not freeze.gate.is_closed:  # noqa: ASYNC110 - it will be soon
        await asyncio.sleep(0)
    for _ in range(50):
        await asyncio.sleep(0)


async def ask_while_held(ha_backup: HaBackup, freeze: Freeze) -> None:
    """Ask for Home Assistant's backup, and see that it waits for what is held."""
    ha_backup.ask()
    await until_frozen(freeze)
    assert not ha_backup.begun.is_set()


async def until_retried(hass: HomeAssistant, title: str) -> str:
    """Wait until a setup is going to be tried again, and return why."""
    async with asyncio.timeout(10):
        while True:
            for entry in hass.config_entries.async_entries(DOMAIN):
                if entry.title == title and entry.state is ConfigEntryState.SETUP_RETRY:
                    return str(entry.reason)
            await asyncio.sleep(0)


def newest(home: Home) -> BackupRecord:
    record: BackupRecord = home.entry.runtime_data.data.records[0]
    return record


async def test_the_backup_of_home_assistant_holds_a_fresh_one_of_every_pihole(
    home: Home, add_pihole: AddPihole, ha_backup: HaBackup, sim: Simulator
) -> None:
    async with Simulator(password="") as other:
        attic = await add_pihole(other.url, password="", folder="attic", title="Attic")
        await home.press()

        await ha_backup.make()

    contents = ha_backup.contents()
    for item in (home, attic):
        record = newest(item)
        assert record.trigger is BackupTrigger.HA_BACKUP
        assert contents[f"{item.entry.data[CONF_FOLDER]}/{record.filename}"] == record.sha256
    assert set(contents) == {name for name in ha_backup.at_begin if Path(name).suffix} | {
        "kitchen/.store",
        "attic/.store",
    }
    assert (home.count, attic.count) == (2, 1)
    assert sim.sessions == []


async def test_the_piholes_are_backed_up_side_by_side(
    home: Home, add_pihole: AddPihole, ha_backup: HaBackup, sim: Simulator
) -> None:
    async with Simulator(password="") as other:
        attic = await add_pihole(other.url, password="", folder="attic", title="Attic")
        gates = faults.gate(), faults.gate()
        sim.faults.next("export", gates[0])
        other.faults.next("export", gates[1])
        ha_backup.ask()
        for gate in gates:
            await gate.reached.wait()
        for gate in gates:
            gate.open()
        await ha_backup.until_begun()
        await ha_backup.finish()

    assert (home.count, attic.count) == (1, 1)


@pytest.mark.usefixtures("little_time")
@pytest.mark.parametrize("place", ["login", "export", "version"])
async def test_a_pihole_that_hangs_is_called_off_and_home_assistant_backed_up_all_the_same(
    home: Home, sim: Simulator, ha_backup: HaBackup, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    sim.faults.next(place, faults.hang())  # type: ignore[arg-type] # one of the plan's places

    await ha_backup.make()

    assert "Kitchen could not be backed up" in caplog.text
    assert "The backup didn't finish within 0.2 seconds" in caplog.text
    own = [record for record in caplog.records if record.name.startswith("custom_components")]
    assert [record.levelname for record in own].count("WARNING") == 1
    assert sim.sessions == []
    assert home.files == set()
    attempt = home.entry.runtime_data.data.attempt
    assert (attempt.result, attempt.reason) == (Result.FAILED, "deadline_exceeded")
    sim.faults.clear()
    await home.press()
    assert home.count == 1


async def test_a_pihole_that_is_down_is_named_and_the_others_are_backed_up(
    home: Home,
    add_pihole: AddPihole,
    ha_backup: HaBackup,
    sim: Simulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add_pihole("http://127.0.0.1:9", folder="attic", title="Attic")
    caplog.clear()

    await ha_backup.make()

    assert caplog.text.count("could not be backed up") == 1
    assert "Attic could not be backed up before Home Assistant's own backup: " in caplog.text
    assert "Can't connect to " in caplog.text
    assert f"kitchen/{newest(home).filename}" in ha_backup.contents()


async def test_a_failure_that_nobody_thought_of_does_not_become_home_assistants(
    home: Home,
    add_pihole: AddPihole,
    ha_backup: HaBackup,
    freeze: Freeze,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    attic = await add_pihole(sim.url, folder="attic", title="Attic")

    async def fail(_trigger: BackupTrigger) -> BackupRecord:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(attic.entry.runtime_data.manager, "async_back_up", fail)
    await ha_backup.start()
    assert freeze.gate.is_closed
    await ha_backup.finish()

    assert "a mistake of ours" in caplog.text
    assert f"kitchen/{newest(home).filename}" in ha_backup.contents()


async def test_a_failure_in_preparing_is_not_home_assistants_and_files_are_frozen_all_the_same(
    home: Home,
    ha_backup: HaBackup,
    freeze: Freeze,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_hass: HomeAssistant) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(backup, "_coordinators", fail)
    await ha_backup.start()
    assert freeze.gate.is_closed
    await ha_backup.finish()

    assert not freeze.gate.is_closed
    assert "a mistake of ours" in caplog.text


async def test_without_the_option_nothing_is_backed_up_and_files_are_frozen(
    home_without: Home, ha_backup: HaBackup, sim: Simulator
) -> None:
    await home_without.press()

    await ha_backup.start()
    with pytest.raises(HomeAssistantError, match="Home Assistant is backing itself up"):
        await home_without.press()
    await ha_backup.finish()

    assert sim.logins == 1
    contents = ha_backup.contents()
    assert f"kitchen/{newest(home_without).filename}" in contents


async def test_what_is_requested_meanwhile_waits_until_the_end_and_then_takes_effect(
    home: Home, ha_backup: HaBackup, sim: Simulator
) -> None:
    sim.auth.login_attempts_per_second = 100
    await home.press()
    await home.press()
    coordinator = home.entry.runtime_data
    deleted, noted = newest(home), coordinator.data.records[1]
    await ha_backup.start()
    logins = sim.logins

    with pytest.raises(HomeAssistantError, match="can't be changed right now"):
        await home.press()
    waiting = [
        home.hass.async_create_task(work)
        for work in (
            home.back_up(),
            coordinator.manager.async_back_up(BackupTrigger.SCHEDULE),
            coordinator.manager.async_delete(deleted.id),
            coordinator.manager.async_update_backup(noted.id, pinned=True, note="before the flood"),
            coordinator.manager.async_verify(noted.id),
        )
    ]
    await home.entry.runtime_data.async_refresh()
    assert ha_backup.look() == ha_backup.at_begin
    assert not any(task.done() for task in waiting)
    await ha_backup.finish()
    for task in waiting:
        await task

    assert sim.logins == logins + 1, "who waited together shares one backup"
    assert home.count == 3
    records = {record.id: record for record in coordinator.data.records}
    assert deleted.id not in records
    assert (records[noted.id].pinned, records[noted.id].note) == (True, "before the flood")


async def test_retention_waits_until_the_end(home: Home, ha_backup: HaBackup) -> None:
    await home.choose(retention=KEEP_ONE, backup=NOT_BEFORE)
    await home.press()
    first = home.archives
    await home.choose(backup=NOT_BEFORE)
    await home.press()
    await home.choose(retention=KEEP_ONE, backup=NOT_BEFORE)
    assert home.count == 2

    await ha_backup.start()
    prune = home.hass.async_create_task(home.entry.runtime_data.manager.async_prune(dry_run=False))
    await ha_backup.finish()
    plan = await prune

    assert [record.filename for record in plan.removed] == [path.name for path in first]
    assert home.count == 1


async def test_a_move_waits_until_the_end(home: Home, ha_backup: HaBackup) -> None:
    await home.press()
    parent = Path(home.hass.config.path("elsewhere"))
    parent.mkdir()  # noqa: ASYNC240 - short
    await ha_backup.start()
    move = home.hass.async_create_task(
        home.entry.runtime_data.manager.async_move_repository(parent)
    )
    await ha_backup.finish()
    await move

    assert len(list((parent / "kitchen").glob("*.zip"))) == 2


async def test_an_archive_that_the_user_puts_there_is_adopted_after_the_end(
    home_without: Home, sim: Simulator, ha_backup: HaBackup
) -> None:
    home = home_without
    await home.press()
    mine = home.folder / "mine.zip"
    mine.write_bytes(build_archive(sim.pihole, datetime(2025, 6, 7, tzinfo=UTC)))
    os.utime(mine, (0, 0))

    await ha_backup.start()
    await home.entry.runtime_data.async_refresh()
    await ha_backup.finish()
    assert home.count == 1
    await home.poll()

    assert home.count == 2


async def test_retention_that_follows_the_backup_has_ended_before_the_freeze(
    home: Home, ha_backup: HaBackup
) -> None:
    await home.choose(retention=KEEP_ONE)
    await home.press()
    [old] = home.archives

    await ha_backup.make()

    assert not old.exists()
    assert set(ha_backup.contents()) == {
        "kitchen/.store",
        f"kitchen/{newest(home).filename}",
        f"kitchen/{newest(home).filename.removesuffix('.zip')}.json",
    }


async def test_a_press_that_is_under_way_may_end_with_its_retention_before_the_freeze(
    home: Home, ha_backup: HaBackup, freeze: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.choose(retention=KEEP_ONE, backup=NOT_BEFORE)
    await home.press()
    gate = hold(monkeypatch, "prune")
    press = home.hass.async_create_task(home.press())
    await gate.reached.wait()
    await ask_while_held(ha_backup, freeze)
    assert home.count == 2

    gate.open()
    await ha_backup.until_begun()
    assert press.done()
    assert len(home.archives) == 1
    await ha_backup.finish()

    assert home.count == 1


@pytest.mark.usefixtures("little_time")
async def test_a_press_that_does_not_end_is_called_off_and_says_why(
    home_without: Home, ha_backup: HaBackup, sim: Simulator
) -> None:
    sim.faults.next("export", faults.hang())
    press = home_without.hass.async_create_task(home_without.press())
    await ha_backup.start()

    with pytest.raises(HomeAssistantError, match="Home Assistant is backing itself up"):
        await press
    await ha_backup.finish()
    assert sim.sessions == []
    assert home_without.files == set()


async def test_a_press_while_the_backup_before_home_assistants_runs_shares_it(
    home: Home, ha_backup: HaBackup, sim: Simulator
) -> None:
    gate = faults.gate()
    sim.faults.next("export", gate)
    ha_backup.ask()
    await gate.reached.wait()
    press = home.hass.async_create_task(home.press())
    gate.open()
    await press
    await ha_backup.until_begun()
    await ha_backup.finish()

    assert (home.count, sim.logins) == (1, 1)


@pytest.mark.usefixtures("little_time")
async def test_what_cannot_be_called_off_is_named_and_does_not_hold_home_assistant_up(
    home: Home,
    ha_backup: HaBackup,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(backup, "SECONDS_IN_ALL", 0.4)
    gate = hold(monkeypatch, "update")
    await home.press()
    update = home.hass.async_create_task(
        home.entry.runtime_data.manager.async_update_backup(newest(home).id, pinned=True, note=None)
    )
    await gate.reached.wait()
    started = home.hass.loop.time()
    await ha_backup.start()

    assert home.hass.loop.time() - started < 10
    assert (
        "Files of Kitchen are still changing as Home Assistant's own backup starts" in caplog.text
    )
    await ha_backup.finish()
    gate.open()
    await update


def test_the_time_for_it_is_bounded_and_leaves_some_for_calling_off() -> None:
    assert backup.SECONDS_IN_ALL <= 30
    log_in_and_log_out = Timings().login_grace + Timings().logout_total
    assert backup.SECONDS_TO_BACK_UP + log_in_and_log_out < backup.SECONDS_IN_ALL


async def test_a_poll_under_way_reads_no_further_archive_when_the_freeze_begins(
    home_without: Home, ha_backup: HaBackup, freeze: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_without
    await home.press()
    home.archives[0].write_bytes(bytes(home.archives[0].stat().st_size))
    home.entry.runtime_data.manager.state.scrubbed_at = dt_util.utcnow() - timedelta(days=30)
    gate = hold(monkeypatch, "refresh")
    poll = home.hass.async_create_task(home.entry.runtime_data.async_refresh())
    await gate.reached.wait()
    await ask_while_held(ha_backup, freeze)

    gate.open()
    await ha_backup.until_begun()
    await ha_backup.finish()
    await poll
    assert newest(home).status is BackupStatus.GOOD
    await home.poll()
    assert newest(home).status is BackupStatus.DAMAGED


async def test_unloading_while_the_backup_runs_ends_it_and_fails_nothing(
    home: Home, ha_backup: HaBackup, sim: Simulator
) -> None:
    gate = faults.gate()
    sim.faults.next("export", gate)
    ha_backup.ask()
    await gate.reached.wait()
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    await ha_backup.until_begun()
    await ha_backup.finish()

    assert sim.sessions == []
    assert home.files == set()


async def test_a_backup_that_an_unload_calls_off_has_left_before_the_freeze(
    home_without: Home, ha_backup: HaBackup, freeze: Freeze, sim: Simulator
) -> None:
    home = home_without
    export, logout = faults.gate(), faults.gate()
    sim.faults.next("export", export)
    sim.faults.next("logout", logout)
    press = home.hass.async_create_task(home.press())
    await export.reached.wait()
    unload = home.hass.async_create_task(home.hass.config_entries.async_unload(home.entry.entry_id))
    await logout.reached.wait()
    assert home.files != set()
    await ask_while_held(ha_backup, freeze)

    logout.open()
    await ha_backup.until_begun()
    assert home.files == set()
    await ha_backup.finish()
    assert await unload
    with pytest.raises(HomeAssistantError, match="was stopped"):
        await press


async def test_what_waited_while_its_pihole_was_unloaded_is_not_done(
    home: Home, ha_backup: HaBackup
) -> None:
    await home.press()
    await ha_backup.start()
    coordinator = home.entry.runtime_data
    delete = home.hass.async_create_task(coordinator.manager.async_delete(newest(home).id))
    service = home.hass.async_create_task(coordinator.manager.async_back_up(BackupTrigger.SERVICE))
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    with pytest.raises(HomeAssistantError, match="was stopped"):
        await service
    await ha_backup.finish()

    with pytest.raises(HomeAssistantError, match="was stopped"):
        await delete
    assert len(home.archives) == 2


async def test_a_pihole_that_is_set_up_or_reloaded_meanwhile_changes_nothing_until_the_end(
    home: Home, add_pihole: AddPihole, ha_backup: HaBackup, sim: Simulator
) -> None:
    await home.press()
    (home.folder / ".staging" / "leftover").touch()
    await ha_backup.start()

    await home.hass.config_entries.async_reload(home.entry.entry_id)
    adding = asyncio.ensure_future(add_pihole(sim.url, folder="attic", title="Attic"))
    for title in ("Kitchen", "Attic"):
        assert "Home Assistant is backing itself up" in await until_retried(home.hass, title)
    assert not (home.folder.parent / "attic").exists()
    await ha_backup.finish()
    attic = await adding
    async_fire_time_changed(home.hass, dt_util.utcnow() + timedelta(minutes=2))
    await home.hass.async_block_till_done(wait_background_tasks=True)

    assert (home.count, attic.count) == (2, 0)
    assert attic.folder.is_dir()


async def test_a_setup_under_way_prepares_its_store_before_the_freeze_and_waits_then(
    home: Home,
    add_pihole: AddPihole,
    ha_backup: HaBackup,
    freeze: Freeze,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = hold(monkeypatch, "ready")
    adding = asyncio.ensure_future(add_pihole(sim.url, folder="attic", title="Attic"))
    await gate.reached.wait()
    await ask_while_held(ha_backup, freeze)

    gate.open()
    await ha_backup.until_begun()
    await ha_backup.finish()
    attic = await adding

    assert attic.count == 0


async def test_two_backups_of_home_assistant_each_have_a_fresh_one(
    home: Home, ha_backup: HaBackup, freeze: Freeze
) -> None:
    await ha_backup.make()
    await ha_backup.make()

    assert [record.trigger for record in home.entry.runtime_data.data.records] == [
        BackupTrigger.HA_BACKUP
    ] * 2
    assert not freeze.gate.is_closed
    assert len(ha_backup.made) == 2


async def test_a_backup_of_home_assistant_that_fails_lets_changes_go_on(
    home: Home, ha_backup: HaBackup, freeze: Freeze, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(CoreBackupReaderWriter, "_mkdir_and_generate_backup_contents", fail)
    await ha_backup.start()
    assert freeze.gate.is_closed
    with pytest.raises(BackupManagerError, match="the disk is full"):
        await ha_backup.finish()

    assert not freeze.gate.is_closed
    await home.press()
    assert home.count == 2


async def test_an_end_that_is_never_announced_comes_by_itself(
    home: Home, freeze: Freeze, caplog: pytest.LogCaptureFixture
) -> None:
    await backup.async_pre_backup(home.hass)
    waiting = home.hass.async_create_task(home.back_up())
    async_fire_time_changed(home.hass, dt_util.utcnow() + LONGEST - timedelta(minutes=1))
    await asyncio.sleep(0)
    assert freeze.gate.is_closed
    async_fire_time_changed(home.hass, dt_util.utcnow() + LONGEST + timedelta(seconds=1))
    await waiting

    assert home.count == 2
    assert "Home Assistant did not report the end of its backup" in caplog.text
    await backup.async_post_backup(home.hass)


async def test_a_backup_of_home_assistant_after_one_whose_end_was_never_announced_is_fresh_too(
    home: Home, freeze: Freeze
) -> None:
    await backup.async_pre_backup(home.hass)
    delete = home.hass.async_create_task(
        home.entry.runtime_data.manager.async_delete(newest(home).id)
    )
    await backup.async_pre_backup(home.hass)

    assert freeze.gate.is_closed
    assert delete.done()
    assert home.count == 1
    await backup.async_post_backup(home.hass)


async def test_what_waits_goes_on_waiting_when_the_next_begins_before_it_woke_up(
    hass: HomeAssistant, freeze: Freeze
) -> None:
    done: list[str] = []

    async def change() -> None:
        async with freeze.gate.writing("Kitchen"):
            done.append("it")

    freeze.begin()
    waiting = hass.async_create_task(change())
    await asyncio.sleep(0)
    freeze.end()
    freeze.begin()
    for _ in range(5):
        await asyncio.sleep(0)
    assert done == []
    freeze.end()
    await waiting

    assert done == ["it"]


async def test_a_file_that_vanishes_meanwhile_fails_the_whole_backup_of_home_assistant(
    home: Home, ha_backup: HaBackup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This is what the freeze is for."""
    add = tarfile.TarFile.add

    def vanish(tar: tarfile.TarFile, name: str, **kwargs: object) -> None:
        if name.endswith(".zip"):
            Path(name).unlink()
        add(tar, name, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(tarfile.TarFile, "add", vanish)
    with pytest.raises(AddFileError, match="No such file"):
        await ha_backup.make()
