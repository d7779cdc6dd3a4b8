"""SIGKILL at every step of each change to files, and at random moments.

What was written before a kill is in the system's cache, so kills say nothing about what a power cut
leaves. `test_kill.py` checks the order of the syncs for that.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
import itertools
import random
import time
from typing import Final

from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError

from .child import KILLED, Nursery, nursery
from .deeds import DEEDS, settle_move
from .kill_home import kills_at_home
from .oracle import Finding, after_next_backup, after_start
from .world import World, Worlds, until_back, worlds

_RANDOM_KILLS: Final = 189
"""A third of them are of Home Assistant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """How one process ended, and what is wrong afterwards."""

    what: str
    killed: bool
    seconds: float
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class Killer:
    """Kills one process after the other, and looks at what each of them left."""

    _worlds: Worlds
    _nursery: Nursery

    async def kill(self, deed: str, *, at: int | None = None, after: float | None = None) -> Death:
        async with self._worlds.world(deed) as world:
            world.plan = replace(world.plan, kill_at=at, kill_after=after)
            began = time.monotonic()
            step, code = "", 0
            async for said in self._nursery.live(world.plan):
                world.promises.hear(**said)
                step = said.get("name", step)
                code = int(said.get("code", 0))
            seconds = time.monotonic() - began
            wrong = [] if code in (0, KILLED) else [f"it failed with exit code {code}"]
            wrong += await look(world, killed=code == KILLED)
        what = f"{world.plan} ({step})" if step else str(world.plan)
        return Death(what=what, killed=code == KILLED, seconds=seconds, wrong=wrong)

    async def at_every_step(self, deed: str, *, stride: int = 1) -> AsyncIterator[Death]:
        """Kill one process after the other, each a step later, until one gets to its end."""
        for step in itertools.count(1, stride):
            death = await self.kill(deed, at=step)
            yield death
            if not death.killed:
                return

    async def at_any_time(
        self, deed: str, chance: random.Random, kills: int
    ) -> AsyncIterator[Death]:
        """Kill so many processes at random moments."""
        whole = await self.kill(deed)
        yield whole
        for _ in range(kills):
            yield await self.kill(deed, after=chance.uniform(0, whole.seconds))


@asynccontextmanager
async def killing() -> AsyncIterator[Killer]:
    async with worlds() as made, nursery() as processes:
        yield Killer(made, processes)


async def look(world: World, *, killed: bool) -> list[str]:
    """Be the next start, and complain of what is there."""
    plan, promises, sessions = world.plan, world.promises, world.sim.sessions
    left = len(sessions)
    wrong = [f"{left} sessions are open"] if left > killed else []
    folder, other = plan.folder, plan.elsewhere
    # As the entry's set-up does before anything else.
    if promises.moved or (
        promises.moving and settle_move(folder, other, promises.repository_id or "")
    ):
        folder, other = other, folder
    backups = world.backups(folder)
    try:
        wrong += await after_start(backups, folder, promises)
        await until_back(backups)
        wrong += await after_next_backup(backups, folder)
    except CheckpointError as error:
        wrong.append(f"the next start failed: {error!r}")
    if len(sessions) > left:
        wrong.append("the next backup left a session")
    if other.exists():
        wrong.append(f"something stayed in the other place: {sorted(other.iterdir())}")
    return wrong + world.complaints()


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Kill processes that run the engine alone, and then Home Assistant."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    number = _RANDOM_KILLS if count is None else count
    at_home = number // 3
    again = f" (seed {seed})"
    async with killing() as killer:
        kills = {f"{deed}, at every step": killer.at_every_step(deed) for deed in DEEDS}
        for deed in DEEDS:
            some = (number - at_home) // len(DEEDS)
            kills[f"{deed}, at any time"] = killer.at_any_time(deed, chance, some)
        findings = [Finding(what) for what in kills]
        for finding, deaths in zip(findings, kills.values(), strict=True):
            async for death in deaths:
                finding.note(death.what, death.wrong, again)
                finding.tried -= not death.killed
    if at_home:
        findings += await kills_at_home(chance, at_home, again)
    return findings
