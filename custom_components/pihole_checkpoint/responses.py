"""Backups and what is done with them as data: for answers of actions, and for events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonArrayType, JsonObjectType, JsonValueType

from .data import BackupEvent, BackupEventType, CheckpointData
from .engine.aio import in_thread
from .engine.files import printable
from .engine.models import BackupRecord, LastChange, Remark
from .engine.policy.current import confirmed_at
from .engine.policy.retention import Plan
from .engine.repository.index import Index
from .engine.repository.record_writing import change_to_data, changes_to_data
from .engine.restore.change_ids import ShownItem, ids_of
from .engine.restore.models import RestoreResult
from .engine.teleporter.diff import Change, Subject
from .engine.teleporter.excerpt import LeftOut
from .engine.teleporter.headline import headline
from .restore_responses import MOST_ITEMS, dns_response, restore_plan_response
from .wording import Words


def headline_response(changes: Iterable[Change], left_out: Iterable[LeftOut] = ()) -> JsonArrayType:
    """Describe how many items changed, and how."""
    return [
        {"subject": each.subject.value, "change": each.how.value, "count": each.number}
        for each in headline(changes, left_out)
    ]


def _changes_of(record: BackupRecord, index: Index, words: Words) -> JsonObjectType:
    """Describe in short what has changed since the backup before."""
    compared = index.compared(record).value
    if record.changes is None:
        return {"changes": None, "headline": None, "compared": compared}
    return {
        "changes": words.headline(headline(record.changes, record.changes_left_out)),
        "headline": headline_response(record.changes, record.changes_left_out),
        "compared": compared,
    }


def record_response(
    entry_id: str, record: BackupRecord, index: Index, words: Words
) -> JsonObjectType:
    """Describe a backup. `index` has all those of the Pi-hole."""
    confirmed = confirmed_at(record, dt_util.utcnow())
    return {
        "config_entry_id": entry_id,
        "id": record.id,
        "filename": record.filename,
        "file_size": record.file_size,
        "status": record.status.value,
        "is_manual": record.trigger.is_manual,
        "created_at": record.created_at.isoformat(),
        "created_at_display": f"{dt_util.as_local(record.created_at):%b %d, %Y %H:%M}",
        "trigger": record.trigger.value,
        "sha256": record.sha256,
        "duration": record.duration,
        "pinned": record.pinned,
        "note": record.note,
        "confirmed_at": confirmed.isoformat() if confirmed else None,
        "contents": None if record.counts is None else asdict(record.counts),
        **_changes_of(record, index, words),
    }


def record_changes_response(record: BackupRecord, index: Index) -> JsonObjectType:
    """Describe what changed since the backup before, by name."""
    left_out: JsonArrayType = [
        {"subject": each.subject.value, "change": each.how.value, "count": each.number}
        for each in record.changes_left_out
    ]
    return {
        "changes": changes_to_data(record.changes or ()),
        "left_out": left_out,
        "compared": index.compared(record).value,
    }


def backup_event(
    event_type: BackupEventType, record: BackupRecord, index: Index, words: Words
) -> BackupEvent:
    """Make the event for something that happened to a backup."""
    return BackupEvent(
        type=event_type,
        data={
            "backup_id": record.id,
            "filename": printable(record.filename),  # for the logbook, and notifications
            "file_size": record.file_size,
            "trigger": record.trigger.value,
            "duration": record.duration,
            **_changes_of(record, index, words),
        },
    )


def completed_event(record: BackupRecord, index: Index, words: Words) -> BackupEvent:
    """Make the event for a backup of the Pi-hole itself, with sentences about what has changed."""
    event = backup_event(BackupEventType.COMPLETED, record, index, words)
    change = LastChange.of(record.created_at, record.changes or (), record.changes_left_out)
    sentences: JsonArrayType = [*words.last_change(change)]
    return replace(event, data={**event.data, "sentences": sentences})


def overdue_event(data: CheckpointData, words: Words) -> BackupEvent:
    """Make the event for a backup that is missing; it says why, if the last attempt failed."""
    attempt = data.attempt
    return BackupEvent(
        type=BackupEventType.OVERDUE,
        data={
            "last_backup": data.last_backup.isoformat() if data.last_backup else None,
            "reason": attempt.reason if attempt else None,
            "message": words.attempt(attempt) if attempt else None,
        },
    )


def plan_response(entry_id: str, plan: Plan, index: Index, words: Words) -> JsonObjectType:
    """Describe what retention keeps, and why, and what it deletes."""
    kept: list[JsonValueType] = [
        {
            **record_response(entry_id, record, index, words),
            "kept_for": [str(reason) for reason in sorted(reasons)],
        }
        for record, reasons in plan.kept
    ]
    return {
        "config_entry_id": entry_id,
        "kept": kept,
        "removed": [record_response(entry_id, record, index, words) for record in plan.removed],
    }


def comparison_response(
    changes: Sequence[Change],
    ids: Mapping[ShownItem, str],
    words: Words,
    *,
    most: int | None = None,
) -> JsonObjectType:
    """Describe differences, in words and as data: `most` of them, each with the ID of its item."""
    summary: list[JsonValueType] = [*words.sentences(changes)]
    return {
        "summary": summary or [words.say("compare_same")],
        "headline": headline_response(changes),
        "changes": _with_ids(changes[:most], ids),
    }


def _with_ids(changes: Iterable[Change], ids: Mapping[ShownItem, str]) -> JsonObjectType:
    found: dict[Subject, JsonArrayType] = {subject: [] for subject in Subject}
    for change in changes:
        id_ = ids.get((change.subject, change.kind, change.item))
        found[change.subject].append({**change_to_data(change), "id": id_})
    return {subject.value: some for subject, some in found.items()}


def remarks_response(remarks: Iterable[Remark], words: Words) -> JsonObjectType:
    """Describe remarks, in words and as data."""
    said: JsonArrayType = []
    details: JsonArrayType = []
    for remark in remarks:
        said.append(words.remark(remark))
        details.append({"key": remark.key.value, "placeholders": {**remark.placeholders}})
    return {"remarks": said, "remark_details": details}


def _compared(restored: RestoreResult, words: Words) -> JsonObjectType:
    ids = ids_of(restored.plan.differences)
    return comparison_response(restored.changes, ids, words, most=MOST_ITEMS)


async def restore_response(
    entry_id: str, restored: RestoreResult, index: Index, words: Words, *, dry_run: bool
) -> JsonObjectType:
    """Describe what a restore has done or, as a dry run, would do."""
    remarks = remarks_response(restored.remarks, words)
    comparison = await in_thread(_compared, restored, words)
    safety = restored.safety
    return {
        "config_entry_id": entry_id,
        "backup_id": restored.backup.id,
        "dry_run": dry_run,
        "proven": None if dry_run else restored.proven,
        "gravity_updated": restored.gravity_updated,
        **remarks,
        "safety_backup": record_response(entry_id, safety, index, words) if safety else None,
        **comparison,
        "plan": restored.token,
        "way": restored.way and restored.way.value,
        "dns_check": dns_response(restored.dns) if restored.dns else None,
        **await in_thread(restore_plan_response, restored, dry_run=dry_run),
    }
