"""What a repository costs by its number of backups: its set-up, a poll, and one more backup."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC
import gc
import json
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
import time
from typing import Final

from custom_components.pihole_checkpoint.coordinator import PiholeCheckpointCoordinator
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.engine.repository import commit
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.options import SECTION_RETENTION
from pihole_simulator import Pihole

from .archives import restless
from .measuring import Figure, side_by_side
from .repositories import fill
from .surroundings import home_assistant, repository_in, set_up, simulated

_SIZES: Final = (10, 100, 1_000, 10_000)
_GOAL_SIZE: Final = 1_000
"""The number of backups for which the goals are; more than that only have to work."""
_RUNS: Final = 7
_RUNS_OF_SET_UP: Final = 5

type _Coordinators = Mapping[int, PiholeCheckpointCoordinator]


def measure() -> Sequence[Figure]:
    """Have a repository of each size, for a Pi-hole that exports something else each time."""
    with TemporaryDirectory() as name, simulated(restless) as url:
        folder = Path(name)
        for size in _SIZES:
            fill(repository_in(folder, str(size)), size, Pihole.example())
        set_ups = [_set_up(repository_in(folder, str(size))) for size in _SIZES]
        polls, backups = asyncio.run(_use(folder, url))
    return [
        Figure(
            name="scale: set-up",
            value=set_ups[_SIZES.index(_GOAL_SIZE)][0] / set_ups[_SIZES.index(_GOAL_SIZE)][1],
            unit="x",
            goal=2.5,
            detail="read, checked and listed, and in brackets the folder listed and its records "
            "read by json.loads: "
            + ", ".join(
                f"{size} in {taken * 1000:.1f} ({least * 1000:.1f}) ms"
                for size, (taken, least) in zip(_SIZES, set_ups, strict=True)
            ),
        ),
        _growth("scale: poll", "a poll that finds nothing new", polls, goal=5.0),
        _growth(
            "scale: backup", "one more backup, for which the oldest one goes", backups, goal=2.0
        ),
    ]


def _growth(name: str, what: str, seconds: Mapping[int, float], *, goal: float) -> Figure:
    times_by_size = ", ".join(f"{size}: {taken * 1000:.1f} ms" for size, taken in seconds.items())
    return Figure(
        name=name,
        value=seconds[_GOAL_SIZE] / seconds[_SIZES[0]],
        unit="x",
        goal=goal,
        detail=f"{what}, by the number of backups there are: {times_by_size}",
    )


def _set_up(folder: Path) -> tuple[float, float]:
    repository_id = Folder(folder, lambda: UTC).prepare(None)

    def measured() -> None:
        own = Folder(folder, lambda: UTC)
        own.prepare(repository_id)
        own.scan()
        commit.backfill_changes(own)

    def bare() -> None:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(".json")]
        _ = [json.loads((folder / name).read_bytes()) for name in names]

    gc.collect()
    return side_by_side(measured, bare, runs=_RUNS_OF_SET_UP)


async def _use(folder: Path, url: str) -> tuple[Mapping[int, float], Mapping[int, float]]:
    async with home_assistant(folder) as hass:
        coordinators: dict[int, PiholeCheckpointCoordinator] = {}
        for size in _SIZES:
            # As many are kept as there are, so that each one more means one less.
            retention = {"last": size, "daily": 0, "weekly": 0, "monthly": 0}
            entry = await set_up(hass, url, str(size), **{SECTION_RETENTION: retention})
            coordinators[size] = entry.runtime_data

        async def back_up(coordinator: PiholeCheckpointCoordinator) -> None:
            await coordinator.manager.async_back_up(BackupTrigger.SCHEDULE)
            await hass.async_block_till_done()

        polls = await _by_turns(coordinators, PiholeCheckpointCoordinator.async_refresh)
        backups = await _by_turns(coordinators, back_up)
        for size, coordinator in coordinators.items():
            if (left := len(coordinator.data.records)) != size:
                raise ValueError(f"{left} are left of {size}")
    return polls, backups


async def _by_turns(
    coordinators: _Coordinators, use: Callable[[PiholeCheckpointCoordinator], Awaitable[None]]
) -> Mapping[int, float]:
    """Give the median seconds; all sizes have their turn, so that a busy moment meets all."""
    taken: Mapping[int, list[float]] = {size: [] for size in coordinators}
    for run in range(_RUNS + 1):
        for size, coordinator in coordinators.items():
            started = time.perf_counter()
            await use(coordinator)
            if run:  # the first one warms up
                taken[size].append(time.perf_counter() - started)
    return {size: median(times) for size, times in taken.items()}
