"""Disks that fail: at each call, or as a whole, or by never answering.

Each deed is done once on a disk that is well, and its calls are counted. Then it is done again for
each of them: that call fails, or all do from there on. In each case nothing that was
stored is lost, what is shown is what is there, and the next backup works.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC
import errno
from functools import partial
from pathlib import Path
import random
import subprocess
from tempfile import TemporaryDirectory
import threading
import time
from typing import Final

from custom_components.pihole_checkpoint.engine.errors import (
    RestoreError,
    RestoreNotBegun,
    RestoreUnproven,
)
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.repository.folder import Folder as RepositoryFolder
from pihole_simulator import configuration_of

from . import hooks
from .deeds import DEEDS, SET_UPS, Backups, do, needs_look, shows, start
from .hooks import Call, Kind
from .oracle import Finding, Folder, after_next_backup, after_start, listing, sentence
from .world import World, Worlds, worlds

ON_A_DISK: Final = [deed for deed in DEEDS if deed != "first start"]
BESIDE_ANOTHER: Final = (
    *("backup", "confirmation", "restore", "restore by import"),
    *("pin and note", "delete", "upload"),
)
_SAYS: Final = {
    errno.ENOSPC: "storage_full",
    errno.EDQUOT: "storage_full",
    errno.EIO: "storage_failed",
    errno.EEXIST: "storage_failed",
    errno.ESTALE: "storage_failed",
    errno.EROFS: "storage_not_writable",
    errno.EACCES: "storage_not_writable",
}
_PAGE: Final = 4096
_MOST_FREE_PAGES: Final = 150
"""More than anything needs."""
_PATIENCE: Final = 20.0
"""In seconds, with what does not depend on a disk that hangs."""
_LONGEST_BLOCK: Final = 1.0
"""In seconds, for which the event loop may not come to its next turn; machines may be busy."""
_DELETING: Final = frozenset({"delete", "prune", "prune after a loss"})
_INSTEAD: Final = {"confirmation": 1, "restore": 1, "restore by import": 1}
"""Backups that are added instead: when the disk cannot read the one that is to be confirmed, or
cannot store the Pi-hole as it is after a restore, which is a remark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A deed, and what is wrong with the disk meanwhile."""

    deed: str
    sentence: str
    """By which this case can be found again."""
    trouble: Callable[[World, list[str]], AbstractContextManager[object]]
    """The list takes what is wrong during the trouble."""
    says: Collection[str]
    """The keys of errors that fit."""
    may_leave: bool = True
    """Whether something unfinished may be left, because it could not be deleted either."""
    must_fail: bool = False


@dataclass(slots=True)
class Laboratory:
    """Where cases are tried, one after the other."""

    worlds: Worlds
    left_for_the_next_start: int = 0

    async def calls(self, deed: str) -> Sequence[Call]:
        """Do something on a disk that is well, and return the calls that it takes."""
        async with self._world(deed) as (world, backups):
            before = Folder.read(world.plan.folder)
            with hooks.faulty_disk(self.worlds.root, lambda *_: None) as calls:
                await do(backups, world.plan, world.promises.hear)
            after = Folder.read(_folder_of(world))
            added = len(after.archives) - len(before.archives)
            if (wrong := world.promises.broken_by(after)) or added != DEEDS[deed]:
                raise AssertionError(f"{deed} did not do what it should: {added}, {wrong}")
            return calls

    async def cases(self, deed: str) -> list[Case]:
        """Return all cases of a deed: each call that changes something, in all ways.

        Each call that only reads fails in one of the ways, each way in its turn.
        """
        found: list[Case] = []
        calls = await self.calls(deed)
        for number, call in enumerate(calls):
            ways = [(error, lasts) for error in call.kind.errors for lasts in (False, True)]
            if not call.kind.changes:
                ways = [ways[number % len(ways)]]
            found += [_case(deed, calls, number, error, lasts=lasts) for error, lasts in ways]
        return found

    async def complaints(self, case: Case) -> list[str]:
        """Try a case, and say what is wrong with what came of it."""
        async with self._world(case.deed) as (world, backups):
            sim, promises = world.sim, world.promises
            before = Folder.read(world.plan.folder)
            configuration = configuration_of(sim.pihole, counts=False)
            raised: Exception | None = None
            wrong: list[str] = []
            with case.trouble(world, wrong):
                try:
                    await do(backups, world.plan, promises.hear)
                except Exception as error:  # noqa: BLE001 - its kind is looked at
                    raised = error
            wrong += _about_error(case, world, raised)
            if sim.sessions:
                wrong.append("a session is open")
                sim.auth.end_all_sessions()
            if isinstance(raised, RestoreNotBegun) and configuration != configuration_of(
                sim.pihole, counts=False
            ):
                wrong.append("the Pi-hole was changed by a restore that did not begin")
            folder = _folder_of(world)
            after = Folder.read(folder)
            if after.staged:
                self.left_for_the_next_start += 1
                if not case.may_leave:
                    wrong.append(f"left {sorted(after.staged)}")
            shown = listing(backups.records)
            added = len(after.archives) - len(before.archives)
            if raised is None and added not in (DEEDS[case.deed], _INSTEAD.get(case.deed)):
                wrong.append("said that it was done, and it was not")
            if raised is None and shown.keys() != after.archives.keys() and shows(case.deed):
                wrong.append(f"shown is {sorted(shown)}, and there is {sorted(after.archives)}")
            fresh = world.backups(folder)
            wrong += await after_start(fresh, folder, promises, notes=not case.may_leave)
            # Where a look failed, what only it could find is not known.
            is_known = raised is None or case.deed not in {*SET_UPS, "prune after a loss"}
            knows = is_known and needs_look(case.deed) and not case.may_leave
            if knows and shown != listing(fresh.records):
                wrong.append(f"shown was {shown}, and {listing(fresh.records)} is there")
            goes_on = fresh if promises.moved else backups
            await goes_on.look()
            if listing(goes_on.records) != listing(fresh.records):
                wrong.append("after a look, what is shown is not what is there")
            wrong += await after_next_backup(goes_on, folder)
            return wrong + world.complaints()

    @asynccontextmanager
    async def _world(self, deed: str) -> AsyncIterator[tuple[World, Backups]]:
        async with self.worlds.world(deed) as world:
            world.sim.restart_seconds = 0.0
            backups = world.backups()
            await start(backups, world.plan, world.promises.hear)
            yield world, backups

    async def start_beside(self, deed: str, number: int) -> list[str]:
        """Let a second Home Assistant start on the folder at one call; return what is wrong."""
        async with self._world(deed) as (world, backups):
            folder, promises = world.plan.folder, world.promises

            def start_second(index: int, _call: Call) -> None:
                if index == number:
                    second = RepositoryFolder(folder, lambda: UTC)
                    second.prepare(promises.repository_id)
                    second.scan()

            before = Folder.read(folder)
            with hooks.faulty_disk(folder.parent, start_second):
                await do(backups, world.plan, promises.hear)
            after = Folder.read(folder)
            wrong = promises.broken_by(after) + after.complaints()
            if (added := len(after.archives) - len(before.archives)) != DEEDS[deed]:
                wrong.append(f"it added {added}")
            await backups.look()
            if (shown := listing(backups.records).keys()) != after.archives.keys():
                wrong.append(f"shown is {sorted(shown)}, and there is {sorted(after.archives)}")
            wrong += await after_next_backup(backups, folder)
            return wrong + world.complaints()

    async def hang(self, number: int) -> tuple[list[str], float]:
        """Let one call of a backup block; return what is wrong, and the loop's longest turn."""
        reached, goes_on = threading.Event(), threading.Event()

        def block(index: int, _call: Call) -> None:
            if index == number:
                reached.set()
                goes_on.wait()

        wrong: list[str] = []
        async with self._world("backup") as (world, backups):
            other = world.backups(world.plan.elsewhere)
            await other.open(None)
            ticking = asyncio.create_task(_longest_turn(goes_on))
            try:
                with hooks.faulty_disk(world.plan.folder.parent, block):
                    held = asyncio.create_task(backups.back_up())
                    await asyncio.wait_for(asyncio.to_thread(reached.wait), _PATIENCE)
                    try:
                        async with asyncio.timeout(_PATIENCE):
                            await other.back_up()
                    except TimeoutError:
                        wrong.append("another Pi-hole is not backed up")
                    if held.done():
                        wrong.append("it did not wait for the disk")
                    goes_on.set()
                    record = await held
            finally:
                goes_on.set()
            longest = await ticking
            if record not in backups.records:
                wrong.append("the backup is not there in the end")
            if world.sim.sessions:
                wrong.append("a session is open")
            if longest > _LONGEST_BLOCK:
                wrong.append(f"the event loop was held up for {longest:.1f} s")
        return wrong, longest


