"""Awaiting work that must not be left unfinished."""

import asyncio
from collections.abc import Coroutine

from .errors import CheckpointError
from .redaction import log_unexpected


async def shielded[T](work: Coroutine[object, object, T], *, grace: float | None = None) -> T:
    """Await `work`; a cancellation of the caller is raised only after the work has ended.

    After a cancellation the work has `grace` more seconds (`None`: no limit). Then it is cancelled,
    too.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        await wait_for_end(task, grace)
        log_if_unexpected(error_of(task))
        raise
    return task.result()


async def wait_for_end[T](task: asyncio.Future[T], grace: float | None) -> bool:
    """Wait until a task has ended, and return whether the caller was cancelled meanwhile.

    The task is cancelled after `grace` seconds (`None`: never). The caller raises its own
    cancellation afterwards.
    """
    was_cancelled = False
    loop = asyncio.get_running_loop()
    until = None if grace is None else loop.time() + grace
    while not task.done():
        left = None if until is None else until - loop.time()
        if left is not None and left <= 0:
            task.cancel()
        try:
            await asyncio.wait([task], timeout=left if left is None or left > 0 else None)
        except asyncio.CancelledError:
            was_cancelled = True
    return was_cancelled


def error_of[T](task: asyncio.Future[T]) -> BaseException | None:
    """Return the error with which a task has ended, but not a cancellation."""
    return None if task.cancelled() else task.exception()


def log_if_unexpected(error: BaseException | None) -> None:
    """Log an error that is raised to no caller, unless it is one that can be expected."""
    if error is not None and not isinstance(error, CheckpointError | OSError):
        log_unexpected(error)
