"""Which backups are kept, and why. A pure function: it deletes nothing.

The rules are restic's: `daily=14` keeps the newest backup of each of the fourteen most recent days
that have one, and so on. A backup that was confirmed later, because nothing had changed, also
counts as one of that later moment.

An archive that came from outside is often the only copy. It is always kept, and the rules are
applied to the other backups as if it were not there.

A backup that a person asked for is never too old. It falls when newer ones of its kind take all the
places that `manual` has, and no other rule keeps it. And it takes no place from the others: the
rules choose from the others alone, and choose the manual ones from all. Anybody may press a button,
and must not be able to press anything away.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby, islice, pairwise
from operator import attrgetter, itemgetter
from typing import Final

from ..models import BackupRecord, BackupStatus, BackupTrigger, KeptFor, Policy
from .current import history, is_future, last_seen

SAFETY_PERIOD: Final = timedelta(days=30)
"""For which the safety backup of a restore is always kept."""
_DAYS_FOR_AGES: Final = 3
_JUMP: Final = timedelta(days=31)
"""A longer time between two days with backups may be a clock that has jumped ahead."""

type _Bucket = Callable[[datetime], Hashable]
type _Moments = Sequence[tuple[datetime, BackupRecord]]
"""Backups with a moment at which each was current."""
type _Kept = tuple[KeptFor, Iterable[BackupRecord]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What retention would do."""

    records: tuple[BackupRecord, ...]
    """All backups, the newest first."""
    kept_ids: Mapping[KeptFor, frozenset[str]]
    """The ids of the kept backups by reason. A backup may have several reasons."""
    removed: tuple[BackupRecord, ...]
    """The backups to remove, the newest first."""

    @property
    def kept(self) -> list[tuple[BackupRecord, frozenset[KeptFor]]]:
        """Return the kept backups with the reasons, the newest first."""
        with_reasons = (
            (record, frozenset(why for why, ids in self.kept_ids.items() if record.id in ids))
            for record in self.records
        )
        return [(record, reasons) for record, reasons in with_reasons if reasons]


def plan(records: Iterable[BackupRecord], policy: Policy, *, now: datetime, zone: tzinfo) -> Plan:
    """Decide which backups are kept. Days, weeks, months and years are those of `zone`."""
    newest_first = sorted(records, key=attrgetter("created_at", "id"), reverse=True)
    past_and_good = list(history(newest_first, now))
    moments = _moments(past_and_good, now)
    reference = _reference(moments, now, zone)
    exempt = _ids(_exempt(newest_first, now, reference))
    # A backup that is kept anyway does not count for the rules.
    kept = frozenset[str]().union(*exempt.values())
    countable = [record for record in past_and_good if record.id not in kept]
    kept_ids = {
        **exempt,
        **_ids([(KeptFor.NEWEST_GOOD, past_and_good[:1])]),
        **_ids(_by_rule(countable, reference, policy, now, zone)),
    }
    for before in _before_jumps(moments, zone):
        earlier = [record for record in countable if record.created_at <= before]
        for why, ids in _ids(_by_rule(earlier, reference, policy, before, zone)).items():
            kept_ids[why] |= ids
    kept = kept.union(*kept_ids.values())
    return Plan(
        records=tuple(newest_first),
        kept_ids=kept_ids,
        removed=tuple(record for record in newest_first if record.id not in kept),
    )


def _ids(found: Iterable[_Kept]) -> dict[KeptFor, frozenset[str]]:
    return {reason: frozenset(record.id for record in kept) for reason, kept in found}


def _is_adopted(record: BackupRecord) -> bool:
    return record.trigger is BackupTrigger.ADOPTED


def _manual(records: Iterable[BackupRecord]) -> list[BackupRecord]:
    return [record for record in records if record.trigger.is_manual]


def _moments(newest_first: Sequence[BackupRecord], now: datetime) -> _Moments:
    """Return each backup when it was made and when it was last confirmed, the newest moment first.

    At the same moment a backup that was made goes before one that was confirmed.
    """
    made = [(record.created_at, record) for record in newest_first]
    confirmed = [
        (seen, record)
        for record in newest_first
        if (seen := last_seen(record, now)) > record.created_at
    ]
    return sorted([*made, *confirmed], key=itemgetter(0), reverse=True)


