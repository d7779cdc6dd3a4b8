from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
    KeptFor,
    Policy,
)
from custom_components.pihole_checkpoint.engine.policy.current import is_future
from custom_components.pihole_checkpoint.engine.policy.retention import SAFETY_PERIOD, plan
from tests.support.records import make_record

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NOTHING = Policy(last=0, daily=0, weekly=0, monthly=0, yearly=0, manual=0)


def backup(
    created_at: datetime,
    *,
    trigger: BackupTrigger = BackupTrigger.SCHEDULE,
    status: BackupStatus = BackupStatus.GOOD,
    pinned: bool = False,
    fingerprint: str | None = None,
    confirmed_after: timedelta | None = None,
    number: int = 0,
) -> BackupRecord:
    name = f"{created_at.timestamp()}-{number}"
    return replace(
        make_record(created_at, trigger),
        id=name,
        filename=name,
        status=status,
        pinned=pinned,
        fingerprint=fingerprint,
        confirmed_at=None if confirmed_after is None else created_at + confirmed_after,
    )


def daily(number: int, until: datetime = NOW) -> list[BackupRecord]:
    return [backup(until - timedelta(days=days)) for days in range(number)]


def changed(policy: Policy, rule: str, value: object) -> Policy:
    return Policy(**{**asdict(policy), rule: value})


def kept(records: list[BackupRecord], policy: Policy, now: datetime = NOW) -> list[BackupRecord]:
    return [record for record, _ in plan(records, policy, now=now, zone=BERLIN).kept]


