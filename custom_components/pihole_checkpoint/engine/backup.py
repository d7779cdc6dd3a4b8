"""The use cases: what can be done with one Pi-hole and its store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
import time
from typing import Final

from . import files
from .aio import beside, in_thread
from .errors import BackupDamaged, BackupNotFound, ContentsUnknown, StorageError
from .export import Intake, Report
from .models import BackupRecord, BackupStatus, BackupTrigger, Policy, Stage
from .pihole.client import PiholeClient, read_versions
from .pihole.errors import CheckpointError
from .pihole.models import Versions
from .policy import retention
from .repository import commit, relocate
from .repository.adopt import made_at
from .repository.index import Index
from .repository.naming import BackupName
from .repository.repository import Repository
from .repository.staging import StagedArchive
from .restore.restore import Guide, Restoration, RestoreRequest, RestoreResult
from .teleporter.contents import Contents

DEADLINE_SECONDS: Final = 60.0
"""For the whole conversation of one backup, from the first packet to the last byte."""
_PROBE_SECONDS = 8.0


class Engine:
    """Looks after the backups of one Pi-hole. One change to the store is made at a time.

    Whatever uses the store raises `StorageError`; the rest is said where it is.
    """

    def __init__(
        self,
        client: PiholeClient,
        store: Repository,
        *,
        deadline: float = DEADLINE_SECONDS,
        report: Report = lambda _stage, _detail: None,
    ) -> None:
        self._client = client
        self._store = store
        self._report = report
        self._intake = Intake(store, deadline, report)
        self._backing_up = asyncio.Lock()
        self._using_store = asyncio.Lock()
        self.stock = Index.of(())
        """The backups as last seen."""
        self._caught_up: Index | None = None
        """The backups when none of them was left to be compared."""
        self.refused: frozenset[str] = frozenset()
        """The names of archives in the folder that are no backups."""

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """The backups as last seen, the newest first."""
        return self.stock.records

    async def open(self, mark: str | None) -> str:
        """Make the store ready; call it once, before anything else. See `Repository.prepare`."""
        return await in_thread(self._store.prepare, mark)

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """Let what is under way end, and nothing change in the store while the context lasts."""
        async with self._backing_up, self._using_store:
            yield

    async def refresh(self) -> None:
        """Look at the folder again, for what came and went by hand."""

        def look() -> None:
            self._store.list()
            # There may be thousands, and hardly ever is one late.
            if self._store.stock is not self._caught_up and commit.backfill_changes(self._store):
                self._caught_up = self._store.stock

        await self._with_store(look)

    async def free_space(self) -> int:
        """Tell how many bytes are free where the backups are."""
        return await in_thread(self._store.free_space)

    async def move(self, folder: Path, begin: Callable[[], Awaitable[None]]) -> tuple[str, ...]:
        """Move the store; this engine is of no use afterwards. See `moving.move`.

        `begin` takes note that from now on something may lie in the new place.
        """
        async with self.at_rest():
            await in_thread(self._store.check)
            await in_thread(relocate.check, folder)
            await begin()
            return await in_thread(relocate.move, self._store.folder, folder)

    async def is_reachable(self) -> bool:
        """Ask whether the Pi-hole answers, without a login."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._client.probe()
        except CheckpointError, TimeoutError:
            return False
        return True

    async def back_up(
        self, trigger: BackupTrigger, *, skip_unchanged: bool = False
    ) -> BackupRecord:
        """Export, verify and store: a `CheckpointError`, or a backup that is safe on the disk.

        With `skip_unchanged`, when the newest good backup holds the same, that one is confirmed
        and given back instead; see `filing.commit`.
        """
        async with self._backing_up, self._intake.staged(trigger) as (staged, name):
            started = time.monotonic()
            # The newest one is read while the Pi-hole works: it is what this is compared with.
            async with beside(self._with_store(commit.read_previous, self._store)) as looking_back:
                versions, contents = await self._receive(staged)
            try:
                before = await looking_back
            except StorageError:
                before = None  # this is met again, and told, when the new one is to be stored
            duration = round(time.monotonic() - started, 3)
            record = staged.record(name, versions, duration=duration)
            self._report(Stage.STORING, "")
            return await self._put_in(
                staged,
                record,
                contents,
                skip_unchanged=skip_unchanged,
                before=before,
            )

    async def read_live(self) -> Contents:
        """Read what a backup would hold now, and store nothing.

        Raises a `CheckpointError` as `back_up` does, or `ContentsUnknown`.
        """
        async with self._backing_up, self._intake.staged(BackupTrigger.SERVICE) as (staged, _):
            _, contents = await self._receive(staged)
            return _known(contents)

    async def read(self, backup_id: str) -> Contents:
        """Read what a stored backup holds.

        Raises `BackupNotFound`, `BackupDamaged` or `ContentsUnknown`.
        """
        record, contents = await self._with_backup(backup_id, self._store.read)
        if record.status is not BackupStatus.GOOD:
            raise BackupDamaged(id=backup_id)
        return _known(contents)

    async def adopt(self, opened: Callable[[], AbstractContextManager[Path]]) -> BackupRecord:
        """Store an archive that came from elsewhere, when it is one. Raises `InvalidArchive`."""

        def take(staged: StagedArchive) -> tuple[datetime, Contents | None]:
            with opened() as path:
                staged.copy(path)
                contents = staged.read()
                with files.storage_errors(path.parent):
                    return made_at(path, self._store.zone), contents

        async with self._backing_up, self._intake.staged(BackupTrigger.ADOPTED) as (staged, _):
            created_at, contents = await in_thread(take, staged)
            name = BackupName.new(created_at, BackupTrigger.ADOPTED)
            record = staged.record(name, contents.versions if contents else Versions())
            return await self._put_in(staged, record, contents)

    async def copy(self, backup_id: str, target: StagedArchive) -> tuple[BackupRecord, Contents]:
        """Copy a stored archive elsewhere, and read the copy.

        Raises `BackupNotFound`, `BackupDamaged` or `ContentsUnknown`.
        """

        def copy(record: BackupRecord) -> tuple[BackupRecord, Contents | None]:
            record, contents = self._store.read(record)
            if record.status is BackupStatus.GOOD:
                target.copy(self._store.folder / record.filename)
            return record, contents

        record, contents = await self._with_backup(backup_id, copy)
        if record.status is not BackupStatus.GOOD or target.sha256 != record.sha256:
            raise BackupDamaged(id=backup_id)
        return record, _known(contents)

    async def restore(self, order: RestoreRequest, source: Engine, guide: Guide) -> RestoreResult:
        """Restore a backup of `source`, which may be this or another Pi-hole's engine.

        Nothing else is done with the Pi-hole meanwhile. See `restoring.Restoration`.
        """
        async with self._backing_up:
            restoration = Restoration(
                client=self._client,
                intake=self._intake,
                copy=source.copy,
                commit=self._put_in,
                report=self._report,
                guide=guide,
            )
            return await restoration.run(order)

    async def _put_in(
        self,
        staged: StagedArchive,
        record: BackupRecord,
        contents: Contents | None,
        *,
        skip_unchanged: bool = False,
        before: commit.Before | None = None,
    ) -> BackupRecord:
        """Store it, or only confirm the newest one; see `filing.commit`."""
        return await self._with_store(
            commit.commit,
            self._store,
            staged,
            record,
            contents,
            skip_unchanged=skip_unchanged,
            before=before,
        )

    async def delete(self, backup_id: str) -> BackupRecord:
        """Delete a backup for good. Raises `BackupNotFound`."""

        def delete(record: BackupRecord) -> BackupRecord:
            self._store.delete([record])
            return record

        return await self._with_backup(backup_id, delete)

    async def update(
        self, backup_id: str, *, pinned: bool | None = None, note: str | None = None
    ) -> BackupRecord:
        """Pin a backup or note something about it; `None` leaves it. Raises `BackupNotFound`."""

        def update(record: BackupRecord) -> BackupRecord:
            changed = replace(
                record,
                pinned=record.pinned if pinned is None else pinned,
                note=record.note if note is None else note,
            )
            self._store.update(changed)
            return changed

        return await self._with_backup(backup_id, update)

    async def verify(self, backup_id: str) -> BackupRecord:
        """Read an archive again and note what it is like. Raises `BackupNotFound`."""
        record, _ = await self._with_backup(backup_id, self._store.read)
        return record

    async def prune(self, policy: Policy, zone: tzinfo, *, dry_run: bool) -> retention.Plan:
        """Delete what no rule keeps, or only tell what that would be."""

        def prune() -> retention.Plan:
            # An empty or partial view of the folder must never decide: look before deleting.
            records = self._store.list()
            plan = retention.plan(records, policy, now=datetime.now(UTC), zone=zone)
            if plan.removed and not dry_run:
                self._store.delete(plan.removed)
            return plan

        return await self._with_store(prune)

    async def _with_backup[T](self, backup_id: str, function: Callable[[BackupRecord], T]) -> T:
        """Do something with a backup as it is when its turn has come, not when it was asked for."""
        async with self._using_store:
            record = next((it for it in self.records if it.id == backup_id), None)
            if record is None:
                raise BackupNotFound(id=backup_id)
            try:
                return await in_thread(function, record)
            finally:
                self._take_over()

    async def _with_store[**P, T](
        self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async with self._using_store:
            try:
                return await in_thread(function, *args, **kwargs)
            finally:
                self._take_over()  # also what was done before it failed or was called off

    def _take_over(self) -> None:
        self.stock = self._store.stock
        self.refused = self._store.refused

    async def _receive(self, staged: StagedArchive) -> tuple[Versions, Contents | None]:
        """Have the whole conversation of a backup, within its deadline, and read the archive."""
        self._report(Stage.CONNECTING, "")
        async with AsyncExitStack() as stack:
            async with self._intake.deadline() as deadline, self._client.session() as session:
                await self._intake.export(session, staged)
                deadline.reschedule(None)  # the archive is here: nothing that follows may lose it
                self._report(Stage.VERIFYING, "")
                reading = await stack.enter_async_context(beside(in_thread(staged.read)))
                versions = await read_versions(session)
            return versions, await reading


def _known(contents: Contents | None) -> Contents:
    if contents is None:
        raise ContentsUnknown
    return contents
