"""Moving a repository to another folder, also on another disk. Everything here blocks."""

from collections.abc import Iterable
from contextlib import suppress
import os
from pathlib import Path
import shutil

from .. import files
from ..errors import StorageMissing, StorageNotEmpty
from . import presence
from .identity import ID_FILE, read_repository_id
from .stored import STAGING


def check(target: Path) -> None:
    """Check that a repository can be moved there. Raises `StorageError`."""
    with files.storage_errors(target):
        if not target.parent.is_dir():
            raise StorageMissing(folder=str(target.parent))
        if target.exists() and any(target.iterdir()):
            raise StorageNotEmpty(folder=str(target))


def move(source: Path, target: Path) -> tuple[str, ...]:
    """Copy all files, and delete the old ones only when the copies are safe on the disk.

    Return the names of files that could not be deleted in the old place. On any error everything is
    where it was. Raises `StorageError`, which names the folder. `settle` cleans up after a kill.
    """
    with files.storage_errors(source):
        names = _names(source)
    check(target)
    with files.storage_errors(target):
        files.make_folder(target)
        try:
            _copy_all(source, target, names)
        except BaseException:
            _take_back(target, names)
            raise
    return _clear(source, names)


def settle(source: Path, target: Path, repository_id: str) -> bool:
    """Complete an interrupted move if all files are in the new place, or else undo it.

    Return whether the repository with this ID is in the new place now. Raises `StorageError`.
    """
    with files.storage_errors(source):
        names = _names(source) if source.is_dir() else []
    with files.storage_errors(target):
        if not target.is_dir():
            if read_repository_id(source) != repository_id:
                raise StorageMissing(folder=str(target))
            return False
        if source.is_dir() and source.samefile(target):
            return False  # by another name
        if read_repository_id(target) == repository_id:
            _clear(source, [name for name in names if (target / name).exists()])
            return True
        _take_back(target, names)
    return False


def _names(folder: Path) -> list[str]:
    # Not `Path.is_file`, which is false for a file that cannot be read; it would stay behind.
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))


def _copy_all(source: Path, target: Path, names: Iterable[str]) -> None:
    """Copy the file with the ID last: where it is, nothing is missing."""
    for name in names:
        if name != ID_FILE:
            _copy(source / name, target / name)
    files.sync_folder(target)
    if ID_FILE in names:
        _copy(source / ID_FILE, target / ID_FILE)
        files.sync_folder(target)


def _copy(source: Path, target: Path) -> None:
    with files.open_regular(source) as old, files.create(target) as new:
        shutil.copyfileobj(old, new)
        files.sync(new, target.parent)


def _take_back(target: Path, names: Iterable[str]) -> None:
    for name in names:
        (target / name).unlink(missing_ok=True)
    with suppress(OSError):  # it may be absent, or hold files of others
        target.rmdir()


def _clear(folder: Path, names: Iterable[str]) -> tuple[str, ...]:
    left: list[str] = []
    for name in names:
        try:
            (folder / name).unlink()
        except OSError:
            left.append(name)
    files.remove(folder / STAGING / presence.FILE)
    for emptied in (folder / STAGING, folder):
        with suppress(OSError):  # other files of the user stay
            emptied.rmdir()
    return tuple(left)
