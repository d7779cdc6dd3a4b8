"""When an archive was made that came from outside. Everything here blocks."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path
import re
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from ..teleporter import archive
from .naming import YEARS, BackupName

_TELEPORTER_NAME: Final = re.compile(
    r"_teleporter_(?P<time>\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)(?:_(?P<zone>[A-Za-z]+|[+-]\d{2,4}))?",
    re.ASCII,
)
_OFFSET: Final = re.compile(r"([+-])(\d\d)(\d\d)?", re.ASCII)
_UTC: Final = ("UTC", "GMT")
_FIRST_YEAR: Final = 1981
"""A zip without dates says 1980, a computer without a clock 1970."""
_DAYS_APART: Final = 7
"""No zone uses an abbreviation for a shorter time."""


def made_at(path: Path, zone: tzinfo) -> datetime:
    """Return when a verified archive was made: by its name, its files' dates, or its own date.

    Names that we or a Pi-hole gave it are also known when a browser or a person added to them. What
    does not say its time zone is taken to be in `zone`, unless it would be in the future then.
    """
    if (own_name := BackupName.find(path.name)) is not None:
        return own_name.created_at
    now = datetime.now(UTC)
    return (
        _by_pihole_name(path.name, zone, now)
        or _by_files(path, zone, now)
        or _by_own_date(path, now)
        or now
    )


def _by_pihole_name(name: str, zone: tzinfo, now: datetime) -> datetime | None:
    if (match := _TELEPORTER_NAME.search(name)) is None:
        return None
    try:
        local = datetime.strptime(match["time"], "%Y-%m-%d_%H-%M-%S")  # noqa: DTZ007 - see below
    except ValueError:
        return None  # a similar name without a valid time
    if local.year < _FIRST_YEAR or local.year not in YEARS:
        return None
    at = in_named_zone(local, match["zone"], zone) if match["zone"] else None
    return at or _in_the_past(local.replace(tzinfo=zone), now)


def _by_files(path: Path, zone: tzinfo, now: datetime) -> datetime | None:
    dates = (_local(date, zone) for date in archive.read_dates(path))
    return max((at for at in dates if at is not None and _in_the_past(at, now)), default=None)


def _by_own_date(path: Path, now: datetime) -> datetime | None:
    try:
        return _in_the_past(datetime.fromtimestamp(path.stat().st_mtime, UTC), now)
    except ValueError, OverflowError:
        return None  # a file system knows dates that no calendar has


def _local(date: Sequence[int], zone: tzinfo) -> datetime | None:
    try:
        year, month, day, hour, minute, second = date
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _in_the_past(at: datetime, now: datetime) -> datetime | None:
    return at if at.year >= _FIRST_YEAR and at <= now else None


def in_named_zone(local: datetime, named: str, own: tzinfo) -> datetime | None:
    """Return a local time with the zone or offset that is named, such as `CET`, `+03` or `-0330`.

    An abbreviation means our own zone, where that uses it at this time. Otherwise it means the
    offset that all zones have which use it then; `None` when they have different ones.
    """
    if (match := _OFFSET.fullmatch(named)) is not None:
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if offset >= timedelta(days=1):
            return None
        return local.replace(tzinfo=timezone(-offset if sign == "-" else offset))
    if named in _UTC:
        return local.replace(tzinfo=UTC)
    if in_own_zone := _where_named(local, named, own):
        return in_own_zone[0]
    offsets = {
        at.utcoffset()
        for zone in _zones_using(named, local.year)
        for at in _where_named(local, named, zone)
    }
    if len(offsets) != 1 or (only := offsets.pop()) is None:
        return None
    return local.replace(tzinfo=timezone(only))


def _where_named(local: datetime, named: str, zone: tzinfo) -> list[datetime]:
    """Return the moments with this local time at which a zone has the name; mostly none or one."""
    moments = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return [moment for moment in moments if moment.tzname() == named]


@lru_cache(maxsize=16)
def _zones_using(named: str, year: int) -> tuple[ZoneInfo, ...]:
    """Return the zones that use an abbreviation in a year. Finding them takes half a second."""
    first = datetime(year, 1, 1)  # noqa: DTZ001 - in each of the zones
    days = [first + timedelta(days=number) for number in range(0, 366, _DAYS_APART)]
    zones = map(ZoneInfo, sorted(available_timezones()))
    return tuple(
        zone for zone in zones if any(day.replace(tzinfo=zone).tzname() == named for day in days)
    )
