"""Looking whether all is as it should be, and whether anything grows."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import gc
import logging
import os
from pathlib import Path
import sys
import threading
from typing import Final

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
    LastChange,
)
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.policy.current import last_seen
from custom_components.pihole_checkpoint.engine.policy.retention import plan
from custom_components.pihole_checkpoint.engine.policy.schedule import last_run, next_run
from custom_components.pihole_checkpoint.engine.teleporter.contents import Counts
from custom_components.pihole_checkpoint.engine.teleporter.diff import Change
from custom_components.pihole_checkpoint.options import read_options
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles

from .month_core import is_home_assistants
from .month_home import House, WatchedPihole
from .oracle import Folder

_PATIENCE: Final = timedelta(hours=2)
"""After which a missing backup has to be reported as overdue."""
_SESSION: Final = timedelta(minutes=30)
_COULD_NOT_CLOSE: Final = "Could not close the session"
"""In the log, where a Pi-hole went away in the middle."""
_OTHER_FILES: Final = frozenset({".HA_VERSION", ".storage", ".cloud", DOMAIN})
_PACKAGE: Final = "custom_components.pihole_checkpoint"
_OF_RECORDS: Final = frozenset({BackupRecord, Change, Counts, LastChange, Versions})
_BLOCKS_PER_RECORD: Final = 300
_SLACK: Final = 20_000
"""Blocks that caches may come to hold; a leak of one small object a minute would be more."""


async def look(house: House) -> None:
    """Look at everything; what is wrong is said to the house."""
    for pihole in house.piholes:
        await house.poll(pihole)
        _look_at_files(house, pihole)
        _look_at_entities(house, pihole)
        _look_at_issues(house, pihole)
        _look_at_schedule(house, pihole)
        _look_at_retention(house, pihole)
    _look_at_sessions(house)
    _look_at_log(house)
    house.figures["looks"] += 1


def _look_at_files(house: House, pihole: WatchedPihole) -> None:
    records = pihole.records
    if (shown := {item.id for item in records}) != pihole.stored:
        extra, missing = shown - pihole.stored, pihole.stored - shown
        house.say(f"{pihole.name}: stored but not reported {extra}, or the reverse {missing}")
        pihole.stored = shown
    found = Folder.read(pihole.home.folder)
    for wrong in found.complaints():
        house.say(f"{pihole.name}: {wrong}")
    if (names := {item.filename for item in records}) != found.archives.keys():
        house.say(f"{pihole.name}: shown is {names}, and there is {found.archives.keys()}")
    if others := {item.name for item in (house.folder / "config").iterdir()} - _OTHER_FILES:
        house.say(f"files outside of the folders: {others}")


def _look_at_entities(house: House, pihole: WatchedPihole) -> None:
    good = pihole.good
    last = _last_backup(good)
    schedule = read_options(house.hass, pihole.entry).schedule
    next_at = next_run(schedule, datetime.now(UTC), dt_util.get_default_time_zone())
    wanted = {
        "backup_count": str(len(good)),
        "last_backup": last.replace(microsecond=0).isoformat() if last else STATE_UNKNOWN,
        "running": "off",
        "next_backup": next_at.isoformat() if next_at else STATE_UNKNOWN,
        "activity": "idle",
    }
    for key, value in wanted.items():
        if (shown := pihole.home.state(key).state) != value:
            house.say(f"{pihole.name}: {key} shows {shown}, not {value}")


def _look_at_issues(house: House, pihole: WatchedPihole) -> None:
    records = pihole.records
    never = ("storage_unusable", "refused_archives", "restore_not_begun", "restore_broken_off")
    wanted = {
        "no_free_seats": pihole.last_failure == "no_free_seat",
        "damaged_archives": any(item.status is not BackupStatus.GOOD for item in records),
        **dict.fromkeys((*never, "app_password_read_only"), False),
    }
    for key, is_wanted in wanted.items():
        if pihole.has_issue(key) is not is_wanted:
            house.say(f"{pihole.name}: {key} should {'' if is_wanted else 'not '}be an issue")


def _look_at_schedule(house: House, pihole: WatchedPihole) -> None:
    """See that each run was made, made up for, or is reported as overdue."""
    entry, now, zone = pihole.entry, datetime.now(UTC), dt_util.get_default_time_zone()
    schedule = read_options(house.hass, entry).schedule
    made_last = _last_backup(pihole.good)
    while (due := next_run(schedule, pihole.checked_until, zone)) and due <= now - _PATIENCE:
        pihole.checked_until = due
        made = next((item for item in pihole.successes if item >= due), None)
        if made is not None:
            house.figures["runs made" if made - due < timedelta(minutes=1) else "runs made up"] += 1
        elif pihole.has_issue("overdue"):
            house.figures["runs reported as overdue"] += 1
            if not pihole.trouble and due > pihole.well_since:
                house.say(f"{pihole.name} was well, but nothing came of the run of {due}")
        elif made_last is not None and made_last >= due:
            house.figures["runs spared by a backup before a restore"] += 1
        else:
            house.say(f"{pihole.name}: nothing came of the run of {due}, and no issue says so")
    pihole.successes = pihole.successes[-100:]
    last = last_run(schedule, now, zone)
    if made_last and last and made_last >= last and pihole.has_issue("overdue"):
        house.say(f"{pihole.name}: overdue, but the current backup is of {made_last}")


def _last_backup(good: list[BackupRecord]) -> datetime | None:
    """Return when the Pi-hole was last seen as in the newest backup that it made itself."""
    now = datetime.now(UTC)
    own = (item for item in good if item.trigger is not BackupTrigger.ADOPTED)
    return next((last_seen(item, now) for item in own if item.created_at <= now), None)


def _look_at_retention(house: House, pihole: WatchedPihole) -> None:
    if not pihole.pruned:
        return
    records: tuple[BackupRecord, ...] = pihole.records
    policy = read_options(house.hass, pihole.entry).policy
    zone = dt_util.get_default_time_zone()
    if left := plan(records, policy, now=pihole.successes[-1], zone=zone).removed:
        names = ", ".join(item.filename for item in left)
        house.say(f"{pihole.name}: no rule keeps {names}")


def _look_at_sessions(house: House) -> None:
    """Count the sessions on the Pi-holes: only those may be open that could not be closed."""
    since = datetime.now(UTC) - _SESSION - timedelta(minutes=1)
    logged = sum(
        item.msg.count(_COULD_NOT_CLOSE)
        for item in house.log.records
        if datetime.fromtimestamp(item.created, UTC) > since
    )
    for pihole in house.piholes:
        if pihole.sim.most_sessions > 1:
            house.say(f"{pihole.name}: {pihole.sim.most_sessions} sessions at once")
            pihole.sim.most_sessions = 0
    if (left := sum(len(item.sim.sessions) for item in house.piholes)) > logged:
        house.say(f"{left} sessions are open, and {logged} are logged as such")


def _look_at_log(house: House) -> None:
    for record in house.log.records:
        if record.levelno >= logging.ERROR and not record.__dict__.get("seen"):
            house.say(f"logged by {record.name}: {record.msg}")
            record.__dict__["seen"] = True
    horizon = datetime.now(UTC) - timedelta(hours=2)
    house.log.records = [
        item for item in house.log.records if datetime.fromtimestamp(item.created, UTC) > horizon
    ]


# Growth -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What must not grow, at a moment at which nothing is under way."""

    counts: dict[str, int]
    """What may be a little more now and then, but not for good."""
    records: int
    """How many backups are stored: each takes some memory."""
    blocks: int
    """Blocks of memory that Python has given away."""
    rss: int
    """In bytes."""


