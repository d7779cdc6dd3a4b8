"""A restore's plan, and what became of each change, as data."""

from collections import Counter
from collections.abc import Iterable
import json
from typing import Final

from homeassistant.util.json import JsonArrayType, JsonObjectType, JsonValueType

from .engine.pihole.redaction import redact
from .engine.restore.applied import Applied, Outcome
from .engine.restore.differences import Difference, Value
from .engine.restore.dns_check import DnsCheck
from .engine.restore.feasibility import belongs_to_machine
from .engine.restore.models import RestoreResult
from .engine.restore.plan import Plan, PlannedChange, Way
from .engine.teleporter.contents import Entry, Lease, Secret
from .engine.teleporter.diff import ChangeKind, Subject

MOST_ITEMS: Final = 2000
"""Changes that an answer describes one by one; 550 kB of them, if they are of the usual length."""
_LONGEST_EVENT: Final = 8000
"""The length of the changes in an event, as JSON: Home Assistant keeps no state above 16 kB."""
_WORTH_KNOWING: Final = (Outcome.UNKNOWN, Outcome.REFUSED, Outcome.DONE, Outcome.NOT_DONE)
"""What an event names first."""


def restore_plan_response(restored: RestoreResult, *, dry_run: bool) -> JsonObjectType:
    """Describe the changes of a restore one by one, what is left out, and how it can be done."""
    plan, refused = restored.plan, restored.refused
    changes = sorted(plan.changes, key=lambda change: change.difference.id not in refused)
    items: JsonArrayType = []
    for change in changes[:MOST_ITEMS] if len(changes) > MOST_ITEMS else plan.changes:
        outcome = _outcome(change, restored, dry_run=dry_run)
        reason = refused.get(change.difference.id)
        items.append({**_change(change), "outcome": outcome, "reason": reason})
    left_out: JsonArrayType = [
        {**_difference(each.difference), "reason": each.reason.value}
        for each in plan.left_out[:MOST_ITEMS]
    ]
    ways: JsonArrayType = [_way(plan, way) for way in plan.ways]
    return {
        "items": items,
        "more_items": _counted(
            "outcome",
            (
                (change.difference, _outcome(change, restored, dry_run=dry_run))
                for change in changes[MOST_ITEMS:]
            ),
        ),
        "left_out": left_out,
        "more_left_out": _counted(
            "reason", ((each.difference, each.reason.value) for each in plan.left_out[MOST_ITEMS:])
        ),
        "ways": ways,
    }


def outcomes_response(plan: Plan, applied: Applied) -> JsonObjectType:
    """Describe in an event what became of the changes of a restore that failed."""
    outcomes = {each.id: applied.outcome(each.id) for each in plan.differences}
    differences = sorted(plan.differences, key=lambda each: _WORTH_KNOWING.index(outcomes[each.id]))
    items: JsonArrayType = []
    length = 0
    for each in differences:
        item: JsonObjectType = {
            **_named(each),
            "outcome": outcomes[each.id].value,
            "reason": applied.refused.get(each.id),
        }
        length += len(json.dumps(item))
        if length > _LONGEST_EVENT:
            break
        items.append(item)
    more = ((each, outcomes[each.id].value) for each in differences[len(items) :])
    return {"items": items, "more_items": _counted("outcome", more)}


def _outcome(change: PlannedChange, restored: RestoreResult, *, dry_run: bool) -> str | None:
    if dry_run:
        return None
    is_refused = change.difference.id in restored.refused
    return (Outcome.REFUSED if is_refused else Outcome.DONE).value


def _counted(name: str, more: Iterable[tuple[Difference, str | None]]) -> JsonArrayType:
    """Count what is not described one by one, by subject, change, and `name`."""
    counts = Counter((each.subject, each.how, value) for each, value in more)
    return [
        {"subject": subject.value, "change": how.value, name: value, "count": count}
        for (subject, how, value), count in counts.items()
    ]


def dns_response(check: DnsCheck) -> JsonObjectType:
    """Describe what asking the DNS showed."""
    wrong: JsonArrayType = [redact(name) for name in check.wrong]
    if check.blocked is False:
        wrong.append(redact(check.denied))
    return {
        "outcome": check.outcome.value,
        "asked": check.asked,
        "answered": check.records,
        "wrong": wrong,
    }


def _way(plan: Plan, way: Way) -> JsonObjectType:
    """Describe a way, and what it costs."""
    is_import = way is Way.IMPORT
    return {
        "way": way.value,
        "requests": 1 if is_import else len(plan.changes),
        "restarts": is_import or plan.restarts,
    }


def _change(change: PlannedChange) -> JsonObjectType:
    needs: JsonArrayType = [need.value for need in sorted(change.needs)]
    return {
        **_difference(change.difference),
        "needs": needs,
        "brought": change.is_brought,
        "of_machine": belongs_to_machine(change.difference),
    }


def _difference(difference: Difference) -> JsonObjectType:
    return {**_named(difference), "details": _details(difference)}


def _named(difference: Difference) -> JsonObjectType:
    return {
        "id": difference.id,
        "subject": difference.subject.value,
        "change": difference.how.value,
        "item": redact(difference.item),
        "kind": redact(difference.kind),
    }


def _details(difference: Difference) -> JsonArrayType:
    """Describe what is different in an item that stays; nothing of a secret is shown.

    A client is only an address: its comment says which one comes or goes.
    """
    old, new = difference.old, difference.new
    if isinstance(old, Entry) and isinstance(new, Entry):
        details: JsonArrayType = []
        if old.enabled is not new.enabled:
            how = ChangeKind.ENABLED if new.enabled else ChangeKind.DISABLED
            details.append({"change": how.value, "old": old.enabled, "new": new.enabled})
        if old.comment != new.comment:
            details.append(_detail(ChangeKind.COMMENT, old.comment, new.comment))
        if old.groups != new.groups:
            details.append(_detail(ChangeKind.GROUPS, old.groups, new.groups))
        return details
    if isinstance(old, (Entry, Lease)) or isinstance(new, (Entry, Lease)):
        comments = [each.comment if isinstance(each, Entry) else None for each in (old, new)]
        is_named = difference.subject is Subject.CLIENTS and any(comments)
        return [_detail(ChangeKind.COMMENT, *comments)] if is_named else []
    return [_detail(ChangeKind.CHANGED, old, new)]


def _detail(how: ChangeKind, old: Value | None, new: Value | None) -> JsonObjectType:
    return {"change": how.value, "old": shown(old), "new": shown(new)}


def shown(value: Value | None) -> JsonValueType:
    """Return a value without secrets; `None` for one that has none to be shown."""
    match value:
        case Secret() | Entry() | Lease() | None:
            return None
        case str():
            return redact(value)
        case tuple():
            return [shown(item) for item in value]
        case _:
            return value
