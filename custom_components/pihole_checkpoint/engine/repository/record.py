"""A record as the JSON file beside its archive, and back.

Every record names the version of its format; one without a version has the first. A record that
holds anything which the release before does not know has a new version, because that release would
lose it. So a record of an unknown version is read as far as it is understood, and never written.
See `BackupRecord.is_of_later_version`.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
import hashlib
import json
import math
import re
from typing import Final

from ..models import BackupRecord, BackupStatus, BackupTrigger, LastChange
from ..pihole.models import Versions
from ..teleporter.contents import Counts, Setting
from ..teleporter.diff import Change, ChangeKind, Subject
from ..teleporter.excerpt import Excerpt, LeftOut
from .naming import BackupName

VERSION: Final = 2
"""The latest version of the format. All from the first to this one are read."""
MOST_BYTES: Final = 32 * 1024 * 1024
"""Of a record; a larger file is somebody else's."""

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None


def changes_to_data(changes: Iterable[Change]) -> dict[str, Json]:
    """Return changes by their subject; all subjects are named, also those without a change."""
    data: dict[str, list[Json]] = {subject.value: [] for subject in Subject}
    for change in changes:
        entry: dict[str, Json] = {"change": change.how.value}
        if change.item:
            entry["item"] = change.item
        if change.kind:
            entry["kind"] = change.kind
        if change.old is not None:
            entry["old"] = _plain(change.old)
        if change.new is not None:
            entry["new"] = _plain(change.new)
        data[change.subject].append(entry)
    return {**data}


def _plain(value: Setting) -> Json:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


class _Invalid(Exception):
    """A value is of the wrong kind."""


