"""Any Pi-hole, at any two times: a restore brings back the first, its undo the second."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
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
    RestorePart,
)
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.engine.restore.models import RestoreRequest, RestoreResult
from custom_components.pihole_checkpoint.engine.restore.restore import restore
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings
from pihole_simulator import Pihole, Simulator, configuration_of
from tests.support.home import Home
from tests.support.passwords import APP_PASSWORD
from tests.support.piholes import GRAVITY_PARTS, become, copied, default_group, pairs, restored

EVERYTHING = frozenset(RestorePart)
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
        async def begin(safety: BackupRecord) -> None:
            self.journal.append(safety)

        return await restore(
            request,
            client=self.client,
            repository=self.repository,
            source=self.repository,
            begin=begin,
            timings=RestoreTimings(settle=0.1, look=0.005),
        )

    async def restore(self, backup_id: str, parts: frozenset[RestorePart]) -> RestoreResult:
        imports, begun = self.imports, len(self.journal)
        done = await self.request(RestoreRequest(backup_id=backup_id, parts=parts))
        assert done.proven
        assert [*self.journal[begun:]] == ([done.safety] if done.safety else [])
        assert bool(done.changes) == (done.safety is not None)
        assert done.gravity_updated == (bool(done.changes) and RestorePart.LISTS in parts)
        assert self.imports == imports + bool(done.changes)
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
    """Give what a user sees: neither when rows were made, nor what the Pi-hole counts.

    Where all else is equal there is nothing to restore, and those stay.
    """

    def undated(value: object) -> object:
        if isinstance(value, dict):
            return {
                name: undated(item)
                for name, item in value.items()
                if name not in ("date_added", "date_modified")
            }
        return value or ""  # no comment and an empty one

    return {
        name: sorted(lease.partition(" ")[2] for lease in map(str, pihole.leases or ()))
        if name == "leases"
        else undated(value)
        for name, value in configuration_of(pihole, counts=False).items()
    }


def undoing(parts: frozenset[RestorePart]) -> frozenset[RestorePart]:
    """Take the groups along, which may have come and gone with what is in them."""
    return parts | ({RestorePart.GROUPS} if parts & GRAVITY_PARTS else frozenset())


def can_be_distinguished(a: Pihole, b: Pihole, parts: Collection[RestorePart]) -> bool:
    """Return whether items that are not restored keep the name of their group.

    See the end of `tests/engine/restore/test_payload.py`.
    """
    return (
        RestorePart.GROUPS not in parts
        or set(parts) >= GRAVITY_PARTS
        or default_group(a).name == default_group(b).name
    )


@several
@given(two=pairs())
async def test_a_pihole_becomes_again_what_it_was_and_again_what_it_had_become(
    sim: Simulator, keepers: AsyncIterator[Keeper], two: tuple[Pihole, Pihole]
) -> None:
    await check(sim, await anext(keepers), *two, EVERYTHING)


@several
@given(two=pairs(), parts=some_parts)
async def test_what_is_not_to_be_restored_is_not_touched_by_a_restore_nor_by_its_undoing(
    sim: Simulator,
    keepers: AsyncIterator[Keeper],
    two: tuple[Pihole, Pihole],
    parts: frozenset[RestorePart],
) -> None:
    assume(can_be_distinguished(*two, parts))

    await check(sim, await anext(keepers), *two, parts)


async def check(
    sim: Simulator, keeper: Keeper, a: Pihole, b: Pihole, parts: frozenset[RestorePart]
) -> None:
    become(sim, a)
    was = copied(sim.pihole)
    stored = await keeper.back_up()
    become(sim, b)
    had_become = copied(sim.pihole)

    done = await keeper.restore(stored, parts)

    assert seen(sim.pihole) == seen(restored(was, had_become, parts))
    if done.safety is None:
        assert configuration_of(sim.pihole) == configuration_of(had_become)
        return
    await keeper.restore(done.safety.id, undoing(parts))
    assert_is_again(sim.pihole, had_become)


def assert_is_again(pihole: Pihole, had_become: Pihole) -> None:
    before, now = seen(had_become), seen(pihole)
    if had_become.leases is None:
        # No import takes a file of leases away again.
        del before["leases"], now["leases"]
    assert now == before


@several
@given(two=pairs(), parts=some_parts)
async def test_a_dry_run_tells_what_a_restore_would_do_and_does_nothing(
    sim: Simulator,
    keepers: AsyncIterator[Keeper],
    two: tuple[Pihole, Pihole],
    parts: frozenset[RestorePart],
) -> None:
    assume(can_be_distinguished(*two, parts))
    keeper = await anext(keepers)
    become(sim, two[0])
    stored = await keeper.back_up()
    become(sim, two[1])
    before = configuration_of(sim.pihole)
    order = RestoreRequest(backup_id=stored, parts=parts, dry_run=True)
    imports = keeper.imports

    planned = await keeper.request(order)

    assert configuration_of(sim.pihole) == before
    assert keeper.imports == imports
    assert len(keeper.repository.index.records) == 1
    assert planned.safety is None
    done = await keeper.restore(stored, parts)
    assert done.changes == planned.changes
    # And when it is restored, nothing is left to do.
    again = await keeper.request(order)
    assert again.changes == ()
    assert again.proven


@settings(several, max_examples=5)
@given(two=pairs())
async def test_a_user_restores_what_a_pihole_was_and_takes_that_back(
    home: Home, sim: Simulator, two: tuple[Pihole, Pihole]
) -> None:
    a, b = two
    assume(seen(a) != seen(b))
    entry_id = home.entry.entry_id
    become(sim, a)
    was = copied(sim.pihole)
    [record] = await home.back_up(config_entry_id=entry_id)
    become(sim, b)
    had_become = copied(sim.pihole)

    answer = await home.call("restore", config_entry_id=entry_id, backup_id=record["id"])

    assert answer["proven"] is True
    assert seen(sim.pihole) == seen(restored(was, had_become, EVERYTHING))
    undone = await home.call("undo_restore", config_entry_id=entry_id)
    assert undone["proven"] is True
    assert_is_again(sim.pihole, had_become)
    assert sim.sessions == []
    assert not list(home.folder.glob(".staging/*"))
