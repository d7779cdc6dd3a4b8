"""What a record keeps of changes: as much as a person reads, and how many there were beyond it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from .contents import Setting
from .diff import Change, ChangeKind, Subject, by_item

MOST_ALIKE: Final = 100
"""How many items of one subject that changed in the same way are kept."""
_MOST_ITEMS: Final = 100
"""Of a list that is the value of a setting."""
_LONGEST: Final = 1000
"""The length of a name or a value, in characters."""
_CUT: Final = "…"


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """How many items that changed in one way are not kept."""

    subject: Subject
    how: ChangeKind
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """The changes that are kept, and the numbers of the others."""

    changes: tuple[Change, ...]
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def of(
        cls, changes: Iterable[Change], *, most: int = MOST_ALIKE, longest: int = _LONGEST
    ) -> Self:
        """Keep the first items of each subject that changed in the same way.

        Names and values are cut to the length of `longest` characters.
        """
        seen: Counter[tuple[Subject, ChangeKind]] = Counter()
        kept: list[Change] = []
        for how, some in by_item(changes):
            alike = some[0].subject, how
            seen[alike] += 1
            if seen[alike] <= most:
                kept.extend(_shortened(change, longest) for change in some)
        return cls(
            changes=tuple(kept),
            left_out=tuple(
                LeftOut(subject=subject, how=how, number=number - most)
                for (subject, how), number in seen.items()
                if number > most
            ),
        )


def _shortened(change: Change, longest: int) -> Change:
    item, kind = _cut(change.item, longest), _cut(change.kind, longest)
    old, new = _cut_value(change.old, longest), _cut_value(change.new, longest)
    if (item, kind, old, new) == (change.item, change.kind, change.old, change.new):
        return change
    return replace(change, item=item, kind=kind, old=old, new=new)


def _cut_value(value: Setting | None, longest: int) -> Setting | None:
    match value:
        case str():
            return _cut(value, longest)
        case tuple():
            items = tuple(_cut(item, longest) if isinstance(item, str) else item for item in value)
            return items if len(items) <= _MOST_ITEMS else (*items[:_MOST_ITEMS], _CUT)
        case _:
            return value


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + _CUT
