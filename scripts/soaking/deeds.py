"""What a victim does until it is killed, with the engine alone."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC
import json
from pathlib import Path
from typing import Final, Self
from unittest.mock import patch

from aiohttp import ClientSession, DummyCookieJar
from yarl import URL

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupTrigger,
    Policy,
    RestorePart,
)
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.restore import restore
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings
from scripts.soaking.engine import Engine

POLICY: Final = Policy(last=2, daily=0, weekly=0, monthly=0, yearly=0, manual=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One victim's life."""

    deed: str
    root: str
    """The folder below which everything lies."""
    mark: str | None
    url: str
    password: str
    backup_id: str = ""
    """That the deed is about, if it is about one."""
    kill_at: int | None = None
    """The step in which it kills itself."""
    kill_after: float | None = None
    """The seconds after which it is killed."""

    @property
    def store(self) -> Path:
        """The folder with the backups."""
        return Path(self.root, "stores", "kitchen")

    @property
    def other(self) -> Path:
        """The folder to which they are moved."""
        return Path(self.root, "elsewhere", "kitchen")

    def to_line(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read it."""
        return cls(**json.loads(line))

    def __str__(self) -> str:
        at = f"at step {self.kill_at}" if self.kill_at is not None else f"after {self.kill_after} s"
        return f"{self.deed}, killed {at}"


type Tell = Callable[..., None]
"""Reports something: from here on it is a promise."""


@dataclass(frozen=True, slots=True)
class _Guide:
    tell: Tell

    async def with_files[T](self, work: Coroutine[object, object, T]) -> T:
        return await work

    async def begin(self, safety: BackupRecord) -> None:
        _tell_stored(self.tell, safety)


def _tell_stored(tell: Tell, record: BackupRecord) -> None:
    tell("stored", filename=record.filename, sha256=record.sha256)


async def _back_up(engine: Engine, _plan: Plan, tell: Tell) -> None:
    _tell_stored(tell, await engine.back_up(BackupTrigger.SERVICE))


async def _confirm(engine: Engine, _plan: Plan, tell: Tell) -> None:
    _tell_stored(tell, await engine.back_up(BackupTrigger.SCHEDULE, skip_unchanged=True))


async def _restore(engine: Engine, plan: Plan, tell: Tell) -> None:
    order = restore.RestoreRequest(backup_id=plan.backup_id, parts=frozenset(RestorePart))
    with patch.object(Engine, "timings", RestoreTimings(settle=0.3, look=0.01)):
        await engine.restore(order, engine, _Guide(tell))


async def _prune(engine: Engine, _plan: Plan, tell: Tell) -> None:
    for record in (await engine.prune(POLICY, UTC, dry_run=False)).removed:
        tell("deleted", filename=record.filename)


async def _pin(engine: Engine, plan: Plan, tell: Tell) -> None:
    record = await engine.update(plan.backup_id, pinned=True, note="before the holidays")
    tell("pinned", filename=record.filename)


async def _delete(engine: Engine, plan: Plan, tell: Tell) -> None:
    tell("deleted", filename=(await engine.delete(plan.backup_id)).filename)


async def _adopt(engine: Engine, _plan: Plan, tell: Tell) -> None:
    for record in engine.records:  # opening the store has done it
        _tell_stored(tell, record)


async def _move(engine: Engine, plan: Plan, tell: Tell) -> None:
    async def begin() -> None:
        tell("moving")

    await engine.move(plan.other, begin)
    tell("moved")


DEEDS: Final[dict[str, Callable[[Engine, Plan, Tell], Awaitable[None]]]] = {
    "first start": _adopt,
    "backup": _back_up,
    "confirmation": _confirm,
    "restore": _restore,
    "prune": _prune,
    "pin": _pin,
    "delete": _delete,
    "adoption": _adopt,
    "move": _move,
}


@asynccontextmanager
async def engine_of(plan: Plan, store: Path) -> AsyncIterator[Engine]:
    """Have the engine for what a plan is about."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        client = PiholeClient(http, URL(plan.url), plan.password)
        yield Engine(client, store)


async def do(plan: Plan, tell: Tell) -> None:
    """Begin as set-up does, and do it."""
    async with engine_of(plan, plan.store) as engine:
        tell("mark", mark=await engine.open(plan.mark))
        await engine.refresh()
        await DEEDS[plan.deed](engine, plan, tell)
