"""When the next scheduled backup is due. Pure functions of a time and a time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

EVERY_DAY: Final = frozenset(range(7))
_FURTHEST: Final = timedelta(days=15)
"""Between two runs. Two weeks, as a weekly run can fall on a day that a time zone skipped."""


class Frequency(StrEnum):
    """How often scheduled backups are made."""

    NEVER = "never"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """When scheduled backups are made, in local time."""

    frequency: Frequency
    at: time
    """The time of day; for `HOURLY` only its minute is used."""
    weekdays: frozenset[int] = EVERY_DAY
    """The days for `WEEKDAYS`; Monday is 0."""


def next_run(schedule: Schedule, after: datetime, zone: tzinfo) -> datetime | None:
    """Return the first run after a moment, in UTC, or `None` without one."""
    return next((run for run in _runs(schedule, after, zone) if run > after), None)


def last_run(schedule: Schedule, until: datetime, zone: tzinfo) -> datetime | None:
    """Return the last run up to a moment, in UTC, or `None` if there was none."""
    is_hourly = schedule.frequency is Frequency.HOURLY
    due = None
    for run in _runs(schedule, until - (timedelta(hours=3) if is_hourly else _FURTHEST), zone):
        if run > until:
            break
        due = run
    return due


def _runs(schedule: Schedule, since: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the runs in order, from a little before a moment on, in UTC."""
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
    """Look at each minute, as some zones differ by half an hour, or change their clocks by one."""
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
    """Return the moment of a day's run, in UTC.

    If the clocks pass the time twice, the first moment counts; if they skip it, the run is later by
    as much as they skip. Return `None` if the zone skips the whole day.
    """
    run = datetime.combine(day, at, zone).astimezone(UTC)
    return run if run.astimezone(zone).date() == day else None
