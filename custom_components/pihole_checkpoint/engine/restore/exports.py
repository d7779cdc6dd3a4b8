"""The archives that one restore works with, each in a staged file that is deleted at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from .. import files
from ..aio import in_thread
from ..export import Report, export, time_limit
from ..models import BackupRecord, BackupTrigger
from ..pihole.models import Versions
from ..pihole.session import PiholeSession
from ..repository.repository import Repository, known
from ..repository.staging import StagedArchive
from ..teleporter import archive
from ..teleporter.contents import Contents


@dataclass(frozen=True, kw_only=True, slots=True)
class StagedExport:
    """An archive in a staged file, and what it holds."""

    staged: StagedArchive
    contents: Contents

    @property
    def path(self) -> Path:
        """Return where the archive is, as long as it was not stored."""
        return self.staged.path

    async def read_secrets(self) -> dict[str, str]:
        """Return the secret settings in clear. Raises `InvalidArchive` or `StorageError`."""

        def read() -> dict[str, str]:
            with files.storage_errors(self.path.parent):
                return archive.read_secrets(self.path)

        return await in_thread(read)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exports:
    """Copies, exports and stores archives for one restore."""

    repository: Repository
    deadline: float
    report: Report
    files: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Deletes the staged files at the end."""
    staged: list[StagedArchive] = field(default_factory=list)

    async def copy(self, source: Repository, backup_id: str) -> tuple[BackupRecord, StagedExport]:
        """Copy a stored archive, which may be deleted meanwhile."""
        async with source.writing(self.repository):
            staged = await self._stage(BackupTrigger.ADOPTED)
            record, contents = await source.copy_out(backup_id, staged)
            return record, StagedExport(staged=staged, contents=contents)

    async def export(self, session: PiholeSession, trigger: BackupTrigger) -> StagedExport:
        """Export the Pi-hole, inside `writing`. Raises a `CheckpointError`."""
        staged = await self._stage(trigger)
        async with time_limit(self.deadline):
            await export(session, staged, self.report)
        return StagedExport(staged=staged, contents=known(await in_thread(staged.read)))

    async def store(self, exported: StagedExport, versions: Versions) -> BackupRecord:
        """Store an export as a backup, inside `writing`."""
        record = exported.staged.record(versions)
        return await self.repository.commit(exported.staged, record, exported.contents)

    def path_beside(self, exported: StagedExport) -> Path:
        """Return a path for a file that is deleted at the end, inside `writing`."""
        path = exported.path.with_name(f"{exported.staged.name.id}.parcel")
        self.files.push_async_callback(in_thread, files.remove, path)
        return path

    async def clean_up(self, hurry_seconds: float) -> None:
        """Leave no file behind; when cancelled, do not wait longer than this."""
        task = asyncio.current_task()
        hurry = task is not None and task.cancelling() > 0
        try:
            with suppress(TimeoutError):
                async with (
                    asyncio.timeout(hurry_seconds if hurry else None),
                    self.repository.writing(),
                ):
                    await self.files.aclose()
        finally:
            for staged in self.staged:
                staged.settle()  # unlocked, a file that could not be deleted goes at the next start

    async def _stage(self, trigger: BackupTrigger) -> StagedArchive:
        staged = await self.files.enter_async_context(self.repository.stage(trigger))
        self.staged.append(staged)
        return staged


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[BinaryIO]:
    """Open a file to send it. Raises `StorageError`."""

    def open_it() -> BinaryIO:
        with files.storage_errors(path.parent):
            return path.open("rb")

    file = await in_thread(open_it)
    try:
        yield file
    finally:
        await in_thread(file.close)
