from datetime import datetime

from tests.conformance.real import RealPihole

from .holdings import change, fill
from .kitchen import Kitchen, Report


def changes_by_people(report: Report) -> list[str]:
    """Leave out what comes and goes by itself."""
    return [
        f"{change['change']} {change['item']}"
        for kind, changes in report["changes"].items()
        for change in changes
        if kind != "leases"
    ]


def is_shown(state: str, time: str) -> bool:
    """Return whether a sensor shows a time, which it does in whole seconds."""
    return datetime.fromisoformat(state) == datetime.fromisoformat(time).replace(microsecond=0)


async def test_the_button_backs_up_and_the_entities_change_in_the_same_moment(
    kitchen: Kitchen,
) -> None:
    assert (await kitchen.count(), await kitchen.last_backup()) == ("0", "unknown")
    await kitchen.press()
    [record] = await kitchen.backups()
    assert (record["status"], record["trigger"]) == ("good", "button")
    assert await kitchen.count() == "1"
    assert is_shown(await kitchen.last_backup(), record["created_at"])


async def test_the_pihole_is_as_its_newest_backup_says(kitchen: Kitchen) -> None:
    record = await kitchen.back_up()
    assert changes_by_people(await kitchen.compare(record)) == []


async def test_a_routine_backup_of_an_unchanged_pihole_confirms_the_one_before(
    kitchen: Kitchen,
) -> None:
    await kitchen.press()
    await kitchen.back_up_home_assistant()
    [record] = await kitchen.backups()
    assert record["trigger"] == "button"
    assert record["confirmed_at"] is not None
    assert record["confirmed_at"] > record["created_at"]
    assert is_shown(await kitchen.last_backup(), record["confirmed_at"])


async def test_a_routine_backup_is_stored_when_something_changed(
    kitchen: Kitchen, pihole: RealPihole
) -> None:
    await kitchen.press()
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
    await kitchen.back_up_home_assistant()
    assert [backup["trigger"] for backup in await kitchen.backups()] == ["ha_backup", "button"]


async def test_a_comparison_names_what_a_restore_would_change(
    kitchen: Kitchen, pihole: RealPihole
) -> None:
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
        record = await kitchen.back_up()
        await change(pihole, lists.url)
    found = changes_by_people(await kitchen.compare(record))
    assert {"disabled Live guests", "changed dns.blockTTL"} <= set(found)
