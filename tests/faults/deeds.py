"""What can be done with one Pi-hole's backups: the only module that uses the engine's objects."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
import json
from os import unlink  # by hand: no trial replaces this one
from pathlib import Path
from typing import Final, Self

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
from custom_components.pihole_checkpoint.engine.repository.record import from_json
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.engine.restore.models import RestoreRequest, RestoreResult
from custom_components.pihole_checkpoint.engine.restore.restore import restore

type Report = Callable[..., None]
"""Reports what was done: from here on it is a promise. See `oracle.Promises.hear`."""

ALL_PARTS: Final = frozenset(RestorePart)
POLICY: Final = Policy(last=1, daily=0, weekly=0, monthly=0, yearly=0, manual=1)
NOTE: Final = "before the holidays"
UPLOAD: Final = "pi-hole_attic_teleporter_2026-01-02_03-04-05_UTC.zip"


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
        self._repository = Repository(folder, lambda: UTC)
        self._deadline = deadline
        self.open = self._repository.open
        self.look = self._repository.refresh
        self.delete = self._repository.delete
        self.probe = self._client.probe

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """All backups as last seen, the newest first."""
        return self._repository.index.records

    async def back_up(self, *, skip_unchanged: bool = False) -> BackupRecord:
        return await back_up(
            self._client,
            self._repository,
            BackupTrigger.SCHEDULE if skip_unchanged else BackupTrigger.BUTTON,
            skip_unchanged=skip_unchanged,
            deadline=self._deadline,
        )

    async def restore(
        self, backup_id: str, begin: Callable[[BackupRecord], None] = lambda _safety: None
    ) -> RestoreResult:
        """Restore all of a backup; `begin` is called with the safety backup before any change."""

        async def note(safety: BackupRecord) -> None:
            begin(safety)

        return await restore(
            RestoreRequest(backup_id=backup_id, parts=ALL_PARTS),
            client=self._client,
            repository=self._repository,
            source=self._repository,
            begin=note,
            deadline=self._deadline,
        )

    async def prune(self) -> tuple[BackupRecord, ...]:
        """Delete what `POLICY` does not keep, and return that."""
        return (await self._repository.prune(POLICY, dry_run=False)).removed

    async def pin(self, backup_id: str, note: str = NOTE) -> BackupRecord:
        return await self._repository.update(backup_id, pinned=True, note=note)

    async def is_good(self, backup_id: str) -> bool:
        return (await self._repository.verify(backup_id)).status is BackupStatus.GOOD

    async def upload(self, path: Path) -> BackupRecord:
        return await self._repository.adopt(lambda: nullcontext(path))

    async def move(self, folder: Path, begin: Callable[[], None]) -> None:
        """Move all backups to another folder; `begin` is called before the first file is there."""

        async def note() -> None:
            begin()

        await self._repository.move(folder, note)


def settle_move(source: Path, target: Path, repository_id: str) -> bool:
    """Complete or take back a move that was broken off; return whether it is complete."""
    return relocate.settle(source, target, repository_id)


def removable(records: dict[str, bytes], policy: Policy) -> set[str]:
    """Return which archives retention may delete, given the text of the records by archive."""
    read = [from_json(content, name) for name, content in records.items()]
    plan = retention.plan(read, policy, now=datetime.now(UTC), zone=UTC)
    return {item.filename for item in plan.removed if not item.pinned}


# What is done with a fault in the middle ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done once, where, and how it ends in a process of its own."""

    deed: str
    root: str
    """Everything lies below this folder."""
    repository_id: str | None
    url: str
    password: str
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

    def to_line(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Self:
        return cls(**json.loads(line))

    def __str__(self) -> str:
        at = f"at step {self.kill_at}" if self.kill_at is not None else f"after {self.kill_after} s"
        return f"{self.deed}, killed {at}"


def _stored(report: Report, record: BackupRecord) -> None:
    report("stored", filename=record.filename, sha256=record.sha256)


async def _back_up(backups: Backups, _plan: Plan, report: Report) -> None:
    _stored(report, await backups.back_up())


async def _confirm(backups: Backups, _plan: Plan, report: Report) -> None:
    _stored(report, await backups.back_up(skip_unchanged=True))


async def _restore(backups: Backups, plan: Plan, report: Report) -> None:
    await backups.restore(plan.backup_id, lambda safety: _stored(report, safety))


async def _back_up_and_restore(backups: Backups, _plan: Plan, _report: Report) -> None:
    await backups.restore((await backups.back_up()).id)


async def _prune(backups: Backups, _plan: Plan, report: Report) -> None:
    for record in await backups.prune():
        report("deleted", filename=record.filename)


async def _prune_after_a_loss(backups: Backups, plan: Plan, report: Report) -> None:
    """Prune when the newest backup was deleted by hand since the folder was looked at."""
    newest = backups.records[0].filename
    with suppress(FileNotFoundError):
        for name in (newest, f"{newest.removesuffix('.zip')}.json"):
            unlink(plan.folder / name)  # noqa: PTH108 - as above
        report("deleted", filename=newest)
    await _prune(backups, plan, report)


async def _pin(backups: Backups, plan: Plan, report: Report) -> None:
    record = await backups.pin(plan.backup_id)
    report("noted", filename=record.filename, note=record.note)


async def _delete(backups: Backups, plan: Plan, report: Report) -> None:
    report("deleted", filename=(await backups.delete(plan.backup_id)).filename)


async def _verify(backups: Backups, plan: Plan, report: Report) -> None:
    if not await backups.is_good(plan.backup_id):
        report("damaged", backup_id=plan.backup_id)


async def _look(backups: Backups, _plan: Plan, report: Report) -> None:
    await backups.look()
    for record in backups.records:
        _stored(report, record)


async def _upload(backups: Backups, plan: Plan, report: Report) -> None:
    _stored(report, await backups.upload(plan.upload))


async def _move(backups: Backups, plan: Plan, report: Report) -> None:
    await backups.move(plan.elsewhere, lambda: report("moving"))
    report("moved")


async def _open(backups: Backups, plan: Plan, report: Report) -> None:
    report("opened", repository_id=await backups.open(plan.repository_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that can be done with backups."""

    name: str
    do: Callable[[Backups, Plan, Report], Awaitable[None]]
    adds: int = 0
    """How many more archives there are afterwards."""
    is_set_up: bool = False
    """Whether set-up itself is what is done, so that it has not been done before."""
    needs_look: bool = True
    """Whether the folder is looked at before."""

    @property
    def shows(self) -> bool:
        """Whether users see afterwards what is in the folder."""
        return not self.is_set_up and self.name != "move"


DEEDS: Final = {
    item.name: item
    for item in (
        Deed(name="first start", do=_open, is_set_up=True),
        Deed(name="set-up", do=_open, is_set_up=True),
        Deed(name="backup", do=_back_up, adds=1),
        Deed(name="confirmation", do=_confirm),
        Deed(name="restore", do=_restore, adds=1),
        Deed(name="prune", do=_prune, adds=-2),
        Deed(name="prune after a loss", do=_prune_after_a_loss, adds=-2),
        Deed(name="pin and note", do=_pin),
        Deed(name="delete", do=_delete, adds=-1),
        Deed(name="verify", do=_verify),
        Deed(name="adoption", do=_look, needs_look=False),
        Deed(name="upload", do=_upload, adds=1),
        Deed(name="move", do=_move),
    )
}
_HOSTILE: Final = Deed(name="backup and restore", do=_back_up_and_restore)
HOSTILE_DEADLINE: Final = 8.0


async def do(plan: Plan, report: Report, begin: Callable[[], None] = lambda: None) -> None:
    """Start as Home Assistant does, and do what is planned; `begin` is called just before that."""
    deed = DEEDS.get(plan.deed, _HOSTILE)
    deadline = HOSTILE_DEADLINE if plan.is_hostile else DEADLINE_SECONDS
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        backups = Backups(http, plan.url, plan.password, plan.folder, deadline=deadline)
        if not deed.is_set_up:
            report("opened", repository_id=await backups.open(plan.repository_id))
            if deed.needs_look:
                await backups.look()
        begin()
        try:
            await deed.do(backups, plan, report)
        except CheckpointError as error:
            if not plan.is_hostile:
                raise
            # These words are shown, so they have to be text.
            json.dumps(error.placeholders).encode()
            "".join(error.placeholders.values()).encode()
            report("failed", key=error.key)
