"""Sessions that are open, or could not be closed at once."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager

from .cancellation import error_of, log_if_unexpected


class Closing:
    """Closes sessions in the background while their Pi-hole is away, as during its restart.

    The work that a session was opened for does not wait for this, and has its result already.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.Future[None]] = set()

    @contextmanager
    def session(self) -> Iterator[None]:
        """Let `end` wait for a session, from before its login until after its logout."""
        ended = asyncio.get_running_loop().create_future()
        self._open.add(ended)
        try:
            yield
        finally:
            self._open.discard(ended)
            ended.set_result(None)

    def begin(self, work: Coroutine[object, object, None]) -> None:
        """Go on with `work` in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def end(self, seconds: float) -> None:
        """Wait this long until all sessions are closed, and give up those that still are not.

        Those that are open end by themselves, and have this time before.
        """
        if self._open:
            await asyncio.wait(set(self._open), timeout=seconds)
        if not (tasks := set(self._tasks)):
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        log_if_unexpected(error_of(task))
