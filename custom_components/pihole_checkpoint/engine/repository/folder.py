"""The files of a repository. Everything here blocks: `Repository` calls it in a thread.

A backup is an archive with its record beside it. It comes in by renaming, when it is complete,
verified and safe on the disk; what is unfinished lies in `.staging`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import tzinfo
from functools import partial
import logging
import os
from pathlib import Path
import time

from .. import files
from ..errors import (
    StorageError,
    StorageMissing,
    StorageSilent,
    Unexpected,
    UnusableFile,
    blame_file,
    catch_unexpected,
)
from ..models import BackupRecord, BackupStatus
from ..pihole.errors import CheckpointError
from . import record_files
from .adopt import find_same, make_record, with_own_trigger
from .index import Index
from .listing import Stamp, list_files
from .naming import BackupName, id_of_copy
from .record_reading import completed
from .stored import Stored

_LOGGER = logging.getLogger(__name__)

_SETTLED_SECONDS = 10
"""A file of the user that changed more recently may still be incomplete."""


class Folder(Stored):
    """The files of a repository: the backups, and what else lies there or comes by hand."""

    def __init__(self, path: Path, zone: Callable[[], tzinfo]) -> None:
        super().__init__(path, zone)
        self._refused: dict[str, tuple[tuple[int, int], CheckpointError]] = {}
        """Archives that are no backups: their sizes and when they were changed, and why."""
        self._copies: dict[str, tuple[tuple[int, int], str]] = {}
        """Archives of the user that are the same as a backup, with size, time and hash."""
        self._waiting: list[str] = []
        """Archives without a record, which are not read yet."""
        self.of_v5: frozenset[str] = frozenset()
        """The names of archives of a Pi-hole v5, as last seen. None of them is a backup."""
        self.unread: CheckpointError | None = StorageSilent(folder=str(path))
        """Why the last look at the folder failed. As long as it is set, `index` may be untrue."""

    @property
    def refused(self) -> Mapping[str, CheckpointError]:
        """Why archives in the folder are no backups or cannot be read, by name, as last seen."""
        return {name: why for name, (_, why) in self._refused.items()} | self.unreadable

    def delete_refused(self, names: Collection[str]) -> None:
        """Delete these of the refused files for good, as far as they still are to be refused."""
        with files.storage_errors(self.path):
            for name in names:
                if name in self.unreadable:
                    self._delete_unreadable(name)
                elif self._is_still_refused(name):
                    (self.path / name).unlink(missing_ok=True)
                    self._refused.pop(name, None)
            files.sync_folder(self.path)

    def _delete_unreadable(self, name: str) -> None:
        """Delete a file, unless it can be read by now: a sound copy may have taken its place."""
        if self._still_fails(partial(self._read_all, name)) is not None:
            if (record := self._known.get(name)) is not None:
                self.delete([record])
            else:
                (self.path / name).unlink(missing_ok=True)
        self.unreadable.pop(name, None)

    def _is_still_refused(self, name: str) -> bool:
        refused_look, _ = self._refused.get(name, (None, None))
        try:
            stat = (self.path / name).lstat()
        except FileNotFoundError:
            return False
        return refused_look == (stat.st_size, stat.st_mtime_ns)

    def prepare(self, repository_id: str | None) -> str:
        """Check or make the folder, delete what a kill left unfinished, and return its ID.

        `repository_id` is what this returned the last time: a folder without it raises what
        `Access.check` does. With `None`, the folder is made if need be.
        """
        self.access.repository_id = repository_id
        return self.access.prepare()

    def ready(self) -> str:
        """Check the folder, prepare it and look at it unless both is done, and return its ID.

        A folder that cannot be written can still be read. Raises `StorageError`.
        """
        with self._looking():
            if not self.access.is_prepared or self.access.repository_id is None:
                try:
                    self.access.prepare()
                except StorageError:
                    if self.access.repository_id is None:
                        raise
            self.access.check()
        if self.unread is not None:
            self.scan(adopt=False)
        return str(self.access.repository_id)

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """Note why a look at the folder fails."""
        try:
            yield
        except StorageError as error:
            self.unread = error
            raise
        except BaseException:
            self.unread = Unexpected()
            raise

    def scan(self, *, adopt: bool = True) -> Index:
        """Look at all files, and return the new index.

        A lost record is made anew from its archive, which is the truth, and an archive that the
        user put there is adopted, unless `adopt` leaves both to `adopt_waiting`. A folder that is
        away raises `StorageError`; it is never taken for an empty one.
        """
        with self._looking(), files.storage_errors(self.path):
            self.access.check()
            listing = list_files(self.path)
            if not listing.is_repository:  # it went away after the check
                raise StorageMissing(folder=str(self.path))
            there, self.of_v5 = listing.archives, listing.of_v5
            self._refused = {name: why for name, why in self._refused.items() if name in there}
            self.unreadable = {name: why for name, why in self.unreadable.items() if name in there}
            self._waiting = []
            found: list[BackupRecord] = []
            for name, size in there.items():
                is_known = name in self._known
                try:
                    record = self._look_at(name, size, listing.stamps(name))
                except OSError as error:
                    self._note_unreadable(name, error)
                    if is_known:
                        found.append(self._known[name])
                    continue
                if record is None:
                    self._waiting.append(name)
                    continue
                found.append(record)
                if not is_known:
                    self.unreadable.pop(name, None)
            self._waiting.sort(reverse=True)
            missing = [self._missing(name) for name in listing.without_archive()]
            self._set_known([*found, *(record for record in missing if record is not None)])
            self.unread = None
            if adopt:
                self.adopt_waiting()
        return self.index

    def _set_known(self, found: Collection[BackupRecord]) -> None:
        """Take what was found. Of copies with the same ID, the one known before keeps it."""
        by_name = {record.filename: record for record in found}
        known: dict[str, BackupRecord] = {}
        ids: set[str] = set()
        for name in sorted(by_name, key=lambda name: (name not in self._known, name)):
            record = by_name[name]
            if record.id in ids:
                record = replace(record, id=id_of_copy(name))
            known[name] = record
            ids.add(record.id)
        self._known = known
        self._stamps = {name: stamp for name, stamp in self._stamps.items() if name in known}
        self.index = Index.of(known.values())

    def _look_at(
        self, filename: str, size: int, stamps: tuple[Stamp | None, ...]
    ) -> BackupRecord | None:
        record = known = self._known.get(filename)
        was_there = known is not None and known.status is not BackupStatus.MISSING
        if not was_there or self._stamps.get(filename) != stamps:
            stored = self._read(filename)
            if stored is not None and known is not None:
                stored = replace(stored, id=known.id)
            record = stored or (known if was_there else None)
            self._stamps[filename] = stamps
        if record is None or record.status is not BackupStatus.GOOD or size == record.file_size:
            return record
        if not was_there and not _is_settled((self.path / filename).lstat()):
            return known  # somebody may be copying it here
        return replace(record, status=BackupStatus.DAMAGED)

    def _missing(self, filename: str) -> BackupRecord | None:
        try:
            record = self._known.get(filename) or self._read(filename)
        except OSError:
            # It may be a file of anybody's.
            if self._still_fails(partial(record_files.read, self.path, filename)) is None:
                raise
            return None
        return record and replace(record, status=BackupStatus.MISSING)

    def adopt_waiting(self, seconds: float | None = None) -> bool:
        """Adopt archives without a record, for so long, and return whether that was all."""
        end = None if seconds is None else time.monotonic() + seconds
        adopted: list[BackupRecord] = []
        with files.storage_errors(self.path):
            try:
                while self._waiting and (end is None or time.monotonic() < end):
                    if (record := self._adopt(self._waiting.pop())) is not None:
                        adopted.append(record)
            finally:
                if adopted:
                    self._set_known([*self._known.values(), *adopted])
        return not self._waiting

    def _adopt(self, filename: str) -> BackupRecord | None:
        try:
            return self._adopted(filename)
        except (FileNotFoundError, IsADirectoryError, files.NotRegularFile) as error:
            # It was deleted meanwhile, or is no regular file; the others are not affected.
            path = files.printable(self.path / filename)
            _LOGGER.warning("Skipping %s: %s", path, error.strerror)
            return None
        except OSError as error:
            self._note_unreadable(filename, error)
            return None

    def _adopted(self, filename: str) -> BackupRecord | None:
        path = self.path / filename
        stat = path.lstat()
        look = stat.st_size, stat.st_mtime_ns
        is_settled = _is_settled(stat)
        refused_look, _ = self._refused.get(filename, (None, None))
        if (
            refused_look == look
            or self._is_copy(filename, look)
            or (not is_settled and BackupName.parse(filename) is None)
        ):
            return None
        try:
            with catch_unexpected(passing=(OSError,)), blame_file():
                record = make_record(path, self._scratch(), self.zone())
        except (UnusableFile, Unexpected) as error:
            if not is_settled:
                return None
            # It is not read again until it changes: the other backups must stay usable.
            _LOGGER.warning(
                "%s is not a backup; leaving it in place: %r", files.printable(path), error
            )
            self._refused[filename] = look, error
            return None
        self._refused.pop(filename, None)
        self.unreadable.pop(filename, None)
        if (content := record_files.read(self.path, filename)) is not None:
            # It may be whole: copied here after its archive, or just written by another
            # Home Assistant.
            if (known := self._read(filename) or completed(record, content)) is not None:
                return known
            record = with_own_trigger(record, content)
        if (same := find_same(self._known.values(), record.sha256, BackupStatus.GOOD)) is not None:
            # It stays where it is. It becomes a backup when the other one is no good any more.
            _LOGGER.info("%s is a copy of %s", files.printable(path), same.filename)
            self._copies[filename] = look, record.sha256
            return None
        with suppress(OSError):  # it may belong to another user
            path.chmod(files.FILE_MODE)
        if any(known.id == record.id for known in self._known.values()):
            record = replace(record, id=id_of_copy(filename))
        try:
            self._write(record)
        except OSError as error:
            # It stays a good backup; the record is written after the next start.
            _LOGGER.warning(
                "Could not write the record of %s: %s", files.printable(path), error.strerror
            )
        return record

    def _is_copy(self, filename: str, look: tuple[int, int]) -> bool:
        """Check whether an archive was the same as a backup that still is good."""
        known_look, sha256 = self._copies.get(filename, (None, ""))
        if known_look == look and find_same(self._known.values(), sha256, BackupStatus.GOOD):
            return True
        self._copies.pop(filename, None)
        return False


def _is_settled(stat: os.stat_result) -> bool:
    return abs(time.time() - stat.st_mtime) >= _SETTLED_SECONDS
