"""Home Assistant's own backup begins during a restore, and somebody changes the Pi-hole."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from custom_components.pihole_checkpoint.freeze import Freeze, async_get_freeze
from pihole_simulator.fault_plan import Place
from tests.support.ha_backup import HaBackup
from tests.support.holding import held
from tests.support.kitchen import Kitchen, issues, messed_up

WAYS = ["live", "import"]


@pytest.fixture
def freeze(kitchen: Kitchen) -> Freeze:
    return async_get_freeze(kitchen.home.hass)


@pytest.fixture
async def not_before(kitchen: Kitchen) -> None:
    """Have a Pi-hole that is not backed up before Home Assistant's own backup."""
    await kitchen.home.choose(backup={"before_ha_backup": False})


async def begin_before_ha_backup(
    kitchen: Kitchen, stored: str, way: str, ha_backup: HaBackup
) -> asyncio.Task[dict[str, Any]]:
    """Begin a restore that is at its first export when Home Assistant's own backup begins."""
    export, restore = await held(kitchen.sim, "export", kitchen.restore(stored, way=way))
    ha_backup.ask()
    gate = async_get_freeze(kitchen.home.hass).gate
    while not gate.is_closed:  # noqa: ASYNC110 - it will be soon
        await asyncio.sleep(0)
    export.open()
    await ha_backup.until_begun()
    return restore


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - nothing tells when it is
            await asyncio.sleep(0.01)


async def until_it_waits(kitchen: Kitchen, way: str) -> None:
    """Wait until a restore has to write a file for the first time: what it sends, or a backup."""
    await until(lambda: kitchen.activity == ("storing" if way == "live" else "previewing"))


@pytest.mark.usefixtures("not_before")
@pytest.mark.parametrize("way", WAYS)
async def test_what_is_added_while_a_restore_waits_for_home_assistants_backup_is_not_lost(
    kitchen: Kitchen, ha_backup: HaBackup, way: str
) -> None:
    stored, _, _ = await messed_up(kitchen)
    records = kitchen.records
    restore = await begin_before_ha_backup(kitchen, stored, way, ha_backup)
    kitchen.sim.pihole.add_domain("meanwhile.example.com")
    before = kitchen.configuration
    await until_it_waits(kitchen, way)
    assert not restore.done()

    await ha_backup.finish()
    await kitchen.fails(restore, "restore_outdated")

    assert kitchen.configuration == before
    assert kitchen.sim.restarts == 0
    assert issues(kitchen) == {}
    await kitchen.fails(kitchen.undo(), "nothing_to_undo")
    assert kitchen.records[1:] == records, "the backup from just before is kept"
    assert kitchen.last_event["reason"] == "restore_outdated"


@pytest.mark.usefixtures("not_before")
@pytest.mark.parametrize("way", WAYS)
async def test_a_restore_waits_for_home_assistants_backup_and_then_goes_on(
    kitchen: Kitchen, ha_backup: HaBackup, way: str
) -> None:
    stored, before, _ = await messed_up(kitchen)
    restore = await begin_before_ha_backup(kitchen, stored, way, ha_backup)
    await until_it_waits(kitchen, way)
    assert not restore.done()

    await ha_backup.finish()
    answer = await restore

    assert (answer["proven"], answer["way"]) == (True, way)
    leases = {"leases": kitchen.configuration["leases"]}
    assert kitchen.configuration == before | leases


@pytest.mark.usefixtures("not_before")
@pytest.mark.parametrize("way", WAYS)
async def test_changes_that_are_being_made_are_made_and_only_their_verification_waits(
    kitchen: Kitchen, ha_backup: HaBackup, freeze: Freeze, way: str
) -> None:
    stored, before, _ = await messed_up(kitchen)
    place: Place = "change of an item" if way == "live" else "import"
    change, restore = await held(kitchen.sim, place, kitchen.restore(stored, way=way))
    await ha_backup.start()
    assert freeze.gate.is_closed
    change.open()
    await until(lambda: kitchen.activity == "proving")
    assert kitchen.configuration["domains"] == before["domains"]
    assert not restore.done()

    await ha_backup.finish()
    answer = await restore

    assert answer["proven"] is True
    assert kitchen.records[0]["trigger"] == "after_restore"


async def test_a_restore_under_way_is_no_reason_for_home_assistants_backup_to_fail(
    kitchen: Kitchen, ha_backup: HaBackup
) -> None:
    stored, _, _ = await messed_up(kitchen)
    change, restore = await held(kitchen.sim, "change of an item", kitchen.restore(stored))

    await ha_backup.make()

    change.open()
    assert (await restore)["proven"] is True
