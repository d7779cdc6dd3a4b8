"""The files of a repository. Everything here blocks: `Repository` calls it in a thread.

A backup is an archive with its record beside it. It comes in by renaming, when it is complete,
verified and safe on the disk; what is unfinished lies in `.staging`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import tzinfo
import logging
from pathlib import Path
import shutil
import time
from typing import Final

from .. import files
from ..errors import RecordOfLaterVersion, StorageMissing, Unexpected, catch_unexpected
from ..models import BackupRecord, BackupStatus
from ..pihole.errors import InvalidArchive
from ..teleporter import archive
from ..teleporter.contents import Contents
from .adopt import make_record
from .identity import make_repository, read_repository_id
from .index import Index
from .listing import list_archives
from .naming import (
    BackupName,
    record_filename,
)
from .record import InvalidRecord, completed, from_json, to_json
from .staging import StagedArchive, hash_of, scratch_beside

_LOGGER = logging.getLogger(__name__)

STAGING: Final = ".staging"
_SETTLED_SECONDS = 10
"""A file of the user that changed more recently may still be incomplete."""

type _Stamp = tuple[int, int]
"""A file's size, and when it was changed."""


class Folder:
    """The files of a repository, and what is known about them. No two methods may run at once."""

    def __init__(self, path: Path, zone: Callable[[], tzinfo]) -> None:
        self.path = path
        self.zone = zone
        """The time zone of names that do not say theirs."""
        self._staging = path / STAGING
        self._known: dict[str, BackupRecord] = {}
        """By the file name of the archive."""
        self._refused: dict[str, _Stamp] = {}
        self.index = Index()
        """The backups as last seen."""

    @property
    def refused(self) -> frozenset[str]:
        """The names of archives in the folder that are no backups, as last seen."""
        return frozenset(self._refused)

    def prepare(self, repository_id: str | None) -> str:
        """Check or make the folder, and delete what a kill left unfinished.

        `repository_id` is what this returned the last time: with it, a folder that is not there or
        is another one raises `StorageMissing`. With `None`, the folder is made if need be.
        """
        with files.storage_errors(self.path):
            if repository_id is None:
                repository_id = make_repository(self.path)
            elif read_repository_id(self.path) != repository_id:
                raise StorageMissing(folder=str(self.path))
            for folder in (self.path, self._staging):
                files.make_folder(folder)
                folder.chmod(files.FOLDER_MODE)
            for leftover in self._staging.iterdir():
                if leftover.is_file():  # other programs may put folders here
                    leftover.unlink()
        return repository_id

    def check(self) -> None:
        """Check that this is the folder with the backups. Raises `StorageMissing` if not."""
        with files.storage_errors(self.path):
            if read_repository_id(self.path) is None:
                raise StorageMissing(folder=str(self.path))

    def stage(self, name: BackupName) -> StagedArchive:
        """Return a new archive to be written. This does not block, nor touch the disk."""
        return StagedArchive(self._staging, name)

    def commit(self, staged: StagedArchive, record: BackupRecord) -> None:
        """Make a verified archive a backup: completely, or on any error not at all."""
        with self._changing():
            staged_record = self._stage_record(record)
            target = self.path / record.filename
            try:
                staged.path.rename(target)
                staged.is_settled = True
                files.sync_folder(self.path)
                self._put(staged_record, record)
            except OSError:
                self._known.pop(record.filename, None)
                # The record first: an archive that cannot be deleted is a backup without one.
                files.remove(staged_record, self.path / staged_record.name, target)
                raise

    def update(self, record: BackupRecord) -> None:
        """Replace the record of a stored backup. Raises `RecordOfLaterVersion`."""
        if record.is_of_later_version:
            raise RecordOfLaterVersion
        with self._changing():
            self._put(self._stage_record(record), record)

    def delete(self, records: Sequence[BackupRecord]) -> None:
        """Delete backups for good.

        The record goes first: a kill in between brings the backup back, and loses none.
        """
        with self._changing():
            for record in records:
                path = self.path / record_filename(record.filename)
                content = _content(path) if record.is_of_later_version else None
                path.unlink(missing_ok=True)
                del self._known[record.filename]
                try:
                    (self.path / record.filename).unlink(missing_ok=True)
                except OSError:
                    # The archive stays, and its record as well if it can be written again.
                    with suppress(OSError):
                        self._put(self._stage_record(record, content), record)
                    raise
            files.sync_folder(self.path)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Change files. The index is what is there afterwards, also on an error."""
        self.check()  # in an empty folder all backups seem to be deleted
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
                if hash_of(path) == record.sha256:
                    contents = archive.read(path, self._scratch(record.filename))
                    status = BackupStatus.GOOD
            except InvalidArchive:
                pass
            except FileNotFoundError:
                if read_repository_id(self.path) is None:
                    raise  # the whole folder is absent
                status = BackupStatus.MISSING
        if status is not record.status:
            record = replace(record, status=status)
            if record.is_of_later_version:
                self._known[record.filename] = record
                self.index = Index.of(self._known.values())
            else:
                self.update(record)
        return record, contents

    def free_space(self) -> int:
        """Return how many bytes are free on the folder's disk."""
        with files.storage_errors(self.path):
            return shutil.disk_usage(self.path).free

    def scan(self) -> Index:
        """Look at all files, and return the new index.

        A lost record is made anew from its archive, which is the truth, and an archive that the
        user put there is adopted. A folder that is away raises `StorageError`; it is never taken
        for an empty one.
        """
        with files.storage_errors(self.path):
            sizes, recorded = list_archives(self.path)
            self._refused = {name: stamp for name, stamp in self._refused.items() if name in sizes}
            found = [self._look_at(name, size) for name, size in sizes.items()]
            missing = [self._missing(name) for name in recorded - sizes.keys()]
            self._known = {
                record.filename: record for record in (*found, *missing) if record is not None
            }
            self.index = Index.of(self._known.values())
        return self.index

    def _look_at(self, filename: str, size: int) -> BackupRecord | None:
        try:
            record = self._known.get(filename)
            if record is None or record.status is BackupStatus.MISSING:
                record = self._read(filename) or self._adopt(filename)
        except (FileNotFoundError, IsADirectoryError) as error:
            # It was deleted meanwhile, or is no regular file; the others are not affected.
            _LOGGER.warning("%s is passed over: %s", self.path / filename, error)
            return None
        if record is not None and record.status is BackupStatus.GOOD and size != record.file_size:
            return replace(record, status=BackupStatus.DAMAGED)
        return record

    def _missing(self, filename: str) -> BackupRecord | None:
        record = self._known.get(filename) or self._read(filename)
        return record and replace(record, status=BackupStatus.MISSING)

    def _read(self, filename: str) -> BackupRecord | None:
        content = _content(self.path / record_filename(filename))
        try:
            return None if content is None else from_json(content, filename)
        except InvalidRecord:
            return None

    def _adopt(self, filename: str) -> BackupRecord | None:
        path = self.path / filename
        stat = path.stat()
        look = stat.st_size, stat.st_mtime_ns
        is_ours = BackupName.parse(filename) is not None
        if self._refused.get(filename) == look:
            return None
        if not is_ours and abs(time.time() - stat.st_mtime) < _SETTLED_SECONDS:
            return None
        try:
            with catch_unexpected(passing=(OSError,)):
                record = make_record(path, self._scratch(filename), self.zone())
        except (InvalidArchive, Unexpected) as error:
            # It is not read again until it changes: the other backups must stay usable.
            _LOGGER.warning("%s is no backup, and is left alone: %r", path, error)
            self._refused[filename] = look
            return None
        self._refused.pop(filename, None)
        content = _content(self.path / record_filename(filename))
        if content is not None and (known := completed(record, content)) is not None:
            return known
        with suppress(OSError):  # it may belong to another user
            path.chmod(files.FILE_MODE)
        try:
            self._put(self._stage_record(record), record)
        except OSError as error:
            # It stays a good backup; the record is written after the next start.
            _LOGGER.warning("The record of %s could not be written: %s", path, error)
        return record

    def _stage_record(self, record: BackupRecord, content: bytes | None = None) -> Path:
        files.make_folder(self._staging)
        path = self._staging / record_filename(record.filename)
        files.create_whole(path, content or to_json(record))
        return path

    def _put(self, staged_record: Path, record: BackupRecord) -> None:
        try:
            staged_record.rename(self.path / staged_record.name)
        except OSError:
            files.remove(staged_record)
            raise
        # It is in the folder now, also if the next line fails.
        self._known[record.filename] = record
        files.sync_folder(self.path)

    def _scratch(self, filename: str) -> Path:
        return scratch_beside(self._staging / filename)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
