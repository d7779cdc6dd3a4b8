"""What is under way with one Pi-hole, each as a task of its own.

Whoever asked for it waits; one who stops waiting takes it from nobody else. All of it can be called
off, and has logged out then.
"""

import asyncio
from collections.abc import Coroutine
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .engine.errors import CheckpointError, Stopping
from .errors import translated


class Jobs:
    """What is under way with one Pi-hole."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._hass: Final = hass
        self._entry: Final = entry
        self._tasks: set[asyncio.Task[object]] = set()
        self.called_off_by: CheckpointError = Stopping()
        """Why they are called off, when they are."""
        self.have_stopped = False
        """Whether none may begin any more."""

    def start[T](self, job: Coroutine[object, object, T], name: str) -> asyncio.Task[T]:
        """Begin. Raises `Stopping`."""
        if self.have_stopped:
            job.close()
            raise Stopping
        task = self._entry.async_create_background_task(
            self._hass, job, f"{DOMAIN} {self._entry.title} {name}"
        )
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

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
            raise translated(self.called_off_by) from None

    async def call_off(self, reason: CheckpointError) -> None:
        """End what is running, leaving nothing half done here and no session on the Pi-hole."""
        if self._tasks:
            self.called_off_by = reason
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Let none begin any more, and end what is running."""
        self.have_stopped = True
        await self.call_off(Stopping())

    def _done(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        # When nobody is left who waits for it, its failure is nobody's surprise.
        if not task.cancelled():
            task.exception()


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
