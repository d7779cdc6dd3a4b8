from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
import hashlib
import json
import os
from pathlib import Path
import shutil
from typing import BinaryIO

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine import files as files_module
from custom_components.pihole_checkpoint.engine.errors import (
    StorageError,
    StorageMissing,
    StorageNotEmpty,
)
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
)
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.naming import (
    BackupName,
    record_filename,
)
from custom_components.pihole_checkpoint.engine.repository.record import (
    InvalidRecord,
    from_json,
    to_json,
)
from custom_components.pihole_checkpoint.engine.repository.relocate import move, settle
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from pihole_simulator import Pihole, build_archive
from tests.support.repository import ARCHIVE, NOW, lie_since_long, opened_again, put


def files(store: Repository) -> set[str]:
    return {path.name for path in store.folder.rglob("*") if path.is_file()} - {".store"}


def test_what_was_stored_is_there_for_the_next_start(store: Repository) -> None:
    record = put(store)

    assert store.records == (record,)
    assert opened_again(store).list() == (record,)
    assert files(store) == {record.filename, record_filename(record.filename)}


def test_backups_are_listed_newest_first_whatever_their_order(store: Repository) -> None:
    records = [put(store, NOW + timedelta(minutes=minute)) for minute in (3, 1, 2)]

    expected = tuple(sorted(records, key=lambda it: it.created_at, reverse=True))
    assert store.records == expected
    assert opened_again(store).list() == expected


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"[1, 2"),
        lambda path: path.write_bytes(b"[" * 100_000),
        lambda path: path.write_text(path.read_text().replace("2026-01-20", "2026-01-21")),
        lambda path: path.write_text(path.read_text().replace("+00:00", "")),
        lambda path: path.write_text(path.read_text().replace('"button"', '"nobody"')),
        lambda path: path.write_text(path.read_text().replace("file_size", "size")),
    ],
)
def test_a_lost_or_unreadable_record_is_made_anew_from_its_archive(
    store: Repository, spoil: Callable[[Path], object]
) -> None:
    record = put(store)
    path = store.folder / record_filename(record.filename)
    spoil(path)

    [rebuilt] = opened_again(store).list()

    assert (rebuilt.id, rebuilt.created_at, rebuilt.trigger) == (record.id, NOW, record.trigger)
    assert (rebuilt.file_size, rebuilt.sha256) == (record.file_size, record.sha256)
    assert rebuilt.duration is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert opened_again(store).list() == (rebuilt,)


def test_an_archive_that_does_not_verify_is_no_backup_and_is_left_alone(
    store: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    bad = store.folder / BackupName.new(NOW, BackupTrigger.BUTTON).filename
    bad.write_bytes(ARCHIVE[:-100])

    assert store.list() == ()
    assert store.list() == ()

    assert bad.exists()
    assert caplog.text.count(bad.name) == 1, "it is named, and named once"
    bad.unlink()
    assert store.list() == ()


def test_files_of_others_are_left_alone(store: Repository) -> None:
    (store.folder / "notes.txt").write_text("mine")
    (store.folder / BackupName.new(NOW, BackupTrigger.BUTTON).filename).mkdir()
    before = files(store)

    assert store.list() == ()
    assert files(store) == before


def test_what_a_kill_left_unfinished_is_gone_after_the_next_start(store: Repository) -> None:
    staged = store.stage(BackupName.new(NOW, BackupTrigger.BUTTON))
    staged.open()
    staged.write(ARCHIVE[:1000])
    record = put(store)

    fresh = opened_again(store)

    assert fresh.list() == (record,)
    assert files(store) == {record.filename, record_filename(record.filename)}
    staged.discard()


def test_a_kill_between_archive_and_record_loses_neither(
    store: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kill(BaseException):
        pass

    renames: list[Path] = []
    rename = Path.rename

    def killed_at_the_second(path: Path, target: Path) -> Path:
        renames.append(target)
        if len(renames) == 2:
            raise Kill
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed_at_the_second)
        with pytest.raises(Kill):
            put(store)

    fresh = opened_again(store)
    [record] = fresh.list()
    assert record.sha256 == hashlib.sha256(ARCHIVE).hexdigest()


@pytest.mark.parametrize("number", [22, 95])
def test_a_share_that_cannot_sync_a_folder_is_still_good_for_backups(
    store: Repository, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fsync = os.fsync

    def only_files(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").resolve().is_dir():
            raise OSError(number, "no")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)

    assert store.list() == ()
    put(store)
    assert len(store.list()) == 1


times = st.datetimes(timezones=st.just(UTC)).filter(lambda time: 1 < time.year < 9999)
names = st.builds(BackupName.new, times, st.sampled_from(BackupTrigger))


@given(
    name=names,
    size=st.integers(0, 2**40),
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    duration=st.none() | st.floats(0, 1e6),
    versions=st.builds(Versions, core=st.none() | st.text(max_size=64)),
    status=st.sampled_from(BackupStatus),
    pinned=st.booleans(),
    note=st.text(),
)
def test_a_record_reads_as_it_was_written(
    name: BackupName,
    size: int,
    sha256: str,
    duration: float | None,
    versions: Versions,
    status: BackupStatus,
    pinned: bool,  # noqa: FBT001
    note: str,
) -> None:
    record = BackupRecord(
        id=name.id,
        filename=name.filename,
        file_size=size,
        sha256=sha256,
        created_at=name.created_at,
        trigger=name.trigger,
        duration=duration,
        versions=versions,
        status=status,
        pinned=pinned,
        note=note,
    )

    assert from_json(to_json(record), name.filename) == record
    with pytest.raises(InvalidRecord):
        from_json(to_json(record), BackupName.new(name.created_at, name.trigger).filename)


def test_what_a_later_release_adds_to_a_record_is_no_reason_to_refuse_it(store: Repository) -> None:
    record = put(store)
    path = store.folder / record_filename(record.filename)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"contents": {"lists": 3}}))

    assert opened_again(store).list() == (record,)


