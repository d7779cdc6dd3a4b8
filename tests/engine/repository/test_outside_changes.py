"""What a user or another program does to the files of a repository."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, timedelta
import os
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine.errors import StorageMissing
from custom_components.pihole_checkpoint.engine.models import BackupStatus
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from tests.support.repository import ARCHIVE, NOW, OTHER_ARCHIVE, lie_since_long, opened_again, put


def test_our_own_changes_are_known_without_a_scan(folder: Folder) -> None:
    old = put(folder)
    new = put(folder, NOW + timedelta(hours=1))
    assert [*folder.index.records] == [new, old]

    noted = replace(new, note="before the move")
    folder.update(noted)
    assert [*folder.index.records] == [noted, old]

    folder.delete([old])
    assert [*folder.index.records] == [noted]
    assert opened_again(folder).scan().records == (noted,)


@pytest.mark.parametrize("own_change", [True, False])
def test_what_came_or_went_by_hand_is_noticed_at_the_next_scan(
    folder: Folder,
    own_change: bool,  # noqa: FBT001
) -> None:
    record = put(folder)
    folder.scan()

    lie_since_long(folder.path / "mine.zip", OTHER_ARCHIVE)
    if own_change:
        folder.update(record)
    assert {item.filename for item in folder.scan().records} == {record.filename, "mine.zip"}

    (folder.path / record.filename).unlink()
    if own_change:
        folder.update(record)
    assert {element.filename: element.status for element in folder.scan().records} == {
        record.filename: BackupStatus.MISSING,
        "mine.zip": BackupStatus.GOOD,
    }


@pytest.mark.parametrize("suffix", [".zip", ".json"])
def test_a_file_that_is_deleted_while_the_folder_is_listed_hides_no_backup(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    record = put(folder)
    vanishing = folder.path / f"mine{suffix}"
    vanishing.touch()
    usual = os.scandir

    def scandir(path: Path) -> nullcontext[list[os.DirEntry[str]]]:
        with usual(path) as entries:
            found = list(entries)
        vanishing.unlink(missing_ok=True)
        return nullcontext(found)

    monkeypatch.setattr(os, "scandir", scandir)

    assert folder.scan().records == (record,)


def test_a_record_that_comes_after_its_archive_is_not_made_anew(folder: Folder) -> None:
    record = folder.update(replace(put(folder), pinned=True, note="before the move"))
    path = folder.path / record_filename(record.filename)
    path.rename(folder.path / "not yet")
    copied = Folder(folder.path, lambda: UTC)
    copied.prepare((folder.path / ".store").read_text())
    assert copied.scan(adopt=False).records == ()
    (folder.path / "not yet").rename(path)

    assert copied.adopt_waiting()

    assert copied.index.records == (record,)
    assert opened_again(folder).scan().records == (record,)


def test_changes_are_noticed_although_the_folder_does_not_say_when_it_changed(
    folder: Folder,
) -> None:
    record = put(folder)
    folder.scan()
    at = folder.path.stat().st_mtime_ns
    lie_since_long(folder.path / "mine.zip", OTHER_ARCHIVE)
    os.truncate(folder.path / record.filename, 100)
    os.utime(folder.path, ns=(at, at))  # as on shares whose folders have no times

    assert {item.filename: item.status for item in folder.scan().records} == {
        record.filename: BackupStatus.DAMAGED,
        "mine.zip": BackupStatus.GOOD,
    }


@pytest.mark.parametrize("settled", [True, False])
def test_an_archive_that_is_not_complete_yet_is_taken_in_once_it_is(
    folder: Folder,
    settled: bool,  # noqa: FBT001
) -> None:
    path = folder.path / "mine.zip"
    path.write_bytes(ARCHIVE[:1000])
    if settled:
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert folder.scan().records == ()

    lie_since_long(path, ARCHIVE)

    assert len(folder.scan().records) == 1


def test_another_folder_in_its_place_is_noticed(folder: Folder) -> None:
    put(folder)
    folder.path.rename(folder.path.parent / "mounted elsewhere")
    Path(folder.path).mkdir()

    with pytest.raises(StorageMissing):
        folder.scan()
