"""Making the changes of a plan one by one through Pi-hole's API, while the Pi-hole answers on.

The order: groups that come or change, the entries in them, entries that go, groups that go, and the
settings at last, because one of them may restart the Pi-hole. Each step can be repeated, so that a
lost answer or a restart in between leaves nothing half done.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from typing import Final

from ..export import Report
from ..models import Stage
from ..pihole.errors import ConnectionFailed, ItemRefused, SessionEnded, SettingsRefused
from ..pihole.item_changes import delete_items, put_item
from ..pihole.items import Item, read_groups
from ..pihole.paths import keeps_name
from ..pihole.session import PiholeSession
from ..pihole.settings import SettingValue, patch_settings, read_settings
from ..teleporter.contents import Entry
from ..teleporter.diff import Subject
from .differences import Difference
from .expectation import some_items
from .feasibility import ITEM_KINDS, setting_of
from .plan import Plan
from .selection import SETTING_OF

_ENTRIES: Final = (Subject.LISTS, Subject.DOMAINS, Subject.CLIENTS)
_DELETED_AT_ONCE: Final = {
    Subject.LISTS: 1,
    Subject.DOMAINS: 20,
    Subject.CLIENTS: 20,
    Subject.GROUPS: 1,
}
"""What one request deletes. The Pi-hole's DNS waits for 3 ms for each domain or client."""
_MOST_INTERRUPTIONS: Final = 3
"""How often one step is begun again when the Pi-hole went away in it."""

type Recover = Callable[[], Awaitable[None]]
"""Waits until the Pi-hole answers again, and sees to it that the session is valid."""


@dataclass(kw_only=True, slots=True)
class Applied:
    """Which changes were made so far, by their IDs."""

    done: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    """Why, in the Pi-hole's own words."""


async def apply(
    plan: Plan, session: PiholeSession, applied: Applied, *, recover: Recover, report: Report
) -> None:
    """Make the changes, and note in `applied` what was made.

    What the Pi-hole refuses is noted, too, and the others are made all the same. Raises
    `ConnectionFailed`, `WrongAddress` or `Refused` when it cannot go on.
    """
    await _Apply(plan, session, applied, recover, report).run()


async def names_arrive(plan: Plan, session: PiholeSession) -> bool:
    """Return whether no proxy changes the name of an item on its way to the Pi-hole."""
    for difference in plan.differences:
        is_put = isinstance(difference.new, Entry)
        if is_put and not await keeps_name(session, difference.item):
            return False
    return True


class _Apply:
    def __init__(
        self,
        plan: Plan,
        session: PiholeSession,
        applied: Applied,
        recover: Recover,
        report: Report,
    ) -> None:
        self._plan, self._session, self._applied = plan, session, applied
        self._recover, self._report = recover, report
        self._ids: Mapping[str, int] = {}
        self._arrays: dict[str, SettingValue] = {}

    async def run(self) -> None:
        await self._put(Subject.GROUPS)
        # Only now: the IDs of groups that were deleted are given again.
        await self._step((), self._read_ids)
        for subject in _ENTRIES:
            await self._put(subject)
        for subject in (*_ENTRIES, Subject.GROUPS):
            await self._delete(subject)
        await self._patch()

    async def _put(self, subject: Subject) -> None:
        for difference in self._of(subject):
            if isinstance(entry := difference.new, Entry):
                item = self._item(subject, entry)
                await self._step((difference,), partial(put_item, self._session, item))

    async def _delete(self, subject: Subject) -> None:
        gone = [each for each in self._of(subject) if each.new is None]
        for batch in batched(gone, _DELETED_AT_ONCE[subject], strict=False):
            names = [(each.item, each.kind) for each in batch]
            await self._step(
                batch,
                partial(delete_items, self._session, ITEM_KINDS[subject], names),
            )

    async def _patch(self) -> None:
        changed = [each for each in self._plan.differences if setting_of(each) is not None]
        if changed:
            await self._step((), self._read_arrays)
            values = self._plan.setting_values | self._arrays
            await self._step(changed, partial(patch_settings, self._session, values))

    async def _read_arrays(self) -> None:
        """Change what arrays hold by now: somebody may have added a record since the first change.

        The verification then says that there is more than was expected.
        """
        keys = {setting_of(each) for each in self._plan.differences}
        wanted = keys & self._plan.target.arrays.keys()
        if not wanted or None not in keys:
            return  # there was no other change that took its time
        settings = await read_settings(self._session)
        for subject, key in SETTING_OF.items():
            now = settings[key].value if key in wanted and key in settings else None
            if isinstance(now, tuple) and now != self._plan.target.arrays[key]:
                self._arrays[key] = some_items(now, self._of(subject))

    async def _step(
        self, differences: Collection[Difference], make: Callable[[], Awaitable[None]]
    ) -> None:
        """Make one step, again if the Pi-hole went away in it."""
        ids = [each.id for each in differences]
        number = len(self._applied.done) + len(self._applied.refused)
        if ids:
            self._report(Stage.APPLYING, f"{number + 1}/{len(self._plan.changes)}")
        try:
            await self._persist(make)
        except (ItemRefused, SettingsRefused) as error:
            self._applied.refused |= dict.fromkeys(ids, error.placeholders["reason"])
        else:
            self._applied.done.update(ids)

    async def _persist(self, make: Callable[[], Awaitable[None]]) -> None:
        for _ in range(_MOST_INTERRUPTIONS):
            try:
                return await make()
            except ConnectionFailed, SessionEnded:
                await self._recover()
        return await make()

    async def _read_ids(self) -> None:
        self._ids = await read_groups(self._session)

    def _of(self, subject: Subject) -> Iterable[Difference]:
        return (each for each in self._plan.differences if each.subject is subject)

    def _item(self, subject: Subject, entry: Entry) -> Item:
        return Item(
            kind=ITEM_KINDS[subject],
            name=entry.name,
            variant=entry.kind,
            enabled=entry.enabled,
            comment=entry.comment,
            groups=frozenset(self._ids[name] for name in entry.groups if name in self._ids),
        )
