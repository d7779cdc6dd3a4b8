"""A record as the JSON that lies beside its archive, and back.

Every record says of which version its format is; one that does not is of the first. Whatever a
release writes that the one before did not know is a new version, because the one before would lose
it. So a record of a version that is not known here is read as far as it is understood, and never
written: see `BackupRecord.is_of_later_version`.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from functools import lru_cache
import json
import re
from typing import Final

from ..models import BackupRecord, BackupStatus, BackupTrigger, LastChange
from ..pihole.models import Versions
from ..teleporter.contents import Counts, Setting
from ..teleporter.diff import Change, ChangeKind, Subject
from .naming import BackupName

VERSION: Final = 1
"""Of the format that is written here. All from the first to this one are read."""

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None


def changes_to_data(changes: Iterable[Change]) -> dict[str, Json]:
    """Write changes by what changed; all of that is named, also where nothing did."""
    data: dict[str, list[Json]] = {subject.value: [] for subject in Subject}
    for change in changes:
        told: dict[str, Json] = {"change": change.how.value}
        if change.item:
            told["item"] = change.item
        if change.kind:
            told["kind"] = change.kind
        if change.old is not None:
            told["old"] = _plain(change.old)
        if change.new is not None:
            told["new"] = _plain(change.new)
        data[change.subject].append(told)
    return {**data}


def _plain(value: Setting) -> Json:
    return [_plain(it) for it in value] if isinstance(value, tuple) else value


class _WrongError(Exception):
    """A value is of no use where it stands."""


def _a[T](kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise _WrongError
    return value


def _maybe[T](read: Callable[[object], T], value: object) -> T | None:
    return None if value is None else read(value)


def _text(value: object) -> str:
    if not isinstance(value, str):  # as `_a` has it; most values are texts or numbers
        raise _WrongError
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise _WrongError
    return value


def _id(value: object) -> str:
    return _matching(_ID, value)


def _flag(value: object) -> bool:
    return _a(bool, value)


def _hash(value: object) -> str:
    return _matching(_HASH, value)


def _number(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise _WrongError
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or not value >= 0:
        raise _WrongError
    return value


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        raise _WrongError
    return time if time.tzinfo is UTC else time.astimezone(UTC)


def _created_at(value: object) -> datetime:
    time = _time(value)
    if time.microsecond % 1000:
        raise _WrongError  # names tell it in milliseconds
    return time


def _version(value: object) -> str:
    version = _text(value)
    if len(version) > _LONGEST_VERSION:
        raise _WrongError
    return version


def _versions(value: object) -> Versions:
    told = _a(dict, value)
    return _shared_versions(*[_maybe(_version, told.get(part)) for part in _PARTS])


def _counts(value: object) -> Counts:
    told = _a(dict, value)
    return _shared_counts(*[_number(told.get(name)) for name in _COUNTED])


# From one backup to the next they hardly ever change: one object for all of them.


@lru_cache
def _shared_versions(*parts: str | None) -> Versions:
    return Versions(**dict(zip(_PARTS, parts, strict=True)))


@lru_cache
def _shared_counts(*numbers: int) -> Counts:
    return Counts(**dict(zip(_COUNTED, numbers, strict=True)))


def _last_change(value: object) -> LastChange:
    told = _a(dict, value)
    summary = _a(list, told.get("summary"))
    return LastChange(at=_time(told.get("at")), summary=tuple(map(_text, summary)))


def _changes(value: object) -> tuple[Change, ...] | None:
    """Give `None` for what a later release added a kind to: it is made anew when needed."""
    try:
        return tuple(
            _change(Subject(subject), _a(dict, told))
            for subject, some in _a(dict, value).items()
            if some  # most are named only
            for told in _a(list, some)
        )
    except ValueError, _WrongError:
        return None


def _change(subject: Subject, told: dict[str, object]) -> Change:
    if not told.keys() <= _TOLD_OF_CHANGES:
        raise _WrongError
    return Change(
        subject=subject,
        how=ChangeKind(_text(told.get("change"))),
        item=_text(told.get("item", "")),
        kind=_text(told.get("kind", "")),
        old=_maybe(_setting, told.get("old")),
        new=_maybe(_setting, told.get("new")),
    )


def _setting(value: object) -> Setting:
    match value:
        case bool() | int() | float() | str():
            return value
        case list():
            return tuple(map(_setting, value))
        case _:
            raise _WrongError


_ID: Final = re.compile("[0-9a-f]{12}")
_HASH: Final = re.compile("[0-9a-f]{64}")
_LONGEST_VERSION: Final = 64
_PARTS: Final = tuple(field.name for field in fields(Versions))
_COUNTED: Final = tuple(field.name for field in fields(Counts))
_TOLD_OF_CHANGES: Final = frozenset({"change", "item", "kind", "old", "new"})


def _record(content: object) -> BackupRecord:
    """Check every value; what a later version adds to a record is no reason to refuse it.

    By hand, because a store has thousands of them, and all are read at each start.
    """
    told = _a(dict, content)
    return BackupRecord(
        id=_id(told.get("id")),
        filename=_text(told.get("filename")),
        file_size=_number(told.get("file_size")),
        sha256=_hash(told.get("sha256")),
        created_at=_created_at(told.get("created_at")),
        trigger=BackupTrigger(_text(told.get("trigger"))),
        duration=_maybe(_seconds, told.get("duration")),
        versions=_versions(told.get("versions")),
        status=BackupStatus(_text(told.get("status"))),
        pinned=_flag(told.get("pinned", False)),
        note=_text(told.get("note", "")),
        counts=_maybe(_counts, told.get("counts")),
        fingerprint=_maybe(_hash, told.get("fingerprint")),
        changes=_maybe(_changes, told.get("changes")),
        last_change=_maybe(_last_change, told.get("last_change")),
        confirmed_at=_maybe(_time, told.get("confirmed_at")),
        is_of_later_version=_is_of_later_version(told),
    )


def _is_of_later_version(told: dict[str, object]) -> bool:
    # What is no number is none that was ever written here, and so is left alone, too.
    return told.get("version", 1) not in range(1, VERSION + 1)


def _understood[T](read: Callable[[object], T], value: object, otherwise: T) -> T:
    try:
        return read(value)
    except ValueError, OverflowError, RecursionError, _WrongError:
        return otherwise


class InvalidRecord(Exception):
    """What was read is not the record of that backup."""


def to_json(record: BackupRecord) -> bytes:
    """Write a record."""
    content = {"version": VERSION, **asdict(record)}
    del content["is_of_later_version"]
    if record.changes is not None:
        content["changes"] = changes_to_data(record.changes)
    return json.dumps(content, indent=2, default=datetime.isoformat).encode()


def from_json(content: bytes, filename: str) -> BackupRecord:
    """Read the record of the archive of that name. Raises `InvalidRecord`."""
    try:
        record = _record(json.loads(content))
    except (ValueError, OverflowError, RecursionError, _WrongError) as error:
        raise InvalidRecord from error
    says = BackupName(created_at=record.created_at, trigger=record.trigger, id=record.id)
    is_of_another_name = says.filename != filename and BackupName.parse(filename) is not None
    if record.filename != filename or is_of_another_name:
        raise InvalidRecord
    return record


def completed(made: BackupRecord, content: bytes) -> BackupRecord | None:
    """Add to what an archive tells what is understood of its record, which could not be read.

    Gives `None` when the record is not of a later version, but broken.
    """
    try:
        told = _a(dict, json.loads(content))
    except ValueError, RecursionError, _WrongError:
        return None
    if not _is_of_later_version(told):
        return None
    if BackupName.parse(made.filename) is None:  # else the name has told this
        made = replace(
            made,
            id=_understood(_id, told.get("id"), made.id),
            created_at=_understood(_created_at, told.get("created_at"), made.created_at),
        )
    return replace(
        made,
        pinned=_understood(_flag, told.get("pinned"), made.pinned),
        note=_understood(_text, told.get("note"), made.note),
        is_of_later_version=True,
    )
