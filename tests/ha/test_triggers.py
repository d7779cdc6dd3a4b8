"""The triggers for automations, fired by what really happens."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from http import HTTPStatus
import logging
import os
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.overdue import PATIENCE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers import label_registry as lr
from homeassistant.helpers.trigger import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator, build_archive, faults
from tests.support.automations import Automation, device_id
from tests.support.days import START, Days
from tests.support.home import AddPihole, Home
from tests.support.kitchen import Kitchen
from tests.support.uploading import Opened

pytestmark = pytest.mark.usefixtures("unlimited_logins")

OF_HOME_ASSISTANT = {"id", "idx", "alias", "platform", "description"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def automation(hass: HomeAssistant) -> AsyncIterator[Automation]:
    automation = Automation(hass)
    yield automation
    if hass.services.has_service("automation", "turn_off"):
        await automation.act("turn_off")


@pytest.fixture
async def attic(home: Home, add_pihole: AddPihole, sim: Simulator) -> Home:
    return await add_pihole(sim.url, folder="attic", title="Attic")


def about(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what Home Assistant adds to each trigger."""
    return {key: trigger[key] for key in trigger.keys() - OF_HOME_ASSISTANT}


async def test_a_backup_fires_with_all_that_the_event_says_and_the_name_of_the_pihole(
    home: Home, automation: Automation
) -> None:
    events = async_capture_events(home.hass, EVENT_BACKUP)
    await automation.set_up("backup_completed", id="done")
    await home.press()

    [fired] = await automation.fired()
    [event] = events
    assert about(fired) == event.data
    assert (fired["name"], fired["type"], fired["trigger"]) == ("Kitchen", "completed", "button")
    assert fired["device_id"] == device_id(home)
    assert (fired["id"], fired["platform"]) == ("done", f"{DOMAIN}.backup_completed")
    assert fired["description"] == "backup of Kitchen completed"


async def test_a_backup_that_found_nothing_changed_is_one(
    home: Home, automation: Automation
) -> None:
    await home.press()
    await automation.set_up("backup_completed")
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    assert [fired["type"] for fired in await automation.fired()] == ["unchanged"]


@pytest.mark.parametrize("trigger", ["backup_completed", "configuration_changed"])
async def test_a_file_from_elsewhere_is_no_backup_of_the_pihole(
    home: Home, sim: Simulator, automation: Automation, trigger: str
) -> None:
    await home.press()
    await automation.set_up(trigger)
    sim.pihole.add_domain("metrics.example.net")
    path = home.folder.parent / "pi-hole_attic_teleporter_2026-01-20_13-00-01_CET.zip"
    path.write_bytes(build_archive(sim.pihole, sim.clock.datetime()))
    await home.entry.runtime_data.manager.async_adopt(lambda: Opened(path))

    assert home.count == 2
    assert await automation.fired() == []


async def test_a_failure_fires_with_its_reason(
    home: Home, sim: Simulator, automation: Automation
) -> None:
    await automation.set_up("backup_failed")
    await home.press()
    sim.faults.always("export", faults.html())
    await home.fail_to_back_up()

    [fired] = await automation.fired()
    assert (fired["name"], fired["reason"]) == ("Kitchen", "proxy_answered")
    assert "proxy" in fired["message"]


async def test_a_change_fires_with_its_sentences_and_leases_alone_do_not(
    home: Home, sim: Simulator, automation: Automation
) -> None:
    await automation.set_up("configuration_changed")
    await home.press()
    await home.press()
    sim.pihole.leases = []
    await home.press()
    assert home.state("backup").attributes["changes"] == "1 DHCP lease removed"
    assert await automation.fired() == []
    sim.pihole.add_domain("metrics.example.net")
    await home.press()

    [fired] = await automation.fired()
    assert fired["changes"] == "1 domain added"
    assert fired["sentences"] == ["1 domain added: metrics.example.net (denied)."]
    assert fired["sentences"] == home.state("last_change").attributes["summary"]