def test_an_archive_of_the_users_is_adopted_under_its_own_name(store: Repository) -> None:
    path = store.folder / "pi-hole_raspberrypi_teleporter_2026-01-20_03-24-15_UTC.zip"
    lie_since_long(path, ARCHIVE)

    [record] = store.list()

    assert (record.filename, record.trigger) == (path.name, BackupTrigger.ADOPTED)
    assert record.created_at == datetime(2026, 1, 20, 3, 24, 15, tzinfo=UTC)
    assert record.sha256 == hashlib.sha256(ARCHIVE).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert opened_again(store).list() == (record,)


@pytest.mark.parametrize(
    "name",
    [
        "before the big change.zip",
        "x_teleporter_0001-01-01_00-00-00.zip",
        "x_teleporter_9999-12-31_23-59-59.zip",
        "pihole_0001-01-01_00-00-00-000Z_button_0a1b2c3d4e5f.zip",
    ],
)
@pytest.mark.parametrize("hours", [-12, 14])
def test_one_of_any_other_name_has_the_time_of_what_is_in_it(
    tmp_path: Path, name: str, hours: int
) -> None:
    zone = timezone(timedelta(hours=hours))
    store = Repository(tmp_path / "store" / "here", zone)
    store.prepare(None)
    lie_since_long(store.folder / name, build_archive(Pihole.example(), NOW.astimezone(zone)))

    [record] = store.list()

    assert abs(record.created_at - NOW) < timedelta(seconds=5)


def test_one_that_is_still_on_its_way_in_is_left_for_later(store: Repository) -> None:
    path = store.folder / "copy.zip"
    path.write_bytes(ARCHIVE[:1000])
    assert store.list() == ()
    assert store.refused == frozenset()

    lie_since_long(path, ARCHIVE)
    assert len(store.list()) == 1


def test_a_bad_one_is_named_until_it_is_better(store: Repository) -> None:
    path = store.folder / "broken.zip"
    lie_since_long(path, ARCHIVE[:-100])
    assert store.list() == ()
    assert store.refused == {"broken.zip"}

    lie_since_long(path, ARCHIVE)
    assert len(store.list()) == 1
    assert store.refused == frozenset()


def test_a_deleted_backup_is_gone_wholly(store: Repository) -> None:
    keep, drop = put(store), put(store, NOW + timedelta(hours=1))

    store.delete([drop])

    assert store.records == (keep,)
    assert files(store) == {keep.filename, record_filename(keep.filename)}
    assert opened_again(store).list() == (keep,)


