"""Home Assistant's real core in this process, from start to start, and a time that can fly."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
import logging
from pathlib import Path
from threading import Event as ThreadEvent
from threading import Thread
from typing import Final, override

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory, StepTickTimeFactory, TickingDateTimeFactory
from pytest_homeassistant_custom_component.common import async_test_home_assistant

import custom_components  # noqa: F401 - before Home Assistant looks for its own folder of that name
from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from homeassistant.util.async_ import get_scheduled_timer_handles

from . import hooks

_JUST_AFTER: Final = timedelta(milliseconds=2)
"""The clocks have microseconds, and a timer is never early."""
_TICK: Final = 0.05
_PATIENT_TICKS: Final = 6
_HURRY: Final = timedelta(seconds=1)
_STEP: Final = timedelta(seconds=0.5)

type _Clock = FrozenDateTimeFactory | StepTickTimeFactory | TickingDateTimeFactory


class Core:
    """Home Assistant on one folder: what is in memory goes with each stop, as with a process."""

    def __init__(self, folder: Path, hear: Callable[[Event], None]) -> None:
        self._folder = folder
        self._hear = hear
        self._running = AsyncExitStack()
        self._hass: HomeAssistant | None = None

    @property
    def hass(self) -> HomeAssistant:
        if self._hass is None:
            raise ValueError("Home Assistant is not running")
        return self._hass

    async def start(self) -> None:
        """Start it, to the moment at which it says that it has started."""
        self._hass = hass = await self._running.enter_async_context(
            async_test_home_assistant(
                load_registries=False,
                config_dir=str(self._folder),
                initial_state=CoreState.starting,
            )
        )
        del hass.data[DATA_CUSTOM_COMPONENTS]
        await async_load_base_functionality(hass)
        # As Home Assistant itself does, before anything is set up that plans by it.
        await hass.config.async_set_time_zone("Europe/Berlin")
        hass.bus.async_listen(EVENT_BACKUP, self._hear)
        for component in ("homeassistant", DOMAIN):
            if not await async_setup_component(hass, component, {}):
                raise ValueError(f"{component} cannot be set up")
        await self.settle()
        hass.set_state(CoreState.running)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await self.settle()

    async def stop(self) -> None:
        """Stop it as a user does; its timers go, as they do with a process."""
        await self.hass.async_stop(force=True)
        await self._running.aclose()
        self._hass = None
        for timer in get_scheduled_timer_handles(asyncio.get_running_loop()):
            if is_home_assistants(timer):
                timer.cancel()
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Wait until all that has begun has come to its end."""
        if self._hass is not None:
            await self._hass.async_block_till_done(wait_background_tasks=True)


def is_home_assistants(timer: asyncio.TimerHandle) -> bool:
    """Return whether a timer is Home Assistant's or the product's, and not a simulator's."""
    called = timer._callback  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio has no other way
    return str(getattr(called, "__module__", "")).startswith(("homeassistant", "custom_components"))


@asynccontextmanager
async def core_on(folder: Path, hear: Callable[[Event], None]) -> AsyncIterator[Core]:
    """Have a Home Assistant, and none afterwards."""
    core = Core(folder, hear)
    with hooks.home_assistant_offline():
        await core.start()
        try:
            yield core
        finally:
            await core.stop()


class Log(logging.Handler):
    """What is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text, but not the objects that it is about: those would be growth."""
        record.msg, record.args, record.exc_info = self.format(record), None, None
        self.records.append(record)


class Time:
    """The time of everything in this process, also of the loop's timers."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self._is_over = ThreadEvent()
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
        """Let each timer run when it is due, and what it began come to its end."""
        while (now := datetime.now(UTC)) < moment:
            due = moment - now
            loop = asyncio.get_running_loop()
            timers = [
                item.when() - loop.time()
                for item in get_scheduled_timer_handles(loop)
                if not item.cancelled()
            ]
            if timers:
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


@contextmanager
def time_from(moment: datetime) -> Iterator[Time]:
    """Have a time of our own, from a moment on."""
    with freeze_time(moment, tick=True) as clock:
        time = Time(clock)
        with time.hurrying():
            yield time
