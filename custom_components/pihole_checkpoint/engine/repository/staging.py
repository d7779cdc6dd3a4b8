"""An archive on its way into the store."""

import hashlib
from pathlib import Path
from typing import BinaryIO, Final

from .. import files
from ..models import BackupRecord
from ..pihole.models import Versions
from ..teleporter import archive
from ..teleporter.contents import Contents
from .naming import BackupName

_CHUNK: Final = 256 * 1024


class StagedArchive:
    """Written, then verified, then committed or discarded."""

    def __init__(self, folder: Path, name: BackupName) -> None:
        self.path = folder / name.filename
        self.size = 0
        self._store = folder.parent
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Make the file. What comes after this must end with `discard`."""
        with files.storage_errors(self._store):
            files.make_folder(self.path.parent)
            self._file = files.create(self.path)

    @property
    def sha256(self) -> str:
        """Of all that was written, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Add bytes as they come."""
        with files.storage_errors(self._store):
            self._opened.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def copy(self, path: Path) -> None:
        """Add all of a file, which may lie elsewhere. Raises `StorageError`."""
        with files.storage_errors(path.parent), path.open("rb") as source:
            while chunk := source.read(_CHUNK):
                self.write(chunk)

    def close(self) -> None:
        """Let others read all that was written."""
        with files.storage_errors(self._store):
            self._opened.close()

    def read(self) -> Contents | None:
        """Bring all that was written to the disk, and read it as `archive.read` does.

        Raises `InvalidArchive` or `StorageError`.
        """
        with files.storage_errors(self._store):
            files.sync(self._opened)
            self._opened.close()
            return archive.read(self.path, scratch_beside(self.path))

    def record(
        self, name: BackupName, versions: Versions, *, duration: float | None = None
    ) -> BackupRecord:
        """Describe all that was written, as the backup of this name."""
        return BackupRecord(
            id=name.id,
            filename=name.filename,
            file_size=self.size,
            sha256=self.sha256,
            created_at=name.created_at,
            trigger=name.trigger,
            duration=duration,
            versions=versions,
        )

    def discard(self) -> None:
        """Leave nothing behind; after a commit, nothing is left to discard."""
        with files.storage_errors(self._store):
            try:
                if self._file is not None:
                    self._file.close()
            finally:
                self.path.unlink(missing_ok=True)

    @property
    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the file was not opened")
        return self._file


def scratch_beside(path: Path) -> Path:
    """Name the file into which an archive's database is unpacked for the check."""
    return path.with_name(f"{path.name}.scratch")


def hash_of(path: Path) -> str:
    """Hash a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
