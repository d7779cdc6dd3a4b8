"""Making a backup."""

import asyncio
import time

from .aio import beside
from .errors import StorageError
from .export import DEADLINE_SECONDS, Report, receive, report_nothing
from .models import BackupRecord, BackupTrigger, Stage
from .pihole.client import PiholeClient
from .repository.repository import Repository


async def back_up(  # noqa: PLR0913 - the last three have usual values
    client: PiholeClient,
    repository: Repository,
    trigger: BackupTrigger,
    *,
    skip_unchanged: bool = False,
    deadline: float = DEADLINE_SECONDS,
    report: Report = report_nothing,
) -> BackupRecord:
    """Export, verify and store: return a backup that is safe on the disk.

    With `skip_unchanged`, when the current backup holds the same, that one is confirmed and
    returned instead. Raises a `CheckpointError`; nothing is stored then. A cancellation that comes
    too late to prevent the backup is not raised.
    """
    async with repository.writing(), repository.stage(trigger) as staged:
        started = time.monotonic()
        # The new backup is compared with the current one, which is read while the Pi-hole works.
        async with beside(repository.read_previous()) as reading:
            versions, contents = await receive(client, staged, deadline=deadline, report=report)
        try:
            previous = await reading
        except StorageError:
            previous = None  # the commit meets the same error, and reports it
        record = staged.record(versions, duration=round(time.monotonic() - started, 3))
        report(Stage.STORING, "")
        try:
            return await repository.commit(
                staged, record, contents, skip_unchanged=skip_unchanged, previous=previous
            )
        except asyncio.CancelledError:
            # What is on the disk counts: a backup that was stored meanwhile has not failed.
            if (stored := repository.stored(record)) is None:
                raise
            return stored
