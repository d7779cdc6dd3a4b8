"""A Pi-hole is backed up as soon as it has been added."""

import asyncio
from collections.abc import Mapping
from unittest.mock import DEFAULT, patch

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pihole_checkpoint.const import (
    CONF_BACK_UP_FIRST,
    CONF_FOLDER,
    CONF_VERSIONS,
    DOMAIN,
)
from custom_components.pihole_checkpoint.manager.scheduler import RETRIES
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from pihole_simulator import Simulator, faults
from pihole_simulator.fault_plan import Place
from tests.support.days import START, Days
from tests.support.flows import Flow
from tests.support.home import AddPihole, Home
from tests.support.passwords import APP_PASSWORD

pytestmark = pytest.mark.usefixtures("unlimited_logins")


async def add(hass: HomeAssistant, url: str) -> Home:
    """Add a Pi-hole as a user does, and wait for what Home Assistant does by itself then."""
    flow = Flow(hass)
    await flow.add(url)
    await flow.settle()
    return Home(hass=hass, entry=flow.result["result"])


async def start_with(hass: HomeAssistant, sim: Simulator, options: Mapping[str, object]) -> Home:
    """Start with a Pi-hole that was added, but has not been backed up yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Kitchen",
        data={
            CONF_URL: sim.url,
            CONF_VERIFY_SSL: True,
            CONF_PASSWORD: APP_PASSWORD,
            CONF_FOLDER: "kitchen",
            CONF_VERSIONS: {"core": None, "web": None, "ftl": None},
            CONF_BACK_UP_FIRST: True,
        },
        options=options,
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return Home(hass=hass, entry=entry)


async def test_a_pihole_is_backed_up_as_soon_as_it_is_added(
    hass: HomeAssistant, sim: Simulator
) -> None:
    home = await add(hass, sim.url)

    [record] = await home.backups()
    assert record["trigger"] == "schedule"
    assert home.last_backup is not None
    assert home.state("problem").state == "off"
    assert sim.sessions == []


async def test_the_first_backup_is_not_made_again_after_a_reload(
    hass: HomeAssistant, sim: Simulator
) -> None:
    sim.pihole.restless = True
    home = await add(hass, sim.url)
    [record] = await home.backups()
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=record["id"])

    await home.reload()
    await hass.async_block_till_done(wait_background_tasks=True)

    assert home.count == 0


async def test_a_first_backup_that_a_reload_calls_off_is_made_after_it(
    hass: HomeAssistant, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    gate = faults.gate()
    sim.faults.next("export", gate)
    flow = Flow(hass)
    await flow.add(sim.url)
    await gate.reached.wait()
    home = Home(hass=hass, entry=flow.result["result"])
    assert home.state("problem").state == "off"

    await home.reload()
    await hass.async_block_till_done(wait_background_tasks=True)

    assert home.count == 1
    assert "trying again" not in caplog.text, "it is made at once, and has not failed"


@pytest.mark.parametrize("way", ["remove", "disable", "stop"])
@pytest.mark.parametrize("place", ["login", "export", "logout"])
async def test_a_first_backup_that_is_interrupted_leaves_no_session(
    hass: HomeAssistant, sim: Simulator, place: Place, way: str
) -> None:
    gate = faults.gate()
    entries = hass.config_entries
    flow = Flow(hass)

    def hold(_entry: object) -> object:
        """Let the Pi-hole hold an answer back from the moment in which it is added."""
        sim.faults.next(place, gate)
        return DEFAULT

    await flow.begin()
    await flow.enter_address(sim.url)
    with patch.object(entries, "async_add", wraps=entries.async_add) as added:
        added.side_effect = hold
        await flow.enter(password=APP_PASSWORD)
    await gate.reached.wait()
    entry_id = flow.result["result"].entry_id

    opening = asyncio.get_running_loop().call_later(0.1, gate.open)
    match way:
        case "remove":
            await entries.async_remove(entry_id)
        case "disable":
            await entries.async_set_disabled_by(entry_id, ConfigEntryDisabler.USER)
        case _:
            await hass.async_stop(force=True)

    opening.cancel()

    assert sim.logins == 2, "one to check the password"
    assert sim.sessions == []


async def test_a_first_backup_that_fails_says_so_and_is_tried_again(
    hass: HomeAssistant, sim: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(START)
    sim.faults.always("export", faults.error(403, "forbidden", "No"))
    home = await add(hass, sim.url)
    assert (home.count, home.state("problem").state) == (0, "on")
    sim.faults.clear()

    await Days(home, freezer).pass_by(RETRIES[0])
    await hass.async_block_till_done(wait_background_tasks=True)

    assert (home.count, home.state("problem").state) == (1, "off")


async def test_a_pihole_that_is_never_backed_up_by_itself_has_no_first_backup(
    hass: HomeAssistant, sim: Simulator
) -> None:
    home = await start_with(hass, sim, {"schedule": {"frequency": "never"}})

    assert home.count == 0
    assert home.entry.runtime_data.data.attempt is None


async def test_a_pihole_that_was_added_right_before_a_restart_has_its_first_backup_after_it(
    hass: HomeAssistant, sim: Simulator
) -> None:
    home = await start_with(hass, sim, {})

    assert home.count == 1


async def test_a_pihole_of_an_older_release_waits_for_its_schedule(
    add_pihole: AddPihole, sim: Simulator
) -> None:
    home = await add_pihole(sim.url)
    await home.hass.async_block_till_done(wait_background_tasks=True)

    assert CONF_BACK_UP_FIRST not in home.entry.data
    assert home.count == 0
    assert sim.logins == 0


async def test_a_pihole_that_is_added_again_is_not_backed_up_before_its_time(
    hass: HomeAssistant, sim: Simulator
) -> None:
    sim.pihole.restless = True
    home = await add(hass, sim.url)
    [first] = await home.backups()
    await hass.config_entries.async_remove(home.entry.entry_id)

    again = await add(hass, sim.url)

    assert [record["id"] for record in await again.backups()] == [first["id"]]
