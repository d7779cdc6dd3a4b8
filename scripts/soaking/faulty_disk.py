"""A disk that fails where it is told to: every call below a folder is counted, and may fail.

The faults are in this process only. What is opened is a real file, with Python's own buffers above
it, so that an error shows where it would: at the write, or not before the flush.
"""

import builtins
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
import errno
import io
import os
from pathlib import Path
import sqlite3
import stat
import threading
from typing import Any, Final, Self, override
from unittest.mock import patch

# The functions that are replaced take what the real ones take, and pass it on.
type _Arguments = Any


class Kind(StrEnum):
    """What is asked of the disk."""

    CREATE = "create"
    OPEN = "open"
    READ = "read"
    WRITE = "write"
    FSYNC = "fsync"
    FSYNC_FOLDER = "fsync of the folder"
    CLOSE = "close"
    RENAME = "rename"
    UNLINK = "unlink"
    MKDIR = "mkdir"
    RMDIR = "rmdir"
    CHMOD = "chmod"
    STAT = "stat"
    LIST = "list"
    SQLITE_READ = "SQLite's reading"
    SQLITE_WRITE = "SQLite's writing"

    @property
    def changes(self) -> bool:
        """Whether a disk that is full, or may only be read, can refuse it."""
        return self not in (Kind.OPEN, Kind.READ, Kind.STAT, Kind.LIST, Kind.SQLITE_READ)


