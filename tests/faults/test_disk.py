"""A few of the trials in `disk.py`: what becomes of the backups on a disk that fails."""

from collections.abc import AsyncIterator
import random
import re

import pytest

from .disk import ON_A_DISK, Laboratory, laboratory, unmounted_cases

SEED = 1


@pytest.fixture
async def made(socket_enabled: None) -> AsyncIterator[Laboratory]:
    async with laboratory() as made:
        yield made


async def test_a_disk_that_is_full_at_any_moment_of_a_backup_costs_nothing_but_that_backup(
    made: Laboratory,
) -> None:
    cases = [case for case in await made.cases("backup") if "ENOSPC once" in case.sentence]

    assert len(cases) >= 15
    assert [item for case in cases for item in await made.complaints(case)] == []


@pytest.mark.parametrize("deed", ON_A_DISK)
async def test_a_call_that_fails_loses_nothing_and_is_named_as_what_it_is(
    made: Laboratory, deed: str
) -> None:
    rng = random.Random(SEED)  # noqa: S311 - a choice, and no secret
    case = rng.choice(await made.cases(deed))

    assert await made.complaints(case) == []


@pytest.mark.parametrize(
    ("name", "what"),
    [
        pytest.param(
            "backup", r"EIO once .*fsync of the folder", id="no record stays without its archive"
        ),
        pytest.param(
            "pin and note", r"EIO once .*fsync of the folder", id="what is shown is what is there"
        ),
        pytest.param("pin and note", "rename", id="no record stays in staging"),
        pytest.param("delete", r"\(unlink .*\.zip", id="what is not deleted keeps its note"),
        pytest.param(
            "backup", r"\(read .*\.zip\)", id="what cannot be read is not said to be damaged"
        ),
        pytest.param(
            "verify", r"\(read .*\.zip\)", id="what cannot be read is not noted to be damaged"
        ),
        pytest.param("verify", r"SQLite's reading", id="nor is a database that cannot be read"),
        pytest.param("restore", "SQLite's writing", id="no room for SQLite is no broken database"),
        pytest.param("restore", r"\.parcel\)", id="a payload that cannot be used is named"),
        pytest.param("restore", r"\(open .*(zip|parcel)\)", id="what cannot be opened is named"),
        pytest.param(
            "adoption", r"\(read .*\.json", id="a record that cannot be read is not passed over"
        ),
        pytest.param("upload", "uploads/", id="an upload that cannot be read is named"),
    ],
)
async def test_what_once_went_wrong_goes_well(made: Laboratory, name: str, what: str) -> None:
    cases = [case for case in await made.cases(name) if re.search(what, case.sentence)]

    assert cases
    assert [item for case in cases[:8] for item in await made.complaints(case)] == []


async def test_where_a_share_is_not_mounted_nothing_is_forgotten_and_nothing_written(
    made: Laboratory,
) -> None:
    assert [item for case in unmounted_cases() for item in await made.complaints(case)] == []


async def test_while_a_share_hangs_others_are_backed_up_and_the_event_loop_runs(
    made: Laboratory,
) -> None:
    calls = await made.calls("backup")

    wrong, _ = await made.hang(len(calls) - 1)

    assert wrong == []
