"""The files of a repository. Everything here blocks: `Repository` calls it in a thread.

A backup is an archive with its record beside it. It comes in by renaming, when it is complete,
verified and safe on the disk; what is unfinished lies in `.staging`.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import tzinfo
import errno
import logging
import os
from pathlib import Path
import shutil
import tempfile
import time
from typing import Any, Final

from .. import files
from ..errors import (
    BackupNotFound,
    RecordOfLaterVersion,
    StorageError,
    StorageMissing,
    StorageNotWritable,
    StorageSilent,
    Unexpected,
    catch_unexpected,
)
from ..models import BackupRecord, BackupStatus
from ..pihole.errors import CheckpointError, InvalidArchive
from ..teleporter import archive
from ..teleporter.contents import Contents
from . import record_files
from .access import Access
from .adopt import find_same, make_record, with_own_trigger
from .identity import read_repository_id
from .index import Index
from .listing import Stamp, list_files
from .naming import RECORD_SUFFIX, BackupName, new_token
from .record import InvalidRecord, completed, from_json, id_of_copy, to_json
from .staging import StagedArchive, hash_of, make_staging, scratch_beside

_LOGGER = logging.getLogger(__name__)

STAGING: Final = ".staging"
_SETTLED_SECONDS = 10
"""A file of the user that changed more recently may still be incomplete."""


class Folder:
    """The files of a repository, and what is known about them. No two methods may run at once."""

    def __init__(self, path: Path, zone: Callable[[], tzinfo]) -> None:
        self.path = path
        self.zone = zone
        """The time zone of names that do not say theirs."""
        self.access = Access(path, path / STAGING)
        self._staging = path / STAGING
        self._known: dict[str, BackupRecord] = {}
        """By the file name of the archive."""
        self._stamps: dict[str, tuple[Stamp | None, ...]] = {}
        """What the records looked like when they were read."""
        self._refused: dict[str, tuple[int, int]] = {}
        """Archives that are no backups, with their sizes and when they were changed."""
        self._copies: dict[str, tuple[tuple[int, int], str]] = {}
        """Archives of the user that are the same as a backup, with size, time and hash."""
        self._waiting: list[str] = []
        """Archives without a record, which are not read yet."""
        self.index = Index()
        """The backups as last seen."""
        self.of_v5: frozenset[str] = frozenset()
        """The names of archives of a Pi-hole v5, as last seen. None of them is a backup."""
        self.unread: CheckpointError | None = StorageSilent(folder=str(path))
        """Why the last look at the folder failed. As long as it is set, `index` may be untrue."""

    @property
    def refused(self) -> frozenset[str]:
        """The names of archives in the folder that are no backups, as last seen."""
        return frozenset(self._refused)

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
            if not self.access.is_prepared:
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

    def stage(self, name: BackupName) -> StagedArchive:
        """Return a new archive to be written. This does not block, nor touch the disk."""
        return StagedArchive(self._staging, name)

    def commit(self, staged: StagedArchive, record: BackupRecord) -> None:
        """Make a verified archive a backup: completely, or on any error not at all."""
        with self._changing():
            target = self.path / record.filename
            if os.path.lexists(target):  # renaming would replace it
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
            record_path = record_files.place(self.path, record.filename)
            content = to_json(record)
            staged_record = self._stage_record(content)
            try:
                staged.path.rename(target)
                staged.settle()
                files.sync_folder(self.path)
                self._put(staged_record, record, content)
            except OSError:
                self._known.pop(record.filename, None)
                # The record first: an archive that cannot be deleted is a backup without one.
                files.remove(staged_record, record_path, target)
                raise

    def put_back(self, staged: StagedArchive, record: BackupRecord) -> BackupRecord:
        """Give a backup its archive again, which was damaged or gone, and return its record."""
        with self._changing():
            files.rename_over(staged.path, self.path / record.filename)
            staged.settle()
            files.sync_folder(self.path)
        return self._note(record, BackupStatus.GOOD)

    def update(self, record: BackupRecord) -> BackupRecord:
        """Replace the record of a stored backup, and return it.

        What another Home Assistant has changed in it since it was read stays. Raises
        `RecordOfLaterVersion` or `BackupNotFound`.
        """
        with self._changing():
            record = self._merged(record)
            if record.is_of_later_version:
                raise RecordOfLaterVersion
            self._write(record)
        return record

    def _merged(self, record: BackupRecord) -> BackupRecord:
        """Return the record as it is in the folder, with what differs from what was known."""
        known = self._known.get(record.filename)
        stored = self._read(record.filename)
        if stored is None and not os.path.lexists(self.path / record.filename):
            self._known.pop(record.filename, None)
            raise BackupNotFound(id=record.id)
        if known is None or stored is None:
            return record
        changed: dict[str, Any] = {
            field.name: getattr(record, field.name)
            for field in fields(record)
            if getattr(record, field.name) != getattr(known, field.name)
        }
        return replace(stored, id=known.id, **changed)

    def delete(self, records: Sequence[BackupRecord]) -> None:
        """Delete backups for good.

        The record goes first, but only out of sight: a kill in between brings the whole backup
        back, and loses none.
        """
        with self._changing():
            for record in records:
                content = record_files.read(self.path, record.filename)
                hidden = self._hide_record(record.filename)
                try:
                    record_files.delete(self.path, record.filename)
                    self._known.pop(record.filename, None)
                    (self.path / record.filename).unlink(missing_ok=True)
                except OSError:
                    # The archive stays, and its record as well if it can be written again.
                    with suppress(OSError):
                        self._write(record, content)
                    raise
                finally:
                    files.remove(hidden)
            files.sync_folder(self.path)

    def _hide_record(self, filename: str) -> Path:
        """Move a record to where the next start finds it if its archive is still there then."""
        hidden = self._new_staged_record()
        if (found := record_files.find(self.path, filename)) is not None:
            with suppress(OSError):  # it is deleted next, and is made anew if need be
                found[0].rename(hidden)
        return hidden

    def read_again(self, records: Collection[BackupRecord]) -> bool:
        """Read records again, and return whether another Home Assistant has changed one."""
        before = dict(self._known)
        with files.storage_errors(self.path):
            for record in records:
                if (stored := self._read(record.filename)) is not None:
                    status = record.status if stored.status is BackupStatus.GOOD else stored.status
                    self._known[record.filename] = replace(stored, id=record.id, status=status)
        self.index = Index.of(self._known.values())
        return self._known != before

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Change files. The index is what is there afterwards, also on an error."""
        self.access.check()  # in an empty folder all backups seem to be deleted
        try:
            with files.storage_errors(self.path):
                yield
        finally:
            self.index = Index.of(self._known.values())

    def read(self, record: BackupRecord) -> tuple[BackupRecord, Contents | None]:
        """Read a stored archive again, and note whether it still is what was stored.

        The contents are `None` when it is not, and else as `archive.read` gives them.
        """
        path = self.path / record.filename
        contents: Contents | None = None
        with files.storage_errors(self.path):
            try:
                status = BackupStatus.DAMAGED
                if files.size(path) == record.file_size and hash_of(path) == record.sha256:
                    contents = archive.read(path, self._scratch())
                    status = BackupStatus.GOOD
            except InvalidArchive:
                pass
            except files.NotRegularFile, FileNotFoundError:
                if read_repository_id(self.path) is None:
                    raise  # the whole folder is absent
                status = BackupStatus.MISSING
        if status is not record.status:
            record = self._note(record, status)
        return record, contents

    def _note(self, record: BackupRecord, status: BackupStatus) -> BackupRecord:
        record = replace(record, status=status)
        try:
            return self.update(record)
        except RecordOfLaterVersion, StorageNotWritable:
            self._known[record.filename] = record
            self.index = Index.of(self._known.values())
        except BackupNotFound:
            pass  # another Home Assistant has deleted it
        return record

    def free_space(self) -> int:
        """Return how many bytes are free on the folder's disk."""
        with files.storage_errors(self.path):
            return shutil.disk_usage(self.path).free

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
            self._refused = {name: stamp for name, stamp in self._refused.items() if name in there}
            self._waiting = []
            found: list[BackupRecord] = []
            for name, size in there.items():
                record = self._look_at(name, size, listing.stamps(name))
                if record is None:
                    self._waiting.append(name)
                else:
                    found.append(record)
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
        record = self._known.get(filename)
        if (
            record is None
            or record.status is BackupStatus.MISSING
            or self._stamps.get(filename) != stamps
        ):
            stored = self._read(filename)
            if stored is not None and record is not None:
                stored = replace(stored, id=record.id)
            if stored is None and record is not None and record.status is BackupStatus.MISSING:
                record = None
            record = stored or record
            self._stamps[filename] = stamps
        if record is not None and record.status is BackupStatus.GOOD and size != record.file_size:
            return replace(record, status=BackupStatus.DAMAGED)
        return record

    def _missing(self, filename: str) -> BackupRecord | None:
        record = self._known.get(filename) or self._read(filename)
        return record and replace(record, status=BackupStatus.MISSING)

    def _read(self, filename: str) -> BackupRecord | None:
        content = record_files.read(self.path, filename)
        try:
            return None if content is None else from_json(content, filename)
        except InvalidRecord:
            return None

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
            _LOGGER.warning("%s is passed over: %s", path, error.strerror)
            return None

    def _adopted(self, filename: str) -> BackupRecord | None:
        path = self.path / filename
        stat = path.lstat()
        look = stat.st_size, stat.st_mtime_ns
        is_ours = BackupName.parse(filename) is not None
        if self._refused.get(filename) == look or self._is_copy(filename, look):
            return None
        if not is_ours and abs(time.time() - stat.st_mtime) < _SETTLED_SECONDS:
            return None
        try:
            with catch_unexpected(passing=(OSError,)):
                record = make_record(path, self._scratch(), self.zone())
        except (InvalidArchive, Unexpected) as error:
            # It is not read again until it changes: the other backups must stay usable.
            _LOGGER.warning("%s is no backup, and is left alone: %r", files.printable(path), error)
            self._refused[filename] = look
            return None
        self._refused.pop(filename, None)
        if (content := record_files.read(self.path, filename)) is not None:
            if (known := completed(record, content)) is not None:
                return known
            record = with_own_trigger(record, content)
        if (same := find_same(self._known.values(), record.sha256, BackupStatus.GOOD)) is not None:
            # It stays where it is. It becomes a backup when the other one is no good any more.
            _LOGGER.info("%s is the same as %s", files.printable(path), same.filename)
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
                "The record of %s could not be written: %s", files.printable(path), error.strerror
            )
        return record

    def _is_copy(self, filename: str, look: tuple[int, int]) -> bool:
        """Check whether an archive was the same as a backup that still is good."""
        known_look, sha256 = self._copies.get(filename, (None, ""))
        if known_look == look and find_same(self._known.values(), sha256, BackupStatus.GOOD):
            return True
        self._copies.pop(filename, None)
        return False

    def _write(self, record: BackupRecord, content: bytes | None = None) -> None:
        content = content or to_json(record)
        self._put(self._stage_record(content), record, content)

    def _stage_record(self, content: bytes) -> Path:
        path = self._new_staged_record()
        files.create_whole(path, content)
        return path

    def _new_staged_record(self) -> Path:
        make_staging(self._staging)
        return self._staging / f"pihole_{new_token()}{RECORD_SUFFIX}"

    def _put(self, staged_record: Path, record: BackupRecord, content: bytes) -> None:
        try:
            target = record_files.place(self.path, record.filename)
            try:
                files.rename_over(staged_record, target)
            except FileNotFoundError:
                # The start of another Home Assistant took it for a leftover.
                files.create_whole(staged_record, content)
                files.rename_over(staged_record, target)
        except OSError:
            files.remove(staged_record)
            raise
        # It is in the folder now, also if the next line fails.
        self._known[record.filename] = record
        self._stamps.pop(record.filename, None)
        files.sync_folder(self.path)

    def _scratch(self) -> Path:
        """Return the path to which an archive's database is unpacked to be read."""
        # What lies on a disk that cannot be written can be read nevertheless.
        folder = self._staging if self.access.is_prepared else Path(tempfile.gettempdir())
        return scratch_beside(folder / f"pihole_{new_token()}")
