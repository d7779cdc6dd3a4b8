"""A restore against the bare requests that it takes, and DNS queries all the while.

The simulated Pi-hole, the restore and the bare requests share one process, so that a busy moment
meets all of them. A restore is measured from the request to the verified backup that it stores.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
import json
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
import time
from typing import Final
from urllib.parse import quote

import aiodns
import aiohttp
from yarl import URL

from custom_components.pihole_checkpoint.engine.backup import back_up
from custom_components.pihole_checkpoint.engine.models import BackupRecord, BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.engine.restore.applied import Note
from custom_components.pihole_checkpoint.engine.restore.models import RestoreRequest
from custom_components.pihole_checkpoint.engine.restore.plan import Plan, Way
from custom_components.pihole_checkpoint.engine.restore.restore import restore
from custom_components.pihole_checkpoint.engine.restore.timings import DnsTimings, RestoreTimings
from pihole_simulator import Pihole, Simulator, build_archive

from .measuring import Figure

_PASSWORD: Final = "benchmark"  # noqa: S105 - of a simulated Pi-hole
_CHANGES: Final = 20
_RUNS: Final = 9
_LOGIN_COST: Final = 0.05
_EXPORT_COST: Final = 0.005
_RESTART_SECONDS: Final = 0.5
_QUERIES_A_SECOND: Final = 50
_TIMINGS: Final = RestoreTimings(
    settle=0.1, look=0.01, dns=DnsTimings(settle=0.0, again=0.0, total=0.01)
)
"""Without the check of the DNS, which comes when the result is there."""


async def _no_note(_ids: Collection[str]) -> None:
    """Note nothing."""


def measure() -> Sequence[Figure]:
    """Measure all of it with simulated Pi-holes."""
    return [
        asyncio.run(_compare(Way.LIVE, goal=1.3)),
        asyncio.run(_compare(Way.IMPORT, goal=1.2)),
        asyncio.run(_count_lost_queries()),
    ]


@dataclass(frozen=True, kw_only=True)
class _World:
    sim: Simulator
    client: PiholeClient
    http: aiohttp.ClientSession
    repository: Repository
    backups: tuple[str, str]
    """The ids of two backups with some changes between them."""

    async def restore(self, backup_id: str, way: Way) -> float:
        """Restore, and give the seconds until the verified backup is stored."""

        @asynccontextmanager
        async def begin(
            _safety: BackupRecord, _plan: Plan, _first: Collection[str]
        ) -> AsyncIterator[Note]:
            yield _no_note

        began = time.perf_counter()
        done = await restore(
            RestoreRequest(backup_id=backup_id, way=way, update_gravity=False),
            client=self.client,
            repository=self.repository,
            source=self.repository,
            begin=begin,
            timings=_TIMINGS,
        )
        if not done.proven or len(done.plan.changes) != _CHANGES:
            raise ValueError("something else was restored than was meant")
        return time.perf_counter() - began


@asynccontextmanager
async def _world() -> AsyncIterator[_World]:
    sim = Simulator(app_password=_PASSWORD, pihole=Pihole.example())
    sim.auth.login_cost, sim.export_cost = _LOGIN_COST, _EXPORT_COST
    sim.auth.login_attempts_per_second = 1000
    sim.restart_seconds = _RESTART_SECONDS
    sim.pihole.settings["webserver.api.app_sudo"] = True
    await sim.start()
    jar = aiohttp.DummyCookieJar()
    connector = aiohttp.TCPConnector(force_close=True)
    try:
        with TemporaryDirectory() as folder:
            async with aiohttp.ClientSession(cookie_jar=jar, connector=connector) as http:
                client = PiholeClient(http, URL(sim.url), _PASSWORD)
                repository = Repository(Path(folder, "backups"), lambda: UTC)
                await repository.open(None)
                first = await back_up(client, repository, BackupTrigger.SERVICE)
                for number in range(_CHANGES):
                    sim.pihole.add_domain(f"denied-{number}.example.org")
                second = await back_up(client, repository, BackupTrigger.SERVICE)
                yield _World(
                    sim=sim,
                    client=client,
                    http=http,
                    repository=repository,
                    backups=(first.id, second.id),
                )
    finally:
        await sim.stop()


async def _compare(way: Way, *, goal: float) -> Figure:
    """Take some domains away and bring them back, again and again."""
    restored: list[float] = []
    bare: list[float] = []
    async with _world() as world:
        for run in range(_RUNS + 1):
            await world.restore(world.backups[0], way)
            took = await world.restore(world.backups[1], way)
            await world.restore(world.backups[0], way)
            least = await (_apply_bare(world) if way is Way.LIVE else _import_bare(world))
            if run:  # the first one warms up
                restored.append(took)
                bare.append(least)
    return Figure(
        name=f"restore {way}",
        value=median(restored) / median(bare),
        unit="x",
        goal=goal,
        detail=f"{_CHANGES} domains from the request to the verified backup in "
        f"{median(restored) * 1000:.0f} ms, the bare requests in {median(bare) * 1000:.0f} ms",
    )


async def _apply_bare(world: _World) -> float:
    """Log in, export, look, make the changes, export, log out."""

    async def change(headers: dict[str, str]) -> None:
        for number in range(_CHANGES):
            name = quote(f"denied-{number}.example.org", safe="")
            body = {"comment": None, "groups": [0], "enabled": True}
            url = f"{world.sim.url}/api/domains/deny/exact/{name}"
            async with world.http.put(url, json=body, headers=headers) as answer:
                await answer.read()

    return await _bare(world, change)


async def _import_bare(world: _World) -> float:
    """Log in, export, look, import, wait for the restart, export, log out."""
    pihole = world.sim.pihole
    for number in range(_CHANGES):
        pihole.add_domain(f"denied-{number}.example.org")
    archive = build_archive(pihole, datetime.now(UTC))
    del pihole.domains[-_CHANGES:]

    async def change(headers: dict[str, str]) -> None:
        form = aiohttp.FormData()
        form.add_field("file", archive, filename="backup.zip", content_type="application/zip")
        url = f"{world.sim.url}/api/teleporter"
        async with world.http.post(url, data=form, headers=headers) as answer:
            await answer.read()
        await asyncio.sleep(_RESTART_SECONDS)
        while True:
            try:
                async with world.http.get(f"{world.sim.url}/api/auth") as answer:
                    await answer.read()
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(_TIMINGS.look)

    return await _bare(world, change)


async def _bare(world: _World, change: Callable[[dict[str, str]], Awaitable[None]]) -> float:
    auth, teleporter = f"{world.sim.url}/api/auth", f"{world.sim.url}/api/teleporter"
    began = time.perf_counter()
    async with world.http.post(auth, json={"password": _PASSWORD}) as answer:
        headers = {"X-FTL-SID": json.loads(await answer.read())["session"]["sid"]}
    for step in range(3):
        async with world.http.get(teleporter, headers=headers) as answer:
            await answer.read()
        if step == 1:
            await change(headers)
    async with world.http.delete(auth, headers=headers) as answer:
        await answer.read()
    return time.perf_counter() - began


async def _count_lost_queries() -> Figure:
    """Ask the DNS all the while that changes are made one by one."""
    async with _world() as world:
        server = world.sim.dns
        resolver = aiodns.DNSResolver(
            nameservers=["127.0.0.1"], udp_port=server.port, timeout=1.0, tries=1
        )
        lost = asked = 0

        async def ask() -> None:
            nonlocal lost, asked
            asked += 1
            try:
                await resolver.query_dns("pi.hole", "A")
            except aiodns.error.DNSError:
                lost += 1

        async def ask_all_the_while() -> None:
            async with asyncio.TaskGroup() as group:
                while True:
                    group.create_task(ask())
                    await asyncio.sleep(1 / _QUERIES_A_SECOND)

        asking = asyncio.create_task(ask_all_the_while())
        for _ in range(3):
            for backup_id in world.backups:
                await world.restore(backup_id, Way.LIVE)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        restarts = world.sim.restarts
    return Figure(
        name="restore dns",
        value=lost,
        unit="queries",
        goal=0,
        detail=f"of {asked} queries, {_QUERIES_A_SECOND} a second, during six restores of "
        f"{_CHANGES} domains each with {restarts} restarts",
    )
