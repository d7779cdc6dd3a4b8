from dataclasses import replace
from datetime import UTC, datetime
import json

import pytest

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupTrigger,
    LastChange,
)
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.naming import BackupName
from custom_components.pihole_checkpoint.engine.repository.record_reading import (
    InvalidRecord,
    from_json,
)
from custom_components.pihole_checkpoint.engine.repository.record_writing import to_json
from custom_components.pihole_checkpoint.engine.teleporter.diff import Change, ChangeKind, Subject
from tests.support.example import COUNTS

NOW = datetime(2026, 1, 20, 3, 24, 15, tzinfo=UTC)
NAME = BackupName.new(NOW, BackupTrigger.SCHEDULE)
CHANGES = (
    Change(subject=Subject.LISTS, how=ChangeKind.DISABLED, item="a", kind="block"),
    Change(subject=Subject.SETTINGS, how=ChangeKind.CHANGED, item="dns.x", old=("a",), new=()),
)
RECORD = BackupRecord(
    id=NAME.id,
    filename=NAME.filename,
    file_size=4394,
    sha256="0" * 64,
    created_at=NOW,
    trigger=NAME.trigger,
    duration=0.25,
    versions=Versions(ftl="v6.4.1"),
    pinned=True,
    note="before the move",
    counts=COUNTS,
    fingerprint="1" * 64,
    changes=CHANGES,
    last_change=LastChange.of(NOW, CHANGES),
    confirmed_at=NOW,
)


def written(**changed: object) -> bytes:
    """Write the record with other values."""
    return json.dumps(json.loads(to_json(RECORD)) | changed).encode()


def test_all_that_is_known_of_a_backup_is_read_as_it_was_written() -> None:
    assert from_json(to_json(RECORD), RECORD.filename) == RECORD


@pytest.mark.parametrize(
    ("filename", "trigger", "version"),
    [
        (NAME.filename, BackupTrigger.SCHEDULE, 1),
        (NAME.filename, BackupTrigger.ADOPTED, 2),
        ("mine.zip", BackupTrigger.ADOPTED, 1),
    ],
    ids=["ours", "came back", "of another name"],
)
def test_a_record_that_the_first_release_would_take_for_another_one_has_a_newer_version(
    filename: str, trigger: BackupTrigger, version: int
) -> None:
    record = replace(RECORD, filename=filename, trigger=trigger)

    assert json.loads(to_json(record))["version"] == version
    assert from_json(to_json(record), filename) == record


def test_a_record_of_before_there_were_contents_is_still_good() -> None:
    old = json.loads(to_json(RECORD))
    for name in ("counts", "fingerprint", "changes", "last_change", "confirmed_at"):
        del old[name]

    record = from_json(json.dumps(old).encode(), RECORD.filename)

    assert (record.pinned, record.note) == (True, "before the move")
    assert (record.counts, record.fingerprint, record.changes) == (None, None, None)
    assert (record.last_change, record.confirmed_at) == (None, None)


def test_the_sentences_that_the_first_releases_kept_are_not_taken_for_what_changed() -> None:
    said = {"at": NOW.isoformat(), "summary": ["1 list disabled: a."]}

    record = from_json(written(last_change=said), RECORD.filename)

    assert record.last_change == LastChange(at=NOW, changes=None)
    assert json.loads(to_json(record))["last_change"] == {"at": NOW.isoformat(), "summary": []}


def test_the_first_releases_find_all_that_they_need_of_the_last_change() -> None:
    stored = json.loads(to_json(RECORD))

    assert stored["version"] == 1
    assert stored["last_change"]["summary"] == []
    assert datetime.fromisoformat(stored["last_change"]["at"]) == NOW


def test_very_much_that_changed_the_last_time_is_kept_in_short() -> None:
    lists = (
        Change(subject=Subject.LISTS, how=ChangeKind.ADDED, item=f"{number}" + "x" * 200)
        for number in range(500)
    )
    record = replace(RECORD, last_change=LastChange.of(NOW, lists))

    read = from_json(to_json(record), RECORD.filename)

    assert read == record
    assert read.last_change is not None
    assert len(read.last_change.changes or ()) == 10
    assert [each.number for each in read.last_change.left_out] == [490]
    assert len(to_json(read)) < 5000


def test_no_changes_and_unknown_changes_are_two_things() -> None:
    assert from_json(written(changes={}), RECORD.filename).changes == ()
    assert from_json(written(changes=None), RECORD.filename).changes is None


@pytest.mark.parametrize(
    "changes",
    [
        {"lists": [{"change": "added", "item": "a", "since": 5}]},
        {"lists": [{"change": "moved", "item": "a"}]},
        {"certificates": [{"change": "added", "item": "a"}]},
    ],
    ids=["a detail", "a way to change", "a subject"],
)
def test_what_a_later_release_tells_of_changes_is_no_reason_to_lose_a_note(
    changes: object,
) -> None:
    record = from_json(written(changes=changes), RECORD.filename)

    assert (record.pinned, record.note) == (True, "before the move")


def test_a_record_with_any_number_is_the_same_each_time_it_is_read() -> None:
    changes = {"settings": [{"change": "changed", "item": "dns.x", "old": float("nan"), "new": 1}]}

    content = written(changes=changes)

    assert from_json(content, RECORD.filename) == from_json(content, RECORD.filename)


@pytest.mark.parametrize(
    "changed",
    [
        {"created_at": "2026-01-20T03:24:15.000500+00:00"},
        {"duration": -1},
        {"versions": {"core": "6" * 65}},
        {"pinned": "yes"},
        {"id": "0" * 13},
        {"fingerprint": "0" * 63},
        {"fingerprint": 5},
        {"counts": {"lists": 4}},
        {"counts": 7},
        {"confirmed_at": "2026-01-20T03:24:15"},
        {"confirmed_at": 0},
        {"last_change": {"at": "yesterday", "summary": []}},
        {"last_change": {"at": "2026-01-20T03:24:15Z", "summary": [5]}},
        {"last_change": []},
    ],
    ids=str,
)
def test_a_record_with_values_that_make_no_sense_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(InvalidRecord):
        from_json(written(**changed), RECORD.filename)
