"""Victims that run the engine alone, and what is found after their end."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
import hashlib
import json
import os
from pathlib import Path
import shutil
import sys
from tempfile import TemporaryDirectory
import time
from typing import Self

from custom_components.pihole_checkpoint.engine.models import BackupStatus, BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.repository import relocate
from custom_components.pihole_checkpoint.engine.repository.folder import MARK, STAGING
from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from pihole_simulator import Pihole, Simulator, build_archive
from scripts.soaking.engine import Engine

from .deeds import POLICY, Plan, engine_of

_ROOT = Path(__file__).resolve().parents[2]
_PASSWORD = "app-password-of-a-soaked-pihole"  # noqa: S105 - it opens a simulator
_BACK_SECONDS = 10.0
_LONG_AGO = datetime(2026, 1, 20, 3, 24, 15, tzinfo=UTC)
_BACKUPS = 5
_ABOUT = 2
"""The one in the middle: retention does not keep it."""


@dataclass(kw_only=True)
class Death:
    """How one victim ended, and what it had told before."""

    killed: bool
    step: str = ""
    mark: str | None = None
    stored: dict[str, str] = field(default_factory=dict)
    """The files' names, and the hashes of what is in them."""
    deleted: set[str] = field(default_factory=set)
    pinned: set[str] = field(default_factory=set)
    moved: bool = False
    moving: bool = False
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def hear(self, said: Mapping[str, object]) -> None:
        """Take note of what it says."""
        match said:
            case {"what": "mark", "mark": str(mark)}:
                self.mark = mark
            case {"what": "step", "name": str(name)}:
                self.step = name
            case {"what": "stored", "filename": str(name), "sha256": str(digest)}:
                self.stored[name] = digest
            case {"what": "deleted", "filename": str(name)}:
                self.deleted.add(name)
            case {"what": "pinned", "filename": str(name)}:
                self.pinned.add(name)
            case {"what": "moving"}:
                self.moving = True
            case {"what": "moved"}:
                self.moved = True


