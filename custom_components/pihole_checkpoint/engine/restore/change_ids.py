"""The IDs that plans give to what was compared. Pure functions."""

from collections.abc import Iterable, Mapping

from ..pihole.redaction import redact
from ..teleporter.contents import Contents
from ..teleporter.diff import Subject
from .differences import Difference, differences_between
from .plan import as_taken

type ShownItem = tuple[Subject, str, str]
"""The subject, kind and name of an item as a `Change` shows it, which is without secrets."""


def change_ids(live: Contents, backup: Contents) -> Mapping[ShownItem, str]:
    """Return the IDs that a plan from `live` to `backup` gives to its items."""
    return ids_of(differences_between(live, as_taken(backup, live)))


def ids_of(differences: Iterable[Difference]) -> Mapping[ShownItem, str]:
    """Return the IDs of differences by what is shown of them.

    Two items that look the same without their secrets have none: it would be that of one of them.
    """
    ids: dict[ShownItem, str] = {}
    ambiguous: set[ShownItem] = set()
    for each in differences:
        shown = each.subject, redact(each.kind), redact(each.item)
        if ids.setdefault(shown, each.id) != each.id:
            ambiguous.add(shown)
    return {shown: id_ for shown, id_ in ids.items() if shown not in ambiguous}
