"""What can be done with one Pi-hole's backups: the only module that uses the engine's objects."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from os import unlink  # by hand: no trial replaces this one
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, DummyCookieJar
from yarl import URL

from custom_components.pihole_checkpoint.engine.backup import back_up
from custom_components.pihole_checkpoint.engine.export import DEADLINE_SECONDS
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
    Policy,
    RestorePart,
)
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.policy import retention
from custom_components.pihole_checkpoint.engine.repository import relocate
from custom_components.pihole_checkpoint.engine.repository.record_reading import from_json
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.engine.restore.applied import Note
from custom_components.pihole_checkpoint.engine.restore.models import RestoreRequest, RestoreResult
from custom_components.pihole_checkpoint.engine.restore.plan import Plan as RestorePlan
from custom_components.pihole_checkpoint.engine.restore.plan import Way
from custom_components.pihole_checkpoint.engine.restore.restore import restore
from custom_components.pihole_checkpoint.engine.restore.selection import Selection

type Report = Callable[..., None]
"""Reports what was done: from here on it is a promise. See `oracle.Promises.hear`."""

ALL_PARTS: Final = frozenset(RestorePart)
POLICY: Final = Policy(last=1, daily=0, weekly=0, monthly=0, yearly=0, manual=1)
NOTE: Final = "before the holidays"
UPLOAD: Final = "pi-hole_attic_teleporter_2026-01-02_03-04-05_UTC.zip"
HOSTILE_DEADLINE: Final = 8.0

settle_move = relocate.settle


class Backups:
    """The backups of one Pi-hole, from one start of Home Assistant to its end."""

    def __init__(
        self,
        http: ClientSession,
        url: str,
        password: str,
        folder: Path,
        *,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        self._client = PiholeClient(http, URL(url), password)
        self._deadline = deadline
        self.repository = Repository(folder, lambda: UTC)
        self.open = self.repository.open
        self.probe = self._client.probe

    async def look(self) -> None:
        await self.repository.refresh()
        await self.repository.catch_up()

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """All backups as last seen, the newest first."""
        return self.repository.index.records

    async def back_up(self, *, skip_unchanged: bool = False) -> BackupRecord:
        return await back_up(
            self._client,
            self.repository,
            BackupTrigger.SCHEDULE if skip_unchanged else BackupTrigger.BUTTON,
            skip_unchanged=skip_unchanged,
            deadline=self._deadline,
        )

    async def restore(
        self,
        backup_id: str,
        begin: Callable[[BackupRecord], None] = lambda _safety: None,
        way: Way = Way.IMPORT,
    ) -> RestoreResult:
        """Restore all of a backup; `begin` is called with the safety backup before any change."""

        @asynccontextmanager
        async def note(
            safety: BackupRecord, _plan: RestorePlan, _first: Collection[str]
        ) -> AsyncIterator[Note]:
            begin(safety)
            yield no_note

        parts = ALL_PARTS if way is Way.IMPORT else None
        return await restore(
            RestoreRequest(backup_id=backup_id, selection=Selection(parts=parts), way=way),
            client=self._client,
            repository=self.repository,
            source=self.repository,
            begin=note,
            deadline=self._deadline,
        )

    async def pin(self, backup_id: str, note: str = NOTE) -> BackupRecord:
        return await self.repository.update(backup_id, pinned=True, note=note)

    async def is_good(self, backup_id: str) -> bool:
        return (await self.repository.verify(backup_id)).status is BackupStatus.GOOD


def removable(records: dict[str, bytes], policy: Policy) -> set[str]:
    """Return which archives retention may delete, given the text of the records by archive."""
    read = [from_json(content, name) for name, content in records.items()]
    plan = retention.plan(read, policy, now=datetime.now(UTC), zone=UTC)
    return {item.filename for item in plan.removed if not item.pinned}


# What is done with a fault in the middle ----------------------------------------------------------

DEEDS: Final = {
    "first start": 0,
    "set-up": 0,
    "backup": 1,
    "confirmation": 0,
    "restore": 2,
    "restore by import": 2,
    "prune": -2,
    "prune after a loss": -1,
    "pin and note": 0,
    "delete": -1,
    "verify": 0,
    "adoption": 0,
    "upload": 1,
    "move": 0,
}
"""What can be done, and how many more archives there are afterwards."""
SET_UPS: Final = frozenset({"first start", "set-up"})


def shows(deed: str) -> bool:
    """Return whether users see after a deed what is in the folder."""
    return deed not in {*SET_UPS, "move"}


def needs_look(deed: str) -> bool:
    """Return whether the folder is looked at before a deed."""
    return deed != "adoption"


async def no_note(_ids: Collection[str]) -> None:
    """Note nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done once, where, and how it ends in a process of its own."""

    deed: str
    root: str
    """Everything lies below this folder."""
    url: str
    password: str
    repository_id: str | None = None
    backup_id: str = ""
    """The backup that the deed is about, if it is about one."""
    kill_at: int | None = None
    """The step on the disk at which the process kills itself."""
    kill_after: float | None = None
    """The seconds after which the process is killed."""
    is_hostile: bool = False
    """Whether the Pi-hole may be hostile, and the process is watched."""

    @property
    def folder(self) -> Path:
        return Path(self.root, "backups", "kitchen")

    @property
    def elsewhere(self) -> Path:
        return Path(self.root, "elsewhere", "kitchen")

    @property
    def upload(self) -> Path:
        return Path(self.root, "uploads", UPLOAD)

    def __str__(self) -> str:
        at = f"at step {self.kill_at}" if self.kill_at is not None else f"after {self.kill_after} s"
        return f"{self.deed}, killed {at}"


async def start(backups: Backups, plan: Plan, report: Report) -> None:
    """Do what comes before a deed, unless the deed is the start itself."""
    if plan.deed in SET_UPS:
        return
    report("opened", repository_id=await backups.open(plan.repository_id))
    if needs_look(plan.deed):
        await backups.look()
    if plan.deed == "prune after a loss":
        _lose(backups.records[0].filename, plan, report)


def _lose(filename: str, plan: Plan, report: Report) -> None:
    """Delete a backup by hand, after the folder was looked at."""
    with suppress(FileNotFoundError):
        for name in (filename, f"{filename.removesuffix('.zip')}.json"):
            unlink(plan.folder / name)  # noqa: PTH108 - as above
        report("deleted", filename=filename)


async def do(  # noqa: C901, PLR0912 - one deed after the other
    backups: Backups, plan: Plan, report: Report
) -> None:
    """Do what is planned, and report it."""
    repository, backup_id = backups.repository, plan.backup_id

    def stored(record: BackupRecord) -> None:
        report("stored", filename=record.filename, sha256=record.sha256)

    match plan.deed:
        case "first start" | "set-up":
            report("opened", repository_id=await backups.open(plan.repository_id))
        case "backup" | "confirmation":
            stored(await backups.back_up(skip_unchanged=plan.deed == "confirmation"))
        case "restore":
            await backups.restore(backup_id, stored, Way.LIVE)
        case "restore by import":
            await backups.restore(backup_id, stored)
        case "backup and restore":
            await backups.restore((await backups.back_up()).id)
        case "prune" | "prune after a loss":
            for record in (await repository.prune(POLICY, dry_run=False)).removed:
                report("deleted", filename=record.filename)
        case "pin and note":
            record = await backups.pin(backup_id)
            report("noted", filename=record.filename, note=record.note)
        case "delete":
            report("deleted", filename=(await repository.delete(backup_id)).filename)
        case "verify":
            if not await backups.is_good(backup_id):
                report("damaged", backup_id=backup_id)
        case "adoption":
            await backups.look()
            for record in backups.records:
                stored(record)
        case "upload":
            stored((await repository.adopt(lambda: nullcontext(plan.upload))).record)
        case "move":

            async def begin() -> None:
                report("moving")

            await repository.move(plan.elsewhere, begin)
            report("moved")


async def live(plan: Plan, report: Report, begin: Callable[[], None] = lambda: None) -> None:
    """Start as Home Assistant does, and do what is planned; `begin` is called just before that."""
    deadline = HOSTILE_DEADLINE if plan.is_hostile else DEADLINE_SECONDS
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        backups = Backups(http, plan.url, plan.password, plan.folder, deadline=deadline)
        await start(backups, plan, report)
        begin()
        try:
            await do(backups, plan, report)
        except CheckpointError as error:
            if not plan.is_hostile:
                raise
            # These words are shown, so they have to be text.
            json.dumps(error.placeholders).encode()
            "".join(error.placeholders.values()).encode()
            report("failed", key=error.key)
