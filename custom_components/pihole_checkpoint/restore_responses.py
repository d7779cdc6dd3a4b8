"""A restore's plan, and what became of each change, as data."""

from homeassistant.util.json import JsonArrayType, JsonObjectType, JsonValueType

from .engine.pihole.redaction import redact
from .engine.restore.differences import Difference, Value
from .engine.restore.dns_check import DnsCheck
from .engine.restore.models import RestoreResult
from .engine.restore.plan import Plan, PlannedChange, Way
from .engine.teleporter.contents import Entry, Lease, Secret
from .engine.teleporter.diff import ChangeKind


def restore_plan_response(restored: RestoreResult, *, dry_run: bool) -> JsonObjectType:
    """Describe the changes of a restore one by one, what is left out, and how it can be done."""
    items: JsonArrayType = []
    for change in restored.plan.changes:
        refusal = restored.refused.get(change.difference.id)
        outcome = None if dry_run else "done" if refusal is None else "refused"
        items.append({**_change(change), "outcome": outcome, "reason": refusal})
    left_out: JsonArrayType = [
        {**_difference(each.difference), "reason": each.reason.value}
        for each in restored.plan.left_out
    ]
    ways: JsonArrayType = [_way(restored.plan, way) for way in restored.plan.ways]
    return {"items": items, "left_out": left_out, "ways": ways}


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
    return {**_difference(change.difference), "needs": needs, "brought": change.is_brought}


def _difference(difference: Difference) -> JsonObjectType:
    return {
        "id": difference.id,
        "subject": difference.subject.value,
        "change": difference.how.value,
        "item": redact(difference.item),
        "kind": redact(difference.kind),
        "details": _details(difference.old, difference.new),
    }


def _details(old: Value | None, new: Value | None) -> JsonArrayType:
    """Describe what is different in an item that stays; nothing of a secret is shown."""
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
        return []
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
