"""Two Home Assistants that use one folder."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, timedelta
import fcntl
import json
import os
from pathlib import Path
import subprocess
import sys
import threading
import time

import pytest

from custom_components.pihole_checkpoint.engine.errors import BackupNotFound, RecordOfLaterVersion
from custom_components.pihole_checkpoint.engine.models import BackupStatus, BackupTrigger, Policy
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository import presence
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import BackupName, record_filename
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from tests.support.repository import ARCHIVE, NOW, opened_again, put

NOTHING = Policy(last=0, daily=0, weekly=0, monthly=0, manual=0)


def start(path: Path) -> None:
    """Be the start of another Home Assistant."""
    Folder(path, lambda: UTC).prepare((path / ".store").read_text())


async def test_the_start_of_one_does_not_delete_what_the_other_is_storing(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "kitchen", lambda: UTC)
    await repository.open(None)
    async with repository.writing(), repository.stage(BackupTrigger.SERVICE) as staged:
        start(repository.path)
        staged.write(ARCHIVE)
        start(repository.path)
        contents = staged.read()
        beside = staged.path.with_name(f"{staged.name.id}.parcel")
        beside.touch()
        start(repository.path)
        assert beside.exists(), "what is made for the same restore"
        beside.unlink()
        record = await repository.commit(staged, staged.record(Versions()), contents)

    assert repository.index.records == (record,)


def test_a_start_in_the_very_moment_in_which_a_file_is_created_costs_no_backup(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    started: list[int] = []

    def start_first(descriptor: int, operation: int) -> None:
        if not started:
            started.append(descriptor)
            start(folder.path)
        lock(descriptor, operation)

    monkeypatch.setattr("fcntl.flock", start_first)

    record = put(folder)

    assert started
    assert folder.scan().records == (record,)


def test_a_file_that_is_created_while_a_start_is_about_to_delete_it_is_created_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = folder.stage(BackupName.new(NOW, BackupTrigger.BUTTON))
    lock, unlink = fcntl.flock, os.unlink
    holds, created = threading.Event(), threading.Event()

    def unlink_later(path: Path, **kwargs: int) -> None:
        if Path(path) == staged.path and threading.current_thread() is starting:
            holds.set()
            created.wait(0.2)
        unlink(path, **kwargs)

    def lock_later(descriptor: int, operation: int) -> None:
        if threading.current_thread() is not starting and not holds.is_set():
            starting.start()
            holds.wait(5)
        lock(descriptor, operation)

    starting = threading.Thread(target=start, args=(folder.path,))
    monkeypatch.setattr("os.unlink", unlink_later)
    monkeypatch.setattr("fcntl.flock", lock_later)

    staged.open()
    created.set()
    starting.join()

    assert staged.path.exists()
    staged.discard()


def test_a_file_that_another_process_holds_stays_and_goes_with_the_process(folder: Folder) -> None:
    staged = folder.path / ".staging" / "pihole_held.zip"
    program = (
        "import fcntl, sys\n"
        f"file = open({str(staged)!r}, 'w')\n"
        "fcntl.flock(file, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(  # noqa: S603 - words of repository
        (sys.executable, "-c", program), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        start(folder.path)
        assert staged.exists()
        process.kill()
    start(folder.path)
    assert not staged.exists()


@pytest.mark.parametrize(("hours", "stays"), [(1, True), (25, False)])
def test_where_nothing_can_be_locked_what_is_older_than_a_day_is_deleted(
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    hours: int,
    stays: bool,  # noqa: FBT001
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", unsupported)
    staged = folder.path / ".staging" / BackupName.new(NOW, BackupTrigger.BUTTON).filename
    staged.touch()
    at = time.time() - hours * 3600
    os.utime(staged, (at, at))

    start(folder.path)

    assert staged.exists() is stays
    put(folder)


def test_a_leftover_of_another_user_of_a_share_that_cannot_be_read_is_in_nobodys_way(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = folder.path / ".staging" / "theirs.json"
    left.touch()
    at = time.time() - 25 * 3600
    os.utime(left, (at, at))
    really_open = os.open

    def refuse(path: str | Path, *args: int, **kwargs: int) -> int:
        if path == left:
            raise PermissionError(13, "Permission denied")
        return really_open(path, *args, **kwargs)

    monkeypatch.setattr("os.open", refuse)

    start(folder.path)

    assert left.exists()
    put(folder)


def test_a_staged_record_that_the_other_takes_for_a_leftover_is_written_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def start_first(path: Path, target: Path) -> Path:
        if path.suffix == ".json":
            monkeypatch.setattr(Path, "rename", rename)
            start(folder.path)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", start_first)

    record = put(folder)

    assert opened_again(folder).scan().records == (record,)


# What the other has chosen ------------------------------------------------------------------------


@pytest.fixture
async def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "kitchen", lambda: UTC)
    await repository.open(None)
    path = tmp_path / "upload.zip"
    path.write_bytes(ARCHIVE)
    await repository.adopt(lambda: nullcontext(path))
    return repository


def of_the_other(repository: Repository) -> Folder:
    """Return the folder as another Home Assistant knows it."""
    other = Folder(repository.path, lambda: UTC)
    other.scan()
    return other


def test_what_the_other_a_later_release_has_written_is_neither_changed_nor_unknown(
    folder: Folder,
) -> None:
    record = put(folder)
    path = folder.path / record_filename(record.filename)
    later = {**json.loads(path.read_bytes()), "version": 9, "status": "new kind", "pinned": True}
    path.write_text(json.dumps(later))

    with pytest.raises(RecordOfLaterVersion):
        folder.update(replace(record, note="ours"))
    folder.read_again([record])

    assert json.loads(path.read_bytes()) == later
    [again] = folder.index.records
    assert (again.pinned, again.is_of_later_version) == (True, True)


async def test_what_the_other_has_pinned_is_not_pruned(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "kitchen", lambda: UTC)
    await repository.open(None)
    folder = of_the_other(repository)
    old, _, _ = (put(folder, NOW + timedelta(days=days)) for days in range(3))
    await repository.refresh()
    folder.update(replace(old, pinned=True, note="keep"))

    plan = await repository.prune(NOTHING, dry_run=False)

    assert len(plan.removed) == 1
    assert old.id in {record.id for record in repository.index.records}
    assert (repository.path / old.filename).exists()


async def test_a_pin_that_comes_between_the_look_and_the_deletion_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(tmp_path / "kitchen", lambda: UTC)
    await repository.open(None)
    folder = of_the_other(repository)
    old, _ = put(folder, NOW), put(folder, NOW + timedelta(days=1))
    await repository.refresh()
    scan = Folder.scan

    def pinned_afterwards(self: Folder, *, adopt: bool = True) -> object:
        index = scan(self, adopt=adopt)
        folder.update(replace(old, pinned=True))
        return index

    monkeypatch.setattr(Folder, "scan", pinned_afterwards)

    plan = await repository.prune(NOTHING, dry_run=False)

    assert plan.removed == ()
    assert (repository.path / old.filename).exists()


async def test_a_note_of_the_other_is_kept_when_we_pin(repository: Repository) -> None:
    [record] = repository.index.records
    of_the_other(repository).update(replace(record, note="of the other"))

    pinned = await repository.update(record.id, pinned=True)

    assert (pinned.pinned, pinned.note) == (True, "of the other")
    assert of_the_other(repository).index.records == (pinned,)


async def test_a_note_that_we_delete_is_gone_although_the_other_wrote_it_a_moment_ago(
    repository: Repository,
) -> None:
    [record] = repository.index.records
    of_the_other(repository).update(replace(record, note="of the other"))

    updated = await repository.update(record.id, note="")

    assert updated.note == ""
    assert of_the_other(repository).index.records == (updated,)


async def test_a_note_of_the_other_is_kept_when_we_find_damage(repository: Repository) -> None:
    [record] = repository.index.records
    of_the_other(repository).update(replace(record, note="of the other", pinned=True))
    (repository.path / record.filename).write_bytes(ARCHIVE[:-1] + b"x")

    seen = await repository.verify(record.id)

    assert (seen.status, seen.note, seen.pinned) == (BackupStatus.DAMAGED, "of the other", True)
    assert of_the_other(repository).index.records == (seen,)


async def test_a_note_of_the_other_is_shown_after_the_next_look(repository: Repository) -> None:
    [record] = repository.index.records
    of_the_other(repository).update(replace(record, note="of the other"))

    await repository.refresh()

    assert repository.index.records[0].note == "of the other"


async def test_what_the_other_has_deleted_is_not_brought_back_by_a_note(
    repository: Repository,
) -> None:
    [record] = repository.index.records
    of_the_other(repository).delete([record])

    with pytest.raises(BackupNotFound):
        await repository.update(record.id, note="of repository")

    assert repository.index.records == ()
    assert [path.name for path in repository.path.iterdir() if path.suffix] == []


# Noticing the other -------------------------------------------------------------------------------


@pytest.fixture(params=["attribute", "file"])
def marks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mark the folder in both ways: where files can have attributes, and where not."""

    def unsupported(*_: object, **__: object) -> bytes:
        raise OSError(95, "Operation not supported")

    if request.param == "file":
        monkeypatch.setattr(os, "getxattr", unsupported)
        monkeypatch.setattr(os, "setxattr", unsupported)


