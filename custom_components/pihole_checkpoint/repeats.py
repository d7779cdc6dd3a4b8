"""Noticing that what goes wrong is the same as a moment ago."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from .data import BackupEvent, BackupEventType

_SOON: Final = timedelta(hours=2)
"""A scheduled backup that fails is tried again three times, with at most an hour between."""
_TROUBLES: Final = {
    BackupEventType.FAILED,
    BackupEventType.DAMAGED,
    BackupEventType.RESTORE_FAILED,
}


class Repeats:
    """Compares each event of a Pi-hole with the one before it."""

    def __init__(self) -> None:
        self._last: BackupEvent | None = None
        self._at: datetime | None = None

    def marked(self, event: BackupEvent) -> BackupEvent:
        """Return the event; of trouble, with `repeated`: whether it is the same as just before."""
        if event.type is BackupEventType.OVERDUE:
            return event  # nothing new happened
        last, at = self._last, self._at
        self._last, self._at = event, dt_util.utcnow()
        if event.type not in _TROUBLES:
            return event
        is_repeated = (
            last is not None
            and at is not None
            and last.type is event.type
            and last.data.get("reason") == event.data.get("reason")
            and abs(self._at - at) < _SOON
        )
        return replace(event, data={**event.data, "repeated": is_repeated})
