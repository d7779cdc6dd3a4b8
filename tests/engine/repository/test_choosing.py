"""Which backup is meant by what a user calls it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.pihole_checkpoint.engine.errors import NoBackupFor
from custom_components.pihole_checkpoint.engine.models import BackupStatus, BackupTrigger
from custom_components.pihole_checkpoint.engine.repository.choosing import chosen_id, named_id
from custom_components.pihole_checkpoint.engine.repository.index import Index
from tests.support.records import make_record

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
AUCKLAND = ZoneInfo("Pacific/Auckland")
OLD, NEW = (make_record(NOW - timedelta(days=days)) for days in (5, 1))
ADOPTED = make_record(NOW - timedelta(hours=1), BackupTrigger.ADOPTED)
DAMAGED = replace(make_record(NOW - timedelta(hours=2)), status=BackupStatus.DAMAGED)
FUTURE = make_record(NOW + timedelta(days=1))
INDEX = Index.of([OLD, NEW, ADOPTED, DAMAGED, FUTURE])


def chosen(wanted: str, zone: ZoneInfo | None = None) -> str:
    return chosen_id(INDEX, wanted, now=NOW, zone=zone or ZoneInfo("UTC"))


def test_each_backup_is_meant_by_its_id_and_by_its_file_name() -> None:
    for record in INDEX.records:
        assert chosen(record.id) == chosen(record.filename) == record.id
        assert named_id(INDEX, record.filename) == named_id(INDEX, record.id) == record.id


def test_the_latest_is_the_current_backup_and_the_previous_the_one_before_it() -> None:
    assert chosen("latest") == NEW.id
    assert chosen("previous") == OLD.id


@pytest.mark.parametrize(
    ("day", "record"),
    [
        ("2026-01-15", OLD),
        ("2026-01-18", OLD),
        ("2026-01-19", NEW),
        ("2026-01-20", NEW),
        ("2026-01-21", NEW),
        ("9999-12-31", NEW),
    ],
)
def test_a_date_means_the_newest_of_the_piholes_own_at_its_end(day: str, record: object) -> None:
    assert chosen(day) == getattr(record, "id", None)


def test_a_day_ends_where_home_assistant_is() -> None:
    late = make_record(datetime(2026, 1, 19, 11, 30, tzinfo=UTC))  # 00:30 of the 20th there
    index = Index.of([OLD, late])

    assert chosen_id(index, "2026-01-19", now=NOW, zone=AUCKLAND) == OLD.id
    assert chosen_id(index, "2026-01-20", now=NOW, zone=AUCKLAND) == late.id
    assert chosen_id(index, "2026-01-19", now=NOW, zone=ZoneInfo("UTC")) == late.id


@pytest.mark.parametrize("wanted", ["latest", "previous", "2026-01-14", "0001-01-01"])
def test_what_there_is_no_backup_for_is_named(wanted: str) -> None:
    index = Index.of([ADOPTED]) if "-" not in wanted else INDEX
    with pytest.raises(NoBackupFor) as caught:
        chosen_id(index, wanted, now=NOW, zone=AUCKLAND)
    assert caught.value.placeholders == {"wanted": wanted}


@pytest.mark.parametrize("wanted", ["0a1b2c", "Latest", "2026-13-01", "20260120", "2026-W04-1", ""])
def test_anything_else_is_taken_for_an_id(wanted: str) -> None:
    assert chosen(wanted) == named_id(INDEX, wanted) == wanted
