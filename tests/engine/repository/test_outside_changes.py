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


def test_our_own_changes_are_known_without_a_scan(store: Folder) -> None:
    old = put(store)
    new = put(store, NOW + timedelta(hours=1))
    assert [*store.index.records] == [new, old]

    noted = replace(new, note="before the move")
    store.update(noted)
    assert [*store.index.records] == [noted, old]

    store.delete([old])
    assert [*store.index.records] == [noted]
    assert opened_again(store).scan().records == (noted,)


@pytest.mark.parametrize("own_change", [True, False])
def test_what_came_or_went_by_hand_is_noticed_at_the_next_scan(
    store: Folder,
    own_change: bool,  # noqa: FBT001
) -> None:
    record = put(store)
    store.scan()

    lie_since_long(store.path / "mine.zip", OTHER_ARCHIVE)
    if own_change:
        store.update(record)
    assert {item.filename for item in store.scan().records} == {record.filename, "mine.zip"}

    (store.path / record.filename).unlink()
    if own_change:
        store.update(record)
    assert {element.filename: element.status for element in store.scan().records} == {
        record.filename: BackupStatus.MISSING,
        "mine.zip": BackupStatus.GOOD,
    }


@pytest.mark.parametrize("suffix", [".zip", ".json"])
def test_a_file_that_is_deleted_while_the_folder_is_listed_hides_no_backup(
    store: Folder, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    record = put(store)
    vanishing = store.path / f"mine{suffix}"
    vanishing.touch()
    usual = os.scandir

    def scandir(path: Path) -> nullcontext[list[os.DirEntry[str]]]:
        with usual(path) as entries:
            found = list(entries)
        vanishing.unlink(missing_ok=True)
        return nullcontext(found)

    monkeypatch.setattr(os, "scandir", scandir)

    assert store.scan().records == (record,)


def test_a_record_that_comes_after_its_archive_is_not_made_anew(store: Folder) -> None:
    record = store.update(replace(put(store), pinned=True, note="before the move"))
    path = store.path / record_filename(record.filename)
    path.rename(store.path / "not yet")
    copied = Folder(store.path, lambda: UTC)
    copied.prepare((store.path / ".store").read_text())
    assert copied.scan(adopt=False).records == ()
    (store.path / "not yet").rename(path)

    assert copied.adopt_waiting()

    assert copied.index.records == (record,)
    assert opened_again(store).scan().records == (record,)


def test_changes_are_noticed_although_the_folder_does_not_say_when_it_changed(
    store: Folder,
) -> None:
    record = put(store)
    store.scan()
    at = store.path.stat().st_mtime_ns
    lie_since_long(store.path / "mine.zip", OTHER_ARCHIVE)
    os.truncate(store.path / record.filename, 100)
    os.utime(store.path, ns=(at, at))  # as on shares whose folders have no times

    assert {item.filename: item.status for item in store.scan().records} == {
        record.filename: BackupStatus.DAMAGED,
        "mine.zip": BackupStatus.GOOD,
    }


@pytest.mark.parametrize("settled", [True, False])
def test_an_archive_that_is_not_complete_yet_is_taken_in_once_it_is(
    store: Folder,
    settled: bool,  # noqa: FBT001
) -> None:
    path = store.path / "mine.zip"
    path.write_bytes(ARCHIVE[:1000])
    if settled:
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert store.scan().records == ()

    lie_since_long(path, ARCHIVE)

    assert len(store.scan().records) == 1


def test_another_folder_in_its_place_is_noticed(store: Folder) -> None:
    put(store)
    store.path.rename(store.path.parent / "mounted elsewhere")
    Path(store.path).mkdir()

    with pytest.raises(StorageMissing):
        store.scan()
