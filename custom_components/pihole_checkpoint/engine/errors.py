"""What can go wrong with archives, the backup folder and restores.

The errors of a conversation with a Pi-hole are in `pihole/errors.py`, as is the root of all.
"""

from .pihole.errors import CheckpointError, InvalidArchive


class Unexpected(CheckpointError):
    """Something that nobody thought of went wrong. It is in the log, with its traceback."""


# What an archive is like --------------------------------------------------------------------------


class ArchiveDamaged(InvalidArchive):
    """Not a zip, not whole, or with a wrong checksum."""


class ArchiveEncrypted(InvalidArchive):
    """A member is encrypted."""


class ArchiveUnsafe(InvalidArchive):
    """A member's name points out of the archive, or stands twice."""


class ArchiveMemberMissing(InvalidArchive):
    """A member is missing without which nothing can be restored. Names `member`."""


class ArchiveConfigBroken(InvalidArchive):
    """`pihole.toml` does not parse."""


class ArchiveDatabaseBroken(InvalidArchive):
    """The gravity database is damaged, or lacks a table."""


# Where it is stored -------------------------------------------------------------------------------


class StorageError(CheckpointError):
    """The store's folder cannot be used. Names `folder`."""


class StorageFull(StorageError):
    """No space is left."""


class StorageNotWritable(StorageError):
    """Not allowed to write, or a read-only file system."""


class StorageMissing(StorageError):
    """The folder is not there."""


class StorageNotEmpty(StorageError):
    """Others' files are in the folder that a store should move to."""


class StorageFailed(StorageError):
    """Reading or writing failed in another way. Names `reason`, the system's words."""


class BackupNotFound(CheckpointError):
    """No backup has that id. Names `id`."""


class BackupDamaged(CheckpointError):
    """The archive of a backup is no longer what was stored, or is gone. Names `id`."""


class RecordOfLaterVersion(CheckpointError):
    """A later release wrote the record of a backup, and would miss what is not known here."""


class ContentsUnknown(CheckpointError):
    """There is more in an archive than is ever held in memory, or it is of a new kind."""


# A restore ----------------------------------------------------------------------------------------


class RestoreError(CheckpointError):
    """A restore cannot be, or did not end as it should."""


class RestoreTooLarge(RestoreError):
    """What is to be restored is larger than a Pi-hole takes. Names `limit`."""


class RestoreVersionTooNew(RestoreError):
    """The backup is of a newer major version than the Pi-hole. Names `backup` and `pihole`."""


class RestoreRunning(RestoreError):
    """A backup is being restored, and nothing else may be done with the Pi-hole."""


class RestoreNotBegun(RestoreError):
    """Something was in the way, and nothing was changed. Names `reason`, the key of its cause."""


class NothingToUndo(RestoreError):
    """There was no restore that could be taken back."""


# After an import has begun ------------------------------------------------------------------------


class RestoreFailed(RestoreError):
    """A restore did not end as it should. Names `safety`, the file name of the safety backup."""


class RestoreRefused(RestoreFailed):
    """The Pi-hole did not take the backup, and is as it was. Names `reason`, in its own words."""


class RestorePartial(RestoreFailed):
    """The Pi-hole broke off. Names `reason`, in its own words, and `changes`, which it made."""


class RestoreUnanswered(RestoreFailed):
    """The Pi-hole was not heard of again after the import. Names `seconds`."""


class RestoreUnproven(RestoreFailed):
    """What the Pi-hole holds now could not be read.

    Names `reason`, the key of its cause or the Pi-hole's own words.
    """


class RestoreDiffers(RestoreFailed):
    """The Pi-hole is not as the backup says. Names `differences`."""


class RestoreGravityFailed(RestoreFailed):
    """All is restored and proven, but the update of the lists failed."""


# Not now ------------------------------------------------------------------------------------------


class HomeAssistantBackupRunning(CheckpointError):
    """Home Assistant is backing itself up, and no file of ours may change."""

    key = "ha_backup_running"


class Stopping(CheckpointError):
    """Home Assistant is stopping, or the Pi-hole's entry is being unloaded."""
