"""What passes by itself within a moment: a restart of the Pi-hole, a lock on a database."""

import asyncio
from dataclasses import replace
import time

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.pihole_checkpoint.engine.pihole import limits
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pihole_simulator import Fault, Simulator, faults
from pihole_simulator.fault_plan import Place
from tests.support.flows import Flow
from tests.support.holding import held
from tests.support.home import Home
from tests.support.kitchen import Kitchen, mess_up
from tests.support.passwords import PASSWORD


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have sessions closed soon after a restart."""
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, closing_retry=0.05))


@pytest.fixture
def a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have less patience than in life, but some."""
    patient = replace(limits.TIMINGS, moment=2.0, moment_retry=0.05)
    monkeypatch.setattr(limits, "TIMINGS", patient)


def restart_behind_the_export(sim: Simulator, seconds: float | None) -> None:
    sim.faults.next("export", faults.call(lambda: sim.restart_after(seconds)))


async def all_are_closed(sim: Simulator) -> None:
    for _ in range(500):
        if not sim.sessions:
            return
        await asyncio.sleep(0.02)
    pytest.fail("a session is left")


async def test_a_restart_right_behind_the_export_leaves_no_session_and_holds_nothing_up(
    home: Home, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    restart_behind_the_export(sim, seconds=4)
    started = time.monotonic()

    await home.press()

    assert time.monotonic() - started < 4
    assert home.count == 1
    assert len(sim.sessions) == 1
    await all_are_closed(sim)
    assert "Could not close the session" not in caplog.text


async def test_unloading_gives_a_session_of_a_pihole_that_restarts_a_last_moment(
    hass: HomeAssistant, home: Home, sim: Simulator
) -> None:
    restart_behind_the_export(sim, seconds=1)
    await home.press()

    await hass.config_entries.async_unload(home.entry.entry_id)

    assert sim.restarts == 1
    assert sim.sessions == []


@pytest.mark.parametrize("end", ["unload", "stop"])
async def test_a_pihole_that_stays_away_holds_up_no_unloading_and_no_stop_for_long(
    hass: HomeAssistant,
    home: Home,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    end: str,
) -> None:
    restart_behind_the_export(sim, seconds=None)
    await home.press()
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, logout_total=0.2))
    started = time.monotonic()

    if end == "unload":
        await hass.config_entries.async_unload(home.entry.entry_id)
    else:
        await hass.async_stop(force=True)

    assert time.monotonic() - started < 2
    assert "Could not close the session" in caplog.text
    assert not sim.secrets & set(caplog.text.split())


async def test_a_pihole_that_restarts_while_it_is_added_keeps_no_session(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    await flow.begin()
    await flow.enter_address(sim.url)
    sim.faults.next("version", faults.call(lambda: sim.restart_after(1)))

    await flow.enter(password=PASSWORD)

    assert flow.added["password"] == PASSWORD
    await all_are_closed(sim)


async def test_a_login_that_ends_while_home_assistant_stops_leaves_no_session(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    await flow.begin()
    await flow.enter_address(sim.url)
    gate, entering = await held(sim, "login", flow.enter(password=PASSWORD))

    asyncio.get_running_loop().call_later(0.3, gate.open)
    await hass.async_stop(force=True)

    assert sim.logins == 1
    assert sim.sessions == []
    await entering


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("login", faults.drop()),
        ("login", faults.html("Bad Gateway", 502)),
        ("login", faults.html("Service Unavailable", 503)),
        ("export", faults.drop()),
        ("export", faults.cut(after=700)),
        ("export", faults.html("Bad Gateway", 502)),
        ("export", faults.error(500, "compression_error", "Failed to create FTL database")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.usefixtures("a_moment")
async def test_what_passes_is_tried_again_before_anybody_hears_of_it(
    home: Home, sim: Simulator, place: Place, fault: Fault
) -> None:
    sim.faults.next(place, fault)
    events = async_capture_events(home.hass, EVENT_STATE_CHANGED)

    [record] = await home.back_up()

    assert record["status"] == "good"
    assert home.count == 1
    assert len(home.files) == 2
    assert "failed" not in {new.state for event in events if (new := event.data["new_state"])}
    await all_are_closed(sim)


@pytest.mark.usefixtures("a_moment")
async def test_a_press_while_the_pihole_restarts_is_as_good_as_any(
    home: Home, sim: Simulator
) -> None:
    await sim.stop()
    press = asyncio.ensure_future(home.press())
    await asyncio.sleep(0.3)
    await sim.start()

    await press

    assert home.count == 1
    assert home.state("reachable").state == "on"
    await all_are_closed(sim)


@pytest.mark.usefixtures("a_moment")
async def test_a_gravity_database_that_is_locked_for_a_moment_is_no_failure(
    home: Home, sim: Simulator
) -> None:
    sim.gravity_file = "locked"
    press = asyncio.ensure_future(home.press())
    await asyncio.sleep(0.3)
    sim.gravity_file = "sound"

    await press

    assert home.count == 1
    assert sim.logins == 1


@pytest.mark.usefixtures("a_moment")
async def test_one_that_stays_unreadable_is_reported_with_the_commands_that_help(
    home: Home, sim: Simulator
) -> None:
    sim.gravity_file = "damaged"

    with pytest.raises(HomeAssistantError, match=r"pihole -g -r recover.*pihole -g"):
        await home.press()

    assert home.state("last_attempt").state == "failed"
    assert sim.sessions == []


@pytest.mark.usefixtures("a_moment")
async def test_logins_whose_answers_break_off_are_few_as_each_may_have_opened_a_session(
    home: Home, sim: Simulator
) -> None:
    sim.auth.login_attempts_per_second = 1000
    sim.faults.always("login", faults.drop_answer())

    await home.fail_to_back_up()

    assert len(sim.sessions) <= 2


@pytest.mark.usefixtures("a_moment")
@pytest.mark.parametrize("place", ["login", "export"])
async def test_a_restore_that_meets_a_restart_at_its_beginning_is_done_all_the_same(
    kitchen: Kitchen, place: Place
) -> None:
    await kitchen.home.press()
    [stored] = await kitchen.home.backups()
    before = kitchen.configuration
    mess_up(kitchen.sim.pihole)
    kitchen.sim.faults.next(place, faults.html("Bad Gateway", 502), times=3)

    answer = await kitchen.restore(stored["id"])

    assert answer["proven"] is True
    assert kitchen.configuration == before
