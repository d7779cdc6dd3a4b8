"""Storing an archive that came from outside, but not into the folder. Everything here blocks."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path

from .. import files
from ..errors import FileOfPiholeV5, StorageUnreadable, blame_file
from ..models import BackupStatus
from ..pihole.models import Versions
from .adopt import Adopted, find_same, is_of_v5, name_for
from .commit import commit
from .folder import Folder
from .staging import StagedArchive


def upload(
    folder: Folder, staged: StagedArchive, opened: Callable[[], AbstractContextManager[Path]]
) -> Adopted:
    """Store an archive unless it is stored. Raises `UnusableFile` or `StorageError`."""
    with opened() as path:
        staged.copy(path)
        if is_of_v5(path):
            raise FileOfPiholeV5
        with blame_file():
            contents = staged.read()
        if (known := _adopt_same(folder, staged)) is not None:
            return known
        with files.storage_errors(path.parent):
            taken = {record.id for record in folder.index.records}
            name = name_for(path, folder.zone(), taken)
    record = staged.record(contents.versions if contents else Versions(), name=name)
    stored = commit(folder, staged, record, contents, skip_unchanged=False)
    return Adopted(record=stored, is_new=True)


def _adopt_same(folder: Folder, staged: StagedArchive) -> Adopted | None:
    """Return the backup with this archive. If its own was damaged or is gone, this replaces it.

    What is stored is read again, as it may have been damaged unnoticed.
    """
    found = partial(find_same, folder.index.records, staged.sha256)
    if (record := found(BackupStatus.GOOD)) is not None:
        with suppress(StorageUnreadable):
            record, _ = folder.read(record)
            if record.status is BackupStatus.GOOD:
                return Adopted(record=record, is_new=False)
    record = record or found(BackupStatus.DAMAGED, BackupStatus.MISSING)
    if record is None:
        return None
    return Adopted(record=folder.put_back(staged, record), is_new=True)
