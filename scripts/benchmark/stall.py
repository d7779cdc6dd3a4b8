"""For how long Home Assistant's event loop stands still while there is a lot to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
import gc
from pathlib import Path
from tempfile import TemporaryDirectory
import time
from typing import Final

from custom_components.pihole_checkpoint.coordinator import PiholeCheckpointConfigEntry
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.teleporter.diff import compare
from homeassistant.core import HomeAssistant
from pihole_simulator import Pihole

from .archives import with_files
from .measuring import Figure
from .repositories import fill
from .surroundings import home_assistant, repository_in, set_up, simulated

_MEGABYTES: Final = 50
_DOMAINS: Final = 10_000
_BACKUPS: Final = 1_000
_RUNS: Final = 3
_TICK: Final = 0.001
_IDLE_SECONDS: Final = 3.0
_GOAL: Final = 10.0


@dataclass(slots=True)
class _Stall:
    """In seconds, the longest time by which a tick came late."""

    longest: float = 0.0


def measure() -> Sequence[Figure]:
    """Give the least of a few runs: another program's turn on the processor is not our stall."""
    with TemporaryDirectory() as name, simulated(_large) as url:
        folder = Path(name)
        fill(repository_in(folder, "many"), _BACKUPS, Pihole.example())
        return asyncio.run(_measure(folder, url))


def _large() -> Pihole:
    pihole = with_files(_MEGABYTES)
    for index in range(_DOMAINS):
        pihole.add_domain(f"host-{index}.example.net", comment=f"domain {index}")
    return pihole


async def _measure(folder: Path, url: str) -> Sequence[Figure]:
    async with home_assistant(folder) as hass:
        large = await set_up(hass, url, "large")
        idle = await _stalls(lambda: asyncio.sleep(_IDLE_SECONDS))
        working = await _stalls(lambda: _work(large))
        many = await set_up(hass, url, "many")
        loading = await _stalls(lambda: _load(hass, many))
        collection = _set_apart_what_there_is()
    return [
        _figure(
            "stall: large archive",
            f"an archive of {_MEGABYTES} MB with {_DOMAINS} domains "
            "backed up, verified and compared",
            working,
            idle,
            collection,
        ),
        _figure(
            "stall: many backups",
            f"a repository of {_BACKUPS} backups loaded",
            loading,
            idle,
            collection,
        ),
    ]


async def _stalls(work: Callable[[], Awaitable[None]]) -> Sequence[float]:
    stalls = []
    for _ in range(_RUNS):
        _set_apart_what_there_is()
        async with _ticking() as stall:
            await work()
        stalls.append(stall.longest)
    return stalls


def _figure(
    name: str, what: str, stalls: Sequence[float], idle: Sequence[float], collection: float
) -> Figure:
    times = ", ".join(f"{stall * 1000:.1f}" for stall in stalls)
    return Figure(
        name=name,
        value=(min(stalls) - min(idle)) * 1000,
        unit="ms",
        goal=_GOAL,
        detail=f"{what}: no tick came later than {times} ms (one figure for each run); of an idle "
        f"loop {min(idle) * 1000:.1f} ms, which are taken off. Apart from it: a whole collection "
        f"of Python's garbage in Home Assistant takes {collection * 1000:.0f} ms, started by any "
        "code",
    )


async def _work(entry: PiholeCheckpointConfigEntry) -> None:
    manager = entry.runtime_data.manager
    before = await manager.async_back_up(BackupTrigger.BUTTON)
    after = await manager.async_back_up(BackupTrigger.BUTTON)
    await manager.async_verify(after.id)
    old, new = [await manager.async_read(item.id) for item in (before, after)]
    if not await asyncio.to_thread(compare, old, new):
        raise ValueError("the archives are the same")


async def _load(hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> None:
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    if len(entry.runtime_data.data.records) != _BACKUPS:
        raise ValueError("the repository is not what it was")


def _set_apart_what_there_is() -> float:
    """Let Python's garbage collector only look at what is made from now on.

    Now and then it looks at everything in Home Assistant, which nothing else can be done during.
    Any work may set that off, so it would be a stall of chance. Gives the seconds that it takes.
    """
    gc.unfreeze()
    gc.collect()
    started = time.perf_counter()
    gc.collect()
    taken = time.perf_counter() - started
    gc.freeze()
    return taken


@asynccontextmanager
async def _ticking() -> AsyncIterator[_Stall]:
    """Have a task that wakes up again and again, and note how late it is."""
    stall = _Stall()

    async def tick() -> None:
        while True:
            due = time.perf_counter() + _TICK
            await asyncio.sleep(_TICK)
            stall.longest = max(stall.longest, time.perf_counter() - due)

    task = asyncio.create_task(tick())
    try:
        await asyncio.sleep(_TICK)
        yield stall
    finally:
        task.cancel()
