"""The folder of one Pi-hole's archives and records. Everything here blocks: call it in a thread.

A backup is visible when its archive lies in the folder under its own name, and it is renamed to
there only when it is whole, verified and safe on the disk. What is unfinished lies in `.staging`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import errno
import hashlib
import logging
import os
from pathlib import Path
from typing import BinaryIO, Final

from . import archive
from .errors import (
    InvalidArchive,
    StorageError,
    StorageFailed,
    StorageFull,
    StorageMissing,
    StorageNotWritable,
)
from .models import BackupRecord, Versions
from .naming import BackupName, record_filename
from .records import InvalidRecordError, from_json, to_json

_LOGGER = logging.getLogger(__name__)

_STAGING = ".staging"
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_CHUNK = 256 * 1024

_KINDS: Final[dict[int, type[StorageError]]] = {
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EACCES: StorageNotWritable,
    errno.EPERM: StorageNotWritable,
    errno.EROFS: StorageNotWritable,
    errno.ENOENT: StorageMissing,
    errno.ENOTDIR: StorageMissing,
}


class StagedArchive:
    """An archive on its way in: written, then verified, then committed or discarded."""

    def __init__(self, folder: Path, name: BackupName) -> None:
        self.name = name
        self.path = folder / name.filename
        self.size = 0
        self._folder = folder
        self._hash = hashlib.sha256()
        self._file = _create(self.path)

    @property
    def sha256(self) -> str:
        """Of all that was written, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Add bytes as they come."""
        with storage_errors_told(self._folder.parent):
            self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def verify(self) -> None:
        """Bring all that was written to the disk, and be sure that it could be restored.

        Raises `InvalidArchive` or `StorageError`.
        """
        with storage_errors_told(self._folder.parent):
            _sync(self._file)
            self._file.close()
            archive.verify(self.path, scratch_beside(self.path))

    def discard(self) -> None:
        """Leave nothing behind; after a commit, nothing is left to discard."""
        with storage_errors_told(self._folder.parent):
            try:
                self._file.close()
            finally:
                self.path.unlink(missing_ok=True)


class Store:
    """The backups of one Pi-hole. Its methods must not run side by side."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._staging = folder / _STAGING
        self._known: dict[str, BackupRecord] = {}
        self._refused: set[str] = set()

    def prepare(self) -> None:
        """Make the folder, for the owner's eyes only, and clear what a kill left unfinished."""
        with storage_errors_told(self.folder):
            for folder in (self.folder.parent, self.folder, self._staging):
                folder.mkdir(_FOLDER_MODE, exist_ok=True)
                folder.chmod(_FOLDER_MODE)
            for leftover in self._staging.iterdir():
                leftover.unlink()

    def stage(self, name: BackupName) -> StagedArchive:
        """Begin to store an archive."""
        with storage_errors_told(self.folder):
            return StagedArchive(self._staging, name)

    def commit(self, staged: StagedArchive, record: BackupRecord) -> None:
        """Make a verified archive a backup: wholly, or on any error not at all."""
        with storage_errors_told(self.folder):
            staged_record = self._stage_record(record)
            target = self.folder / record.filename
            try:
                staged.path.rename(target)
                _sync_folder(self.folder)
                staged_record.rename(self.folder / staged_record.name)
                _sync_folder(self.folder)
            except OSError:
                target.unlink(missing_ok=True)
                staged_record.unlink(missing_ok=True)
                raise
        self._known[record.filename] = record

    def list(self) -> tuple[BackupRecord, ...]:
        """Look at the folder: all backups in it, the newest first.

        A lost or unreadable record is made anew from its archive, which is the truth.
        """
        with storage_errors_told(self.folder):
            # A folder that is away raises here; it is never taken for an empty one.
            with os.scandir(self.folder) as entries:
                names = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
            known: dict[str, BackupRecord] = {}
            for filename in names - self._refused:
                name = BackupName.parse(filename)
                if name is None:
                    continue
                record = self._known.get(filename) or self._read(name) or self._rebuild(name)
                if record is not None:
                    known[filename] = record
        self._known = known
        self._refused &= names
        return self.records

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """The backups as last seen, the newest first."""
        return tuple(
            sorted(self._known.values(), key=lambda it: (it.created_at, it.id), reverse=True)
        )

    def _stage_record(self, record: BackupRecord) -> Path:
        path = self._staging / record_filename(record.filename)
        path.unlink(missing_ok=True)
        try:
            with _create(path) as file:
                file.write(to_json(record))
                _sync(file)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path

    def _read(self, name: BackupName) -> BackupRecord | None:
        path = self.folder / record_filename(name.filename)
        try:
            return from_json(path.read_bytes(), name)
        except FileNotFoundError, InvalidRecordError:
            return None

    def _rebuild(self, name: BackupName) -> BackupRecord | None:
        path = self.folder / name.filename
        try:
            archive.verify(path, scratch_beside(self._staging / name.filename))
        except InvalidArchive as error:
            _LOGGER.warning("%s is no backup, and is left alone: %r", path, error)
            self._refused.add(name.filename)
            return None
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        record = BackupRecord(
            id=name.id,
            filename=name.filename,
            file_size=path.stat().st_size,
            sha256=sha256,
            created_at=name.created_at,
            trigger=name.trigger,
            duration=None,
            versions=Versions(),
        )
        self._stage_record(record).rename(self.folder / record_filename(name.filename))
        _sync_folder(self.folder)
        return record


@contextmanager
def storage_errors_told(folder: Path) -> Iterator[None]:
    """Turn the system's errors into ours, with the folder's name on them."""
    try:
        yield
    except OSError as error:
        if (kind := _KINDS.get(error.errno or 0)) is not None:
            raise kind(folder=str(folder)) from error
        raise StorageFailed(folder=str(folder), reason=error.strerror or "-") from error


def scratch_beside(path: Path) -> Path:
    """Name the file into which a staged archive's database is unpacked for the check."""
    return path.with_name(f"{path.name}.scratch")


def _create(path: Path) -> BinaryIO:
    """Open a new file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Bring a rename to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network shares cannot do this for a folder; the rename itself has happened.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
