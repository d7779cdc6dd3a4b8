"""The folder of one Pi-hole's archives and records. Everything here blocks: call it in a thread.

A backup is an archive with its record beside it. It comes in by renaming, when it is whole,
verified and safe on the disk; what is unfinished lies in `.staging`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import tzinfo
from itertools import batched
import logging
import os
from pathlib import Path
import shutil
import time
from typing import Final

from .. import files
from ..errors import RecordOfLaterVersion, StorageMissing, Unexpected
from ..models import BackupRecord, BackupStatus
from ..pihole.errors import InvalidArchive
from ..teleporter import archive
from ..teleporter.contents import Contents
from ..unexpected import catch_unexpected
from .adopt import make_record
from .index import Index
from .naming import (
    ARCHIVE_SUFFIX,
    RECORD_SUFFIX,
    BackupName,
    archive_filename,
    new_token,
    record_filename,
)
from .record import InvalidRecord, completed, from_json, to_json
from .sight import Sight
from .staging import StagedArchive, hash_of, scratch_beside

_LOGGER = logging.getLogger(__name__)

STAGING: Final = ".staging"
MARK: Final = ".store"
"""A file that tells this folder from an empty one in its place, where a share is not mounted."""
_SETTLED_SECONDS = 10
"""A file of the user's that changed more recently may still be on its way in."""
_AT_ONCE = 100
_PAUSE = 0.0001
"""In seconds, after so many records. Python lets an event loop that waits for its turn have it at
once then; else that is after 5 ms, again and again."""

type _Look = tuple[int, int]


