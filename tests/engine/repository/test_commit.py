from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
import os
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine import files as files_module
from custom_components.pihole_checkpoint.engine.errors import StorageError, StorageFull
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
    LastChange,
)
from custom_components.pihole_checkpoint.engine.policy.current import last_seen
from custom_components.pihole_checkpoint.engine.repository.commit import backfill_changes, commit
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import (
    BackupName,
    record_filename,
)
from custom_components.pihole_checkpoint.engine.teleporter import archive, limits
from custom_components.pihole_checkpoint.engine.teleporter.diff import ChangeKind, Subject
from pihole_simulator import Pihole, build_archive, rows
from tests.support import repository
from tests.support.bad_sector import make_unreadable
from tests.support.repository import NOW

HOUR = timedelta(hours=1)
DAMAGED, GOOD = BackupStatus.DAMAGED, BackupStatus.GOOD


@pytest.fixture
def home() -> Pihole:
    return Pihole.example()


def opened_again(folder: Folder) -> Folder:
    """Be the next start of Home Assistant."""
    fresh = repository.opened_again(folder)
    fresh.scan()
    return fresh


def back_up(
    folder: Folder, home: Pihole, created_at: datetime, *, skip_unchanged: bool = False
) -> BackupRecord:
    """Back up a Pi-hole, as the engine does."""
    staged = folder.stage(BackupName.new(created_at, BackupTrigger.SCHEDULE))
    staged.open()
    try:
        staged.write(build_archive(home, created_at))
        contents = staged.read()
        record = staged.record(repository.VERSIONS, duration=0.25)
        return commit(folder, staged, record, contents, skip_unchanged=skip_unchanged)
    finally:
        staged.discard()


def adopt(folder: Folder, home: Pihole, made_at: datetime) -> str:
    """Drop an archive into the folder, as a user does, and give its name."""
    path = folder.path / f"pi-hole_pihole_teleporter_{made_at:%Y-%m-%d_%H-%M-%S}_UTC.zip"
    path.write_bytes(build_archive(home, made_at))
    os.utime(path, (made_at.timestamp(), made_at.timestamp()))
    return path.name


def known(folder: Folder, filename: str) -> BackupRecord:
    [record] = [item for item in folder.index.records if item.filename == filename]
    return record


def spoil(folder: Folder, record: BackupRecord) -> None:
    """Flip a bit of an archive, which leaves it as long as it was."""
    path = folder.path / record.filename
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def disable_a_list(home: Pihole, index: int = 0) -> None:
    home.adlists[index].enabled = not home.adlists[index].enabled


