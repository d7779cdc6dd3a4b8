from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
    LastChange,
)
from custom_components.pihole_checkpoint.engine.policy.current import AHEAD, last_seen
from custom_components.pihole_checkpoint.engine.repository.index import Index
from tests.support.records import make_record

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def current(records: Sequence[BackupRecord], now: datetime = NOW) -> BackupRecord | None:
    return Index.of(records).current(now)


@pytest.mark.parametrize(
    "trigger", [trigger for trigger in BackupTrigger if trigger is not BackupTrigger.ADOPTED]
)
def test_the_newest_export_of_the_pihole_itself_is_the_current_backup(
    trigger: BackupTrigger,
) -> None:
    newest = make_record(NOW - DAY, trigger)

    assert current([make_record(NOW - 2 * DAY), newest]) == newest


def test_an_archive_that_came_from_outside_is_never_current() -> None:
    own = make_record(NOW - DAY)

    assert current([own, make_record(NOW, BackupTrigger.ADOPTED)]) == own
    assert current([make_record(NOW, BackupTrigger.ADOPTED)]) is None


@pytest.mark.parametrize("status", [BackupStatus.DAMAGED, BackupStatus.MISSING])
def test_an_archive_that_is_not_what_was_stored_is_never_current(status: BackupStatus) -> None:
    good = make_record(NOW - DAY)

    assert current([good, replace(make_record(NOW), status=status)]) == good


def test_a_backup_from_the_future_is_not_current_before_its_time() -> None:
    past, future = make_record(NOW - DAY), make_record(NOW + 1000 * DAY)

    assert current([past, future]) == past
    assert current([future]) is None
    assert current([past, future], NOW + 1001 * DAY) == future


def test_a_clock_that_is_set_back_a_little_does_not_take_the_backup_just_made_away() -> None:
    made = make_record(NOW)

    assert current([made], NOW - AHEAD) == made
    assert current([made], NOW - AHEAD - timedelta(seconds=1)) is None


def test_a_confirmation_from_the_future_does_not_count_before_its_time() -> None:
    record = replace(make_record(NOW - DAY), confirmed_at=NOW + 1000 * DAY)

    assert last_seen(record, NOW) == NOW - DAY
    assert last_seen(record, NOW + 1000 * DAY) == NOW + 1000 * DAY


def test_the_last_change_is_that_of_the_pihole_itself() -> None:
    def changed(at: datetime, trigger: BackupTrigger = BackupTrigger.SCHEDULE) -> BackupRecord:
        return replace(make_record(at, trigger), last_change=LastChange(at=at, changes=()))

    index = Index.of(
        [
            changed(NOW - 3 * DAY),
            changed(NOW - 2 * DAY),
            changed(NOW - DAY, BackupTrigger.ADOPTED),
            changed(NOW + DAY),
        ]
    )

    found = index.last_change(NOW)
    assert found is not None
    assert found.at == NOW - 2 * DAY
