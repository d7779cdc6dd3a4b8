"""A month in a home with three Pi-holes: all that is done there, and all that goes wrong there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
import logging
from pathlib import Path
import random
from tempfile import TemporaryDirectory
from typing import Final

from pihole_simulator import Pihole

from .finding import Finding
from .long.core import Log, core_on
from .long.doings import do_something
from .long.growth import Measure, growth, measure
from .long.home import Home
from .long.looks import look
from .long.passing import time_from
from .long.pihole import APP_SUDO, Inmate, Told, WatchedSimulator

_DAYS: Final = 31
_START: Final = datetime(2026, 3, 9, tzinfo=UTC)
"""So that the clocks change in it."""
_WARM: Final = 3
"""After so many days everything has been there once, and nothing may grow any more."""
_FEW_DAYS: Final = 4
"""At the beginning and at the end, which are compared."""
_MOST_AN_HOUR: Final = 4
_FEW: Final = {"last": 5, "daily": 5, "weekly": 2, "monthly": 1, "manual": 8}
_PIHOLES: Final[Mapping[str, tuple[tuple[str, str], Mapping[str, Mapping[str, object]]]]] = {
    "kitchen": (
        ("main-of-kitchen", "app-of-kitchen"),
        {"retention": _FEW, "schedule": {"frequency": "daily", "time": "03:10:00"}},
    ),
    "attic": (
        ("main-of-attic", ""),
        {
            "retention": {**_FEW, "last": 12},
            "schedule": {"frequency": "hourly", "time": "00:17:00"},
            "backup": {"skip_unchanged": False},
        },
    ),
    "shed": (
        ("main-of-shed", "app-of-shed"),
        {
            "retention": {**_FEW, "max_age": 10},
            "schedule": {"frequency": "hourly", "time": "00:45:00"},
            "backup": {"skip_unchanged": True},
        },
    ),
}


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Live through so many days."""
    days = _DAYS if count is None else count
    async with _home(random.Random(seed)) as home:  # noqa: S311 - to be had again
        measures = [await _day(home, day) for day in range(days)]
        await home.recover()
    warm = measures[min(_WARM, days) - 1 :]
    grown = growth(warm[:_FEW_DAYS], warm[-_FEW_DAYS:])
    figures = ", ".join(f"{name} {number}" for name, number in sorted(home.figures.items()))
    again = f" (seed {seed}, {days} days)"
    return [
        Finding(
            trial="month",
            what="days with everything and all kinds of trouble",
            tried=days,
            failures=tuple(wrong + again for wrong in home.wrong),
            detail=figures,
        ),
        Finding(
            trial="month",
            what="nothing becomes more and more",
            tried=days,
            failures=tuple(wrong + again for wrong in grown),
            detail=_told(measures),
        ),
    ]


async def _day(home: Home, day: int) -> Measure:
    """Live through a day, and come to rest at its end."""
    for hour in range(24):
        begin = _START + timedelta(days=day, hours=hour)
        number = home.rng.randint(1, _MOST_AN_HOUR)
        for minute in sorted(home.rng.sample(range(59), number)):
            moment = begin + timedelta(minutes=minute, seconds=home.rng.randrange(60))
            await home.time.pass_until(moment, home.settle)
            await home.trouble()
            await do_something(home)
        await look(home)
    await home.recover()
    for pihole in home.piholes:
        pihole.sim.requests.clear()
        pihole.sim.auth.issued.clear()
    await look(home)
    return measure(home)


@asynccontextmanager
async def _home(rng: random.Random) -> AsyncIterator[Home]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="month-")))
        (folder / "config").mkdir()
        time = stack.enter_context(time_from(_START))
        log = Log()
        logging.getLogger().addHandler(log)
        stack.callback(logging.getLogger().removeHandler, log)
        piholes = [await _pihole(stack, name) for name in _PIHOLES]
        home = Home(time=time, rng=rng, folder=folder, piholes=piholes, log=log)
        home.core = await stack.enter_async_context(core_on(folder / "config", home.hear))
        for pihole in piholes:
            await home.add(pihole)
        yield home


async def _pihole(stack: AsyncExitStack, name: str) -> Inmate:
    (password, app_password), options = _PIHOLES[name]
    pihole = Pihole.example()
    pihole.hostname = name
    pihole.settings[APP_SUDO] = True
    sim = WatchedSimulator(pihole=pihole, password=password, app_password=app_password)
    await stack.enter_async_context(sim)
    return Inmate(name=name, sim=sim, options=options, told=Told([]))


def _told(measures: Sequence[Measure]) -> str:
    megabytes = [it.rss // 1_000_000 for it in measures]
    return (
        f"memory {megabytes[0]} MB after the first day, {megabytes[-1]} MB after the last, "
        f"{max(megabytes)} MB at most"
    )
