"""The backups in a folder: stored, read, changed and deleted. Everything here blocks."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import tzinfo
import errno
from functools import partial
import logging
import os
from pathlib import Path
import shutil
import tempfile
from typing import Any, Final

from .. import files
from ..errors import (
    BackupNotFound,
    RecordOfLaterVersion,
    StorageFailed,
    StorageFull,
    StorageNotWritable,
    StorageUnreadable,
)
from ..models import BackupRecord, BackupStatus
from ..pihole.errors import InvalidArchive
from ..teleporter import archive
from ..teleporter.contents import Contents
from . import record_files
from .access import Access
from .identity import read_repository_id
from .index import Index
from .listing import Stamp
from .naming import RECORD_SUFFIX, BackupName, new_token
from .record_reading import InvalidRecord, completed, from_json
from .record_writing import to_json
from .staging import StagedArchive, hash_of, make_staging, scratch_beside

_LOGGER = logging.getLogger(__name__)

STAGING: Final = ".staging"


class Stored:
    """The backups in a folder, and what is known about them. No two methods may run at once."""

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
        self.index = Index()
        """The backups as last seen."""
        self.unreadable: dict[str, StorageUnreadable] = {}
        """Why an archive or its record cannot be read, by the archive's name, when last tried."""

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
        self.unreadable.pop(record.filename, None)
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
        stored = self._stored_again(record)
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
                # A Home Assistant that started just now took the archive for one without a record.
                with suppress(OSError):  # the backup is gone all the same
                    record_files.delete(self.path, record.filename)
            files.sync_folder(self.path)

    def _hide_record(self, filename: str) -> Path:
        """Move a record to where the next start finds it if its archive is still there then."""
        hidden = self._new_staged_record()
        if (found := record_files.find(self.path, filename)) is not None:
            with suppress(OSError):  # it is deleted next, and is made anew if need be
                found[0].rename(hidden)
        return hidden

    def read_again(self, records: Collection[BackupRecord]) -> bool:
        """Read records again, and return whether anything is known now that was not before.

        Another Home Assistant may have changed one, or one cannot be read any more.
        """
        before = dict(self._known), dict(self.unreadable)
        with files.storage_errors(self.path):
            for record in records:
                try:
                    stored = self._stored_again(record)
                except OSError as error:
                    self._note_unreadable(record.filename, error)
                    continue
                if stored is not None:
                    status = record.status if stored.status is BackupStatus.GOOD else stored.status
                    self._known[record.filename] = replace(stored, id=record.id, status=status)
        self.index = Index.of(self._known.values())
        return (self._known, self.unreadable) != before

    def _note_unreadable(self, filename: str, error: OSError) -> StorageUnreadable:
        """Note that an archive or its record cannot be read, and return this as an error.

        Raises the error that was met unless it is still so, and of these files alone.
        """
        if (latest := self._still_fails(partial(self._read_all, filename))) is None:
            raise error
        known = self.unreadable.get(filename)
        reason = latest.strerror or "-"
        if known is None or known.placeholders["reason"] != reason:
            known = StorageUnreadable(folder=str(self.path), reason=reason)
            name = files.printable(self.path / filename)
            _LOGGER.warning("Could not read %s or its record: %s", name, reason)
        self.unreadable[filename] = known
        return known

    def _read_all(self, filename: str) -> None:
        record_files.read(self.path, filename)
        hash_of(self.path / filename)

    def _still_fails(self, read: Callable[[], object]) -> OSError | None:
        """Return the error of reading files of one backup, unless the whole folder has failed."""
        try:
            read()
        except FileNotFoundError, files.NotRegularFile:
            pass
        except OSError as error:
            if read_repository_id(self.path) is not None:
                return error
        return None

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

        The contents are `None` when it is not, and else as `archive.read` gives them. Raises
        `StorageUnreadable` if only this archive cannot be read, or another `StorageError`.
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
            except OSError as error:
                raise self._note_unreadable(record.filename, error) from error
        self.unreadable.pop(record.filename, None)
        if status is not record.status:
            record = self._note(record, status)
        return record, contents

    def _note(self, record: BackupRecord, status: BackupStatus) -> BackupRecord:
        record = replace(record, status=status)
        try:
            return self.update(record)
        except RecordOfLaterVersion, StorageNotWritable, StorageFull, StorageFailed:
            self._known[record.filename] = record
            self.index = Index.of(self._known.values())
        except BackupNotFound:
            pass  # another Home Assistant has deleted it
        return record

    def free_space(self) -> int:
        """Return how many bytes are free on the folder's disk."""
        with files.storage_errors(self.path):
            return shutil.disk_usage(self.path).free

    def _read(self, filename: str) -> BackupRecord | None:
        content = record_files.read(self.path, filename)
        try:
            return None if content is None else from_json(content, filename)
        except InvalidRecord:
            return None

    def _stored_again(self, record: BackupRecord) -> BackupRecord | None:
        """Read a known record, also as a later release has written it meanwhile."""
        content = record_files.read(self.path, record.filename)
        try:
            return None if content is None else from_json(content, record.filename)
        except InvalidRecord:
            return None if content is None else completed(record, content)

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
        # What lies on a disk that cannot be written, or no longer, can be read nevertheless.
        is_usable = self.access.is_prepared and os.access(self._staging, os.W_OK | os.X_OK)
        folder = self._staging if is_usable else Path(tempfile.gettempdir())
        return scratch_beside(folder / f"pihole_{new_token()}")
