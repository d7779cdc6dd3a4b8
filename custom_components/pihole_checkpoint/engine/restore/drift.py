"""How far two Pi-holes that should be alike have drifted apart. Pure functions."""

from dataclasses import dataclass, field
from typing import Final

from ..teleporter.contents import Contents
from ..teleporter.diff import Change, Subject, by_item, compare
from ..teleporter.excerpt import Excerpt
from .selection import is_of_machine

_MOST_ALIKE: Final = 10
_LONGEST: Final = 200
"""Both are for what is kept of each pair of Pi-holes: enough for a few lines of words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Differences:
    """What is different on a Pi-hole from another one."""

    number: int = 0
    """How many items are different."""
    excerpt: Excerpt = field(default_factory=lambda: Excerpt(changes=()))
    """The first of them."""


def find_differences(one: Contents, other: Contents) -> Differences:
    """Find what is different in `other`, without what belongs to one machine."""
    changes = [change for change in compare(one, other) if not _is_of_machine(change)]
    return Differences(
        number=sum(1 for _ in by_item(changes)),
        excerpt=Excerpt.of(changes, most=_MOST_ALIKE, longest=_LONGEST),
    )


def _is_of_machine(change: Change) -> bool:
    if change.subject is Subject.SETTINGS:
        is_secret = change.old is None and change.new is None
        return is_secret or is_of_machine(change.item)
    return change.subject in (Subject.LEASES, Subject.FILES)
