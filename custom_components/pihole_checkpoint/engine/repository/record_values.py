"""The values in a record's JSON. Each function checks one and returns it.

They raise `InvalidValue` or `ValueError`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
import re


class InvalidValue(Exception):
    """A value is of the wrong kind."""


def of_kind[T](kind: type[T], value: object) -> T:
    """Check that a value is of a kind, such as `dict`."""
    if not isinstance(value, kind):
        raise InvalidValue
    return value


def maybe[T](read: Callable[[object], T], value: object) -> T | None:
    """Read a value that may be `null`."""
    return None if value is None else read(value)


def text(value: object) -> str:
    """Check that a value is a text."""
    if not isinstance(value, str):  # not by `of_kind`, as most values are texts
        raise InvalidValue
    return value


def matching(pattern: re.Pattern[str], value: object) -> str:
    """Check that a value is a text of this pattern."""
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise InvalidValue
    return value


def flag(value: object) -> bool:
    """Check that a value is true or false."""
    return of_kind(bool, value)


def number(value: object) -> int:
    """Check that a value is a whole number, and not negative."""
    if not isinstance(value, int) or value < 0:
        raise InvalidValue
    return value


def seconds(value: object) -> float:
    """Check that a value is a number, and not negative."""
    if not isinstance(value, int | float) or not value >= 0:
        raise InvalidValue
    return value


def time(value: object) -> datetime:
    """Read an aware time as one in UTC."""
    read = datetime.fromisoformat(text(value))
    if read.tzinfo is None:
        raise InvalidValue
    return read if read.tzinfo is UTC else read.astimezone(UTC)
