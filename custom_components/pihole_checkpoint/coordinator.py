"""From the engine to Home Assistant: the state of one Pi-hole's backups, and its errors."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Final, override

from yarl import URL

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_URL,
    CONF_VERIFY_SSL,
    EVENT_CORE_CONFIG_UPDATE,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .address_change import async_look_for_moved, async_withdraw_offer
from .connection import async_create_client
from .const import CONF_FOLDER, CONF_VERSIONS, DOMAIN, LOGGER, SCAN_INTERVAL
from .data import Attempt, CheckpointData, Result
from .engine.backup import Engine
from .engine.errors import BackupNotFound, HomeAssistantBackupRunning, Stopping, Unexpected
from .engine.models import BackupRecord, BackupTrigger
from .engine.pihole.errors import (
    CannotConnect,
    CheckpointError,
    ConnectTimeout,
    NameNotFound,
    TotpRequired,
    WrongPassword,
)
from .engine.pihole.models import Versions
from .engine.policy import scrub
from .engine.policy.retention import Plan
from .engine.policy.schedule import last_run
from .engine.repository.repository import Repository
from .engine.restore.restore import RestoreRequest, RestoreResult
from .engine.teleporter.contents import Contents
from .engine.unexpected import catch_unexpected
from .exceptions import translated, translation
from .freeze import async_get_freeze
from .happenings import Attributes, BackupEventType, about, async_tell, gone, newly_bad
from .manager.jobs import Jobs
from .manager.progress import Progress
from .manager.restore import RestoreManager
from .manager.storage import PersistentState
from .options import Options, read_options

type PiholeCheckpointConfigEntry = ConfigEntry[PiholeCheckpointCoordinator]

_AWAY: Final = (CannotConnect, ConnectTimeout, NameNotFound)
_ASK_FOR_PASSWORD: Final = (WrongPassword, TotpRequired)
_PATIENCE_AT_START: Final = 0.05
"""Seconds for a Pi-hole to answer while its entry is set up; one that is up takes milliseconds."""
_PATIENCE: Final = timedelta(hours=2)
"""With a scheduled backup of which nothing is heard, before it counts as overdue."""


class PiholeCheckpointCoordinator(DataUpdateCoordinator[CheckpointData]):
    """Carries out what is asked for, and tells the entities what came of it."""

    config_entry: PiholeCheckpointConfigEntry

    def __init__(self, hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> None:
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=SCAN_INTERVAL,
            always_update=False,
        )
        self.options: Options = read_options(hass, entry)
        client = async_create_client(
            hass,
            url=URL(entry.data[CONF_URL]),
            verify_ssl=entry.data[CONF_VERIFY_SSL],
            password=entry.data[CONF_PASSWORD],
        )
        self._store = Repository(self.options.store, self._zone)
        self.activity = Progress(self._show)
        self.engine = Engine(
            client, self._store, deadline=self.options.deadline, report=self.activity.note
        )
        self.memory = PersistentState(hass, entry.entry_id)
        self._quiet = async_get_freeze(hass)
        self.catch_unexpected: Callable[[], AbstractContextManager[None]] = partial(
            catch_unexpected, client.secrets, passing=(HomeAssistantError,)
        )
        """Logs what nobody thought of, and turns it into an error for users."""
        self.jobs = Jobs(hass, entry, self.catch_unexpected)
        self.restores = RestoreManager(
            engine=self.engine,
            memory=self.memory,
            jobs=self.jobs,
            activity=self.activity,
            files=partial(self._quiet.outside, self.name),
            tell=self._tell,
            learn_from=self._learn_from,
            catch_unexpected=self.catch_unexpected,
            ask_for_password=self._ask_for_password,
        )
        self._told = self.engine.stock
        """What there was when it was last told what is lost."""
        self._backup: asyncio.Task[BackupRecord] | None = None
        self._reachable = True
        self._next_run: datetime | None = None
        self._free_space = 0
        entry.async_on_unload(
            hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._zone_may_have_changed)
        )

    @override
    async def _async_setup(self) -> None:
        await self.memory.load()
        if self._quiet.is_now:
            raise UpdateFailed(**translation(HomeAssistantBackupRunning()))
        try:
            with self.catch_unexpected():
                opening = self.engine.open(self.memory.mark)
                self.memory.mark = await self._quiet.outside(self.name, opening)
        except CheckpointError as error:
            raise UpdateFailed(**translation(error)) from error
        await self.memory.save()

    @override
    async def _async_update_data(self) -> CheckpointData:
        # A Pi-hole that is away is no failure: the backups are here, not there.
        await self._async_look_for_pihole()
        if self._quiet.is_now and self.data is None:  # it never looked: that is no empty store
            raise UpdateFailed(**translation(HomeAssistantBackupRunning()))
        if not self._quiet.is_now and not self.jobs.have_stopped:
            try:
                with self.catch_unexpected():
                    await self._quiet.outside(self.name, self._async_look())
            except CheckpointError as error:
                raise UpdateFailed(**translation(error)) from error
        # What was backed up while this waited is in the engine already.
        return self._snapshot()

    async def _async_look(self) -> None:
        await self.engine.refresh()
        self.tell_of_losses()
        await self._async_patrol()
        self._free_space = await self.engine.free_space()

    async def _async_look_for_pihole(self) -> None:
        if self.jobs.have_stopped:
            return
        # A task of its own: it has to end before Home Assistant takes the connections away.
        probe = self.config_entry.async_create_background_task(
            self.hass, self._async_probe(), f"{DOMAIN} {self.name} probe"
        )
        patience: float | None = None
        if self.data is None:  # Home Assistant starts without waiting for one that is silent
            patience = _PATIENCE_AT_START
        await asyncio.wait([probe], timeout=patience)

    async def _async_probe(self) -> None:
        with suppress(Unexpected), self.catch_unexpected():  # it says nothing about the Pi-hole
            await self._async_see_whether_it_answers()

    async def _async_see_whether_it_answers(self) -> None:
        reachable = await self.engine.is_reachable()
        is_news = reachable is not self._reachable
        self._note_reachable(reachable)
        if is_news and self.data is not None:  # a set-up may not have waited for this
            self._show()
        if not reachable:
            await async_look_for_moved(self.hass, self.config_entry)

    async def async_back_up(self, trigger: BackupTrigger) -> BackupRecord:
        """Back up now; while one is running, wait for that one and share its result.

        A backup that comes by itself may only confirm the newest one: see `Engine.back_up`.
        """
        if trigger is BackupTrigger.BUTTON and self._quiet.is_now:
            raise translated(HomeAssistantBackupRunning())
        self.restores.refuse_while_running()
        while True:
            record = await self._async_back_up_or_share(trigger)
            # What was shared may have stored nothing, but whoever asks for a backup gets one.
            if record.confirmed_at is None or self._skips_unchanged(trigger):
                return record

    async def _async_back_up_or_share(self, trigger: BackupTrigger) -> BackupRecord:
        if self._backup is None or self._backup.done():
            self._backup = self._start(self._async_back_up(trigger), trigger)
        return await self.jobs.result(self._backup)

    def _skips_unchanged(self, trigger: BackupTrigger) -> bool:
        return self.options.skip_unchanged and trigger.is_routine

    def _start[T](self, job: Coroutine[object, object, T], name: str) -> asyncio.Task[T]:
        try:
            return self.jobs.start(self._quiet.outside(self.name, job), name)
        except CheckpointError as error:
            job.close()
            raise translated(error) from error

    async def async_read(self, backup_id: str | None) -> Contents:
        """Read what a backup holds or, with `None`, what the Pi-hole would export now."""
        if backup_id is not None:
            return await self._async_change(self.engine.read(backup_id))
        self.restores.refuse_while_running()
        return await self.jobs.result(self._start(self._async_read_live(), "export"))

    async def async_take_in(
        self, opened: Callable[[], AbstractContextManager[Path]]
    ) -> BackupRecord:
        """Store an archive that came from elsewhere."""
        record = await self._async_change(self.engine.adopt(opened))
        self._tell_of(BackupEventType.COMPLETED, record)
        return record

    async def async_restore(
        self, order: RestoreRequest, source: PiholeCheckpointCoordinator
    ) -> RestoreResult:
        """Restore a backup of this or another Pi-hole, and tell the truth about the result."""
        self.restores.refuse_while_running()
        try:
            return await self.jobs.result(self.restores.start(order, source.engine))
        except CheckpointError as error:
            raise translated(error) from error
        finally:
            self.tell_of_losses()
            source.tell_of_losses()

    async def async_undo_restore(self) -> RestoreResult:
        """Take the last restore back."""
        try:
            order = self.restores.undoing()
        except CheckpointError as error:
            raise translated(error) from error
        return await self.async_restore(order, self)

    async def async_forget_unfinished_restore(self) -> None:
        """Take note that the user knows of it."""
        await self.restores.forget_unfinished()
        self._show()

    async def _async_read_live(self) -> Contents:
        try:
            contents = await self.engine.read_live()
        except CheckpointError as error:
            self._learn_from(error)
            raise
        finally:
            self.activity.show_end()
        self._note_reachable(True)  # noqa: FBT003
        return contents

    @callback
    def _learn_from(self, error: CheckpointError) -> None:
        """Take what an error tells about the Pi-hole itself."""
        if isinstance(error, _AWAY):
            self._note_reachable(False)  # noqa: FBT003
        if isinstance(error, _ASK_FOR_PASSWORD):
            self._ask_for_password()

    @callback
    def _ask_for_password(self) -> None:
        self.config_entry.async_start_reauth(self.hass)

    async def _async_back_up(self, trigger: BackupTrigger) -> BackupRecord:
        attempt = Attempt(at=dt_util.utcnow(), trigger=trigger)
        try:
            with self.catch_unexpected():
                self._note_attempt(attempt)
                record = await self.engine.back_up(
                    trigger, skip_unchanged=self._skips_unchanged(trigger)
                )
        except CheckpointError as error:
            self._learn_from(error)
            self._note_failure(attempt, error)
            self.tell_of_losses()
            raise
        except asyncio.CancelledError:
            if self.jobs.have_stopped:
                self.memory.attempt = attempt.failed(Stopping())
            else:
                self._note_failure(attempt, self.jobs.cancelled_by)
            raise
        self._note_reachable(True)  # noqa: FBT003
        # No await from the engine to here: whoever hears of the backup sees it in the states.
        self._note_attempt(attempt.completed())
        self.tell_of_losses()  # of what it was compared with
        happening = (
            BackupEventType.COMPLETED if record.confirmed_at is None else BackupEventType.UNCHANGED
        )
        self._tell_of(happening, record)
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id, **self.device_info
        )
        with suppress(asyncio.CancelledError):  # the backup is made; only the rest is called off
            await self._async_prune_quietly()
        return record

    async def _async_prune_quietly(self) -> None:
        """Delete what no rule keeps; the backup that was just made stands, whatever comes of it."""
        try:
            with self.catch_unexpected():
                await self.engine.prune(self.options.policy, self._zone, dry_run=False)
        except CheckpointError as error:
            LOGGER.warning("%s: old backups were not deleted: %s", self.name, translated(error))
        finally:
            self.tell_of_losses()

    async def async_prune(self, *, dry_run: bool) -> Plan:
        """Delete what no rule keeps, or only tell what that would be."""
        return await self._async_change(
            self.engine.prune(self.options.policy, self._zone, dry_run=dry_run)
        )

    async def async_delete(self, backup_id: str) -> BackupRecord:
        """Delete a backup for good."""
        return await self._async_change(self.engine.delete(backup_id))

    async def async_update_backup(
        self, backup_id: str, *, pinned: bool | None, note: str | None
    ) -> BackupRecord:
        """Pin a backup or note something about it."""
        return await self._async_change(self.engine.update(backup_id, pinned=pinned, note=note))

    async def async_verify(self, backup_id: str) -> BackupRecord:
        """Read an archive again, and tell when it is no longer good."""
        return await self._async_change(self.engine.verify(backup_id))

    async def async_verify_all(self) -> list[BackupRecord]:
        """Read all archives again; what is deleted meanwhile is passed over."""
        found = [
            await self._async_change(self._async_verify_if_there(record.id))
            for record in self.engine.records
        ]
        return [record for record in found if record is not None]

    async def async_move_store(self, parent: Path) -> None:
        """Move the backups below another folder; the entry has to be reloaded after it."""
        target = parent / self.config_entry.data[CONF_FOLDER]
        left = await self._async_change(self._async_move(target))
        if left:
            LOGGER.warning(
                "%s: copied to %s, but these files stayed in %s, too: %s",
                self.name,
                target,
                self.options.store,
                ", ".join(left),
            )

    async def _async_move(self, target: Path) -> tuple[str, ...]:
        async def begin() -> None:
            # It stays: the options get to the disk later. See `async_settle_move`.
            self.memory.moving_to = target
            await self.memory.save()

        try:
            with self.catch_unexpected():
                return await self.engine.move(target, begin)
        except Unexpected:
            # Where the backups are now is found out like after a kill: see `async_settle_move`.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
            raise
        except CheckpointError:
            self.memory.moving_to = None
            await self.memory.save()
            raise

    async def _async_change[T](self, change: Coroutine[object, object, T]) -> T:
        """Make a change when none of Home Assistant's own backups is in the way, and show it."""
        try:
            await self._quiet.wait_until_over()
            if self.jobs.have_stopped:
                raise Stopping
            with self.catch_unexpected():
                return await self._quiet.outside(self.name, change)
        except CheckpointError as error:
            raise translated(error) from error
        finally:
            change.close()
            self._show()
            self.tell_of_losses()

    async def _async_patrol(self) -> None:
        """Read a few of the stored archives again, so that damage is known before it hurts."""
        now = dt_util.utcnow()
        last_at = self.memory.patrolled_at or now
        self.memory.patrolled_at = self.memory.patrolled_at or now
        for record in scrub.due(
            self.engine.records, last_id=self.memory.patrolled_id, last_at=last_at, now=now
        ):
            if self._quiet.is_now:
                break
            with suppress(Unexpected), self.catch_unexpected():  # the others are to be read, too
                await self._async_verify_if_there(record.id)
            self.memory.patrolled_id, self.memory.patrolled_at = record.id, now

    async def _async_verify_if_there(self, backup_id: str) -> BackupRecord | None:
        try:
            return await self.engine.verify(backup_id)
        except BackupNotFound:
            return None
        finally:
            self.tell_of_losses()

    async def async_stop(self) -> None:
        """Take no more orders, and end what is running."""
        await self.jobs.stop()
        await self.memory.save()

    @callback
    def async_set_next_run(self, next_run: datetime | None) -> None:
        """Show when the next scheduled backup is due."""
        self._next_run = next_run
        self._show()

    def is_due(self, due: datetime) -> bool:
        """Tell whether a backup that was due at a moment has not been made since."""
        newest = self.engine.stock.newest
        return due > self.config_entry.created_at and (newest is None or newest.last_seen < due)

    @property
    def device_info(self) -> dr.DeviceInfo:
        """The Pi-hole as a device, with the versions that were last heard of."""
        versions = next(
            (record.versions for record in self.engine.records if record.versions != Versions()),
            Versions(**self.config_entry.data[CONF_VERSIONS]),
        )
        parts = (("Core", versions.core), ("Web", versions.web), ("FTL", versions.ftl))
        return dr.DeviceInfo(
            entry_type=dr.DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, self.config_entry.entry_id)},
            name=self.config_entry.title,
            manufacturer="Pi-hole",
            sw_version=", ".join(f"{name} {version}" for name, version in parts if version) or None,
            configuration_url=f"{self.config_entry.data[CONF_URL]}/admin/settings/teleporter",
        )

    @property
    def _zone(self) -> tzinfo:
        return dt_util.get_default_time_zone()

    @callback
    def _zone_may_have_changed(self, _event: Event) -> None:
        self._store.zone = self._zone

    def _snapshot(self) -> CheckpointData:
        return CheckpointData(
            stock=self.engine.stock,
            refused=self.engine.refused,
            reachable=self._reachable,
            attempt=self.memory.attempt,
            next_run=self._next_run,
            overdue=self._is_overdue(),
            stage=self.activity.stage,
            progress=self.activity.progress,
            restoring=self.restores.is_running,
            unfinished=None if self.restores.is_running else self.memory.unfinished,
            restore_refused=self.restores.was_refused,
            free_space=self._free_space,
        )

    def _is_overdue(self) -> bool:
        """Tell whether a scheduled backup is missing: it failed, or nothing came of it for long."""
        now = dt_util.utcnow()
        due = last_run(self.options.schedule, now, self._zone)
        if due is None or not self.is_due(due):
            return False
        attempt = self.memory.attempt
        if attempt is not None and attempt.result is Result.FAILED and attempt.at >= due:
            return True
        due_long_ago = last_run(self.options.schedule, now - _PATIENCE, self._zone)
        return due_long_ago is not None and self.is_due(due_long_ago)

    @callback
    def _show(self) -> None:
        """Show what is known now, without a claim that the store can be looked at."""
        self.data = self._snapshot()
        self.async_update_listeners()

    @callback
    def _note_attempt(self, attempt: Attempt) -> None:
        self.memory.attempt = attempt
        self.memory.save_soon()
        if attempt.result is not Result.RUNNING:
            self.activity.end()
        if attempt.result is Result.COMPLETED:
            self.async_set_updated_data(self._snapshot())  # so the store can be used
        else:
            self._show()

    @callback
    def _note_failure(self, attempt: Attempt, error: CheckpointError) -> None:
        self._note_attempt(attempt.failed(error))
        message = str(translated(error))
        self._tell(
            BackupEventType.FAILED,
            {"trigger": attempt.trigger.value, "reason": error.key, "message": message},
        )

    @callback
    def _note_reachable(self, reachable: bool) -> None:  # noqa: FBT001 - it is the news itself
        """Log once when the Pi-hole goes away, and once when it is back."""
        if reachable:
            async_withdraw_offer(self.hass, self.config_entry.entry_id)
        if reachable is self._reachable:
            return
        self._reachable = reachable
        if reachable:
            LOGGER.info("%s answers again", self.name)
        else:
            LOGGER.info("%s does not answer as it should; what is stored is here", self.name)

    @callback
    def tell_of_losses(self) -> None:
        """Tell, once each, of backups that are no longer good or no longer there.

        Whoever finds it out: of two things that are done side by side, either may.
        """
        known, self._told = self._told, self.engine.stock
        bad, lost = newly_bad(known, self._told), gone(known, self._told)
        if bad or lost:
            self._show()
        for happening, records in ((BackupEventType.DAMAGED, bad), (BackupEventType.DELETED, lost)):
            for record in records:
                self._tell_of(happening, record)

    @callback
    def _tell_of(self, happening: BackupEventType, record: BackupRecord) -> None:
        self._tell(happening, about(record))

    @callback
    def _tell(self, happening: BackupEventType, attributes: Attributes) -> None:
        async_tell(self.hass, self.config_entry, happening, attributes)
