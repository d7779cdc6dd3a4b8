"""Files that are complete or not there, even after a crash. Everything here blocks.

A backup folder is a place where others write, too. Only regular files are opened in it: no link is
followed, and a pipe or a device is never waited for.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
import errno
import fcntl
from io import BufferedReader
import os
from pathlib import Path
import stat
from typing import BinaryIO, Final

from .errors import (
    StorageError,
    StorageFailed,
    StorageFull,
    StorageMissing,
    StorageNameTooLong,
    StorageNotWritable,
)
from .lacks import Lack, note_lack

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
    errno.ENAMETOOLONG: StorageNameTooLong,
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


class NotRegularFile(OSError):
    """There is a link, a folder, a pipe or a device where a file was expected."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ELOOP, "not a regular file", str(path))


def open_regular(path: Path, *, to_lock: bool = False) -> BufferedReader:
    """Open a regular file for reading. Raises `NotRegularFile` or another `OSError`.

    With `to_lock` it is opened in such a way that also a share can lock it.
    """
    access = os.O_RDWR if to_lock else os.O_RDONLY
    try:
        descriptor = os.open(path, access | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno in _NO_FILE:
            raise NotRegularFile(path) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularFile(path)
    return os.fdopen(descriptor, "rb")


_NO_FILE: Final = frozenset({errno.ELOOP, errno.ENXIO, errno.EISDIR, errno.ENODEV})
"""What opening a link, a socket, a folder or a device fails with."""


def size(path: Path) -> int:
    """Return the size of a regular file. Raises `NotRegularFile` or another `OSError`."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise NotRegularFile(path)
    return found.st_size


def read_small(path: Path, most: int) -> bytes | None:
    """Return the content of a regular file, or `None` if it has more than `most` bytes.

    Raises `NotRegularFile` or another `OSError`.
    """
    with open_regular(path) as file:
        length = os.fstat(file.fileno()).st_size
        if length > most:
            return None
        # A read takes the memory that it is asked for, which is not what a small file may have.
        content = file.read(length + 1)
        if len(content) > length:  # it grew meanwhile
            content += file.read(most - length)
    return content if len(content) <= most else None


def printable(name: object) -> str:
    """Return a file's name for a line of text: it may hold anything, such as the end of a line."""
    return "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(name)
    )


def create(path: Path) -> BinaryIO:
    """Create a file that no other user may read, and open it for writing. Raises `OSError`.

    It is locked until it is closed: see `is_in_use`. Before that, the start of another Home
    Assistant can take it for a leftover. It is created anew then.
    """
    while True:
        # For reading as well, without which a share gives no lock that others may share.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            with suppress(OSError):  # not every share can lock
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_at(path, descriptor):
                return os.fdopen(descriptor, "wb")
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def let_read(descriptor: int) -> None:
    """Let others read a file that stays locked: on some shares a lock keeps them out."""
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)


def unlock(descriptor: int) -> None:
    """Unlock a file, also for copies of its descriptor, and close it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def is_in_use(file: BinaryIO) -> bool | None:
    """Return whether another process writes a file, or `None` if this cannot be found out."""
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


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


def make_private(folder: Path) -> None:
    """Let no other user open a folder, where this can be chosen. Raises `OSError`."""
    if stat.S_IMODE(folder.stat().st_mode) & 0o777 == FOLDER_MODE:
        return
    try:
        folder.chmod(FOLDER_MODE)
    except OSError as error:
        if error.errno not in (*_REFUSED, errno.EROFS):
            raise
    if folder.stat().st_mode & _OTHERS:
        note_lack(folder, Lack.PRIVACY)


_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def sync(file: BinaryIO, folder: Path | None = None) -> None:
    """Write everything in a file to the disk. Raises `OSError`.

    `folder` is the one to be named if the file system cannot do that.
    """
    file.flush()
    _sync(file.fileno(), folder, _UNKNOWN)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk, after files were renamed or deleted."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        note_lack(folder, Lack.SYNC)
        return
    try:
        _sync(descriptor, folder, _REFUSED)
    finally:
        os.close(descriptor)


def _sync(descriptor: int, folder: Path | None, refusals: frozenset[int]) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network shares cannot; the change itself has been made.
        if error.errno not in refusals:
            raise
        if folder is not None:
            note_lack(folder, Lack.SYNC)


def rename_over(path: Path, target: Path) -> None:
    """Rename a file, also where another one has the name, which is replaced. Raises `OSError`.

    Some file systems cannot do that in one step. In two, the other file is put aside meanwhile,
    beside `path`. A kill in between leaves only these two, an error leaves the other file.
    """
    try:
        path.rename(target)
    except OSError as error:
        if error.errno not in (*_REFUSED, errno.EEXIST) or not is_regular(target):
            raise
        aside = path.with_name(f"old_{path.name}")
        remove(aside)
        target.rename(aside)
        try:
            path.rename(target)
        except OSError:
            with suppress(OSError):
                aside.rename(target)
            raise
        remove(aside)
        note_lack(target.parent, Lack.REPLACING)


def is_regular(path: Path) -> bool:
    """Return whether there is a regular file, which a link is not."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


_UNKNOWN: Final = frozenset(
    {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOTTY}
)
"""The errors of what a file system does not know; others say that it failed."""
_REFUSED: Final = _UNKNOWN | {errno.EBADF, errno.EISDIR, errno.EACCES, errno.EPERM}
"""The errors of what it does not do with folders, or with files that are there."""
