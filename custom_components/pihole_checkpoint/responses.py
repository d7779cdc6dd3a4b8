"""What the services answer."""

from collections.abc import Sequence
from dataclasses import asdict

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .engine.models import BackupRecord
from .engine.policy.retention import Plan
from .engine.repository.record import changes_to_data
from .engine.restore.restore import RestoreResult
from .engine.teleporter.diff import Change
from .engine.wording import headline, sentences
from .exceptions import remark_of


def record_response(entry_id: str, record: BackupRecord) -> JsonObjectType:
    """Tell what is known about a backup."""
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
        "confirmed_at": record.confirmed_at.isoformat() if record.confirmed_at else None,
        "contents": None if record.counts is None else asdict(record.counts),
        "changes": None if record.changes is None else headline(record.changes),
    }


def plan_response(entry_id: str, plan: Plan) -> JsonObjectType:
    """Tell what retention would keep, and why, and what it would delete."""
    kept: list[JsonValueType] = [
        {**record_response(entry_id, record), "kept_for": [str(it) for it in sorted(reasons)]}
        for record, reasons in plan.kept
    ]
    return {
        "config_entry_id": entry_id,
        "kept": kept,
        "removed": [record_response(entry_id, record) for record in plan.removed],
    }


def comparison_response(changes: Sequence[Change]) -> JsonObjectType:
    """Tell what is different, in words and in data."""
    summary: list[JsonValueType] = [*sentences(changes)]
    return {"summary": summary or ["Nothing is different."], "changes": changes_to_data(changes)}


def restore_response(entry_id: str, restored: RestoreResult, *, dry_run: bool) -> JsonObjectType:
    """Tell what came of a restore or, of a dry run, what would."""
    remarks: list[JsonValueType] = [remark_of(remark) for remark in restored.remarks]
    comparison = comparison_response(restored.changes)
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
    }
