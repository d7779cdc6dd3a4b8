"""Files that are whole or not there, whatever happens. Everything here blocks."""

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

_KINDS: Final[dict[int, type[StorageError]]] = {
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
    """Turn the system's errors into ours, with the folder's name on them."""
    try:
        yield
    except OSError as error:
        if (kind := _KINDS.get(error.errno or 0)) is not None:
            raise kind(folder=str(folder)) from error
        raise StorageFailed(folder=str(folder), reason=error.strerror or "-") from error


def create(path: Path) -> BinaryIO:
    """Open a new file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb")


def create_whole(path: Path, content: bytes) -> None:
    """Write a new file that is on the disk afterwards, or is not there."""
    path.unlink(missing_ok=True)
    try:
        with create(path) as file:
            file.write(content)
            sync(file)
    except OSError:
        remove(path)
        raise


def remove(*paths: Path) -> None:
    """Delete what may be left, as far as that goes: another error is being told already."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def make_folder(folder: Path) -> None:
    """Have a folder that nobody else may look into, and that is on the disk afterwards."""
    try:
        folder.mkdir(FOLDER_MODE)
    except FileExistsError:
        if not stat.S_ISDIR(folder.stat().st_mode):
            raise
    else:
        sync_folder(folder.parent)


def sync(file: BinaryIO) -> None:
    """Bring all that was written to the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring what was renamed and deleted in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network shares cannot do this for a folder; the change itself has happened.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
