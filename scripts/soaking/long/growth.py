"""What must not become more and more."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
import gc
import os
from pathlib import Path
import sys
import threading

from custom_components.pihole_checkpoint.engine.models import BackupRecord, LastChange
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.teleporter.contents import Counts
from custom_components.pihole_checkpoint.engine.teleporter.diff import Change
from homeassistant.core import HomeAssistant
from homeassistant.util.async_ import get_scheduled_timer_handles

from .core import is_home_assistants
from .home import Home

_PACKAGE = "custom_components.pihole_checkpoint"
_OF_RECORDS = frozenset({BackupRecord, Change, Counts, LastChange, Versions})


@dataclass(frozen=True, kw_only=True)
class Measure:
    """All of it at one moment at which nothing is under way."""

    counts: dict[str, int]
    """What may be a little more now and then, but not for good."""
    records: int
    """How many backups are stored: each takes some memory."""
    blocks: int
    """Of memory that Python has given away."""
    rss: int
    """In bytes."""


def measure(home: Home) -> Measure:
    """Count."""
    gc.collect()
    gc.collect()
    hass = home.hass
    loop = asyncio.get_running_loop()
    timers = [it for it in get_scheduled_timer_handles(loop) if not it.cancelled()]
    counts = {
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "open files": len(list(Path("/proc/self/fd").iterdir())),
        "timers": sum(map(is_home_assistants, timers)),
        "listeners": sum(hass.bus.async_listeners().values()),
        "dispatcher's listeners": _dispatcher_listeners(hass),
        "flows": len(hass.config_entries.flow.async_progress()),
        "states": len(hass.states.async_all()),
        "files of Home Assistant": len(list((home.folder / "config" / ".storage").iterdir())),
        **{name: it for name, it in _own_objects().items() if it > len(home.piholes)},
    }
    return Measure(
        counts=counts,
        records=sum(len(it.coordinator(hass).data.records) for it in home.piholes),
        blocks=sys.getallocatedblocks(),
        rss=_rss(),
    )


def _own_objects() -> Counter[str]:
    """Count the objects of our own classes, but for the records, and what each of them holds."""
    found: Counter[str] = Counter()
    for it in gc.get_objects():
        kind = type(it)
        if kind is HomeAssistant:
            found["HomeAssistant"] += 1
        elif str(kind.__module__).startswith(_PACKAGE) and kind not in _OF_RECORDS:
            found[kind.__qualname__] += 1
    return found


def _dispatcher_listeners(hass: HomeAssistant) -> int:
    signals: dict[str, dict[object, object]] = hass.data.get("dispatcher", {})
    return sum(map(len, signals.values()))


def _rss() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


_BLOCKS_PER_RECORD = 300
_SLACK = 20_000
"""Blocks that caches may come to hold; a leak of one small object a minute would be more."""


def growth(early: Sequence[Measure], late: Sequence[Measure]) -> list[str]:
    """Say what has become more: what is now at its least more than it was at its most.

    At the end of one day a file may be about to be saved, or a failed backup to be tried again.
    """
    grown = []
    for name in sorted({name for it in late for name in it.counts}):
        most = max(it.counts.get(name, 0) for it in early)
        least = min(it.counts.get(name, 0) for it in late)
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
