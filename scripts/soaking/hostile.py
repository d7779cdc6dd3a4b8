"""A fake Pi-hole that tries to hurt: files, time, memory, and the way to other machines."""

import asyncio
from asyncio.subprocess import Process
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
import json
from pathlib import Path
from random import Random
import sys
from tempfile import TemporaryDirectory
from typing import Final, TypedDict

from .finding import Finding
from .hostile_archives import HEALTHY
from .hostile_cases import BEFORE, CASES, Case
from .hostile_server import HostileServer, Said, archived
from .network_scene import SENTENCES

_SECONDS: Final = 30
_MEGABYTES: Final = 100
_CHILD: Final = f"{__package__}.hostile_child"


class Outcome(TypedDict):
    """What the process with the client in it tells of itself."""

    key: str | None
    seconds: float
    megabytes: int
    most: int
    seen: list[str]
    records: int


_DIED: Final = Outcome(key=None, seconds=0, megabytes=0, most=0, seen=["not survive"], records=0)


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Try each case once, in an order of the seed's; or only so many of them."""
    names = list(CASES)
    Random(seed).shuffle(names)  # noqa: S311 - a trial
    return [await try_cases(names[: count or len(names)])]


async def try_cases(names: Sequence[str]) -> Finding:
    """Meet each of these, in a process of its own."""
    failures: list[str] = []
    slowest, largest = (0.0, ""), (0, "")
    async with _child() as child:
        for name in names:
            outcome, complaints = await _try(child, CASES[name])
            failures += [f"{name}: {it}" for it in complaints]
            slowest = max(slowest, (outcome["seconds"], name))
            largest = max(largest, (outcome["megabytes"], name))
    return Finding(
        trial="hostile",
        what="answers and archives that are meant to hurt",
        tried=len(names),
        failures=tuple(failures),
        detail=f"slowest: {slowest[0]} s ({slowest[1]}); largest: {largest[0]} MB ({largest[1]})",
    )


async def _try(child: Process, case: Case) -> tuple[Outcome, list[str]]:
    with TemporaryDirectory() as parent:
        store = Path(parent) / "config" / "store"
        store.parent.mkdir()
        (store.parent / "bait").write_text("bait")
        (Path(parent) / "bait").write_text("bait")
        around = _look(Path(parent))
        exports = deque[Said]([archived(HEALTHY), BEFORE] if case.restores else [case.export()])
        answers = {place: make() for place, make in case.answers.items()}
        async with HostileServer(exports, answers) as server:
            outcome = await _meet(child, server.url, store, restores=case.restores)
        found = _look(Path(parent))
    complaints = [f"it did {it}" for it in outcome["seen"]]
    inside = {path for path in found if path.startswith("config/store")}
    if {path: found[path] for path in found.keys() - inside} != around:
        complaints.append("something beside the store was changed")
    left = {path for path in inside if not path.endswith((".zip", ".json", ".store"))}
    if left or (outcome["key"] is not None and not case.restores and len(inside) > 1):
        complaints.append(f"left in the store: {sorted(inside)}")
    return outcome, complaints + judge(case, outcome)


def judge(case: Case, outcome: Outcome) -> list[str]:
    """Complain of a sentence that does not fit, and of time and memory."""
    complaints = []
    key = outcome["key"]
    if key is None and not case.may_succeed:
        complaints.append("nothing was wrong with it")
    if key is not None and (key not in case.fitting or key not in SENTENCES):
        complaints.append(f"{key} is told of what is one of {sorted(case.fitting)}")
    if outcome["seconds"] > _SECONDS:
        complaints.append(f"it took {outcome['seconds']} s")
    if outcome["megabytes"] > _MEGABYTES:
        complaints.append(f"it took {outcome['megabytes']} MB")
    return complaints


@asynccontextmanager
async def _child() -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-B", "-W", "ignore", "-m", _CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


async def _meet(child: Process, url: str, store: Path, *, restores: bool) -> Outcome:
    if child.stdin is None or child.stdout is None:
        raise ValueError("there is no way to speak with the process")
    child.stdin.write(json.dumps([url, str(store), restores]).encode() + b"\n")
    async with asyncio.timeout(4 * _SECONDS):
        told: Outcome | None = json.loads(await child.stdout.readline())
    return told or _DIED


def _look(folder: Path) -> dict[str, bytes | None]:
    """Tell all that is there, and what is in the files but archives."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.name == "bait" else None
        for path in folder.rglob("*")
        if path.is_file() or path.is_symlink()
    }
