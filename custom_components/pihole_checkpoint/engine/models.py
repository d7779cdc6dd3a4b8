"""The values that the engine speaks in. All of them are immutable."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trigger(StrEnum):
    """What asked for a backup."""

    BUTTON = "button"
    SERVICE = "service"

    @property
    def is_manual(self) -> bool:
        """Whether a person asked, at that moment."""
        return self in (Trigger.BUTTON, Trigger.SERVICE)


class BackupStatus(StrEnum):
    """What is known about a stored archive."""

    GOOD = "good"


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """The versions of a Pi-hole's parts, as it writes them itself (`v6.4.1`)."""

    core: str | None = None
    web: str | None = None
    ftl: str | None = None


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
    trigger: Trigger
    duration: float | None
    """Seconds from the request to the verified archive; `None` when the record was rebuilt."""
    versions: Versions
    status: BackupStatus = BackupStatus.GOOD
