"""Files that are complete or not there, even after a crash. Everything here blocks."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
import errno
import os
from pathlib import Path
import stat
from typing import BinaryIO, Final

from .errors import StorageError, StorageFailed, StorageFull, StorageMissing, StorageNotWritable

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600

_BY_NUMBER: Final[dict[int, type[StorageError]]] = {
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EACCES: StorageNotWritable,
    errno.EPERM: StorageNotWritable,
    errno.EROFS: StorageNotWritable,
    errno.ENOENT: StorageMissing,
    errno.ENOTDIR: StorageMissing,
}


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Raise `StorageError` with the folder's name instead of `OSError`."""
    try:
        yield
    except OSError as error:
        if (kind := _BY_NUMBER.get(error.errno or 0)) is not None:
            raise kind(folder=str(folder)) from error
        raise StorageFailed(folder=str(folder), reason=error.strerror or "-") from error


def create(path: Path) -> BinaryIO:
    """Create a file that no other user may read, and open it for writing. Raises `OSError`."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb")


def create_whole(path: Path, content: bytes) -> None:
    """Write a file and sync it to the disk, or leave none. An older file is replaced.

    Raises `OSError`.
    """
    path.unlink(missing_ok=True)
    try:
        with create(path) as file:
            file.write(content)
            sync(file)
    except OSError:
        remove(path)
        raise


def remove(*paths: Path) -> None:
    """Delete files that may exist, and ignore errors: the caller is reporting another one."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def make_folder(folder: Path) -> None:
    """Create a folder that no other user may open, unless it exists. Raises `OSError`."""
    try:
        folder.mkdir(FOLDER_MODE)
    except FileExistsError:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise
    else:
        sync_folder(folder.parent)


def sync(file: BinaryIO) -> None:
    """Write everything in a file to the disk. Raises `OSError`."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk, after files were renamed or deleted."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network shares cannot sync a folder; the change itself has been made.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
