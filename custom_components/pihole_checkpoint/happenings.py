"""What happens to backups, told once each: to the event entity, and to whoever listens."""

from collections.abc import Iterable
from enum import StrEnum

from .const import DOMAIN
from .engine.models import BackupRecord, BackupStatus


class Happening(StrEnum):
    """What happened. The values are the types of the event entity."""

    COMPLETED = "completed"
    FAILED = "failed"
    DELETED = "deleted"
    DAMAGED = "damaged"


def signal(entry_id: str) -> str:
    """Name the dispatcher's signal for one Pi-hole."""
    return f"{DOMAIN}_{entry_id}_happening"


type Attributes = dict[str, str | float | None]


def about(record: BackupRecord) -> Attributes:
    """Tell what is told of a backup."""
    return {
        "backup_id": record.id,
        "filename": record.filename,
        "file_size": record.file_size,
        "trigger": record.trigger,
        "duration": record.duration,
    }


def newly_bad(known: Iterable[BackupRecord], now: Iterable[BackupRecord]) -> Iterable[BackupRecord]:
    """Give those that are no longer good, of records that were known to be."""
    bad = {it.id: it for it in now if it.status is not BackupStatus.GOOD}
    return [bad[it.id] for it in known if it.status is BackupStatus.GOOD and it.id in bad]
