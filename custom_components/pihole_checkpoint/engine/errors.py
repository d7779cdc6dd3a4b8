"""What can go wrong with archives, the backup folder and restores.

CheckpointError
  InvalidArchive
    ArchiveDamaged, ArchiveEncrypted, ArchiveUnsafe, ArchiveCompression, ArchiveMemberMissing
    ArchiveConfigBroken, ArchiveDatabaseBroken
  UnusableFile
    FileDamaged, FileEncrypted, FileUnsafe, FileTooLarge, FileCompression, FileMemberMissing
    FileConfigBroken, FileDatabaseBroken, FileOfPiholeV5
  StorageError
    StorageFull, StorageNotWritable, StorageMissing, StorageUnidentified, StorageOfOther
    StorageSilent, StorageNotEmpty, StorageFailed, StorageUnreadable
    StorageNameTooLong
  BackupNotFound, NoBackupFor, BackupDamaged, RecordOfLaterVersion, ContentsUnknown
  RestoreError
    RestoreTooLarge, RestoreTooSlow, RestoreVersionTooNew, RestoreRunning, NothingToUndo
    NothingToRepeat
    NothingRestored
      RestoreNotBegun, RestoreOutdated, RestoreWayClosed
    RestoreFailed
      RestoreRefused, RestoreInterrupted, RestoreUnanswered, RestoreUnproven
      RestoreGravityFailed
      and in `restore.failures`: RestorePartial, RestoreDiffers
  HomeAssistantBackupRunning, Stopping, Unexpected

The root and the errors between a client and a Pi-hole are in `pihole/errors.py`.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Final

from .pihole.errors import ArchiveTooLarge, CheckpointError, InvalidArchive
from .pihole.redaction import log_unexpected


class Unexpected(CheckpointError):
    """An exception that nobody expected was raised. It is in the log, with its traceback."""


@contextmanager
def catch_unexpected(
    secrets: AbstractSet[str] = frozenset(), *, passing: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Log an unexpected exception without the given secrets, and raise `Unexpected` instead.

    A `CheckpointError` and the classes in `passing` are raised as they are, as is a cancellation.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (CheckpointError, *passing)):
            raise
        log_unexpected(error, secrets)
        # Not from it: it is logged already, and may quote secrets.
        raise Unexpected from None


# Archives -----------------------------------------------------------------------------------------


class ArchiveDamaged(InvalidArchive):
    """The archive is no zip, is incomplete, or has a wrong checksum."""


class ArchiveEncrypted(InvalidArchive):
    """A member is encrypted."""


class ArchiveUnsafe(InvalidArchive):
    """A member's name leads out of the archive, or occurs twice."""


class ArchiveCompression(InvalidArchive):
    """A member is packed with a method that no Pi-hole knows, such as LZMA."""


class ArchiveMemberMissing(InvalidArchive):
    """A member is missing that an import needs. Names `member`."""


class ArchiveConfigBroken(InvalidArchive):
    """`pihole.toml` does not parse."""


class ArchiveDatabaseBroken(InvalidArchive):
    """The gravity database is damaged, or lacks a table."""


# Files of the user --------------------------------------------------------------------------------


class UnusableFile(CheckpointError):
    """A file that the user brought is no archive that could be restored."""


class FileDamaged(UnusableFile):
    """The file is no zip, is incomplete, or has a wrong checksum."""


class FileEncrypted(UnusableFile):
    """A member is encrypted."""


class FileUnsafe(UnusableFile):
    """A member's name leads out of the archive, or occurs twice."""


class FileTooLarge(UnusableFile):
    """The file is larger than allowed, packed or unpacked. Names `limit`, in MB."""


class FileCompression(UnusableFile):
    """A member is packed with a method that no Pi-hole knows, such as LZMA."""


class FileMemberMissing(UnusableFile):
    """A member is missing that an import needs. Names `member`."""


class FileConfigBroken(UnusableFile):
    """`pihole.toml` does not parse."""


class FileDatabaseBroken(UnusableFile):
    """The gravity database is damaged, or lacks a table."""


class FileOfPiholeV5(UnusableFile):
    """The file is a `.tar.gz`, as Pi-holes before version 6 export it."""

    key = "file_of_pihole_v5"


_SAME_OF_FILE: Final[Mapping[type[InvalidArchive], type[UnusableFile]]] = {
    ArchiveDamaged: FileDamaged,
    ArchiveEncrypted: FileEncrypted,
    ArchiveUnsafe: FileUnsafe,
    ArchiveTooLarge: FileTooLarge,
    ArchiveCompression: FileCompression,
    ArchiveMemberMissing: FileMemberMissing,
    ArchiveConfigBroken: FileConfigBroken,
    ArchiveDatabaseBroken: FileDatabaseBroken,
}


