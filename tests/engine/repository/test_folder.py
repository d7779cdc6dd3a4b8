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
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import (
    BackupName,
    record_filename,
)
from custom_components.pihole_checkpoint.engine.repository.record_reading import (
    InvalidRecord,
    from_json,
)
from custom_components.pihole_checkpoint.engine.repository.record_writing import to_json
from custom_components.pihole_checkpoint.engine.repository.relocate import move, settle
from pihole_simulator import Pihole, build_archive
from tests.support.repository import ARCHIVE, NOW, lie_since_long, opened_again, put


def files(folder: Folder) -> set[str]:
    return {path.name for path in folder.path.rglob("*") if path.is_file()} - {".store"}


def test_what_was_stored_is_there_for_the_next_start(folder: Folder) -> None:
    record = put(folder)

    assert folder.index.records == (record,)
    assert opened_again(folder).scan().records == (record,)
    assert files(folder) == {record.filename, record_filename(record.filename)}


def test_backups_are_listed_newest_first_in_any_order_of_storing(folder: Folder) -> None:
    records = [put(folder, NOW + timedelta(minutes=minute)) for minute in (3, 1, 2)]

    expected = tuple(sorted(records, key=lambda value: value.created_at, reverse=True))
    assert folder.index.records == expected
    assert opened_again(folder).scan().records == expected


ADOPTED, BUTTON = BackupTrigger.ADOPTED, BackupTrigger.BUTTON


@pytest.mark.parametrize(
    ("spoil", "trigger"),
    [
        # Without a record of ours, it may be a download that came back.
        (Path.unlink, ADOPTED),
        (lambda path: path.write_bytes(b""), ADOPTED),
        (lambda path: path.write_bytes(b"[1, 2"), ADOPTED),
        (lambda path: path.write_bytes(b"[" * 100_000), ADOPTED),
        # What names the archive's hash was one.
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), BUTTON),
        (lambda path: path.write_text(path.read_text().replace("-01-20", "-01-21")), BUTTON),
        (lambda path: path.write_text(path.read_text().replace("+00:00", "")), BUTTON),
        (lambda path: path.write_text(path.read_text().replace('"button"', '"nobody"')), BUTTON),
        (lambda path: path.write_text(path.read_text().replace("file_size", "size")), BUTTON),
    ],
)
def test_a_lost_or_unreadable_record_is_made_anew_from_its_archive(
    folder: Folder, spoil: Callable[[Path], object], trigger: BackupTrigger
) -> None:
    record = put(folder)
    path = folder.path / record_filename(record.filename)
    spoil(path)

    [rebuilt] = opened_again(folder).scan().records

    assert (rebuilt.id, rebuilt.created_at, rebuilt.trigger) == (record.id, NOW, trigger)
    assert (rebuilt.file_size, rebuilt.sha256) == (record.file_size, record.sha256)
    assert rebuilt.duration is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert opened_again(folder).scan().records == (rebuilt,)


def test_an_archive_that_does_not_verify_is_no_backup_and_is_left_alone(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    bad = folder.path / BackupName.new(NOW, BackupTrigger.BUTTON).filename
    lie_since_long(bad, ARCHIVE[:-100])

    assert folder.scan().records == ()
    assert folder.scan().records == ()

    assert bad.exists()
    assert caplog.text.count(bad.name) == 1, "it is named, and named once"
    bad.unlink()
    assert folder.scan().records == ()


def test_files_of_others_are_left_alone(folder: Folder) -> None:
    (folder.path / "notes.txt").write_text("mine")
    (folder.path / BackupName.new(NOW, BackupTrigger.BUTTON).filename).mkdir()
    before = files(folder)

    assert folder.scan().records == ()
    assert files(folder) == before


def test_what_a_kill_left_unfinished_is_gone_after_the_next_start(folder: Folder) -> None:
    staged = folder.stage(BackupName.new(NOW, BackupTrigger.BUTTON))
    staged.open()
    staged.write(ARCHIVE[:1000])
    staged.close()
    staged.settle()  # a process that is killed holds no lock
    record = put(folder)

    fresh = opened_again(folder)

    assert fresh.scan().records == (record,)
    assert files(folder) == {record.filename, record_filename(record.filename)}


def test_a_kill_between_archive_and_record_loses_neither(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
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
            put(folder)

    fresh = opened_again(folder)
    [record] = fresh.scan().records
    assert record.sha256 == hashlib.sha256(ARCHIVE).hexdigest()


@pytest.mark.parametrize("number", [22, 95])
def test_a_share_that_cannot_sync_a_folder_is_still_good_for_backups(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fsync = os.fsync

    def only_files(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").resolve().is_dir():
            raise OSError(number, "no")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)

    assert folder.scan().records == ()
    put(folder)
    assert len(folder.scan().records) == 1


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


def test_what_a_later_release_adds_to_a_record_is_no_reason_to_refuse_it(folder: Folder) -> None:
    record = put(folder)
    path = folder.path / record_filename(record.filename)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"contents": {"lists": 3}}))

    assert opened_again(folder).scan().records == (record,)