def files(folder: Folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


# A new archive ------------------------------------------------------------------------------------


def test_the_first_backup_has_nothing_that_it_could_be_compared_with(
    folder: Folder, home: Pihole
) -> None:
    record = back_up(folder, home, NOW, skip_unchanged=True)

    assert record.changes is None
    assert record.last_change is None
    assert record.confirmed_at is None
    assert record.fingerprint is not None
    assert record.counts is not None
    assert (record.counts.lists, record.counts.files) == (4, 2)
    assert folder.index.records == opened_again(folder).index.records == (record,)


def test_a_disk_that_cannot_read_the_last_archive_any_more_stores_another_one(
    folder: Folder, home: Pihole, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = back_up(folder, home, NOW)
    disable_a_list(home)
    unreadable = back_up(folder, home, NOW + HOUR)
    make_unreadable(monkeypatch, folder.path / unreadable.filename)
    disable_a_list(home, 1)

    record = back_up(folder, home, NOW + 2 * HOUR)

    assert record.changes is not None
    assert len(record.changes) == 2, "since the one before"
    assert folder.index.good == (record, unreadable, first)


def test_an_archive_that_the_disk_cannot_read_any_more_is_not_confirmed(
    folder: Folder, home: Pihole, monkeypatch: pytest.MonkeyPatch
) -> None:
    unreadable = back_up(folder, home, NOW)
    make_unreadable(monkeypatch, folder.path / unreadable.filename)

    record = back_up(folder, home, NOW + HOUR, skip_unchanged=True)

    assert record.confirmed_at is None
    assert folder.index.good == (record, unreadable)


def test_a_backup_says_what_changed_since_the_one_before(folder: Folder, home: Pihole) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    record = back_up(folder, home, NOW + HOUR)

    assert [(item.subject, item.how) for item in record.changes or ()] == [
        (Subject.LISTS, ChangeKind.DISABLED)
    ]
    assert record.last_change == LastChange(at=NOW + HOUR, changes=record.changes)
    assert opened_again(folder).index.records[0] == record


def test_nothing_is_stored_when_nothing_changed_but_the_newest_is_confirmed(
    folder: Folder, home: Pihole
) -> None:
    back_up(folder, home, NOW - HOUR)
    disable_a_list(home)
    newest = back_up(folder, home, NOW)
    before = files(folder)
    home.update_gravity(1_800_000_000)
    home.renew_leases(1_900_000_000)

    confirmed = back_up(folder, home, NOW + HOUR, skip_unchanged=True)

    assert confirmed == replace(newest, confirmed_at=NOW + HOUR)
    assert last_seen(confirmed, NOW + HOUR) == NOW + HOUR
    after = files(folder)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {
        record_filename(newest.filename)
    }
    assert opened_again(folder).index.records[0] == confirmed


def test_every_confirmation_is_the_latest_and_outlives_a_restart(
    folder: Folder, home: Pihole
) -> None:
    newest = back_up(folder, home, NOW)
    for hours in range(1, 4):
        back_up(opened_again(folder), home, NOW + hours * HOUR, skip_unchanged=True)

    [record] = opened_again(folder).index.records
    assert record == replace(newest, confirmed_at=NOW + 3 * HOUR)


def test_what_changed_is_stored_although_what_has_not_would_be_skipped(
    folder: Folder, home: Pihole
) -> None:
    old = back_up(folder, home, NOW)
    disable_a_list(home)

    new = back_up(folder, home, NOW + HOUR, skip_unchanged=True)

    assert folder.index.records == (new, old)
    assert new.confirmed_at is None


def test_what_is_as_it_was_two_backups_ago_is_stored(folder: Folder, home: Pihole) -> None:
    first = back_up(folder, home, NOW)
    disable_a_list(home)
    back_up(folder, home, NOW + HOUR)
    disable_a_list(home)

    third = back_up(folder, home, NOW + 2 * HOUR, skip_unchanged=True)

    assert len(folder.index.records) == 3
    assert third.fingerprint == first.fingerprint
    assert [change.how for change in third.changes or ()] == [ChangeKind.ENABLED]


def test_a_new_lease_is_stored_too(folder: Folder, home: Pihole) -> None:
    back_up(folder, home, NOW)
    home.leases = [*(home.leases or ()), rows.Lease(mac="00:aa", ip="192.168.1.78")]

    record = back_up(folder, home, NOW + HOUR, skip_unchanged=True)

    assert len(folder.index.records) == 2
    assert [item.subject for item in record.changes or ()] == [Subject.LEASES]


def test_who_wants_every_backup_gets_one_that_says_that_nothing_changed(
    folder: Folder, home: Pihole
) -> None:
    old = back_up(folder, home, NOW)

    new = back_up(folder, home, NOW + HOUR)

    assert new.changes == ()
    assert new.last_change is None
    assert folder.index.records == (new, old)
    assert opened_again(folder).index.records == (new, old)


def test_a_damaged_backup_is_never_confirmed(folder: Folder, home: Pihole) -> None:
    first = back_up(folder, home, NOW)
    disable_a_list(home)
    second = back_up(folder, home, NOW + HOUR)
    spoil(folder, second)

    third = back_up(folder, home, NOW + 2 * HOUR, skip_unchanged=True)

    assert third.filename != second.filename
    assert [record.status for record in folder.index.records] == [GOOD, DAMAGED, GOOD]
    assert [item.status for item in opened_again(folder).index.records] == [GOOD, DAMAGED, GOOD]
    assert third.changes == second.changes, "compared with the first"
    assert folder.index.records[2] == first


@pytest.mark.parametrize("skip_unchanged", [True, False])
def test_a_change_is_found_against_the_newest_backup_that_is_whole(
    folder: Folder, home: Pihole, *, skip_unchanged: bool
) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home, 0)
    spoil(folder, back_up(folder, home, NOW + HOUR))
    disable_a_list(home, 1)

    record = back_up(folder, home, NOW + 2 * HOUR, skip_unchanged=skip_unchanged)

    assert [item.item[-7:] for item in record.changes or ()] == ["ads.txt", "are.txt"]
    assert folder.index.records[1].status is DAMAGED


def test_one_whose_archive_is_gone_is_not_confirmed(folder: Folder, home: Pihole) -> None:
    old = back_up(folder, home, NOW)
    (folder.path / old.filename).unlink()

    new = back_up(folder, home, NOW + HOUR, skip_unchanged=True)

    assert (folder.path / new.filename).exists()
    assert [record.status for record in folder.index.records] == [GOOD, BackupStatus.MISSING]
    assert new.changes is None


def test_the_last_change_is_known_as_long_as_nothing_else_changes(
    folder: Folder, home: Pihole
) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    found = back_up(folder, home, NOW + HOUR).last_change
    assert found is not None

    for hours in (2, 3):
        assert back_up(folder, home, NOW + hours * HOUR).last_change == found
    home.leases = []
    without_leases = back_up(folder, home, NOW + 4 * HOUR)
    assert without_leases.changes
    assert without_leases.last_change == found
    assert back_up(opened_again(folder), home, NOW + 5 * HOUR).last_change == found

    disable_a_list(home)
    again = back_up(opened_again(folder), home, NOW + 6 * HOUR).last_change
    assert again is not None
    assert again.at == NOW + 6 * HOUR
    assert [(item.how, item.item) for item in again.changes or ()] == [
        (ChangeKind.ENABLED, "https://lists.example.org/ads.txt")
    ]


def test_a_lease_is_no_part_of_the_last_change(folder: Folder, home: Pihole) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    home.leases = []

    record = back_up(folder, home, NOW + HOUR)

    assert record.last_change is not None
    assert len(record.changes or ()) == 2
    assert len(record.last_change.changes or ()) == 1


def test_too_much_to_be_read_is_stored_and_never_the_same(
    folder: Folder, home: Pihole, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_before = back_up(folder, home, NOW)
    monkeypatch.setattr(limits, "DEFAULT", limits.Limits(memory=0))

    large = [back_up(folder, home, NOW + hours * HOUR, skip_unchanged=True) for hours in (1, 2)]

    assert folder.index.records == (*reversed(large), known_before)
    for record in large:
        assert (record.fingerprint, record.counts, record.changes) == (None, None, None)
        assert (record.status, record.confirmed_at) == (GOOD, None)
    backfill_changes(folder)
    assert opened_again(folder).index.records == (*reversed(large), known_before)

    monkeypatch.undo()
    record = back_up(folder, home, NOW + 3 * HOUR, skip_unchanged=True)
    assert len(folder.index.records) == 4
    assert record.fingerprint == known_before.fingerprint
    assert record.confirmed_at is None


def test_the_last_change_is_not_forgotten_over_one_that_was_too_much_to_be_read(
    folder: Folder, home: Pihole, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    found = back_up(folder, home, NOW + HOUR).last_change
    with monkeypatch.context() as patch:
        patch.setattr(limits, "DEFAULT", limits.Limits(memory=0))
        assert back_up(folder, home, NOW + 2 * HOUR).last_change == found

    assert back_up(folder, home, NOW + 3 * HOUR).last_change == found


def test_a_confirmation_that_cannot_be_written_is_an_error_and_harms_nothing(
    folder: Folder, home: Pihole, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = back_up(folder, home, NOW)
    before = files(folder)

    with monkeypatch.context() as patch:
        patch.setattr(files_module, "create_whole", full)
        with pytest.raises(StorageFull):
            back_up(folder, home, NOW + HOUR, skip_unchanged=True)

    assert files(folder) == before
    assert folder.index.records == opened_again(folder).index.records == (newest,)


def full(_path: Path, _content: bytes) -> None:
    raise OSError(28, "No space left on device")


# What comes without -------------------------------------------------------------------------------


def test_an_adopted_archive_is_compared_with_the_one_before_it(
    folder: Folder, home: Pihole
) -> None:
    old = back_up(folder, home, NOW)
    disable_a_list(home)
    name = adopt(folder, home, NOW + HOUR)

    folder.scan()
    adopted = known(folder, name)
    assert adopted.counts is not None
    assert adopted.counts.lists == 4
    assert adopted.fingerprint is not None
    assert adopted.changes is None
    backfill_changes(folder)

    caught_up = known(folder, name)
    assert [(change.subject, change.how) for change in caught_up.changes or ()] == [
        (Subject.LISTS, ChangeKind.DISABLED)
    ]
    assert caught_up.last_change is not None
    assert caught_up.last_change.at == caught_up.created_at
    assert opened_again(folder).index.records == folder.index.records == (caught_up, old)


def test_catching_up_leaves_those_that_have_their_story_alone(folder: Folder, home: Pihole) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    back_up(folder, home, NOW + HOUR)
    before = files(folder), folder.index.records

    backfill_changes(folder)

    assert (files(folder), folder.index.records) == before


def test_many_archives_that_come_at_once_have_one_story(folder: Folder, home: Pihole) -> None:
    adopt(folder, home, NOW)
    disable_a_list(home)
    adopt(folder, home, NOW + HOUR)
    adopt(folder, home, NOW + 2 * HOUR)
    home.leases = []
    adopt(folder, home, NOW + 3 * HOUR)

    folder.scan()
    backfill_changes(folder)

    last, same, changed, first = folder.index.records
    assert (first.changes, first.last_change) == (None, None)
    assert [change.how for change in changed.changes or ()] == [ChangeKind.DISABLED]
    assert same.changes == ()
    assert [item.subject for item in last.changes or ()] == [Subject.LEASES]
    assert changed.last_change is not None
    assert {same.last_change, last.last_change} == {changed.last_change}
    assert opened_again(folder).index.records == folder.index.records


def test_however_many_archives_come_all_are_compared_in_a_few_looks(
    folder: Folder, home: Pihole
) -> None:
    for hours in range(25):
        disable_a_list(home)
        adopt(folder, home, NOW + hours * HOUR)

    folder.scan()
    assert not backfill_changes(folder)
    assert any(record.changes is None for record in folder.index.records[:-1]), "not all at once"
    assert backfill_changes(folder)

    assert all(len(record.changes or ()) == 1 for record in folder.index.records[:-1])


def test_a_lost_record_has_its_changes_again(folder: Folder, home: Pihole) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    lost = back_up(folder, home, NOW + HOUR)
    (folder.path / record_filename(lost.filename)).unlink()

    fresh = opened_again(folder)
    assert fresh.index.records[0].changes is None
    backfill_changes(fresh)

    assert fresh.index.records[0].changes == lost.changes
    assert fresh.index.records[0].last_change == lost.last_change


def test_one_that_is_damaged_when_it_is_compared_belatedly_stays_damaged(
    folder: Folder, home: Pihole
) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    back_up(folder, home, NOW + HOUR)
    disable_a_list(home)
    name = adopt(folder, home, NOW + 2 * HOUR)
    folder.scan()
    spoil(folder, known(folder, name))

    backfill_changes(folder)

    assert known(folder, name).status is DAMAGED
    assert known(opened_again(folder), name).status is DAMAGED


def test_one_that_is_found_damaged_on_the_way_stays_damaged(folder: Folder, home: Pihole) -> None:
    back_up(folder, home, NOW)
    same = adopt(folder, home, NOW + HOUR)
    disable_a_list(home)
    later = adopt(folder, home, NOW + 2 * HOUR)
    folder.scan()
    spoil(folder, known(folder, same))

    backfill_changes(folder)

    assert known(folder, same).status is DAMAGED
    assert [change.how for change in known(folder, later).changes or ()] == [ChangeKind.DISABLED]


def test_an_archive_with_too_much_in_it_is_adopted_without_a_story(
    folder: Folder, home: Pihole, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(folder, home, NOW)
    monkeypatch.setattr(limits, "DEFAULT", limits.Limits(memory=0))
    name = adopt(folder, home, NOW + HOUR)

    folder.scan()
    backfill_changes(folder)

    record = known(folder, name)
    assert (record.status, record.trigger) == (GOOD, BackupTrigger.ADOPTED)
    assert (record.fingerprint, record.counts, record.changes) == (None, None, None)


def read_only(_path: Path, _content: bytes) -> None:
    raise OSError(30, "Read-only file system")


@pytest.mark.parametrize("failing", [full, read_only])
def test_where_no_record_can_be_written_catching_up_warns_and_goes_on_later(
    folder: Folder,
    home: Pihole,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failing: Callable[[Path, bytes], None],
) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    name = adopt(folder, home, NOW + HOUR)
    folder.scan()

    with monkeypatch.context() as patch:
        patch.setattr(files_module, "create_whole", failing)
        assert not backfill_changes(folder)
    assert name in caplog.text
    assert {record.levelname for record in caplog.records} == {"WARNING"}
    assert known(folder, name).changes is None

    assert backfill_changes(folder)
    assert known(folder, name).changes


def test_a_disk_that_fails_while_it_is_read_stops_a_backup_and_not_a_look(
    folder: Folder,
    home: Pihole,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    back_up(folder, home, NOW)
    disable_a_list(home)
    adopt(folder, home, NOW + HOUR)
    folder.scan()

    def broken_disk(_archive: Path, _scratch: Path) -> None:
        raise OSError(5, "Input/output error")

    before = files(folder)
    with monkeypatch.context() as patch:
        patch.setattr(archive, "read", broken_disk)
        backfill_changes(folder)
        with pytest.raises(StorageError):
            back_up(folder, home, NOW + 2 * HOUR)
    assert files(folder) == before
    assert "Input/output error" in caplog.text