class HomeAssistant:
    """A process with the folder in it."""

    def __init__(self, path: Path, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._token = token
        self._patch = monkeypatch
        self.presence = presence.Presence(path, path / ".staging")

    def look(self) -> bool:
        with self._patch.context() as patch:
            patch.setattr(presence, "_OURS", self._token)
            self.presence.look()
        return self.presence.is_shared


@pytest.mark.usefixtures("marks")
def test_both_notice_each_other_and_nobody_else_does(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (HomeAssistant(folder.path, f"a0000000000{i}", monkeypatch) for i in (1, 2))
    assert [old.look() for _ in range(3)] == [False] * 3
    assert new.look() is False, "the first may have ended"
    assert old.look() is True
    assert new.look() is True

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 3601)
    assert new.look() is False, "the other has not looked for an hour"


@pytest.mark.usefixtures("marks")
def test_one_that_starts_again_and_again_is_alone(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in range(5):
        here = HomeAssistant(folder.path, f"a0000000000{run}", monkeypatch)
        assert [here.look() for _ in range(3)] == [False] * 3


def read_only(*_: object, **__: object) -> None:
    raise OSError(30, "Read-only file system")


def test_nothing_is_noticed_where_no_mark_can_be_left(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = HomeAssistant(folder.path, "a00000000001", monkeypatch)
    here = HomeAssistant(folder.path, "a00000000002", monkeypatch)
    other.look()
    monkeypatch.setattr(os, "setxattr", read_only)

    assert [here.look() for _ in range(3)] == [False] * 3


def test_a_name_that_cannot_be_replaced_any_more_counts_once(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = (HomeAssistant(folder.path, f"a0000000000{i}", monkeypatch) for i in (1, 2))
    here.look()
    other.look()
    monkeypatch.setattr(os, "setxattr", read_only)
    assert here.look() is True

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 3601)
    assert here.look() is False
