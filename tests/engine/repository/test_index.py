from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
    LastChange,
)
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.index import Index

FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def backup(minute: int, number: int, *, size: int, is_good: bool, changed: bool) -> BackupRecord:
    created_at = FIRST + timedelta(minutes=minute)
    name = f"{minute}-{number}"
    return BackupRecord(
        id=name,
        filename=name,
        file_size=size,
        sha256="0",
        created_at=created_at,
        trigger=BackupTrigger.SCHEDULE,
        duration=None,
        versions=Versions(),
        status=BackupStatus.GOOD if is_good else BackupStatus.DAMAGED,
        last_change=LastChange(at=created_at, summary=(name,)) if changed else None,
    )


records = st.builds(
    backup,
    st.integers(0, 9),
    st.integers(0, 9),
    size=st.integers(0, 1000),
    is_good=st.sampled_from([True, True, True, False]),
    changed=st.booleans(),
)
stores = st.lists(records, max_size=30, unique_by=lambda record: record.id)


def told(stock: Index) -> object:
    return stock.records, stock.good, stock.bad, stock.size, stock.last_change


@given(stores, st.data())
def test_what_is_counted_after_a_change_is_what_would_be_counted_anew(
    store: list[BackupRecord], data: st.DataObject
) -> None:
    gone = data.draw(st.lists(st.sampled_from(store), unique_by=id) if store else st.just([]))
    left = [it for it in store if it not in gone]
    come = [
        *(
            replace(it, status=data.draw(st.sampled_from(BackupStatus)))
            for it in data.draw(
                st.lists(st.sampled_from(gone), unique_by=id) if gone else st.just([])
            )
        ),
        *(it for it in data.draw(stores) if it.id not in {other.id for other in store}),
    ]

    changed = Index.of(store).replacing(gone, come)

    assert told(changed) == told(Index.of([*left, *come]))
