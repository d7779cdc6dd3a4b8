"""Find the backup that a user means: by ID, file name, `latest`, `previous`, or a date."""

from datetime import date, datetime, tzinfo
from itertools import islice
from typing import Final

from ..errors import NoBackupFor
from ..models import BackupRecord
from .index import Index

LATEST: Final = "latest"
PREVIOUS: Final = "previous"


def named_id(index: Index, wanted: str) -> str:
    """Return the ID of the backup with this file name; anything else is taken for an ID."""
    return next((record.id for record in index.records if record.filename == wanted), wanted)


def chosen_id(index: Index, wanted: str, *, now: datetime, zone: tzinfo) -> str:
    """Return the ID of the backup that is meant.

    `latest` is the current backup, `previous` the one before it, and a date means the newest one at
    the end of that day in `zone`. All are the Pi-hole's own, as adopted ones may be of any other.
    An unknown ID is returned as it is. Raises `NoBackupFor`.
    """
    if (id_ := named_id(index, wanted)) in {record.id for record in index.records}:
        return id_
    match wanted:
        case _ if wanted == LATEST:
            found = index.current(now)
        case _ if wanted == PREVIOUS:
            found = next(islice(index.history(now), 1, None), None)
        case _ if (day := _date(wanted)) is not None:
            found = _at_end_of(day, index, now, zone)
        case _:
            return wanted
    if found is None:
        raise NoBackupFor(wanted=wanted)
    return found.id


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # no other way to write it


def _at_end_of(day: date, index: Index, now: datetime, zone: tzinfo) -> BackupRecord | None:
    made_by_then = (
        record for record in index.history(now) if record.created_at.astimezone(zone).date() <= day
    )
    return next(made_by_then, None)
