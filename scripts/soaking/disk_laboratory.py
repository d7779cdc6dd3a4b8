"""Everything that is done with backups, while the disk is not well.

What is done is done once on a disk that is well, and its calls are counted. Then it is done again
for each of them: that call fails, or all do from there on. Whatever comes of it, nothing that was
stored is lost, what is seen is what is there, and the next backup works.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import errno
import hashlib
import json
import logging
import os
from pathlib import Path
import shutil
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

import aiohttp
from yarl import URL

from custom_components.pihole_checkpoint.engine.errors import (
    RestoreError,
    RestoreNotBegun,
    RestoreUnproven,
)
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
    Policy,
    RestorePart,
)
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.repository.folder import STAGING
from custom_components.pihole_checkpoint.engine.restore.restore import RestoreRequest
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings
from pihole_simulator import Pihole, Simulator, build_archive, configuration_of
from scripts.soaking.engine import Engine

from .faulty_disk import Call, FaultyDisk, Kind, at, from_then_on

_TRANSLATIONS: Final = (
    Path(__file__).parents[2] / "custom_components/pihole_checkpoint/translations/en.json"
)
_PASSWORD: Final = "password-of-the-simulator"  # noqa: S105 - it opens nothing
_SAYS: Final = {
    errno.ENOSPC: "storage_full",
    errno.EDQUOT: "storage_full",
    errno.EIO: "storage_failed",
    errno.ESTALE: "storage_failed",
    errno.EROFS: "storage_not_writable",
    errno.EACCES: "storage_not_writable",
}
_LONG_AGO: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_NAME: Final = "pi-hole_attic_teleporter_2026-01-02_03-04-05_UTC.zip"
_POLICY: Final = Policy(last=1, daily=0, weekly=0, monthly=0, manual=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One thing that is done, and what is wrong meanwhile."""

    action: Action
    sentence: str
    """By which it can be found again."""
    trouble: Callable[[World], AbstractContextManager[object]]
    says: Collection[str]
    """The keys of errors that fit."""
    may_leave: bool = True
    """Whether something unfinished may be left, because it could not be deleted either."""
    must_fail: bool = False


@dataclass(kw_only=True)
class World:
    """A Pi-hole, its store on a disk that may fail, and the engine that looks after it."""

    sim: Simulator
    http: aiohttp.ClientSession
    disk: FaultyDisk
    root: Path
    engine: Engine = field(init=False)
    mark: str = ""
    noticed: list[str] = field(default_factory=list)
    """What was wrong while something was done."""

    def __post_init__(self) -> None:
        self.engine = self.new_engine(self.folder)

    @property
    def folder(self) -> Path:
        """Where the backups are."""
        return self.root / "pihole_checkpoint" / "kitchen"

    @property
    def elsewhere(self) -> Path:
        """Where they are after a move."""
        return self.root / "share" / "kitchen"

    def new_engine(self, folder: Path) -> Engine:
        """Be another start of Home Assistant."""
        pihole = PiholeClient(self.http, URL(self.sim.url), _PASSWORD)
        return Engine(pihole, folder)

    @property
    def oldest(self) -> BackupRecord:
        """The backup with which something is done."""
        return self.engine.records[-1]