@contextmanager
def blame_file() -> Iterator[None]:
    """Raise `UnusableFile` instead of `InvalidArchive`: no Pi-hole sent what is read here."""
    try:
        yield
    except InvalidArchive as error:
        raise _SAME_OF_FILE[type(error)](**error.placeholders) from error


# The backup folder --------------------------------------------------------------------------------


class StorageError(CheckpointError):
    """The backup folder cannot be used. Names `folder`."""


class StorageFull(StorageError):
    """No space is left."""


class StorageNotWritable(StorageError):
    """Writing is not allowed, or the file system is read-only."""


class StorageMissing(StorageError):
    """The folder does not exist, or is empty where its disk is not mounted."""


class StorageUnidentified(StorageError):
    """The file by which the folder is recognized is gone, but backups are in it.

    Names `count`, of the backups.
    """


class StorageOfOther(StorageError):
    """The folder is the repository of another Pi-hole."""


class StorageSilent(StorageError):
    """The folder has not answered since Home Assistant started, as a dead network share does."""


class StorageNotEmpty(StorageError):
    """The folder that a repository should move to contains other files."""


class StorageFailed(StorageError):
    """Reading or writing failed in another way. Names `reason`, in the system's words."""


class StorageUnreadable(StorageError):
    """One file cannot be read, as where a sector of its disk is bad, but others can.

    Names `reason`, in the system's words.
    """


class StorageNameTooLong(StorageError):
    """A file's name, or that of the record beside it, is longer than the folder takes."""


class BackupNotFound(CheckpointError):
    """No backup has this id. Names `id`."""


class NoBackupFor(CheckpointError):
    """No backup is the latest or the previous one, or as old as a date. Names `wanted`."""


class BackupDamaged(CheckpointError):
    """The archive of a backup is different from the one that was stored, or gone. Names `id`."""


class RecordOfLaterVersion(CheckpointError):
    """A later release wrote the record of a backup, and rewriting it would lose data."""


class ContentsUnknown(CheckpointError):
    """There is more in an archive than may be held in memory, or it is of an unknown kind."""


# Restores -----------------------------------------------------------------------------------------


class RestoreError(CheckpointError):
    """A restore is not possible, or failed."""


class RestoreTooLarge(RestoreError):
    """The payload is larger than a Pi-hole accepts. Names `limit`."""


class RestoreTooSlow(RestoreError):
    """The changes were not made within the time for so many. Names `seconds`."""


class RestoreVersionTooNew(RestoreError):
    """The backup is of a newer major version than the Pi-hole. Names `backup` and `pihole`."""


class RestoreRunning(RestoreError):
    """A restore is running, and nothing else may be done with the Pi-hole."""


class NothingRestored(RestoreError):
    """A restore ended before its first change."""


class RestoreNotBegun(NothingRestored):
    """Something prevented the restore. Names `reason`, an error's key."""


class RestoreOutdated(NothingRestored):
    """The Pi-hole is not what the plan was made for."""


class RestoreWayClosed(NothingRestored):
    """The changes cannot be made by the way that was asked for."""


class NothingToUndo(RestoreError):
    """There is no restore that could be undone."""


class NothingToRepeat(RestoreError):
    """No restored change is known to have been lost again."""


# After the first change --------------------------------------------------------------------------


class RestoreFailed(RestoreError):
    """A restore failed after it began. Names `safety`, the file name of the safety backup."""


class RestoreRefused(RestoreFailed):
    """The Pi-hole refused the backup, and is unchanged. Names `reason`, in its own words."""


class RestoreInterrupted(RestoreFailed):
    """The Pi-hole went away in the middle.

    Names `done` and `number`, how many changes were made and of how many, `made` and `unknown`,
    what was changed for certain and perhaps, and `reason`, an error's key.
    """


class RestoreUnanswered(RestoreFailed):
    """The Pi-hole did not answer again after the import. Names `seconds`."""


class RestoreUnproven(RestoreFailed):
    """The Pi-hole could not be read after the import.

    Names `reason`, an error's key or the Pi-hole's own words.
    """


class RestoreGravityFailed(RestoreFailed):
    """The restore is verified, but the gravity update failed."""


# Not now ------------------------------------------------------------------------------------------


class HomeAssistantBackupRunning(CheckpointError):
    """Home Assistant is backing itself up, and no file in a repository may change."""

    key = "ha_backup_running"


class Stopping(CheckpointError):
    """Home Assistant is stopping, or the Pi-hole's entry is being unloaded."""
