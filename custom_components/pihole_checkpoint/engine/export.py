"""Having a Pi-hole export its archive into a staged file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from .aio import beside, in_thread
from .models import BackupTrigger, Stage
from .pihole.client import PiholeClient, read_versions
from .pihole.errors import CheckpointError, DeadlineExceeded
from .pihole.models import Versions
from .pihole.moment import Moment
from .pihole.session import PiholeSession
from .repository.repository import Repository, known
from .repository.staging import StagedArchive
from .teleporter import limits
from .teleporter.contents import Contents

DEADLINE_SECONDS: Final = 60.0
"""For the whole conversation of one export, from the first packet to the last byte."""

type Report = Callable[[Stage, str], None]
"""Called with what is being done, and how far it is."""


def report_nothing(_stage: Stage, _progress: str) -> None:
    """Be a `Report` for those who do not want one."""


@asynccontextmanager
async def time_limit(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    """Limit a conversation with a Pi-hole. Raises `DeadlineExceeded`."""
    try:
        async with asyncio.timeout(seconds) as timeout:
            yield timeout
    except TimeoutError as error:
        raise DeadlineExceeded(seconds=f"{seconds:g}") from error


async def export(session: PiholeSession, staged: StagedArchive, report: Report) -> None:
    """Write a fresh export into the file. Raises what `PiholeSession.export` does.

    What may be over in a moment is tried again: a restart, or a database that is locked.
    """

    async def write(chunk: bytes) -> None:
        await in_thread(staged.write, chunk)
        report(Stage.EXPORTING, str(staged.size))

    moment = Moment(session.transport.timings)
    while True:
        report(Stage.EXPORTING, "0")
        try:
            return await session.export(write, max_size=limits.DEFAULT.archive)
        except CheckpointError as error:
            await moment.wait_out(error, is_export=True)
        await in_thread(staged.start_over)


async def receive(
    client: PiholeClient, staged: StagedArchive, *, deadline: float, report: Report
) -> tuple[Versions, Contents | None]:
    """Log in, export, log out, and read the archive.

    Only the export has a deadline: nothing that follows may lose an archive that is here. Raises a
    `CheckpointError`.
    """
    report(Stage.CONNECTING, "")
    async with AsyncExitStack() as stack:
        async with time_limit(deadline) as limit, client.session() as session:
            # The Pi-hole answers both at the same time, each on a connection of its own.
            async with beside(read_versions(session)) as versions:
                await export(session, staged, report)
                limit.reschedule(None)
            report(Stage.VERIFYING, "")
            # The archive is read while the session is closed.
            reading = await stack.enter_async_context(beside(in_thread(staged.read)))
        return await versions, await reading


async def read_live(
    client: PiholeClient,
    repository: Repository,
    *,
    deadline: float = DEADLINE_SECONDS,
    report: Report = report_nothing,
) -> Contents:
    """Return what a backup would hold now, and store nothing.

    Raises a `CheckpointError`, such as `ContentsUnknown`.
    """
    async with repository.writing(), repository.stage(BackupTrigger.SERVICE) as staged:
        _, contents = await receive(client, staged, deadline=deadline, report=report)
    return known(contents)
