"""A gravity update that runs during a restore: what it throws away is found, and comes back."""

from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.manager.second_look import LOOK_AFTER
from homeassistant.components.repairs.const import DOMAIN as REPAIRS
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pihole_simulator import DomainType, faults
from pihole_simulator.comparison import Plain
from tests.support.dialog import go_through_dialog
from tests.support.gravity import SlowList, slow_list, updating
from tests.support.holding import held
from tests.support.kitchen import Kitchen, issues

DOMAINS = ["domains"]


@pytest.fixture
async def adlist(kitchen: Kitchen) -> AsyncIterator[SlowList]:
    async with slow_list(kitchen.sim) as made:
        yield made


async def without_a_domain(kitchen: Kitchen) -> tuple[str, dict[str, Plain], dict[str, Plain]]:
    """Have a backup, what is in it, and a Pi-hole that has another domain in place of one of it."""
    before = deepcopy(kitchen.configuration)
    stored = await kitchen.back_up()
    del kitchen.sim.pihole.domains[0]
    kitchen.sim.pihole.add_domain("new.example.com")
    return stored, before, deepcopy(kitchen.configuration)


async def restore_during_an_update(kitchen: Kitchen, adlist: SlowList, stored: str) -> None:
    async with updating(kitchen.sim, adlist):
        answer = await kitchen.restore(stored, include=DOMAINS)
        assert answer["proven"] is True


async def some_minutes_later(kitchen: Kitchen, span: timedelta = LOOK_AFTER) -> None:
    async_fire_time_changed(kitchen.home.hass, dt_util.utcnow() + span + timedelta(seconds=1))
    await kitchen.home.hass.async_block_till_done(wait_background_tasks=True)


def lost(kitchen: Kitchen) -> str | None:
    """Return what Repairs says is lost."""
    found = issues(kitchen).get(f"restore_lost_{kitchen.entry_id}")
    return None if found is None else found["names"]


async def confirm(kitchen: Kitchen, hass_client: ClientSessionGenerator) -> dict[str, object]:
    issue_id = f"restore_lost_{kitchen.entry_id}"
    return await go_through_dialog(kitchen.home.hass, hass_client, issue_id)


async def test_what_a_running_update_throws_away_is_named_and_restored_again(
    kitchen: Kitchen, adlist: SlowList, hass_client: ClientSessionGenerator
) -> None:
    stored, before, messed = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    assert kitchen.configuration["domains"] == messed["domains"], "the update has ended"
    assert lost(kitchen) is None

    await some_minutes_later(kitchen)

    assert lost(kitchen) == "`new.example.com`, `shop.example.com`"
    assert (await confirm(kitchen, hass_client))["type"] == "create_entry"
    assert kitchen.configuration["domains"] == before["domains"]
    assert lost(kitchen) is None
    assert kitchen.events[-1].data["type"] == "restored"
    await some_minutes_later(kitchen)
    assert lost(kitchen) is None
    await kitchen.undo()
    assert kitchen.configuration["domains"] == messed["domains"]


async def test_after_some_of_it_was_restored_again_the_whole_restore_can_be_undone(
    kitchen: Kitchen, adlist: SlowList, hass_client: ClientSessionGenerator
) -> None:
    stored, _, _ = await without_a_domain(kitchen)
    kitchen.sim.pihole.settings["dns.blockTTL"] = 60
    messed = deepcopy(kitchen.configuration)
    async with updating(kitchen.sim, adlist):
        await kitchen.restore(stored)
    await some_minutes_later(kitchen)
    await confirm(kitchen, hass_client)

    await kitchen.undo()

    assert kitchen.configuration["domains"] == messed["domains"]
    assert kitchen.configuration["settings"] == messed["settings"]


async def test_when_nothing_is_lost_nothing_is_said(kitchen: Kitchen, adlist: SlowList) -> None:
    adlist.answers.set()
    stored, before, _ = await without_a_domain(kitchen)
    await kitchen.restore(stored)
    exports = _exports(kitchen)

    await some_minutes_later(kitchen)

    assert _exports(kitchen) == exports + 1
    assert issues(kitchen) == {}
    assert kitchen.configuration == before


async def test_what_somebody_has_changed_since_is_not_called_lost(
    kitchen: Kitchen, adlist: SlowList
) -> None:
    stored, _, _ = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    pihole = kitchen.sim.pihole
    pihole.add_domain("shop.example.com", DomainType.ALLOW_EXACT, comment="since")

    await some_minutes_later(kitchen)

    assert lost(kitchen) == "`new.example.com`"


async def test_what_the_pihole_refused_is_not_called_lost(kitchen: Kitchen) -> None:
    pihole = kitchen.sim.pihole
    pihole.add_domain("([", type=DomainType.DENY_REGEX)
    pihole.add_domain("fine.example.com")
    stored = await kitchen.back_up()
    del pihole.domains[-2:]
    answer = await kitchen.restore(stored)
    assert answer["proven"] is False

    await some_minutes_later(kitchen)

    assert issues(kitchen) == {}


