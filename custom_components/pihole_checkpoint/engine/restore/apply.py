"""Making the changes of a plan one by one through Pi-hole's API, while the Pi-hole answers on.

The order: groups that come or change, the entries in them, entries that go, groups that go, and the
settings at last, because one of them may restart the Pi-hole. Each step can be repeated, so that a
lost answer or a restart in between leaves nothing half done.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from functools import partial
from itertools import batched
from typing import Final

from ..export import Report
from ..models import Stage
from ..pihole.busy import HALF_DONE
from ..pihole.errors import (
    AnswerTimeout,
    ConnectionFailed,
    ItemRefused,
    SessionEnded,
    SettingsRefused,
)
from ..pihole.item_changes import delete_items, put_item
from ..pihole.items import Item, read_groups
from ..pihole.paths import keeps_name
from ..pihole.redaction import redact
from ..pihole.session import PiholeSession
from ..pihole.settings import SettingValue, patch_settings, read_settings
from ..teleporter.contents import Entry
from ..teleporter.diff import Subject
from .applied import Applied
from .differences import Difference, id_of
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

_MOST_HANGS: Final = 1
"""How often one step is begun again when no answer came in it."""

type Recover = Callable[[], Awaitable[None]]
"""Waits until the Pi-hole answers again, and sees to it that the session is valid."""
type Announce = Callable[[Collection[str]], Awaitable[None]]
"""Called with the IDs of changes right before they are sent."""


async def apply(  # noqa: PLR0913 - as many as there are sides
    plan: Plan,
    session: PiholeSession,
    applied: Applied,
    *,
    announce: Announce,
    recover: Recover,
    report: Report,
) -> None:
    """Make the changes, and note in `applied` what was made.

    What the Pi-hole refuses is noted, too, and the others are made all the same. Raises
    `ConnectionFailed`, `WrongAddress` or `Refused` when it cannot go on.
    """
    apply_all = _Apply(plan, session, applied, announce=announce, recover=recover, report=report)
    await apply_all.run()


def in_order(plan: Plan) -> list[Difference]:
    """Return the changes of a plan in the order in which they are made."""
    return [
        *(each for subject in (Subject.GROUPS, *_ENTRIES) for each in _put_in(plan, subject)),
        *(each for subject in (*_ENTRIES, Subject.GROUPS) for each in _gone_in(plan, subject)),
        *_settings_in(plan),
    ]


def _put_in(plan: Plan, subject: Subject) -> Iterable[Difference]:
    return (
        each for each in plan.differences if each.subject is subject and isinstance(each.new, Entry)
    )


def _gone_in(plan: Plan, subject: Subject) -> Iterable[Difference]:
    return (each for each in plan.differences if each.subject is subject and each.new is None)


def _settings_in(plan: Plan) -> Collection[Difference]:
    return [each for each in plan.differences if setting_of(each) is not None]


async def names_arrive(plan: Plan, session: PiholeSession) -> bool:
    """Return whether no proxy changes the name of an item on its way to the Pi-hole."""
    for difference in plan.differences:
        is_put = isinstance(difference.new, Entry)
        if is_put and not await keeps_name(session, difference.item):
            return False
    return True


class _Apply:
    def __init__(  # noqa: PLR0913 - as `apply`
        self,
        plan: Plan,
        session: PiholeSession,
        applied: Applied,
        *,
        announce: Announce,
        recover: Recover,
        report: Report,
    ) -> None:
        self._plan, self._session, self._applied = plan, session, applied
        self._announce, self._recover, self._report = announce, recover, report
        self._ids: Mapping[str, int] = {}
        self._arrays: dict[str, SettingValue] = {}

    async def run(self) -> None:
        await self._put(Subject.GROUPS)
        # Only now: the IDs of groups that were deleted are given again.
        await self._persist(self._read_ids)
        for subject in _ENTRIES:
            await self._put(subject)
        for subject in (*_ENTRIES, Subject.GROUPS):
            await self._delete(subject)
        await self._patch()

    async def _put(self, subject: Subject) -> None:
        for difference in _put_in(self._plan, subject):
            if not isinstance(entry := difference.new, Entry):
                continue
            if (refusal := self._refused_group(entry)) is not None:
                self._applied.refused[difference.id] = refusal
                continue
            item = self._item(subject, entry)
            await self._step((difference,), partial(put_item, self._session, item))

    async def _delete(self, subject: Subject) -> None:
        gone = [*_gone_in(self._plan, subject)]
        if subject is Subject.GROUPS:
            kept = {
                each.id: why for each in gone if (why := self._refused_member(each)) is not None
            }
            self._applied.refused |= kept
            gone = [each for each in gone if each.id not in kept]
        for batch in batched(gone, _DELETED_AT_ONCE[subject], strict=False):
            names = [(each.item, each.kind) for each in batch]
            await self._step(
                batch,
                partial(delete_items, self._session, ITEM_KINDS[subject], names),
            )

    def _refused_group(self, entry: Entry) -> str | None:
        """Return which group of an entry was refused, and why: it does not go in without it."""
        for name in entry.groups:
            if name not in self._ids:
                id_ = id_of(Subject.GROUPS, "", name)
                return f"{redact(name)}: {self._applied.refused.get(id_, HALF_DONE)}"
        return None

    def _refused_member(self, group: Difference) -> str | None:
        """Return what is still in a group because its change was refused, and why."""
        for each in self._plan.differences:
            is_in = isinstance(each.old, Entry) and group.item in each.old.groups
            if is_in and (reason := self._applied.refused.get(each.id)) is not None:
                return f"{redact(each.item)}: {reason}"
        return None

    async def _patch(self) -> None:
        if changed := _settings_in(self._plan):
            await self._persist(self._read_arrays)
            values = self._plan.setting_values | self._arrays
            await self._step(changed, partial(patch_settings, self._session, values))
            if not self._applied.refused.keys().isdisjoint(each.id for each in changed):
                self._applied.unpatched = values

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
                changed = (each for each in self._plan.differences if each.subject is subject)
                self._arrays[key] = some_items(now, changed)

    async def _step(
        self, differences: Collection[Difference], make: Callable[[], Awaitable[None]]
    ) -> None:
        """Make some changes together, again if the Pi-hole went away meanwhile."""
        ids = [each.id for each in differences]
        applied = self._applied
        number = len(applied.done) + len(applied.refused)
        self._report(Stage.APPLYING, f"{number + 1}/{len(self._plan.changes)}")
        await self._announce(ids)
        applied.sent.update(ids)
        try:
            await self._persist(make)
        except (ItemRefused, SettingsRefused) as error:
            applied.refused |= dict.fromkeys(ids, error.placeholders["reason"])
        else:
            applied.done.update(ids)

    async def _persist(self, make: Callable[[], Awaitable[None]]) -> None:
        hangs = 0
        for _ in range(_MOST_INTERRUPTIONS):
            try:
                return await make()
            except AnswerTimeout:
                hangs += 1
                if hangs > _MOST_HANGS:
                    raise
            except ConnectionFailed, SessionEnded:
                pass
            await self._recover()
        return await make()

    async def _read_ids(self) -> None:
        self._ids = await read_groups(self._session)

    def _item(self, subject: Subject, entry: Entry) -> Item:
        return Item(
            kind=ITEM_KINDS[subject],
            name=entry.name,
            variant=entry.kind,
            enabled=entry.enabled,
            comment=entry.comment,
            groups=frozenset(self._ids[name] for name in entry.groups),
        )
