"""File systems that cannot do everything: what can be stored is stored, as safely as it goes."""

from dataclasses import replace
from datetime import UTC
import errno
import os
from pathlib import Path
import stat

import pytest

from custom_components.pihole_checkpoint.engine import files
from custom_components.pihole_checkpoint.engine.errors import StorageNotWritable
from custom_components.pihole_checkpoint.engine.lacks import Lack, lacks
from custom_components.pihole_checkpoint.engine.models import BackupStatus
from custom_components.pihole_checkpoint.engine.repository.access import Access
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from tests.support.repository import ARCHIVE, lie_since_long, opened_again, put


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, number: int, *, folders: bool) -> None:
    """Let a call fail for each folder, or for each file."""
    real = getattr(os, name)

    def refusing(item: int | Path, *args: object, **kwargs: object) -> object:
        found = os.fstat(item) if isinstance(item, int) else Path(item).lstat()
        if stat.S_ISDIR(found.st_mode) is folders:
            raise OSError(number, os.strerror(number))
        return real(item, *args, **kwargs)

    monkeypatch.setattr(os, name, refusing)


@pytest.mark.parametrize(
    "number",
    [errno.EINVAL, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM, errno.ENOTSUP],
)
def test_a_share_that_does_not_sync_folders_takes_backups_and_is_named_once(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    refuse(monkeypatch, "fsync", number, folders=True)

    records = [put(folder), put(folder)]

    assert {*opened_again(folder).scan().records} == {*records}
    assert caplog.text.count("may lose the latest backup") == 1
    assert lacks(folder.path) == [Lack.SYNC]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.ENOTSUP])
def test_a_share_that_does_not_sync_files_takes_backups(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refuse(monkeypatch, "fsync", number, folders=False)

    record = put(folder)

    assert opened_again(folder).scan().records == (record,)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_a_disk_that_fails_while_it_syncs_a_folder_is_no_such_share(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refuse(monkeypatch, "fsync", number, folders=True)

    with pytest.raises(OSError, match=os.strerror(number)):
        files.sync_folder(folder.path)


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOTSUP])
def test_a_folder_of_somebody_else_takes_backups_and_is_said_to_be_open_to_others(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    number: int,
) -> None:
    folder = Folder(tmp_path / "kitchen", lambda: UTC)
    (tmp_path / "kitchen").mkdir(0o777)
    refuse(monkeypatch, "chmod", number, folders=True)
    folder.prepare(None)

    record = put(folder)

    assert opened_again(folder).scan().records == (record,)
    assert caplog.text.count("other users of its computer may read them") == 1


class NoRenameOver:
    """A file system that renames to no name that is taken."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.killed = False
        self._rename = Path.rename

    def _rename_to_free_name(self, path: Path, target: Path) -> Path:
        if target.exists():
            raise OSError(self.number, os.strerror(self.number))
        if self.killed and not target.name.startswith("old_"):
            raise KeyboardInterrupt
        return self._rename(path, target)

    def put_in(self, patch: pytest.MonkeyPatch) -> None:
        def rename(path: Path, target: Path) -> Path:
            return self._rename_to_free_name(path, target)

        patch.setattr(Path, "rename", rename)


@pytest.mark.parametrize("number", [errno.EEXIST, errno.EACCES, errno.EPERM, errno.ENOTSUP])
def test_a_record_is_changed_where_no_file_can_be_replaced(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    record = put(folder)
    NoRenameOver(number).put_in(monkeypatch)

    for note in ("one", "two"):
        record = folder.update(replace(record, note=note))

    assert [*(folder.path / ".staging").iterdir()] == []
    assert opened_again(folder).scan().records == (record,)
    assert caplog.text.count("cannot replace a file in one step") == 1


def test_a_kill_while_a_record_is_replaced_in_two_steps_loses_no_pin(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(folder)
    disk = NoRenameOver(errno.EEXIST)
    with monkeypatch.context() as patch:
        disk.put_in(patch)
        disk.killed = True
        with pytest.raises(KeyboardInterrupt):
            folder.update(replace(record, pinned=True))
    assert not (folder.path / record_filename(record.filename)).exists()

    [again] = opened_again(folder).scan().records

    assert again.pinned
    assert again.duration == record.duration


@pytest.mark.parametrize("refused_names", [["pihole_"], ["pihole_", "old_"]])
def test_a_record_that_cannot_be_changed_at_all_stays_as_it_was(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, refused_names: list[str]
) -> None:
    record = folder.update(replace(put(folder), pinned=True))
    usual = Path.rename

    def rename(path: Path, target: Path) -> Path:
        is_refused = any(target.name.startswith(name) for name in refused_names)
        if is_refused and path.parent != target.parent and not path.name.startswith("old_"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return usual(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(StorageNotWritable):
            folder.update(replace(record, note="new"))

    assert (folder.path / record_filename(record.filename)).exists(), "also before the next start"
    assert opened_again(folder).scan().records == (record,)


def test_damage_is_known_although_a_full_disk_cannot_note_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(folder)
    path = folder.path / record.filename
    path.write_bytes(bytes(record.file_size))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files, "create_whole", full)
    found, contents = folder.read(record)

    assert (found.status, contents) == (BackupStatus.DAMAGED, None)
    assert folder.index.bad == (found,)


def test_an_archive_whose_name_has_another_case_now_keeps_its_record(folder: Folder) -> None:
    lie_since_long(folder.path / "mine.zip", ARCHIVE)
    [record] = folder.scan().records
    folder.update(replace(record, pinned=True))
    # On a file system that ignores the case, both of its files are found by any.
    (folder.path / "mine.zip").rename(folder.path / "Mine.zip")
    (folder.path / "mine.json").rename(folder.path / "Mine.json")

    [again] = opened_again(folder).scan().records

    assert (again.filename, again.id, again.pinned) == ("Mine.zip", record.id, True)


def test_an_id_file_whose_name_is_listed_in_capitals_is_found(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(folder)
    (folder.path / ".store").rename(folder.path / ".STORE")
    monkeypatch.setattr(Access, "check", lambda _: None)

    assert folder.scan().records == (record,)
