from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.errors import BackupNotFound
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    LastChange,
)
from custom_components.pihole_checkpoint.engine.repository.index import Index, IndexChange
from custom_components.pihole_checkpoint.engine.teleporter.diff import Change, ChangeKind, Subject
from tests.support.records import make_record

FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def _named(name: str) -> Change:
    return Change(subject=Subject.CLIENTS, how=ChangeKind.ADDED, item=name)


def backup(minute: int, number: int, *, size: int, is_good: bool, changed: bool) -> BackupRecord:
    created_at = FIRST + timedelta(minutes=minute)
    name = f"{minute}-{number}"
    return replace(
        make_record(created_at),
        id=name,
        filename=name,
        file_size=size,
        status=BackupStatus.GOOD if is_good else BackupStatus.DAMAGED,
        last_change=LastChange(at=created_at, changes=(_named(name),)) if changed else None,
    )


records = st.lists(
    st.builds(
        backup,
        st.integers(0, 9),
        st.integers(0, 9),
        size=st.integers(0, 1000),
        is_good=st.sampled_from([True, True, True, False]),
        changed=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda record: record.id,
)


@given(records)
def test_the_newest_backup_comes_first_and_each_is_either_good_or_bad(
    stored: list[BackupRecord],
) -> None:
    index = Index.of(stored)

    assert {*index.records} == {*stored}
    ages = [record.created_at for record in index.records]
    assert ages == sorted(ages, reverse=True)
    assert {*index.good, *index.bad} == {*stored}
    assert {record.status for record in index.good} <= {BackupStatus.GOOD}
    assert BackupStatus.GOOD not in {record.status for record in index.bad}


def test_an_archive_that_is_gone_takes_no_space() -> None:
    there = backup(1, 1, size=100, is_good=True, changed=False)
    gone = replace(
        backup(2, 2, size=900, is_good=False, changed=False), status=BackupStatus.MISSING
    )

    assert Index.of([there, gone]).size == 100


def test_a_backup_is_found_by_its_id_and_an_unknown_one_is_an_error() -> None:
    record = backup(1, 1, size=100, is_good=True, changed=False)

    assert Index.of([record]).find(record.id) is record
    with pytest.raises(BackupNotFound):
        Index.of([record]).find("unknown")


@given(records, records)
def test_a_change_names_what_went_and_what_is_no_longer_good(
    old: list[BackupRecord], new: list[BackupRecord]
) -> None:
    change = IndexChange(before=Index.of(old), after=Index.of(new))

    after = {record.id: record for record in new}
    assert {item.id for item in change.removed} == {
        element.id for element in old if element.id not in after
    }
    assert {one.id for one in change.damaged} == {
        entry.id
        for entry in old
        if entry.status is BackupStatus.GOOD
        and entry.id in after
        and after[entry.id].status is not BackupStatus.GOOD
    }
