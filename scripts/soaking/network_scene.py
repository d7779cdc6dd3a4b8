"""A simulated Pi-hole behind a network with faults, and an engine that backs it up."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import aiohttp
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine import export
from custom_components.pihole_checkpoint.engine.export import time_limit
from custom_components.pihole_checkpoint.engine.models import BackupRecord
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.restore import restore, timings
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings
from pihole_simulator import Simulator
from scripts.soaking.engine import Engine

from .proxy import Proxy

APP_PASSWORD: Final = "app-password-of-the-simulator"  # noqa: S105 - it opens nothing
DEADLINE_SECONDS: Final = 4.0
_ENGLISH: Final = Path(limits.__file__).parents[2] / "translations" / "en.json"
SENTENCES: Final = frozenset(json.loads(_ENGLISH.read_text())["exceptions"])

_RESTORES: Final = RestoreTimings(restart=6.0, gravity=4.0, settle=0.2, look=0.01, probe=1.0)
_QUICK: Final = limits.Timings(
    connect=2.0,
    read=1.5,
    request=3.0,
    import_read=1.5,
    gravity_read=1.5,
    versions=1.0,
    login_retry=0.0,
    login_grace=1.5,
    logout=0.7,
    logout_retry=0.02,
    logout_total=1.6,
)
_SHORTER: Final = (
    (limits, "TIMINGS", _QUICK),
    (Engine, "timings", _RESTORES),
    (timings, "TIMINGS", _RESTORES),
    (export, "time_limit", lambda _seconds: time_limit(DEADLINE_SECONDS)),
    (restore, "time_limit", lambda _seconds: time_limit(DEADLINE_SECONDS)),
)
"""All times are shorter than in life, in the same order; what is done in them is the same."""


@contextmanager
def time_flies() -> Iterator[None]:
    """Wait for nothing longer than need be."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, value in _SHORTER:
            patch.setattr(owner, name, value)
        yield


@dataclass(kw_only=True, slots=True)
class Scene:
    """What a plan is tried on."""

    sim: Simulator
    proxy: Proxy
    client: PiholeClient
    engine: Engine
    folder: Path
    tally: Counter[str] = field(default_factory=Counter)

    def files(self) -> dict[str, bytes]:
        """Read all that lies in the store, unfinished things too."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }

    def stored(self, record: BackupRecord) -> bytes:
        """Read an archive as it lies there."""
        return (self.folder / record.filename).read_bytes()

    async def tidy(self) -> None:
        """Make as it was before a plan."""
        self.proxy.expect(())
        self.sim.auth.end_all_sessions()
        self.sim.requests.clear()
        for record in self.engine.records:
            await self.engine.delete(record.id)

    def left_open(self) -> list[str]:
        """Count the sessions that nobody closed, and give a complaint for what had to be closed.

        When the answer to a login does not arrive nobody can close what it opened; nor can who
        loses the request to close it.
        """
        if not (left := len(self.sim.sessions)):
            return []
        for place in ("login", "logout"):
            struck = [it.lasting for it in self.proxy.struck if it.place == place]
            if struck:
                often = "again and again" if any(struck) else "once"
                self.tally[f"sessions left by a {place} struck {often}"] += left
                return []
        return [f"{left} sessions are open"]


def wrong_sentence(error: CheckpointError, fitting: frozenset[str]) -> list[str]:
    """Complain of an error that has no sentence, or one that is not true."""
    found = []
    if error.key not in SENTENCES:
        found.append(f"{error.key} has no sentence")
    if error.key not in fitting:
        found.append(f"{error.key} is told of what is one of {sorted(fitting)}")
    return found


@asynccontextmanager
async def a_scene() -> AsyncIterator[Scene]:
    """Have one."""
    with TemporaryDirectory() as parent, time_flies():
        async with (
            Simulator(password="main", app_password=APP_PASSWORD) as sim,  # noqa: S106 - it opens nothing
            Proxy(sim.port) as proxy,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        ):
            sim.auth.login_attempts_per_second = 1_000_000
            sim.pihole.settings["webserver.api.app_sudo"] = True
            folder = Path(parent) / "store"
            pihole = PiholeClient(http, URL(proxy.url), APP_PASSWORD)
            engine = Engine(pihole, folder, deadline=DEADLINE_SECONDS)
            await engine.open(None)
            yield Scene(sim=sim, proxy=proxy, client=pihole, engine=engine, folder=folder)
