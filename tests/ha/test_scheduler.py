from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.pihole_checkpoint import coordinator
from custom_components.pihole_checkpoint.engine.models import Policy
from custom_components.pihole_checkpoint.engine.policy.retention import plan
from custom_components.pihole_checkpoint.manager.scheduler import MAKE_UP_AFTER, RETRIES
from homeassistant.core import CoreState
from pihole_simulator import Simulator, faults
from tests.support.days import START, Days
from tests.support.home import AddPihole

pytestmark = pytest.mark.usefixtures("something_changes_all_the_time")

MINUTE = timedelta(minutes=1)


async def test_by_default_a_backup_is_made_each_night_at_a_time_of_its_own(
    freezer: FrozenDateTimeFactory, add_pihole: AddPihole, sim: Simulator
) -> None:
    freezer.move_to(START)
    kitchen = await add_pihole(sim.url, folder="kitchen")
    attic = await add_pihole(sim.url + "/x", folder="attic", title="Attic")

    runs = [home.entry.runtime_data.data.next_run for home in (kitchen, attic)]

    assert runs[0] != runs[1]
    for run in runs:
        local = run.astimezone(ZoneInfo(kitchen.hass.config.time_zone))
        assert (local.hour, local.minute < 30) == (3, True)


async def test_a_scheduled_backup_is_made_in_its_minute_and_says_why(days: Days) -> None:
    await days.move_to(datetime(2026, 1, 21, 1, 59, tzinfo=UTC))
    assert days.home.count == 0
    await days.move_to(datetime(2026, 1, 21, 2, 0, tzinfo=UTC))

    assert days.home.count == 1
    [record] = days.home.entry.runtime_data.data.records
    assert record.trigger == "schedule"
    assert record.trigger.is_manual is False
    assert days.home.entry.runtime_data.data.next_run == datetime(2026, 1, 22, 2, tzinfo=UTC)


async def test_never_means_never(days: Days) -> None:
    await days.schedule("never")
    await days.pass_by(timedelta(days=30))

    assert days.home.count == 0
    assert days.home.entry.runtime_data.data.next_run is None


async def test_hourly_and_chosen_weekdays_are_kept_to(days: Days) -> None:
    await days.schedule("hourly", "00:17:00")
    for _ in range(3):
        await days.pass_by(timedelta(hours=1))
    assert [made.minute for made in days.made] == [0, 0, 0], "the clock jumped past the minute"

    await days.schedule("weekdays", "03:00:00", "sat")
    for _ in range(14):
        await days.pass_by(timedelta(days=1))
    saturdays = [made for made in days.made[:-3] if made.weekday() == 5]
    assert len(days.made) == 3 + 2
    assert len(saturdays) == 2


async def test_a_failed_run_is_tried_again_after_5_15_and_60_minutes(
    days: Days, sim: Simulator
) -> None:
    sim.faults.always("login", faults.drop())
    await days.move_to(datetime(2026, 1, 21, 2, 0, tzinfo=UTC))
    tried = _logins_tried(sim)
    assert tried

    for delay in RETRIES:
        await days.pass_by(delay - MINUTE)
        assert _logins_tried(sim) == tried, "not before its time"
        await days.pass_by(MINUTE)
        assert _logins_tried(sim) > tried
        tried = _logins_tried(sim)
    await days.pass_by(timedelta(hours=5))
    assert _logins_tried(sim) == tried, "no more until the next one is due"

    sim.faults.clear()
    await days.move_to(datetime(2026, 1, 22, 2, 0, tzinfo=UTC))
    assert days.home.count == 1


def _logins_tried(sim: Simulator) -> int:
    return sum(request.is_login for request in sim.requests)


async def test_a_retry_that_succeeds_is_the_last(days: Days, sim: Simulator) -> None:
    await sim.stop()
    await days.move_to(datetime(2026, 1, 21, 2, 0, tzinfo=UTC))
    await sim.start()
    await days.pass_by(RETRIES[0])
    assert days.home.count == 1

    await days.pass_by(timedelta(hours=3))
    assert days.home.count == 1


