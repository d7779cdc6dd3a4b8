"""Time that passes at once while nothing happens, and as ever while something does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Final

from freezegun import freeze_time
from freezegun.api import (
    FrozenDateTimeFactory,
    StepTickTimeFactory,
    TickingDateTimeFactory,
)

from homeassistant.util.async_ import get_scheduled_timer_handles

_JUST_AFTER: Final = timedelta(milliseconds=2)
"""The clocks have microseconds, and a timer is never early."""
_TICK: Final = 0.05
_PATIENT_TICKS: Final = 6
_HURRY: Final = timedelta(seconds=1)
_STEP: Final = timedelta(seconds=0.5)


type _Clock = FrozenDateTimeFactory | StepTickTimeFactory | TickingDateTimeFactory


class Time:
    """The time of everything in this process: of the loop's timers, too."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self._is_over = Event()
        self._ticks = 0

    def jump(self, span: timedelta) -> None:
        """Let it be later at once; what should have happened meanwhile is late."""
        self._clock.move_to(datetime.now(UTC) + span)
        self._ticks = 0

    async def race(self, span: timedelta) -> None:
        """Let it pass fast, but so that all happens in its order."""
        end = datetime.now(UTC) + span
        while datetime.now(UTC) < end:
            self.jump(_STEP)
            await asyncio.sleep(0.005)

    async def pass_until(self, moment: datetime, settle: Callable[[], Awaitable[None]]) -> None:
        """Let each timer run when it is due, and let what it began come to its end."""
        while (now := datetime.now(UTC)) < moment:
            due = moment - now
            if timers := _seconds_to_timers():
                due = min(due, max(timedelta(seconds=min(timers)), timedelta(0)))
            self.jump(due + _JUST_AFTER)
            await asyncio.sleep(0)
            await settle()

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Let it pass twenty times as fast where one thing takes long, as waiting for an answer."""
        loop = asyncio.get_running_loop()

        def hurry() -> None:
            ticks, self._ticks = self._ticks, self._ticks + 1
            if ticks >= _PATIENT_TICKS:
                self.jump(_HURRY)
                self._ticks = ticks

        def watch() -> None:
            while not self._is_over.wait(_TICK):  # of real seconds
                loop.call_soon_threadsafe(hurry)

        thread = Thread(target=watch, name="hurrying")
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()


def _seconds_to_timers() -> list[float]:
    loop = asyncio.get_running_loop()
    now = loop.time()
    return [it.when() - now for it in get_scheduled_timer_handles(loop) if not it.cancelled()]


@contextmanager
def time_from(moment: datetime) -> Iterator[Time]:
    """Have a time of our own, from a moment on."""
    with freeze_time(moment, tick=True) as clock:
        time = Time(clock)
        with time.hurrying():
            yield time
