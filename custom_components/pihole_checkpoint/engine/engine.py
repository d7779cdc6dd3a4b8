"""The use cases: what can be done with one Pi-hole and its store."""

import asyncio
from datetime import UTC, datetime
import time
from typing import Final

from .client import PiholeClient, PiholeSession
from .errors import CheckpointError, DeadlineExceeded
from .models import BackupRecord, Trigger, Versions
from .naming import BackupName
from .store import StagedArchive, Store
from .waiting import in_thread

DEADLINE_SECONDS: Final = 60.0
"""For the whole conversation of one backup, from the first packet to the last byte."""
_PROBE_SECONDS = 8.0
_VERSIONS_SECONDS = 5.0


class Engine:
    """Backs up one Pi-hole, one backup at a time."""

    def __init__(
        self, client: PiholeClient, store: Store, *, deadline: float = DEADLINE_SECONDS
    ) -> None:
        self._client = client
        self._store = store
        self._deadline = deadline
        self._backing_up = asyncio.Lock()
        self._using_store = asyncio.Lock()
        self.records: tuple[BackupRecord, ...] = ()
        """The backups as last seen, the newest first."""

    async def open(self) -> None:
        """Make the store ready; call it once, before anything else. Raises `StorageError`."""
        await in_thread(self._store.prepare)

    async def refresh(self) -> None:
        """Look at the folder again, for what came and went by hand. Raises `StorageError`."""
        async with self._using_store:
            self.records = await in_thread(self._store.list)

    async def is_reachable(self) -> bool:
        """Ask whether the Pi-hole answers, without a login."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._client.probe()
        except CheckpointError, TimeoutError:
            return False
        return True

    async def back_up(self, trigger: Trigger) -> BackupRecord:
        """Export, verify and store: a `CheckpointError`, or a backup that is safe on the disk."""
        async with self._backing_up:
            name = BackupName.new(datetime.now(UTC), trigger)
            started = time.monotonic()
            staged = await in_thread(self._store.stage, name)
            try:
                versions = await self._receive(staged)
                await in_thread(staged.verify)
                record = BackupRecord(
                    id=name.id,
                    filename=name.filename,
                    file_size=staged.size,
                    sha256=staged.sha256,
                    created_at=name.created_at,
                    trigger=trigger,
                    duration=round(time.monotonic() - started, 3),
                    versions=versions,
                )
                async with self._using_store:
                    await in_thread(self._store.commit, staged, record)
                    self.records = self._store.records
            finally:
                await in_thread(staged.discard)
            return record

    async def _receive(self, staged: StagedArchive) -> Versions:
        """Have the whole conversation, within its deadline."""

        async def write(chunk: bytes) -> None:
            await in_thread(staged.write, chunk)

        try:
            async with (
                asyncio.timeout(self._deadline) as deadline,
                self._client.session() as session,
            ):
                await session.export(write)
                deadline.reschedule(None)  # the archive is here: nothing that follows may lose it
                return await _versions(session)
        except TimeoutError as error:
            raise DeadlineExceeded(seconds=f"{self._deadline:g}") from error


async def _versions(session: PiholeSession) -> Versions:
    """Ask for the versions; a Pi-hole that does not tell them is backed up all the same."""
    try:
        async with asyncio.timeout(_VERSIONS_SECONDS):
            return await session.versions()
    except CheckpointError, TimeoutError:
        return Versions()
