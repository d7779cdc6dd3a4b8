"""What the tests through Home Assistant's core share."""

from collections.abc import AsyncIterator

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.pihole_checkpoint.freeze import async_get_freeze
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator
from tests.support.days import START, Days
from tests.support.flows import Flow
from tests.support.ha_backup import HaBackup
from tests.support.home import AddPihole, Home
from tests.support.kitchen import Kitchen, kitchen_of
from tests.support.network import Network


@pytest.fixture
def unlimited_logins(sim: Simulator) -> None:
    sim.auth.login_attempts_per_second = 1000


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch)


@pytest.fixture
def flow(hass: HomeAssistant) -> Flow:
    return Flow(hass)


@pytest.fixture
async def days(freezer: FrozenDateTimeFactory, add_pihole: AddPihole, sim: Simulator) -> Days:
    freezer.move_to(START)
    home = await add_pihole(sim.url)
    await home.hass.config.async_set_time_zone("Europe/Berlin")
    days = Days(home, freezer)
    await days.schedule("daily")
    return days


@pytest.fixture
async def kitchen(
    home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Kitchen]:
    async with kitchen_of(home, sim, monkeypatch, caplog) as made:
        yield made


@pytest.fixture
async def ha_backup(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[HaBackup]:
    made = HaBackup(hass=hass)
    pre, post = BackupManager.async_pre_backup_actions, BackupManager.async_post_backup_actions

    async def stop_in_the_middle(manager: BackupManager) -> None:
        await pre(manager)
        made.at_begin = made.look()
        made.begun.set()
        await made.go_on.wait()

    async def look_again(manager: BackupManager) -> None:
        made.at_end = made.look()
        await post(manager)

    monkeypatch.setattr(BackupManager, "async_pre_backup_actions", stop_in_the_middle)
    monkeypatch.setattr(BackupManager, "async_post_backup_actions", look_again)
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done()
    yield made
    made.go_on.set()
    async_get_freeze(hass).end()
    await hass.async_block_till_done()
