"""SIGKILL at random moments, and at every step of whatever changes files.

What was written before a kill is in the system's cache, so kills say nothing about what a power cut
leaves. That everything is on the disk before something depends on it is looked at in the tests.
"""

from collections.abc import AsyncIterator, Sequence
import itertools
import random
from typing import Final

from .deeds import DEEDS
from .finding import Finding
from .killed_engine import Death, Victims
from .killed_home import DEEDS_AT_HOME, killed_home

_RANDOM_KILLS: Final = 189
"""A third of them are of Home Assistant."""

type Deaths = AsyncIterator[tuple[str, Death]]


async def at_every_step(victims: Victims, deed: str, *, stride: int = 1) -> Deaths:
    """Kill one victim after the other, each a step later, until one gets to the end."""
    for step in itertools.count(1, stride):
        plan, death = await victims.kill(deed, at=step)
        yield f"{plan} ({death.step})", death
        if not death.killed:
            return


async def _at_any_time(victims: Victims, deed: str, chance: random.Random, kills: int) -> Deaths:
    _, whole = await victims.kill(deed)
    yield f"{deed}, not killed", whole
    for _ in range(kills):
        plan, death = await victims.kill(deed, after=chance.uniform(0, whole.seconds))
        yield str(plan), death


async def _finding(what: str, deaths: Deaths, seed: str) -> Finding:
    killed = 0
    failures: list[str] = []
    async for plan, death in deaths:
        killed += death.killed
        failures += [f"{plan}: {problem} ({seed})" for problem in death.problems]
    return Finding(trial="kill", what=what, tried=killed, failures=tuple(failures))


async def _at_home(chance: random.Random, kills: int, seed: str) -> Sequence[Finding]:
    tried = dict.fromkeys(DEEDS_AT_HOME, 0)
    failures: dict[str, list[str]] = {name: [] for name in DEEDS_AT_HOME}
    async with killed_home(chance) as home:
        for number in range(kills):
            name = DEEDS_AT_HOME[number % len(DEEDS_AT_HOME)]
            failures[name] += [f"{problem} ({seed})" for problem in await home.kill(name)]
            tried[name] += 1
    return [
        Finding(
            trial="kill",
            what=f"{name}, in Home Assistant",
            tried=tried[name],
            failures=tuple(failures[name]),
            detail=f"{home.interrupted[name]} of them before it was told",
        )
        for name in DEEDS_AT_HOME
    ]


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Kill what runs the engine alone, and then Home Assistant."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    number = _RANDOM_KILLS if count is None else count
    at_home = number // 3
    findings: list[Finding] = []
    async with Victims() as victims:
        for deed in DEEDS:
            deaths = at_every_step(victims, deed)
            findings.append(await _finding(f"{deed}, at every step", deaths, "whatever the seed"))
        for deed in DEEDS:
            deaths = _at_any_time(victims, deed, chance, (number - at_home) // len(DEEDS))
            findings.append(await _finding(f"{deed}, at any time", deaths, f"seed {seed}"))
    return [*findings, *(await _at_home(chance, at_home, f"seed {seed}") if at_home else ())]
