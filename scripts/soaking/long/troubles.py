"""What ails a Pi-hole for a while."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
import random

from aiohttp import web

from pihole_simulator import Fault, faults
from pihole_simulator.fault_plan import Proceed
from pihole_simulator.wire import forever

from .passing import Time
from .pihole import Inmate

type Trouble = Callable[[Inmate, Time, random.Random], Awaitable[None]]


def _slow(time: Time, seconds: float) -> Fault:
    """Answer late."""

    async def fault(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        await time.race(timedelta(seconds=seconds))
        return await proceed()

    return fault


def _silent(time: Time) -> Fault:
    """Take a request, and never answer it."""

    async def fault(_request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        await time.race(timedelta(seconds=61))
        return await forever()

    return fault


def _now_and_then(rng: random.Random) -> Fault:
    """Hang up on every fourth request."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        if rng.random() < 1 / 4:
            return await faults.drop()(request, proceed)
        return await proceed()

    return fault


async def _away(pihole: Inmate, _time: Time, _rng: random.Random) -> None:
    await pihole.sim.stop()


async def _blink(pihole: Inmate, _time: Time, _rng: random.Random) -> None:
    await pihole.sim.stop()
    await pihole.sim.start()


async def _wrong_password(pihole: Inmate, _time: Time, rng: random.Random) -> None:
    pihole.change_password(f"changed-to-{rng.getrandbits(64):x}")


async def _full(pihole: Inmate, _time: Time, _rng: random.Random) -> None:
    fault = faults.error(429, "api_seats_exceeded", "API seats exceeded")
    pihole.sim.faults.always("login", fault)


async def _cut(pihole: Inmate, _time: Time, rng: random.Random) -> None:
    pihole.sim.faults.always("export", faults.cut(rng.randrange(4000)))


async def _nonsense(pihole: Inmate, _time: Time, rng: random.Random) -> None:
    pihole.sim.faults.always("export", faults.replace(rng.randbytes(rng.randrange(2000))))


async def _slow_export(pihole: Inmate, time: Time, rng: random.Random) -> None:
    pihole.sim.faults.always("export", _slow(time, rng.choice((3, 10, 40, 70))))


async def _silent_login(pihole: Inmate, time: Time, _rng: random.Random) -> None:
    pihole.sim.faults.always("login", _silent(time))


async def _flaky(pihole: Inmate, _time: Time, rng: random.Random) -> None:
    pihole.sim.faults.always("everything", _now_and_then(rng))


async def _restarting(pihole: Inmate, _time: Time, rng: random.Random) -> None:
    """Restart in the middle of the next conversations."""

    async def fault(request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        pihole.sim.restart_after(rng.choice((0.0, 0.05)))
        return await faults.drop()(request, _proceed)

    pihole.sim.faults.next("export", fault, times=rng.randrange(1, 4))


TROUBLES: Mapping[str, Trouble] = {
    "away": _away,
    "blink": _blink,
    "wrong password": _wrong_password,
    "seats full": _full,
    "cut export": _cut,
    "nonsense": _nonsense,
    "slow export": _slow_export,
    "silent login": _silent_login,
    "flaky": _flaky,
    "restarting": _restarting,
}


async def end(pihole: Inmate) -> None:
    """Let a Pi-hole be well again, but for its password."""
    pihole.sim.faults.clear()
    if pihole.trouble == "away":
        await pihole.sim.start()
    pihole.trouble = ""
