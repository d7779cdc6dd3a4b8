"""What is measured with: simulated Pi-holes, and a Home Assistant, each in a process of its own.

So nobody waits for another's event loop, and neither for that of whoever measures.
"""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import secrets
import sys
from tempfile import TemporaryDirectory

from aiohttp import ClientSession

from scripts.demo_home import arranging
from scripts.demo_home.api import Api
from scripts.demo_home.arranging import Target
from scripts.demo_home.dashboard import Entities
from scripts.demo_home.home import ROOT, Home

_PORT = 18123

LOGIN_COST = 0.05
"""Seconds that a real Pi-hole hashes for each password that it compares."""
EXPORT_COST = 0.005
"""Seconds; with what the simulation itself needs, this is what a real one takes on a PC."""


@asynccontextmanager
async def simulated_piholes(count: int, *options: str) -> AsyncIterator[list[Target]]:
    """Simulate Pi-holes that take their time, and hold something else with each export."""
    password = secrets.token_urlsafe(24)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.simulator", "--port", "0", "--count", str(count), "--restless"),
        *("--login-cost", str(LOGIN_COST), "--export-cost", str(EXPORT_COST)),
        *("--password", password),
        *options,
        cwd=ROOT,
        stdout=PIPE,
    )
    try:
        if process.stdout is None:
            raise ValueError("there is nothing to read its addresses from")
        lines = [await process.stdout.readline() for _ in range(count)]
        yield [Target(url=line.decode().strip(), password=password) for line in lines]
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """A Pi-hole in Home Assistant."""

    entry_id: str
    entities: Entities


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A Home Assistant with Pi-holes in it."""

    home: Home
    api: Api
    piholes: Sequence[Added]

    async def restart(self) -> None:
        """Stop it, start it again, and wait until all of it has started."""
        await self.home.stop()
        await self.home.start()
        await arranging.wait_until_up(self.home, self.api)
        await arranging.wait_until_running(self.api)


@asynccontextmanager
async def home_with(targets: Sequence[Target]) -> AsyncIterator[World]:
    """Run a Home Assistant, and add the Pi-holes as a user does."""
    with TemporaryDirectory() as folder:
        async with ClientSession() as http, Home(_PORT, Path(folder)) as home:
            api = Api(http, home.url)
            await arranging.wait_until_up(home, api)
            await arranging.onboard(api)
            piholes = []
            for target in targets:
                entry = await arranging.add_pihole(api, target)
                entities = await arranging.find_entities(api, entry)
                piholes.append(Added(entry_id=entry["entry_id"], entities=entities))
            yield World(home=home, api=api, piholes=piholes)
