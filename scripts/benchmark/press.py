"""From a press on the button to the new state, against the bare exchange with the Pi-hole.

A real Home Assistant is pressed over a websocket that is already open, as the frontend does it.
The measured time ends when the new state of "Last backup" has arrived over the same websocket.

The bare exchange is the least that any backup takes: log in, export, log out, with a connection
for each, which is the fastest way (on a kept one a Pi-hole answers 44 ms later), and write the
archive to a file that is synced. It is done with the same library as in Home Assistant, and by the
process that measures: that one has nothing else to do meanwhile, has the same way to the Pi-hole,
and reads the same clock.
"""

import asyncio
from collections.abc import Sequence
import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
import time
from typing import cast

from aiohttp import ClientSession, TCPConnector

from scripts.demo_home.api import Socket
from scripts.demo_home.arranging import Target

from .measuring import Figure
from .world import home_with, simulated_piholes

_RUNS = 25
_PAUSE = 0.7
"""Seconds after each run. A Pi-hole allows few logins in a second, and a state has no fractions."""
_PATIENCE = 90
_GOAL = 1.25


def measure() -> Sequence[Figure]:
    """Press with a simulated Pi-hole."""

    async def simulated() -> Figure:
        async with simulated_piholes(1) as piholes:
            return await _measure(piholes.targets[0])

    return [asyncio.run(simulated())]


def measure_at(target: Target) -> Sequence[Figure]:
    """Press with a real Pi-hole."""
    return [asyncio.run(_measure(target))]


async def _measure(target: Target) -> Figure:
    pressed: list[float] = []
    bare: list[float] = []
    with TemporaryDirectory() as folder:
        async with (
            home_with([target]) as world,
            world.house.api.connect() as socket,
            ClientSession(connector=TCPConnector(force_close=True)) as http,
        ):
            entities = world.piholes[0].entities
            watched = await socket.send("subscribe_entities", entity_ids=[entities.last_backup])
            while (await socket.receive())["type"] != "event":
                pass  # the first event says how it is now
            for run in range(_RUNS + 1):
                await asyncio.sleep(_PAUSE)
                took = await _press(socket, watched, entities.backup_now)
                await asyncio.sleep(_PAUSE)
                least = await _exchange(http, target, Path(folder, f"{run}.zip"))
                if run:  # the first one warms up
                    pressed.append(took)
                    bare.append(least)
    return Figure(
        name="press",
        value=median(pressed) / median(bare),
        unit="x",
        goal=_GOAL,
        detail=f"from press to state {_in_ms(pressed)}, the bare exchange {_in_ms(bare)}: medians "
        f"(fastest to slowest) of {_RUNS}",
    )


async def _press(socket: Socket, watched: int, button: str) -> float:
    """Press, and give the seconds until the state has come."""
    seconds = 0.0
    began = time.perf_counter()
    called = await socket.send(
        "call_service", domain="button", service="press", target={"entity_id": button}
    )
    done = False
    async with asyncio.timeout(_PATIENCE):
        while not (done and seconds):
            message = await socket.receive()
            if message["id"] == watched and _has_state(message["event"]):
                seconds = time.perf_counter() - began
            elif message["id"] == called:
                if not message["success"]:
                    raise ValueError(f"the backup failed: {message['error']}")
                done = True
    return seconds


def _has_state(event: object) -> bool:
    """Tell whether an event brings another state, and not only other attributes."""
    changed = cast("dict[str, dict[str, dict[str, dict[str, object]]]]", event).get("c", {})
    return any("s" in change.get("+", {}) for change in changed.values())


async def _exchange(http: ClientSession, target: Target, path: Path) -> float:
    """Fetch an archive into a file with nothing around it, and give the seconds."""
    auth = f"{target.url}/api/auth"
    began = time.perf_counter()
    async with http.post(auth, json={"password": target.password}, ssl=target.verify_ssl) as answer:
        sid: str | None = (await answer.json())["session"]["sid"]
    headers = {"X-FTL-SID": sid} if sid else {}
    async with http.get(
        f"{target.url}/api/teleporter", headers=headers, ssl=target.verify_ssl
    ) as answer:
        answer.raise_for_status()
        with path.open("wb") as file:
            async for chunk in answer.content.iter_any():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    if sid:
        async with http.delete(auth, headers=headers, ssl=target.verify_ssl) as answer:
            answer.raise_for_status()
    return time.perf_counter() - began


def _in_ms(times: Sequence[float]) -> str:
    first, middle, last = (item * 1000 for item in (min(times), median(times), max(times)))
    return f"{middle:.1f} ms ({first:.1f} to {last:.1f})"
