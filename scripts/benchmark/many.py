"""Many Pi-holes backed up by one call of the service, against one of them.

Each Pi-hole has a single seat: a session that is left open would fail the next backup. Each is
logged in to with an app password, where a wrong "wrong password" would be met if it were provoked:
that no login was refused is looked at in the end.

All wait for their Pi-holes side by side, and what is left is Home Assistant's own work for each:
the time of one backup stands for the waiting, and twice that is allowed for the work of ten, ten
times that for the work of fifty. It is work in threads that hold the interpreter's lock, so it
adds up. Meanwhile Home Assistant is asked for a sign of life again and again: the longest wait
for one is the stall.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from statistics import median
import time
from typing import Final, TypedDict, cast

from scripts.demo_home.api import Socket

from .measuring import Figure
from .world import Added, World, home_with, simulated_piholes

_NUMBERS: Final = (1, 10, 50)
_GOALS: Final = {10: 3.0, 50: 11.0}
_RUNS = 7
_PAUSE = 1.1
"""Seconds after each run: a Pi-hole counts the logins of each second."""
_LONGEST_STALL = 100.0
"""Milliseconds after which somebody who uses the frontend feels it."""
_PATIENCE = 90
_BETWEEN_SIGNS = 0.005


class _Record(TypedDict):
    duration: float


def measure() -> Sequence[Figure]:
    """Back up one, ten and fifty in turns."""
    return asyncio.run(_measure())


async def _measure() -> Sequence[Figure]:
    times: dict[int, list[float]] = {number: [] for number in _NUMBERS}
    stalls: dict[int, list[float]] = {number: [] for number in _NUMBERS}
    slowest = 0.0
    async with (
        simulated_piholes(max(_NUMBERS), "--seats", "1", with_app_password=True) as piholes,
        home_with(piholes.targets) as world,
        world.house.api.connect() as socket,
    ):
        for run in range(_RUNS + 1):
            for number in _NUMBERS:
                await asyncio.sleep(_PAUSE)
                began = time.perf_counter()
                records, stall = await _back_up(world, socket, world.piholes[:number])
                if run:  # the first one opens the connections
                    times[number].append(time.perf_counter() - began)
                    stalls[number].append(stall)
                    slowest = max(slowest, *(record["duration"] for record in records))
    one = median(times[1])
    figures = [
        Figure(
            name=f"many: {number} at once",
            value=median(times[number]) / one,
            unit="x",
            goal=goal,
            detail=f"{median(times[number]) * 1000:.0f} ms, one alone {one * 1000:.0f} ms: medians "
            f"of {_RUNS}",
        )
        for number, goal in _GOALS.items()
    ]
    stall = median(stalls[max(_NUMBERS)])
    return [
        *figures,
        Figure(
            name="many: stall",
            value=stall * 1000,
            unit="ms",
            goal=_LONGEST_STALL,
            detail=f"the longest that Home Assistant let one wait while it backed up "
            f"{max(_NUMBERS)}: median of {_RUNS}; with one: {median(stalls[1]) * 1000:.1f} ms. "
            f"The slowest of all backups took {slowest:.2f} s",
        ),
    ]


async def _back_up(
    world: World, socket: Socket, piholes: Sequence[Added]
) -> tuple[list[_Record], float]:
    """Back up all of these, and give their records and the longest wait for a sign of life."""
    watch = asyncio.create_task(_longest_silence(world))
    try:
        async with asyncio.timeout(_PATIENCE):
            answer = await socket.command(
                "call_service",
                domain="pihole_checkpoint",
                service="backup",
                service_data={"config_entry_id": [pihole.entry_id for pihole in piholes]},
                return_response=True,
            )
    finally:
        watch.cancel()
    response = cast("dict[str, dict[str, list[_Record]]]", answer)["response"]
    return response["backups"], await watch


async def _longest_silence(world: World) -> float:
    """Until it is cancelled, ask for signs of life, and give the longest time without one."""
    heard = [time.perf_counter()]
    async with world.house.api.connect() as socket:
        with suppress(asyncio.CancelledError):
            heard = [time.perf_counter()]
            while True:
                await socket.command("ping")
                heard.append(time.perf_counter())
                await asyncio.sleep(_BETWEEN_SIGNS)
    heard.append(time.perf_counter())
    return max(later - earlier for earlier, later in pairwise(heard))
