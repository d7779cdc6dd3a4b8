"""The values that the engine speaks in. All of them are immutable."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .pihole.models import Versions
from .teleporter.contents import Counts
from .teleporter.diff import Change


class BackupTrigger(StrEnum):
    """What asked for a backup."""

    BUTTON = "button"
    SERVICE = "service"
    SCHEDULE = "schedule"
    HA_BACKUP = "ha_backup"
    """Taken so that Home Assistant's own backup carries a fresh one."""
    BEFORE_RESTORE = "before_restore"
    """A safety backup."""
    ADOPTED = "adopted"
    """An archive that came in from outside: uploaded, or put into the folder."""

    @property
    def is_manual(self) -> bool:
        """Whether somebody asked for it: a person, or a person's automation."""
        return self in (BackupTrigger.BUTTON, BackupTrigger.SERVICE)

    @property
    def is_routine(self) -> bool:
        """Whether it comes by itself, again and again."""
        return self in (BackupTrigger.SCHEDULE, BackupTrigger.HA_BACKUP)


class Stage(StrEnum):
    """What is being done with a Pi-hole."""

    CONNECTING = "connecting"
    EXPORTING = "exporting"
    VERIFYING = "verifying"
    STORING = "storing"
    PREVIEWING = "previewing"
    IMPORTING = "importing"
    RESTARTING = "restarting"
    """The Pi-hole restarts after an import."""
    UPDATING_GRAVITY = "updating_gravity"
    """The Pi-hole downloads its lists."""
    PROVING = "proving"


class RestorePart(StrEnum):
    """What of a backup may be restored by itself."""

    SETTINGS = "settings"
    DHCP_LEASES = "dhcp_leases"
    GROUPS = "groups"
    LISTS = "lists"
    DOMAINS = "domains"
    CLIENTS = "clients"

    @property
    def is_in_gravity(self) -> bool:
        """Whether it is in the gravity database."""
        return self not in (RestorePart.SETTINGS, RestorePart.DHCP_LEASES)


class RemarkKey(StrEnum):
    """What a user should know of a restore, although it went well."""

    ANSWER_LOST = "remark_answer_lost"
    BROUGHT_GROUPS = "remark_brought_groups"
    GRAVITY_COMPLAINED = "remark_gravity_complained"
    KEPT_GROUPS = "remark_kept_groups"
    NO_LEASES = "remark_no_leases"
    NOT_TAKEN = "remark_not_taken"
    OLDER_VERSION = "remark_older_version"
    OWN_SETTINGS = "remark_own_settings"
    PASSWORD_BACK = "remark_password_back"  # noqa: S105 - none, but a key
    PASSWORD_CHANGED = "remark_password_changed"  # noqa: S105 - none, but a key
    UNKNOWN_SETTINGS = "remark_unknown_settings"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One such thing; the key is that of its sentence."""

    key: RemarkKey
    placeholders: dict[str, str]


class BackupStatus(StrEnum):
    """What is known about a stored archive."""

    GOOD = "good"
    DAMAGED = "damaged"
    """Its archive is no longer what was stored."""
    MISSING = "missing"
    """Its archive is gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LastChange:
    """When the configuration was last found to be another one than before."""

    at: datetime
    """When the backup began that found it; aware, UTC."""
    summary: tuple[str, ...]
    """Sentences."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupRecord:
    """A stored archive, and what is known about it."""

    id: str
    filename: str
    file_size: int
    """In bytes."""
    sha256: str
    """Of the archive, in hexadecimal."""
    created_at: datetime
    """When the backup began; aware, UTC, in whole milliseconds."""
    trigger: BackupTrigger
    duration: float | None
    """Seconds from the request to the verified archive; `None` when the record was rebuilt."""
    versions: Versions
    status: BackupStatus = BackupStatus.GOOD
    pinned: bool = False
    """Whether the user wants it kept whatever the retention says."""
    note: str = ""
    """What the user wrote about it."""
    counts: Counts | None = None
    """How much is in it; `None` when that is not known, or too much to be read."""
    fingerprint: str | None = None
    """Of what is in it; `None` as for `counts`."""
    changes: tuple[Change, ...] | None = None
    """Since the backup before; `None` when there was none that could be compared."""
    last_change: LastChange | None = None
    """As of this backup; `None` when none has ever been seen."""
    confirmed_at: datetime | None = None
    """When a later backup was last found to be the same and so was not stored; aware, UTC."""
    is_of_later_version: bool = False
    """Whether a later release wrote its record: that is then never written here, nor deleted but
    together with its archive, when the user asks for it."""

    @property
    def last_seen(self) -> datetime:
        """When the Pi-hole was last seen to be as it is in this archive."""
        return max(self.created_at, self.confirmed_at or self.created_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How many backups are kept. One that any of the rules keeps is kept."""

    last: int = 10
    daily: int = 14
    weekly: int = 8
    monthly: int = 12
    yearly: int = 0
    manual: int = 100
    """A limit of their own for those that a person asked for."""
    max_age: timedelta | None = None
    """What is older goes, whatever the rules say; `None`: nothing is ever too old."""


class KeptFor(StrEnum):
    """Why a backup is kept."""

    LAST = "last"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    MANUAL = "manual"
    PINNED = "pinned"
    NEWEST_GOOD = "newest_good"
    ADOPTED = "adopted"
    """It came in from outside, by an upload or into the folder, and may be the only copy."""
    SAFETY = "safety"
    FUTURE = "future"
    """It is from a time that has not come: the clock was or is wrong, so nothing can be said."""
    DAMAGED = "damaged"
    """It is for the user to decide what is left of it."""
    LATER_VERSION = "later_version"
    """A later release recorded it, and may have a reason to keep it that is not known here."""
