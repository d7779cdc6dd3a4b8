"""Clocks that are wrong for a while: by an hour, by days, by years, ahead or behind.

A backup is made every twenty hours, sometimes while the clock is wrong, and retention runs after
each. Nothing is deleted that would have stayed with the right clock (but for a few days, by which
one backup or another may be the last of its week), and as soon as the clock is right again, the
current backup is not from the future.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import random
from typing import Final

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory, StepTickTimeFactory, TickingDateTimeFactory

from custom_components.pihole_checkpoint.engine.models import BackupRecord, Policy
from custom_components.pihole_checkpoint.engine.policy import retention
from custom_components.pihole_checkpoint.engine.policy.current import AHEAD, last_seen

from . import hooks
from .deeds import Backups
from .oracle import Finding
from .world import World, worlds

type _Clock = FrozenDateTimeFactory | StepTickTimeFactory | TickingDateTimeFactory

_LIVES: Final = 40
_BACKUPS: Final = 40
_START: Final = datetime(2026, 3, 10, 12, tzinfo=UTC)
_BETWEEN: Final = timedelta(hours=20)
_WRONG_BY: Final = [
    sign * timedelta(**span)
    for span in ({"hours": 1}, {"days": 2}, {"days": 60}, {"days": 5 * 365})
    for sign in (1, -1)
]
_NOTICED: Final = timedelta(days=31)
"""By which a clock has to be wrong."""
_POLICY: Final = Policy(last=3, daily=5, weekly=2, monthly=2, yearly=1, manual=3, max_age=None)


async def live(world: World, clock: _Clock, chance: random.Random) -> list[str]:
    """Back up for a few weeks, and return what is wrong."""
    wrong: list[str] = []
    pinned: set[str] = set()
    backups = world.backups()
    # From the third day on, backups of a wrong clock are believed.
    wrong_at = chance.sample(range(_BACKUPS), 2)
    moment = _START + _BETWEEN
    clock.move_to(moment)
    await backups.open(world.plan.repository_id)
    last_right = backups.records[0].created_at
    for number in range(_BACKUPS):
        moment += _BETWEEN
        is_right = number not in wrong_at
        clock.move_to(moment if is_right else moment + chance.choice(_WRONG_BY))
        await backups.look()
        if is_right:
            wrong += _about_current(backups, last_right)
        if chance.random() < 0.5:
            world.sim.pihole.add_domain(f"domain-of-{number}.example")
        record = await backups.back_up(skip_unchanged=chance.random() < 0.5)
        last_right = datetime.now(UTC) if is_right else last_right
        if chance.random() < 0.1:
            pinned.add((await backups.pin(record.id)).id)
        wrong += await _prune(backups, record, moment)
        there = {stored.id for stored in backups.records}
        wrong += [f"{lost} was pinned" for lost in pinned - there]
    return wrong


def _about_current(backups: Backups, last_right: datetime) -> list[str]:
    now = datetime.now(UTC)
    current = backups.repository.index.current(now)
    seen = None if current is None else last_seen(current, now)
    if seen is not None and seen > now + AHEAD:
        return [f"at {now} the last backup is said to be of {seen}"]
    if seen is None or seen < last_right - timedelta(seconds=5):
        return [f"at {now} the last backup is of {last_right}, and said to be of {seen}"]
    return []


async def _prune(backups: Backups, made: BackupRecord, moment: datetime) -> list[str]:
    """Let retention run, and complain of what it would not have deleted with the right clock."""
    now = datetime.now(UTC)
    records = [
        item if item.id != made.id else replace(item, created_at=moment, confirmed_at=None)
        for item in backups.records
    ]
    rightly = {
        record.id for record in retention.plan(records, _POLICY, now=moment, zone=UTC).removed
    }
    removed = (await backups.repository.prune(_POLICY, dry_run=False)).removed
    if abs(now - moment) < _NOTICED:
        return []
    return [
        f"at {now} instead of {moment}, {record.filename} was deleted"
        for record in removed
        if record.id not in rightly
    ]


async def try_lives(seed: int, count: int) -> Finding:
    finding = Finding(f"lives of {_BACKUPS} backups")
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    with hooks.short_times(), hooks.no_warnings(), freeze_time(_START, tick=True) as clock:
        async with worlds() as made:
            for number in range(count):
                async with made.world("backup") as world:
                    wrong = await live(world, clock, chance)
                finding.note(f"life {number}", wrong, f" (seed {seed})")
    return finding


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    return [await try_lives(seed, _LIVES if count is None else count)]
