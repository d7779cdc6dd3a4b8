"""Moving a store to another folder, which may be on another disk. Everything here blocks."""

from contextlib import suppress
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
    with files.storage_errors_told(source):
        moved = sorted(path for path in source.iterdir() if path.is_file())
    with files.storage_errors_told(target):
        if not target.parent.is_dir():
            raise StorageMissing(folder=str(target.parent))
        if target.exists() and any(target.iterdir()):
            raise StorageNotEmpty(folder=str(target))
        target.mkdir(files.FOLDER_MODE, exist_ok=True)
        try:
            for path in moved:
                _copy(path, target / path.name)
            files.sync_folder(target)
        except OSError:
            for path in moved:
                (target / path.name).unlink(missing_ok=True)
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
