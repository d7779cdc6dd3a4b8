"""A backup of one Pi-hole on another one: what comes along, by name, and what was lost there."""

from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.manager.second_look import LOOK_AFTER
from homeassistant.util import dt as dt_util
from pihole_simulator import Credentials, Pihole, Simulator
from tests.support.dialog import go_through_dialog
from tests.support.gravity import slow_list, updating
from tests.support.home import AddPihole
from tests.support.kitchen import APP_SUDO, Kitchen, issues
from tests.support.passwords import APP_PASSWORD, PASSWORD

THEME, HISTORY = "webserver.interface.theme", "webserver.api.maxHistory"


@pytest.fixture
async def attic(kitchen: Kitchen, add_pihole: AddPihole) -> AsyncIterator[Kitchen]:
    """Have another Pi-hole, with passwords of its own."""
    pihole = Pihole(hostname="attic")
    async with Simulator(password=PASSWORD, app_password=APP_PASSWORD, pihole=pihole) as sim:
        sim.auth.login_attempts_per_second = 1000
        pihole.settings |= {APP_SUDO: True, "dns.port": 0}
        home = await add_pihole(sim.url, folder="attic", title="Attic")
        yield Kitchen(home=home, sim=sim, events=kitchen.events)


async def test_a_setting_of_a_machine_comes_along_alone_when_it_is_named(
    kitchen: Kitchen, attic: Kitchen
) -> None:
    kitchen.sim.pihole.settings |= {THEME: "lcars", HISTORY: 3600}
    stored = await kitchen.back_up()
    source = {"source_config_entry_id": kitchen.entry_id}
    preview = await attic.restore(stored, **source, dry_run=True)
    left_out = {left["item"]: left["reason"] for left in preview["left_out"]}
    assert (left_out[THEME], left_out[HISTORY]) == ("machine", "machine")
    before = deepcopy(attic.configuration)

    answer = await attic.restore(stored, **source, settings=[THEME])

    settings = before["settings"]
    assert isinstance(settings, dict)
    assert attic.configuration == before | {"settings": settings | {THEME: "lcars"}}
    assert (answer["proven"], answer["left_out"]) == (True, [])
    await attic.undo()
    assert attic.configuration == before


async def test_passwords_of_the_other_pihole_are_left_out_by_their_names(
    kitchen: Kitchen, attic: Kitchen
) -> None:
    attic.sim.change_credentials(Credentials(password="something else"))
    await attic.use_password("something else")
    stored = await kitchen.back_up()

    answer = await attic.restore(stored, source_config_entry_id=kitchen.entry_id)

    left_out = {left["item"]: left for left in answer["left_out"]}
    for name in ("webserver.api.pwhash", "webserver.api.app_pwhash"):
        assert left_out[name]["reason"] == "machine"
        assert left_out[name]["details"] == [{"change": "changed", "old": None, "new": None}]
    assert attic.sim.pihole.credentials.password == "something else"
    assert answer["proven"] is True


async def test_what_a_gravity_update_threw_away_there_is_restored_from_the_same_backup_again(
    kitchen: Kitchen, attic: Kitchen, hass_client: ClientSessionGenerator
) -> None:
    hass = kitchen.home.hass
    stored = await kitchen.back_up()
    async with slow_list(attic.sim) as adlist, updating(attic.sim, adlist):
        await attic.restore(stored, source_config_entry_id=kitchen.entry_id, include=["domains"])
        brought = attic.configuration["domains"]
    assert attic.configuration["domains"] != brought

    async_fire_time_changed(hass, dt_util.utcnow() + LOOK_AFTER + timedelta(seconds=1))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert set(issues(kitchen)) == {f"restore_lost_{attic.entry_id}"}
    await go_through_dialog(hass, hass_client, f"restore_lost_{attic.entry_id}")
    assert attic.configuration["domains"] == brought == kitchen.configuration["domains"]
    assert issues(kitchen) == {}