def _by_rule(
    countable: list[BackupRecord],
    reference: datetime,
    policy: Policy,
    now: datetime,
    zone: tzinfo,
) -> Iterable[_Kept]:
    """Yield what each rule keeps: of the others, and of all the manual ones."""
    others = [record for record in countable if not record.trigger.is_manual]
    if policy.max_age is not None:
        oldest = reference - policy.max_age
        others = [record for record in others if last_seen(record, now) >= oldest]
    of_others, of_all = _moments(others, now), _moments(countable, now)

    def keep(number: int, bucket: _Bucket) -> Iterable[BackupRecord]:
        def local(moment: datetime) -> Hashable:
            return bucket(moment.astimezone(zone))

        yield from (record for _, record in _newest_of_each(of_others, number, local))
        yield from _manual(record for _, record in _newest_of_each(of_all, number, local))

    yield KeptFor.MANUAL, _in_places(_manual(countable), policy.manual)
    # Of a run, more than one stay here only if there is room for them.
    last = [*countable[: policy.last], *_without_repetitions(countable)[: policy.last]]
    yield KeptFor.LAST, [*others[: policy.last], *_manual(last)]
    yield KeptFor.DAILY, keep(policy.daily, datetime.date)
    yield KeptFor.WEEKLY, keep(policy.weekly, lambda day: day.isocalendar()[:2])
    yield KeptFor.MONTHLY, keep(policy.monthly, lambda day: (day.year, day.month))
    yield KeptFor.YEARLY, keep(policy.yearly, lambda day: day.year)


def _before_jumps(moments: _Moments, zone: tzinfo) -> list[datetime]:
    """Return the last moments before the clock may have jumped ahead.

    A backup of a wrong year would take the places of weeks, months and years from the others. So
    what was kept before the jump stays, too, until there are backups of three days after it.
    """
    days = [moment for moment, _ in _newest_of_each(moments, _DAYS_FOR_AGES, _day_in(zone))]
    return [earlier for later, earlier in pairwise(days) if later - earlier > _JUMP]


def _day_in(zone: tzinfo) -> _Bucket:
    return lambda moment: moment.astimezone(zone).date()


def _in_places(manual: list[BackupRecord], places: int) -> Iterable[BackupRecord]:
    """Yield those that the limit for manual backups keeps.

    These are the newest ones. But many in a row that hold the same push nothing out: a run of them
    takes one place, for which its newest and its oldest stay. Contents that are not known are not
    the same as any others.
    """
    yield from manual[:places]
    for _, run in islice(groupby(manual, _contents), places):
        same = list(run)
        yield from (same[0], same[-1])


def _without_repetitions(newest_first: list[BackupRecord]) -> list[BackupRecord]:
    """Leave of each run of manual backups only the newest."""
    firsts = {next(run).id for _, run in groupby(_manual(newest_first), _contents)}
    return [
        record for record in newest_first if not record.trigger.is_manual or record.id in firsts
    ]


def _contents(record: BackupRecord) -> str:
    return record.fingerprint or record.id


def _newest_of_each(
    moments: _Moments, number: int, bucket: _Bucket
) -> list[tuple[datetime, BackupRecord]]:
    """Return the newest backup of each of the `number` most recent buckets that have one."""
    newest: dict[Hashable, tuple[datetime, BackupRecord]] = {}
    for moment, record in moments:
        if len(newest) == number:
            break
        newest.setdefault(bucket(moment), (moment, record))
    return list(newest.values())


def _reference(moments: _Moments, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment from which ages are counted.

    The clock's time would make every backup too old at once if it jumped ahead. So this is the
    moment of the newest backup of the third most recent day that has one: a clock has to be wrong
    for days before it matters.
    """
    newest = _newest_of_each(moments, _DAYS_FOR_AGES, _day_in(zone))
    days = [moment for moment, _ in newest]
    return days[-1] if len(days) == _DAYS_FOR_AGES else min([now, *days])


def _exempt(
    newest_first: Sequence[BackupRecord], now: datetime, reference: datetime
) -> Iterable[_Kept]:
    """Yield the backups that are kept without a rule, by reason."""

    def where(applies: Callable[[BackupRecord], bool]) -> list[BackupRecord]:
        return [record for record in newest_first if applies(record)]

    def is_recent_safety(record: BackupRecord) -> bool:
        is_safety = record.trigger is BackupTrigger.BEFORE_RESTORE
        return is_safety and reference - record.created_at <= SAFETY_PERIOD

    yield KeptFor.PINNED, where(lambda record: record.pinned)
    yield KeptFor.ADOPTED, where(_is_adopted)
    yield KeptFor.SAFETY, where(is_recent_safety)
    yield KeptFor.FUTURE, where(lambda record: is_future(record.created_at, now))
    yield KeptFor.LATER_VERSION, where(lambda record: record.is_of_later_version)
    yield KeptFor.DAMAGED, where(lambda record: record.status is not BackupStatus.GOOD)
