"""What can be done with one Pi-hole and its backups: the only layer of use cases."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from yarl import URL

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..connection import async_create_client
from ..const import CONF_FOLDER, DOMAIN, LOGGER
from ..data import BackupEventType
from ..engine.errors import (
    BackupNotFound,
    HomeAssistantBackupRunning,
    NoBackupFor,
    Stopping,
    StorageError,
    StorageUnreadable,
    Unexpected,
    catch_unexpected,
)
from ..engine.export import read_live
from ..engine.files import printable
from ..engine.models import BackupRecord, BackupTrigger
from ..engine.pihole.errors import CheckpointError
from ..engine.policy.retention import Plan
from ..engine.repository.adopt import Adopted
from ..engine.repository.choosing import chosen_id, named_id
from ..engine.repository.index import IndexChange
from ..engine.repository.repository import Repository
from ..engine.restore.models import RestoreRequest, RestoreResult
from ..engine.restore.plan import Way
from ..engine.teleporter.contents import Contents
from ..exceptions import translated, translated_errors
from ..freeze import async_get_freeze
from ..options import Options
from ..responses import backup_event
from ..wording import async_get_words
from .backup import BackupManager
from .context import Context, Publish
from .jobs import Jobs
from .pihole import Pihole
from .progress import Progress
from .restore import RestoreManager
from .scheduler import Scheduler
from .scrub import async_scrub
from .storage import PersistentState

STOP_SECONDS: Final = 30
"""For jobs to clean up and log out. Only a folder that does not answer takes longer."""
UNUSED_SECONDS: Final = 5
"""For what else uses the folder to end."""


class Manager:
    """Runs the use cases. Public methods raise `HomeAssistantError`, unless they say otherwise."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, options: Options, publish: Publish
    ) -> None:
        client = async_create_client(
            hass,
            url=URL(entry.data[CONF_URL]),
            verify_ssl=entry.data[CONF_VERIFY_SSL],
            password=entry.data[CONF_PASSWORD],
        )
        self.catch_unexpected: Callable[[], AbstractContextManager[None]] = partial(
            catch_unexpected, client.secrets, passing=(HomeAssistantError,)
        )
        self.pihole = Pihole(hass, entry, client, publish)
        self._gate = async_get_freeze(hass).gate
        self.repository = Repository(
            options.store, dt_util.get_default_time_zone, gate=self._gate, name=entry.title
        )
        self.repository.subscribe(self._keep_repository_id)
        self.state = PersistentState(hass, entry.entry_id)
        self.progress = Progress(publish)
        self.jobs = Jobs(hass, entry, self.catch_unexpected)
        self.free_space: int | None = None
        """On the disk with the backups, in bytes, as last seen."""
        self._catching_up: asyncio.Task[None] | None = None
        self._entry = entry
        self._context = Context(
            hass=hass,
            title=entry.title,
            options=options,
            pihole=self.pihole,
            repository=self.repository,
            gate=self._gate,
            state=self.state,
            jobs=self.jobs,
            progress=self.progress,
            publish=publish,
            catch_unexpected=self.catch_unexpected,
        )
        self.backups = BackupManager(self._context)
        self.restores = RestoreManager(self._context, self._read_live)
        self.scheduler = Scheduler(hass, entry, self._context, self.async_back_up)

    @property
    def entry_id(self) -> str:
        """Return the ID of the Pi-hole's entry."""
        return self._entry.entry_id

    @callback
    def correct_times(self) -> None:
        """Correct what a wrong clock has left behind, now that it is another one."""
        self.state.correct_times(dt_util.utcnow())

    @callback
    def _keep_repository_id(self, _change: IndexChange) -> None:
        """Remember which folder it is at once, however it came to be used."""
        if self.repository.id not in (None, self.state.repository_id):
            self.state.repository_id = self.repository.id
            _ = self._entry.async_create_background_task(
                self._context.hass, self.state.save(), f"{DOMAIN} {self._entry.title} folder"
            )

    async def async_refresh(self) -> None:
        """Look at the folder, and read a few archives again. Raises `CheckpointError`."""
        with self.catch_unexpected():
            await self.repository.open(self.state.repository_id)
            await self.repository.refresh()
            self._catch_up()
            await async_scrub(self._context)
            self.free_space = await self.repository.free_space()

    @callback
    def _catch_up(self) -> None:
        """Adopt and compare in the background what is too much for one refresh."""
        if not self.repository.is_behind or self.jobs.have_stopped:
            return
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = self.jobs.start(
                self._finish_catching_up(), "catching up", lasting=True
            )

    async def _finish_catching_up(self) -> None:
        try:
            await self.repository.catch_up()
        except StorageError as error:
            LOGGER.debug(
                "Stopped adding archives; the next refresh continues or reports the problem: %r",
                error,
            )

    async def async_stop(self) -> None:
        """Let nothing begin any more, and end what is running.

        What waits for a folder that does not answer is left behind.
        """
        self.restores.second_look.end()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.jobs.stop()
        await self.pihole.client.finish_closing()
        await self.state.save()
        with suppress(TimeoutError):
            async with asyncio.timeout(UNUSED_SECONDS):
                await self.repository.wait_until_unused()
        self.repository.unsubscribe_all()

    async def async_back_up(self, trigger: BackupTrigger) -> BackupRecord:
        """Back up now. A request while a backup is running shares its result.

        A routine backup may only confirm the current one: see `engine.backup`.
        """
        if trigger is BackupTrigger.BUTTON and self._gate.is_closed:
            raise translated(HomeAssistantBackupRunning())
        self.restores.refuse_while_running()
        with translated_errors():
            return await self.backups.run(trigger)

    async def async_restore(self, request: RestoreRequest, source: Manager) -> RestoreResult:
        """Restore a backup of this or another Pi-hole."""
        self.restores.refuse_while_running()
        with translated_errors():
            return await self.jobs.result(self.restores.start(request, source.repository))

    async def async_undo_restore(self, way: Way | None) -> RestoreResult:
        """Take the last restore back; `None` is the better way for that."""
        with translated_errors():
            request = replace(self.restores.undo_request(), way=way)
        return await self.async_restore(request, self)

    async def async_repeat_restore(self) -> RestoreResult:
        """Restore again what a gravity update has thrown away."""
        self.restores.refuse_while_running()
        with translated_errors():
            request, source = self.restores.repeat_request()
            return await self.jobs.result(self.restores.start(request, source))

    async def async_forget_unfinished_restore(self) -> None:
        """Take note that the user knows of it."""
        if not self.restores.is_running:  # else that is what the journal is about
            await self.restores.forget_unfinished()
        self._context.publish()

    async def async_read(self, backup_id: str | None) -> Contents:
        """Return what a backup holds or, with `None`, what the Pi-hole would export now."""
        if backup_id is not None:
            return await self._change(self.repository.read(backup_id))
        self.restores.refuse_while_running()
        with translated_errors():
            return await self.jobs.result(self.jobs.start(self._read_live(), "export"))

    async def _read_live(self) -> Contents:
        try:
            async with self._context.in_use:
                contents = await read_live(
                    self.pihole.client,
                    self.repository,
                    deadline=self._context.options.deadline,
                    report=self.progress.report,
                )
        except CheckpointError as error:
            self.pihole.learn_from(error)
            raise
        finally:
            self.progress.end()
            self._context.publish()
        self.pihole.note_reachable(reachable=True)
        return contents

    async def async_adopt(self, opened: Callable[[], AbstractContextManager[Path]]) -> Adopted:
        """Store an archive that came from outside, unless it is stored already."""

        async def adopt() -> Adopted:
            async with self._context.in_use:
                await self._wait_until_open()
                return await self.repository.adopt(opened)

        adopted = await self._change(adopt())
        if adopted.is_new:
            words = async_get_words(self._context.hass)
            self._context.publish(
                backup_event(
                    BackupEventType.COMPLETED, adopted.record, self.repository.index, words
                )
            )
        return adopted

    def records(self) -> tuple[BackupRecord, ...]:
        """Return all backups, the newest first."""
        with translated_errors():
            if self.repository.unread is not None:
                raise self.repository.unread.with_traceback(None)
        return self.repository.index.records

    def backup_id(self, wanted: str, *, by_name_only: bool = False) -> str:
        """Return the ID of the backup that a user means; see `choosing`."""
        index = self.repository.index
        with translated_errors():
            try:
                if by_name_only:
                    return named_id(index, wanted)
                now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
                return chosen_id(index, wanted, now=now, zone=zone)
            except NoBackupFor:
                if self.repository.unread is not None:
                    raise self.repository.unread.with_traceback(None) from None
                raise

    async def async_prune(self, *, dry_run: bool) -> Plan:
        """Delete what no rule keeps, or only return what that would be."""
        return await self._change(
            self.repository.prune(self._context.options.policy, dry_run=dry_run)
        )

    async def async_delete(self, backup_id: str) -> BackupRecord:
        """Delete a backup for good."""
        return await self._change(self.repository.delete(backup_id))

    async def async_delete_refused(self, names: Collection[str]) -> None:
        """Delete files in the folder that are no backups or cannot be read."""
        await self._change(self.repository.delete_refused(names))

    async def async_update_backup(
        self, backup_id: str, *, pinned: bool | None, note: str | None
    ) -> BackupRecord:
        """Change a backup's pin or note."""
        return await self._change(self.repository.update(backup_id, pinned=pinned, note=note))

    async def async_verify(self, backup_id: str) -> BackupRecord:
        """Read an archive again."""
        return await self._change(self.repository.verify(backup_id))

    async def async_verify_all(self) -> list[BackupRecord]:
        """Read all archives again, except those that are deleted meanwhile.

        Raises at the end if one of them cannot be read.
        """

        async def verify_all() -> list[BackupRecord]:
            found: list[BackupRecord] = []
            unreadable: StorageUnreadable | None = None
            for record in self.repository.index.records:
                await self._wait_until_open()
                try:
                    found.append(await self.repository.verify(record.id))
                except BackupNotFound:
                    continue
                except StorageUnreadable as error:
                    unreadable = error
            if unreadable is not None:
                raise unreadable
            return found

        return await self._change(verify_all())

    async def async_identify_repository(self) -> None:
        """Use a folder with backups of this Pi-hole again that has lost its ID."""
        await self._change(self.repository.restore_id())

    async def async_move_repository(self, parent: Path) -> None:
        """Move the backups below another folder; the entry has to be reloaded after it."""
        target = parent / self._entry.data[CONF_FOLDER]
        if left := await self._change(self._move(target)):
            LOGGER.warning(
                "%s: copied the backups to %s, but these files also remain in %s: %s",
                self._entry.title,
                target,
                self.repository.path,
                ", ".join(map(printable, left)),
            )

    async def _move(self, target: Path) -> tuple[str, ...]:
        async def begin() -> None:
            # It stays: the options reach the disk later. See `async_settle_move`.
            self.state.moving_to = target
            await self.state.save()

        async with self._context.in_use:
            await self._wait_until_open()
            try:
                with self.catch_unexpected():
                    return await self.repository.move(target, begin)
            except Unexpected:
                # Where the backups are now is found out as after a kill: see `async_settle_move`.
                self._context.hass.config_entries.async_schedule_reload(self._entry.entry_id)
                raise
            except CheckpointError:
                self.state.moving_to = None
                await self.state.save()
                raise

    async def _change[T](self, change: Coroutine[object, object, T]) -> T:
        """Make a change when no freeze is in the way."""
        try:
            with translated_errors(), self.catch_unexpected():
                await self._wait_until_open()
                return await change
        finally:
            change.close()  # when it has not even begun

    async def _wait_until_open(self) -> None:
        """Wait until files may change. Raises `Stopping` when the entry was unloaded meanwhile.

        After any other wait it is called again: by then the entry may have been loaded anew, with
        another manager for the same folder.
        """
        await self._gate.wait_until_open()
        if self.jobs.have_stopped:
            raise Stopping
