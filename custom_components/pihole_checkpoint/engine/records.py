"""A record as the JSON that lies beside its archive, and back."""

from dataclasses import asdict
from datetime import UTC, datetime
import json

import voluptuous as vol

from .models import BackupRecord, BackupStatus, Trigger, Versions
from .naming import BackupName


def _utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise vol.Invalid("a time without a zone")
    return time.astimezone(UTC)


_VERSION = vol.Maybe(vol.All(str, vol.Length(max=64)))
# What a later release adds to a record is no reason to refuse it.
_SCHEMA = vol.Schema(
    {
        vol.Required("id"): vol.Match(r"^[0-9a-f]{12}\Z"),
        vol.Required("filename"): str,
        vol.Required("file_size"): vol.All(int, vol.Range(min=0)),
        vol.Required("sha256"): vol.Match(r"^[0-9a-f]{64}\Z"),
        vol.Required("created_at"): vol.All(str, datetime.fromisoformat, _utc),
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
    },
    extra=vol.REMOVE_EXTRA,
)


class InvalidRecordError(Exception):
    """What was read is not the record of that backup."""


def to_json(record: BackupRecord) -> bytes:
    """Write a record."""
    content = asdict(record) | {"created_at": record.created_at.isoformat()}
    return json.dumps(content, indent=2).encode()


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