class Victims:
    """Lets victims be born, one after the other."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="killed-", ignore_cleanup_errors=True)
        self._process: Process | None = None
        self._template = Path(self._folder.name, "template")
        self._files: dict[str, str] = {}
        self._mark = ""
        self._ids: list[str] = []
        """Of the stored backups, the newest first."""
        self._safe: frozenset[str] = frozenset()
        """What retention keeps."""
        self._pinned = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "scripts.soaking.victim"),
            stdin=PIPE,
            stdout=PIPE,
            cwd=_ROOT,
        )
        await self._make_template()
        await self._hear()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()
        self._folder.cleanup()

    async def kill(
        self, deed: str, *, at: int | None = None, after: float | None = None
    ) -> tuple[Plan, Death]:
        """Let one live until then, and look at what it left."""
        root = Path(self._folder.name, "victim")
        shutil.rmtree(root, ignore_errors=True)
        async with _simulator(_BACKUPS + (deed != "confirmation")) as simulator:
            plan = Plan(
                deed=deed,
                root=str(root),
                mark=None if deed == "first start" else self._mark,
                url=simulator.url,
                password=_PASSWORD,
                backup_id=self._ids[_ABOUT],
                kill_at=at,
                kill_after=after,
            )
            self._furnish(plan)
            death = await self._live(plan)
            await self.look(plan, death, simulator)
        return plan, death

    async def _make_template(self) -> None:
        async with _simulator(0) as simulator:
            plan = Plan(
                deed="",
                root=str(self._template),
                mark=None,
                url=simulator.url,
                password=_PASSWORD,
            )
            plan.store.parent.mkdir(parents=True)
            async with engine_of(plan, plan.store) as engine:
                self._mark = await engine.open(None)
                for number in range(_BACKUPS):
                    simulator.pihole.add_domain(f"domain-{number}.example")
                    record = await engine.back_up(BackupTrigger.SERVICE)
                    if number == 0:
                        await engine.update(record.id, pinned=True)
                self._ids = [it.id for it in engine.records]
                self._pinned = engine.records[-1].filename
                self._files = {it.filename: it.sha256 for it in engine.records}
                plans = await engine.prune(POLICY, UTC, dry_run=True)
                self._safe = frozenset(it.filename for it, _ in plans.kept)

    def _furnish(self, plan: Plan) -> None:
        if plan.deed == "first start":
            plan.store.parent.mkdir(parents=True)
        else:
            shutil.copytree(self._template, plan.root)
        plan.other.parent.mkdir()
        if plan.deed == "adoption":
            adopted = plan.store / "pi-hole_pihole_teleporter_2026-01-20_03-24-15_UTC.zip"
            adopted.write_bytes(build_archive(Pihole.example(), _LONG_AGO))
            os.utime(adopted, (_LONG_AGO.timestamp(),) * 2)
            (plan.store / record_filename(next(iter(self._files)))).unlink()

    async def _live(self, plan: Plan) -> Death:
        if self._process is None or self._process.stdin is None:
            raise ValueError("there is no mother")
        began = time.monotonic()
        self._process.stdin.write(f"{plan.to_line()}\n".encode())
        death = Death(killed=False, mark=plan.mark)
        while (said := await self._hear())["what"] != "ended":
            death.hear(said)
        death.seconds = time.monotonic() - began
        death.killed = said["code"] == -9  # noqa: PLR2004 - SIGKILL
        if said["code"] not in (0, -9):
            death.problems.append(f"it failed with exit code {said['code']}")
        return death

    async def _hear(self) -> dict[str, object]:
        if self._process is None or self._process.stdout is None:
            raise ValueError("there is no mother")
        said: dict[str, object] = json.loads(await self._process.stdout.readline())
        return said

    async def look(self, plan: Plan, death: Death, simulator: Simulator) -> None:
        """Be the next start, and find fault with what is there."""
        problems = death.problems
        left = len(simulator.sessions)
        if left > death.killed:
            problems.append(f"{left} sessions are open")
        store, other = plan.store, plan.other
        # So that no one goes to a place where it is not, as the entry's set-up does.
        if death.moved or (death.moving and relocate.settle(store, other, self._mark)):
            store, other = other, store
        async with engine_of(plan, store) as engine:
            try:
                await engine.open(death.mark)
                await engine.refresh()
                problems += await self._fault_with(plan, death, engine, store)
                await self._back_up_again(engine, problems)
            except CheckpointError as error:
                problems.append(f"the next start or backup failed: {error!r}")
        if len(simulator.sessions) > left:
            problems.append("the next backup left a session")
        if other.exists():
            problems.append(f"something stayed in the other place: {_files_in(other)}")

    async def _fault_with(self, plan: Plan, death: Death, engine: Engine, store: Path) -> list[str]:
        problems: list[str] = []
        visible = {it.filename: it for it in engine.records}
        for name, digest in (self._must_be_there(plan, death) | death.stored).items():
            if name not in visible or not (store / name).exists():
                problems.append(f"{name} is lost")
            elif hashlib.sha256((store / name).read_bytes()).hexdigest() != digest:
                problems.append(f"{name} is not what it was")
        pinned = death.pinned | ({self._pinned} if plan.deed != "first start" else set())
        problems += [
            f"{name} is no longer pinned"
            for name in pinned
            if name in visible and not visible[name].pinned
        ]
        problems += [f"{name} is back" for name in death.deleted & visible.keys()]
        for record in engine.records:
            if (await engine.verify(record.id)).status is not BackupStatus.GOOD:
                problems.append(f"{record.filename} is not good, but shown")
        known = {MARK, *visible, *map(record_filename, visible)}
        if stray := _files_in(store) - known:
            problems.append(f"it left {stray}")
        if list((store / STAGING).iterdir()):
            problems.append("it left something in the staging folder")
        return problems

    def _must_be_there(self, plan: Plan, death: Death) -> dict[str, str]:
        names = set(self._files)
        match plan.deed:
            case "first start":
                names = set()
            case "prune":
                names &= self._safe
            case "delete":
                names = {name for name in names if plan.backup_id not in name}
        return {name: self._files[name] for name in names - death.deleted}

    async def _back_up_again(self, engine: Engine, problems: list[str]) -> None:
        with suppress(TimeoutError):  # a restore may have made it restart
            async with asyncio.timeout(_BACK_SECONDS):
                while not await engine.is_reachable():  # noqa: ASYNC110 - over the network
                    await asyncio.sleep(0.02)
        record = await engine.back_up(BackupTrigger.SERVICE)
        if record not in engine.records:
            problems.append("the next backup is not there")


def _files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != STAGING}


def _simulator(domains: int) -> Simulator:
    """Simulate a Pi-hole to which so many domains were added."""
    pihole = Pihole.example()
    for number in range(domains):
        pihole.add_domain(f"domain-{number}.example")
    simulator = Simulator(password=_PASSWORD[::-1], app_password=_PASSWORD, pihole=pihole)
    simulator.pihole.settings["webserver.api.app_sudo"] = True
    simulator.auth.login_attempts_per_second = 1000
    return simulator
