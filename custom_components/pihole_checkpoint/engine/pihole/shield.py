"""Awaiting work that must not be left halfway."""

import asyncio
from collections.abc import Coroutine

from .errors import CheckpointError
from .redaction import log_unexpected


async def shielded[T](work: Coroutine[object, object, T], *, grace: float | None = None) -> T:
    """Await `work`, and when cancelled meanwhile, let it end first and be cancelled then.

    After a cancellation the work has `grace` more seconds (`None`: as long as it takes), and is
    cancelled itself when they are over.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        log_if_unexpected(await wait_for_end(task, grace))
        raise
    return task.result()


async def wait_for_end[T](task: asyncio.Future[T], grace: float | None) -> BaseException | None:
    """Wait for a task, whatever happens to us meanwhile, and return its error."""
    loop = asyncio.get_running_loop()
    until = None if grace is None else loop.time() + grace
    while not task.done():
        left = None if until is None else until - loop.time()
        if left is not None and left <= 0:
            task.cancel()
        try:
            await asyncio.wait([task], timeout=left if left is None or left > 0 else None)
        except asyncio.CancelledError:
            continue  # told already, and passed on when the work has ended
    return None if task.cancelled() else task.exception()


def log_if_unexpected(error: BaseException | None) -> None:
    """Log an error that no caller hears of, unless it is one that may well happen."""
    if error is not None and not isinstance(error, CheckpointError | OSError):
        log_unexpected(error)
