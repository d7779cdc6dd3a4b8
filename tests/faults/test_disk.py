"""A disk that fails: what becomes of the backups. `scripts/soak --only disk` tries all of it."""

from collections.abc import AsyncIterator
import random
import re

import pytest

from scripts.soaking.disk import away_cases, hang
from scripts.soaking.disk_laboratory import ACTIONS, Action, Laboratory, laboratory

SEED = 1


@pytest.fixture
async def made(socket_enabled: None) -> AsyncIterator[Laboratory]:
    async with laboratory() as made:
        yield made


def named(name: str) -> Action:
    [action] = [action for action in ACTIONS if action.name == name]
    return action


async def test_a_disk_that_is_full_at_any_moment_of_a_backup_costs_nothing_but_that_backup(
    made: Laboratory,
) -> None:
    cases = [case for case in await made.cases(named("backup")) if "ENOSPC once" in case.sentence]

    assert len(cases) >= 15
    assert [it for case in cases for it in await made.complaints(case)] == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda it: it.name)
async def test_a_call_that_fails_loses_nothing_and_is_told_as_what_it_is(
    made: Laboratory, action: Action
) -> None:
    rng = random.Random(SEED)  # noqa: S311 - a choice, and no secret
    case = rng.choice(await made.cases(action))

    assert await made.complaints(case) == []


@pytest.mark.parametrize(
    ("name", "what"),
    [
        pytest.param(
            "backup", r"EIO once .*fsync of the folder", id="no record stays without its archive"
        ),
        pytest.param(
            "pin and note", r"EIO once .*fsync of the folder", id="what is told is what is there"
        ),
        pytest.param("pin and note", "rename", id="no record stays in staging"),
        pytest.param("delete", r"\(unlink .*\.zip", id="what is not deleted keeps its note"),
        pytest.param(
            "backup", r"\(read .*\.zip\)", id="what cannot be read is not told to be damaged"
        ),
        pytest.param(
            "verify", r"\(read .*\.zip\)", id="what cannot be read is not noted to be damaged"
        ),
        pytest.param("verify", r"SQLite's reading", id="nor is a database that cannot be read"),
        pytest.param("restore", "SQLite's writing", id="no room for SQLite is no broken database"),
        pytest.param("restore", r"\.parcel\)", id="a parcel that cannot be used is told"),
        pytest.param("restore", r"\(open .*(zip|parcel)\)", id="what cannot be opened is told"),
        pytest.param("upload", "uploads/", id="an upload that cannot be read is told"),
    ],
)
async def test_what_once_went_wrong_goes_well(made: Laboratory, name: str, what: str) -> None:
    cases = [case for case in await made.cases(named(name)) if re.search(what, case.sentence)]

    assert cases
    assert [it for case in cases[:8] for it in await made.complaints(case)] == []


async def test_where_a_share_is_not_mounted_nothing_is_forgotten_and_nothing_written(
    made: Laboratory,
) -> None:
    assert [it for case in away_cases() for it in await made.complaints(case)] == []


async def test_while_a_share_hangs_others_are_backed_up_and_the_event_loop_runs(
    made: Laboratory,
) -> None:
    calls = await made.calls(named("backup"))

    complaints, _ = await hang(made, named("backup"), len(calls) - 1)

    assert complaints == []
