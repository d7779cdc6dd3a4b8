"""What can go wrong, one class for each thing that a user would be told in other words.

The `key` of a class is the key of its sentence in the translations, and `placeholders` are the
values which that sentence names. Neither ever holds a password, a session or an archive's data.
"""

from typing import ClassVar


class CheckpointError(Exception):
    """The root: something that a user is told in one sentence."""

    key: ClassVar[str]

    def __init__(self, **placeholders: str) -> None:
        super().__init__(self.key, *placeholders.values())
        self.placeholders = placeholders


class Unexpected(CheckpointError):
    """Something that nobody thought of went wrong. It is in the log, with its traceback."""

    key = "unexpected"


# The way to the Pi-hole ---------------------------------------------------------------------------


class ConnectionFailed(CheckpointError):
    """No conversation with the Pi-hole came about, or it broke off."""


class CannotConnect(ConnectionFailed):
    """Nothing listens there, or no route leads there. Names `url`."""

    key = "cannot_connect"


class NameNotFound(ConnectionFailed):
    """The host name has no address. Names `host`."""

    key = "name_not_found"


class ConnectTimeout(ConnectionFailed):
    """Nothing answered within the time for making a connection. Names `url`."""

    key = "connect_timeout"


class AnswerTimeout(ConnectionFailed):
    """The connection stands, but the Pi-hole fell silent."""

    key = "answer_timeout"


class DeadlineExceeded(ConnectionFailed):
    """The whole conversation took longer than allowed. Names `seconds`."""

    key = "deadline_exceeded"


class ConnectionLost(ConnectionFailed):
    """The connection broke before the answer was complete."""

    key = "connection_lost"


class TlsNotTrusted(ConnectionFailed):
    """The certificate is not one that Home Assistant trusts for this host."""

    key = "tls_not_trusted"


class TlsFailed(ConnectionFailed):
    """No encrypted connection came about, for another reason than trust."""

    key = "tls_failed"


# What answered ------------------------------------------------------------------------------------


class WrongAddress(CheckpointError):
    """Something answered, but it is not the API of a Pi-hole v6."""


class InvalidUrl(WrongAddress):
    """What was typed is no address of a web server."""

    key = "invalid_url"


class Redirected(WrongAddress):
    """The address leads elsewhere, and a password is not sent after it. Names `url`, where to."""

    key = "redirected"


class NotAPihole(WrongAddress):
    """It does not speak as a Pi-hole does."""

    key = "not_a_pihole"


class AnswerGarbled(WrongAddress):
    """It does not keep to HTTP: another protocol, or more bytes than announced."""

    key = "answer_garbled"


class PiholeV5(WrongAddress):
    """A Pi-hole before version 6, which has no Teleporter in its API."""

    key = "pihole_v5"


# What the Pi-hole refused -------------------------------------------------------------------------


class Refused(CheckpointError):
    """The Pi-hole answered, and said no."""


class WrongPassword(Refused):
    """The password is wrong, tried twice."""

    key = "wrong_password"


class TotpRequired(Refused):
    """Two-factor authentication is on, and this is not an app password."""

    key = "totp_required"


class NoFreeSeat(Refused):
    """All API sessions of the Pi-hole are taken."""

    key = "no_free_seat"


class RateLimited(Refused):
    """Too many login attempts, from all clients together."""

    key = "rate_limited"


class SessionEnded(Refused):
    """Somebody ended the session, by changing the password for one."""

    key = "session_ended"


class Forbidden(Refused):
    """Logged in, but this is not allowed."""

    key = "forbidden"


class PiholeFailed(Refused):
    """The Pi-hole could not do it. Names `status` and `reason`, in its own words."""

    key = "pihole_failed"


class ImportRefused(Refused):
    """The Pi-hole does not take an archive. Names `reason`, in its own words."""

    key = "import_refused"


class AppPasswordReadOnly(Refused):
    """The session came from an app password, and those may not change this Pi-hole."""

    key = "app_password_read_only"


# What it sent -------------------------------------------------------------------------------------


class InvalidArchive(CheckpointError):
    """What was received is not an archive that could ever be restored."""


class ArchiveIncomplete(InvalidArchive):
    """Fewer bytes than announced. Names `received` and `expected`."""

    key = "archive_incomplete"


class ArchiveTooLarge(InvalidArchive):
    """More than is ever read, packed or unpacked. Names `limit`."""

    key = "archive_too_large"


