"""How far two Pi-holes that should be alike have drifted apart. Pure functions."""

from ..teleporter.contents import Contents
from ..teleporter.diff import Change, Subject, by_item, compare
from .selection import is_of_machine


def count_differences(one: Contents, other: Contents) -> int:
    """Count the items that are different, without what belongs to one machine."""
    changes = compare(one, other)
    return sum(1 for _ in by_item(change for change in changes if not _is_of_machine(change)))


def _is_of_machine(change: Change) -> bool:
    if change.subject is Subject.SETTINGS:
        is_secret = change.old is None and change.new is None
        return is_secret or is_of_machine(change.item)
    return change.subject in (Subject.LEASES, Subject.FILES)
