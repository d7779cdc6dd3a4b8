import pytest

from .conftest import Kitchen, Told
from .pihole import Pihole


def changes_by_people(told: Told) -> list[str]:
    """Leave out what comes and goes by itself."""
    return [
        f"{change['change']} {change['item']}"
        for kind, changes in told["changes"].items()
        for change in changes
        if kind != "leases"
    ]


@pytest.mark.usefixtures("pihole")
async def test_the_pihole_is_as_its_newest_backup_says(kitchen: Kitchen) -> None:
    record = await kitchen.back_up()
    assert changes_by_people(await kitchen.compare_with(record)) == []


@pytest.mark.parametrize("parts", [{"include": ["domains"]}, {}], ids=["its domains", "all of it"])
async def test_a_restore_is_told_beforehand_proven_and_taken_back(
    kitchen: Kitchen, pihole: Pihole, marker: str, parts: dict[str, list[str]]
) -> None:
    record = await kitchen.back_up()
    await pihole.deny(marker)
    assert changes_by_people(await kitchen.compare_with(record)) == [f"removed {marker}"]

    told = await kitchen.restore(record, dry_run=True, **parts)
    assert changes_by_people(told) == [f"removed {marker}"]
    assert told["proven"] is None
    assert told["safety_backup"] is None
    assert marker in await pihole.denied()

    restored = await kitchen.restore(record, **parts)
    assert changes_by_people(restored) == [f"removed {marker}"]
    assert restored["proven"] is True
    assert restored["safety_backup"] is not None
    assert marker not in await pihole.denied()

    undone = await kitchen.undo()
    assert changes_by_people(undone) == [f"added {marker}"]
    assert undone["proven"] is True
    assert marker in await pihole.denied()
