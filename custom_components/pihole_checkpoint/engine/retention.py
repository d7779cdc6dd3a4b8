"""Which backups are kept, and why. A pure function: it deletes nothing.

The rules mean what they mean in restic: `daily=14` keeps the newest backup of each of the fourteen
most recent days that have one, and so on for the others. A backup that was confirmed later, because
nothing had changed, also counts as one of that later moment.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from .models import BackupRecord, BackupStatus, KeptFor, Policy, Trigger

SAFETY_PERIOD: Final = timedelta(days=30)
_WITNESSES = 3

type _Bucket = Callable[[datetime], Hashable]
type _Moments = Sequence[tuple[datetime, BackupRecord]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What retention would do. Both are newest first."""

    kept: tuple[tuple[BackupRecord, frozenset[KeptFor]], ...]
    removed: tuple[BackupRecord, ...]


def plan(records: Iterable[BackupRecord], policy: Policy, *, now: datetime, zone: tzinfo) -> Plan:
    """Decide about each backup. Days, weeks, months and years are those of `zone`."""
    newest_first = sorted(records, key=lambda it: (it.created_at, it.id), reverse=True)
    past_and_good = [
        it for it in newest_first if it.status is BackupStatus.GOOD and it.created_at <= now
    ]
    reference = _reference(_moments(past_and_good, now), now, zone)
    reasons = {it.id: _exemptions(it, now, reference) for it in newest_first}
    # What is kept anyway takes no place from another.
    countable = [it for it in past_and_good if not reasons[it.id]]
    if past_and_good:
        reasons[past_and_good[0].id].add(KeptFor.NEWEST_GOOD)
    if policy.max_age is not None:
        oldest = reference - policy.max_age
        countable = [it for it in countable if _last_seen(it, now) >= oldest]
    for reason, kept in _by_rule(countable, policy, now, zone):
        for record in kept:
            reasons[record.id].add(reason)
    return Plan(
        kept=tuple((it, frozenset(reasons[it.id])) for it in newest_first if reasons[it.id]),
        removed=tuple(it for it in newest_first if not reasons[it.id]),
    )


def _last_seen(record: BackupRecord, now: datetime) -> datetime:
    return record.seen_at if record.seen_at <= now else record.created_at


def _moments(records: Iterable[BackupRecord], now: datetime) -> _Moments:
    """Give each backup at each of its moments, the newest moment first."""
    moments = [
        (moment, record)
        for record in records
        for moment in {record.created_at, _last_seen(record, now)}
    ]
    return sorted(moments, key=lambda it: (it[0], it[1].created_at, it[1].id), reverse=True)


def _by_rule(
    newest_first: list[BackupRecord], policy: Policy, now: datetime, zone: tzinfo
) -> Iterable[tuple[KeptFor, Iterable[BackupRecord]]]:
    moments = _moments(newest_first, now)

    def keep(number: int, bucket: _Bucket) -> Iterable[BackupRecord]:
        kept = _newest_of_each(moments, number, lambda it: bucket(it.astimezone(zone)))
        return [record for _, record in kept]

    yield KeptFor.LAST, newest_first[: policy.last]
    yield KeptFor.MANUAL, [it for it in newest_first if it.trigger.is_manual][: policy.manual]
    yield KeptFor.DAILY, keep(policy.daily, lambda it: it.date())
    yield KeptFor.WEEKLY, keep(policy.weekly, lambda it: it.isocalendar()[:2])
    yield KeptFor.MONTHLY, keep(policy.monthly, lambda it: (it.year, it.month))
    yield KeptFor.YEARLY, keep(policy.yearly, lambda it: it.year)


def _newest_of_each(moments: _Moments, number: int, bucket: _Bucket) -> _Moments:
    """Pick the newest backup of each of the `number` most recent buckets that have one."""
    newest: dict[Hashable, tuple[datetime, BackupRecord]] = {}
    for moment, record in moments:
        newest.setdefault(bucket(moment), (moment, record))
    return list(newest.values())[:number]


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


def _exemptions(record: BackupRecord, now: datetime, reference: datetime) -> set[KeptFor]:
    """Tell why a backup is outside of the rules, if it is."""
    is_safety = record.trigger is Trigger.BEFORE_RESTORE
    exemptions = {
        KeptFor.PINNED: record.pinned,
        KeptFor.SAFETY: is_safety and reference - record.created_at <= SAFETY_PERIOD,
        KeptFor.FUTURE: record.created_at > now,
        KeptFor.DAMAGED: record.status is not BackupStatus.GOOD,
    }
    return {reason for reason, holds in exemptions.items() if holds}
