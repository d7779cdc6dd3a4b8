"""Running what blocks in threads, and two things at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from .pihole.shield import log_if_unexpected, shielded, wait_for_end


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
        if (unheard := await wait_for_end(task, None)) is not error:
            log_if_unexpected(unheard)
        raise


async def in_thread[**P, T](function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks in a thread; it always ends before this does."""
    return await shielded(asyncio.to_thread(function, *args, **kwargs))
