"""A Home Assistant in this process, and a Pi-hole in another: its work is not to be measured."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from unittest.mock import patch

from aiohttp.resolver import ThreadedResolver
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

import custom_components  # noqa: F401 - before Home Assistant looks for its own folder of that name
from custom_components.pihole_checkpoint.const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from custom_components.pihole_checkpoint.coordinator import PiholeCheckpointConfigEntry
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pihole_simulator import Pihole, Simulator


class _Resolver(ThreadedResolver):
    async def real_close(self) -> None:
        """Be closed by Home Assistant, which keeps others from it."""
        await self.close()


@contextmanager
def simulated(make: Callable[[], Pihole]) -> Iterator[str]:
    """Have a Pi-hole without a password in a process of its own, and give its URL."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe()
    process = context.Process(target=_simulate, args=(make, sender), daemon=True)
    process.start()
    try:
        url: str = receiver.recv()
        yield url
    finally:
        process.terminate()
        process.join()


def _simulate(make: Callable[[], Pihole], pipe: Connection) -> None:
    async def serve() -> None:
        async with Simulator(password="", pihole=make()) as simulator:
            pipe.send(simulator.url)
            await asyncio.Event().wait()

    asyncio.run(serve())


@asynccontextmanager
async def home_assistant(folder: Path) -> AsyncIterator[HomeAssistant]:
    """Have one with its configuration in that folder, where nothing but our entries is set up."""
    # Home Assistant's own resolver would look around in the network.
    resolver = patch(
        "homeassistant.helpers.aiohttp_client._async_make_resolver",
        side_effect=lambda _: _Resolver(),
    )
    with resolver:
        async with async_test_home_assistant(config_dir=str(folder)) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            try:
                yield hass
            finally:
                for entry in hass.config_entries.async_loaded_entries(DOMAIN):
                    await hass.config_entries.async_unload(entry.entry_id)
                await hass.async_stop(force=True)


def repository_in(folder: Path, name: str) -> Path:
    """Return the folder of an entry's repository, given Home Assistant's own folder."""
    return folder / DOMAIN / name


async def set_up(
    hass: HomeAssistant, url: str, name: str, **options: object
) -> PiholeCheckpointConfigEntry:
    """Add a Pi-hole, as a user does."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=name,
        data={
            CONF_URL: url,
            CONF_VERIFY_SSL: True,
            CONF_PASSWORD: "",
            CONF_FOLDER: name,
            CONF_VERSIONS: {"core": None, "web": None, "ftl": None},
        },
        options=options,
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"{name} was not set up: {entry.reason}")
    return entry