async def test_damage_fires_for_each_archive_and_says_of_all_but_the_first_that_it_is_not_new(
    home: Home, automation: Automation
) -> None:
    await automation.set_up("archive_damaged")
    for _ in range(3):
        await home.press()
    for archive in home.archives:
        os.truncate(archive, 10)
    await home.poll()

    fired = await automation.fired()
    assert {each["filename"] for each in fired} == {path.name for path in home.archives}
    assert [each["repeated"] for each in fired] == [False, True, True]


async def test_the_end_of_a_restore_fires_whether_or_not_it_worked(
    kitchen: Kitchen, automation: Automation
) -> None:
    backup_id = await kitchen.back_up()
    await automation.set_up("restore_finished")
    kitchen.sim.pihole.add_domain("metrics.example.net")
    await kitchen.restore(backup_id, dry_run=True)
    await kitchen.restore(backup_id)
    kitchen.sim.faults.always("export", faults.html())
    with pytest.raises(HomeAssistantError):
        await kitchen.restore(backup_id)
    kitchen.sim.faults.clear()

    good, bad = await automation.fired()
    assert (good["type"], good["proven"]) == ("restored", True)
    assert good["safety_backup_id"] == kitchen.safety["id"]
    assert (bad["type"], bad["safety_backup_id"]) == ("restore_failed", None)


async def test_what_is_overdue_fires_once_after_some_minutes_until_there_is_a_backup(
    days: Days, automation: Automation
) -> None:
    home = days.home
    await automation.set_up("backup_overdue")
    await days.pass_by(timedelta(hours=15))
    made = home.last_backup
    for _ in range(2):
        await home.hass.config_entries.async_unload(home.entry.entry_id)
        await days.pass_by(timedelta(days=1, hours=3))
        home.hass.set_state(CoreState.starting)  # so that nothing is made up for
        await home.hass.config_entries.async_setup(home.entry.entry_id)
        await days.pass_by(PATIENCE - MINUTE)
        assert home.state("problem").attributes["overdue"]
        so_far = len(await automation.fired())
        await days.pass_by(MINUTE)
        assert len(await automation.fired()) == so_far + 1
        await days.pass_by(timedelta(hours=1))
        assert len(await automation.fired()) == so_far + 1
        home.hass.set_state(CoreState.running)
        if so_far == 0:
            first = (await automation.fired())[0]
        await home.press()
        await days.pass_by(timedelta(hours=1))
        assert not home.state("problem").attributes["overdue"]

    assert (first["name"], first["type"], first["last_backup"]) == ("Kitchen", "overdue", made)
    assert (first["reason"], first["message"]) == (None, None)


async def test_nothing_is_overdue_that_is_made_up_for_after_a_start(
    days: Days, automation: Automation
) -> None:
    home = days.home
    await automation.set_up("backup_overdue")
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await days.pass_by(timedelta(days=1, hours=6))
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done()
    assert home.state("problem").attributes["overdue"]
    await days.pass_by(MINUTE)
    await days.pass_by(timedelta(hours=1))

    assert home.count == 1
    assert await automation.fired() == []


async def test_a_scheduled_backup_that_fails_is_overdue_only_when_it_fails_again(
    days: Days, sim: Simulator, automation: Automation
) -> None:
    events = async_capture_events(days.home.hass, EVENT_BACKUP)
    await automation.set_up("backup_overdue")
    sim.faults.next("export", faults.html())
    await days.pass_by(timedelta(hours=15))
    await days.pass_by(timedelta(minutes=5))
    await days.pass_by(timedelta(minutes=5))
    assert days.home.count == 1
    assert await automation.fired() == []
    sim.faults.always("export", faults.html())
    await days.pass_by(timedelta(hours=24))
    for _ in range(40):
        await days.pass_by(timedelta(minutes=3))

    [fired] = await automation.fired()
    assert fired["reason"] == "proxy_answered"
    failures = [event.data["repeated"] for event in events if event.data["type"] == "failed"]
    assert failures == [False, False, True, True, True], "although it was overdue in between"


