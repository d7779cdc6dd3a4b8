"""Disks that fail: at each call, or as a whole, or by never answering."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
import random
import subprocess
from tempfile import TemporaryDirectory
import threading
import time
from typing import Final

from custom_components.pihole_checkpoint.engine.models import BackupTrigger

from .disk_laboratory import ACTIONS, Action, Case, Laboratory, World, laboratory
from .faulty_disk import Call
from .finding import Finding

_PAGE: Final = 4096
_MOST_FREE_PAGES: Final = 150
"""More than anything needs."""
_PATIENCE: Final = 20.0
"""In seconds, with what does not depend on a disk that hangs."""
_LONGEST_BLOCK: Final = 1.0
"""In seconds, for which the event loop may not come to its next turn; machines may be busy."""
_DELETING: Final = frozenset({"delete", "prune"})


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Try all of it, or `count` of each kind."""
    rng = random.Random(seed)  # noqa: S311 - a choice, and no secret

    def some[T](cases: list[T]) -> list[T]:
        return cases if count is None else rng.sample(cases, min(count, len(cases)))

    findings: list[Finding] = []
    async with laboratory() as made:
        for action in ACTIONS:
            cases = some(await made.cases(action))
            findings.append(await _tried(made, f"each call of: {action.name}", cases))
        findings.append(await _tried(made, "a share that is not mounted", some(away_cases())))
        findings.append(await _hanging(made, some))
    return [*findings, *await _on_a_real_disk(some)]


async def _tried(made: Laboratory, what: str, cases: Sequence[Case]) -> Finding:
    made.left_for_the_next_start = 0
    complaints = [it for case in cases for it in await made.complaints(case)]
    left = made.left_for_the_next_start
    return Finding(
        trial="disk",
        what=what,
        tried=len(cases),
        failures=tuple(complaints),
        detail=f"{left} of them left something for the next start to clear away" if left else "",
    )


# A share that is not mounted ----------------------------------------------------------------------


@contextmanager
def _unmounted(world: World, *, is_empty: bool) -> Iterator[None]:
    """Have an empty folder, or none, where the store was."""
    aside = world.folder.with_name("aside")
    world.folder.rename(aside)
    if is_empty:
        world.folder.mkdir()
    try:
        yield
    finally:
        if world.folder.exists():
            world.noticed += [f"{path.name} was written" for path in world.folder.iterdir()]
            for path in sorted(world.folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            world.folder.rmdir()
        elif is_empty:
            world.noticed.append("the folder was deleted")
        aside.rename(world.folder)


def away_cases() -> list[Case]:
    """Give the cases of a share that is not mounted."""
    return [
        Case(
            action=action,
            sentence=f"{action.name}: the store is {'empty' if is_empty else 'not there'}",
            trouble=partial(_unmounted, is_empty=is_empty),
            says={"storage_missing"},
            may_leave=False,
            must_fail=True,
        )
        for action in ACTIONS
        for is_empty in (True, False)
    ]


# A share that hangs -------------------------------------------------------------------------------


async def _hanging(made: Laboratory, some: Callable[[list[int]], list[int]]) -> Finding:
    """Let each call of a backup block, while another Pi-hole is backed up."""
    action = next(it for it in ACTIONS if it.name == "backup")
    calls = list(range(len(await made.calls(action))))
    failures: list[str] = []
    slowest = 0.0
    tried = some(calls)
    for number in tried:
        complaints, longest = await hang(made, action, number)
        slowest = max(slowest, longest)
        failures += [f"backup: call {number} hangs: {it}" for it in complaints]
    return Finding(
        trial="disk",
        what="a share that hangs, at each call of a backup",
        tried=len(tried),
        failures=tuple(failures),
        detail=f"the event loop was never held up for longer than {slowest * 1000:.0f} ms",
    )


async def hang(made: Laboratory, action: Action, number: int) -> tuple[list[str], float]:
    """Let one call of a backup block; give what is wrong, and the event loop's longest turn."""
    reached, goes_on = threading.Event(), threading.Event()

    def block(index: int, _call: Call) -> None:
        if index == number:
            reached.set()
            goes_on.wait()

    complaints: list[str] = []
    async with made.world(action) as world:
        other = world.new_engine(world.root / "other")
        await other.open(None)
        ticking = asyncio.create_task(_longest_turn(goes_on))
        try:
            with world.disk.failing(block):
                held = asyncio.create_task(world.engine.back_up(BackupTrigger.BUTTON))
                await asyncio.wait_for(asyncio.to_thread(reached.wait), _PATIENCE)
                try:
                    async with asyncio.timeout(_PATIENCE):
                        await other.back_up(BackupTrigger.BUTTON)
                except TimeoutError:
                    complaints.append("another Pi-hole is not backed up")
                if held.done():
                    complaints.append("it did not wait for the disk")
                goes_on.set()
                record = await held
        finally:
            goes_on.set()
        longest = await ticking
        if record not in world.engine.records:
            complaints.append("the backup is not there in the end")
        if made.sim.sessions:
            complaints.append("a session is open")
        if longest > _LONGEST_BLOCK:
            complaints.append(f"the event loop was held up for {longest:.1f} s")
    return complaints, longest


async def _longest_turn(until: threading.Event) -> float:
    longest = 0.0
    while not until.is_set():
        began = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - began)
    return longest