def test_an_archive_of_the_users_is_adopted_under_its_own_name(folder: Folder) -> None:
    path = folder.path / "pi-hole_raspberrypi_teleporter_2026-01-20_03-24-15_UTC.zip"
    lie_since_long(path, ARCHIVE)

    [record] = folder.scan().records

    assert (record.filename, record.trigger) == (path.name, BackupTrigger.ADOPTED)
    assert record.created_at == datetime(2026, 1, 20, 3, 24, 15, tzinfo=UTC)
    assert record.sha256 == hashlib.sha256(ARCHIVE).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert opened_again(folder).scan().records == (record,)


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
    folder = Folder(tmp_path / "folder" / "here", lambda: zone)
    folder.prepare(None)
    lie_since_long(folder.path / name, build_archive(Pihole.example(), NOW.astimezone(zone)))

    [record] = folder.scan().records

    assert abs(record.created_at - NOW) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "name", ["copy.zip", "pihole_2026-01-20_03-24-15-123Z_button_0a1b2c3d4e5f.zip"]
)
def test_one_that_is_still_on_its_way_in_is_left_for_later(folder: Folder, name: str) -> None:
    path = folder.path / name
    path.write_bytes(ARCHIVE[:1000])
    assert folder.scan().records == ()
    assert folder.refused == {}

    lie_since_long(path, ARCHIVE)
    assert len(folder.scan().records) == 1


def test_a_backup_that_is_copied_back_after_its_record_is_not_damaged_meanwhile(
    folder: Folder,
) -> None:
    record = put(folder)
    (folder.path / record.filename).unlink()
    for start in (folder, opened_again(folder)):
        start.scan()
        (folder.path / record.filename).write_bytes(ARCHIVE[:1000])

        assert [known.status for known in start.scan().records] != [BackupStatus.DAMAGED]
        assert start.refused == {}

        (folder.path / record.filename).write_bytes(ARCHIVE)
        assert start.scan().records == (record,)
        (folder.path / record.filename).unlink()


def test_a_bad_one_is_named_until_it_is_better(folder: Folder) -> None:
    path = folder.path / "broken.zip"
    lie_since_long(path, ARCHIVE[:-100])
    assert folder.scan().records == ()
    assert folder.refused.keys() == {"broken.zip"}

    lie_since_long(path, ARCHIVE)
    assert len(folder.scan().records) == 1
    assert folder.refused == {}


def test_a_deleted_backup_is_gone_wholly(folder: Folder) -> None:
    keep, drop = put(folder), put(folder, NOW + timedelta(hours=1))

    folder.delete([drop])

    assert folder.index.records == (keep,)
    assert files(folder) == {keep.filename, record_filename(keep.filename)}
    assert opened_again(folder).scan().records == (keep,)


