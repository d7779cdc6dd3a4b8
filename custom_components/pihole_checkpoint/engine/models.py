"""Values that several parts of the engine use. All of them are immutable."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from .pihole.models import Versions
from .teleporter.contents import Counts
from .teleporter.diff import Change, Subject, of_configuration
from .teleporter.excerpt import Excerpt, LeftOut

_MOST_REPEATED: Final = 10
"""How many items that changed in the same way are kept of the last change."""
_LONGEST_REPEATED: Final = 100
"""The length of a name or a value of the last change, in characters."""


class BackupTrigger(StrEnum):
    """The reason for a backup."""

    BUTTON = "button"
    SERVICE = "service"
    SCHEDULE = "schedule"
    HA_BACKUP = "ha_backup"
    """Made so that Home Assistant's own backup contains a fresh one."""
    BEFORE_RESTORE = "before_restore"
    """A safety backup, made before a restore changes the Pi-hole."""
    AFTER_RESTORE = "after_restore"
    """The export that verified a restore."""
    ADOPTED = "adopted"
    """An archive that came from outside: uploaded, or put into the folder."""

    @property
    def is_manual(self) -> bool:
        """Return whether a person, or a person's automation, asked for the backup."""
        return self in (BackupTrigger.BUTTON, BackupTrigger.SERVICE)

    @property
    def is_routine(self) -> bool:
        """Return whether such backups are made regularly, without anybody asking."""
        return self in (BackupTrigger.SCHEDULE, BackupTrigger.HA_BACKUP)


class Stage(StrEnum):
    """The step that an operation with a Pi-hole is at."""

    CONNECTING = "connecting"
    EXPORTING = "exporting"
    VERIFYING = "verifying"
    STORING = "storing"
    PREVIEWING = "previewing"
    APPLYING = "applying"
    """Changes are made one by one, without a restart."""
    IMPORTING = "importing"
    RESTARTING = "restarting"
    """The Pi-hole restarts, for the changes to take effect."""
    UPDATING_GRAVITY = "updating_gravity"
    """The Pi-hole downloads its lists."""
    PROVING = "proving"


class RestorePart(StrEnum):
    """A part of a backup that can be restored alone."""

    SETTINGS = "settings"
    DHCP_LEASES = "dhcp_leases"
    GROUPS = "groups"
    LISTS = "lists"
    DOMAINS = "domains"
    CLIENTS = "clients"

    @property
    def is_in_gravity(self) -> bool:
        """Return whether the part is in the gravity database."""
        return self not in (RestorePart.SETTINGS, RestorePart.DHCP_LEASES)


