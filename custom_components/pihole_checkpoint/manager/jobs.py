"""What is running with one Pi-hole, each job as a task of its own.

Callers await a job's result; cancelling a caller does not cancel the job. A job that is cancelled
logs out before it ends.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from contextlib import AbstractContextManager
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..engine.errors import Stopping
from ..engine.pihole.errors import CheckpointError
from ..exceptions import translated


class Jobs:
    """The jobs of one Pi-hole."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        catch_unexpected: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._hass: Final = hass
        self._entry: Final = entry
        self._catch_unexpected: Final = catch_unexpected
        self._tasks: dict[asyncio.Task[object], bool] = {}
        """Each job, with whether it goes on when the others are cancelled."""
        self.cancelled_by: CheckpointError = Stopping()
        """Why jobs are cancelled, when they are."""
        self.have_stopped = False
        """Whether no job may begin any more."""

    def start[T](
        self, job: Coroutine[object, object, T], name: str, *, lasting: bool = False
    ) -> asyncio.Task[T]:
        """Begin a job; a `lasting` one only ends early at a stop. Raises `Stopping`."""
        if self.have_stopped:
            job.close()
            raise Stopping
        # Not a task of the entry: `stop` ends it, and knows for how long to wait.
        task = self._hass.async_create_background_task(
            self._run(job), f"{DOMAIN} {self._entry.title} {name}"
        )
        self._tasks[task] = lasting
        task.add_done_callback(self._done)
        return task

    async def _run[T](self, job: Coroutine[object, object, T]) -> T:
        """Log what is unexpected, although no caller may be left."""
        try:
            with self._catch_unexpected():
                return await job
        finally:
            job.close()  # when it has not even begun

    async def result[T](self, task: asyncio.Task[T]) -> T:
        """Await a job, and return its result, or raise its error as a `HomeAssistantError`."""
        try:
            await asyncio.wait([task])
            return task.result()
        except CheckpointError as error:
            raise translated(error) from error
        except asyncio.CancelledError:
            if not task.cancelled() or _is_being_cancelled():
                raise
            raise translated(self.cancelled_by) from None

    async def cancel(self, reason: CheckpointError) -> None:
        """Cancel jobs that do not last, and wait until they have cleaned up and logged out."""
        await self._end([task for task, lasting in self._tasks.items() if not lasting], reason)

    async def stop(self) -> None:
        """Let no job begin any more, and cancel all that are running."""
        self.have_stopped = True
        await self._end(list(self._tasks), Stopping())

    async def _end(self, tasks: Collection[asyncio.Task[object]], reason: CheckpointError) -> None:
        if tasks:
            self.cancelled_by = reason
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def _done(self, task: asyncio.Task[object]) -> None:
        del self._tasks[task]
        # The error is logged already; when no caller is left, asyncio would log it again.
        if not task.cancelled():
            task.exception()


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
