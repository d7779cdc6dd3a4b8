"""Whether a folder is the repository that it should be, and can be written.

Everything here blocks.
"""

import os
from pathlib import Path

from .. import files
from ..errors import (
    StorageMissing,
    StorageNotWritable,
    StorageOfOther,
    StorageUnidentified,
)
from . import leftovers, presence, record_files
from .identity import make_repository, read_repository_id, restore_id
from .listing import list_files
from .record_reading import InvalidRecord, from_json
from .staging import make_staging


class Access:
    """The way into one repository's folder."""

    def __init__(self, path: Path, staging: Path) -> None:
        self.presence = presence.Presence(path, staging)
        self.repository_id: str | None = None
        """What the folder's ID must be; `None` before the folder was ever made."""
        self.is_prepared = False
        """Whether what is unfinished can be kept in the folder."""
        self._path = path
        self._staging = staging

    def prepare(self) -> str:
        """Check or make the folder, delete what a kill left unfinished, and return its ID.

        Raises `StorageError`.
        """
        with files.storage_errors(self._path):
            repository_id = self.repository_id or make_repository(self._path)
            self.repository_id = repository_id
            self.check()
            make_staging(self._staging)
            for folder in (self._path, self._staging):
                files.make_private(folder)
            leftovers.clear(self._staging, kept=presence.FILE)
        self.presence.look()
        self.is_prepared = True
        return repository_id

    def check(self) -> None:
        """Check that this is the folder with the backups.

        Raises `StorageMissing`, `StorageUnidentified` or `StorageOfOther` if not.
        """
        with files.storage_errors(self._path):
            found = read_repository_id(self._path)
            if found is not None and self.repository_id in (None, found):
                return
            if found is not None:
                raise StorageOfOther(folder=str(self._path))
            if self.repository_id is not None and (count := _count_recorded(self._path)):
                raise StorageUnidentified(folder=str(self._path), count=str(count))
            raise StorageMissing(folder=str(self._path))

    def check_writable(self) -> None:
        """Check that backups can be stored. Raises `StorageError`."""
        if not self.is_prepared:
            self.prepare()
        if not os.access(self._path, os.W_OK | os.X_OK):
            raise StorageNotWritable(folder=str(self._path))

    def restore_id(self) -> None:
        """Give the folder its lost ID back, if backups are in it. Raises `StorageError`."""
        try:
            self.check()
        except StorageUnidentified:
            with files.storage_errors(self._path):
                restore_id(self._path, str(self.repository_id))


def _count_recorded(path: Path) -> int:
    """Count the archives whose own record lies beside them."""
    return sum(
        _recorded_size(path, filename) == size
        for filename, size in list_files(path).archives.items()
    )


def _recorded_size(path: Path, filename: str) -> int | None:
    content = record_files.read(path, filename)
    try:
        return None if content is None else from_json(content, filename).file_size
    except InvalidRecord:
        return None