records = st.builds(
    backup,
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    trigger=st.sampled_from(BackupTrigger),
    status=st.sampled_from([BackupStatus.GOOD] * 5 + [BackupStatus.DAMAGED]),
    pinned=st.sampled_from([False] * 5 + [True]),
    fingerprint=st.sampled_from([None, "a", "a", "b"]),
    confirmed_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=900)),
)
several_backups = st.lists(records, max_size=60, unique_by=lambda record: record.id)
numbers = st.integers(0, 20)
policies = st.builds(
    Policy,
    last=numbers,
    daily=numbers,
    weekly=numbers,
    monthly=numbers,
    yearly=numbers,
    manual=numbers,
    max_age=st.none() | st.timedeltas(timedelta(0), timedelta(days=2000)),
)
moments = st.datetimes(datetime(2023, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.timezones()


@given(several_backups, policies, moments, zones)
def test_the_kept_and_the_removed_are_together_what_there_was(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo
) -> None:
    result = plan(backups, policy, now=now, zone=zone)

    parts = [record.id for record, _ in result.kept] + [record.id for record in result.removed]
    assert sorted(parts) == sorted(record.id for record in backups)
    assert all(reasons for _, reasons in result.kept)


@given(several_backups, policies, moments, zones, st.randoms())
def test_order_does_not_matter(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo, random: Random
) -> None:
    shuffled = list(backups)
    random.shuffle(shuffled)

    assert plan(shuffled, policy, now=now, zone=zone) == plan(backups, policy, now=now, zone=zone)


@given(several_backups, policies, moments, zones)
def test_applying_it_twice_changes_nothing(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo
) -> None:
    once = [record for record, _ in plan(backups, policy, now=now, zone=zone).kept]

    assert plan(once, policy, now=now, zone=zone).removed == ()


@given(
    several_backups,
    policies,
    moments,
    zones,
    st.sampled_from(["last", "daily", "weekly", "monthly", "yearly", "manual", "max_age"]),
)
def test_a_larger_number_never_removes_more(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo, rule: str
) -> None:
    number = getattr(policy, rule)
    more = timedelta(days=1) if rule == "max_age" else 1
    larger = changed(policy, rule, None if number is None else number + more)

    removed = set(ids(plan(backups, policy, now=now, zone=zone).removed))
    assert set(ids(plan(backups, larger, now=now, zone=zone).removed)) <= removed


@given(several_backups, policies, moments, zones, st.integers(1, 5000))
def test_a_backup_from_the_future_pushes_nothing_out(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo, days: int
) -> None:
    future = backup(now + timedelta(days=days), number=1)

    before = plan(backups, policy, now=now, zone=zone)
    after = plan([*backups, future], policy, now=now, zone=zone)

    assert after.removed == before.removed


@given(several_backups, policies, moments, zones)
def test_what_is_outside_of_the_rules_is_never_removed(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo
) -> None:
    result = plan(backups, policy, now=now, zone=zone)
    good = [
        item
        for item in backups
        if item.status is BackupStatus.GOOD
        and not is_future(item.created_at, now)
        and item.trigger is not BackupTrigger.ADOPTED
    ]

    assert not [record for record in result.removed if record.pinned]
    assert not [record for record in result.removed if record.trigger is BackupTrigger.ADOPTED]
    assert not [record for record in result.removed if is_future(record.created_at, now)]
    assert not [record for record in result.removed if record.status is BackupStatus.DAMAGED]
    assert not [
        record
        for record in result.removed
        if record.trigger is BackupTrigger.BEFORE_RESTORE
        and now - record.created_at <= SAFETY_PERIOD
    ]
    if good:
        newest = max(good, key=lambda value: (value.created_at, value.id))
        assert newest.id not in ids(result.removed)


@given(several_backups, several_backups, policies, moments, zones)
def test_what_came_in_from_outside_makes_no_difference_to_own_backups(
    backups: list[BackupRecord],
    others: list[BackupRecord],
    policy: Policy,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    own = [item for item in backups if item.trigger is not BackupTrigger.ADOPTED]
    adopted = [
        replace(found_item, id=f"{found_item.id}-adopted", trigger=BackupTrigger.ADOPTED)
        for found_item in others
    ]

    alone = plan(own, policy, now=now, zone=zone)
    together = plan([*own, *adopted], policy, now=now, zone=zone)

    assert together.removed == alone.removed
    reasons = {record.id: found for record, found in together.kept}
    assert {each_item.id: reasons.pop(each_item.id) for each_item, _ in alone.kept} == {
        one_item.id: found for one_item, found in alone.kept
    }
    assert reasons.keys() == set(ids(adopted))
    assert all(KeptFor.ADOPTED in found for found in reasons.values())


@given(policies, st.integers(1, 20), zones)
def test_a_clock_that_jumps_ahead_makes_nothing_too_old(
    policy: Policy, years: int, zone: ZoneInfo
) -> None:
    backups = daily(30)
    policy = Policy(last=100, max_age=policy.max_age or timedelta(days=40))
    wrong = NOW + timedelta(days=365 * years)

    tomorrow = NOW + timedelta(days=1)
    before = plan([*backups, backup(tomorrow)], policy, now=tomorrow, zone=zone).removed
    after = plan([*backups, backup(wrong), backup(wrong, number=1)], policy, now=wrong, zone=zone)

    assert set(ids(after.removed)) <= set(ids(before))


def test_a_clock_that_jumps_back_removes_nothing() -> None:
    assert kept(daily(50), NOTHING, now=NOW - timedelta(days=10_000)) == daily(50)


@pytest.mark.parametrize(
    ("rule", "number", "days_ago"),
    [
        ("last", 3, [0, 1, 2]),
        ("daily", 3, [0, 1, 2]),
        ("weekly", 3, [0, 7, 14]),  # it is a Sunday
        ("monthly", 3, [0, 22, 53]),
        ("yearly", 2, [0, 326]),
        ("manual", 3, [0]),
    ],
)
def test_each_rule_keeps_what_it_says(rule: str, number: int, days_ago: list[int]) -> None:
    assert kept(daily(400), changed(NOTHING, rule, number)) == [
        backup(NOW - timedelta(days=days)) for days in days_ago
    ]


def test_of_several_on_one_day_the_newest_stands_for_the_day() -> None:
    backups = [backup(NOW - timedelta(hours=hours)) for hours in range(48)]

    assert kept(backups, replace(NOTHING, daily=2)) == [
        backup(NOW),
        backup(datetime(2026, 11, 21, 22, tzinfo=UTC)),  # 23:00 in Berlin
    ]


def test_manual_backups_have_a_limit_of_their_own() -> None:
    backups = [*daily(5), backup(NOW - timedelta(days=300), trigger=BackupTrigger.BUTTON)]

    assert kept(backups, replace(NOTHING, last=2, manual=1)) == [
        backups[0],
        backups[1],
        backups[-1],
    ]


MADE_BY_HAND = st.sampled_from([BackupTrigger.BUTTON, BackupTrigger.SERVICE])


@given(several_backups, policies, moments, zones, MADE_BY_HAND, st.integers(1, 150))
def test_many_presses_take_no_more_from_others_than_one(
    backups: list[BackupRecord],
    policy: Policy,
    now: datetime,
    zone: ZoneInfo,
    trigger: BackupTrigger,
    number: int,
) -> None:
    presses = [
        backup(now, trigger=trigger, fingerprint="p", number=index) for index in range(number)
    ]
    one = plan([*backups, presses[0]], policy, now=now, zone=zone)
    many = plan([*backups, *presses], policy, now=now, zone=zone)

    lost = set(ids(many.removed)) - set(ids(one.removed)) - set(ids(presses))
    contents = {record.fingerprint for record, _ in many.kept}
    for record in backups:
        if record.id in lost:
            assert record.trigger.is_manual
            assert record.fingerprint in contents, "others that hold the same are still there"


@given(several_backups, policies, moments, zones)
def test_what_a_person_asked_for_falls_only_to_its_own_limit(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo
) -> None:
    result = plan(backups, policy, now=now, zone=zone)

    by_hand = [record for record in backups if record.trigger.is_manual]
    fallen = [record for record in result.removed if record.trigger.is_manual]
    assert not fallen or len(by_hand) > policy.manual
    for record in fallen:
        newer = [other for other in by_hand if other.created_at >= record.created_at]
        assert len(newer) > policy.manual


@given(several_backups, policies, moments, zones)
def test_a_person_takes_no_place_from_what_is_made_by_itself(
    backups: list[BackupRecord], policy: Policy, now: datetime, zone: ZoneInfo
) -> None:
    newest = backup(now, number=1)  # which is kept in any case
    by_itself = [record for record in backups if not record.trigger.is_manual]
    policy = replace(policy, max_age=None)  # days are counted from the newest of all

    alone = plan([*by_itself, newest], policy, now=now, zone=zone)
    together = plan([*backups, newest], policy, now=now, zone=zone)

    lost = {record.id for record in together.removed if not record.trigger.is_manual}
    assert lost - alone.kept_ids[KeptFor.SAFETY] <= set(ids(alone.removed))


def test_an_administrators_backup_outlives_101_presses_of_somebody_else() -> None:
    own = backup(NOW - timedelta(days=1), trigger=BackupTrigger.BUTTON, fingerprint="a")
    presses = [
        backup(NOW - timedelta(seconds=seconds), trigger=BackupTrigger.BUTTON, fingerprint="b")
        for seconds in range(101)
    ]

    assert kept([*presses, own], replace(NOTHING, manual=100)) == [*presses, own]
    assert kept([*presses, own], replace(NOTHING, manual=2)) == [*presses[:2], presses[-1], own]


def test_the_maximum_age_is_not_for_what_a_person_asked_for() -> None:
    old = NOW - timedelta(days=700)
    by_hand = [
        backup(old, trigger=BackupTrigger.BUTTON),
        backup(old - timedelta(days=1), trigger=BackupTrigger.SERVICE),
    ]
    by_itself = [
        backup(old, trigger=trigger, number=1 + index)
        for index, trigger in enumerate(
            [BackupTrigger.SCHEDULE, BackupTrigger.HA_BACKUP, BackupTrigger.BEFORE_RESTORE]
        )
    ]
    policy = Policy(last=100, yearly=10, manual=2, max_age=timedelta(days=30))

    assert kept([*daily(3), *by_hand, *by_itself], policy) == [*daily(3), *by_hand]


def test_an_old_archive_that_came_in_from_outside_stays_and_its_reason_is_named() -> None:
    adopted = backup(NOW - timedelta(days=700), trigger=BackupTrigger.ADOPTED)
    policy = replace(NOTHING, last=1, max_age=timedelta(days=30))
    result = plan([*daily(3), adopted], policy, now=NOW, zone=BERLIN)

    assert [(item.id, set(reasons)) for item, reasons in result.kept] == [
        (backup(NOW).id, {KeptFor.LAST, KeptFor.NEWEST_GOOD}),
        (adopted.id, {KeptFor.ADOPTED}),
    ]


def test_with_the_defaults_a_year_of_daily_backups_comes_to_about_thirty() -> None:
    assert 25 < len(kept(daily(365), Policy())) < 35


def test_what_is_too_old_goes_against_all_rules() -> None:
    assert kept(daily(30), Policy(last=100, max_age=timedelta(days=7))) == daily(10)


def test_a_kept_backup_has_every_reason() -> None:
    pinned = backup(NOW - timedelta(days=900), pinned=True)
    result = plan([backup(NOW), pinned], Policy(yearly=1), now=NOW, zone=BERLIN)

    assert {record.id: reasons for record, reasons in result.kept} == {
        backup(NOW).id: {
            KeptFor.NEWEST_GOOD,
            KeptFor.LAST,
            KeptFor.DAILY,
            KeptFor.WEEKLY,
            KeptFor.MONTHLY,
            KeptFor.YEARLY,
        },
        pinned.id: {KeptFor.PINNED},
    }
    assert result.removed == ()


def ids(found: Iterable[BackupRecord]) -> list[str]:
    return [record.id for record in found]


@pytest.mark.parametrize("days", [60, 5 * 365])
def test_a_clock_that_jumps_ahead_takes_no_week_month_or_year_from_other_backups(days: int) -> None:
    policy = Policy(last=1, daily=1, weekly=3, monthly=3, yearly=2, manual=1, max_age=None)
    records = [make_record(NOW - timedelta(days=day)) for day in range(0, 400, 3)]
    before = plan(records, policy, now=NOW, zone=UTC)
    wrong = NOW + timedelta(days=days)

    after = plan([*records, make_record(wrong)], policy, now=wrong, zone=UTC)

    assert set(after.removed) <= set(before.removed)