async def test_an_undo_is_looked_after_too(
    kitchen: Kitchen, adlist: SlowList, hass_client: ClientSessionGenerator
) -> None:
    stored, before, messed = await without_a_domain(kitchen)
    await kitchen.restore(stored, include=DOMAINS)
    async with updating(kitchen.sim, adlist):
        await kitchen.undo()
    assert kitchen.configuration["domains"] == before["domains"]

    await some_minutes_later(kitchen)

    assert lost(kitchen) == "`new.example.com`, `shop.example.com`"
    await confirm(kitchen, hass_client)
    assert kitchen.configuration["domains"] == messed["domains"]


async def test_a_later_restore_takes_the_place_of_an_earlier_one(kitchen: Kitchen) -> None:
    stored, _, messed = await without_a_domain(kitchen)
    await kitchen.restore(stored, include=DOMAINS)
    await kitchen.undo()
    assert kitchen.configuration == messed
    exports = _exports(kitchen)

    await some_minutes_later(kitchen)

    assert lost(kitchen) is None, "taken back is not lost"
    assert _exports(kitchen) == exports + 1


async def test_a_look_that_has_to_wait_for_a_later_restore_does_not_call_that_a_loss(
    kitchen: Kitchen,
) -> None:
    stored, _, messed = await without_a_domain(kitchen)
    await kitchen.restore(stored, include=DOMAINS)
    change, undo = await held(kitchen.sim, "change of an item", kitchen.undo())
    async_fire_time_changed(kitchen.home.hass, dt_util.utcnow() + LOOK_AFTER)
    change.open()
    await undo
    await kitchen.home.hass.async_block_till_done(wait_background_tasks=True)

    assert kitchen.configuration == messed
    assert lost(kitchen) is None


async def test_a_restore_that_changes_nothing_leaves_what_was_lost_to_be_restored(
    kitchen: Kitchen, adlist: SlowList
) -> None:
    stored, _, _ = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    await some_minutes_later(kitchen)
    names = lost(kitchen)
    kitchen.sim.faults.next("export", faults.error(503, "busy", "not now"))

    await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    assert names is not None
    assert lost(kitchen) == names


async def test_a_restore_that_does_not_begin_does_not_end_the_care_for_an_earlier_one(
    kitchen: Kitchen, adlist: SlowList
) -> None:
    stored, _, _ = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    kitchen.sim.faults.next("export", faults.error(503, "busy", "not now"))
    await kitchen.fails(kitchen.restore(stored), "restore_not_begun")

    await some_minutes_later(kitchen)

    assert lost(kitchen) == "`new.example.com`, `shop.example.com`"


async def test_a_repetition_that_fails_says_why_and_can_be_tried_again(
    kitchen: Kitchen, adlist: SlowList, hass_client: ClientSessionGenerator
) -> None:
    stored, before, _ = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    await some_minutes_later(kitchen)
    kitchen.sim.faults.always("everything", faults.error(503, "busy", "not now"))

    result = await confirm(kitchen, hass_client)

    assert (result["type"], result["reason"]) == ("abort", "failed")
    placeholders = result["description_placeholders"]
    assert isinstance(placeholders, dict)
    assert "The restore didn't start" in placeholders["message"]
    assert lost(kitchen) is not None
    kitchen.sim.faults.clear()
    assert (await confirm(kitchen, hass_client))["type"] == "create_entry"
    assert kitchen.configuration["domains"] == before["domains"]


async def test_the_dialog_says_that_the_pihole_is_not_loaded(
    kitchen: Kitchen, adlist: SlowList, hass_client: ClientSessionGenerator
) -> None:
    stored, _, messed = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    await some_minutes_later(kitchen)
    hass = kitchen.home.hass
    assert await async_setup_component(hass, REPAIRS, {})
    client = await hass_client()
    issue = {"handler": DOMAIN, "issue_id": f"restore_lost_{kitchen.entry_id}"}
    form = await (await client.post("/api/repairs/issues/fix", json=issue)).json()
    await hass.config_entries.async_unload(kitchen.entry_id)

    answer = await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={})

    result = await answer.json()
    assert (result["type"], result["reason"]) == ("abort", "not_loaded")
    assert kitchen.configuration == messed


async def test_an_unloaded_pihole_is_not_looked_at(kitchen: Kitchen, adlist: SlowList) -> None:
    stored, _, _ = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    exports = _exports(kitchen)
    await kitchen.home.hass.config_entries.async_unload(kitchen.entry_id)

    await some_minutes_later(kitchen)

    assert _exports(kitchen) == exports
    assert lost(kitchen) is None


async def test_a_pihole_that_is_away_at_the_second_look_raises_no_issue(
    kitchen: Kitchen, adlist: SlowList
) -> None:
    stored, _, _ = await without_a_domain(kitchen)
    await restore_during_an_update(kitchen, adlist, stored)
    kitchen.sim.faults.always("everything", faults.drop())

    await some_minutes_later(kitchen)

    assert lost(kitchen) is None
    kitchen.sim.faults.clear()


def _exports(kitchen: Kitchen) -> int:
    return sum(
        (request.method, request.path) == ("GET", "/api/teleporter")
        for request in kitchen.sim.requests
    )