# A real disk, where one may be mounted ------------------------------------------------------------


def _mount(*arguments: str) -> bool:
    """Mount something, or tell that this is not allowed here."""
    try:
        command = ["mount", *arguments]
        done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - words of ours
    except FileNotFoundError:
        return False
    return done.returncode == 0


@contextmanager
def _small_disk() -> Iterator[Path | None]:
    with TemporaryDirectory() as folder:
        if not _mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", folder):
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(("umount", folder), check=True)  # noqa: S603, S607 - words of ours


@contextmanager
def _nearly_full(world: World, *, pages: int) -> Iterator[None]:
    """Leave so much room."""
    ballast = world.disk.root / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(_PAGE))
        except OSError:
            file.truncate(max(file.tell() // _PAGE - pages, 0) * _PAGE)
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def _read_only(_world: World, *, place: Path) -> Iterator[None]:
    if not _mount("-o", "remount,ro", str(place)):
        raise RuntimeError("it cannot be mounted again")
    try:
        yield
    finally:
        _mount("-o", "remount,rw", str(place))


def _real_case(
    action: Action,
    sentence: str,
    trouble: Callable[[World], AbstractContextManager[object]],
    says: str,
    *,
    must_fail: bool,
) -> Case:
    return Case(
        action=action,
        sentence=f"{action.name}: {sentence}",
        trouble=trouble,
        says={says},
        must_fail=must_fail,
    )


async def _on_a_real_disk(some: Callable[[list[Case]], list[Case]]) -> list[Finding]:
    full, read_only = "a tmpfs with this much room", "a tmpfs that is mounted read-only"
    with _small_disk() as place:
        if place is None:
            skipped = "SKIPPED: nothing may be mounted here, which takes root"
            return [
                Finding(trial="disk", what=what, tried=0, detail=skipped)
                for what in (full, read_only)
            ]
        full_cases = [
            _real_case(
                action,
                f"{pages} free pages",
                partial(_nearly_full, pages=pages),
                "" if action.name in _DELETING else "storage_full",
                must_fail=pages == 0 and action.name not in {*_DELETING, "set-up"},
            )
            for action in ACTIONS
            # Whatever is moved comes to lie on the same disk, which no user would want.
            for pages in range(0, _MOST_FREE_PAGES, 6)
        ]
        read_only_cases = [
            _real_case(
                action,
                "read-only",
                partial(_read_only, place=place),
                "storage_not_writable",
                must_fail=True,
            )
            for action in ACTIONS
        ]
        async with laboratory(place) as made:
            return [
                await _tried(made, full, some(full_cases)),
                await _tried(made, read_only, read_only_cases),
            ]
