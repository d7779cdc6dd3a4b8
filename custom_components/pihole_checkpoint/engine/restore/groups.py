"""Groups that come along with what is in them, and groups that stay for what is in them."""

from collections.abc import Collection, Iterable, Iterator

from ..teleporter.contents import Contents, Entry
from ..teleporter.diff import Subject
from .differences import Difference
from .feasibility import LeftOut, Obstacle


class Groups:
    """Which groups have to come along, and which have to stay."""

    def __init__(
        self,
        backup: Contents,
        live: Contents,
        found: Collection[Difference],
        chosen: Collection[Difference],
    ) -> None:
        """Take both sides, what is different, and what of that is to be carried out."""
        groups = [each for each in found if each.subject is Subject.GROUPS]
        chosen_ids = {each.id for each in chosen}
        used = _used(live, chosen)
        self.brought: list[Difference] = [
            each
            for each in groups
            if each.old is None and each.item in used and each.id not in chosen_ids
        ]
        """Those that what is restored is in, and that the Pi-hole does not have."""
        arriving = {each.item for each in self.brought} | {
            each.item for each in groups if each.id in chosen_ids and each.old is None
        }
        self.kept: list[LeftOut] = [
            LeftOut(difference=each, reason=reason)
            for each in groups
            if each.id in chosen_ids
            and each.new is None
            and (reason := self._reason_to_stay(each, live, backup, used, arriving)) is not None
        ]
        """Those that are not in the backup, but are needed."""

    @staticmethod
    def _reason_to_stay(
        group: Difference,
        live: Contents,
        backup: Contents,
        used: Collection[str],
        arriving: Collection[str],
    ) -> Obstacle | None:
        if group.item in used:
            return Obstacle.IN_USE
        if group.item == live.default_group and backup.default_group not in arriving:
            return Obstacle.DEFAULT_GROUP
        return None


def _used(live: Contents, chosen: Iterable[Difference]) -> set[str]:
    """Return the names of the groups that entries will be in."""
    changed = {each.id: each for each in chosen}
    replaced = {(each.subject, each.kind, each.item) for each in changed.values()}
    staying: Iterator[tuple[Subject, Entry]] = (
        (subject, entry)
        for subject, entries in (
            (Subject.LISTS, live.lists),
            (Subject.DOMAINS, live.domains),
            (Subject.CLIENTS, live.clients),
        )
        for entry in entries
    )
    used = {
        name
        for subject, entry in staying
        if (subject, entry.kind, entry.name) not in replaced
        for name in entry.groups
    }
    return used.union(
        *(each.new.groups for each in changed.values() if isinstance(each.new, Entry))
    )
