"""A Pi-hole with a few backups, as it is before each trial of the kills and of the disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import shutil
from tempfile import TemporaryDirectory
from typing import Final

from aiohttp import ClientSession, DummyCookieJar

from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from pihole_simulator import Pihole, Simulator, build_archive

from .deeds import UPLOAD, Backups, Plan
from .oracle import Folder, Promises
from .strangers import Strangers

PASSWORD: Final = "app-password-of-a-pihole-in-trouble"
_BACKUPS: Final = 4
_PINNED: Final = 1
_BACK_SECONDS: Final = 10.0
_LONG_AGO: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(kw_only=True, slots=True)
class World:
    """One Pi-hole, its folder, and what to do."""

    sim: Simulator
    http: ClientSession
    plan: Plan
    promises: Promises
    strangers: Strangers | None = None

    def complaints(self) -> list[str]:
        """Return what happened to files of others in the folder."""
        return self.strangers.complaints() if self.strangers else []

    def backups(self, folder: Path | None = None) -> Backups:
        return Backups(self.http, self.plan.url, PASSWORD, folder or self.plan.folder)


@dataclass(slots=True)
class Worlds:
    """Makes one world after the other, each as the one before was at first."""

    root: Path
    _http: ClientSession
    _repository_id: str = ""
    _about: str = ""
    """The id of the oldest backup, which most deeds are about."""

    def _plan(self, name: str, sim: Simulator, deed: str = "") -> Plan:
        return Plan(deed=deed, root=str(self.root / name), url=sim.url, password=PASSWORD)

    async def prepare(self) -> None:
        """Make what is copied for each world."""
        async with simulated(0) as sim:
            folder = self._plan("template", sim).folder
            folder.parent.mkdir(parents=True)
            backups = Backups(self._http, sim.url, PASSWORD, folder)
            self._repository_id = await backups.open(None)
            for number in range(_BACKUPS):
                sim.pihole.add_domain(f"domain-{number}.example")
                record = await backups.back_up()
                if number == _PINNED:
                    await backups.pin(record.id, "the good one")
            self._about = backups.records[-1].id

    @asynccontextmanager
    async def world(self, deed: str) -> AsyncIterator[World]:
        """Have all as it was at first, and ready for a deed."""
        # There is something new on the Pi-hole, unless a backup shall only be confirmed.
        async with simulated(_BACKUPS + (deed != "confirmation")) as sim:
            plan = self._plan("now", sim, deed)
            if deed == "first start":
                plan.folder.parent.mkdir(parents=True)
                promises = Promises()
            else:
                shutil.copytree(self.root / "template", plan.root)
                plan = replace(plan, repository_id=self._repository_id, backup_id=self._about)
                promises = _arrange(plan)
            plan.elsewhere.parent.mkdir()
            promises.repository_id = plan.repository_id
            world = World(sim=sim, http=self._http, plan=plan, promises=promises)
            if deed not in {"first start", "move"}:  # in a move, the folder of others stays behind
                home = Path(plan.root) / "of somebody else"
                world.strangers = Strangers.move_in(plan.folder, home)
            try:
                yield world
            finally:
                shutil.rmtree(plan.root)


@asynccontextmanager
async def worlds(place: Path | None = None) -> AsyncIterator[Worlds]:
    """Have worlds at a place, or in a temporary folder."""
    with TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as root:
        async with ClientSession(cookie_jar=DummyCookieJar()) as http:
            made = Worlds(Path(root), http)
            await made.prepare()
            yield made


def _arrange(plan: Plan) -> Promises:
    """Bring about what a deed needs, and promise what it may not change."""
    promises = Promises.of(Folder.read(plan.folder))
    pinned = {name for name, (is_pinned, _) in promises.noted.items() if is_pinned}
    oldest = next(name for name in promises.stored if plan.backup_id in name)
    match plan.deed:
        case "delete":
            promises.may_go = {oldest}
        case "prune":
            promises.may_go = set(sorted(promises.stored)[:-1]) - pinned
        case "prune after a loss":
            *older, _, lost = sorted(promises.stored)
            promises.may_go = {*older, lost} - pinned
        case "pin and note":
            del promises.noted[oldest]
        case "upload":
            _put(plan.upload)
        case "adoption":
            _put(plan.folder / UPLOAD)
            newest = max(promises.stored)
            (plan.folder / newest).with_suffix(".json").unlink()
    return promises


def _put(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(build_archive(Pihole.example(), _LONG_AGO))
    since = (_LONG_AGO + timedelta(days=1)).timestamp()
    os.utime(path, (since, since))


def simulated(domains: int = 0) -> Simulator:
    """Simulate a Pi-hole to which so many domains were added."""
    pihole = Pihole.example()
    for number in range(domains):
        pihole.add_domain(f"domain-{number}.example")
    sim = Simulator(password=PASSWORD[::-1], app_password=PASSWORD, pihole=pihole)
    sim.pihole.settings["webserver.api.app_sudo"] = True
    sim.auth.login_attempts_per_second = 100_000
    return sim


async def until_back(backups: Backups) -> None:
    """Wait for the end of a restart that may be going on."""
    async with asyncio.timeout(_BACK_SECONDS):
        while True:
            with suppress(CheckpointError):
                await backups.probe()
                return
            await asyncio.sleep(0.01)
