from datetime import UTC, datetime, time, timedelta
import itertools
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.policy.schedule import (
    Frequency,
    Schedule,
    last_run,
    next_run,
)

BERLIN = ZoneInfo("Europe/Berlin")
ST_JOHNS = ZoneInfo("America/St_Johns")
APIA = ZoneInfo("Pacific/Apia")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")

schedules = st.builds(
    Schedule,
    frequency=st.sampled_from(Frequency),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def runs(schedule: Schedule, since: datetime, until: datetime, zone: ZoneInfo) -> list[datetime]:
    found: list[datetime] = []
    run = next_run(schedule, since, zone)
    while run is not None and run < until:
        found.append(run)
        run = next_run(schedule, run, zone)
    return found


@pytest.mark.parametrize("zone", [BERLIN, ST_JOHNS, APIA, LORD_HOWE], ids=str)
@pytest.mark.parametrize("at", [time(0), time(2), time(2, 30), time(3), time(23, 59)], ids=str)
def test_a_daily_run_is_made_exactly_once_on_each_day_of_a_year(zone: ZoneInfo, at: time) -> None:
    since = datetime(2026, 1, 1, tzinfo=zone)
    until = datetime(2027, 1, 1, tzinfo=zone)

    days = [
        run.astimezone(zone).date()
        for run in runs(
            Schedule(frequency=Frequency.DAILY, at=at), since - timedelta(seconds=1), until, zone
        )
    ]

    assert days == [since.date() + timedelta(days=number) for number in range(365)]


def test_a_day_that_a_zone_left_out_has_no_run_and_its_neighbours_have_one() -> None:
    daily = Schedule(frequency=Frequency.DAILY, at=time(3))
    since = datetime(2011, 12, 29, tzinfo=APIA)

    local = [run.astimezone(APIA) for run in runs(daily, since, since + timedelta(days=4), APIA)]

    assert [(run.month, run.day, run.hour) for run in local] == [
        (12, 29, 3),
        (12, 31, 3),
        (1, 1, 3),
    ]


def test_where_the_clocks_skip_the_time_it_runs_as_much_later() -> None:
    daily = Schedule(frequency=Frequency.DAILY, at=time(2, 30))

    run = next_run(daily, datetime(2026, 3, 29, tzinfo=BERLIN), BERLIN)

    assert run == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)


def test_where_the_clocks_pass_the_time_twice_it_runs_at_the_first() -> None:
    daily = Schedule(frequency=Frequency.DAILY, at=time(2, 30))
    first = next_run(daily, datetime(2026, 10, 25, tzinfo=BERLIN), BERLIN)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    second = next_run(daily, first, BERLIN)
    assert second == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", [BERLIN, ST_JOHNS, LORD_HOWE], ids=str)
def test_an_hourly_run_is_at_its_minute_of_every_hour(zone: ZoneInfo) -> None:
    hourly = Schedule(frequency=Frequency.HOURLY, at=time(3, 17))

    found = runs(hourly, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC), zone)

    assert {run.astimezone(zone).minute for run in found} == {17}
    gaps = {after - before for before, after in itertools.pairwise(found)}
    assert gaps <= {timedelta(minutes=30), timedelta(hours=1), timedelta(minutes=90)}


@given(schedules, moments, st.timezones())
def test_a_run_is_on_a_chosen_day_and_comes_after(
    schedule: Schedule, after: datetime, zone: ZoneInfo
) -> None:
    run = next_run(schedule, after, zone)

    if schedule.frequency is Frequency.NEVER:
        assert run is None
        return
    assert run is not None
    assert after < run <= after + timedelta(days=16)
    if schedule.frequency is Frequency.WEEKDAYS:
        assert run.astimezone(zone).weekday() in schedule.weekdays


@given(schedules, moments, st.timezones())
def test_the_last_run_is_the_one_before_the_next(
    schedule: Schedule, moment: datetime, zone: ZoneInfo
) -> None:
    last = last_run(schedule, moment, zone)

    if last is None:
        assert schedule.frequency is Frequency.NEVER
        return
    assert last <= moment
    assert next_run(schedule, last, zone) == next_run(schedule, moment, zone)
    assert next_run(schedule, last - timedelta(seconds=1), zone) == last