def test_a_deleted_backup_stays_gone_although_the_disk_fails_a_moment_later(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, drop = put(folder), put(folder, NOW + timedelta(hours=1))
    really_open = os.open

    def fail(path: str | Path, *args: int, **kwargs: int) -> int:
        if Path(path).suffix == ".json" and not (folder.path / drop.filename).exists():
            raise OSError(5, "Input/output error")
        return really_open(path, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", fail)
        folder.delete([drop])

    assert folder.index.records == opened_again(folder).scan().records == (keep,)
    assert files(folder) == {keep.filename, record_filename(keep.filename)}


def test_a_kill_in_the_middle_of_a_deletion_brings_the_backup_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kill(BaseException):
        pass

    def killed(path: Path, *, missing_ok: bool = False) -> None:
        raise Kill

    record = folder.update(replace(put(folder), note="before the move"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(Kill):
            folder.delete([record])

    assert opened_again(folder).scan().records == (record,)
    assert files(folder) == {record.filename, record_filename(record.filename)}


def test_what_is_pinned_and_noted_is_still_so_at_the_next_start(folder: Folder) -> None:
    record = replace(put(folder), pinned=True, note="before the move — “quoted”")

    folder.update(record)

    assert opened_again(folder).scan().records == (record,)


def test_verifying_finds_what_changed_and_what_is_well_again(folder: Folder) -> None:
    record = put(folder)
    path = folder.path / record.filename
    again, contents = folder.read(record)
    assert again == record
    assert contents is not None

    path.write_bytes(ARCHIVE[:-1] + b"x")
    damaged, _ = folder.read(record)
    assert damaged.status is BackupStatus.DAMAGED
    assert opened_again(folder).scan().records == (damaged,)

    path.unlink()
    assert folder.read(damaged)[0].status is BackupStatus.MISSING

    path.write_bytes(ARCHIVE)
    assert folder.read(damaged) == (record, contents)


def test_an_archive_that_was_cut_short_is_noticed_at_the_next_look(folder: Folder) -> None:
    record = put(folder)
    os.truncate(folder.path / record.filename, 100)

    [seen] = folder.scan().records

    assert seen.status is BackupStatus.DAMAGED


def test_a_record_whose_archive_is_gone_is_a_missing_backup_until_it_is_back(
    folder: Folder,
) -> None:
    record = put(folder)
    away = (folder.path / record.filename).rename(folder.path.parent / "away")

    assert [item.status for item in folder.scan().records] == [BackupStatus.MISSING]
    away.rename(folder.path / record.filename)
    assert folder.scan().records == (record,)


def test_a_folder_that_is_not_the_one_it_was_is_not_taken_for_it(folder: Folder) -> None:
    repository_id = (folder.path / ".store").read_text()
    put(folder)
    mounted = folder.path.rename(folder.path.parent / "mounted elsewhere")

    fresh = Folder(folder.path, lambda: UTC)
    with pytest.raises(StorageMissing):
        fresh.prepare(repository_id)
    folder.path.mkdir()
    with pytest.raises(StorageMissing):
        fresh.prepare(repository_id)
    with pytest.raises(StorageMissing):
        folder.scan()
    assert list(folder.path.iterdir()) == []

    folder.path.rmdir()
    mounted.rename(folder.path)
    assert len(opened_again(folder).scan().records) == 1


@pytest.mark.parametrize("odd", ["@eaDir", "x.zip", "x.json"])
def test_folders_of_others_do_not_disturb(folder: Folder, odd: str) -> None:
    record = put(folder)
    (folder.path / odd).mkdir()
    (folder.path / ".staging" / odd).mkdir()
    lie_since_long(folder.path / "x.zip", ARCHIVE) if odd == "x.json" else None

    assert record in opened_again(folder).scan().records


def test_the_staging_folder_is_made_again_when_someone_deletes_it(folder: Folder) -> None:
    (folder.path / ".staging").rmdir()

    put(folder)

    assert len(folder.scan().records) == 1


def test_a_good_archive_counts_even_when_its_record_cannot_be_written(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(folder)
    (folder.path / record_filename(record.filename)).unlink()

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files_module, "create_whole", full)
        [rebuilt] = opened_again(folder).scan().records

    assert rebuilt.id == record.id


def test_an_adopted_archive_whose_mode_cannot_be_changed_has_a_record_all_the_same(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder.path / "theirs.zip"
    lie_since_long(path, ARCHIVE)

    def somebody_elses(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", somebody_elses)
        [record] = folder.scan().records

    assert opened_again(folder).scan().records == (record,)


def test_a_move_leaves_nothing_behind_that_could_not_be_looked_at(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder)
    (tmp_path / "share").mkdir()
    before = files(folder)

    def cannot_be_looked_at(_path: object) -> bool:
        return False  # as it is with any error

    with monkeypatch.context() as patch:
        patch.setattr(os.path, "isfile", cannot_be_looked_at)
        move(folder.path, tmp_path / "share" / "kitchen")

    moved = Folder(tmp_path / "share" / "kitchen", lambda: UTC)
    assert files(moved) == before
    assert len(moved.scan().records) == 1


def test_moving_takes_everything_along(folder: Folder, tmp_path: Path) -> None:
    records = [put(folder, NOW + timedelta(minutes=minute)) for minute in range(3)]
    (tmp_path / "share").mkdir()
    before = files(folder)

    left = move(folder.path, tmp_path / "share" / "kitchen")

    assert left == ()
    moved = Folder(tmp_path / "share" / "kitchen", lambda: UTC)
    moved.prepare((moved.path / ".store").read_text())
    assert sorted(moved.scan().records, key=lambda value: value.created_at) == records
    assert files(moved) == before
    assert not folder.path.exists()


@pytest.mark.parametrize("number", [28, 13, 5])
def test_a_move_that_fails_leaves_everything_where_it_was(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for minute in range(3):
        put(folder, NOW + timedelta(minutes=minute))
    (tmp_path / "share").mkdir()
    before = files(folder)
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
            move(folder.path, tmp_path / "share" / "kitchen")

    assert raised.value.placeholders["folder"] == str(tmp_path / "share" / "kitchen")
    assert files(folder) == before
    assert list((tmp_path / "share").iterdir()) == []
    assert len(opened_again(folder).scan().records) == 3


def test_a_move_does_not_go_where_others_files_are_nor_where_nothing_is(
    folder: Folder, tmp_path: Path
) -> None:
    put(folder)
    (tmp_path / "kitchen").mkdir()
    (tmp_path / "kitchen" / "photo.jpg").touch()

    with pytest.raises(StorageNotEmpty):
        move(folder.path, tmp_path / "kitchen")
    with pytest.raises(StorageMissing):
        move(folder.path, tmp_path / "unmounted" / "kitchen")
    assert len(opened_again(folder).scan().records) == 1


def test_what_cannot_be_deleted_in_the_old_place_is_named(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(folder)
    (tmp_path / "share").mkdir()
    unlink = Path.unlink

    def stuck(path: Path, *, missing_ok: bool = False) -> None:
        if path == folder.path / record.filename:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", stuck)

    assert move(folder.path, tmp_path / "share" / "kitchen") == (record.filename,)
    assert (tmp_path / "share" / "kitchen" / record.filename).exists()


def test_a_move_that_was_broken_off_while_it_copied_is_taken_back(
    folder: Folder, tmp_path: Path
) -> None:
    record = put(folder)
    target = tmp_path / "share" / "kitchen"
    target.mkdir(parents=True)
    (target / record.filename).write_bytes(ARCHIVE[:100])

    assert not settle(folder.path, target, id_of(folder))

    assert not target.exists()
    assert opened_again(folder).scan().records == (record,)


def test_a_move_that_was_broken_off_while_it_deleted_is_completed(
    folder: Folder, tmp_path: Path
) -> None:
    record = put(folder)
    repository_id = id_of(folder)
    target = tmp_path / "share" / "kitchen"
    shutil.copytree(folder.path, target)
    (folder.path / ".store").unlink()
    (folder.path / ".staging").rmdir()

    assert settle(folder.path, target, repository_id)
    assert settle(folder.path, target, repository_id), "once more, when that was broken off, too"

    assert not folder.path.exists()
    assert opened_again(Folder(target, lambda: UTC)).scan().records == (record,)


def test_a_move_that_was_broken_off_waits_for_the_new_place_when_the_old_is_incomplete(
    folder: Folder, tmp_path: Path
) -> None:
    repository_id = id_of(folder)
    (folder.path / ".store").unlink()

    with pytest.raises(StorageMissing) as raised:
        settle(folder.path, tmp_path / "unmounted" / "kitchen", repository_id)

    assert raised.value.placeholders["folder"] == str(tmp_path / "unmounted" / "kitchen")


def test_a_store_is_not_cleared_away_because_it_is_found_under_another_name(
    folder: Folder, tmp_path: Path
) -> None:
    record = put(folder)
    (tmp_path / "link").symlink_to(folder.path)

    assert not settle(folder.path, tmp_path / "link", id_of(folder))

    assert opened_again(folder).scan().records == (record,)


def id_of(folder: Folder) -> str:
    return (folder.path / ".store").read_text()