class Repository:
    """The backups of one Pi-hole. Its methods must not run side by side."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        self.folder = folder
        self.zone = zone
        self._staging = folder / STAGING
        self._sight = Sight(folder)
        self._known: dict[str, BackupRecord] = {}
        self._refused: dict[str, _Look] = {}
        self.stock = Index.of(())
        """The backups as last seen."""

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """The backups as last seen, the newest first."""
        return self.stock.records

    @property
    def refused(self) -> frozenset[str]:
        """The names of archives in the folder that are no backups, as last seen."""
        return frozenset(self._refused)

    def prepare(self, mark: str | None) -> str:
        """Make sure of the folder, and clear what a kill left unfinished.

        `mark` is what this returned the last time: with it, a folder that is not there or is
        another one raises `StorageMissing`. With `None`, the folder is made if need be.
        """
        with files.storage_errors(self.folder):
            if mark is None:
                mark = self._found()
            elif read_repository_id(self.folder) != mark:
                raise StorageMissing(folder=str(self.folder))
            for folder in (self.folder, self._staging):
                files.make_folder(folder)
                folder.chmod(files.FOLDER_MODE)
            for leftover in self._staging.iterdir():
                if leftover.is_file():  # others may put folders everywhere
                    leftover.unlink()
        return mark

    def check(self) -> None:
        """Make sure that this is the folder with the backups. Raises `StorageMissing` if not."""
        with files.storage_errors(self.folder):
            if read_repository_id(self.folder) is None:
                raise StorageMissing(folder=str(self.folder))

    def _found(self) -> str:
        for folder in (self.folder.parent, self.folder):
            files.make_folder(folder)
        if (mark := read_repository_id(self.folder)) is None:
            mark = new_token()
            files.create_whole(self.folder / MARK, mark.encode())
            files.sync_folder(self.folder)
        return mark

    def stage(self, name: BackupName) -> StagedArchive:
        """Begin to store an archive. This does not block, nor touch the disk."""
        return StagedArchive(self._staging, name)

    def commit(self, staged: StagedArchive, record: BackupRecord) -> None:
        """Make a verified archive a backup: wholly, or on any error not at all."""
        with self._changing([record]):
            staged_record = self._stage_record(record)
            target = self.folder / record.filename
            try:
                staged.path.rename(target)
                files.sync_folder(self.folder)
                self._put(staged_record, record)
            except OSError:
                self._known.pop(record.filename, None)
                # The record first: where the archive cannot be deleted, it is a backup without.
                files.remove(staged_record, self.folder / staged_record.name, target)
                raise

    def update(self, record: BackupRecord) -> None:
        """Replace the record of a stored backup. Raises `RecordOfLaterVersion`."""
        if record.is_of_later_version:
            raise RecordOfLaterVersion
        with self._changing([record]):
            self._put(self._stage_record(record), record)

    def delete(self, records: Sequence[BackupRecord]) -> None:
        """Delete backups for good.

        The record goes first: a kill in between brings the backup back, and loses none.
        """
        with self._changing(records):
            for record in records:
                path = self.folder / record_filename(record.filename)
                content = _content(path) if record.is_of_later_version else None
                path.unlink(missing_ok=True)
                del self._known[record.filename]
                try:
                    (self.folder / record.filename).unlink(missing_ok=True)
                except OSError:
                    # It stays, with all that was noted about it if that can be.
                    with suppress(OSError):
                        self._put(self._stage_record(record, content), record)
                    raise
            files.sync_folder(self.folder)

    @contextmanager
    def _changing(self, records: Sequence[BackupRecord]) -> Iterator[None]:
        """Change these in the folder; whatever comes of it, what is known is what is there."""
        self.check()  # in an empty folder all seems to be deleted
        before = self._known_of(records)
        try:
            with files.storage_errors(self.folder), self._sight.changing():
                yield
        finally:
            if (after := self._known_of(records)) != before:
                self.stock = self.stock.replacing(before, after)

    def _known_of(self, records: Sequence[BackupRecord]) -> list[BackupRecord]:
        return [self._known[it.filename] for it in records if it.filename in self._known]

    def read(self, record: BackupRecord) -> tuple[BackupRecord, Contents | None]:
        """Read a stored archive again, and note whether it still is what was stored.

        The contents are `None` when it is not, and else as `archive.read` gives them.
        """
        path = self.folder / record.filename
        contents: Contents | None = None
        with files.storage_errors(self.folder):
            try:
                status = BackupStatus.DAMAGED
                if hash_of(path) == record.sha256:
                    contents = archive.read(path, self._scratch(record.filename))
                    status = BackupStatus.GOOD
            except InvalidArchive:
                pass
            except FileNotFoundError:
                if read_repository_id(self.folder) is None:
                    raise  # it is the whole folder that is not there
                status = BackupStatus.MISSING
        if status is not record.status:
            record = replace(record, status=status)
            if record.is_of_later_version:
                self._known[record.filename] = record
                self._take_stock()
            else:
                self.update(record)
        return record, contents

    def free_space(self) -> int:
        """Tell how many bytes are free on the folder's disk."""
        with files.storage_errors(self.folder):
            return shutil.disk_usage(self.folder).free

    def list(self) -> tuple[BackupRecord, ...]:
        """Look at the folder: all backups in it, the newest first.

        A lost record is made anew from its archive, which is the truth, and an archive that the
        user put there is adopted.
        """
        with files.storage_errors(self.folder):
            # A folder that is away raises; it is never taken for an empty one.
            if not self._sight.is_clear():
                with self._sight.looking():
                    is_done = self._look_through()
                if not is_done:
                    self._sight.forget()
        return self.records

    def _look_through(self) -> bool:
        """Look at everything, and tell whether all archives were made out."""
        sizes: dict[str, int] = {}
        recorded: set[str] = set()
        is_marked = False
        with os.scandir(self.folder) as entries:
            for entry in entries:
                name = entry.name
                if not (_is_text(name) and entry.is_file(follow_symlinks=False)):
                    continue
                if name.endswith(ARCHIVE_SUFFIX):
                    sizes[name] = entry.stat(follow_symlinks=False).st_size
                elif name.endswith(RECORD_SUFFIX):
                    recorded.add(archive_filename(name))
                is_marked |= name == MARK
        if not is_marked:
            raise StorageMissing(folder=str(self.folder))
        self._refused = {name: look for name, look in self._refused.items() if name in sizes}
        found: list[BackupRecord | None] = []
        for some in batched(sizes.items(), _AT_ONCE, strict=False):
            found += [self._look_at(name, size) for name, size in some]
            time.sleep(_PAUSE)
        missing = [self._missing(name) for name in recorded - sizes.keys()]
        self._known = {it.filename: it for it in (*found, *missing) if it is not None}
        self._take_stock()
        # In this order they are quick to sort again.
        self._known = {it.filename: it for it in self.stock.records}
        return None not in found

    def _look_at(self, filename: str, size: int) -> BackupRecord | None:
        try:
            record = self._known.get(filename)
            if record is None or record.status is BackupStatus.MISSING:
                record = self._read(filename) or self._take_in(filename)
        except (FileNotFoundError, IsADirectoryError) as error:
            # It went while this looked, or is of a kind that no file of ours is: only this one.
            _LOGGER.warning("%s is passed over: %s", self.folder / filename, error)
            return None
        if record is not None and record.status is BackupStatus.GOOD and size != record.file_size:
            return replace(record, status=BackupStatus.DAMAGED)
        return record

    def _missing(self, filename: str) -> BackupRecord | None:
        record = self._known.get(filename) or self._read(filename)
        return record and replace(record, status=BackupStatus.MISSING)

    def _read(self, filename: str) -> BackupRecord | None:
        content = _content(self.folder / record_filename(filename))
        try:
            return None if content is None else from_json(content, filename)
        except InvalidRecord:
            return None

    def _take_in(self, filename: str) -> BackupRecord | None:
        path = self.folder / filename
        stat = path.stat()
        look = stat.st_size, stat.st_mtime_ns
        is_ours = BackupName.parse(filename) is not None
        if self._refused.get(filename) == look:
            return None
        if not is_ours and abs(time.time() - stat.st_mtime) < _SETTLED_SECONDS:
            return None
        try:
            with catch_unexpected(passing=(OSError,)):
                record = make_record(path, self._scratch(filename), self.zone)
        except (InvalidArchive, Unexpected) as error:
            # Not looked at again until it changes: the other backups must stay usable.
            _LOGGER.warning("%s is no backup, and is left alone: %r", path, error)
            self._refused[filename] = look
            return None
        self._refused.pop(filename, None)
        content = _content(self.folder / record_filename(filename))
        if content is not None and (known := completed(record, content)) is not None:
            return known
        with suppress(OSError):  # it may be somebody else's
            path.chmod(files.FILE_MODE)
        try:
            self._put(self._stage_record(record), record)
        except OSError as error:
            # It is a good backup all the same; the record is written after the next start.
            _LOGGER.warning("The record of %s could not be written: %s", path, error)
        return record

    def _take_stock(self) -> None:
        stock = Index.of(self._known.values())
        if stock.records != self.stock.records:  # else who has seen the one has seen the other
            self.stock = stock

    def _stage_record(self, record: BackupRecord, content: bytes | None = None) -> Path:
        files.make_folder(self._staging)
        path = self._staging / record_filename(record.filename)
        files.create_whole(path, content or to_json(record))
        return path

    def _put(self, staged_record: Path, record: BackupRecord) -> None:
        try:
            staged_record.rename(self.folder / staged_record.name)
        except OSError:
            files.remove(staged_record)
            raise
        self._known[record.filename] = record  # as it is in the folder, whatever comes now
        files.sync_folder(self.folder)

    def _scratch(self, filename: str) -> Path:
        return scratch_beside(self._staging / filename)


def read_repository_id(folder: Path) -> str | None:
    """Give the mark by which a store's folder is known again, if it has one."""
    try:
        return (folder / MARK).read_bytes().decode("ascii", "replace") or None
    except FileNotFoundError:
        return None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _is_text(name: str) -> bool:
    """Tell whether a file's name can be told to anybody; that of a stranger's may be no text."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
