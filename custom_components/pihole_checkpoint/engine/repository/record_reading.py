"""A record read from the JSON file beside its archive, which may be anybody's.

A record of an unknown version, which a later release has written, is read as far as it is
understood, and never written. See `BackupRecord.is_of_later_version`.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
import json
import math
import re
from typing import Final

from ..models import BackupRecord, BackupStatus, BackupTrigger, LastChange
from ..pihole.models import Versions
from ..teleporter.contents import Counts, Setting
from ..teleporter.diff import Change, ChangeKind, Subject
from ..teleporter.excerpt import Excerpt, LeftOut
from . import record_values as values
from .naming import BackupName, id_of_copy
from .record_values import InvalidValue

VERSION: Final = 2
"""The latest version of the format. All from the first to this one are read."""
MOST_BYTES: Final = 32 * 1024 * 1024
"""Of a record; a larger file is somebody else's."""


def _id(value: object) -> str:
    return values.matching(_ID, value)


def _hash(value: object) -> str:
    return values.matching(_HASH, value)


def _created_at(value: object) -> datetime:
    time = values.time(value)
    if time.microsecond % 1000:
        raise InvalidValue  # names tell it in milliseconds
    return time


def _trigger(value: object) -> BackupTrigger:
    return BackupTrigger(values.text(value))


def _version(value: object) -> str:
    version = values.text(value)
    if len(version) > _LONGEST_VERSION:
        raise InvalidValue
    return version


def _versions(value: object) -> Versions:
    stored = values.of_kind(dict, value)
    return Versions(**{part: values.maybe(_version, stored.get(part)) for part in _PARTS})


def _counts(value: object) -> Counts:
    stored = values.of_kind(dict, value)
    return Counts(**{name: values.number(stored.get(name)) for name in _COUNTED})


def _last_change(value: object) -> LastChange:
    stored = values.of_kind(dict, value)
    for sentence in values.of_kind(list, stored.get("summary")):
        values.text(sentence)  # of an old release: checked, and not kept
    excerpt = values.maybe(_changes, stored.get("changes"))
    return LastChange(
        at=values.time(stored.get("at")),
        changes=excerpt.changes if excerpt else None,
        left_out=_all_left_out(excerpt, stored.get("left_out")),
    )


def _changes(value: object) -> Excerpt | None:
    """Read changes; return `None` if a later release added a kind: they can be made anew.

    The first release kept all of them, however many.
    """
    try:
        return Excerpt.of(
            _change(Subject(subject), values.of_kind(dict, stored))
            for subject, some in values.of_kind(dict, value).items()
            if some  # most subjects have no change
            for stored in values.of_kind(list, some)
        )
    except ValueError, InvalidValue:
        return None


def _all_left_out(excerpt: Excerpt | None, stored: object) -> tuple[LeftOut, ...]:
    """Return what is left out of an excerpt: by reading it or, else, before it was stored."""
    if excerpt is None:
        return ()
    return excerpt.left_out or values.maybe(_left_out, stored) or ()


def _left_out(value: object) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(
            subject=Subject(values.text(stored.get("subject"))),
            how=ChangeKind(values.text(stored.get("how"))),
            number=values.number(stored.get("number")),
        )
        for stored in (values.of_kind(dict, each) for each in values.of_kind(list, value))
    )


def _change(subject: Subject, stored: dict[str, object]) -> Change:
    if not stored.keys() <= _KEYS_OF_A_CHANGE:
        raise InvalidValue
    return Change(
        subject=subject,
        how=ChangeKind(values.text(stored.get("change"))),
        item=values.text(stored.get("item", "")),
        kind=values.text(stored.get("kind", "")),
        old=values.maybe(_setting, stored.get("old")),
        new=values.maybe(_setting, stored.get("new")),
    )


def _setting(value: object) -> Setting:
    match value:
        case float() if math.isnan(value):
            raise InvalidValue  # it is not even the same as itself
        case bool() | int() | float() | str():
            return value
        case list():
            return tuple(map(_setting, value))
        case _:
            raise InvalidValue


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
    stored = values.of_kind(dict, content)
    excerpt = values.maybe(_changes, stored.get("changes"))
    return BackupRecord(
        id=_id(stored.get("id")),
        filename=values.text(stored.get("filename")),
        file_size=values.number(stored.get("file_size")),
        sha256=_hash(stored.get("sha256")),
        created_at=_created_at(stored.get("created_at")),
        trigger=_trigger(stored.get("trigger")),
        duration=values.maybe(values.seconds, stored.get("duration")),
        versions=_versions(stored.get("versions")),
        status=BackupStatus(values.text(stored.get("status"))),
        pinned=values.flag(stored.get("pinned", False)),
        note=values.text(stored.get("note", "")),
        counts=values.maybe(_counts, stored.get("counts")),
        fingerprint=values.maybe(_hash, stored.get("fingerprint")),
        changes=excerpt.changes if excerpt else None,
        changes_left_out=_all_left_out(excerpt, stored.get("changes_left_out")),
        last_change=values.maybe(_last_change, stored.get("last_change")),
        confirmed_at=values.maybe(values.time, stored.get("confirmed_at")),
        is_of_later_version=_is_of_later_version(stored),
    )


def _is_of_later_version(stored: dict[str, object]) -> bool:
    # A version that is no number is not ours either, and so left alone, too.
    return stored.get("version", 1) not in range(1, VERSION + 1)


def _understood[T](read: Callable[[object], T], value: object, otherwise: T) -> T:
    try:
        return read(value)
    except ValueError, OverflowError, RecursionError, InvalidValue:
        return otherwise


def _parsed(content: bytes) -> object:
    # Each value takes many times its bytes in memory, and the file may be anybody's.
    if sum(map(content.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise InvalidValue
    return json.loads(content)


_MOST_VALUES: Final = 2_000_000


class InvalidRecord(Exception):
    """The content is not the record of that backup."""


def from_json(content: bytes, filename: str) -> BackupRecord:
    """Read the record of the archive of that name. Raises `InvalidRecord`."""
    try:
        record = _record(_parsed(content))
    except (ValueError, OverflowError, RecursionError, InvalidValue) as error:
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
        stored = values.of_kind(dict, _parsed(content))
        is_record = not stored.keys().isdisjoint(("sha256", "version"))
        return is_record and _is_same_name(values.text(stored.get("filename")), filename)
    except ValueError, RecursionError, InvalidValue:
        return False


def filename_in(content: bytes) -> str:
    """Return the name of the archive that a record is about. Raises `InvalidRecord`."""
    try:
        return values.text(values.of_kind(dict, _parsed(content)).get("filename"))
    except (ValueError, RecursionError, InvalidValue) as error:
        raise InvalidRecord from error


def _is_same_name(stored: str, filename: str) -> bool:
    # Some file systems keep a name's case, but find the file by any other.
    return stored == filename or stored.casefold() == filename.casefold()


def completed(made: BackupRecord, content: bytes) -> BackupRecord | None:
    """Return a record rebuilt from its archive, with what is understood of a later version's.

    Return `None` when the content is not of a later version, but broken.
    """
    try:
        stored = values.of_kind(dict, _parsed(content))
    except ValueError, RecursionError, InvalidValue:
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
        pinned=_understood(values.flag, stored.get("pinned"), made.pinned),
        note=_understood(values.text, stored.get("note"), made.note),
        is_of_later_version=True,
    )
