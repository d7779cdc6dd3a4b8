"""Which backups are kept, and why. A pure function: it deletes nothing.

The rules mean what they mean in restic: `daily=14` keeps the newest backup of each of the fourteen
most recent days that have one, and so on for the others. A backup that was confirmed later, because
nothing had changed, also counts as one of that later moment.

An archive that came in from outside is often the only copy of its kind. It is always kept, and the
rules are applied to the other backups as if it was not there.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from heapq import merge
from operator import attrgetter, itemgetter
from typing import Final

from ..models import BackupRecord, BackupStatus, BackupTrigger, KeptFor, Policy

SAFETY_PERIOD: Final = timedelta(days=30)
_WITNESSES = 3

type _Bucket = Callable[[datetime], Hashable]
type _Moments = Iterable[tuple[datetime, BackupRecord]]
type _Kept = tuple[KeptFor, Iterable[BackupRecord]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What retention would do."""

    records: tuple[BackupRecord, ...]
    """All of them, the newest first."""
    kept_ids: Mapping[KeptFor, frozenset[str]]
    """Of those that are kept, by the reason; there may be several."""
    removed: tuple[BackupRecord, ...]
    """The newest first."""

    @property
    def kept(self) -> list[tuple[BackupRecord, frozenset[KeptFor]]]:
        """Each of the others, the newest first, and why."""
        reasons = (
            (it, frozenset(reason for reason, ids in self.kept_ids.items() if it.id in ids))
            for it in self.records
        )
        return [(it, found) for it, found in reasons if found]


def plan(records: Iterable[BackupRecord], policy: Policy, *, now: datetime, zone: tzinfo) -> Plan:
    """Decide about each backup. Days, weeks, months and years are those of `zone`."""
    newest_first = sorted(records, key=attrgetter("created_at", "id"), reverse=True)
    past_and_good = [
        it
        for it in newest_first
        if it.status is BackupStatus.GOOD and it.created_at <= now and not _is_adopted(it)
    ]
    reference = _reference(_moments(past_and_good, now)(), now, zone)
    exempt = _ids(_exempt(newest_first, now, reference))
    # What is kept anyway takes no place from another.
    kept = frozenset[str]().union(*exempt.values())
    countable = [it for it in past_and_good if it.id not in kept]
    if policy.max_age is not None:
        oldest = reference - policy.max_age
        countable = [it for it in countable if _last_seen(it, now) >= oldest]
    kept_ids = {
        **exempt,
        **_ids([(KeptFor.NEWEST_GOOD, past_and_good[:1])]),
        **_ids(_by_rule(countable, policy, now, zone)),
    }
    kept = kept.union(*kept_ids.values())
    return Plan(
        records=tuple(newest_first),
        kept_ids=kept_ids,
        removed=tuple(it for it in newest_first if it.id not in kept),
    )


def _ids(found: Iterable[_Kept]) -> dict[KeptFor, frozenset[str]]:
    return {reason: frozenset(it.id for it in kept) for reason, kept in found}


def _is_adopted(record: BackupRecord) -> bool:
    return record.trigger is BackupTrigger.ADOPTED


def _last_seen(record: BackupRecord, now: datetime) -> datetime:
    return record.last_seen if record.last_seen <= now else record.created_at


def _moments(newest_first: Sequence[BackupRecord], now: datetime) -> Callable[[], _Moments]:
    """Give what gives each backup at each of its moments, the newest moment first."""
    seen = [
        (it.last_seen, it)
        for it in newest_first
        if it.confirmed_at is not None and it.created_at < it.last_seen <= now
    ]
    seen.sort(key=itemgetter(0), reverse=True)
    # Of two at one moment the order stays: the newer backup is first.
    return lambda: merge(
        ((it.created_at, it) for it in newest_first), seen, key=itemgetter(0), reverse=True
    )


def _by_rule(
    newest_first: list[BackupRecord], policy: Policy, now: datetime, zone: tzinfo
) -> Iterable[_Kept]:
    moments = _moments(newest_first, now)

    def keep(number: int, bucket: _Bucket) -> Iterable[BackupRecord]:
        kept = _newest_of_each(moments(), number, lambda it: bucket(it.astimezone(zone)))
        return [record for _, record in kept]

    yield KeptFor.LAST, newest_first[: policy.last]
    yield KeptFor.MANUAL, [it for it in newest_first if it.trigger.is_manual][: policy.manual]
    yield KeptFor.DAILY, keep(policy.daily, lambda it: it.date())
    yield KeptFor.WEEKLY, keep(policy.weekly, lambda it: it.isocalendar()[:2])
    yield KeptFor.MONTHLY, keep(policy.monthly, lambda it: (it.year, it.month))
    yield KeptFor.YEARLY, keep(policy.yearly, lambda it: it.year)


def _newest_of_each(
    moments: _Moments, number: int, bucket: _Bucket
) -> list[tuple[datetime, BackupRecord]]:
    """Pick the newest backup of each of the `number` most recent buckets that have one."""
    newest: dict[Hashable, tuple[datetime, BackupRecord]] = {}
    for moment, record in moments:
        if len(newest) == number:
            break
        newest.setdefault(bucket(moment), (moment, record))
    return list(newest.values())


def _reference(moments: _Moments, now: datetime, zone: tzinfo) -> datetime:
    """Give the moment from which ages are counted.

    Not the clock's: one that jumps ahead would make everything too old at once. It is the newest
    backup of the third most recent day that has one, so a clock has to be wrong for days.
    """
    days = [
        moment
        for moment, _ in _newest_of_each(moments, _WITNESSES, lambda it: it.astimezone(zone).date())
    ]
    return days[-1] if len(days) == _WITNESSES else min([now, *days])


def _exempt(
    newest_first: Sequence[BackupRecord], now: datetime, reference: datetime
) -> Iterable[_Kept]:
    """Give those that are outside of the rules, and why."""
    safety = [it for it in newest_first if it.trigger is BackupTrigger.BEFORE_RESTORE]
    yield KeptFor.PINNED, [it for it in newest_first if it.pinned]
    yield KeptFor.ADOPTED, [it for it in newest_first if _is_adopted(it)]
    yield KeptFor.SAFETY, [it for it in safety if reference - it.created_at <= SAFETY_PERIOD]
    yield KeptFor.FUTURE, [it for it in newest_first if it.created_at > now]
    yield KeptFor.LATER_VERSION, [it for it in newest_first if it.is_of_later_version]
    yield KeptFor.DAMAGED, [it for it in newest_first if it.status is not BackupStatus.GOOD]
