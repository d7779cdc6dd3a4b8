"""A folder in which others write: links, pipes, huge files, and names that are taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
import json
import os
from pathlib import Path
import shutil

import pytest

from custom_components.pihole_checkpoint.engine.errors import StorageMissing, StorageNameTooLong
from custom_components.pihole_checkpoint.engine.models import BackupStatus
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from custom_components.pihole_checkpoint.engine.repository.relocate import move
from tests.support.repository import ARCHIVE, NOW, OTHER_ARCHIVE, lie_since_long, opened_again, put


def link_to_zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 8 * 1024**3)


def folder(path: Path) -> None:
    path.mkdir()


hostile = pytest.mark.parametrize("make", [link_to_zeros, pipe, sparse, folder])
no_file = pytest.mark.parametrize("make", [link_to_zeros, pipe, folder])
"""Reading a link to endless zeros, or a pipe, would never end; the tests have a time limit."""

pytestmark = pytest.mark.timeout(20)


def test_a_link_in_the_place_of_the_staging_folder_costs_nobody_a_file(
    folder: Folder, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "cat.jpg").write_text("meow")
    (folder.path / ".staging").rmdir()
    (folder.path / ".staging").symlink_to(photos)

    record = put(opened_again(folder))

    assert [path.name for path in photos.iterdir()] == ["cat.jpg"]
    assert opened_again(folder).scan().records == (record,)


def test_a_link_among_what_is_staged_is_no_leftover(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "cat.jpg").write_text("meow")
    (folder.path / ".staging" / "link").symlink_to(tmp_path / "cat.jpg")
    os.mkfifo(folder.path / ".staging" / "pipe")

    opened_again(folder)

    assert (tmp_path / "cat.jpg").read_text() == "meow"
    assert (folder.path / ".staging" / "link").is_symlink()


@pytest.mark.parametrize("name", ["{}/", "./{}", "../{}", "{}/.", "x/{}"])
def test_what_is_staged_leads_to_no_other_path_than_a_name(folder: Folder, name: str) -> None:
    record = put(folder)
    path = folder.path / record_filename(record.filename)
    named = {**json.loads(path.read_text()), "filename": name.format(record.filename)}
    (folder.path / ".staging" / "x.json").write_text(json.dumps(named))
    path.unlink()

    again = opened_again(folder)

    assert [found.filename for found in again.scan().records] == [record.filename]
    assert sorted(folder.path.parent.rglob("x*.json")) == []


@hostile
def test_only_a_regular_file_is_read_as_a_record(
    folder: Folder, make: Callable[[Path], None]
) -> None:
    record = put(folder)
    path = folder.path / record_filename(record.filename)
    path.unlink()
    make(path)

    [rebuilt] = opened_again(folder).scan().records

    assert (rebuilt.id, rebuilt.status) == (record.id, BackupStatus.GOOD)
    assert opened_again(folder).scan().records == (rebuilt,)


@hostile
def test_what_lies_where_a_record_of_the_users_archive_would_be_stays(
    folder: Folder, make: Callable[[Path], None]
) -> None:
    lie_since_long(folder.path / "mine.zip", ARCHIVE)
    make(folder.path / "mine.json")
    before = (folder.path / "mine.json").lstat()

    [record] = folder.scan().records

    assert opened_again(folder).scan().records == (record,)
    assert (folder.path / "mine.json").lstat() == before


@no_file
def test_only_a_regular_file_is_an_archive(folder: Folder, make: Callable[[Path], None]) -> None:
    record = put(folder)
    make(folder.path / "x.zip")

    assert opened_again(folder).scan().records == (record,)


def test_a_huge_file_is_no_archive(folder: Folder) -> None:
    sparse(folder.path / "x.zip")
    os.utime(folder.path / "x.zip", (NOW.timestamp(), NOW.timestamp()))

    assert folder.scan().records == ()
    assert folder.refused.keys() == {"x.zip"}


@hostile
def test_an_archive_that_was_replaced_is_not_read(
    folder: Folder, make: Callable[[Path], None]
) -> None:
    record = put(folder)
    (folder.path / record.filename).unlink()
    make(folder.path / record.filename)

    seen, contents = folder.read(record)

    assert seen.status is not BackupStatus.GOOD
    assert contents is None


@hostile
def test_only_a_regular_file_is_the_id_of_a_repository(
    folder: Folder, make: Callable[[Path], None]
) -> None:
    (folder.path / ".store").unlink()
    make(folder.path / ".store")

    with pytest.raises(StorageMissing):
        folder.access.check()


def test_a_link_is_not_moved_along_with_the_backups(folder: Folder, tmp_path: Path) -> None:
    put(folder)
    (tmp_path / "cat.jpg").write_text("meow")
    (folder.path / "link.zip").symlink_to(tmp_path / "cat.jpg")
    (tmp_path / "share").mkdir()

    move(folder.path, tmp_path / "share" / "kitchen")

    assert not (tmp_path / "share" / "kitchen" / "link.zip").exists()
    assert (tmp_path / "cat.jpg").exists()


def test_the_users_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "nas").mkdir()
    (tmp_path / "kitchen").symlink_to(tmp_path / "nas")
    folder = Folder(tmp_path / "kitchen", lambda: UTC)
    folder.prepare(None)

    record = put(folder)

    assert (tmp_path / "nas" / record.filename).exists()
    assert opened_again(folder).scan().records == (record,)


# Names that are taken -----------------------------------------------------------------------------

THEIRS = json.dumps({"filename": "holiday.zip", "camera": "old"})


def test_a_strangers_file_beside_an_archive_is_neither_overwritten_nor_deleted(
    folder: Folder,
) -> None:
    lie_since_long(folder.path / "mine.zip", ARCHIVE)
    (folder.path / "mine.json").write_text(THEIRS)

    [record] = folder.scan().records
    pinned = folder.update(replace(record, pinned=True))
    assert opened_again(folder).scan().records == (pinned,)
    assert pinned.pinned

    folder.delete([pinned])
    assert (folder.path / "mine.json").read_text() == THEIRS
    assert {path.name for path in folder.path.iterdir()} == {"mine.json", ".store", ".staging"}


def test_a_record_that_a_kill_left_without_a_place_does_not_keep_the_folder_from_being_used(
    folder: Folder,
) -> None:
    record = put(folder)
    lie_since_long(folder.path / "mine.zip", OTHER_ARCHIVE)
    folder.scan()
    (folder.path / "mine.json").rename(folder.path / ".staging" / "left.json")
    for name in ("mine.json", "mine.zip.json"):
        (folder.path / name).write_text("of a stranger")

    again = opened_again(folder)

    assert record in again.scan().records
    assert list((folder.path / ".staging").glob("*.json")) == []


def test_an_archive_whose_name_is_as_long_as_can_be_is_a_backup(folder: Folder) -> None:
    name = f"{'x' * 251}.zip"
    lie_since_long(folder.path / name, ARCHIVE)

    assert [record.filename for record in folder.scan().records] == [name]
    [record] = opened_again(folder).scan().records
    assert record.filename == name
    with pytest.raises(StorageNameTooLong):
        folder.update(replace(record, pinned=True))


@pytest.mark.parametrize("trigger", ["schedule", "service"])
def test_a_copy_of_a_backup_has_an_id_of_its_own(folder: Folder, trigger: str) -> None:
    record = put(folder)
    name = record.filename.replace("button", trigger)
    shutil.copy(folder.path / record.filename, folder.path / name)
    text = (folder.path / record_filename(record.filename)).read_text()
    (folder.path / record_filename(name)).write_text(text.replace("button", trigger))

    ids = {item.filename: item.id for item in folder.scan().records}

    assert ids.keys() == {record.filename, name}
    assert ids[record.filename] == record.id != ids[name]
    noted = next(item for item in folder.index.records if item.filename == name)
    folder.update(replace(noted, note="a copy"))
    again = {item.filename: item.id for item in opened_again(folder).scan().records}
    assert again == ids


def test_the_record_of_another_archive_is_not_taken_for_that_of_this_one(folder: Folder) -> None:
    record = put(folder)
    lie_since_long(folder.path / "copy.zip", OTHER_ARCHIVE)
    text = (folder.path / record_filename(record.filename)).read_text()
    later = json.dumps(json.loads(text) | {"version": 99})
    (folder.path / "copy.json").write_text(later)

    found = opened_again(folder).scan().records

    assert len({item.id for item in found}) == 2
    assert (folder.path / "copy.json").read_text() == later
