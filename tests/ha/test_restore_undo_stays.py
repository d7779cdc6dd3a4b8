"""What a restore says and keeps for its undo when little or nothing of it was done."""

from aiohttp import web
import pytest

from pihole_simulator import faults
from pihole_simulator.fault_plan import Place, Proceed
from tests.support.holding import held
from tests.support.kitchen import LIVE, Kitchen, both_ways, broken_off, issues, messed_up

REFUSAL = faults.error(400, "bad_request", "Could not change the database", "odd")


async def done_but_refused(request: web.Request, proceed: Proceed) -> web.StreamResponse:
    """Make a change, and say that it was refused, as where a lock comes in between."""
    await proceed()
    return await REFUSAL(request, proceed)


@pytest.mark.parametrize("place", ["change of an item", "deletion of items"])
async def test_a_change_that_was_made_though_it_is_called_refused_can_be_undone(
    kitchen: Kitchen, place: Place
) -> None:
    stored = await kitchen.back_up()
    pihole = kitchen.sim.pihole
    if place == "deletion of items":
        pihole.add_domain("new.example.com")
    else:
        pihole.domains[0].comment = "another one"
    messed = kitchen.configuration
    kitchen.sim.faults.next(place, done_but_refused)

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_partial")

    assert kitchen.configuration != messed
    await kitchen.undo()
    assert kitchen.configuration == messed


async def test_of_several_lists_those_that_are_gone_are_called_done(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    for number in range(3):
        kitchen.sim.pihole.add_adlist(f"https://evil.example/{number}.txt")
    messed = kitchen.configuration
    kitchen.sim.faults.next("deletion of items", faults.call(lambda: None))
    kitchen.sim.faults.next("deletion of items", REFUSAL, times=2)

    answer = await kitchen.restore(stored)

    assert [item["outcome"] for item in answer["items"]] == ["done", "refused", "refused"]
    assert answer["proven"] is False
    await kitchen.undo()
    assert kitchen.configuration == messed


async def test_a_gravity_update_alone_takes_no_undo_away(kitchen: Kitchen) -> None:
    stored, before, messed = await messed_up(kitchen)
    await kitchen.restore(stored)
    assert kitchen.configuration == before
    answer = await kitchen.restore(stored, update_gravity=True)
    assert (answer["items"], answer["gravity_updated"]) == ([], True)

    await kitchen.undo()

    assert kitchen.configuration == messed


@both_ways
async def test_a_stop_right_before_the_first_change_is_no_restore_that_was_broken_off(
    kitchen: Kitchen, way: str
) -> None:
    kitchen.way = way
    stored, before, messed = await messed_up(kitchen)
    await kitchen.restore(stored, include="lists", way=LIVE)
    restored = kitchen.configuration

    await broken_off(kitchen, stored, "export", after=1)

    assert kitchen.configuration == restored
    assert set(issues(kitchen)) == {f"restore_not_begun_{kitchen.entry_id}"}
    await kitchen.undo()
    assert kitchen.configuration == messed
    await kitchen.restore(stored)
    assert kitchen.configuration == before


async def test_a_restore_that_is_refused_takes_no_issue_of_an_earlier_one_away(
    kitchen: Kitchen,
) -> None:
    stored, _, _ = await messed_up(kitchen)
    await broken_off(kitchen, stored, "gravity")
    issue = f"restore_broken_off_{kitchen.entry_id}"
    safety = issues(kitchen)[issue]["safety"]
    kitchen.sim.pihole.domains[0].comment = "another one"
    kitchen.sim.faults.next("change of an item", REFUSAL)

    await kitchen.fails(kitchen.restore(stored, include="domains"), "restore_refused")

    assert issues(kitchen)[issue]["safety"] == safety


async def test_the_preview_of_single_changes_gives_a_plan_to_restore_them_by(
    kitchen: Kitchen,
) -> None:
    stored, _, messed = await messed_up(kitchen)
    whole = await kitchen.restore(stored, dry_run=True)
    only = [item["id"] for item in whole["items"] if item["subject"] == "lists"]
    preview = await kitchen.restore(stored, plan=whole["plan"], only=only, dry_run=True)

    answer = await kitchen.restore(stored, plan=preview["plan"], only=only)

    assert [item["id"] for item in answer["items"]] == only
    assert kitchen.configuration["domains"] == messed["domains"]


async def test_changes_that_are_in_no_plan_are_not_called_restored(kitchen: Kitchen) -> None:
    stored, _, messed = await messed_up(kitchen)
    plan = (await kitchen.restore(stored, dry_run=True))["plan"]

    await kitchen.fails(
        kitchen.restore(stored, plan=plan, only=["0123456789abcdef"]), "restore_outdated"
    )

    assert kitchen.configuration == messed


async def test_an_issue_that_is_confirmed_during_a_restore_takes_nothing_off_the_disk(
    kitchen: Kitchen, hass_storage: dict[str, object]
) -> None:
    stored, _, _ = await messed_up(kitchen)
    await broken_off(kitchen, stored, "gravity")
    kitchen.sim.pihole.domains[0].comment = "another one"
    gate, restore = await held(kitchen.sim, "change of an item", kitchen.restore(stored))

    await kitchen.home.entry.runtime_data.manager.async_forget_unfinished_restore()

    kept = kitchen.safety["filename"] in repr(hass_storage)
    gate.open()
    await restore
    assert kept
    assert issues(kitchen) == {}


async def test_a_record_that_somebody_adds_during_the_changes_stays_and_is_named(
    kitchen: Kitchen,
) -> None:
    stored, before, _ = await messed_up(kitchen)
    hosts = kitchen.sim.pihole.hosts
    meanwhile = "192.168.1.5 meanwhile.example"
    kitchen.sim.faults.next("change of an item", faults.call(lambda: hosts.append(meanwhile)))

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored, way=LIVE), "restore_differs"
    )

    assert "meanwhile.example" in sentence
    assert meanwhile in kitchen.sim.pihole.hosts
    kitchen.sim.pihole.hosts.remove(meanwhile)
    assert kitchen.configuration["domains"] == before["domains"]
