"""What passes by itself within a moment: a restart of the Pi-hole."""

import asyncio
from dataclasses import replace
import time

import pytest

from custom_components.pihole_checkpoint.engine.pihole import limits
from homeassistant.core import HomeAssistant
from pihole_simulator import Simulator, faults
from tests.support.flows import Flow
from tests.support.home import Home
from tests.support.passwords import PASSWORD


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have sessions closed soon after a restart."""
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, closing_retry=0.05))


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
    restart_behind_the_export(sim, seconds=2)
    started = time.monotonic()

    await home.press()

    assert time.monotonic() - started < 1.5
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
