"""From the engine to Home Assistant: the state of one Pi-hole's backups, and its errors."""

import asyncio
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final, override

from yarl import URL

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from . import patrol
from .connection import async_create_client
from .const import CONF_FOLDER, CONF_VERSIONS, DOMAIN, LOGGER, SCAN_INTERVAL
from .engine.engine import Engine
from .engine.errors import (
    BackupNotFound,
    CannotConnect,
    CheckpointError,
    ConnectTimeout,
    HomeAssistantBackupRunning,
    NameNotFound,
    Stopping,
    TotpRequired,
    WrongPassword,
)
from .engine.models import BackupRecord, Trigger, Versions
from .engine.retention import Plan
from .engine.schedule import last_run
from .engine.store import Store
from .errors import translated, translation
from .happenings import Attributes, Happening, about, newly_bad, signal
from .memory import Attempt, Memory, Result
from .options import Options, read_options
from .quiet import async_quiet_time
from .snapshot import PiholeSnapshot, newest_good

type PiholeCheckpointConfigEntry = ConfigEntry[PiholeCheckpointCoordinator]

_AWAY: Final = (CannotConnect, ConnectTimeout, NameNotFound)
_ASK_FOR_PASSWORD: Final = (WrongPassword, TotpRequired)
_PATIENCE: Final = timedelta(hours=2)
"""With a scheduled backup of which nothing is heard, before it counts as overdue."""


