"""A plan for very many domains: its time, and what it holds in memory."""

from collections.abc import Sequence
import time
import tracemalloc
from typing import Final

from custom_components.pihole_checkpoint.engine.models import RestorePart
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.restore.plan import make_plan
from custom_components.pihole_checkpoint.engine.restore.selection import Selection
from custom_components.pihole_checkpoint.engine.restore.target import Target
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents, Entry

from .measuring import Figure

_DOMAINS: Final = 60_000
_DIFFERENT: Final = 10
_GOAL: Final = 2_000.0
_GOAL_MEMORY: Final = 50.0
"""In MB, beside the two contents."""


def measure() -> Sequence[Figure]:
    """Plan for contents that differ in a few of very many domains."""
    live, backup = _contents(_DOMAINS), _contents(_DOMAINS - _DIFFERENT)
    selection = Selection(parts=frozenset(RestorePart))
    target = Target(versions=Versions())
    began = time.perf_counter()
    plan = make_plan(backup, live, selection, target)
    took = time.perf_counter() - began
    if len(plan.changes) != _DIFFERENT:
        raise ValueError("the plan is another one")
    tracemalloc.start()
    make_plan(backup, live, selection, target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    detail = f"{_DOMAINS} domains on the Pi-hole, {_DOMAINS - _DIFFERENT} in the backup"
    return [
        Figure(name="plan", value=took * 1000, unit="ms", goal=_GOAL, detail=detail),
        Figure(
            name="plan memory", value=peak / 1_000_000, unit="MB", goal=_GOAL_MEMORY, detail=detail
        ),
    ]


def _contents(number: int) -> Contents:
    domains = (
        Entry(name=f"{index:06}.example.net", kind="deny_exact", groups=("Default",))
        for index in range(number)
    )
    return Contents(
        versions=Versions(),
        settings={},
        groups=(Entry(name="Default"),),
        lists=(),
        domains=tuple(domains),
        clients=(),
        dns_hosts=(),
        cnames=(),
        static_leases=(),
        leases=(),
        files={},
    )
