"""What is measured with: simulated Pi-holes, and a Home Assistant, each in a process of its own.

So nobody waits for another's event loop, and neither for that of the measuring process.
"""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
import secrets
import signal
import sys
from tempfile import TemporaryDirectory

from scripts.demo_home import arranging
from scripts.demo_home.arranging import Target
from scripts.demo_home.dashboard import Entities
from scripts.demo_home.home import ROOT
from scripts.in_browser.house import House, house

_LOGIN_COST = 0.05
"""Seconds that a real Pi-hole hashes for each password that it compares."""
_EXPORT_COST = 0.005
"""Seconds; with what the simulation itself needs, this is what a real one takes on a PC."""
_ALL_IS_WELL = "0 logins refused, 0 sessions left open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piholes:
    """Simulated ones."""

    targets: Sequence[Target]
    process: Process

    @contextmanager
    def struck_dumb(self) -> Iterator[None]:
        """Let them take connections and answer nothing, as long as the context lasts."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def simulated_piholes(
    count: int, *options: str, with_app_password: bool = False
) -> AsyncIterator[Piholes]:
    """Simulate Pi-holes that take their time, and hold something else with each export.

    Raises `ValueError` when they have refused a login, or were left with an open session: then
    something else was measured than was meant.
    """
    password = secrets.token_urlsafe(24)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "pihole_simulator", "--port", "0", "--count", str(count), "--restless"),
        *("--login-cost", str(_LOGIN_COST), "--export-cost", str(_EXPORT_COST)),
        *("--app-password" if with_app_password else "--password", password),
        *options,
        cwd=ROOT,
        stdout=PIPE,
    )
    try:
        lines = [await _line(process) for _ in range(count)]
        yield Piholes(
            targets=[Target(url=line, password=password) for line in lines], process=process
        )
    except BaseException:
        process.kill()
        await process.wait()
        raise
    process.terminate()
    last_line = await _line(process)
    await process.wait()
    if last_line != _ALL_IS_WELL:
        raise ValueError(f"the simulated Pi-holes say: {last_line}")


async def _line(process: Process) -> str:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    return (await process.stdout.readline()).decode().strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """A Pi-hole in Home Assistant."""

    entry_id: str
    entities: Entities


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A Home Assistant with Pi-holes in it."""

    house: House
    piholes: Sequence[Added]


@asynccontextmanager
async def home_with(targets: Sequence[Target]) -> AsyncIterator[World]:
    """Run a Home Assistant, and add the Pi-holes as a user does."""
    with TemporaryDirectory() as folder:
        async with house(Path(folder)) as built:
            piholes = []
            for target in targets:
                entry = await arranging.add_pihole(built.api, target)
                entities = await arranging.find_entities(built.api, entry)
                piholes.append(Added(entry_id=entry["entry_id"], entities=entities))
            yield World(house=built, piholes=piholes)
