"""Running blocking functions in threads, and two things at the same time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from .pihole.cancellation import error_of, log_if_unexpected, shielded, wait_for_end


@asynccontextmanager
async def beside[T](work: Coroutine[object, object, T]) -> AsyncIterator[asyncio.Future[T]]:
    """Run `work` while the body of the context runs, and leave the context when both have ended.

    The result of the work is in the yielded future. If the body raises, the work is cancelled, and
    its own error is only logged. A cancellation while the work ends is raised instead of the error.
    """
    task = asyncio.ensure_future(work)
    try:
        yield task
        await asyncio.wait([task])
    except BaseException as error:
        task.cancel()
        was_cancelled = await wait_for_end(task, None)
        if (own_error := error_of(task)) is not error:
            log_if_unexpected(own_error)
        if was_cancelled:
            raise asyncio.CancelledError from error
        raise


async def in_thread[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function in a thread. A cancellation is raised only after it has ended."""
    return await shielded(asyncio.to_thread(function, *args, **kwargs))
