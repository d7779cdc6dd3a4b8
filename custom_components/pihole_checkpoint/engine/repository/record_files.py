"""The files in which records lie. Everything here blocks.

A record lies beside its archive: `mine.json` beside `mine.zip`. Where a file of somebody else has
that name, the record is `mine.zip.json`. What is not ours is never overwritten or deleted.
"""

from collections.abc import Iterable
import errno
import os
from pathlib import Path

from .. import files
from .naming import RECORD_SUFFIX, BackupName, archive_filename, is_archive, record_filename
from .record_reading import MOST_BYTES, belongs_to

_ABSENT = frozenset({errno.ENOENT, errno.ENAMETOOLONG})


def names(filename: str) -> tuple[str, str]:
    """Return the names that the record of an archive may have, the usual one first."""
    return record_filename(filename), f"{filename}{RECORD_SUFFIX}"


def archives_of(record: str) -> Iterable[str]:
    """Return the names of the archives whose record may have this name."""
    yield archive_filename(record)
    if is_archive(name := record.removesuffix(RECORD_SUFFIX)):
        yield name


def read(folder: Path, filename: str) -> bytes | None:
    """Return the record of an archive, if there is one. Raises `OSError`."""
    found = find(folder, filename)
    return found and found[1]


def find(folder: Path, filename: str) -> tuple[Path, bytes] | None:
    """Return where the record of an archive lies, and its content. Raises `OSError`."""
    is_named_by_us = BackupName.parse(filename) is not None
    for name in names(filename):
        content = _content(folder / name)
        # Beside an archive with a name that we gave it, the usual name is ours, too.
        if content is not None and (
            (is_named_by_us and name == record_filename(filename)) or belongs_to(content, filename)
        ):
            return folder / name, content
    return None


def place(folder: Path, filename: str) -> Path:
    """Return where the record of an archive may be written. Raises `OSError`."""
    is_named_by_us = BackupName.parse(filename) is not None
    for name in names(filename):
        path = folder / name
        if not os.path.lexists(path):
            return path
        if not files.is_regular(path):
            continue
        if is_named_by_us and name == record_filename(filename):
            return path
        content = _content(path)
        if content is not None and belongs_to(content, filename):
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), filename)


def delete(folder: Path, filename: str) -> None:
    """Delete the record of an archive, if there is one. Raises `OSError`."""
    if BackupName.parse(filename) is not None:
        usual = folder / record_filename(filename)  # also when it is too large to be read
        if files.is_regular(usual):
            usual.unlink()
    while (found := find(folder, filename)) is not None:
        found[0].unlink()


def _content(path: Path) -> bytes | None:
    """Return what lies there, if it is a file and no larger than a record is."""
    try:
        return files.read_small(path, MOST_BYTES)
    except files.NotRegularFile:
        return None
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
    return None
