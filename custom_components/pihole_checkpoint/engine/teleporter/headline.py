"""How many items changed, and how: what a headline says about changes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .diff import Change, ChangeKind, Subject, by_item
from .excerpt import LeftOut


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """How many items of one kind changed in one way."""

    subject: Subject
    how: ChangeKind
    number: int


def headline(changes: Iterable[Change], left_out: Iterable[LeftOut] = ()) -> tuple[Amount, ...]:
    """Count the changed items by their kind, and by how they changed. Each item counts once."""
    numbers = Counter((some[0].subject, how) for how, some in by_item(changes))
    for each in left_out:
        numbers[each.subject, each.how] += each.number
    return tuple(
        Amount(subject=subject, how=how, number=numbers[subject, how])
        for subject in Subject
        for how in ChangeKind
        if (subject, how) in numbers
    )
