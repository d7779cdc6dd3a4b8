"""Any Pi-hole, at any two times: a restore brings back the first, its undo the second."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import count
from pathlib import Path

import aiohttp
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.backup import back_up
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupTrigger,
    RemarkKey,
    RestorePart,
)
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.engine.restore.applied import Note
from custom_components.pihole_checkpoint.engine.restore.models import RestoreRequest, RestoreResult
from custom_components.pihole_checkpoint.engine.restore.plan import Plan, Way
from custom_components.pihole_checkpoint.engine.restore.restore import restore
from custom_components.pihole_checkpoint.engine.restore.selection import PART_OF, Selection
from custom_components.pihole_checkpoint.engine.restore.timings import DNS_TIMINGS, RestoreTimings
from pihole_simulator import Pihole, Simulator, configuration_of
from tests.support.home import Home
from tests.support.kitchen import both_ways, undated
from tests.support.passwords import APP_PASSWORD
from tests.support.piholes import become, copied, make_polite, pairs, restored

EVERYTHING = frozenset(RestorePart)


async def no_note(_ids: Collection[str]) -> None:
    """Note nothing."""


AT_ONCE = replace(DNS_TIMINGS, settle=0.0, again=0.01)
some_parts = st.sets(st.sampled_from(sorted(RestorePart)), min_size=1).map(frozenset)
several = settings(
    max_examples=30,
    phases=set(Phase) - {Phase.explain},  # it takes longer than a test may
    suppress_health_check=[
        *(HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow)
    ],
)


@pytest.fixture(autouse=True)
def a_quick_pihole(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    sim.auth.login_attempts_per_second = 100_000
    sim.restart_seconds = 0.02
    sim.dns.old_answers_seconds = 0.0


@dataclass(kw_only=True)
class Keeper:
    """Backs the simulated Pi-hole up and restores it, without a Home Assistant."""

    sim: Simulator
    client: PiholeClient
    repository: Repository
    journal: list[BackupRecord] = field(default_factory=list)
    """The safety backups with which imports began."""

    async def back_up(self) -> str:
        record = await back_up(self.client, self.repository, BackupTrigger.SERVICE)
        return record.id

    async def request(self, request: RestoreRequest) -> RestoreResult:
        @asynccontextmanager
        async def begin(
            safety: BackupRecord, _plan: Plan, _first: Collection[str]
        ) -> AsyncIterator[Note]:
            self.journal.append(safety)
            yield no_note

        return await restore(
            request,
            client=self.client,
            repository=self.repository,
            source=self.repository,
            begin=begin,
            timings=RestoreTimings(settle=0.3, look=0.005, dns=AT_ONCE),
        )

    async def restore(self, request: RestoreRequest) -> RestoreResult:
        imports, begun = self.imports, len(self.journal)
        now = copied(self.sim.pihole)
        done = await self.request(request)
        assert done.proven
        assert done.refused == {}
        assert RemarkKey.DNS_WRONG not in {remark.key for remark in done.remarks}
        assert [*self.journal[begun:]] == ([done.safety] if done.safety else [])
        assert bool(done.changes) == (done.safety is not None) == (done.way is not None)
        assert done.gravity_updated == gains_a_list(self.sim.pihole, now)
        assert self.imports == imports + (done.way is Way.IMPORT)
        assert request.way in {None, done.way} or done.way is None
        assert self.sim.sessions == []
        assert not list((self.repository.path / ".staging").iterdir())
        return done

    @property
    def imports(self) -> int:
        return sum(
            (request.method, request.path) == ("POST", "/api/teleporter")
            for request in self.sim.requests
        )


@pytest.fixture
async def keepers(
    sim: Simulator, http: aiohttp.ClientSession, tmp_path: Path
) -> AsyncIterator[Keeper]:
    """Make one after the other, each with a folder of its own."""
    return make_keepers(sim, http, tmp_path)


async def make_keepers(
    sim: Simulator, http: aiohttp.ClientSession, folder: Path
) -> AsyncIterator[Keeper]:
    for number in count():
        own = folder / str(number)
        client = PiholeClient(http, URL(sim.url), APP_PASSWORD)
        repository = Repository(own, lambda: UTC)
        await repository.open(None)
        yield Keeper(sim=sim, client=client, repository=repository)


def seen(pihole: Pihole) -> dict[str, object]:
    """Return what a user sees: neither when rows were made, nor what the Pi-hole counts.

    An empty file of leases is the same as none.
    """
    return {
        name: sorted(lease.partition(" ")[2] for lease in map(str, pihole.leases or ()))
        if name == "leases"
        else undated(value)
        for name, value in configuration_of(pihole, counts=False).items()
    }


def gains_a_list(a: Pihole, b: Pihole) -> bool:
    """Return whether a list of A is not in effect on B."""
    in_effect = {(row.address, row.type) for row in b.adlists if row.enabled}
    return bool({(row.address, row.type) for row in a.adlists if row.enabled} - in_effect)


def undo_of(done: RestoreResult, way: Way | None) -> RestoreRequest:
    assert done.safety is not None
    parts = {PART_OF[difference.subject] for difference in done.plan.differences}
    only = frozenset(difference.id for difference in done.plan.differences)
    return RestoreRequest(
        backup_id=done.safety.id,
        selection=Selection(parts=frozenset(parts), only=only),
        way=way,
    )


@several
@both_ways
@given(two=pairs())
async def test_a_pihole_becomes_again_what_it_was_and_again_what_it_had_become(
    sim: Simulator, keepers: AsyncIterator[Keeper], two: tuple[Pihole, Pihole], way: str
) -> None:
    parts = EVERYTHING - ({RestorePart.DHCP_LEASES} if way == Way.LIVE else set())

    await check(sim, await anext(keepers), *two, parts, Way(way))


@several
@both_ways
@given(two=pairs(), parts=some_parts)
async def test_what_is_not_to_be_restored_is_not_touched_by_a_restore_nor_by_its_undoing(
    sim: Simulator,
    keepers: AsyncIterator[Keeper],
    two: tuple[Pihole, Pihole],
    parts: frozenset[RestorePart],
    way: str,
) -> None:
    await check(sim, await anext(keepers), *two, parts, Way(way))


async def check(
    sim: Simulator, keeper: Keeper, a: Pihole, b: Pihole, parts: frozenset[RestorePart], way: Way
) -> None:
    if way is Way.LIVE:
        make_polite(a)
        make_polite(b)
    become(sim, a)
    was = copied(sim.pihole)
    stored = await keeper.back_up()
    become(sim, b)
    had_become = copied(sim.pihole)
    wanted = Selection(parts=parts)
    if way is Way.LIVE:
        preview = RestoreRequest(backup_id=stored, selection=wanted, dry_run=True)
        assume(way in (await keeper.request(preview)).plan.ways)

    done = await keeper.restore(RestoreRequest(backup_id=stored, selection=wanted, way=way))

    assert seen(sim.pihole) == seen(restored(was, had_become, parts))
    if done.safety is None:
        assert configuration_of(sim.pihole) == configuration_of(had_become)
        return
    # What was on the Pi-hole may be nothing that its API takes.
    await keeper.restore(undo_of(done, None if way is Way.LIVE else way))
    assert seen(sim.pihole) == seen(had_become)


@several
@given(two=pairs(), parts=some_parts)
async def test_a_dry_run_tells_what_a_restore_would_do_and_does_nothing(
    sim: Simulator,
    keepers: AsyncIterator[Keeper],
    two: tuple[Pihole, Pihole],
    parts: frozenset[RestorePart],
) -> None:
    for pihole in two:
        make_polite(pihole)  # or its API may refuse what only an import takes
    keeper = await anext(keepers)
    become(sim, two[0])
    stored = await keeper.back_up()
    become(sim, two[1])
    before = configuration_of(sim.pihole)
    request = RestoreRequest(backup_id=stored, selection=Selection(parts=parts))
    preview = replace(request, dry_run=True)
    imports = keeper.imports

    planned = await keeper.request(preview)

    assert configuration_of(sim.pihole) == before
    assert keeper.imports == imports
    assert len(keeper.repository.index.records) == 1
    assert planned.safety is None
    done = await keeper.restore(replace(request, plan=planned.plan.token))
    assert done.changes == planned.changes
    assert done.way == (planned.plan.ways[0] if planned.changes else None)
    # And when it is restored, nothing is left to do.
    again = await keeper.request(preview)
    assert again.changes == ()
    assert again.plan.changes == ()
    assert again.proven


@settings(several, max_examples=5)
@given(two=pairs())
async def test_a_user_restores_what_a_pihole_was_and_takes_that_back(
    home: Home, sim: Simulator, two: tuple[Pihole, Pihole]
) -> None:
    a, b = two
    for pihole in two:
        make_polite(pihole)
    assume(seen(a) != seen(b))
    entry_id = home.entry.entry_id
    become(sim, a)
    was = copied(sim.pihole)
    [record] = await home.back_up(config_entry_id=entry_id)
    become(sim, b)
    had_become = copied(sim.pihole)

    answer = await home.call("restore", config_entry_id=entry_id, backup_id=record["id"])

    assert answer["proven"] is True
    parts = EVERYTHING - ({RestorePart.DHCP_LEASES} if had_become.leases else set())
    assert seen(sim.pihole) == seen(restored(was, had_become, parts))
    undone = await home.call("undo_restore", config_entry_id=entry_id)
    assert undone["proven"] is True
    assert seen(sim.pihole) == seen(had_become)
    assert sim.sessions == []
    assert not list(home.folder.glob(".staging/*"))