def measure(house: House) -> Measure:
    gc.collect()
    gc.collect()
    hass = house.hass
    timers = [
        item
        for item in get_scheduled_timer_handles(asyncio.get_running_loop())
        if not item.cancelled()
    ]
    signals: dict[str, dict[object, object]] = hass.data.get("dispatcher", {})
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    counts = {
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "open files": len(list(Path("/proc/self/fd").iterdir())),
        "timers": sum(map(is_home_assistants, timers)),
        "listeners": sum(hass.bus.async_listeners().values()),
        "dispatcher's listeners": sum(map(len, signals.values())),
        "flows": len(hass.config_entries.flow.async_progress()),
        "states": len(hass.states.async_all()),
        "files of Home Assistant": len(list((house.folder / "config" / ".storage").iterdir())),
        **{name: item for name, item in _own_objects().items() if item > len(house.piholes)},
    }
    return Measure(
        counts=counts,
        records=sum(len(item.records) for item in house.piholes),
        blocks=sys.getallocatedblocks(),
        rss=pages * os.sysconf("SC_PAGE_SIZE"),
    )


def _own_objects() -> Counter[str]:
    """Count the objects of the product's classes, but for the records and what they hold."""
    found: Counter[str] = Counter()
    for item in gc.get_objects():
        kind = type(item)
        if kind is HomeAssistant:
            found["HomeAssistant"] += 1
        elif str(kind.__module__).startswith(_PACKAGE) and kind not in _OF_RECORDS:
            found[kind.__qualname__] += 1
    return found


def growth(early: Sequence[Measure], late: Sequence[Measure]) -> list[str]:
    """Say what has become more: what is now at its least more than it was at its most.

    At the end of one day a file may be about to be saved, or a failed backup to be tried again.
    """
    grown = []
    for name in sorted({name for item in late for name in item.counts}):
        most = max(item.counts.get(name, 0) for item in early)
        least = min(item.counts.get(name, 0) for item in late)
        if least > most:
            grown.append(f"{name} went from {most} to {least}")
    first, last = early[0], late[-1]
    allowed = max(last.records - first.records, 0) * _BLOCKS_PER_RECORD + _SLACK
    if last.blocks - first.blocks > allowed:
        grown.append(
            f"blocks of memory went from {first.blocks} to {last.blocks}, "
            f"stored backups from {first.records} to {last.records}"
        )
    return grown