def test_a_kill_in_the_middle_of_a_deletion_brings_the_backup_back(
    store: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kill(BaseException):
        pass

    def killed(path: Path, *, missing_ok: bool = False) -> None:
        os.unlink(path)  # noqa: PTH108 - the other one is patched
        raise Kill

    record = put(store)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(Kill):
            store.delete([record])

    [again] = opened_again(store).list()
    assert (again.id, again.status) == (record.id, BackupStatus.GOOD)


def test_what_is_pinned_and_noted_is_still_so_at_the_next_start(store: Repository) -> None:
    record = replace(put(store), pinned=True, note="before the move — “quoted”")

    store.update(record)

    assert opened_again(store).list() == (record,)


def test_verifying_finds_what_changed_and_what_is_well_again(store: Repository) -> None:
    record = put(store)
    path = store.folder / record.filename
    again, contents = store.read(record)
    assert again == record
    assert contents is not None

    path.write_bytes(ARCHIVE[:-1] + b"x")
    damaged, _ = store.read(record)
    assert damaged.status is BackupStatus.DAMAGED
    assert opened_again(store).list() == (damaged,)

    path.unlink()
    assert store.read(damaged)[0].status is BackupStatus.MISSING

    path.write_bytes(ARCHIVE)
    assert store.read(damaged) == (record, contents)


def test_an_archive_that_was_cut_short_is_noticed_at_the_next_look(store: Repository) -> None:
    record = put(store)
    os.truncate(store.folder / record.filename, 100)

    [seen] = store.list()

    assert seen.status is BackupStatus.DAMAGED


def test_a_record_whose_archive_is_gone_is_a_missing_backup_until_it_is_back(
    store: Repository,
) -> None:
    record = put(store)
    away = (store.folder / record.filename).rename(store.folder.parent / "away")

    assert [it.status for it in store.list()] == [BackupStatus.MISSING]
    away.rename(store.folder / record.filename)
    assert store.list() == (record,)


def test_a_folder_that_is_not_the_one_it_was_is_not_taken_for_it(store: Repository) -> None:
    mark = (store.folder / ".store").read_text()
    put(store)
    mounted = store.folder.rename(store.folder.parent / "mounted elsewhere")

    fresh = Repository(store.folder, UTC)
    with pytest.raises(StorageMissing):
        fresh.prepare(mark)
    store.folder.mkdir()
    with pytest.raises(StorageMissing):
        fresh.prepare(mark)
    with pytest.raises(StorageMissing):
        store.list()
    assert list(store.folder.iterdir()) == []

    store.folder.rmdir()
    mounted.rename(store.folder)
    assert len(opened_again(store).list()) == 1


@pytest.mark.parametrize("odd", ["@eaDir", "x.zip", "x.json"])
def test_folders_of_others_do_not_disturb(store: Repository, odd: str) -> None:
    record = put(store)
    (store.folder / odd).mkdir()
    (store.folder / ".staging" / odd).mkdir()
    lie_since_long(store.folder / "x.zip", ARCHIVE) if odd == "x.json" else None

    assert record in opened_again(store).list()


def test_the_staging_folder_is_made_again_when_someone_deletes_it(store: Repository) -> None:
    (store.folder / ".staging").rmdir()

    put(store)

    assert len(store.list()) == 1


def test_a_good_archive_counts_even_when_its_record_cannot_be_written(
    store: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(store)
    (store.folder / record_filename(record.filename)).unlink()

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files_module, "create_whole", full)
        [rebuilt] = opened_again(store).list()

    assert rebuilt.id == record.id


def test_an_adopted_archive_whose_mode_cannot_be_changed_has_a_record_all_the_same(
    store: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.folder / "theirs.zip"
    lie_since_long(path, ARCHIVE)

    def somebody_elses(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", somebody_elses)
        [record] = store.list()

    assert opened_again(store).list() == (record,)


def test_a_move_leaves_nothing_behind_that_could_not_be_looked_at(
    store: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store)
    (tmp_path / "share").mkdir()
    before = files(store)

    def cannot_be_looked_at(_path: object) -> bool:
        return False  # as it is with any error

    with monkeypatch.context() as patch:
        patch.setattr(os.path, "isfile", cannot_be_looked_at)
        move(store.folder, tmp_path / "share" / "kitchen")

    moved = Repository(tmp_path / "share" / "kitchen", UTC)
    assert files(moved) == before
    assert len(moved.list()) == 1


def test_moving_takes_everything_along(store: Repository, tmp_path: Path) -> None:
    records = [put(store, NOW + timedelta(minutes=minute)) for minute in range(3)]
    (tmp_path / "share").mkdir()
    before = files(store)

    left = move(store.folder, tmp_path / "share" / "kitchen")

    assert left == ()
    moved = Repository(tmp_path / "share" / "kitchen", UTC)
    moved.prepare((moved.folder / ".store").read_text())
    assert sorted(moved.list(), key=lambda it: it.created_at) == records
    assert files(moved) == before
    assert not store.folder.exists()


@pytest.mark.parametrize("number", [28, 13, 5])
def test_a_move_that_fails_leaves_everything_where_it_was(
    store: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for minute in range(3):
        put(store, NOW + timedelta(minutes=minute))
    (tmp_path / "share").mkdir()
    before = files(store)
    copied: list[Path] = []
    create = files_module.create

    def failing_at_the_third(path: Path) -> BinaryIO:
        copied.append(path)
        if len(copied) == 3:
            raise OSError(number, os.strerror(number))
        return create(path)

    with monkeypatch.context() as patch:
        patch.setattr(files_module, "create", failing_at_the_third)
        with pytest.raises(StorageError) as raised:
            move(store.folder, tmp_path / "share" / "kitchen")

    assert raised.value.placeholders["folder"] == str(tmp_path / "share" / "kitchen")
    assert files(store) == before
    assert list((tmp_path / "share").iterdir()) == []
    assert len(opened_again(store).list()) == 3


def test_a_move_does_not_go_where_others_files_are_nor_where_nothing_is(
    store: Repository, tmp_path: Path
) -> None:
    put(store)
    (tmp_path / "kitchen").mkdir()
    (tmp_path / "kitchen" / "photo.jpg").touch()

    with pytest.raises(StorageNotEmpty):
        move(store.folder, tmp_path / "kitchen")
    with pytest.raises(StorageMissing):
        move(store.folder, tmp_path / "unmounted" / "kitchen")
    assert len(opened_again(store).list()) == 1


def test_what_cannot_be_deleted_in_the_old_place_is_named(
    store: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(store)
    (tmp_path / "share").mkdir()
    unlink = Path.unlink

    def stuck(path: Path, *, missing_ok: bool = False) -> None:
        if path == store.folder / record.filename:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", stuck)

    assert move(store.folder, tmp_path / "share" / "kitchen") == (record.filename,)
    assert (tmp_path / "share" / "kitchen" / record.filename).exists()


def test_a_move_that_was_broken_off_while_it_copied_is_taken_back(
    store: Repository, tmp_path: Path
) -> None:
    record = put(store)
    target = tmp_path / "share" / "kitchen"
    target.mkdir(parents=True)
    (target / record.filename).write_bytes(ARCHIVE[:100])

    assert not settle(store.folder, target, mark_of(store))

    assert not target.exists()
    assert opened_again(store).list() == (record,)


def test_a_move_that_was_broken_off_while_it_deleted_is_completed(
    store: Repository, tmp_path: Path
) -> None:
    record = put(store)
    mark = mark_of(store)
    target = tmp_path / "share" / "kitchen"
    shutil.copytree(store.folder, target)
    (store.folder / ".store").unlink()
    (store.folder / ".staging").rmdir()

    assert settle(store.folder, target, mark)
    assert settle(store.folder, target, mark), "once more, when that was broken off, too"

    assert not store.folder.exists()
    assert opened_again(Repository(target, UTC)).list() == (record,)


def test_a_move_that_was_broken_off_waits_for_the_new_place_when_the_old_is_incomplete(
    store: Repository, tmp_path: Path
) -> None:
    mark = mark_of(store)
    (store.folder / ".store").unlink()

    with pytest.raises(StorageMissing) as raised:
        settle(store.folder, tmp_path / "unmounted" / "kitchen", mark)

    assert raised.value.placeholders["folder"] == str(tmp_path / "unmounted" / "kitchen")


def test_a_store_is_not_cleared_away_because_it_is_found_under_another_name(
    store: Repository, tmp_path: Path
) -> None:
    record = put(store)
    (tmp_path / "link").symlink_to(store.folder)

    assert not settle(store.folder, tmp_path / "link", mark_of(store))

    assert opened_again(store).list() == (record,)


def mark_of(store: Repository) -> str:
    return (store.folder / ".store").read_text()