def _a[T](kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise _Invalid
    return value


def _maybe[T](read: Callable[[object], T], value: object) -> T | None:
    return None if value is None else read(value)


def _text(value: object) -> str:
    if not isinstance(value, str):  # not by `_a`, as most values are texts
        raise _Invalid
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise _Invalid
    return value


def _id(value: object) -> str:
    return _matching(_ID, value)


def _flag(value: object) -> bool:
    return _a(bool, value)


def _hash(value: object) -> str:
    return _matching(_HASH, value)


def _number(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise _Invalid
    return value


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or not value >= 0:
        raise _Invalid
    return value


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        raise _Invalid
    return time if time.tzinfo is UTC else time.astimezone(UTC)


def _created_at(value: object) -> datetime:
    time = _time(value)
    if time.microsecond % 1000:
        raise _Invalid  # names tell it in milliseconds
    return time


def _trigger(value: object) -> BackupTrigger:
    return BackupTrigger(_text(value))


def _version(value: object) -> str:
    version = _text(value)
    if len(version) > _LONGEST_VERSION:
        raise _Invalid
    return version


def _versions(value: object) -> Versions:
    stored = _a(dict, value)
    return Versions(**{part: _maybe(_version, stored.get(part)) for part in _PARTS})


def _counts(value: object) -> Counts:
    stored = _a(dict, value)
    return Counts(**{name: _number(stored.get(name)) for name in _COUNTED})


def _last_change(value: object) -> LastChange:
    stored = _a(dict, value)
    summary = _a(list, stored.get("summary"))
    return LastChange(at=_time(stored.get("at")), summary=tuple(map(_text, summary)))


def _changes(value: object) -> Excerpt | None:
    """Read changes; return `None` if a later release added a kind: they can be made anew.

    The first release kept all of them, however many.
    """
    try:
        return Excerpt.of(
            _change(Subject(subject), _a(dict, stored))
            for subject, some in _a(dict, value).items()
            if some  # most subjects have no change
            for stored in _a(list, some)
        )
    except ValueError, _Invalid:
        return None


def _left_out(value: object) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(
            subject=Subject(_text(stored.get("subject"))),
            how=ChangeKind(_text(stored.get("how"))),
            number=_number(stored.get("number")),
        )
        for stored in (_a(dict, each) for each in _a(list, value))
    )


def _change(subject: Subject, stored: dict[str, object]) -> Change:
    if not stored.keys() <= _KEYS_OF_A_CHANGE:
        raise _Invalid
    return Change(
        subject=subject,
        how=ChangeKind(_text(stored.get("change"))),
        item=_text(stored.get("item", "")),
        kind=_text(stored.get("kind", "")),
        old=_maybe(_setting, stored.get("old")),
        new=_maybe(_setting, stored.get("new")),
    )


def _setting(value: object) -> Setting:
    match value:
        case float() if math.isnan(value):
            raise _Invalid  # it is not even the same as itself
        case bool() | int() | float() | str():
            return value
        case list():
            return tuple(map(_setting, value))
        case _:
            raise _Invalid


_ID: Final = re.compile("[0-9a-f]{12}")
_HASH: Final = re.compile("[0-9a-f]{64}")
_LONGEST_VERSION: Final = 64
_PARTS: Final = tuple(field.name for field in fields(Versions))
_COUNTED: Final = tuple(field.name for field in fields(Counts))
_KEYS_OF_A_CHANGE: Final = frozenset({"change", "item", "kind", "old", "new"})


def _record(content: object) -> BackupRecord:
    """Check every value of a record; ignore what a later version adds.

    Without a library, because there may be thousands of records, and all are read at each start.
    """
    stored = _a(dict, content)
    excerpt = _maybe(_changes, stored.get("changes"))
    left_out = _maybe(_left_out, stored.get("changes_left_out")) or ()
    return BackupRecord(
        id=_id(stored.get("id")),
        filename=_text(stored.get("filename")),
        file_size=_number(stored.get("file_size")),
        sha256=_hash(stored.get("sha256")),
        created_at=_created_at(stored.get("created_at")),
        trigger=_trigger(stored.get("trigger")),
        duration=_maybe(_seconds, stored.get("duration")),
        versions=_versions(stored.get("versions")),
        status=BackupStatus(_text(stored.get("status"))),
        pinned=_flag(stored.get("pinned", False)),
        note=_text(stored.get("note", "")),
        counts=_maybe(_counts, stored.get("counts")),
        fingerprint=_maybe(_hash, stored.get("fingerprint")),
        changes=excerpt.changes if excerpt else None,
        changes_left_out=excerpt.left_out or left_out if excerpt else (),
        last_change=_maybe(_last_change, stored.get("last_change")),
        confirmed_at=_maybe(_time, stored.get("confirmed_at")),
        is_of_later_version=_is_of_later_version(stored),
    )


def _is_of_later_version(stored: dict[str, object]) -> bool:
    # A version that is no number is not ours either, and so left alone, too.
    return stored.get("version", 1) not in range(1, VERSION + 1)


def _understood[T](read: Callable[[object], T], value: object, otherwise: T) -> T:
    try:
        return read(value)
    except ValueError, OverflowError, RecursionError, _Invalid:
        return otherwise


def _parsed(content: bytes) -> object:
    # Each value takes many times its bytes in memory, and the file may be anybody's.
    if sum(map(content.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise _Invalid
    return json.loads(content)


_MOST_VALUES: Final = 2_000_000


class InvalidRecord(Exception):
    """The content is not the record of that backup."""


def to_json(record: BackupRecord) -> bytes:
    """Return a record as JSON."""
    content = {"version": _oldest_version_for(record), **asdict(record)}
    del content["is_of_later_version"]
    if record.changes is not None:
        content["changes"] = changes_to_data(record.changes)
    if not record.changes_left_out:
        del content["changes_left_out"]
    return json.dumps(content, indent=2, default=datetime.isoformat).encode()


def _oldest_version_for(record: BackupRecord) -> int:
    """Return the first version that knows everything in a record."""
    named = BackupName.parse(record.filename)
    is_adopted = record.trigger is BackupTrigger.ADOPTED
    is_renamed = is_adopted and named is not None and named.trigger is not record.trigger
    return 2 if is_renamed or record.changes_left_out else 1


def from_json(content: bytes, filename: str) -> BackupRecord:
    """Read the record of the archive of that name. Raises `InvalidRecord`."""
    try:
        record = _record(_parsed(content))
    except (ValueError, OverflowError, RecursionError, _Invalid) as error:
        raise InvalidRecord from error
    if not _is_same_name(record.filename, filename):
        raise InvalidRecord
    named = BackupName.parse(filename)
    if named is not None and (
        record.created_at != named.created_at
        or record.trigger not in (named.trigger, BackupTrigger.ADOPTED)
        or record.id not in (named.id, id_of_copy(filename))
    ):
        raise InvalidRecord
    return replace(record, filename=filename)


def belongs_to(content: bytes, filename: str) -> bool:
    """Return whether a file is our record of the archive of that name, of any version."""
    try:
        stored = _a(dict, _parsed(content))
        is_record = not stored.keys().isdisjoint(("sha256", "version"))
        return is_record and _is_same_name(_text(stored.get("filename")), filename)
    except ValueError, RecursionError, _Invalid:
        return False


def filename_in(content: bytes) -> str:
    """Return the name of the archive that a record is about. Raises `InvalidRecord`."""
    try:
        return _text(_a(dict, _parsed(content)).get("filename"))
    except (ValueError, RecursionError, _Invalid) as error:
        raise InvalidRecord from error


def _is_same_name(stored: str, filename: str) -> bool:
    # Some file systems keep a name's case, but find the file by any other.
    return stored == filename or stored.casefold() == filename.casefold()


def id_of_copy(filename: str) -> str:
    """Return the ID of an archive whose own one another archive has: it was copied."""
    return f"c{hashlib.sha256(filename.encode()).hexdigest()[:11]}"


def completed(made: BackupRecord, content: bytes) -> BackupRecord | None:
    """Return a record rebuilt from its archive, with what is understood of a later version's.

    Return `None` when the content is not of a later version, but broken.
    """
    try:
        stored = _a(dict, _parsed(content))
    except ValueError, RecursionError, _Invalid:
        return None
    if not _is_of_later_version(stored):
        return None
    if (named := BackupName.parse(made.filename)) is not None:
        made = replace(made, trigger=_understood(_trigger, stored.get("trigger"), named.trigger))
    else:  # the file name says nothing
        if not belongs_to(content, made.filename):
            return None
        made = replace(
            made,
            id=_understood(_id, stored.get("id"), made.id),
            created_at=_understood(_created_at, stored.get("created_at"), made.created_at),
        )
    return replace(
        made,
        pinned=_understood(_flag, stored.get("pinned"), made.pinned),
        note=_understood(_text, stored.get("note"), made.note),
        is_of_later_version=True,
    )
