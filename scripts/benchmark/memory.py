"""How much more memory a backup takes the larger its archive is."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC
from functools import partial
import gc
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
import tracemalloc
from typing import Final

import aiohttp
from yarl import URL

from custom_components.pihole_checkpoint.engine.backup import back_up
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from pihole_simulator import Pihole

from .archives import restless, with_domains, with_files
from .measuring import Figure
from .surroundings import simulated

_SIZES: Final = (1, 10, 50)
_DOMAINS: Final = (1_000, 10_000, 50_000)
_MB: Final = 1_000_000
_FILES_GOAL: Final = 8.0
_DOMAINS_GOAL: Final = 128.0


def measure() -> Sequence[Figure]:
    """Back up twice, so that there is something to compare with, and read the archive again."""
    by_size = {f"{size} MB": _grown(partial(with_files, size)) for size in _SIZES}
    by_domains = {f"{number} domains": _grown(partial(with_domains, number)) for number in _DOMAINS}
    return [
        _figure("memory: files", _FILES_GOAL, by_size),
        _figure("memory: domains", _DOMAINS_GOAL, by_domains),
    ]


def _figure(name: str, goal: float, grown: dict[str, tuple[float, float]]) -> Figure:
    sizes = ", ".join(
        f"{what} {peak:.1f} ({of_python:.1f})" for what, (peak, of_python) in grown.items()
    )
    return Figure(
        name=name,
        value=max(peak for peak, _ in grown.values()),
        unit="MB",
        goal=goal,
        detail=f"at most, above what a small one takes (in brackets Python's part): {sizes}",
    )


def _grown(make: Callable[[], Pihole]) -> tuple[float, float]:
    """Tell by how many MB a fresh process grows at most, and by how many Python's own objects."""
    grown = []
    with simulated(restless) as small, simulated(make) as large:
        for how in (_growth, _growth_of_python):
            with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
                grown.append(fresh.submit(how, small, large).result())
    peak, of_python = grown
    return peak, of_python


def _growth(small: str, large: str) -> float:
    with TemporaryDirectory() as name:
        asyncio.run(_use(Path(name, "small"), small))
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")  # the peak is what it is now
        before = _resident("VmRSS")
        asyncio.run(_use(Path(name, "large"), large))
        return (_resident("VmHWM") - before) / _MB


def _growth_of_python(small: str, large: str) -> float:
    with TemporaryDirectory() as name:
        asyncio.run(_use(Path(name, "small"), small))
        gc.collect()
        tracemalloc.start()
        asyncio.run(_use(Path(name, "large"), large))
        return tracemalloc.get_traced_memory()[1] / _MB


async def _use(folder: Path, url: str) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        client, repository = PiholeClient(http, URL(url), ""), Repository(folder, lambda: UTC)
        await repository.open(None)
        await back_up(client, repository, BackupTrigger.BUTTON, deadline=300)
        record = await back_up(client, repository, BackupTrigger.BUTTON, deadline=300)
        await repository.verify(record.id)


def _resident(kind: str) -> int:
    """Read from what Linux tells of this process, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == kind:
            return int(value.split()[0]) * 1024
    raise ValueError(f"Linux does not tell {kind}")
