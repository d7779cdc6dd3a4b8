"""The names of the files in a repository's folder. Everything here blocks."""

import os
from pathlib import Path

from ..errors import StorageMissing
from ..teleporter.layout import MAC_PREFIX
from .identity import ID_FILE
from .naming import ARCHIVE_SUFFIX, RECORD_SUFFIX, archive_filename


def list_archives(path: Path) -> tuple[dict[str, int], set[str]]:
    """Return the archives with their sizes, and the archives that have a record.

    Only regular files count. Raises `StorageMissing` if it is not the folder of a repository.
    """
    sizes: dict[str, int] = {}
    recorded: set[str] = set()
    is_repository = False
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            if not (_is_text(name) and entry.is_file(follow_symlinks=False)):
                continue
            if name.startswith(MAC_PREFIX):
                continue  # what macOS keeps beside a file on a share
            if name.endswith(ARCHIVE_SUFFIX):
                sizes[name] = entry.stat(follow_symlinks=False).st_size
            elif name.endswith(RECORD_SUFFIX):
                recorded.add(archive_filename(name))
            is_repository |= name == ID_FILE
    if not is_repository:
        raise StorageMissing(folder=str(path))
    return sizes, recorded


def _is_text(name: str) -> bool:
    """Check whether a file's name is valid text; that of other programs may not be."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
