"""What a user should know about a plan, beside its changes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from ..models import Remark, RemarkKey
from ..pihole.redaction import redact
from .feasibility import Obstacle
from .plan import Plan

_MOST_NAMES: Final = 20
_KEYS: Final = {
    Obstacle.FORCED: RemarkKey.FORCED_SETTINGS,
    Obstacle.UNKNOWN: RemarkKey.UNKNOWN_SETTINGS,
    Obstacle.READ_ONLY: RemarkKey.READ_ONLY,
    Obstacle.INSTALLATION: RemarkKey.OWN_SETTINGS,
    Obstacle.MACHINE: RemarkKey.MACHINE_SETTINGS,
    Obstacle.LOCKS_OUT: RemarkKey.LOCKING_SETTINGS,
    Obstacle.ACCESS: RemarkKey.APP_SUDO_STAYS,
    Obstacle.IN_USE: RemarkKey.KEPT_GROUPS,
    Obstacle.DEFAULT_GROUP: RemarkKey.DEFAULT_GROUP,
}


def remarks_on(plan: Plan) -> list[Remark]:
    """Return a remark for each reason for which something is left out or brought along."""
    names: defaultdict[RemarkKey, list[str]] = defaultdict(list)
    for each in plan.left_out:
        if (key := _KEYS.get(each.reason)) is not None:
            names[key].append(each.difference.item or each.difference.subject)
    for change in plan.changes:
        if change.is_brought:
            names[RemarkKey.BROUGHT_GROUPS].append(change.difference.item)
    return [remark(key, names=listed(found)) for key, found in sorted(names.items())]


def remark(key: RemarkKey, **placeholders: str) -> Remark:
    """Make a remark. It may name groups and settings, whose names are free text."""
    shown = {name: redact(value) for name, value in placeholders.items()}
    return Remark(key=key, placeholders=shown)


def listed(names: Iterable[str]) -> str:
    """Return names as one text, not too long."""
    found = sorted(set(names))
    more = ["…"] if len(found) > _MOST_NAMES else []
    return ", ".join([*found[:_MOST_NAMES], *more])
