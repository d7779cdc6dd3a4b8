"""A record as the JSON that lies beside its archive, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
import json

import voluptuous as vol

from .changes import Change, How, Subject
from .contents import Counts, Setting, Versions
from .models import BackupRecord, BackupStatus, LastChange, Trigger
from .naming import BackupName

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


def _changes(data: Mapping[str, list[dict[str, Setting]]]) -> tuple[Change, ...]:
    return tuple(
        Change(
            subject=Subject(subject),
            how=How(str(told["change"])),
            item=str(told.get("item", "")),
            kind=str(told.get("kind", "")),
            old=told.get("old"),
            new=told.get("new"),
        )
        for subject, some in data.items()
        for told in some
    )


def _utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise vol.Invalid("a time without a zone")
    return time.astimezone(UTC)


def _setting(value: object) -> Setting:
    match value:
        case bool() | int() | float() | str():
            return value
        case list():
            return tuple(_setting(it) for it in value)
        case _:
            raise vol.Invalid("no setting has such a value")


def _unknown(_: object) -> None:
    return None


_VERSION = vol.Maybe(vol.All(str, vol.Length(max=64)))
_TIME = vol.All(str, datetime.fromisoformat, _utc)
_NUMBER = vol.All(int, vol.Range(min=0))
_CHANGES = vol.Schema(
    {
        vol.In(list(Subject)): [
            {
                vol.Required("change"): vol.Coerce(How),
                vol.Optional("item"): str,
                vol.Optional("kind"): str,
                vol.Optional("old"): _setting,
                vol.Optional("new"): _setting,
            }
        ]
    }
)
# What a later release adds to a record is no reason to refuse it.
_SCHEMA = vol.Schema(
    {
        vol.Required("id"): vol.Match(r"^[0-9a-f]{12}\Z"),
        vol.Required("filename"): str,
        vol.Required("file_size"): _NUMBER,
        vol.Required("sha256"): vol.Match(r"^[0-9a-f]{64}\Z"),
        vol.Required("created_at"): _TIME,
        vol.Required("trigger"): vol.Coerce(Trigger),
        vol.Required("duration"): vol.Maybe(vol.All(vol.Any(int, float), vol.Range(min=0))),
        vol.Required("versions"): vol.All(
            vol.Schema(
                {"core": _VERSION, "web": _VERSION, "ftl": _VERSION}, extra=vol.REMOVE_EXTRA
            ),
            lambda versions: Versions(**versions),
        ),
        vol.Required("status"): vol.Coerce(BackupStatus),
        vol.Optional("pinned", default=False): bool,
        vol.Optional("note", default=""): str,
        vol.Optional("counts", default=None): vol.Maybe(
            vol.All(
                vol.Schema(
                    {vol.Required(field.name): _NUMBER for field in fields(Counts)},
                    extra=vol.REMOVE_EXTRA,
                ),
                lambda counts: Counts(**counts),
            )
        ),
        vol.Optional("fingerprint", default=None): vol.Maybe(vol.Match(r"^[0-9a-f]{64}\Z")),
        vol.Optional("changes", default=None): vol.Any(
            None,
            vol.All(_CHANGES, _changes),
            _unknown,  # of a kind that a later release added: they are made anew when needed
        ),
        vol.Optional("last_change", default=None): vol.Maybe(
            vol.All(
                vol.Schema(
                    {
                        vol.Required("at"): _TIME,
                        vol.Required("summary"): vol.All([str], vol.Coerce(tuple)),
                    },
                    extra=vol.REMOVE_EXTRA,
                ),
                lambda last: LastChange(**last),
            )
        ),
        vol.Optional("confirmed_at", default=None): vol.Maybe(_TIME),
    },
    extra=vol.REMOVE_EXTRA,
)


class InvalidRecordError(Exception):
    """What was read is not the record of that backup."""


def to_json(record: BackupRecord) -> bytes:
    """Write a record."""
    content = asdict(record)
    if record.changes is not None:
        content["changes"] = changes_to_data(record.changes)
    return json.dumps(content, indent=2, default=datetime.isoformat).encode()


def from_json(content: bytes, filename: str) -> BackupRecord:
    """Read the record of the archive of that name. Raises `InvalidRecordError`."""
    try:
        record = BackupRecord(**_SCHEMA(json.loads(content)))
    except (ValueError, OverflowError, RecursionError, vol.Invalid) as error:
        raise InvalidRecordError from error
    told = BackupName.parse(filename)
    says = BackupName(created_at=record.created_at, trigger=record.trigger, id=record.id)
    if record.filename != filename or (told is not None and told != says):
        raise InvalidRecordError
    return record
