"""Which changes were made when a restore breaks off: what is said, and what is undone."""

import asyncio
from copy import deepcopy
from dataclasses import replace
from typing import Any

from aiohttp import web
import pytest

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.restore import applied
from pihole_simulator import faults
from pihole_simulator.fault_plan import Place, Proceed
from tests.support.kitchen import BY_IMPORT, Kitchen, broken_off, issues
from tests.support.timings import change_restore_timings

REFUSAL = faults.error(400, "bad_request", "Could not change the database", "odd")
ITEM: Place = "change of an item"


async def with_domains(kitchen: Kitchen, number: int) -> tuple[str, list[str]]:
    """Have a backup with some domains that the Pi-hole does not have, and give their names."""
    names = [f"{index:04}.example.com" for index in range(number)]
    for name in names:
        kitchen.sim.pihole.add_domain(name)
    stored = await kitchen.back_up()
    del kitchen.sim.pihole.domains[-number:]
    return stored, names


def fail_after(kitchen: Kitchen, changes: int, *, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the Pi-hole go away for good in the change after these."""
    change_restore_timings(monkeypatch, lambda usual: replace(usual, restart=0.1))
    sim = kitchen.sim
    sim.faults.next(ITEM, faults.call(lambda: None), times=changes)

    async def go_away(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        sim.faults.always("everything", faults.drop())
        return await faults.drop()(request, proceed)

    sim.faults.next(ITEM, go_away)
    kitchen.can_log_out = False


async def test_what_was_made_and_what_was_not_is_said_by_name(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, names = await with_domains(kitchen, 6)
    fail_after(kitchen, 2, monkeypatch=monkeypatch)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_interrupted"
    )

    assert f"2 of 6 ({names[0]}, {names[1]})" in sentence
    assert f"Possibly made: {names[2]}." in sentence
    data = kitchen.events[-1].data
    outcomes = {item["item"]: item["outcome"] for item in data["items"]}
    assert outcomes == {
        names[0]: "done",
        names[1]: "done",
        names[2]: "unknown",
        **dict.fromkeys(names[3:], "not_done"),
    }
    assert data["items"][0]["item"] == names[2]
    assert data["more_items"] == []


async def test_what_was_refused_before_a_restore_breaks_off_is_said_with_the_reason(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, names = await with_domains(kitchen, 3)
    kitchen.sim.faults.next(ITEM, REFUSAL)
    fail_after(kitchen, 0, monkeypatch=monkeypatch)

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_interrupted")

    items = kitchen.events[-1].data["items"]
    assert [(item["item"], item["outcome"]) for item in items] == [
        (names[1], "unknown"),
        (names[0], "refused"),
        (names[2], "not_done"),
    ]
    assert "odd" in items[1]["reason"] or "database" in items[1]["reason"]


async def test_the_undo_of_a_restore_that_broke_off_leaves_alone_what_was_not_reached(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, names = await with_domains(kitchen, 40)
    fail_after(kitchen, 2, monkeypatch=monkeypatch)
    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_interrupted")
    kitchen.sim.faults.clear()
    kitchen.sim.pihole.add_domain(names[30])

    await kitchen.undo()

    there = {domain.domain for domain in kitchen.sim.pihole.domains}
    assert there & {*names} == {names[30]}


async def test_nothing_is_taken_back_when_a_restore_broke_off_before_its_first_change(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, names = await with_domains(kitchen, 3)
    await kitchen.restore(stored)
    kitchen.sim.pihole.add_domain("since.example.com")
    change_restore_timings(monkeypatch, lambda usual: replace(usual, restart=0.1))
    sim = kitchen.sim

    def go_away() -> None:
        sim.faults.always("everything", faults.drop())

    sim.faults.next("export", faults.call(lambda: None))
    gate = faults.gate()
    sim.faults.next("export", gate)
    restore = asyncio.ensure_future(kitchen.restore(stored, include=["domains"]))
    await gate.reached.wait()
    go_away()
    gate.open()
    kitchen.can_log_out = False
    await kitchen.fails(restore, "restore_interrupted")

    assert issues(kitchen) == {}
    sim.faults.clear()
    await kitchen.undo()
    there = [domain.domain for domain in sim.pihole.domains]
    assert "since.example.com" in there
    assert not {*names} & {*there}


async def test_a_power_cut_leaves_on_the_disk_at_least_what_was_sent_and_not_all_that_was_planned(
    kitchen: Kitchen, hass_storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applied, "SECONDS_BETWEEN_NOTES", 60.0)  # a busy machine is no finding
    stored, names = await with_domains(kitchen, 150)
    seen: list[dict[str, Any]] = []

    def look() -> None:
        seen.append(deepcopy(hass_storage[f"{DOMAIN}.{kitchen.entry_id}"]["data"]))

    kitchen.sim.faults.always(ITEM, faults.call(look))
    answer = await kitchen.restore(stored, way="live")

    ids = [item["id"] for item in answer["items"]]
    for sent, found in enumerate(seen, start=1):
        assert {*ids[:sent]} <= {*found["undo"]["only"]}
        assert found["unfinished"]["changes"] == len(found["undo"]["only"])
        assert found["unfinished"]["planned"] == len(names)
    assert len(seen[0]["undo"]["only"]) == 20
    assert len({len(found["undo"]["only"]) for found in seen}) == 4, "a note costs a write"
    after = hass_storage[f"{DOMAIN}.{kitchen.entry_id}"]["data"]
    assert (after["unfinished"], after["undo"]["only"]) == (None, ids)


async def test_what_an_unload_breaks_off_is_limited_to_what_was_sent(kitchen: Kitchen) -> None:
    stored, names = await with_domains(kitchen, 40)

    await broken_off(kitchen, stored, ITEM, after=2)

    [issue] = issues(kitchen).values()
    assert (issue["changes"], issue["planned"]) == ("3", "40")
    kitchen.sim.pihole.add_domain(names[30])
    await kitchen.undo()
    there = {domain.domain for domain in kitchen.sim.pihole.domains}
    assert there & {*names} == {names[30]}


async def test_a_refused_import_is_said_of_each_change(kitchen: Kitchen) -> None:
    kitchen.way = BY_IMPORT
    stored, names = await with_domains(kitchen, 2)
    kitchen.sim.faults.next("import", faults.error(400, "bad_request", "Invalid ZIP archive", "no"))

    await kitchen.fails_after_its_safety_backup(kitchen.restore(stored), "restore_refused")

    items = kitchen.events[-1].data["items"]
    assert {item["item"]: item["outcome"] for item in items} == dict.fromkeys(names, "refused")
    assert all(item["reason"] for item in items)


async def test_an_event_names_no_more_changes_than_home_assistant_keeps(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, _ = await with_domains(kitchen, 300)
    fail_after(kitchen, 5, monkeypatch=monkeypatch)

    await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored, way="live"), "restore_interrupted"
    )

    data = kitchen.events[-1].data
    assert len(repr(data)) < 16_000
    [more] = data["more_items"]
    assert (more["subject"], more["change"], more["outcome"]) == ("domains", "added", "not_done")
    assert len(data["items"]) + more["count"] == 300


# What takes too long ------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [ITEM, "deletion of items", "change of settings"])
async def test_a_change_that_hangs_is_sent_once_more_and_no_oftener(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    stored = await kitchen.back_up()
    pihole = kitchen.sim.pihole
    if place == ITEM:
        pihole.domains[0].comment = "another one"
    elif place == "deletion of items":
        pihole.add_domain("since.example.com")
    else:
        pihole.settings["dns.blockTTL"] = 60
    await patient(kitchen, monkeypatch, 0.5)
    asked: list[str] = []

    async def hang(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        asked.append(request.path)
        return await faults.hang()(request, proceed)

    kitchen.sim.faults.always(place, hang)

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_interrupted"
    )

    assert len(asked) == 2
    assert "Changes made: 0 of 1" in sentence
    assert [item["outcome"] for item in kitchen.events[-1].data["items"]] == ["unknown"]
    kitchen.sim.faults.clear()


async def test_a_change_that_hangs_once_is_made(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, names = await with_domains(kitchen, 2)
    await patient(kitchen, monkeypatch, 0.5)
    kitchen.sim.faults.next(ITEM, faults.hang())

    answer = await kitchen.restore(stored)

    assert answer["proven"] is True
    assert {*names} <= {domain.domain for domain in kitchen.sim.pihole.domains}


async def test_changes_that_take_too_long_together_end_the_restore(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, names = await with_domains(kitchen, 3)
    change_restore_timings(monkeypatch, lambda usual: replace(usual, changes=1.7, change=0.1))
    kitchen.sim.faults.next(ITEM, faults.call(lambda: None))
    kitchen.sim.faults.next(ITEM, faults.hang())

    sentence = await kitchen.fails_after_its_safety_backup(
        kitchen.restore(stored), "restore_interrupted"
    )

    assert "made within 2 seconds" in sentence
    assert f"1 of 3 ({names[0]})" in sentence
    await kitchen.undo()
    assert not {*names} & {domain.domain for domain in kitchen.sim.pihole.domains}


async def patient(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have the integration wait for the answer to a change for so long."""
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, change=seconds))
    await kitchen.home.reload()
