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


ONCE_WRONG = {
    "no record stays without its archive": ("backup", r"EIO once .*fsync of the folder"),
    "what is shown is what is there": ("pin and note", r"EIO once .*fsync of the folder"),
    "no record stays in staging": ("pin and note", "rename"),
    "what is not deleted keeps its note": ("delete", r"\(unlink .*\.zip"),
    "what cannot be read is not said to be damaged": ("backup", r"\(read .*\.zip\)"),
    "what cannot be read is not noted to be damaged": ("verify", r"\(read .*\.zip\)"),
    "nor is a database that cannot be read": ("verify", r"SQLite's reading"),
    "no room for SQLite is no broken database": ("restore by import", "SQLite's writing"),
    "a payload that cannot be used is named": ("restore by import", r"\.parcel\)"),
    "what cannot be opened is named": ("restore by import", r"\(open .*(zip|parcel)\)"),
    "a record that cannot be read is not passed over": ("adoption", r"\(read .*\.json"),
    "an upload that cannot be read is named": ("upload", "uploads/"),
}


@pytest.mark.parametrize(("name", "what"), ONCE_WRONG.values(), ids=ONCE_WRONG)
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


async def test_a_second_home_assistant_that_starts_disturbs_nothing_that_is_under_way(
    made: Laboratory,
) -> None:
    calls = await made.calls("backup")

    for number in range(len(calls)):
        assert await made.start_beside("backup", number) == []