class PiholeCheckpointCoordinator(DataUpdateCoordinator[PiholeSnapshot]):
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
        store = Store(self.options.store, dt_util.get_default_time_zone())
        self.engine = Engine(client, store, deadline=self.options.deadline)
        self.memory = Memory(hass, entry.entry_id)
        self._quiet = async_quiet_time(hass)
        self._backup: asyncio.Task[BackupRecord] | None = None
        self._probe: asyncio.Task[bool] | None = None
        self._called_off: CheckpointError = Stopping()
        self._stopping = False
        self._reachable = True
        self._next_run: datetime | None = None
        self._free_space = 0

    @override
    async def _async_setup(self) -> None:
        await self.memory.load()
        if self._quiet.is_now:
            raise UpdateFailed(**translation(HomeAssistantBackupRunning()))
        try:
            opening = self.engine.open(self.memory.mark)
            self.memory.mark = await self._quiet.outside(self.name, opening)
        except CheckpointError as error:
            raise UpdateFailed(**translation(error)) from error
        await self.memory.save()

    @override
    async def _async_update_data(self) -> PiholeSnapshot:
        # A Pi-hole that is away is no failure: the backups are here, not there.
        await self._async_look_for_pihole()
        if self._quiet.is_now and self.data is None:  # it never looked: that is no empty store
            raise UpdateFailed(**translation(HomeAssistantBackupRunning()))
        if not self._quiet.is_now and not self._stopping:
            try:
                await self._quiet.outside(self.name, self._async_look())
            except CheckpointError as error:
                raise UpdateFailed(**translation(error)) from error
        # What was backed up while this waited is in the engine already.
        return self._snapshot()

    async def _async_look(self) -> None:
        known = self.engine.records
        await self.engine.refresh()
        self._tell_of_damage(known)
        await self._async_patrol()
        self._free_space = await self.engine.free_space()

    async def _async_look_for_pihole(self) -> None:
        if self._stopping:
            return
        # A task of its own: it has to end before Home Assistant takes the connections away.
        self._probe = self.config_entry.async_create_background_task(
            self.hass, self.engine.is_reachable(), f"{DOMAIN} {self.name} probe"
        )
        await asyncio.wait([self._probe])
        if not self._probe.cancelled():
            self._note_reachable(self._probe.result())

    async def async_back_up(self, trigger: Trigger) -> BackupRecord:
        """Back up now; while one is running, wait for that one and share its result."""
        if trigger is Trigger.BUTTON and self._quiet.is_now:
            raise translated(HomeAssistantBackupRunning())
        if self._stopping:
            raise translated(Stopping())
        if self._backup is None or self._backup.done():
            # A task of its own: one who asked and went away takes it from nobody else.
            self._backup = self.config_entry.async_create_background_task(
                self.hass,
                self._quiet.outside(self.name, self._async_back_up(trigger)),
                f"{DOMAIN} {self.name} {trigger}",
            )
            # When nobody is left who waits for it, its failure is nobody's surprise.
            self._backup.add_done_callback(lambda task: task.cancelled() or task.exception())
        backup = self._backup
        try:
            await asyncio.wait([backup])
            return backup.result()
        except CheckpointError as error:
            raise translated(error) from error
        except asyncio.CancelledError:
            if not backup.cancelled() or _is_being_cancelled():
                raise
            raise translated(self._called_off) from None

    async def _async_back_up(self, trigger: Trigger) -> BackupRecord:
        attempt = Attempt(at=dt_util.utcnow(), trigger=trigger)
        self._note_attempt(attempt)
        try:
            record = await self.engine.back_up(trigger)
        except CheckpointError as error:
            if isinstance(error, _AWAY):
                self._note_reachable(False)  # noqa: FBT003
            self._note_failure(attempt, error)
            if isinstance(error, _ASK_FOR_PASSWORD):
                self.config_entry.async_start_reauth_if_available(self.hass)
            raise
        except asyncio.CancelledError:
            if self._stopping:
                self.memory.attempt = attempt.failed(Stopping())
            else:
                self._note_failure(attempt, self._called_off)
            raise
        self._note_reachable(True)  # noqa: FBT003
        # No await from the engine to here: whoever hears of the backup sees it in the states.
        self._note_attempt(attempt.completed())
        self._tell_of(Happening.COMPLETED, record)
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id, **self.device_info
        )
        with suppress(asyncio.CancelledError):  # the backup is made; only the rest is called off
            await self._async_prune_quietly()
        return record

    async def _async_prune_quietly(self) -> None:
        """Delete what no rule keeps; the backup that was just made stands, whatever comes of it."""
        try:
            plan = await self.engine.prune(self.options.policy, self._zone, dry_run=False)
        except CheckpointError as error:
            LOGGER.warning("%s: old backups were not deleted: %s", self.name, translated(error))
            return
        self._told_deleted(plan.removed)

    async def async_prune(self, *, dry_run: bool) -> Plan:
        """Delete what no rule keeps, or only tell what that would be."""
        plan = await self._async_change(
            self.engine.prune(self.options.policy, self._zone, dry_run=dry_run)
        )
        if not dry_run:
            self._told_deleted(plan.removed)
        return plan

    async def async_delete(self, backup_id: str) -> BackupRecord:
        """Delete a backup for good."""
        record = await self._async_change(self.engine.delete(backup_id))
        self._told_deleted([record])
        return record

    async def async_update_backup(
        self, backup_id: str, *, pinned: bool | None, note: str | None
    ) -> BackupRecord:
        """Pin a backup or note something about it."""
        return await self._async_change(self.engine.update(backup_id, pinned=pinned, note=note))

    async def async_verify(self, backup_id: str) -> BackupRecord:
        """Read an archive again, and tell when it is no longer good."""
        return await self._async_change(self._async_verify(backup_id))

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
        left = await self._async_change(self.engine.move(target))
        if left:
            LOGGER.warning(
                "%s: copied to %s, but these files stayed in %s, too: %s",
                self.name,
                target,
                self.options.store,
                ", ".join(left),
            )

    async def _async_change[T](self, change: Coroutine[object, object, T]) -> T:
        """Make a change when none of Home Assistant's own backups is in the way, and show it."""
        try:
            await self._quiet.wait_until_over()
            if self._stopping:
                raise Stopping
            return await self._quiet.outside(self.name, change)
        except CheckpointError as error:
            raise translated(error) from error
        finally:
            change.close()
            self._show()

    async def _async_patrol(self) -> None:
        """Read a few of the stored archives again, so that damage is known before it hurts."""
        now = dt_util.utcnow()
        last_at = self.memory.patrolled_at or now
        self.memory.patrolled_at = self.memory.patrolled_at or now
        for record in patrol.due(
            self.engine.records, last_id=self.memory.patrolled_id, last_at=last_at, now=now
        ):
            if self._quiet.is_now:
                break
            await self._async_verify_if_there(record.id)
            self.memory.patrolled_id, self.memory.patrolled_at = record.id, now

    async def _async_verify_if_there(self, backup_id: str) -> BackupRecord | None:
        try:
            return await self._async_verify(backup_id)
        except BackupNotFound:
            return None

    async def _async_verify(self, backup_id: str) -> BackupRecord:
        known = self.engine.records
        record = await self.engine.verify(backup_id)
        self._tell_of_damage(known)
        return record

    async def async_call_off_backup(self, reason: CheckpointError) -> None:
        """End a running backup, leaving nothing half done here and no session on the Pi-hole."""
        if self._backup is not None:
            self._called_off = reason
            self._backup.cancel()
            await asyncio.wait([self._backup])

    async def async_stop(self) -> None:
        """Take no more orders, and end what is running."""
        self._stopping = True
        await self.async_call_off_backup(Stopping())
        await self.memory.save()

    @callback
    def async_set_next_run(self, next_run: datetime | None) -> None:
        """Show when the next scheduled backup is due."""
        self._next_run = next_run
        self._show()

    def is_owed(self, due: datetime) -> bool:
        """Tell whether a backup that was due at a moment has not been made since."""
        newest = newest_good(self.engine.records)
        return due > self.config_entry.created_at and (newest is None or newest.created_at < due)

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

    def _snapshot(self) -> PiholeSnapshot:
        return PiholeSnapshot(
            records=self.engine.records,
            refused=self.engine.refused,
            reachable=self._reachable,
            attempt=self.memory.attempt,
            next_run=self._next_run,
            overdue=self._is_overdue(),
            free_space=self._free_space,
        )

    def _is_overdue(self) -> bool:
        """Tell whether a scheduled backup is missing: it failed, or nothing came of it for long."""
        now = dt_util.utcnow()
        due = last_run(self.options.schedule, now, self._zone)
        if due is None or not self.is_owed(due):
            return False
        attempt = self.memory.attempt
        if attempt is not None and attempt.result is Result.FAILED and attempt.at >= due:
            return True
        due_long_ago = last_run(self.options.schedule, now - _PATIENCE, self._zone)
        return due_long_ago is not None and self.is_owed(due_long_ago)

    @callback
    def _show(self) -> None:
        """Show what is known now, without a claim that the store can be looked at."""
        self.data = self._snapshot()
        self.async_update_listeners()

    @callback
    def _note_attempt(self, attempt: Attempt) -> None:
        self.memory.attempt = attempt
        self.memory.save_soon()
        if attempt.result is Result.COMPLETED:
            self.async_set_updated_data(self._snapshot())  # so the store can be used
        else:
            self._show()

    @callback
    def _note_failure(self, attempt: Attempt, error: CheckpointError) -> None:
        self._note_attempt(attempt.failed(error))
        message = str(translated(error))
        self._tell(
            Happening.FAILED,
            {"trigger": attempt.trigger, "reason": error.key, "message": message},
        )

    @callback
    def _note_reachable(self, reachable: bool) -> None:  # noqa: FBT001 - it is the news itself
        """Log once when the Pi-hole goes away, and once when it is back."""
        if reachable is self._reachable:
            return
        self._reachable = reachable
        if reachable:
            LOGGER.info("%s answers again", self.name)
        else:
            LOGGER.warning("%s does not answer as it should; what is stored is here", self.name)

    @callback
    def _told_deleted(self, records: Iterable[BackupRecord]) -> None:
        self._show()
        for record in records:
            self._tell_of(Happening.DELETED, record)

    @callback
    def _tell_of_damage(self, known: Iterable[BackupRecord]) -> None:
        for record in newly_bad(known, self.engine.records):
            self._tell_of(Happening.DAMAGED, record)

    @callback
    def _tell_of(self, happening: Happening, record: BackupRecord) -> None:
        self._tell(happening, about(record))

    @callback
    def _tell(self, happening: Happening, attributes: Attributes) -> None:
        async_dispatcher_send(self.hass, signal(self.config_entry.entry_id), happening, attributes)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
