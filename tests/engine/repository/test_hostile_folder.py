"""A folder in which others write: links, pipes, huge files, and names that are taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
import json
import os
from pathlib import Path
import shutil

import pytest

from custom_components.pihole_checkpoint.engine.errors import StorageMissing
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
    store: Folder, tmp_path: Path
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "cat.jpg").write_text("meow")
    (store.path / ".staging").rmdir()
    (store.path / ".staging").symlink_to(photos)

    record = put(opened_again(store))

    assert [path.name for path in photos.iterdir()] == ["cat.jpg"]
    assert opened_again(store).scan().records == (record,)


def test_a_link_among_what_is_staged_is_no_leftover(store: Folder, tmp_path: Path) -> None:
    (tmp_path / "cat.jpg").write_text("meow")
    (store.path / ".staging" / "link").symlink_to(tmp_path / "cat.jpg")
    os.mkfifo(store.path / ".staging" / "pipe")

    opened_again(store)

    assert (tmp_path / "cat.jpg").read_text() == "meow"
    assert (store.path / ".staging" / "link").is_symlink()


@pytest.mark.parametrize("name", ["{}/", "./{}", "../{}", "{}/.", "x/{}"])
def test_what_is_staged_leads_to_no_other_path_than_a_name(store: Folder, name: str) -> None:
    record = put(store)
    path = store.path / record_filename(record.filename)
    named = {**json.loads(path.read_text()), "filename": name.format(record.filename)}
    (store.path / ".staging" / "x.json").write_text(json.dumps(named))
    path.unlink()

    again = opened_again(store)

    assert [found.filename for found in again.scan().records] == [record.filename]
    assert sorted(store.path.parent.rglob("x*.json")) == []


@hostile
def test_what_is_no_record_is_not_read_as_one(store: Folder, make: Callable[[Path], None]) -> None:
    record = put(store)
    path = store.path / record_filename(record.filename)
    path.unlink()
    make(path)

    [rebuilt] = opened_again(store).scan().records

    assert (rebuilt.id, rebuilt.status) == (record.id, BackupStatus.GOOD)
    assert opened_again(store).scan().records == (rebuilt,)


@hostile
def test_what_lies_where_a_record_of_the_users_archive_would_be_stays(
    store: Folder, make: Callable[[Path], None]
) -> None:
    lie_since_long(store.path / "mine.zip", ARCHIVE)
    make(store.path / "mine.json")
    before = (store.path / "mine.json").lstat()

    [record] = store.scan().records

    assert opened_again(store).scan().records == (record,)
    assert (store.path / "mine.json").lstat() == before


@no_file
def test_what_is_no_file_is_no_archive(store: Folder, make: Callable[[Path], None]) -> None:
    record = put(store)
    make(store.path / "x.zip")

    assert opened_again(store).scan().records == (record,)


def test_a_huge_file_is_no_archive(store: Folder) -> None:
    sparse(store.path / "x.zip")
    os.utime(store.path / "x.zip", (NOW.timestamp(), NOW.timestamp()))

    assert store.scan().records == ()
    assert store.refused.keys() == {"x.zip"}


@hostile
def test_an_archive_that_was_replaced_is_not_read(
    store: Folder, make: Callable[[Path], None]
) -> None:
    record = put(store)
    (store.path / record.filename).unlink()
    make(store.path / record.filename)

    seen, contents = store.read(record)

    assert seen.status is not BackupStatus.GOOD
    assert contents is None


@hostile
def test_what_is_no_file_is_not_the_id_of_a_repository(
    store: Folder, make: Callable[[Path], None]
) -> None:
    (store.path / ".store").unlink()
    make(store.path / ".store")

    with pytest.raises(StorageMissing):
        store.access.check()


def test_a_link_is_not_moved_along_with_the_backups(store: Folder, tmp_path: Path) -> None:
    put(store)
    (tmp_path / "cat.jpg").write_text("meow")
    (store.path / "link.zip").symlink_to(tmp_path / "cat.jpg")
    (tmp_path / "share").mkdir()

    move(store.path, tmp_path / "share" / "kitchen")

    assert not (tmp_path / "share" / "kitchen" / "link.zip").exists()
    assert (tmp_path / "cat.jpg").exists()


def test_the_users_folder_may_be_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "nas").mkdir()
    (tmp_path / "kitchen").symlink_to(tmp_path / "nas")
    store = Folder(tmp_path / "kitchen", lambda: UTC)
    store.prepare(None)

    record = put(store)

    assert (tmp_path / "nas" / record.filename).exists()
    assert opened_again(store).scan().records == (record,)


# Names that are taken -----------------------------------------------------------------------------

THEIRS = json.dumps({"filename": "holiday.zip", "camera": "old"})


def test_a_strangers_file_beside_an_archive_is_neither_overwritten_nor_deleted(
    store: Folder,
) -> None:
    lie_since_long(store.path / "mine.zip", ARCHIVE)
    (store.path / "mine.json").write_text(THEIRS)

    [record] = store.scan().records
    pinned = store.update(replace(record, pinned=True))
    assert opened_again(store).scan().records == (pinned,)
    assert pinned.pinned

    store.delete([pinned])
    assert (store.path / "mine.json").read_text() == THEIRS
    assert {path.name for path in store.path.iterdir()} == {"mine.json", ".store", ".staging"}


def test_a_record_that_a_kill_left_without_a_place_does_not_keep_the_folder_from_being_used(
    store: Folder,
) -> None:
    record = put(store)
    lie_since_long(store.path / "mine.zip", OTHER_ARCHIVE)
    store.scan()
    (store.path / "mine.json").rename(store.path / ".staging" / "left.json")
    for name in ("mine.json", "mine.zip.json"):
        (store.path / name).write_text("of a stranger")

    again = opened_again(store)

    assert record in again.scan().records
    assert list((store.path / ".staging").glob("*.json")) == []


def test_an_archive_whose_name_is_as_long_as_can_be_is_a_backup(store: Folder) -> None:
    name = f"{'x' * 251}.zip"
    lie_since_long(store.path / name, ARCHIVE)

    assert [record.filename for record in store.scan().records] == [name]
    assert [record.filename for record in opened_again(store).scan().records] == [name]


@pytest.mark.parametrize("trigger", ["schedule", "service"])
def test_a_copy_of_a_backup_has_an_id_of_its_own(store: Folder, trigger: str) -> None:
    record = put(store)
    name = record.filename.replace("button", trigger)
    shutil.copy(store.path / record.filename, store.path / name)
    text = (store.path / record_filename(record.filename)).read_text()
    (store.path / record_filename(name)).write_text(text.replace("button", trigger))

    ids = {item.filename: item.id for item in store.scan().records}

    assert ids.keys() == {record.filename, name}
    assert ids[record.filename] == record.id != ids[name]
    noted = next(item for item in store.index.records if item.filename == name)
    store.update(replace(noted, note="a copy"))
    again = {item.filename: item.id for item in opened_again(store).scan().records}
    assert again == ids


def test_the_record_of_another_archive_is_not_taken_for_that_of_this_one(store: Folder) -> None:
    record = put(store)
    lie_since_long(store.path / "copy.zip", OTHER_ARCHIVE)
    text = (store.path / record_filename(record.filename)).read_text()
    later = json.dumps(json.loads(text) | {"version": 99})
    (store.path / "copy.json").write_text(later)

    found = opened_again(store).scan().records

    assert len({item.id for item in found}) == 2
    assert (store.path / "copy.json").read_text() == later
