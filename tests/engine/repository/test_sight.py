from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
import os
from pathlib import Path
import time

import pytest

from custom_components.pihole_checkpoint.engine.errors import StorageMissing
from custom_components.pihole_checkpoint.engine.models import BackupStatus
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from tests.support.repository import ARCHIVE, NOW, lie_since_long, opened_again, put


def settle(folder: Path) -> None:
    """Let the last change be some time ago."""
    os.utime(folder, (NOW.timestamp(), NOW.timestamp()))


@pytest.fixture
def looks(store: Repository, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Note each time that the folder is looked through."""
    found: list[Path] = []
    scandir = os.scandir

    def noted(path: Path) -> object:
        found.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", noted)
    return found


def test_a_folder_to_which_nothing_came_is_not_looked_through_again(
    store: Repository, looks: list[Path]
) -> None:
    record = put(store)
    settle(store.folder)

    seen = [store.list() for _ in range(3)]

    assert seen == [(record,)] * 3
    assert len(looks) == 1


def test_what_the_store_does_itself_is_no_reason_to_look(
    store: Repository, looks: list[Path]
) -> None:
    old = put(store)
    settle(store.folder)
    store.list()

    new = put(store, NOW + timedelta(hours=1))
    assert store.list() == (new, old)
    noted = replace(new, note="before the move")
    store.update(noted)
    assert store.list() == (noted, old)
    store.delete([old])

    assert store.list() == (noted,)
    assert len(looks) == 1
    assert opened_again(store).list() == (noted,)


@pytest.mark.parametrize("own_change", [True, False])
def test_what_came_or_went_by_hand_is_noticed_at_the_next_look(
    store: Repository,
    own_change: bool,  # noqa: FBT001
) -> None:
    record = put(store)
    settle(store.folder)
    store.list()

    lie_since_long(store.folder / "mine.zip", ARCHIVE)
    if own_change:  # after it, but before the next look
        store.update(record)
    adopted = {it.filename for it in store.list()}
    settle(store.folder)
    store.list()
    (store.folder / record.filename).unlink()
    if own_change:
        store.update(record)

    assert adopted == {record.filename, "mine.zip"}
    assert {it.filename: it.status for it in store.list()} == {
        record.filename: BackupStatus.MISSING,
        "mine.zip": BackupStatus.GOOD,
    }


def test_a_change_in_the_moment_of_a_look_is_noticed_although_the_time_is_the_same(
    store: Repository,
) -> None:
    store.list()
    at = store.folder.stat().st_mtime_ns
    lie_since_long(store.folder / "mine.zip", ARCHIVE)
    os.utime(store.folder, ns=(at, at))  # as where times are whole seconds

    assert len(store.list()) == 1


def test_where_a_folder_has_no_times_it_is_looked_through_every_hour(
    store: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(store)
    settle(store.folder)
    store.list()
    os.truncate(store.folder / record.filename, 100)
    lie_since_long(store.folder / "mine.zip", ARCHIVE)
    settle(store.folder)
    assert store.list() == (record,)

    monotonic = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: monotonic() + 3601)

    assert {it.filename: it.status for it in store.list()} == {
        record.filename: BackupStatus.DAMAGED,
        "mine.zip": BackupStatus.GOOD,
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(ARCHIVE[:1000]),  # still on its way in
        lambda path: lie_since_long(path, ARCHIVE[:1000]),  # refused
    ],
)
def test_an_archive_that_is_not_made_out_yet_is_looked_at_each_time(
    store: Repository, spoil: Callable[[Path], None]
) -> None:
    path = store.folder / "mine.zip"
    spoil(path)
    settle(store.folder)
    assert store.list() == ()

    lie_since_long(path, ARCHIVE)
    settle(store.folder)

    assert len(store.list()) == 1


def test_another_folder_in_its_place_is_noticed_although_the_time_is_the_same(
    store: Repository,
) -> None:
    put(store)
    settle(store.folder)
    store.list()

    store.folder.rename(store.folder.parent / "mounted elsewhere")
    store.folder.mkdir()
    settle(store.folder)

    with pytest.raises(StorageMissing):
        store.list()
