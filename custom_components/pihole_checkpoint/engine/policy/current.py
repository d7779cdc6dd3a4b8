"""Which backup is the current one, and when the Pi-hole was last found to be as it says.

Everything that speaks of "the newest backup" means the current one: the schedule, the sensors,
confirming, comparing, retention. An archive that came from outside may be of any time and of any
Pi-hole, and one from the future says nothing but that a clock was wrong; neither is ever current.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from ..models import BackupRecord, BackupStatus, BackupTrigger

AHEAD: Final = timedelta(minutes=5)
"""How far ahead of the clock a time may be without being in the future.

Network time sets clocks back by seconds all the time, and the backup that was just made must not
disappear for that. A clock that is wrong by so little changes no day, and no alarm is that quick.
"""


def is_future(moment: datetime, now: datetime) -> bool:
    """Check whether a time can only come from a clock that was wrong, or is."""
    return moment > now + AHEAD


def is_own(record: BackupRecord) -> bool:
    """Check whether the Pi-hole itself exported the archive, and it still is as it was stored."""
    return record.status is BackupStatus.GOOD and record.trigger is not BackupTrigger.ADOPTED


def history(newest_first: Iterable[BackupRecord], now: datetime) -> Iterator[BackupRecord]:
    """Yield the backups that say how the Pi-hole was up to now, the current one first."""
    return (
        record
        for record in newest_first
        if is_own(record) and not is_future(record.created_at, now)
    )


def last_seen(record: BackupRecord, now: datetime) -> datetime:
    """Return when the Pi-hole was last found to be as in this archive."""
    return max(record.created_at, confirmed_at(record, now) or record.created_at)


def confirmed_at(record: BackupRecord, now: datetime) -> datetime | None:
    """Return when a backup was last confirmed, unless only a wrong clock says so."""
    confirmed = record.confirmed_at
    return None if confirmed is None or is_future(confirmed, now) else confirmed
