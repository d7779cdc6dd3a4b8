"""The condition for automations, asked as an automation asks it."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.helpers.condition import (
    async_from_config,
    async_get_all_descriptions,
    async_validate_condition_config,
)
import homeassistant.helpers.config_validation as cv
from pihole_simulator import Simulator
from tests.support.automations import Automation, device_id
from tests.support.days import START, Days
from tests.support.home import AddPihole, Home

pytestmark = pytest.mark.usefixtures("unlimited_logins")

OLDER = f"{DOMAIN}.backup_older_than"
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def days(freezer: FrozenDateTimeFactory, add_pihole: AddPihole, sim: Simulator) -> Days:
    """Let time pass at home, where nothing is backed up by itself."""
    freezer.move_to(START)
    days = Days(await add_pihole(sim.url), freezer)
    await days.schedule("never")
    return days


@pytest.fixture
def home(days: Days) -> Home:
    return days.home


@pytest.fixture
async def attic(
    home: Home, freezer: FrozenDateTimeFactory, add_pihole: AddPihole, sim: Simulator
) -> Home:
    attic = Days(await add_pihole(sim.url, folder="attic", title="Attic"), freezer)
    await attic.schedule("never")
    return attic.home


async def holds(home: Home, target: object = None, **options: object) -> bool:
    """Ask whether the backups are older than a day, unless another age is named."""
    config: dict[str, Any] = {"condition": OLDER, "options": {"age": {"days": 1}, **options}}
    if target is not None:
        config["target"] = target
    config = await async_validate_condition_config(home.hass, cv.CONDITION_SCHEMA(config))
    checker = await async_from_config(home.hass, config)
    answer = checker(home.hass)
    checker.async_unload()
    assert isinstance(answer, bool)
    return answer


async def test_a_backup_is_too_old_from_that_age_on(days: Days, home: Home) -> None:
    await home.press()
    await days.pass_by(DAY)
    assert not await holds(home)
    await days.pass_by(MINUTE)
    assert await holds(home)
    assert not await holds(home, age={"days": 1, "hours": 1})
    assert await holds(home, age="23:59:00")


async def test_no_backup_is_older_than_the_calendar(home: Home) -> None:
    await home.press()
    assert not await holds(home, age={"days": 999_999_999})


async def test_none_at_all_is_too_old(home: Home) -> None:
    assert await holds(home)


async def test_a_backup_that_found_nothing_changed_makes_it_new(days: Days, home: Home) -> None:
    await home.press()
    await days.pass_by(3 * DAY)
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    assert home.count == 1
    assert not await holds(home)


async def test_of_several_any_or_all_have_to_be_too_old(
    days: Days, home: Home, attic: Home
) -> None:
    await home.press()
    await attic.press()
    await days.pass_by(2 * DAY)
    assert await holds(home, behavior="all")
    await home.press()

    assert await holds(home)
    assert await holds(home, behavior="any")
    assert not await holds(home, behavior="all")
    assert not await holds(home, {"device_id": device_id(home)})
    assert await holds(home, {"device_id": [device_id(attic)]}, behavior="all")
    assert await holds(home, {"entity_id": attic.entity_id("problem")})


@pytest.mark.parametrize("behavior", ["any", "all"])
async def test_a_wrong_target_is_not_taken_for_all(home: Home, behavior: str) -> None:
    assert not await holds(home, {"device_id": "f00"}, behavior=behavior)


async def test_nothing_is_known_of_a_pihole_that_is_not_set_up_so_its_backup_may_be_old(
    home: Home, attic: Home
) -> None:
    await home.press()
    await attic.press()
    assert not await holds(home)
    await home.hass.config_entries.async_unload(attic.entry.entry_id)

    assert await holds(home)
    assert not await holds(home, behavior="all")


async def test_a_pihole_that_is_disabled_is_left_out(home: Home, attic: Home) -> None:
    entries = home.hass.config_entries
    await home.press()
    await entries.async_set_disabled_by(attic.entry.entry_id, ConfigEntryDisabler.USER)
    assert not await holds(home)
    await entries.async_set_disabled_by(home.entry.entry_id, ConfigEntryDisabler.USER)
    assert not await holds(home, behavior="all")


async def test_a_pihole_whose_folder_went_away_is_as_it_was_seen_last(
    days: Days, home: Home
) -> None:
    await home.press()
    away = home.folder.rename(home.folder.with_name("away"))
    home.folder.write_bytes(b"")
    await days.pass_by(timedelta(hours=1))
    assert not home.entry.runtime_data.data.is_known
    assert not await holds(home)
    await days.pass_by(DAY)
    assert await holds(home)
    home.folder.unlink()
    away.rename(home.folder)


async def test_a_pihole_whose_backups_are_not_known_may_have_old_ones(home: Home) -> None:
    await home.press()
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    away = home.folder.rename(home.folder.with_name("away"))
    home.folder.write_bytes(b"")
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    assert not home.entry.runtime_data.data.is_known

    assert await holds(home)
    home.folder.unlink()
    away.rename(home.folder)


async def test_an_automation_goes_on_only_while_it_holds(
    days: Days, home: Home, sim: Simulator
) -> None:
    automation = Automation(home.hass)
    old = {"condition": OLDER, "options": {"age": {"hours": 1}}}
    await automation.set_up("backup_failed", condition=old)
    await home.press()
    await sim.stop()
    await home.fail_to_back_up()
    assert await automation.fired() == []
    await days.pass_by(timedelta(hours=2))
    await home.fail_to_back_up()

    assert await automation.names() == ["Kitchen"]
    await automation.act("turn_off")
    await sim.start()


async def test_the_editor_gets_its_description(home: Home) -> None:
    found = (await async_get_all_descriptions(home.hass))[OLDER]

    assert found is not None
    assert found["target"] == {"entity": [{"integration": DOMAIN}]}
    assert found["fields"].keys() == {"age", "behavior"}
