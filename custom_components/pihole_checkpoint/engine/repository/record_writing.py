"""A record as the JSON file beside its archive. `record_reading` reads it back.

Every record names the version of its format; one without a version has the first. A record that
holds anything which the release before does not know has a new version, because that release would
lose it. One exception: what changed the last time, beside its date. Where a release loses that, it
is found again in the record of that date, or else left out.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
import json

from ..models import BackupRecord, BackupTrigger, LastChange
from ..teleporter.contents import Setting
from ..teleporter.diff import Change, Subject
from .naming import BackupName

type Json = dict[str, Json] | list[Json] | str | int | float | bool | None


def to_json(record: BackupRecord) -> bytes:
    """Return a record as JSON."""
    content = {"version": _oldest_version_for(record), **asdict(record)}
    del content["is_of_later_version"]
    if record.changes is not None:
        content["changes"] = changes_to_data(record.changes)
    if not record.changes_left_out:
        del content["changes_left_out"]
    if record.last_change is not None:
        content["last_change"] = _last_change(record.last_change)
    return json.dumps(content, indent=2, default=datetime.isoformat).encode()


def _oldest_version_for(record: BackupRecord) -> int:
    """Return the first version that knows everything in a record."""
    named = BackupName.parse(record.filename)
    is_adopted = record.trigger is BackupTrigger.ADOPTED
    is_renamed = is_adopted and named is not None and named.trigger is not record.trigger
    is_new_trigger = record.trigger is BackupTrigger.AFTER_RESTORE
    return 2 if is_renamed or is_new_trigger or record.changes_left_out else 1


def _last_change(change: LastChange) -> dict[str, object]:
    """Return the last change. The first releases have its sentences, and need the list of them."""
    stored: dict[str, object] = {"at": change.at, "summary": []}
    if change.changes is not None:
        data = changes_to_data(change.changes)
        stored["changes"] = {subject: some for subject, some in data.items() if some}
    if change.left_out:
        stored["left_out"] = [asdict(each) for each in change.left_out]
    return stored


def changes_to_data(changes: Iterable[Change]) -> dict[str, Json]:
    """Return changes by their subject; all subjects are named, also those without a change."""
    data: dict[str, list[Json]] = {subject.value: [] for subject in Subject}
    for change in changes:
        data[change.subject].append({**change_to_data(change)})
    return {**data}


def change_to_data(change: Change) -> dict[str, Json]:
    """Return a change without its subject."""
    entry: dict[str, Json] = {"change": change.how.value}
    if change.item:
        entry["item"] = change.item
    if change.kind:
        entry["kind"] = change.kind
    if change.old is not None:
        entry["old"] = _plain(change.old)
    if change.new is not None:
        entry["new"] = _plain(change.new)
    return entry


def _plain(value: Setting) -> Json:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