async def _longest_turn(until: threading.Event) -> float:
    longest = 0.0
    while not until.is_set():
        began = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - began)
    return longest


@asynccontextmanager
async def laboratory(place: Path | None = None) -> AsyncIterator[Laboratory]:
    """Have worlds whose disk fails on demand; at `place`, or in a temporary folder."""
    with hooks.short_times(settle=0.05), hooks.no_warnings():
        async with worlds(place) as made:
            yield Laboratory(made)


def _folder_of(world: World) -> Path:
    return world.plan.elsewhere if world.promises.moved else world.plan.folder


def _case(deed: str, calls: Sequence[Call], number: int, error: int, *, lasts: bool) -> Case:
    call = calls[number]
    how = "from then on" if lasts else "once"
    says = {_SAYS.get(error, "")}
    if call.kind is Kind.STAT and deed == "move":
        says.add("storage_missing")  # a place that cannot be looked at may as well not be there
    if call.kind is Kind.READ and call.name.endswith(".parcel"):
        says.add("restore_differs")  # the Pi-hole was sent a part of it
    fault = hooks.fails_from(number, error) if lasts else hooks.fails_once(calls, number, error)
    return Case(
        deed=deed,
        sentence=f"{deed}: {errno.errorcode[error]} {how} at call {number}"
        f" ({call.kind} {call.name})",
        trouble=lambda world, _: hooks.faulty_disk(Path(world.plan.root).parent, fault),
        says=says,
        may_leave=lasts or call.kind is Kind.UNLINK,
    )


