"""Backups and what is done with them as data: for answers of actions, and for events."""

from collections.abc import Sequence
from dataclasses import asdict

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .data import BackupEvent, BackupEventType
from .engine.aio import in_thread
from .engine.files import printable
from .engine.models import BackupRecord
from .engine.policy.current import confirmed_at
from .engine.policy.retention import Plan
from .engine.repository.record_writing import changes_to_data
from .engine.restore.models import RestoreResult
from .engine.teleporter.diff import Change
from .engine.teleporter.summary import headline, sentences
from .exceptions import remark_of
from .restore_responses import restore_plan_response


def _headline(record: BackupRecord) -> str | None:
    if record.changes is None:
        return None
    return headline(record.changes, record.changes_left_out)


def record_response(entry_id: str, record: BackupRecord) -> JsonObjectType:
    """Describe a backup."""
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
        "changes": _headline(record),
    }


def backup_event(event_type: BackupEventType, record: BackupRecord) -> BackupEvent:
    """Make the event for something that happened to a backup."""
    return BackupEvent(
        type=event_type,
        data={
            "backup_id": record.id,
            "filename": printable(record.filename),  # for the logbook, and notifications
            "file_size": record.file_size,
            "trigger": record.trigger.value,
            "duration": record.duration,
            "changes": _headline(record),
        },
    )


def plan_response(entry_id: str, plan: Plan) -> JsonObjectType:
    """Describe what retention keeps, and why, and what it deletes."""
    kept: list[JsonValueType] = [
        {
            **record_response(entry_id, record),
            "kept_for": [str(reason) for reason in sorted(reasons)],
        }
        for record, reasons in plan.kept
    ]
    return {
        "config_entry_id": entry_id,
        "kept": kept,
        "removed": [record_response(entry_id, record) for record in plan.removed],
    }


def comparison_response(changes: Sequence[Change]) -> JsonObjectType:
    """Describe differences, in words and as data."""
    summary: list[JsonValueType] = [*sentences(changes)]
    return {"summary": summary or ["Nothing is different."], "changes": changes_to_data(changes)}


async def restore_response(
    entry_id: str, restored: RestoreResult, *, dry_run: bool
) -> JsonObjectType:
    """Describe what a restore has done or, as a dry run, would do."""
    remarks: list[JsonValueType] = [remark_of(remark) for remark in restored.remarks]
    comparison = await in_thread(comparison_response, restored.changes)
    return {
        "config_entry_id": entry_id,
        "backup_id": restored.backup.id,
        "dry_run": dry_run,
        "proven": None if dry_run else restored.proven,
        "gravity_updated": restored.gravity_updated,
        "summary": comparison["summary"],
        "remarks": remarks,
        "safety_backup": record_response(entry_id, restored.safety) if restored.safety else None,
        "changes": comparison["changes"],
        "plan": restored.token,
        "way": restored.way and restored.way.value,
        **await in_thread(restore_plan_response, restored, dry_run=dry_run),
    }
