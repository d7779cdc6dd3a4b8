"""Moving a store to another folder, which may be on another disk. Everything here blocks."""

from contextlib import suppress
import os
from pathlib import Path
import shutil

from . import files
from .errors import StorageMissing, StorageNotEmpty
from .store import STAGING


def move(source: Path, target: Path) -> tuple[str, ...]:
    """Copy everything, and only when all of it is safe in the new place, delete the old.

    Returns the names of what could not be deleted in the old place. On any error everything is
    where it was. Raises `StorageError`, with the folder it is about.
    """
    # Not `Path.is_file`: for that, one that cannot be looked at is none, and would stay behind.
    with files.storage_errors_told(source), os.scandir(source) as entries:
        moved = sorted(Path(entry.path) for entry in entries if entry.is_file())
    with files.storage_errors_told(target):
        if not target.parent.is_dir():
            raise StorageMissing(folder=str(target.parent))
        if target.exists() and any(target.iterdir()):
            raise StorageNotEmpty(folder=str(target))
        files.make_folder(target)
        try:
            for path in moved:
                _copy(path, target / path.name)
            files.sync_folder(target)
            files.sync_folder(target.parent)
        except OSError:
            files.remove(*(target / path.name for path in moved))
            with suppress(OSError):
                target.rmdir()
            raise
    return _clear(source, moved)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as old, files.create(target) as new:
        shutil.copyfileobj(old, new)
        files.sync(new)


def _clear(folder: Path, moved: list[Path]) -> tuple[str, ...]:
    left: list[str] = []
    for path in moved:
        try:
            path.unlink()
        except OSError:
            left.append(path.name)
    with suppress(OSError):  # what else the user keeps there stays there
        (folder / STAGING).rmdir()
        folder.rmdir()
    return tuple(left)