class ArchiveDamaged(InvalidArchive):
    """Not a zip, not whole, or with a wrong checksum."""

    key = "archive_damaged"


class ArchiveEncrypted(InvalidArchive):
    """A member is encrypted."""

    key = "archive_encrypted"


class ArchiveUnsafe(InvalidArchive):
    """A member's name points out of the archive, or stands twice."""

    key = "archive_unsafe"


class ArchiveMemberMissing(InvalidArchive):
    """A member is missing without which nothing can be restored. Names `member`."""

    key = "archive_member_missing"


class ArchiveConfigBroken(InvalidArchive):
    """`pihole.toml` does not parse."""

    key = "archive_config_broken"


class ArchiveDatabaseBroken(InvalidArchive):
    """The gravity database is damaged, or lacks a table."""

    key = "archive_database_broken"


# Where it is stored -------------------------------------------------------------------------------


class StorageError(CheckpointError):
    """The store's folder cannot be used. Names `folder`."""


class StorageFull(StorageError):
    """No space is left."""

    key = "storage_full"


class StorageNotWritable(StorageError):
    """Not allowed to write, or a read-only file system."""

    key = "storage_not_writable"


class StorageMissing(StorageError):
    """The folder is not there."""

    key = "storage_missing"


class StorageNotEmpty(StorageError):
    """Others' files are in the folder that a store should move to."""

    key = "storage_not_empty"


class StorageFailed(StorageError):
    """Reading or writing failed in another way. Names `reason`, the system's words."""

    key = "storage_failed"


class BackupNotFound(CheckpointError):
    """No backup has that id. Names `id`."""

    key = "backup_not_found"


class BackupDamaged(CheckpointError):
    """The archive of a backup is no longer what was stored, or is gone. Names `id`."""

    key = "backup_damaged"


class RecordOfLaterVersion(CheckpointError):
    """A later release wrote the record of a backup, and would miss what is not known here."""

    key = "record_of_later_version"


class ContentsUnknown(CheckpointError):
    """There is more in an archive than is ever held in memory, or it is of a new kind."""

    key = "contents_unknown"


class RestoreError(CheckpointError):
    """A restore cannot be, or did not end as it should."""


class RestoreTooLarge(RestoreError):
    """What is to be restored is larger than a Pi-hole takes. Names `limit`."""

    key = "restore_too_large"


class RestoreVersionTooNew(RestoreError):
    """The backup is of a newer major version than the Pi-hole. Names `backup` and `pihole`."""

    key = "restore_version_too_new"


class RestoreRunning(RestoreError):
    """A backup is being restored, and nothing else may be done with the Pi-hole."""

    key = "restore_running"


class RestoreNotBegun(RestoreError):
    """Something was in the way, and nothing was changed. Names `reason`, the key of its cause."""

    key = "restore_not_begun"


class NothingToUndo(RestoreError):
    """There was no restore that could be taken back."""

    key = "nothing_to_undo"


# After an import has begun -----------------------------------------------------------------------


class RestoreFailed(RestoreError):
    """A restore did not end as it should. Names `safety`, the file name of the safety backup."""


class RestoreRefused(RestoreFailed):
    """The Pi-hole did not take the backup, and is as it was. Names `reason`, in its own words."""

    key = "restore_refused"


class RestorePartial(RestoreFailed):
    """The Pi-hole broke off. Names `reason`, in its own words, and `changes`, which it made."""

    key = "restore_partial"


class RestoreUnanswered(RestoreFailed):
    """The Pi-hole was not heard of again after the import. Names `seconds`."""

    key = "restore_unanswered"


class RestoreUnproven(RestoreFailed):
    """What the Pi-hole holds now could not be read.

    Names `reason`, the key of its cause or the Pi-hole's own words.
    """

    key = "restore_unproven"


class RestoreDiffers(RestoreFailed):
    """The Pi-hole is not as the backup says. Names `differences`."""

    key = "restore_differs"


class RestoreGravityFailed(RestoreFailed):
    """All is restored and proven, but the update of the lists failed."""

    key = "restore_gravity_failed"


class HomeAssistantBackupRunning(CheckpointError):
    """Home Assistant is backing itself up, and no file of ours may change."""

    key = "ha_backup_running"


class Stopping(CheckpointError):
    """Home Assistant is stopping, or the Pi-hole's entry is being unloaded."""

    key = "stopping"