async def test_a_press_in_the_meantime_spares_the_retry(days: Days, sim: Simulator) -> None:
    await sim.stop()
    await days.move_to(datetime(2026, 1, 21, 2, 0, tzinfo=UTC))
    await sim.start()
    await days.home.press()

    await days.pass_by(RETRIES[0])
    assert days.home.count == 1


async def test_a_run_missed_while_home_assistant_was_off_is_made_up_once(days: Days) -> None:
    await days.home.hass.config_entries.async_unload(days.home.entry.entry_id)
    await days.pass_by(timedelta(days=3))
    await days.home.hass.config_entries.async_setup(days.home.entry.entry_id)
    await days.home.hass.async_block_till_done()
    assert days.home.count == 0

    await days.pass_by(MAKE_UP_AFTER)
    assert days.home.count == 1
    await days.home.reload()
    await days.pass_by(MAKE_UP_AFTER)
    assert days.home.count == 1


async def test_nothing_is_made_up_before_home_assistant_has_started(days: Days) -> None:
    await days.home.hass.config_entries.async_unload(days.home.entry.entry_id)
    await days.pass_by(timedelta(days=3))
    days.home.hass.set_state(CoreState.starting)
    await days.home.hass.config_entries.async_setup(days.home.entry.entry_id)
    await days.pass_by(MAKE_UP_AFTER)
    assert days.home.count == 0

    days.home.hass.set_state(CoreState.running)
    days.home.hass.bus.async_fire("homeassistant_started")
    await days.home.hass.async_block_till_done()
    await days.pass_by(MAKE_UP_AFTER)
    assert days.home.count == 1


async def test_a_pihole_that_was_just_added_owes_nothing(days: Days) -> None:
    await days.pass_by(MAKE_UP_AFTER)

    assert days.home.count == 0


async def test_a_change_of_home_assistants_time_zone_moves_the_next_run(days: Days) -> None:
    await days.home.hass.config.async_update(time_zone="Pacific/Apia")
    await days.home.hass.async_block_till_done()

    assert days.home.entry.runtime_data.data.next_run == datetime(2026, 1, 20, 14, tzinfo=UTC)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("zone", "first", "days_long"),
    [
        pytest.param("Europe/Berlin", "2027-01-01", 365, id="a year"),
        # Half an hour off, with no 02:30 on March 14.
        pytest.param("America/St_Johns", "2027-03-10", 10, id="a spring in St. John's"),
        pytest.param("America/St_Johns", "2027-11-03", 10, id="an autumn in St. John's"),
        pytest.param("Pacific/Apia", "2027-12-27", 10, id="a new year where it comes first"),
    ],
)
async def test_each_hour_of_a_time_has_each_days_run_and_keeps_what_the_policy_promises(
    days: Days,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    first: str,
    days_long: int,
) -> None:
    hass = days.home.hass
    hass.loop.set_debug(False)  # it would find 26,000 steps of an hour each very slow
    monkeypatch.setattr(coordinator, "SCAN_INTERVAL", timedelta(days=1000))
    await hass.config.async_set_time_zone(zone)
    local_zone = ZoneInfo(zone)
    start = datetime.fromisoformat(first).replace(tzinfo=local_zone)
    await days.move_to(start)
    await days.schedule("daily", "02:30:00")
    expected = list(days.home.entry.runtime_data.data.records)
    ran_on: list[object] = []
    moment = start.astimezone(UTC)
    while moment < start + timedelta(days=days_long):  # of its calendar
        moment += timedelta(hours=1)
        known = {record.id for record in days.home.entry.runtime_data.data.records}
        await days.move_to(moment)
        records = days.home.entry.runtime_data.data.records
        new = [record for record in records if record.id not in known]
        ran_on += [record.created_at.astimezone(local_zone).date() for record in new]
        if new:
            kept = plan([*expected, *new], Policy(), now=moment, zone=local_zone).kept
            expected = [record for record, _ in kept]
            assert list(records) == expected
            assert len(days.home.archives) == len(expected)

    assert ran_on == [start.date() + timedelta(days=day) for day in range(days_long)]
    assert sim.sessions == []
