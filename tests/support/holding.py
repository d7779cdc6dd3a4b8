"""Work that is paused in the middle."""

import asyncio
from collections.abc import Coroutine
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import Connection
import threading

import pytest

from custom_components.pihole_checkpoint.engine.teleporter import sqlite
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from pihole_simulator import Simulator, faults
from pihole_simulator.fault_plan import Place
from pihole_simulator.faults import Gate


async def held[T](
    sim: Simulator, place: Place, work: Coroutine[object, object, T]
) -> tuple[Gate, asyncio.Task[T]]:
    """Start some work, and return when the Pi-hole holds back its answer to a request of it."""
    gate = faults.gate()
    sim.faults.next(place, gate)
    task = asyncio.ensure_future(work)
    await gate.reached.wait()
    return gate, task


async def held_in_reading[T](
    monkeypatch: pytest.MonkeyPatch, work: Coroutine[object, object, T]
) -> tuple[threading.Event, asyncio.Task[T]]:
    """Start some work, and return when it holds at the database of an archive, until the event."""
    loop = asyncio.get_running_loop()
    is_unpacked, go_on = asyncio.Event(), threading.Event()
    reading = sqlite.open_database

    def hold(path: Path, *, limits: Limits) -> AbstractContextManager[Connection]:
        loop.call_soon_threadsafe(is_unpacked.set)
        go_on.wait(10)
        return reading(path, limits=limits)

    monkeypatch.setattr(sqlite, "open_database", hold)
    task = asyncio.ensure_future(work)
    await is_unpacked.wait()
    return go_on, task