async def test_a_failure_that_goes_on_is_marked_as_repeated_until_something_else_happens(
    freezer: FrozenDateTimeFactory, add_pihole: AddPihole, sim: Simulator, automation: Automation
) -> None:
    freezer.move_to(START)
    home = await add_pihole(sim.url)
    await automation.set_up("backup_failed")
    forbidden = faults.error(403, "forbidden", "Forbidden")
    for fault in (faults.html(), faults.html(), forbidden, forbidden):
        sim.faults.clear()
        sim.faults.always("export", fault)
        freezer.tick(timedelta(hours=1, minutes=59))
        await home.fail_to_back_up()
    freezer.tick(timedelta(hours=2))
    await home.fail_to_back_up()
    sim.faults.clear()
    await home.press()
    sim.faults.always("export", forbidden)
    await home.fail_to_back_up()

    repeated = [fired["repeated"] for fired in await automation.fired()]
    assert repeated == [False, True, False, True, False, False]


async def test_all_piholes_are_meant_when_none_is_chosen_also_one_that_is_added_later(
    home: Home, sim: Simulator, add_pihole: AddPihole, automation: Automation
) -> None:
    await automation.set_up("backup_completed")
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    await home.press()
    await attic.press()

    assert await automation.names() == ["Kitchen", "Attic"]


@pytest.mark.parametrize(
    "chosen", ["device", "area", "label of the device", "floor", "entity", "event and empty lists"]
)
async def test_only_what_is_targeted_fires(
    home: Home, attic: Home, automation: Automation, chosen: str
) -> None:
    devices = dr.async_get(home.hass)
    area = ar.async_get(home.hass).async_create("Cellar")
    label = lr.async_get(home.hass).async_create("DNS")
    floor = fr.async_get(home.hass).async_create("Below")
    ar.async_get(home.hass).async_update(area.id, floor_id=floor.floor_id)
    devices.async_update_device(device_id(attic), area_id=area.id, labels={label.label_id})
    target = {
        "device": {"device_id": device_id(attic)},
        "area": {"area_id": [area.id]},
        "label of the device": {"label_id": label.label_id},
        "floor": {"floor_id": floor.floor_id},
        "entity": {"entity_id": attic.entity_id("reachable")},
        "event and empty lists": {"device_id": [], "entity_id": [attic.entity_id("backup")]},
    }[chosen]
    await automation.set_up("backup_completed", target=target)
    await home.press()
    await attic.press()

    assert await automation.names() == ["Attic"]


async def test_what_gets_a_label_later_is_targeted_from_then_on(
    home: Home, automation: Automation
) -> None:
    label = lr.async_get(home.hass).async_create("DNS")
    await automation.set_up("backup_completed", target={"label_id": label.label_id})
    await home.press()
    assert await automation.names() == []
    dr.async_get(home.hass).async_update_device(device_id(home), labels={label.label_id})
    await home.press()

    assert await automation.names() == ["Kitchen"]


