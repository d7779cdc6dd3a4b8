"""A fake Pi-hole that tries to hurt: files, time, memory, and the way to other machines."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from pihole_simulator.fault_plan import Place

from .child import Nursery, nursery
from .deeds import Plan
from .hostile_cases import CASES, OTHER, Case, archived
from .oracle import SENTENCES, Finding
from .proxy import Proxy
from .strikes import Said
from .world import PASSWORD, simulated

_SECONDS: Final = 30
_MEGABYTES: Final = 100


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of a case in a process of its own."""

    key: str | None = None
    """The key of the error, if there was one."""
    seconds: float = 0.0
    megabytes: int = 0
    seen: Sequence[str] = ()
    """What the process did that it should not do."""


def judge(case: Case, outcome: Outcome) -> list[str]:
    """Return what was wrong: the sentence, the time, the memory, or a forbidden act."""
    wrong = [f"it did {item}" for item in outcome.seen]
    key = outcome.key
    if key is None and not case.may_succeed:
        wrong.append("nothing was wrong with it")
    if key is not None and (key not in case.fitting or key not in SENTENCES):
        wrong.append(f"{key} is said of what is one of {sorted(case.fitting)}")
    if outcome.seconds > _SECONDS:
        wrong.append(f"it took {outcome.seconds} s")
    if outcome.megabytes > _MEGABYTES:
        wrong.append(f"it took {outcome.megabytes} MB")
    return wrong


async def _try(processes: Nursery, case: Case) -> tuple[Outcome, list[str]]:
    answers = {place: make() for place, make in case.answers.items()}
    export = case.export() if case.export is not None else None
    other = archived(OTHER)

    def instead(place: Place, number: int) -> Said | None:
        if place != "export":
            return answers.get(place)
        # A restore finds another configuration than was backed up.
        return export or (other if case.restores and number == 1 else None)

    async with simulated() as sim, Proxy(sim.port, instead=instead) as proxy:
        with TemporaryDirectory() as root:
            plan = Plan(
                deed="backup and restore" if case.restores else "backup",
                root=root,
                url=proxy.url,
                password=PASSWORD,
                is_hostile=True,
            )
            plan.folder.parent.mkdir()
            for bait in (plan.folder.parent, Path(root)):
                (bait / "bait").write_text("bait")
            around = _look(root)
            async with asyncio.timeout(4 * _SECONDS):
                outcome = await _meet(processes, plan)
            found = _look(root)
    wrong = judge(case, outcome)
    inside = {path for path in found if path.startswith("backups/kitchen")}
    if {path: found[path] for path in found.keys() - inside} != around:
        wrong.append("something beside the folder was changed")
    left = {path for path in inside if not path.endswith((".zip", ".json", ".store"))}
    if left or (outcome.key is not None and not case.restores and len(inside) > 1):
        wrong.append(f"left in the folder: {sorted(inside)}")
    return outcome, wrong


async def _meet(processes: Nursery, plan: Plan) -> Outcome:
    outcome = Outcome(seen=["not survive"])
    async for said in processes.live(plan):
        match said:
            case {"what": "failed", "key": str(key)}:
                outcome.key = key
            case {"what": "watched"}:
                outcome.seconds = float(said["seconds"])
                outcome.megabytes = int(said["megabytes"])
                outcome.seen = json.loads(said["seen"])
    return outcome


def _look(folder: str) -> dict[str, bytes | None]:
    """Return all that is there, and what is in the baits."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.name == "bait" else None
        for path in Path(folder).rglob("*")
        if path.is_file() or path.is_symlink()
    }


async def try_cases(names: Sequence[str]) -> Finding:
    """Meet each of these, in a process of its own."""
    finding = Finding("answers and archives that are meant to hurt")
    outcomes: dict[str, Outcome] = {}
    async with nursery() as processes:
        for name in names:
            outcomes[name], wrong = await _try(processes, CASES[name])
            finding.note(name, wrong)
    seconds, slowest = max((item.seconds, name) for name, item in outcomes.items())
    size, largest = max((item.megabytes, name) for name, item in outcomes.items())
    finding.detail = f"slowest: {seconds} s ({slowest}); largest: {size} MB ({largest})"
    return finding


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Try each case once, in an order of the seed's; or only so many of them."""
    names = list(CASES)
    Random(seed).shuffle(names)  # noqa: S311 - a trial
    return [await try_cases(names[: count or len(names)])]
