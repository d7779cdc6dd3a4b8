"""Which backups are kept, and why. A pure function: it deletes nothing.

The rules mean what they mean in restic: `daily=14` keeps the newest backup of each of the fourteen
most recent days that have one, and so on for the others.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from .models import BackupRecord, BackupStatus, KeptFor, Policy, Trigger

SAFETY_PERIOD: Final = timedelta(days=30)
_WITNESSES = 3

type _Bucket = Callable[[BackupRecord], Hashable]


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
    reference = _reference(past_and_good, now, zone)
    reasons = {it.id: _exemptions(it, now, reference) for it in newest_first}
    # What is kept anyway takes no place from another.
    countable = [it for it in past_and_good if not reasons[it.id]]
    if past_and_good:
        reasons[past_and_good[0].id].add(KeptFor.NEWEST_GOOD)
    if policy.max_age is not None:
        oldest = reference - policy.max_age
        countable = [it for it in countable if it.created_at >= oldest]
    for reason, kept in _by_rule(countable, policy, zone):
        for record in kept:
            reasons[record.id].add(reason)
    return Plan(
        kept=tuple((it, frozenset(reasons[it.id])) for it in newest_first if reasons[it.id]),
        removed=tuple(it for it in newest_first if not reasons[it.id]),
    )


def _by_rule(
    newest_first: list[BackupRecord], policy: Policy, zone: tzinfo
) -> Iterable[tuple[KeptFor, list[BackupRecord]]]:
    def local(record: BackupRecord) -> datetime:
        return record.created_at.astimezone(zone)

    manual = [record for record in newest_first if record.trigger.is_manual]
    keep = _newest_of_each
    yield KeptFor.LAST, newest_first[: policy.last]
    yield KeptFor.MANUAL, manual[: policy.manual]
    yield KeptFor.DAILY, keep(newest_first, policy.daily, lambda it: local(it).date())
    yield KeptFor.WEEKLY, keep(newest_first, policy.weekly, lambda it: local(it).isocalendar()[:2])
    yield (
        KeptFor.MONTHLY,
        keep(newest_first, policy.monthly, lambda it: (local(it).year, local(it).month)),
    )
    yield KeptFor.YEARLY, keep(newest_first, policy.yearly, lambda it: local(it).year)


def _newest_of_each(
    newest_first: list[BackupRecord], number: int, bucket: _Bucket
) -> list[BackupRecord]:
    """Pick the newest backup of each of the `number` most recent buckets that have one."""
    newest: dict[Hashable, BackupRecord] = {}
    for record in newest_first:
        newest.setdefault(bucket(record), record)
    return list(newest.values())[:number]


def _reference(newest_first: list[BackupRecord], now: datetime, zone: tzinfo) -> datetime:
    """Give the moment from which ages are counted.

    Not the clock's: one that jumps ahead would make everything too old at once. It is the newest
    backup of the third most recent day that has one, so a clock has to be wrong for days.
    """
    days = _newest_of_each(
        newest_first, _WITNESSES, lambda it: it.created_at.astimezone(zone).date()
    )
    return (
        days[-1].created_at
        if len(days) == _WITNESSES
        else min([now, *(d.created_at for d in days)])
    )


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
