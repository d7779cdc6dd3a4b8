"""Every fault and every replacement that the trials put into the product or the system.

No other module of the trials patches anything, so a private name of the product that is used here
is used nowhere else. What needs Home Assistant imports it late: victims run without it.
"""

import builtins
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
import errno
from importlib import import_module
import io
import logging
import os
from pathlib import Path
import sqlite3
import stat
import sys
import threading
from types import ModuleType
from typing import Any, Final, Literal, override
from unittest.mock import patch

import aiohttp

_PACKAGE: Final = "custom_components.pihole_checkpoint"

# Replacements take the arguments of what they replace, and pass them on.
type _Arguments = Any
type _Real = Callable[..., _Arguments]


# The disk -----------------------------------------------------------------------------------------


class Kind(StrEnum):
    """A call to the disk."""

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
        """Whether a disk that is full or read-only can refuse this call."""
        return self not in (Kind.OPEN, Kind.READ, Kind.STAT, Kind.LIST, Kind.SQLITE_READ)

    @property
    def errors(self) -> tuple[int, ...]:
        """The errors with which this call can fail."""
        return _ERRORS[self]


_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)
_NOT_ALLOWED: Final = (errno.EROFS, errno.EACCES)
_READING: Final = (errno.EIO, errno.EACCES, errno.ESTALE)
_ERRORS: Final[dict[Kind, tuple[int, ...]]] = {
    **dict.fromkeys((Kind.OPEN, Kind.STAT, Kind.LIST), _READING),
    **dict.fromkeys((Kind.WRITE, Kind.FSYNC, Kind.CLOSE), (*_NO_SPACE, errno.EIO)),
    **dict.fromkeys((Kind.CREATE, Kind.MKDIR), (*_NO_SPACE, errno.EIO, *_NOT_ALLOWED)),
    **dict.fromkeys((Kind.UNLINK, Kind.RMDIR), (errno.EIO, *_NOT_ALLOWED)),
    Kind.RENAME: (*_NO_SPACE, errno.EIO, *_NOT_ALLOWED, errno.EEXIST),
    Kind.CHMOD: (errno.EIO, *_NOT_ALLOWED, errno.EPERM),
    Kind.READ: (errno.EIO, errno.ESTALE),
    Kind.FSYNC_FOLDER: (errno.EIO, errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF),
    Kind.SQLITE_READ: (errno.EIO,),
    Kind.SQLITE_WRITE: (errno.ENOSPC, errno.EIO),
}
_SQLITE_CODES: Final = {errno.ENOSPC: sqlite3.SQLITE_FULL, errno.EIO: sqlite3.SQLITE_IOERR_WRITE}