@pytest.mark.parametrize("wrong", ["unknown", "of another integration", "unknown area"])
async def test_a_wrong_target_fires_never_and_is_not_taken_for_all(
    home: Home, automation: Automation, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    other = MockConfigEntry(domain="test")
    other.add_to_hass(home.hass)
    device = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("test", "lamp")}
    )
    target = {
        "unknown": {"device_id": "f00"},
        "of another integration": {"device_id": device.id},
        "unknown area": {"area_id": "nowhere"},
    }[wrong]
    await automation.set_up("backup_completed", target=target)
    await home.press()

    assert await automation.fired() == []
    assert [r for r in caplog.records if r.levelno >= logging.WARNING and DOMAIN in r.name] == []


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"type": ["completed"]},
        {"type": "completed", "trigger": "button"},
        {"type": "overdue", "config_entry_id": "{entry_id}"},
        {"type": "completed", "config_entry_id": ["{entry_id}"], "name": "Kitchen"},
        {"type": "completed", "config_entry_id": "{entry_id}", "name": "Kitchen"},
    ],
    ids=["nothing", "odd type", "no pihole", "no name", "odd pihole", "no trigger"],
)
async def test_an_event_of_another_sender_without_the_usual_fields_does_nothing(
    home: Home, automation: Automation, caplog: pytest.LogCaptureFixture, said: dict[str, object]
) -> None:
    names = ("backup_completed", "backup_overdue", "configuration_changed")
    await automation.set_up_as(triggers=[{"trigger": f"{DOMAIN}.{name}"} for name in names])
    if said.get("config_entry_id") == "{entry_id}":
        said = {**said, "config_entry_id": home.entry.entry_id}
    home.hass.bus.async_fire(EVENT_BACKUP, said)

    assert await automation.fired() == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_an_event_that_a_user_sends_to_home_assistant_fires_nothing(
    home: Home,
    automation: Automation,
    hass_client: ClientSessionGenerator,
) -> None:
    events = async_capture_events(home.hass, EVENT_BACKUP)
    await automation.set_up("backup_completed")
    await home.press()
    assert await async_setup_component(home.hass, "api", {})
    client = await hass_client()
    answer = await client.post(f"/api/events/{EVENT_BACKUP}", json=dict(events[0].data))

    assert answer.status == HTTPStatus.OK
    assert len(events) == 2
    assert len(await automation.fired()) == 1, "the app lets each of its users send events"


async def test_an_automation_that_is_turned_off_leaves_no_listener(
    home: Home, automation: Automation
) -> None:
    before = home.hass.bus.async_listeners().get(EVENT_BACKUP, 0)
    await automation.set_up("backup_completed")
    assert home.hass.bus.async_listeners()[EVENT_BACKUP] == before + 1
    for _ in range(3):
        await automation.act("turn_off")
        assert home.hass.bus.async_listeners().get(EVENT_BACKUP, 0) == before
        await automation.act("turn_on")
        assert home.hass.bus.async_listeners()[EVENT_BACKUP] == before + 1
    await home.press()

    assert len(await automation.fired()) == 1


async def test_an_automation_that_is_reloaded_or_removed_leaves_no_listener(
    home: Home, automation: Automation
) -> None:
    def listeners() -> int:
        return home.hass.bus.async_listeners().get(EVENT_BACKUP, 0)

    def write(automations: str) -> None:
        path = Path(home.hass.config.path("configuration.yaml"))
        path.write_text(f"automation: {automations}\n")

    before = listeners()
    await automation.set_up("backup_completed")
    for kept in (
        "[{alias: Mine, triggers: {trigger: pihole_checkpoint.backup_failed}, actions: []}]",
        "[{alias: Mine, triggers: {trigger: pihole_checkpoint.backup_overdue}, actions: []}]",
        "[]",
    ):
        assert listeners() == before + 1
        write(kept)
        await home.hass.services.async_call("automation", "reload", blocking=True)
    assert listeners() == before


async def test_it_goes_on_when_the_pihole_is_set_up_anew(
    home: Home, automation: Automation
) -> None:
    await automation.set_up("backup_completed", target={"device_id": device_id(home)})
    await home.reload()
    await home.press()

    assert await automation.names() == ["Kitchen"]


async def test_an_option_that_does_not_exist_is_refused(home: Home, automation: Automation) -> None:
    with pytest.raises(AssertionError, match="not valid"):
        await automation.set_up("backup_failed", options={"for": "00:01:00"})


async def test_the_editor_gets_a_description_of_each_trigger(home: Home) -> None:
    found = await async_get_all_descriptions(home.hass)
    blocks = {name: about for name, about in found.items() if name.startswith(DOMAIN)}

    assert blocks.keys() == {
        f"{DOMAIN}.{name}"
        for name in (
            *("backup_completed", "backup_failed", "configuration_changed"),
            *("backup_overdue", "archive_damaged", "restore_finished"),
        )
    }
    for description in blocks.values():
        assert description == {
            "fields": {},
            "target": {"entity": [{"integration": DOMAIN}]},
        }
