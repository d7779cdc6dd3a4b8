"""What retention may delete, as users see it: nothing that somebody else asked for."""

from datetime import timedelta
import json

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.options import (
    CONF_DAILY,
    CONF_LAST,
    CONF_MANUAL,
    CONF_MAX_AGE,
    CONF_MONTHLY,
    CONF_WEEKLY,
    SECTION_RETENTION,
)
from homeassistant.core import Context
from pihole_simulator import Simulator
from tests.support.home import Home

pytestmark = pytest.mark.usefixtures("unlimited_logins")

NO_RULES = {CONF_LAST: 0, CONF_DAILY: 0, CONF_WEEKLY: 0, CONF_MONTHLY: 0}


async def back_up_as(home: Home, user: MockUser, times: int) -> None:
    for _ in range(times):
        await home.hass.services.async_call(
            DOMAIN, "backup", {}, blocking=True, context=Context(user_id=user.id)
        )


async def ids(home: Home) -> list[str]:
    return [str(record["id"]) for record in await home.backups()]


async def test_101_backups_of_one_user_take_none_of_another_one(
    home: Home, sim: Simulator, hass_admin_user: MockUser, hass_read_only_user: MockUser
) -> None:
    await back_up_as(home, hass_admin_user, 1)
    [before] = await ids(home)
    sim.pihole.adlists.pop()
    await back_up_as(home, hass_admin_user, 1)
    after, _ = await ids(home)
    sim.pihole.adlists.pop()

    await back_up_as(home, hass_read_only_user, 101)

    left = await ids(home)
    assert {before, after} <= set(left)
    assert 100 <= len(left) <= 103


async def test_a_few_places_are_enough_for_what_differs(home: Home, sim: Simulator) -> None:
    await home.choose(**{SECTION_RETENTION: {**NO_RULES, CONF_MANUAL: 2}})
    await home.press()
    [first] = await ids(home)
    sim.pihole.adlists.pop()
    for _ in range(5):
        await home.press()

    left = await ids(home)
    assert len(left) == 4, "the two newest, the oldest that holds the same, and the one before"
    assert left[-1] == first
    plan = (await home.call("prune"))["piholes"][0]
    assert [record["kept_for"] for record in plan["kept"]] == [
        ["manual", "newest_good"],
        ["manual"],
        ["manual"],
        ["manual"],
    ]
    sim.pihole.domains.pop()
    await home.press()
    assert first not in await ids(home), "a third place does not exist"


async def test_presses_take_no_place_from_scheduled_backups(home: Home, sim: Simulator) -> None:
    await home.choose(**{SECTION_RETENTION: {**NO_RULES, CONF_LAST: 2}})
    for _ in range(2):
        sim.pihole.adlists.pop()
        await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)
    scheduled = set(await ids(home))
    for _ in range(5):
        await home.press()

    assert scheduled <= set(await ids(home))


async def test_what_a_person_asked_for_is_never_too_old(
    home: Home, sim: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    await home.choose(**{SECTION_RETENTION: {CONF_MAX_AGE: 30}})
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)
    [scheduled] = await ids(home)
    sim.pihole.restless = True
    await home.press()
    await home.back_up()
    by_hand = set(await ids(home)) - {scheduled}
    for _ in range(5):
        freezer.tick(timedelta(days=15))
        await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    left = await ids(home)
    assert by_hand <= set(left)
    assert scheduled not in left


async def restored(home: Home, sim: Simulator) -> list[str]:
    """Restore something, and return the IDs of the two backups of it, the newer one first."""
    sim.pihole.settings["dns.port"] = 0
    stored, *_ = earlier = await ids(home)
    sim.pihole.domains.pop()
    entry_id = home.entry.entry_id
    answer = await home.call(
        "restore", config_entry_id=entry_id, backup_id=stored, include=["domains"]
    )
    assert answer["proven"] is True
    made = {
        str(record["trigger"]): str(record["id"])
        for record in await home.backups()
        if record["id"] not in earlier
    }
    assert made.keys() == {"after_restore", "before_restore"}
    return [made["after_restore"], made["before_restore"]]


async def test_what_a_restore_leaves_is_kept_as_scheduled_backups_are(
    home: Home, sim: Simulator
) -> None:
    await home.choose(**{SECTION_RETENTION: {**NO_RULES, CONF_LAST: 2}})
    await home.press()
    after, before = await restored(home, sim)
    plan = (await home.call("prune"))["piholes"][0]
    kept_for = {record["id"]: record["kept_for"] for record in plan["kept"]}
    assert kept_for[after] == ["last", "newest_good"]
    assert kept_for[before] == ["safety"]
    for _ in range(2):
        sim.pihole.adlists.pop()
        await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    left = await ids(home)

    assert after not in left, "two scheduled ones took its places"
    assert before in left, "that from before a restore stays for 30 days"


async def test_what_a_restore_leaves_is_too_old_some_day_as_scheduled_backups_are(
    home: Home, sim: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    await home.choose(**{SECTION_RETENTION: {CONF_MAX_AGE: 40}})
    await home.press()
    after, before = await restored(home, sim)
    sim.pihole.restless = True
    for _ in range(5):
        freezer.tick(timedelta(days=15))
        await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    assert not {after, before} & set(await ids(home))


async def test_a_restore_prunes_nothing_and_a_second_one_adds_two_more(
    home: Home, sim: Simulator
) -> None:
    await home.choose(**{SECTION_RETENTION: {**NO_RULES, CONF_LAST: 1}})
    await home.press()
    [stored] = await ids(home)
    first = await restored(home, sim)
    second = await restored(home, sim)

    left = await ids(home)
    assert left[:2] == second
    assert {stored, first[1]} <= set(left)


async def test_what_a_restore_leaves_is_the_current_backup_that_a_scheduled_one_confirms(
    home: Home, sim: Simulator
) -> None:
    await home.press()
    after, _ = await restored(home, sim)
    count = home.count

    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    assert home.count == count
    newest = (await home.backups())[0]
    assert newest["id"] == after
    assert newest["confirmed_at"] is not None
    assert newest["is_manual"] is False


async def test_what_a_restore_leaves_is_noted_in_a_record_of_the_second_version(
    home: Home, sim: Simulator
) -> None:
    """Version 0.1.0 knows no such trigger, and leaves records alone that are newer than it."""
    await home.press()
    after, before = await restored(home, sim)

    versions = {
        note["id"]: note["version"]
        for note in (json.loads(path.read_text()) for path in home.folder.glob("*.json"))
    }
    assert versions.pop(after) == 2
    assert set(versions.values()) == {1}
    assert before in versions
    await home.reload()
    assert (await home.backups())[0]["trigger"] == "after_restore"