type When = Literal["before", "halfway", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A moment before, halfway through or after a call to the disk."""

    when: When
    kind: Kind
    path: Path
    target: Path | None = None

    def __str__(self) -> str:
        target = f" to {self.target.name}" if self.target else ""
        return f"{self.when} {self.kind} of {self.path.name}{target}"


type Hear = Callable[[Step], None]
"""Hears of each step. It may raise an `OSError`, block, or end the process."""


def _kind_of_open(_path: object, flags: int, *_: object) -> Kind:
    return Kind.CREATE if flags & os.O_CREAT else Kind.OPEN


def _kind_of_fsync(descriptor: int) -> Kind:
    return Kind.FSYNC_FOLDER if stat.S_ISDIR(os.fstat(descriptor).st_mode) else Kind.FSYNC


_CALLS: Final[dict[str, Kind | Callable[..., Kind]]] = {
    "rename": Kind.RENAME,
    "replace": Kind.RENAME,
    "link": Kind.CREATE,
    "symlink": Kind.CREATE,
    "unlink": Kind.UNLINK,
    "remove": Kind.UNLINK,
    "mkdir": Kind.MKDIR,
    "rmdir": Kind.RMDIR,
    "chmod": Kind.CHMOD,
    "stat": Kind.STAT,
    "statvfs": Kind.STAT,
    "open": _kind_of_open,
    "fsync": _kind_of_fsync,
}


@contextmanager
def watched_disk(root: Path, hear: Hear) -> Iterator[None]:
    """Let `hear` know of every call below a folder while the context lasts.

    What is opened is a real file with Python's own buffers above it, so an error shows where it
    would: at the write, or not before the flush. Each write is made in two halves.
    """
    disk = _Disk(f"{root}{os.sep}", hear)
    opening = disk.opening(io.open)
    replaced: list[tuple[object, str, _Real]] = [
        *((os, name, disk.calling(getattr(os, name), kind)) for name, kind in _CALLS.items()),
        (os, "scandir", disk.listing(os.scandir)),
        (io, "open", opening),
        (builtins, "open", opening),
        (sqlite3, "connect", disk.connecting(sqlite3.connect)),
    ]
    with ExitStack() as stack:
        for owner, name, made in replaced:
            stack.enter_context(patch.object(owner, name, made))
        yield


class _Disk:
    """Stands in for the system's calls, for everything below one folder."""

    def __init__(self, root: str, hear: Hear) -> None:
        self._root = root
        self._hear = hear

    def hear(self, when: When, kind: Kind, path: str, target: Path | None = None) -> None:
        self._hear(Step(when=when, kind=kind, path=Path(path), target=target))

    def _below(self, path: object) -> str | None:
        """Return the path of a file or descriptor, if it is below the folder."""
        if isinstance(path, int):
            try:
                path = Path(f"/proc/self/fd/{path}").readlink()
            except OSError:
                return None
        if not isinstance(path, str | os.PathLike):
            return None
        name = os.fspath(path)
        return name if isinstance(name, str) and name.startswith(self._root) else None

    def calling(self, real: _Real, kind: Kind | Callable[..., Kind]) -> _Real:
        def call(path: _Arguments, *args: _Arguments, **kwargs: _Arguments) -> _Arguments:
            if (below := self._below(path)) is None:
                return real(path, *args, **kwargs)
            its = kind if isinstance(kind, Kind) else kind(path, *args)
            target = Path(args[0]) if its is Kind.RENAME else None
            self.hear("before", its, below, target)
            result = real(path, *args, **kwargs)
            self.hear("after", its, below, target)
            return result

        return call

    def listing(self, real: _Real) -> _Real:
        def scandir(path: _Arguments = ".") -> _Arguments:
            if (below := self._below(path)) is None:
                return real(path)
            self.hear("before", Kind.LIST, below)
            return _entries(self, real(path))

        return scandir

    def opening(self, real: _Real) -> _Real:
        def open_(
            file: _Arguments,
            mode: str = "r",
            buffering: int = -1,
            *more: _Arguments,
            **kw: _Arguments,
        ) -> _Arguments:
            if (below := self._below(file)) is None or "b" not in mode:
                return real(file, mode, buffering, *more, **kw)
            if not isinstance(file, int):
                self.hear("before", Kind.OPEN if mode.startswith("r") else Kind.CREATE, below)
            raw = _File(self, below, file, mode)
            if buffering == 0:
                return raw
            return io.BufferedReader(raw) if mode == "rb" else io.BufferedWriter(raw)

        return open_

    def connecting(self, real: _Real) -> _Real:
        def connect(database: _Arguments, *args: _Arguments, **kwargs: _Arguments) -> _Arguments:
            text = str(database)
            path = text.removeprefix("file://").partition("?")[0]
            if self._below(path) is None:
                return real(database, *args, **kwargs)
            kind = Kind.SQLITE_READ if "mode=ro" in text else Kind.SQLITE_WRITE
            connection = real(database, *args, factory=_Connection, **kwargs)
            connection.ask = lambda: self.hear("before", kind, path)
            return connection

        return connect


class _Connection(sqlite3.Connection):
    """A database on a watched disk."""

    ask: Callable[[], None]

    def _ask(self) -> None:
        try:
            self.ask()
        except OSError as refused:
            error = sqlite3.OperationalError(refused.strerror)
            error.sqlite_errorcode = _SQLITE_CODES[refused.errno or 0]
            raise error from refused

    @override
    def execute(self, *args: _Arguments) -> sqlite3.Cursor:
        self._ask()
        return super().execute(*args)

    @override
    def executemany(self, *args: _Arguments) -> sqlite3.Cursor:
        self._ask()
        return super().executemany(*args)

    @override
    def commit(self) -> None:
        self._ask()
        super().commit()


class _File(io.FileIO):
    """A file on a watched disk."""

    def __init__(self, disk: _Disk, path: str, file: _Arguments, mode: str) -> None:
        super().__init__(file, mode)
        self._disk = disk
        self._path = path
        self._changes = not mode.startswith("r")

    @override
    def write(self, data: _Arguments, /) -> int:
        with memoryview(data).cast("B") as whole:
            half = len(whole) // 2
            self._disk.hear("before", Kind.WRITE, self._path)
            written = super().write(whole[:half])
            self._disk.hear("halfway", Kind.WRITE, self._path)
            written += super().write(whole[half:])
            self._disk.hear("after", Kind.WRITE, self._path)
        return written

    @override
    def readinto(self, buffer: _Arguments, /) -> int:
        self._disk.hear("before", Kind.READ, self._path)
        return super().readinto(buffer)

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        self._disk.hear("before", Kind.READ, self._path)
        return super().read(size)

    @override
    def readall(self) -> bytes:
        return self.read()

    @override
    def close(self) -> None:
        if self.closed:
            return
        super().close()  # the system closes a file even when it reports an error
        if self._changes:
            self._disk.hear("before", Kind.CLOSE, self._path)


@contextmanager
def _entries(disk: _Disk, real: _Arguments) -> Iterator[Iterator[_Entry]]:
    with real:
        yield (_Entry(disk, entry) for entry in real)


class _Entry:
    """What is in a folder on a watched disk."""

    def __init__(self, disk: _Disk, real: os.DirEntry[str]) -> None:
        self._disk = disk
        self._real = real

    def __getattr__(self, name: str) -> _Arguments:
        return getattr(self._real, name)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        self._disk.hear("before", Kind.STAT, self._real.path)
        return self._real.stat(follow_symlinks=follow_symlinks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A call to the disk, named in the same way in every run."""

    kind: Kind
    name: str


type Fault = Callable[[int, Call], int | None]
"""Returns the error with which the call of this number fails, if it does. It may block."""


@contextmanager
def faulty_disk(root: Path, fault: Fault) -> Iterator[list[Call]]:
    """Count the calls below a folder, and let some of them fail."""
    calls: list[Call] = []
    lock = threading.Lock()

    def hear(step: Step) -> None:
        if step.when != "before":
            return
        with lock:
            call = Call(kind=step.kind, name=_same_name(step.path.relative_to(root)))
            number = len(calls)
            calls.append(call)
        if (error := fault(number, call)) is not None:  # without the lock, as it may block
            raise OSError(error, os.strerror(error), str(step.path))

    with watched_disk(root, hear):
        yield calls


def _same_name(path: Path) -> str:
    name = path.name
    if name.startswith("pihole_"):
        name = f"*{''.join(name.partition('.')[1:])}"
    return f"{path.parent}/{name}".removeprefix("./")


def fails_once(calls: Sequence[Call], number: int, error: int) -> Fault:
    """Let one of these calls fail. It is found by its name, as others may come in between."""
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


def fails_from(number: int, error: int) -> Fault:
    """Let one call fail, and every later one that can fail with this error."""
    return lambda index, call: error if index >= number and error in call.kind.errors else None


# Times --------------------------------------------------------------------------------------------


_SHORT: Final = {
    "connect": 2.0,
    **dict.fromkeys(("read", "import_read", "gravity_read", "login_grace"), 1.5),
    **dict.fromkeys(("request", "change"), 3.0),
    "versions": 1.0,
    "moment": 0.3,
    "moment_retry": 0.02,
    "busy": 0.3,
    "busy_retry": 0.02,
    "login_retry": 0.0,
    "logout": 0.7,
    "logout_retry": 0.02,
    "logout_total": 1.6,
    "closing": 6.0,
    "closing_retry": 0.05,
}
_SHORT_RESTORES: Final = {"restart": 6.0, "gravity": 4.0, "probe": 1.0}


@contextmanager
def short_times(factor: float = 1, *, settle: float = 0.2) -> Iterator[None]:
    """Wait less than in life: all limits are shorter, in the same order."""
    limits = import_module(f"{_PACKAGE}.engine.pihole.limits")
    restore = import_module(f"{_PACKAGE}.engine.restore.timings")
    timings = {name: seconds * factor for name, seconds in _SHORT.items()}
    restores = {name: seconds * factor for name, seconds in _SHORT_RESTORES.items()}
    dns = replace(restore.DNS_TIMINGS, settle=0.0, again=0.01, total=0.1)  # there is none
    restoring = restore.RestoreTimings(**restores, settle=settle, look=0.01, dns=dns)
    with (
        patch.object(limits, "TIMINGS", limits.Timings(**timings)),
        patch.object(restore, "TIMINGS", restoring),
    ):
        yield


# Bugs, by which a trial is tested -----------------------------------------------------------------


type Bug = Literal["session", "leftovers", "sync", "folder sync"]


@contextmanager
def bug(name: Bug) -> Iterator[None]:
    """Plant a bug: no logout, staged files left, no sync of files, or none of folders."""

    async def do_not_log_out(*_: object) -> None:
        """Leave the session open."""

    product = f"{_PACKAGE}.engine"
    staged = import_module(f"{product}.repository.staging").StagedArchive
    owner, attribute, value = {
        "session": (import_module(f"{product}.pihole.login"), "log_out", do_not_log_out),
        "leftovers": (staged, "discard", staged.close),
        "sync": (import_module(f"{product}.files"), "sync", lambda file, *_: file.flush()),
        "folder sync": (import_module(f"{product}.files"), "sync_folder", lambda *_: None),
    }[name]
    with patch.object(owner, attribute, value):
        yield


# The process --------------------------------------------------------------------------------------


def forget_home_assistant() -> None:
    """Let the engine be imported without the package around it, which imports Home Assistant."""
    package = ModuleType(_PACKAGE)
    package.__path__ = [str(Path(__file__).parents[2].joinpath(*_PACKAGE.split(".")))]
    sys.modules[_PACKAGE] = package


_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES: Final = frozenset(
    f"os.{name}"
    for name in ("remove", "rename", "mkdir", "rmdir", "chmod", "link", "symlink", "truncate")
)
_NEVER: Final = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn"})


def watched_process(folder: Path, port: int) -> list[str]:
    """Note from now on what this process does outside of a folder and of one port."""
    seen: list[str] = []

    def hook(event: str, args: tuple[object, ...]) -> None:
        seen.extend(f"{event} {item!r}" for item in _touched(event, args) if not is_inside(item))
        if event in _NEVER or (event == "socket.connect" and args[1] != ("127.0.0.1", port)):
            seen.append(f"{event} {args[1:]!r}")

    def is_inside(path: object) -> bool:
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        name = name.removeprefix("file:").partition("?")[0]
        return name == str(folder) or os.path.normpath(name).startswith(f"{folder}{os.sep}")

    sys.addaudithook(hook)
    return seen


def _touched(event: str, args: tuple[object, ...]) -> list[object]:
    """Return what an event writes to, or reads although it is a bait."""
    if event == "open":
        path, _, flags = args
        writes = isinstance(flags, int) and flags & _WRITES
        # A descriptor was opened before, by its name.
        return [path] if not isinstance(path, int) and (writes or "bait" in str(path)) else []
    if event in _CHANGES or event == "sqlite3.connect":
        return [item for item in args if isinstance(item, str | bytes | os.PathLike)]
    return []


@contextmanager
def no_warnings() -> Iterator[None]:
    """Leave the warnings out of the log: most cases cause one."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


# Home Assistant -----------------------------------------------------------------------------------


@contextmanager
def home_assistant_offline() -> Iterator[None]:
    """Let Home Assistant neither listen nor ask the local network for names."""
    helper = import_module("homeassistant.helpers.aiohttp_client")
    server = import_module("homeassistant.components.http").HomeAssistantHTTP

    class Resolver(aiohttp.ThreadedResolver):
        real_close = aiohttp.ThreadedResolver.close

    def make_resolver(_hass: object) -> Resolver:
        return Resolver()

    async def listen_nowhere(_server: object) -> None:
        """Leave Home Assistant's port to others."""

    with (
        patch.object(helper, "_async_make_resolver", make_resolver),
        patch.object(server, "async_bind", listen_nowhere),
        patch.object(server, "start", listen_nowhere),
    ):
        yield
