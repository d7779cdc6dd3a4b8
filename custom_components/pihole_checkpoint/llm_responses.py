"""Backups as data for language models: short, and with texts from archives only as values.

Such a text may be anybody's, and may be made to look like an instruction. So each is one line of
bounded length, stands in a field of its own, and there are only so many of them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonArrayType, JsonObjectType, JsonValueType

from .data import CheckpointData
from .engine.files import printable
from .engine.models import BackupRecord
from .engine.repository.index import Index
from .engine.teleporter.contents import Contents, Setting
from .engine.teleporter.diff import Change, compare
from .responses import record_response
from .wording import Words

MOST_BACKUPS: Final = 20
MOST_CHANGES: Final = 50
LONGEST_TEXT: Final = 120
_LONGEST_SENTENCE: Final = 300
_KEPT: Final = ("id", "trigger", "status", "pinned", "compared", "contents")


def status_response(snapshot: CheckpointData, words: Words) -> JsonObjectType:
    """Say whether everything is in order with a Pi-hole's backups, and what is not."""
    problems: JsonArrayType = [*_problems(snapshot)]
    error = snapshot.storage_error
    return {
        "in_order": not problems,
        "problems": problems,
        "reachable": snapshot.reachable,
        "last_backup": _time(snapshot.last_backup),
        "last_change": _time(snapshot.last_change.at if snapshot.last_change else None),
        "next_backup": _time(snapshot.next_run),
        "backups": len(snapshot.good) if snapshot.is_known else None,
        "damaged_backups": snapshot.damaged if snapshot.is_known else None,
        "last_attempt": _attempt(snapshot, words),
        "folder_error": None if error is None else plain(words.error(error), _LONGEST_SENTENCE),
    }


def _problems(snapshot: CheckpointData) -> Iterable[str]:
    found = {
        "no_backup_yet": snapshot.is_known and snapshot.current is None,
        "last_backup_failed": snapshot.has_failed,
        "scheduled_backup_missing": snapshot.overdue,
        "damaged_backups": snapshot.damaged > 0,
        "backup_folder_unusable": snapshot.storage_error is not None,
        "pihole_unreachable": not snapshot.reachable,
        "restore_interrupted": snapshot.unfinished is not None,
        "restored_changes_lost": bool(snapshot.lost),
    }
    return (problem for problem, is_there in found.items() if is_there)


def _attempt(snapshot: CheckpointData, words: Words) -> JsonObjectType | None:
    if (attempt := snapshot.attempt) is None:
        return None
    reason = words.attempt(attempt)
    return {
        "at": _time(attempt.at),
        "result": attempt.result.value,
        "reason": reason and plain(reason, _LONGEST_SENTENCE),
    }


def backup_response(record: BackupRecord, index: Index, words: Words) -> JsonObjectType:
    """Describe a backup by what every user may see of it."""
    described = record_response("", record, index, words)
    return {
        "made_at": _time(record.created_at),
        "confirmed_at": _time(record.confirmed_at),
        **{key: described[key] for key in _KEPT},
        "what_changed": described["changes"] or None,
        "note": plain(record.note, _LONGEST_SENTENCE) or None,
    }


def comparison_response(old: Contents, new: Contents) -> JsonObjectType:
    """Name differences. For a thread: there may be very many."""
    changes = compare(old, new)
    named: JsonArrayType = [_change(change) for change in changes[:MOST_CHANGES]]
    return {"changes": named, "more_changes": len(changes) - len(named)}


def error_response(error: HomeAssistantError, words: Words) -> JsonObjectType:
    """Say why something cannot be answered or done."""
    return {"error": plain(words.raised(error), _LONGEST_SENTENCE)}


def _change(change: Change) -> JsonObjectType:
    said: JsonObjectType = {"subject": change.subject.value, "change": change.how.value}
    texts = {"item": change.item, "kind": change.kind, "old": change.old, "new": change.new}
    return said | {
        name: _value(value) for name, value in texts.items() if value not in (None, "", ())
    }


def _value(value: Setting | None) -> JsonValueType:
    match value:
        case str():
            return plain(value)
        case tuple():
            return plain(", ".join(map(str, value)))
        case _:
            return value


def plain(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text as one line that is not too long, without characters that nobody sees."""
    line = printable(" ".join(text[: 2 * longest].split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _time(moment: datetime | None) -> str | None:
    """Return a time as the user's clock shows it: a model does not know the time zone."""
    return dt_util.as_local(moment).isoformat(timespec="seconds") if moment else None