_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED: Final = (errno.EROFS, errno.EACCES)
_ERRORS: Final[dict[Kind, tuple[int, ...]]] = {
    Kind.CREATE: (*_NO_SPACE, errno.EIO, *_NOT_ALLOWED),
    Kind.OPEN: (errno.EIO, errno.EACCES, errno.ESTALE),
    Kind.READ: (errno.EIO, errno.ESTALE),
    Kind.WRITE: (*_NO_SPACE, errno.EIO),
    Kind.FSYNC: (*_NO_SPACE, errno.EIO),
    Kind.FSYNC_FOLDER: (errno.EIO, errno.EINVAL, errno.ENOTSUP),
    Kind.CLOSE: (*_NO_SPACE, errno.EIO),
    Kind.RENAME: (*_NO_SPACE, errno.EIO, *_NOT_ALLOWED),
    Kind.UNLINK: (errno.EIO, *_NOT_ALLOWED),
    Kind.MKDIR: (*_NO_SPACE, errno.EIO, *_NOT_ALLOWED),
    Kind.RMDIR: (errno.EIO, *_NOT_ALLOWED),
    Kind.CHMOD: (errno.EIO, *_NOT_ALLOWED),
    Kind.STAT: (errno.EIO, errno.EACCES, errno.ESTALE),
    Kind.LIST: (errno.EIO, errno.EACCES, errno.ESTALE),
    Kind.SQLITE_READ: (errno.EIO,),
    Kind.SQLITE_WRITE: (errno.ENOSPC, errno.EIO),
}
_SQLITE_CODES: Final = {errno.ENOSPC: sqlite3.SQLITE_FULL, errno.EIO: sqlite3.SQLITE_IOERR_WRITE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One thing that was asked of the disk."""

    kind: Kind
    name: str
    """Of the file, without what is different each time."""

    @property
    def errors(self) -> tuple[int, ...]:
        """With what it can fail."""
        return _ERRORS[self.kind]


type Fault = Callable[[int, Call], int | None]
"""Told which call this is: gives the number of the error with which it fails. It may block."""


def at(calls: Sequence[Call], number: int, error: int) -> Fault:
    """Let one of these calls fail, and all others be well.

    It is known again by what it is, and not by its number: another time, others may come between.
    """
    wanted = calls[number]
    occurrence = calls[:number].count(wanted)
    met = 0

    def fault(index: int, call: Call) -> int | None:
        nonlocal met
        met = 0 if index == 0 else met
        is_it = call == wanted and met == occurrence
        met += call == wanted
        return error if is_it else None

    return fault


def from_then_on(number: int, error: int) -> Fault:
    """Let one call fail, and every later one that can fail in that way."""

    def fault(index: int, call: Call) -> int | None:
        return error if index >= number and error in call.errors else None

    return fault


class FaultyDisk:
    """Stands before the disk, for all that lies below one folder."""

    def __init__(self, root: Path) -> None:
        self.calls: list[Call] = []
        self.root: Final = root
        self._root = f"{root}{os.sep}"
        self._fault: Fault | None = None
        self._descriptors: dict[int, str] = {}
        self._lock = threading.Lock()

    @contextmanager
    def failing(self, fault: Fault) -> Iterator[None]:
        """Count the calls anew, and let some of them fail while the context lasts."""
        self.calls = []
        self._fault = fault
        try:
            yield
        finally:
            self._fault = None

    @contextmanager
    def in_between(self) -> Iterator[Self]:
        """Stand before the disk while the context lasts."""
        with ExitStack() as stack:
            for name, kind in (
                *(("rename", Kind.RENAME), ("unlink", Kind.UNLINK), ("mkdir", Kind.MKDIR)),
                *(("rmdir", Kind.RMDIR), ("chmod", Kind.CHMOD), ("stat", Kind.STAT)),
                ("statvfs", Kind.STAT),
            ):
                stack.enter_context(patch.object(os, name, self._instead(getattr(os, name), kind)))
            stack.enter_context(patch.object(os, "scandir", self._scandir(os.scandir)))
            stack.enter_context(patch.object(os, "open", self._os_open(os.open)))
            stack.enter_context(patch.object(os, "close", self._os_close(os.close)))
            stack.enter_context(patch.object(os, "fsync", self._fsync(os.fsync)))
            opening = self._open(io.open)
            stack.enter_context(patch.object(io, "open", opening))
            stack.enter_context(patch.object(builtins, "open", opening))
            stack.enter_context(patch.object(sqlite3, "connect", self._connect(sqlite3.connect)))
            yield self

    def asked(self, kind: Kind, path: str) -> None:
        """Note one call, and raise what it fails with."""
        if (error := self._error(kind, path)) is not None:
            raise OSError(error, os.strerror(error), path)

    def _error(self, kind: Kind, path: str) -> int | None:
        if (fault := self._fault) is None:
            return None
        with self._lock:
            call = Call(kind=kind, name=_plain(path.removeprefix(self._root)))
            index = len(self.calls)
            self.calls.append(call)
        return fault(index, call)  # without the lock, because it may block

    def _below(self, path: object) -> str | None:
        """Tell what is asked for, when that is something below the folder while calls count."""
        if self._fault is None:
            return None
        if isinstance(path, int):
            return self._descriptors.get(path)
        if not isinstance(path, str | os.PathLike):
            return None
        told = os.fspath(path)
        return told if isinstance(told, str) and told.startswith(self._root) else None

    def _instead(self, real: Callable[..., _Arguments], kind: Kind) -> Callable[..., _Arguments]:
        def call(path: _Arguments, *args: _Arguments, **kwargs: _Arguments) -> _Arguments:
            if (below := self._below(path)) is not None:
                self.asked(kind, below)
            return real(path, *args, **kwargs)

        return call

    def _scandir(self, real: Callable[..., _Arguments]) -> Callable[..., _Arguments]:
        def scandir(path: _Arguments = ".") -> _Arguments:
            if (below := self._below(path)) is None:
                return real(path)
            self.asked(Kind.LIST, below)
            return _Entries(self, real(path))

        return scandir

    def _os_open(self, real: Callable[..., int]) -> Callable[..., int]:
        def open_(path: _Arguments, flags: int, *args: _Arguments, **kwargs: _Arguments) -> int:
            if (below := self._below(path)) is None:
                return real(path, flags, *args, **kwargs)
            self.asked(Kind.CREATE if flags & os.O_CREAT else Kind.OPEN, below)
            descriptor = real(path, flags, *args, **kwargs)
            self._descriptors[descriptor] = below
            return descriptor

        return open_

    def _os_close(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def close(descriptor: int) -> None:
            self._descriptors.pop(descriptor, None)
            real(descriptor)

        return close

    def _fsync(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def fsync(descriptor: int) -> None:
            if (below := self._descriptors.get(descriptor)) is not None:
                is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
                self.asked(Kind.FSYNC_FOLDER if is_folder else Kind.FSYNC, below)
            real(descriptor)

        return fsync

    def _open(self, real: Callable[..., _Arguments]) -> Callable[..., _Arguments]:
        def open_(
            file: _Arguments,
            mode: str = "r",
            buffering: int = -1,
            *args: _Arguments,
            **kw: _Arguments,
        ) -> _Arguments:
            if (below := self._below(file)) is None or "b" not in mode:
                return real(file, mode, buffering, *args, **kw)
            if not isinstance(file, int):
                self.asked(Kind.OPEN if mode.startswith("r") else Kind.CREATE, below)
            raw = _File(self, below, file, mode)
            self._descriptors[raw.fileno()] = below
            if buffering == 0:
                return raw
            return io.BufferedReader(raw) if mode == "rb" else io.BufferedWriter(raw)

        return open_

    def forget(self, descriptor: int) -> None:
        """Take note that it is closed."""
        self._descriptors.pop(descriptor, None)

    def _connect(self, real: Callable[..., _Arguments]) -> Callable[..., _Arguments]:
        def connect(database: _Arguments, *args: _Arguments, **kwargs: _Arguments) -> _Arguments:
            text = str(database)
            path = text.removeprefix("file://").partition("?")[0]
            if self._below(path) is None:
                return real(database, *args, **kwargs)
            kind = Kind.SQLITE_READ if "mode=ro" in text else Kind.SQLITE_WRITE
            connection = real(database, *args, factory=_Connection, **kwargs)
            connection.ask = lambda: self._error(kind, path)
            return connection

        return connect


class _Connection(sqlite3.Connection):
    """A database on that disk."""

    ask: Callable[[], int | None]

    def _asked(self) -> None:
        if (number := self.ask()) is not None:
            error = sqlite3.OperationalError(os.strerror(number))
            error.sqlite_errorcode = _SQLITE_CODES[number]
            raise error

    @override
    def execute(self, *args: _Arguments) -> sqlite3.Cursor:
        self._asked()
        return super().execute(*args)

    @override
    def executemany(self, *args: _Arguments) -> sqlite3.Cursor:
        self._asked()
        return super().executemany(*args)

    @override
    def commit(self) -> None:
        self._asked()
        super().commit()


class _File(io.FileIO):
    """A file on that disk."""

    def __init__(self, disk: FaultyDisk, path: str, file: _Arguments, mode: str) -> None:
        super().__init__(file, mode)
        self._disk = disk
        self._path = path
        self._changes = not mode.startswith("r")

    @override
    def write(self, data: _Arguments, /) -> int:
        self._disk.asked(Kind.WRITE, self._path)
        return super().write(data)

    @override
    def readinto(self, buffer: _Arguments, /) -> int:
        self._disk.asked(Kind.READ, self._path)
        return super().readinto(buffer)

    @override
    def readall(self) -> bytes:
        self._disk.asked(Kind.READ, self._path)
        return super().readall()

    @override
    def close(self) -> None:
        if self.closed:
            return
        self._disk.forget(self.fileno())
        super().close()  # it is closed whatever is told
        if self._changes:
            self._disk.asked(Kind.CLOSE, self._path)


class _Entries:
    """What is in a folder on that disk."""

    def __init__(self, disk: FaultyDisk, real: _Arguments) -> None:
        self._disk = disk
        self._real = real

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()

    def __iter__(self) -> Iterator[_Entry]:
        return (_Entry(self._disk, entry) for entry in self._real)


class _Entry:
    def __init__(self, disk: FaultyDisk, real: os.DirEntry[str]) -> None:
        self._disk = disk
        self._real = real
        self.name = real.name
        self.path = real.path

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return self._real.is_file(follow_symlinks=follow_symlinks)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        self._disk.asked(Kind.STAT, self.path)
        return self._real.stat(follow_symlinks=follow_symlinks)


def _plain(path: str) -> str:
    """Name a file without times and ids, so that two runs name it in the same way."""
    folder, _, name = path.rpartition("/")
    if name.startswith("pihole_"):
        name = f"*{''.join(name.partition('.')[1:])}"
    return f"{folder}/{name}"
