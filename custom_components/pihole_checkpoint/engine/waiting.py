"""Waiting for what must not be left halfway."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from .errors import CheckpointError
from .unexpected import log_unexpected


async def to_the_end[T](work: Coroutine[object, object, T], *, grace: float | None = None) -> T:
    """Await `work`, and when cancelled meanwhile, let it end first and be cancelled then.

    After a cancellation the work has `grace` more seconds (`None`: as long as it takes), and is
    cancelled itself when they are over.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        _log_bug(await _let_end(task, grace))
        raise
    return task.result()


@asynccontextmanager
async def beside[T](work: Coroutine[object, object, T]) -> AsyncIterator[asyncio.Future[T]]:
    """Have `work` done beside what is in the context, which ends after it; its result may be left.

    When the context is left with an error, nobody waits for what has not begun.
    """
    task = asyncio.ensure_future(work)
    try:
        yield task
        await asyncio.wait([task])
    except BaseException as error:
        task.cancel()
        if (unheard := await _let_end(task, None)) is not error:
            _log_bug(unheard)
        raise


async def _let_end[T](task: asyncio.Future[T], grace: float | None) -> BaseException | None:
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


def _log_bug(error: BaseException | None) -> None:
    """Log an error that no caller hears of, unless it is one that may well happen."""
    if error is not None and not isinstance(error, CheckpointError | OSError):
        log_unexpected(error)


async def in_thread[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks in a thread; it always ends before this does."""
    return await to_the_end(asyncio.to_thread(function, *args, **kwargs))