def _about_error(case: Case, world: World, raised: Exception | None) -> Iterator[str]:
    if raised is None:
        if case.must_fail:
            yield "did not fail"
        return
    if not isinstance(raised, CheckpointError):
        yield f"raised {raised!r}"
        return
    for error in (raised, raised.__cause__):
        if isinstance(error, CheckpointError):
            yield from sentence(error)
    key = raised.key
    if isinstance(raised, RestoreNotBegun | RestoreUnproven):
        key = raised.placeholders["reason"]
    if key not in case.says:
        yield f"said {key}"
    cause = raised.__cause__ if isinstance(raised, RestoreError) else raised
    named = cause.placeholders.get("folder") if isinstance(cause, CheckpointError) else None
    if named is not None and not Path(named).is_relative_to(world.plan.root):
        yield f"named {named}"


# A share that is not mounted ----------------------------------------------------------------------


@contextmanager
def _unmounted(world: World, wrong: list[str], *, is_empty: bool) -> Iterator[None]:
    """Have an empty folder, or none, where the backups were."""
    folder = world.plan.folder
    aside = folder.with_name("aside")
    folder.rename(aside)
    if is_empty:
        folder.mkdir()
    try:
        yield
    finally:
        if folder.exists():
            wrong += [f"{path.name} was written" for path in folder.iterdir()]
            for path in sorted(folder.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            folder.rmdir()
        elif is_empty:
            wrong.append("the folder was deleted")
        aside.rename(folder)


def unmounted_cases() -> list[Case]:
    """Return the cases of a share that is not mounted."""
    return [
        Case(
            deed=deed,
            sentence=f"{deed}: the folder is {'empty' if is_empty else 'not there'}",
            trouble=partial(_unmounted, is_empty=is_empty),
            says={"storage_missing"},
            may_leave=False,
            must_fail=True,
        )
        for deed in ON_A_DISK
        for is_empty in (True, False)
    ]


# A real disk, where one may be mounted ------------------------------------------------------------


def _mount(*arguments: str) -> bool:
    """Mount something, or return that this is not allowed here."""
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
def _nearly_full(world: World, _: list[str], *, pages: int) -> Iterator[None]:
    ballast = Path(world.plan.root).with_name("ballast")
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
def _read_only(_world: World, _: list[str], *, place: Path) -> Iterator[None]:
    if not _mount("-o", "remount,ro", str(place)):
        raise RuntimeError("it cannot be mounted again")
    try:
        yield
    finally:
        _mount("-o", "remount,rw", str(place))


async def _on_a_real_disk(some: Callable[[list[Case]], list[Case]]) -> list[Finding]:
    full, read_only = "a tmpfs with this much room", "a tmpfs that is mounted read-only"
    with _small_disk() as place:
        if place is None:
            skipped = "SKIPPED: nothing may be mounted here, which takes root"
            return [Finding(what, detail=skipped) for what in (full, read_only)]
        full_cases = [
            Case(
                deed=deed,
                sentence=f"{deed}: {pages} free pages",
                trouble=partial(_nearly_full, pages=pages),
                says=() if deed in _DELETING else {"storage_full"},
                must_fail=pages == 0 and deed not in {*_DELETING, "set-up", "verify"},
            )
            for deed in ON_A_DISK
            # What is moved comes to lie on the same disk, which no user would want.
            for pages in range(0, _MOST_FREE_PAGES, 6)
        ]
        read_only_cases = [
            Case(
                deed=deed,
                sentence=f"{deed}: read-only",
                trouble=partial(_read_only, place=place),
                says={"storage_not_writable"},
                must_fail=deed not in {"set-up", "verify"},  # what can be read is read
            )
            for deed in ON_A_DISK
        ]
        async with laboratory(place) as made:
            return [
                await _tried(made, full, some(full_cases)),
                await _tried(made, read_only, read_only_cases),
            ]


# All of it ----------------------------------------------------------------------------------------


async def _tried(made: Laboratory, what: str, cases: Iterable[Case]) -> Finding:
    made.left_for_the_next_start = 0
    finding = Finding(what)
    for case in cases:
        finding.note(case.sentence, await made.complaints(case))
    if left := made.left_for_the_next_start:
        finding.detail = f"{left} of them left something for the next start to clear away"
    return finding


async def _hanging(made: Laboratory, numbers: Sequence[int]) -> Finding:
    finding = Finding("a share that hangs, at each call of a backup")
    slowest = 0.0
    for number in numbers:
        wrong, longest = await made.hang(number)
        slowest = max(slowest, longest)
        finding.note(f"backup: call {number} hangs", wrong)
    slow = f"{slowest * 1000:.0f} ms"
    finding.detail = f"the event loop was never held up for longer than {slow}"
    return finding


async def _beside(made: Laboratory, some: Callable[[list[int]], list[int]]) -> Finding:
    finding = Finding("a second Home Assistant that starts, at each call")
    for deed in BESIDE_ANOTHER:
        for number in some(list(range(len(await made.calls(deed))))):
            case = f"{deed}: a second one starts at call {number}"
            finding.note(case, await made.start_beside(deed, number))
    return finding


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    rng = random.Random(seed)  # noqa: S311 - a choice, and no secret

    def some[T](cases: list[T]) -> list[T]:
        return cases if count is None else rng.sample(cases, min(count, len(cases)))

    findings: list[Finding] = []
    async with laboratory() as made:
        for deed in ON_A_DISK:
            what = f"each call of: {deed}"
            findings.append(await _tried(made, what, some(await made.cases(deed))))
        findings.append(await _tried(made, "a share that is not mounted", some(unmounted_cases())))
        calls = await made.calls("backup")
        findings.append(await _hanging(made, some(list(range(len(calls))))))
        findings.append(await _beside(made, some))
    return [*findings, *await _on_a_real_disk(some)]
