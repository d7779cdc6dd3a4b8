"""The file by which a repository's folder is recognized. Everything here blocks.

An empty folder has none, where a network share is not mounted.
"""

from pathlib import Path
from typing import Final

from .. import files
from .naming import new_token

ID_FILE: Final = ".store"
_MOST_BYTES: Final = 1024


def make_repository(path: Path) -> str:
    """Make a folder a repository unless it is one already, and return its ID."""
    for folder in (path.parent, path):
        files.make_folder(folder)
    if (repository_id := read_repository_id(path)) is None:
        repository_id = new_token()
        restore_id(path, repository_id)
    return repository_id


def restore_id(path: Path, repository_id: str) -> None:
    """Write the lost file of a repository again. Raises `OSError`."""
    files.create_whole(path / ID_FILE, repository_id.encode())
    files.sync_folder(path)


def read_repository_id(path: Path) -> str | None:
    """Return the ID of the repository in a folder, if there is one."""
    try:
        content = files.read_small(path / ID_FILE, _MOST_BYTES)
    except FileNotFoundError, files.NotRegularFile:
        return None
    return content.decode("ascii", "replace") or None if content else None
