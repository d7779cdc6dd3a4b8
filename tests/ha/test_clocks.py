"""A clock that is or was wrong: nothing waits for years, no alarm is silent, nothing is deleted."""

from datetime import UTC, datetime, timedelta
import os

import pytest

from custom_components.pihole_checkpoint.manager.scheduler import MAKE_UP_AFTER
from homeassistant.const import STATE_OFF, STATE_ON
from pihole_simulator import Simulator, build_archive
from tests.support.days import START, Days
from tests.support.home import Home

pytestmark = pytest.mark.usefixtures("unlimited_logins")

AHEAD = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
MORNING = datetime(2026, 1, 21, 8, tzinfo=UTC)
"""After the first scheduled backup was due, at 2:00 UTC."""
NEXT_RUN = datetime(2026, 1, 22, 2, tzinfo=UTC)


async def put_in(home: Home, sim: Simulator, made_at: datetime) -> None:
    """Put an archive into the folder that says when it was made, and look at the folder."""
    path = home.folder / f"pi-hole_kitchen_teleporter_{made_at:%Y-%m-%d_%H-%M-%S}_UTC.zip"
    path.write_bytes(build_archive(sim.pihole, made_at))
    os.utime(path, (1, 1))
    await home.poll()


async def expect_alarm(days: Days, sim: Simulator) -> None:
    """Let the Pi-hole be off for two weeks, which is a problem."""
    await sim.stop()
    await days.pass_by(timedelta(days=14))
    assert days.home.state("problem").state == STATE_ON
    assert days.home.issues.keys() == {"overdue"}


@pytest.mark.usefixtures("something_changes_all_the_time")
async def test_a_clock_that_was_ahead_for_a_moment_leaves_nothing_waiting(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    await days.move_to(MORNING)
    made = home.last_backup
    await days.correct_clock(AHEAD)
    assert home.count == 2, "a run seems to be missing"
    await days.correct_clock(MORNING + timedelta(minutes=10))

    assert home.last_backup == made
    assert home.state("next_backup").state == "2026-01-22T02:00:00+00:00"
    assert home.state("last_attempt").attributes["at"].startswith("2026-01-21T08:")
    assert home.state("problem").state == STATE_OFF
    await days.move_to(NEXT_RUN)
    assert home.count == 3
    assert home.last_backup is not None
    assert home.last_backup.startswith("2026-01-22T02:")

    await expect_alarm(days, sim)
    assert home.count == 3, "nothing was deleted"


async def test_a_backup_that_was_confirmed_by_a_clock_ahead_was_not_made_then(days: Days) -> None:
    home = days.home
    await days.move_to(MORNING)
    made = home.last_backup
    await days.correct_clock(AHEAD)
    assert home.count == 1, "it was only confirmed"
    await days.correct_clock(MORNING + timedelta(minutes=10))

    assert home.last_backup == made
    assert home.state("last_backup").attributes["confirmed_at"] is None
    assert [record["confirmed_at"] for record in await home.backups()] == [None]
    await days.move_to(NEXT_RUN)
    assert home.last_backup is not None
    assert home.last_backup.startswith("2026-01-22T02:"), "it is confirmed at its time"


async def test_what_a_clock_ahead_has_passed_over_is_made_up_for(days: Days) -> None:
    await days.correct_clock(AHEAD)
    await days.correct_clock(datetime(2026, 1, 21, 8, tzinfo=UTC))
    assert days.home.last_backup is None

    await days.pass_by(MAKE_UP_AFTER)
    assert days.home.last_backup is not None
    assert days.home.last_backup.startswith("2026-01-21T08:01")


async def test_a_clock_that_was_late_does_not_hold_up_the_next_run(days: Days) -> None:
    home = days.home
    await days.correct_clock(datetime(2020, 1, 1, tzinfo=UTC))
    assert home.state("next_backup").state == "2020-01-01T02:00:00+00:00"
    await days.correct_clock(START + timedelta(days=3))

    assert home.last_backup is not None
    assert home.last_backup.startswith("2026-01-23T12:")
    assert home.state("next_backup").state == "2026-01-24T02:00:00+00:00"


async def test_a_clock_that_is_set_back_by_seconds_makes_no_run_twice(
    days: Days, sim: Simulator
) -> None:
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))
    logins = len(sim.requests)
    await days.correct_clock(datetime(2026, 1, 21, 1, 59, 30, tzinfo=UTC))
    assert days.home.state("last_backup").state == "2026-01-21T02:00:00+00:00"
    await days.pass_by(timedelta(minutes=30))

    assert not [request for request in sim.requests[logins:] if request.is_login]


async def test_a_pihole_that_was_added_by_a_clock_ahead_is_backed_up_and_watched(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    object.__setattr__(home.entry, "created_at", AHEAD)
    await sim.stop()
    await days.move_to(MORNING)

    assert home.issues.keys() == {"overdue"}
    await sim.start()


async def test_an_archive_dated_in_the_future_takes_no_place(days: Days, sim: Simulator) -> None:
    home = days.home
    await days.move_to(MORNING)
    made = home.last_backup
    await put_in(home, sim, AHEAD)

    assert home.count == 2
    assert home.last_backup == made
    await expect_alarm(days, sim)


async def test_an_archive_of_today_that_came_from_outside_is_not_the_last_backup(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    await days.move_to(MORNING)
    made, change = home.last_backup, home.state("last_change").state
    sim.pihole.adlists.pop()
    await put_in(home, sim, MORNING - timedelta(hours=1))
    sim.pihole.adlists.clear()
    await put_in(home, sim, MORNING - timedelta(minutes=30))

    assert home.count == 3
    assert home.last_backup == made
    assert home.state("last_change").state == change
    await sim.stop()
    await days.move_to(NEXT_RUN)
    await put_in(home, sim, datetime(2026, 1, 22, 2, 30, tzinfo=UTC))
    await days.pass_by(timedelta(hours=1))
    assert home.issues.keys() == {"overdue"}, "what a user brings is no scheduled backup"


async def test_what_came_from_outside_is_not_confirmed_in_place_of_an_own_backup(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    await days.move_to(MORNING)
    await days.pass_by(timedelta(hours=1))
    await put_in(home, sim, MORNING + timedelta(minutes=30))
    await days.move_to(NEXT_RUN)

    confirmed = {record["trigger"]: record["confirmed_at"] for record in await home.backups()}
    assert confirmed["adopted"] is None
    assert confirmed["schedule"] is not None


async def test_what_changed_is_found_by_comparing_with_the_piholes_own_backup(
    days: Days, sim: Simulator
) -> None:
    home = days.home
    await days.move_to(MORNING)
    sim.pihole.adlists[0].enabled = False
    await days.pass_by(timedelta(hours=1))
    await put_in(home, sim, MORNING + timedelta(minutes=30))
    await home.press()

    [made] = [record for record in await home.backups() if record["trigger"] == "button"]
    assert made["changes"] == "1 list disabled"


async def test_archives_are_still_read_again_after_a_clock_was_ahead(days: Days) -> None:
    home = days.home
    await days.move_to(MORNING)
    await days.correct_clock(AHEAD)
    await days.correct_clock(MORNING)
    [archive] = home.archives
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    for _ in range(8 * 24):
        await days.pass_by(timedelta(hours=1))

    assert [record["status"] for record in await home.backups()][-1] == "damaged"
