"""Names of files: from a backup to its file name and back, exactly.

The name alone says what a lost record said about the backup's origin. Every name that comes from
outside is read here, and what does not read is not ours.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
import hashlib
import re
import secrets
from typing import Final, Self

from ..models import BackupTrigger

ARCHIVE_SUFFIX = ".zip"
RECORD_SUFFIX = ".json"

_NAME = re.compile(
    r"pihole_(\d{4})-(\d\d)-(\d\d)_(\d\d)-(\d\d)-(\d\d)-(\d{3})Z_([a-z_]{1,32})_([0-9a-f]{12})\.zip",
    re.ASCII,
)
_NAME_IN_ANOTHER = re.compile(
    r"(pihole_[\d_-]{23}Z_)[a-z_]{1,32}(_[0-9a-f]{12})(?![0-9A-Za-z])", re.ASCII
)
YEARS: Final = range(1970, 9999)
"""A clock may be wrong, but other years do not exist in every time zone."""
_TIME_LENGTH = len("2026-01-20_03-24-15-123")
_PLAIN = str.maketrans(":.", "--")


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupName:
    """What the name of an archive says: `pihole_2026-01-20_03-24-15-123Z_button_0a1b2c3d4e5f.zip`.

    Names sort by time. They hold no character that a file system or a share could refuse.
    """

    created_at: datetime
    trigger: BackupTrigger
    id: str

    @classmethod
    def new(cls, created_at: datetime, trigger: BackupTrigger) -> Self:
        """Return the name of a new backup; `created_at` is aware, and cut to milliseconds."""
        utc = created_at.astimezone(UTC)
        return cls(
            created_at=utc.replace(microsecond=utc.microsecond // 1000 * 1000),
            trigger=trigger,
            id=new_token(),
        )

    @classmethod
    def parse(cls, filename: str) -> Self | None:
        """Read a file name; return `None` when it is not the name of one of our archives."""
        if (match := _NAME.fullmatch(filename)) is None:
            return None
        *time, trigger, id_ = match.groups()
        year, month, day, hour, minute, second, milliseconds = map(int, time)
        if year not in YEARS:
            return None
        try:
            return cls(
                created_at=datetime(
                    year, month, day, hour, minute, second, milliseconds * 1000, tzinfo=UTC
                ),
                trigger=BackupTrigger(trigger),
                id=id_,
            )
        except ValueError:
            return None

    @classmethod
    def find(cls, filename: str) -> Self | None:
        """Read the name of one of our archives in a file name, such as `copy of pihole_… (1).zip`.

        Browsers and people add to the name of an archive that they download. If it comes back, it
        comes from outside, so the trigger is `adopted`.
        """
        if (found := _NAME_IN_ANOTHER.search(filename)) is None:
            return None
        return cls.parse(f"{found[1]}{BackupTrigger.ADOPTED}{found[2]}{ARCHIVE_SUFFIX}")

    @property
    def filename(self) -> str:
        """The archive's file name."""
        time = self.created_at.isoformat("_", "milliseconds")[:_TIME_LENGTH].translate(_PLAIN)
        return f"pihole_{time}Z_{self.trigger}_{self.id}{ARCHIVE_SUFFIX}"


def new_token() -> str:
    """Return a random name that nothing else has."""
    # It begins with a letter, so that nobody reads it as a number.
    return secrets.choice("abcdef") + secrets.token_hex(6)[1:]


def id_of_copy(filename: str) -> str:
    """Return the ID of an archive whose own one another archive has: it was copied."""
    return f"c{hashlib.sha256(filename.encode()).hexdigest()[:11]}"


def is_archive(filename: str) -> bool:
    """Check whether a file has the name of an archive, also in capitals."""
    return filename.lower().endswith(ARCHIVE_SUFFIX)


def archive_filename(record_filename: str) -> str:
    """Return the file name of a record's archive."""
    return record_filename.removesuffix(RECORD_SUFFIX) + ARCHIVE_SUFFIX


def record_filename(archive_filename: str) -> str:
    """Return the file name of an archive's record."""
    return archive_filename.removesuffix(ARCHIVE_SUFFIX) + RECORD_SUFFIX