class RemarkKey(StrEnum):
    """Something that a user should know about a restore that succeeded."""

    ANSWER_LOST = "remark_answer_lost"
    APP_SUDO_STAYS = "remark_app_sudo_stays"
    BROUGHT_GROUPS = "remark_brought_groups"
    DEFAULT_GROUP = "remark_default_group"
    DNS_ANSWERS = "remark_dns_answers"
    DNS_ELSEWHERE = "remark_dns_elsewhere"
    DNS_REFUSED = "remark_dns_refused"
    DNS_SILENT = "remark_dns_silent"
    DNS_WRONG = "remark_dns_wrong"
    FORCED_SETTINGS = "remark_forced_settings"
    GRAVITY_COMPLAINED = "remark_gravity_complained"
    KEPT_GROUPS = "remark_kept_groups"
    LOCKING_SETTINGS = "remark_locking_settings"
    MACHINE_SETTINGS = "remark_machine_settings"
    NOT_STORED = "remark_not_stored"
    NOT_TAKEN = "remark_not_taken"
    OLDER_VERSION = "remark_older_version"
    OWN_SETTINGS = "remark_own_settings"
    PASSWORD_BACK = "remark_password_back"  # noqa: S105 - a key
    PASSWORD_CHANGED = "remark_password_changed"  # noqa: S105 - a key
    READ_ONLY = "remark_read_only"
    REFUSED = "remark_refused"
    SETTINGS_IMPORTED = "remark_settings_imported"
    UNKNOWN_SETTINGS = "remark_unknown_settings"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One remark on a restore."""

    key: RemarkKey
    """The key of its sentence in the translations."""
    placeholders: dict[str, str]
    """The values that the sentence names."""


class BackupStatus(StrEnum):
    """The state of a stored archive."""

    GOOD = "good"
    DAMAGED = "damaged"
    """The archive is different from the one that was stored."""
    MISSING = "missing"
    """The archive is gone."""


class Compared(StrEnum):
    """What comparing a backup with the one before it showed."""

    FIRST = "first"
    """There was nothing to compare with."""
    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """It was not compared, or could not be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LastChange:
    """The last time that the configuration was found to be different."""

    at: datetime
    """When the backup began that found the difference; aware, UTC."""
    changes: tuple[Change, ...] | None = None
    """The first differences of each kind; `None` if they are not known any more, because the first
    releases only kept English sentences."""
    left_out: tuple[LeftOut, ...] = ()
    """The numbers of further differences."""

    @classmethod
    def of(cls, at: datetime, changes: Iterable[Change], left_out: Iterable[LeftOut] = ()) -> Self:
        """Keep in short what changed in the configuration: every later record repeats it."""
        excerpt = Excerpt.of(
            of_configuration(changes), most=_MOST_REPEATED, longest=_LONGEST_REPEATED
        )
        numbers = Counter({(each.subject, each.how): each.number for each in excerpt.left_out})
        for each in left_out:
            if each.subject is not Subject.LEASES:
                numbers[each.subject, each.how] += each.number
        return cls(
            at=at,
            changes=excerpt.changes,
            left_out=tuple(
                LeftOut(subject=subject, how=how, number=number)
                for (subject, how), number in numbers.items()
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupRecord:
    """What is known about a stored archive."""

    id: str
    filename: str
    file_size: int
    """In bytes."""
    sha256: str
    """The SHA-256 of the archive, in hexadecimal."""
    created_at: datetime
    """When the backup began; aware, UTC, in whole milliseconds."""
    trigger: BackupTrigger
    duration: float | None
    """Seconds from the request to the verified archive; `None` when the record was rebuilt."""
    versions: Versions
    status: BackupStatus = BackupStatus.GOOD
    pinned: bool = False
    """Whether the user wants the backup to be kept regardless of retention."""
    note: str = ""
    """The user's note about the backup."""
    counts: Counts | None = None
    """The numbers of entries; `None` when they are not known, or there was too much to read."""
    fingerprint: str | None = None
    """The fingerprint of the contents; `None` as for `counts`."""
    changes: tuple[Change, ...] | None = None
    """Changes since the previous backup; `None` when there was none to compare with."""
    changes_left_out: tuple[LeftOut, ...] = ()
    """The numbers of further changes: a record keeps no more than a person reads."""
    last_change: LastChange | None = None
    """The last change up to this backup; `None` when none has been found yet."""
    confirmed_at: datetime | None = None
    """When the Pi-hole was last found to be unchanged, so that no new archive was stored; aware,
    UTC."""
    is_of_later_version: bool = False
    """Whether a later release wrote the record. Such a record is never rewritten, and deleted only
    together with its archive, when the user asks for that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """How many backups are kept. A backup is kept if one rule or more keep it."""

    last: int = 10
    daily: int = 14
    weekly: int = 8
    monthly: int = 12
    yearly: int = 0
    manual: int = 100
    """The most backups that a person asked for. They have a limit of their own."""
    max_age: timedelta | None = None
    """The age above which no rule keeps a backup; `None`: no limit."""


class KeptFor(StrEnum):
    """The reason for keeping a backup."""

    LAST = "last"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    MANUAL = "manual"
    PINNED = "pinned"
    NEWEST_GOOD = "newest_good"
    ADOPTED = "adopted"
    """The archive came from outside, by an upload or into the folder, and may be the only copy."""
    SAFETY = "safety"
    FUTURE = "future"
    """The backup is from the future: the clock was or is wrong, so its age is unknown."""
    DAMAGED = "damaged"
    """The archive is damaged or gone, and the user decides what to do about it."""
    LATER_VERSION = "later_version"
    """A later release wrote the record, and may have a reason for keeping the backup."""