type Seen = dict[str, tuple[str, bool, str]]
"""By the file name of each archive: its hash, whether it is pinned, and its note."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """Something that is done with backups."""

    name: str
    do: Callable[[World], Awaitable[object]]
    arrange: Callable[[World], None] = lambda _world: None
    """Bring about what it needs, before the engine looks at the folder."""
    may_be_gone: Callable[[World], set[str]] = lambda _world: set()
    """The archives that it is meant to delete."""
    looks_itself: bool = False
    """Whether it is what is told that it brings about."""
    may_change: bool = False
    """Whether it changes what is noted about a backup."""
    result: Callable[[Seen, Seen], bool] = lambda before, after: before == after
    """Whether it was done, given what was there before it and is there after it."""


class _Bystander:
    """Lets a restore happen."""

    async def with_files[T](self, work: Awaitable[T]) -> T:
        return await work

    async def begin(self, safety: BackupRecord) -> None:
        pass


async def _restore(world: World) -> None:
    order = RestoreRequest(
        backup_id=world.oldest.id, parts=frozenset(RestorePart), update_gravity=False
    )
    await world.engine.restore(order, world.engine, _Bystander())


async def _update(world: World) -> None:
    await world.engine.update(world.oldest.id, pinned=True, note="before the holidays")


@contextmanager
def _uploaded(world: World) -> Iterator[Path]:
    yield world.root / "uploads" / _NAME


def _put(path: Path, world: World) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(build_archive(world.sim.pihole, _LONG_AGO))
    since = (_LONG_AGO + timedelta(days=1)).timestamp()
    os.utime(path, (since, since))


def _put_and_lose(world: World) -> None:
    """Let the user put an archive into the folder, and the record of another be lost."""
    _put(world.folder / _NAME, world)
    max(world.folder.glob("pihole_*.json")).unlink()


def _is_one_more(before: Seen, after: Seen) -> bool:
    return before.items() <= after.items() and len(after) == len(before) + 1


def _adopts(before: Seen, after: Seen) -> bool:
    return {it[0] for it in before.values()} <= {it[0] for it in after.values()}


def _pinned(before: Seen, after: Seen) -> bool:
    return (
        len(
            {name for name in after if after[name][1]}
            - {name for name in before if before[name][1]}
        )
        == 1
    )


ACTIONS: Final = (
    Action(
        name="backup",
        do=lambda it: it.engine.back_up(BackupTrigger.BUTTON),
        result=_is_one_more,
    ),
    Action(
        name="confirmation",
        do=lambda it: it.engine.back_up(BackupTrigger.SCHEDULE, skip_unchanged=True),
    ),
    Action(name="pin and note", do=_update, may_change=True, result=_pinned),
    Action(
        name="delete",
        do=lambda it: it.engine.delete(it.oldest.id),
        may_be_gone=lambda it: {it.oldest.filename},
        result=lambda before, after: len(after) == len(before) - 1,
    ),
    Action(
        name="prune",
        do=lambda it: it.engine.prune(_POLICY, UTC, dry_run=False),
        may_be_gone=lambda it: {
            record.filename for record in it.engine.records[1:] if not record.pinned
        },
        result=lambda before, after: len(after) == len(before) - 2,
    ),
    Action(name="verify", do=lambda it: it.engine.verify(it.oldest.id)),
    Action(
        name="adoption",
        do=lambda it: it.engine.refresh(),
        arrange=_put_and_lose,
        looks_itself=True,
        result=_adopts,
    ),
    Action(
        name="upload",
        do=lambda it: it.engine.adopt(lambda: _uploaded(it)),
        arrange=lambda it: _put(it.root / "uploads" / _NAME, it),
        result=_is_one_more,
    ),
    Action(
        name="move",
        do=lambda it: it.engine.move(it.elsewhere, _begin_to_move),
        arrange=lambda it: it.elsewhere.parent.mkdir(),
    ),
    Action(name="set-up", do=lambda it: it.engine.open(it.mark)),
    Action(name="restore", do=_restore, result=_is_one_more),
)


async def _begin_to_move() -> None:
    """Remember nothing: what a kill leaves is not looked at here."""


class Laboratory:
    """Where cases are tried, one after the other."""

    def __init__(self, sim: Simulator, http: aiohttp.ClientSession, disk: FaultyDisk) -> None:
        self.sim = sim
        self._http = http
        self._disk = disk
        self._root = disk.root / "now"
        self._template = disk.root / "template"
        self._pihole: dict[str, object] = {}
        self._messages: dict[str, dict[str, str]] = json.loads(_TRANSLATIONS.read_text())[
            "exceptions"
        ]
        self.left_for_the_next_start = 0

    def _world(self, root: Path) -> World:
        return World(sim=self.sim, http=self._http, disk=self._disk, root=root)

    async def prepare(self) -> None:
        """Have a store with a few backups, and a Pi-hole that has changed since the first."""
        world = self._world(self._template)
        world.folder.parent.mkdir(parents=True)
        await world.engine.open(None)
        for number in range(4):
            self.sim.pihole.add_domain(f"{number}.example.com")
            record = await world.engine.back_up(BackupTrigger.SERVICE)
            if number == 1:
                await world.engine.update(record.id, pinned=True, note="the good one")
        self._pihole = deepcopy(_of(self.sim.pihole))

    @asynccontextmanager
    async def world(self, action: Action) -> AsyncIterator[World]:
        """Have all as it was at first, and ready for what is to be done."""
        for name, value in deepcopy(self._pihole).items():
            setattr(self.sim.pihole, name, value)
        shutil.copytree(self._template, self._root)
        world = self._world(self._root)
        try:
            world.mark = await world.engine.open((world.folder / ".store").read_text())
            if not action.looks_itself:
                await world.engine.refresh()
            action.arrange(world)
            yield world
        finally:
            shutil.rmtree(self._root)

    async def calls(self, action: Action) -> Sequence[Call]:
        """Do it on a disk that is well, and give the calls that it takes."""
        async with self.world(action) as world:
            before = _seen(world.folder)
            with self._disk.failing(lambda *_: None):
                await action.do(world)
            folder = world.elsewhere if action.name == "move" else world.folder
            if not action.result(before, _seen(folder)):
                raise AssertionError(f"{action.name} did not do what it should")
            return tuple(self._disk.calls)

    async def cases(self, action: Action) -> list[Case]:
        """Give all cases of what is done: each call that changes something, in all ways.

        Each call that only reads fails in one of the ways, each way in its turn.
        """
        found: list[Case] = []
        calls = await self.calls(action)
        for number, call in enumerate(calls):
            ways = [(error, lasts) for error in call.errors for lasts in (False, True)]
            if not call.kind.changes:
                ways = [ways[number % len(ways)]]
            found += [_case(action, calls, number, *way) for way in ways]
        return found

    async def complaints(self, case: Case) -> list[str]:
        """Try a case, and say what is wrong with what came of it."""
        async with self.world(case.action) as world:
            before = _seen(world.folder)
            may_be_gone = case.action.may_be_gone(world)
            configuration = configuration_of(self.sim.pihole, counts=False)
            raised: Exception | None = None
            with case.trouble(world):
                try:
                    await case.action.do(world)
                except Exception as error:  # noqa: BLE001 - what it is, is what is looked at
                    raised = error
            complaints = [*world.noticed, *self._about_error(case, world, raised)]
            if self.sim.sessions:
                complaints.append("a session is open")
                self.sim.auth.end_all_sessions()
            if isinstance(raised, RestoreNotBegun) and configuration != configuration_of(
                self.sim.pihole, counts=False
            ):
                complaints.append("the Pi-hole was changed by a restore that was not begun")
            moved = case.action.name == "move" and raised is None
            folder = world.elsewhere if moved else world.folder
            complaints += self._about_leftovers(case, folder)
            told = _told(world.engine.records)
            fresh = world.new_engine(folder)
            await fresh.open(world.mark)
            await fresh.refresh()
            after = _seen(folder)
            if not (case.may_leave or case.action.looks_itself) and told != _told(fresh.records):
                complaints.append(f"told {told}, and {_told(fresh.records)} is there")
            complaints += _about_backups(case, before, after, may_be_gone)
            if raised is None and not case.action.result(before, after):
                complaints.append("said that it was done, and it was not")
            if any(it.status is not BackupStatus.GOOD for it in fresh.records):
                complaints.append("a backup is not good")
            complaints += _strangers(folder, fresh.records)
            engine = fresh if moved else world.engine
            complaints += await _about_what_follows(engine, fresh.records, folder)
            return [f"{case.sentence}: {it}" for it in complaints]

    def _about_error(self, case: Case, world: World, raised: Exception | None) -> Iterator[str]:
        if raised is None:
            if case.must_fail:
                yield "did not fail"
            return
        if not isinstance(raised, CheckpointError):
            yield f"raised {raised!r}"
            return
        for error in (raised, raised.__cause__):
            if isinstance(error, CheckpointError):
                message = self._messages[error.key]["message"].format_map(error.placeholders)
                if "{" in message or " " not in message:
                    yield f"said {message!r}"
        key = raised.key
        if isinstance(raised, RestoreNotBegun | RestoreUnproven):
            key = raised.placeholders["reason"]
        if key not in case.says:
            yield f"said {key}"
        cause = raised.__cause__ if isinstance(raised, RestoreError) else raised
        told = cause.placeholders if isinstance(cause, CheckpointError) else {}
        folder = told.get("folder", str(world.folder))
        if not Path(folder).is_relative_to(world.root):
            yield f"named {folder}"

    def _about_leftovers(self, case: Case, folder: Path) -> Iterator[str]:
        if leftovers := [path.name for path in (folder / STAGING).glob("*")]:
            self.left_for_the_next_start += 1
            if not case.may_leave:
                yield f"left {leftovers}"


def _case(
    action: Action,
    calls: Sequence[Call],
    number: int,
    error: int,
    lasts: bool,  # noqa: FBT001 - one of the ways
) -> Case:
    call = calls[number]
    how = "from then on" if lasts else "once"
    says = {_SAYS.get(error, "")}
    if call.kind is Kind.STAT and action.name == "move":
        says.add("storage_missing")  # a place that cannot be looked at may as well not be there
    if call.kind is Kind.READ and call.name.endswith(".parcel"):
        says.add("restore_differs")  # the Pi-hole was sent a part of it
    fault = from_then_on(number, error) if lasts else at(calls, number, error)
    return Case(
        action=action,
        sentence=f"{action.name}: {errno.errorcode[error]} {how} at call {number}"
        f" ({call.kind} {call.name})",
        trouble=lambda world: world.disk.failing(fault),
        says=says,
        may_leave=lasts or call.kind is Kind.UNLINK,
    )


def _about_backups(
    case: Case, before: Seen, after: Seen, may_be_gone: Collection[str]
) -> Iterator[str]:
    for name, told in before.items():
        if name not in after and name in may_be_gone:
            continue
        if name not in after or after[name][0] != told[0]:
            yield f"{name} is lost"
        elif after[name] != told and not case.action.may_change and not case.may_leave:
            yield f"what was noted about {name} is lost"


async def _about_what_follows(
    engine: Engine, there: Sequence[BackupRecord], folder: Path
) -> list[str]:
    await engine.refresh()
    if _without_new_ids(engine.records) != _without_new_ids(there):
        return ["after a look, what is told is another thing than what is there"]
    try:
        record = await engine.back_up(BackupTrigger.BUTTON)
    except CheckpointError as error:
        return [f"the next backup failed: {error!r}"]
    if _seen(folder)[record.filename][0] != record.sha256:
        return ["the next backup is not there"]
    return []


def _without_new_ids(records: Sequence[BackupRecord]) -> list[BackupRecord]:
    """Leave out what is made anew at each start, as long as it cannot be written."""
    return [replace(it, id="") if it.trigger is BackupTrigger.ADOPTED else it for it in records]


def _of(pihole: Pihole) -> dict[str, object]:
    names = ("groups", "adlists", "domains", "clients", "upstreams", "hosts", "cnames")
    more = ("static_leases", "leases", "settings")
    return {name: getattr(pihole, name) for name in (*names, *more)}


def _told(records: Sequence[BackupRecord]) -> Seen:
    return {it.filename: (it.sha256, it.pinned, it.note) for it in records}


def _seen(folder: Path) -> Seen:
    """Look at the files themselves."""
    seen: Seen = {}
    for path in folder.glob("*.zip"):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        record = path.with_suffix(".json")
        told = json.loads(record.read_text()) if record.exists() else {}
        seen[path.name] = sha256, told.get("pinned", False), told.get("note", "")
    return seen


def _strangers(folder: Path, records: Sequence[BackupRecord]) -> list[str]:
    """Say what lies in the folder and is no backup."""
    known = {".store", STAGING}
    for record in records:
        known |= {record.filename, record.filename.removesuffix(".zip") + ".json"}
    there = {path.name for path in folder.iterdir()} | {
        f"{STAGING}/{path.name}" for path in (folder / STAGING).iterdir()
    }
    return [f"{name} is left" for name in sorted(there - known)]


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the warnings: there is one for most cases."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@asynccontextmanager
async def laboratory(place: Path | None = None) -> AsyncIterator[Laboratory]:
    """Have a Pi-hole and a disk that fails when told to, and no long waits.

    The disk is at `place`; without one, it is a folder for the time being.
    """
    async with (
        Simulator(password=_PASSWORD) as sim,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        sim.auth.login_attempts_per_second = 100_000
        sim.restart_seconds = 0.0
        with (
            patch.object(Engine, "timings", RestoreTimings(settle=0.05, look=0.005)),
            patch.object(limits, "TIMINGS", limits.Timings(login_retry=0.0)),
            TemporaryDirectory(dir=place) as root,
            _quiet(),
            FaultyDisk(Path(root)).in_between() as disk,
        ):
            made = Laboratory(sim, http, disk)
            await made.prepare()
            yield made
