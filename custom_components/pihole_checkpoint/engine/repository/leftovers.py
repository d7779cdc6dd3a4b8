"""What a kill left in the staging folder. Everything here blocks.

Another Home Assistant may be storing a backup in the same folder: what it writes is locked.
"""

from collections.abc import Iterator
from contextlib import suppress
import errno
import logging
import os
from pathlib import Path
import time
from typing import BinaryIO, Final

from .. import files
from . import record_files
from .naming import RECORD_SUFFIX, BackupName
from .record_reading import MOST_BYTES, InvalidRecord, filename_in, from_json

_LOGGER = logging.getLogger(__name__)

_UNUSED_SECONDS: Final = 24 * 60 * 60
"""After which a file is of nobody, where files cannot be locked."""


def clear(staging: Path, kept: str) -> None:
    """Delete what nobody is writing, but the file named `kept`. Raises `OSError`."""
    found = [name for name in _regular_files(staging) if name != kept]
    used = {name for name in found if _is_used(staging / name)}
    # What is unpacked for an archive bears its ID.
    ids = {name.id for name in map(BackupName.parse, used) if name is not None}
    for name in sorted(found, reverse=True):  # a record before the `old_` one that it replaces
        if (
            name not in used
            and not any(id_ in name for id_ in ids)
            and not (name.endswith(RECORD_SUFFIX) and _is_on_a_bad_sector(staging / name))
        ):
            # On a share it may be of a user whose files we can neither read nor delete.
            with suppress(FileNotFoundError, PermissionError):
                if name.endswith(RECORD_SUFFIX):
                    _put_back(staging / name)
                _delete_unless_used(staging / name)


def _delete_unless_used(path: Path) -> None:
    """Delete a file while we hold its lock, for which `files.create` waits."""
    try:
        file = _opened(path)
    except OSError as error:
        if error.errno not in _UNREADABLE:
            raise
        path.unlink()
        return
    with file:
        if not files.is_in_use(file):
            path.unlink()


def _regular_files(staging: Path) -> Iterator[str]:
    with os.scandir(staging) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):  # other programs may put folders here
                yield entry.name


def _is_used(path: Path) -> bool:
    try:
        with _opened(path) as file:
            in_use = files.is_in_use(file)
            changed_at = os.fstat(file.fileno()).st_mtime
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno not in _UNREADABLE:
            raise
        in_use, changed_at = None, path.lstat().st_mtime
    return abs(time.time() - changed_at) < _UNUSED_SECONDS if in_use is None else in_use


def _opened(path: Path) -> BinaryIO:
    try:
        return files.open_regular(path, to_lock=True)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        return files.open_regular(path)


_REFUSED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
_UNREADABLE: Final = (*_REFUSED, errno.EIO)


def _is_on_a_bad_sector(staged: Path) -> bool:
    """Check whether a record cannot be read; it is left alone then, as it may be rescued."""
    for _ in range(2):
        try:
            files.read_small(staged, MOST_BYTES)
        except OSError as error:
            if error.errno != errno.EIO:
                return False
        else:
            return False
    _LOGGER.warning("Could not read %s; leaving it in place", files.printable(staged))
    return True


def _put_back(staged: Path) -> None:
    """Let an archive have its record, which a kill kept from being renamed."""
    folder = staged.parent.parent
    content = files.read_small(staged, MOST_BYTES)
    # Its name may be none, and its place be taken by files of others.
    with suppress(InvalidRecord, ValueError, FileExistsError):
        filename = filename_in(content or b"")
        record = from_json(content or b"", filename)
        archive = folder / filename
        if (
            (archive.parent, archive.name) == (folder, filename)  # it is a name, and no path
            and files.is_regular(archive)
            and archive.lstat().st_size == record.file_size
            and record_files.read(folder, filename) is None
        ):
            files.sync_folder(folder)
            staged.rename(record_files.place(folder, filename))
            files.sync_folder(folder)
