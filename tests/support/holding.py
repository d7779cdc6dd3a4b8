"""Work that is paused where it asks the simulated Pi-hole for something."""

import asyncio
from collections.abc import Coroutine

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
