"""What is under way with one Pi-hole, each as a task of its own.

Whoever asked for it waits; one who stops waiting takes it from nobody else. All of it can be called
off, and has logged out then.
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
    """What is under way with one Pi-hole."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        catch_unexpected: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._hass: Final = hass
        self._entry: Final = entry
        self._unexpected_told: Final = catch_unexpected
        self._tasks: dict[asyncio.Task[object], bool] = {}
        """Whether each is to be let go on when others are called off."""
        self.cancelled_by: CheckpointError = Stopping()
        """Why they are called off, when they are."""
        self.have_stopped = False
        """Whether none may begin any more."""

    def start[T](
        self, job: Coroutine[object, object, T], name: str, *, lasting: bool = False
    ) -> asyncio.Task[T]:
        """Begin; a `lasting` one only ends early at a stop. Raises `Stopping`."""
        if self.have_stopped:
            job.close()
            raise Stopping
        task = self._entry.async_create_background_task(
            self._hass, self._run(job), f"{DOMAIN} {self._entry.title} {name}"
        )
        self._tasks[task] = lasting
        task.add_done_callback(self._done)
        return task

    async def _run[T](self, job: Coroutine[object, object, T]) -> T:
        """Let nothing unexpected vanish, although the caller may be gone."""
        try:
            with self._unexpected_told():
                return await job
        finally:
            job.close()  # when it has not even begun

    async def result[T](self, task: asyncio.Task[T]) -> T:
        """Wait for one, and give its result or its error in Home Assistant's words."""
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
        """End what may be called off, with nothing half done here and no session on the Pi-hole."""
        await self._end([task for task, lasting in self._tasks.items() if not lasting], reason)

    async def stop(self) -> None:
        """Let none begin any more, and end what is running."""
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
        # When no caller is left, asyncio would complain about an error that is told already.
        if not task.cancelled():
            task.exception()


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
