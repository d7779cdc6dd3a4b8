"""An archive that is received, and not a backup yet."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
import hashlib
import logging
import os
from pathlib import Path
from typing import BinaryIO, Final, override

from .. import files
from ..aio import in_thread
from ..errors import StorageError
from ..models import BackupRecord
from ..pihole.models import Versions
from ..teleporter import archive
from ..teleporter.contents import Contents
from .naming import BackupName

_LOGGER = logging.getLogger(__name__)

_CHUNK: Final = 256 * 1024


class StagedArchive:
    """An archive that is written, then verified, then committed or discarded."""

    def __init__(self, folder: Path, name: BackupName) -> None:
        self.name = name
        self.path = folder / name.filename
        self.size = 0
        self.is_settled = False
        """Whether it was committed or discarded."""
        self._store = folder.parent
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._lock: int | None = None
        """Keeps the file locked when it has been written."""

    def open(self) -> None:
        """Create the file. After this, `discard` or `settle` must be called in the end."""
        with files.storage_errors(self._store):
            make_staging(self.path.parent)
            self._file = files.create(self.path)
            self._lock = os.dup(self._file.fileno())

    @property
    def sha256(self) -> str:
        """The hash of what was written, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Append bytes."""
        with files.storage_errors(self._store):
            self._opened.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def start_over(self) -> None:
        """Drop what was written, because it broke off."""
        with files.storage_errors(self._store):
            self._opened.seek(0)
            self._opened.truncate()
        self._hash = hashlib.sha256()
        self.size = 0

    def copy(self, path: Path) -> None:
        """Append the content of another file. Raises `StorageError`."""
        with files.storage_errors(path.parent), files.open_regular(path) as source:
            while chunk := source.read(_CHUNK):
                self.write(chunk)

    def close(self) -> None:
        """Close the file, so that others can read it."""
        with files.storage_errors(self._store):
            self._close()

    def read(self) -> Contents | None:
        """Sync the file to the disk, and read it as `archive.read` does.

        Raises `InvalidArchive` or `StorageError`.
        """
        with files.storage_errors(self._store):
            files.sync(self._opened, self._store)
            self._close()
            return archive.read(self.path, scratch_beside(self.path))

    def record(
        self,
        versions: Versions,
        *,
        name: BackupName | None = None,
        duration: float | None = None,
    ) -> BackupRecord:
        """Make the record of what was written, as the backup of this name.

        `name` is another one than the staged file has: when an archive was made is only known once
        it is read.
        """
        name = name or self.name
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

    def _close(self) -> None:
        self._opened.close()
        if self._lock is not None:
            files.let_read(self._lock)

    def settle(self) -> None:
        """Note that the file is a backup now, or deleted."""
        self.is_settled = True
        if self._lock is not None:
            lock, self._lock = self._lock, None
            with suppress(OSError):
                files.unlock(lock)

    def discard(self) -> None:
        """Leave nothing behind of what was not committed. A failure is only logged."""
        try:
            with files.storage_errors(self._store):
                try:
                    if self._file is not None:
                        self._file.close()
                finally:
                    self.path.unlink(missing_ok=True)
        except StorageError as error:
            # The next start clears it away; it does not change how the operation ended.
            _LOGGER.warning("Could not delete %s: %r", self.path, error)
        finally:
            self.settle()

    @property
    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the file was not opened")
        return self._file


class Staging(AbstractAsyncContextManager[StagedArchive]):
    """The context of a staged archive: what is not settled at its end is discarded.

    This is no generator: the end of one that is left to the garbage collector would run at any
    time, and delete the file in a freeze.
    """

    def __init__(self, staged: StagedArchive, ready: Callable[[], Awaitable[object]]) -> None:
        """Take the archive, and what makes its folder ready."""
        self._staged = staged
        self._ready = ready

    @override
    async def __aenter__(self) -> StagedArchive:
        await self._ready()
        try:
            await in_thread(self._staged.open)
        except BaseException:
            await in_thread(self._staged.discard)
            raise
        return self._staged

    @override
    async def __aexit__(self, *_: object) -> None:
        if not self._staged.is_settled:
            await in_thread(self._staged.discard)


def make_staging(staging: Path) -> None:
    """Make the folder for what is unfinished. Raises `OSError`.

    A link in its place could lead to files of others, and holds nothing itself.
    """
    if staging.is_symlink():
        _LOGGER.warning("%s was a link; replaced it with a folder", files.printable(staging))
        staging.unlink()
    files.make_folder(staging)


def scratch_beside(path: Path) -> Path:
    """Return the path to which an archive's database is unpacked for the check."""
    return path.with_name(f"{path.name}.scratch")


def hash_of(path: Path) -> str:
    """Return the hash of a file, in hexadecimal."""
    with files.open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
