"""Home Assistant's real core in this process, on one folder, from start to start."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
import logging
from pathlib import Path
from typing import override
from unittest.mock import patch

from aiohttp import ThreadedResolver
from pytest_homeassistant_custom_component.common import async_test_home_assistant

import custom_components  # noqa: F401 - before Home Assistant looks for its own folder of that name
from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.components.http import HomeAssistantHTTP
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.helpers import aiohttp_client
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from homeassistant.util.async_ import get_scheduled_timer_handles

_COMPONENTS = ("homeassistant", DOMAIN)


class _Resolver(ThreadedResolver):
    """Home Assistant's own would also ask the network around."""

    real_close = ThreadedResolver.close


class Core:
    """Home Assistant on one folder: what is in memory goes with each stop, like a process."""

    def __init__(self, folder: Path, hear: Callable[[Event], None]) -> None:
        self._folder = folder
        self._hear = hear
        self._running = AsyncExitStack()
        self._hass: HomeAssistant | None = None

    @property
    def hass(self) -> HomeAssistant:
        """The one that is running."""
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
        for component in _COMPONENTS:
            if not await async_setup_component(hass, component, {}):
                raise ValueError(f"{component} cannot be set up")
        await self.settle()
        hass.set_state(CoreState.running)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await self.settle()

    async def stop(self) -> None:
        """Stop it as a user does; what would run later goes, as it does with a process."""
        await self.hass.async_stop(force=True)
        await self._running.aclose()
        self._hass = None
        for timer in get_scheduled_timer_handles(asyncio.get_running_loop()):
            if is_home_assistants(timer):
                timer.cancel()
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Wait until all that was begun has come to its end."""
        if self._hass is not None:
            await self._hass.async_block_till_done(wait_background_tasks=True)


def is_home_assistants(timer: asyncio.TimerHandle) -> bool:
    """Tell whether a timer is Home Assistant's or ours, and not the simulators'."""
    called = timer._callback  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio tells it nowhere
    return str(getattr(called, "__module__", "")).startswith(("homeassistant", "custom_components"))


@callback
def _make_resolver(_hass: HomeAssistant) -> _Resolver:
    """Make one without remembering for whom, as a mock does."""
    return _Resolver()


async def _listen_nowhere(_server: HomeAssistantHTTP) -> None:
    """Leave Home Assistant's port to others: nobody here asks for its pages."""


@asynccontextmanager
async def core_on(folder: Path, hear: Callable[[Event], None]) -> AsyncIterator[Core]:
    """Have a Home Assistant, and none afterwards."""
    core = Core(folder, hear)
    with (
        patch.object(aiohttp_client, "_async_make_resolver", _make_resolver),
        patch.object(HomeAssistantHTTP, "async_bind", _listen_nowhere),
        patch.object(HomeAssistantHTTP, "start", _listen_nowhere),
    ):
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
        """Keep it, but not what it speaks of: that would be growth."""
        record.msg, record.args, record.exc_info = self.format(record), None, None
        self.records.append(record)
