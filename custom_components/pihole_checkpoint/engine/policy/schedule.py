"""When the next scheduled backup is due. Pure functions of a time and a time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

EVERY_DAY: Final = frozenset(range(7))
_FURTHEST = timedelta(days=15)
"""A weekly run can fall on a day that does not exist, where a zone skipped one."""


class Frequency(StrEnum):
    """How often."""

    NEVER = "never"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """When scheduled backups are made, in local time."""

    frequency: Frequency
    at: time
    """Of the day; for `HOURLY` only its minute counts."""
    weekdays: frozenset[int] = EVERY_DAY
    """For `WEEKDAYS`: Monday is 0."""


def next_run(schedule: Schedule, after: datetime, zone: tzinfo) -> datetime | None:
    """Give the first run after a moment, in UTC; `None` when there is none."""
    return next((run for run in _runs(schedule, after, zone) if run > after), None)


def last_run(schedule: Schedule, until: datetime, zone: tzinfo) -> datetime | None:
    """Give the last run that was due at a moment, in UTC; `None` when there was none."""
    is_hourly = schedule.frequency is Frequency.HOURLY
    due = None
    for run in _runs(schedule, until - (timedelta(hours=3) if is_hourly else _FURTHEST), zone):
        if run > until:
            break
        due = run
    return due


def _runs(schedule: Schedule, since: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Give the runs from about a moment on, in order."""
    match schedule.frequency:
        case Frequency.NEVER:
            return
        case Frequency.HOURLY:
            yield from _hourly(schedule.at.minute, since, zone)
        case Frequency.DAILY:
            yield from _on_days(EVERY_DAY, schedule.at, since, zone)
        case Frequency.WEEKDAYS:
            yield from _on_days(schedule.weekdays, schedule.at, since, zone)


def _hourly(minute: int, since: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Look at each minute: zones are off by half hours, and some change their clocks by one."""
    moment = since.astimezone(UTC).replace(second=0, microsecond=0)
    while True:
        if moment.astimezone(zone).minute == minute:
            yield moment
        moment += timedelta(minutes=1)


def _on_days(
    weekdays: frozenset[int], at: time, since: datetime, zone: tzinfo
) -> Iterator[datetime]:
    day = since.astimezone(zone).date() - timedelta(days=1)
    last = day + _FURTHEST * 2
    while day <= last:
        if day.weekday() in weekdays and (run := _moment(day, at, zone)) is not None:
            yield run
        day += timedelta(days=1)


def _moment(day: date, at: time, zone: tzinfo) -> datetime | None:
    """Find the one moment of a day at which its run is.

    A time that the clocks pass twice is taken at the first pass, and one that they skip as much
    later as they skip. `None` where a zone left out the whole day.
    """
    run = datetime.combine(day, at, zone).astimezone(UTC)
    return run if run.astimezone(zone).date() == day else None
