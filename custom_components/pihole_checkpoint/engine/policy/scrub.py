"""Which stored archives are due to be read again: each about once a week, a few at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from ..models import BackupRecord

ROUND: Final = timedelta(days=7)
"""In which every archive is read once."""
_MOST_AT_ONCE: Final = 20


def due(
    records: Sequence[BackupRecord], *, last_id: str | None, last_at: datetime, now: datetime
) -> Sequence[BackupRecord]:
    """Return the records of the archives that are due, beginning after the last one that was read.

    Their number is in proportion to the time since then.
    """
    if not records:
        return ()
    elapsed = max(now - last_at, timedelta(0))
    number = min(int(elapsed / (ROUND / len(records))), len(records), _MOST_AT_ONCE)
    if number == 0:
        return ()
    ids = [record.id for record in records]
    start = ids.index(last_id) + 1 if last_id in ids else 0
    return [records[(start + step) % len(records)] for step in range(number)]
