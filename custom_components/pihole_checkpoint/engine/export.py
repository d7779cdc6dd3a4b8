"""Having an archive made by the Pi-hole, into a file of the store that goes again if not kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
import logging

from .aio import in_thread
from .errors import StorageError
from .models import BackupTrigger, Stage
from .pihole.client import PiholeSession
from .pihole.errors import DeadlineExceeded
from .repository.naming import BackupName
from .repository.repository import Repository
from .repository.staging import StagedArchive
from .teleporter.archive import MAX_ARCHIVE_SIZE

_LOGGER = logging.getLogger(__name__)

type Report = Callable[[Stage, str], None]
"""Told what is being done, and how far it is."""


class Intake:
    """Takes in the archives of one Pi-hole."""

    def __init__(self, store: Repository, deadline: float, report: Report) -> None:
        self._store = store
        self._deadline = deadline
        self._report = report

    @asynccontextmanager
    async def staged(
        self, trigger: BackupTrigger
    ) -> AsyncIterator[tuple[StagedArchive, BackupName]]:
        """Have a file for an archive; when the context ends, what was not committed goes."""
        name = BackupName.new(datetime.now(UTC), trigger)
        staged = self._store.stage(name)
        try:
            await in_thread(self._store.check)
            await in_thread(staged.open)
            yield staged, name
        finally:
            await discard(staged)

    @asynccontextmanager
    async def deadline(self) -> AsyncIterator[asyncio.Timeout]:
        """Have a time limit for a conversation. Raises `DeadlineExceeded`."""
        try:
            async with asyncio.timeout(self._deadline) as timeout:
                yield timeout
        except TimeoutError as error:
            raise DeadlineExceeded(seconds=f"{self._deadline:g}") from error

    async def export(self, session: PiholeSession, staged: StagedArchive) -> None:
        """Let the Pi-hole export into the file. Raises what `PiholeSession.export` does."""

        async def write(chunk: bytes) -> None:
            await in_thread(staged.write, chunk)
            self._report(Stage.EXPORTING, str(staged.size))

        self._report(Stage.EXPORTING, "0")
        await session.export(write, max_size=MAX_ARCHIVE_SIZE)


async def discard(staged: StagedArchive) -> None:
    """Leave nothing behind of what was not committed."""
    try:
        await in_thread(staged.discard)
    except StorageError as error:
        # The next start clears it away; what came of the backup is not changed by it.
        _LOGGER.warning("%s could not be deleted: %r", staged.path, error)
