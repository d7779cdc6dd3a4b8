"""The blueprints, loaded by Home Assistant itself, with what really happens."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
import json
import os
from pathlib import Path
import re
import shutil
import sys
from types import ModuleType
from typing import Any, ClassVar

from aiohttp import web
from aiohttp.test_utils import TestServer
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
    async_mock_service,
)
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.manager.scheduler import RETRIES
from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.importer import fetch_blueprint_from_url
from homeassistant.components.blueprint.models import Blueprint, DomainBlueprints
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Context, CoreState, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
from pihole_simulator import Simulator, build_archive, faults
from tests.support.automations import device_id
from tests.support.days import START, Days
from tests.support.home import AddPihole, Home
from tests.support.kitchen import Kitchen
from tests.support.uploading import Opened

ROOT = Path(__file__).parents[2]
PLACE = Path("blueprints", "automation", DOMAIN)
NAMES = sorted(path.stem for path in (ROOT / PLACE).iterdir())
SITE = "https://github.com/pihole-checkpoint/ha-pihole-checkpoint/blob/main"
RAW = "https://raw.githubusercontent.com/pihole-checkpoint/ha-pihole-checkpoint/main"
MINUTE = timedelta(minutes=1)
PING = "https://hc-ping.com/your-own-address"


class Automation:
    """An automation made of a blueprint, that sends its message with an action of the test."""

    TELL: ClassVar = [
        {"action": "test.notify", "data": {"title": "{{ title }}", "message": "{{ message }}"}}
    ]

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._calls: list[ServiceCall] = async_mock_service(hass, "test", "notify")

    async def set_up(self, name: str, **inputs: object) -> None:
        uses = {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}
        config = {"automation": {"alias": "Mine", "use_blueprint": uses}}
        assert await async_setup_component(self._hass, "automation", config)
        await self._hass.async_block_till_done()
        assert self._hass.states.is_state("automation.mine", "on"), "it is not valid"

    async def run_by_hand(self) -> None:
        await self._hass.services.async_call(
            "automation", "trigger", {"entity_id": "automation.mine"}, blocking=True
        )
        await self._hass.async_block_till_done()

    async def turn_off(self) -> None:
        await self._hass.services.async_call(
            "automation", "turn_off", {"entity_id": "all"}, blocking=True
        )

    @property
    def last(self) -> Mapping[str, Any]:
        return self._calls[-1].data

    @property
    def messages(self) -> list[str]:
        return [call.data["message"] for call in self._calls]


@pytest.fixture
async def automation(hass: HomeAssistant) -> AsyncIterator[Automation]:
    shutil.copytree(ROOT / PLACE, hass.config.path(str(PLACE)))
    automation = Automation(hass)
    yield automation
    if hass.services.has_service("automation", "turn_off"):
        await automation.turn_off()


@pytest.fixture
async def days(freezer: FrozenDateTimeFactory, add_pihole: AddPihole, sim: Simulator) -> Days:
    """Let time pass at home, where nothing is backed up but by the automation."""
    freezer.move_to(START)
    sim.auth.login_attempts_per_second = 1000
    days = Days(await add_pihole(sim.url), freezer)
    await days.home.hass.config.async_set_time_zone("Europe/Berlin")
    await days.schedule("never")
    return days


@pytest.fixture
def home(days: Days) -> Home:
    return days.home


@pytest.fixture
async def attic(
    home: Home, freezer: FrozenDateTimeFactory, add_pihole: AddPihole, sim: Simulator
) -> Home:
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    await Days(attic, freezer).schedule("never")
    return attic


async def settle(home: Home) -> None:
    await home.hass.async_block_till_done(wait_background_tasks=True)


async def blueprint(hass: HomeAssistant, name: str) -> Blueprint:
    blueprints: DomainBlueprints = async_get_blueprints(hass)
    return await blueprints.async_get_blueprint(f"{DOMAIN}/{name}.yaml")


@pytest.mark.parametrize("name", NAMES)
async def test_each_blueprint_can_be_imported_from_where_it_says_it_is(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, name: str
) -> None:
    text = (ROOT / PLACE / f"{name}.yaml").read_text()
    address = f"{RAW}/{PLACE}/{name}.yaml"
    aioclient_mock.get(address, text=text)  # type: ignore[no-untyped-call] # not ours

    imported = await fetch_blueprint_from_url(hass, f"{SITE}/{PLACE}/{name}.yaml")

    assert imported.blueprint.domain == "automation"
    assert imported.blueprint.validate() is None, "this Home Assistant is too old for it"
    assert f"source_url: {SITE}/{PLACE}/{name}.yaml\n" in text


@pytest.mark.parametrize("name", NAMES)
async def test_each_blueprint_says_what_it_does_and_asks_for_what_it_needs(
    hass: HomeAssistant, automation: Automation, name: str
) -> None:
    known = await blueprint(hass, name)

    assert "Needs the integration" in known.metadata["description"]
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert known.metadata["homeassistant"]["min_version"] == hacs["homeassistant"]
    for asked in known.inputs.values():
        assert asked.keys() >= {"name", "description", "selector"}


@pytest.mark.parametrize("name", NAMES)
def test_each_blueprint_has_tests_of_its_own(name: str) -> None:
    assert [test for test in globals() if test.startswith(f"test_{name}_")]


@pytest.mark.parametrize(
    ("name", "asked", "offered"),
    [
        ("notify_on_failure", "events", {"backup"}),
        ("notify_on_failure", "problems", {"problem"}),
        ("tell_what_changed", "events", {"backup"}),
        ("backup_before_update", "updates", set()),
    ],
)
async def test_only_what_fits_is_offered(
    home: Home, automation: Automation, name: str, asked: str, offered: set[str]
) -> None:
    selector = (await blueprint(home.hass, name)).inputs[asked]["selector"]["entity"]
    [fits] = selector["filter"]
    registry = er.async_get(home.hass)
    entities = er.async_entries_for_config_entry(registry, home.entry.entry_id)

    found = {
        entity.translation_key
        for entity in entities
        if entity.platform == fits["integration"]
        and entity.domain in fits["domain"]
        and entity.original_device_class in fits.get("device_class", [None])
    }

    assert found == offered


async def test_nightly_backup_backs_up_the_chosen_pihole_at_its_time_and_goes_on(
    days: Days, home: Home, attic: Home, automation: Automation
) -> None:
    await automation.set_up(
        "nightly_backup",
        at="04:30:00",
        piholes=[device_id(home)],
        afterwards=[
            {
                "action": "test.notify",
                "data": {"message": "{{ message }}", "file": "{{ backups[0].filename }}"},
            }
        ],
    )
    await days.move_to(datetime(2026, 1, 21, 3, 29, tzinfo=UTC))
    assert home.count == 0
    await days.move_to(datetime(2026, 1, 21, 3, 30, tzinfo=UTC))

    assert (home.count, attic.count) == (1, 0)
    [archive] = home.archives
    assert automation.last == {"message": "Backed up: Kitchen.", "file": archive.name}
    await days.move_to(datetime(2026, 1, 22, 3, 30, tzinfo=UTC))
    assert home.count == 2


async def test_nightly_backup_backs_up_every_pihole_when_none_is_chosen(
    days: Days, home: Home, attic: Home, automation: Automation
) -> None:
    await automation.set_up("nightly_backup", afterwards=Automation.TELL)
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))

    assert (home.count, attic.count) == (1, 1)
    assert automation.messages == ["Backed up: Kitchen, Attic."]


async def test_nightly_backup_needs_nothing_to_be_done_afterwards(
    days: Days, home: Home, automation: Automation
) -> None:
    await automation.set_up("nightly_backup")
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))

    assert home.count == 1


async def test_nightly_backup_goes_no_further_when_one_pihole_cannot_be_backed_up(
    days: Days, home: Home, add_pihole: AddPihole, automation: Automation
) -> None:
    async with Simulator() as silent:
        away = await add_pihole(silent.url, folder="attic", title="Attic")
    await automation.set_up("nightly_backup", afterwards=Automation.TELL)
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))

    assert (home.count, away.count) == (1, 0)
    assert automation.messages == []


async def test_nightly_backup_backs_up_the_others_when_a_chosen_pihole_was_removed(
    days: Days, home: Home, attic: Home, automation: Automation
) -> None:
    chosen = [device_id(attic), device_id(home)]
    await automation.set_up("nightly_backup", piholes=chosen, afterwards=Automation.TELL)
    await home.hass.config_entries.async_remove(attic.entry.entry_id)
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))

    assert automation.messages == ["Backed up: Kitchen."]


async def test_nightly_backup_does_not_take_every_pihole_when_all_the_chosen_were_removed(
    days: Days, home: Home, attic: Home, automation: Automation
) -> None:
    await automation.set_up("nightly_backup", piholes=[device_id(attic)])
    await home.hass.config_entries.async_remove(attic.entry.entry_id)
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))

    assert home.count == 0


every_choice = pytest.mark.parametrize("by", ["entities", "devices", "nothing"])


async def start_again(home: Home) -> None:
    """Have the entities come back as they do when Home Assistant starts."""
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await settle(home)
    for entity_id in home.hass.states.async_entity_ids():
        if entity_id != "automation.mine":
            home.hass.states.async_remove(entity_id)
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await settle(home)


async def watch(automation: Automation, *homes: Home, by: str = "entities") -> None:
    inputs: dict[str, dict[str, object]] = {
        "entities": {  # as in 0.1.0
            "events": [home.entity_id("backup") for home in homes],
            "problems": [home.entity_id("problem") for home in homes],
        },
        "devices": {"piholes": [device_id(home) for home in homes]},
        "nothing": {},
    }
    await automation.set_up("notify_on_failure", **inputs[by], tell=Automation.TELL)


async def fail_to_back_up(home: Home) -> None:
    await home.fail_to_back_up()
    await settle(home)


@every_choice
async def test_notify_on_failure_tells_which_pihole_was_not_backed_up_and_why(
    home: Home, attic: Home, sim: Simulator, automation: Automation, by: str
) -> None:
    await watch(automation, home, attic, by=by)
    await attic.press()
    sim.faults.always("export", faults.html())
    await fail_to_back_up(home)

    assert automation.last["title"] == "Kitchen: backup failed"
    [message] = automation.messages
    assert message.startswith("Kitchen could not be backed up. A proxy or another web server")
    assert message.endswith("settings and log of the proxy.")


@pytest.mark.parametrize("by", ["entities", "devices"])
async def test_notify_on_failure_leaves_out_a_pihole_that_was_not_chosen(
    days: Days, home: Home, attic: Home, sim: Simulator, automation: Automation, by: str
) -> None:
    await watch(automation, attic, by=by)
    sim.faults.always("export", faults.html())
    await fail_to_back_up(home)
    assert automation.messages == []
    await fail_to_back_up(attic)
    assert automation.last["title"] == "Attic: backup failed"


async def test_notify_on_failure_tells_of_no_missing_backup_whom_it_did_not_in_an_earlier_version(
    days: Days, home: Home, automation: Automation
) -> None:
    await days.schedule("daily", "03:00:00")
    events = [home.entity_id("backup")]
    await automation.set_up("notify_on_failure", events=events, tell=Automation.TELL)
    home.hass.set_state(CoreState.starting)  # so that nothing is made up for
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await days.pass_by(timedelta(days=1, hours=6))
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await days.pass_by(10 * MINUTE)

    assert home.state("problem").attributes["overdue"]
    assert automation.messages == []
    home.hass.set_state(CoreState.running)


async def test_notify_on_failure_tells_a_reason_once_while_the_backup_is_tried_again(
    days: Days, home: Home, sim: Simulator, automation: Automation
) -> None:
    await days.schedule("daily", "03:00:00")
    await watch(automation, home)
    sim.faults.always("export", faults.html())
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))
    for span in RETRIES:
        await days.pass_by(span)
    assert len(automation.messages) == 1

    await days.pass_by(MINUTE)
    sim.faults.always("export", faults.error(403, "forbidden", "Forbidden"))
    await fail_to_back_up(home)
    assert len(automation.messages) == 2, "that is another reason"

    await days.pass_by(timedelta(hours=2, minutes=1))
    await fail_to_back_up(home)
    assert len(automation.messages) == 3, "that was a while ago"


async def test_notify_on_failure_tells_of_damage_once_however_much_there_is(
    days: Days, home: Home, automation: Automation
) -> None:
    await watch(automation, home)
    for _ in range(5):
        await home.press()
        await days.pass_by(MINUTE)
    for archive in home.archives:
        os.truncate(archive, 10)
    await home.poll()

    assert home.count == 0
    [message] = automation.messages
    [named] = [path.name for path in home.archives if path.name in message]
    assert message == (
        f"Kitchen has a backup that is damaged, {named}."
        " Settings, Repairs tells whether there are more."
    )


async def test_notify_on_failure_tells_of_a_restore_that_failed(
    days: Days, home: Home, sim: Simulator, automation: Automation
) -> None:
    [record] = await home.back_up()
    sim.pihole.settings["dns.blockTTL"] = 60  # what the app password may not change
    await watch(automation, home)
    await days.pass_by(MINUTE)
    with pytest.raises(HomeAssistantError) as raised:
        await home.call("restore", config_entry_id=home.entry.entry_id, backup_id=record["id"])
    await settle(home)

    assert automation.last["title"] == "Kitchen: restore failed"
    assert automation.messages == [f"Kitchen was not restored. {raised.value}."]


@every_choice
async def test_notify_on_failure_tells_of_a_backup_that_is_missing_for_a_while(
    days: Days, home: Home, sim: Simulator, automation: Automation, by: str
) -> None:
    await days.schedule("daily", "03:00:00")
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))
    sim.pihole.add_domain("metrics.example.net")
    await days.move_to(datetime(2026, 1, 22, 2, tzinfo=UTC))
    await days.pass_by(timedelta(hours=6))
    await watch(automation, home, by=by)
    newest = (await home.backups())[0]["id"]
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=newest)
    await days.pass_by(5 * MINUTE)
    assert automation.messages == []
    await days.pass_by(MINUTE)

    assert automation.last["title"] == "Kitchen: no recent backup"
    [message] = automation.messages
    assert message == (
        "Kitchen was not backed up when it was due."
        " The newest good backup is from 2026-01-21 03:00."
    )


async def test_notify_on_failure_does_not_take_damage_for_a_missing_backup(
    days: Days, home: Home, automation: Automation
) -> None:
    await days.schedule("daily", "03:00:00")
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))
    await home.back_up()
    await days.pass_by(timedelta(minutes=1))  # two events have never the same time
    await watch(automation, home)
    *_, kept = home.archives
    home.archives[0].write_bytes(b"no archive any more")
    await home.poll()
    await settle(home)
    assert home.state("problem").state == "on"
    await days.pass_by(10 * MINUTE)
    assert [message.split(",")[0] for message in automation.messages] == [
        "Kitchen has a backup that is damaged"
    ]

    kept.write_bytes(b"no archive any more either")
    await home.poll()
    await days.pass_by(timedelta(hours=3))
    await days.pass_by(10 * MINUTE)
    assert automation.last["title"] == "Kitchen: no recent backup", "although it was on already"


async def test_notify_on_failure_waits_for_what_is_made_up_for_after_a_start(
    days: Days, home: Home, automation: Automation
) -> None:
    await days.schedule("daily", "03:00:00")
    await watch(automation, home)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await days.pass_by(timedelta(days=1, hours=6))
    home.hass.set_state(CoreState.starting)
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await settle(home)
    assert home.state("problem").state == "on"
    await days.pass_by(6 * MINUTE)

    assert automation.messages == ["Kitchen was not backed up when it was due."]
    home.hass.set_state(CoreState.running)


async def test_notify_on_failure_is_silent_while_all_is_well_and_tells_nothing_twice(
    days: Days, home: Home, sim: Simulator, automation: Automation
) -> None:
    [record] = await home.back_up()
    await watch(automation, home)
    await home.press()
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=record["id"])
    await home.poll()
    assert automation.messages == []
    await days.pass_by(MINUTE)
    sim.faults.always("export", faults.html())
    await fail_to_back_up(home)
    assert len(automation.messages) == 1

    await days.home.reload()
    await days.pass_by(10 * MINUTE)
    await start_again(home)
    await days.pass_by(10 * MINUTE)

    assert home.state("backup").attributes["event_type"] == "failed"
    assert home.state("problem").state == "on"
    assert len(automation.messages) == 1


async def test_notify_on_failure_can_be_tried_and_tells_in_home_assistant_by_default(
    home: Home, automation: Automation
) -> None:
    created = async_mock_service(home.hass, "persistent_notification", "create")
    await automation.set_up("notify_on_failure", events=[home.entity_id("backup")])
    await automation.run_by_hand()

    assert [call.data["message"] for call in created] == ["This is only a try: nothing has failed."]


class Hole:
    """Stands in for the library by which Home Assistant's own integration asks a Pi-hole."""

    latest: ClassVar[dict[str, str]] = {}
    is_away: ClassVar = False

    def __init__(self, **_options: object) -> None:
        self.host, self.location, self.protocol = "pi.hole", "admin", "http"
        self.status = "enabled"
        self.data: dict[str, object] = {}
        self.base_url = "http://pi.hole"

    async def authenticate(self) -> None: ...

    async def logout(self) -> None: ...

    async def get_data(self) -> None: ...

    async def get_versions(self) -> None:
        if Hole.is_away:
            raise OSError
        self.versions = dict(Hole.latest)

    def __getattr__(self, name: str) -> object:
        """Give `core_current`, `core_latest` or `core_update`, and so on for `web` and `ftl`."""
        part, _, what = name.partition("_")
        latest = Hole.latest.get(part, "v6.1")
        known = {"current": "v6.1", "latest": latest, "update": latest != "v6.1"}
        if part not in {"core", "web", "ftl"} or what not in known:
            raise AttributeError(name)
        return known[what]


class Updates:
    """Home Assistant's own integration, with its update entities."""

    def __init__(self, days: Days, entry: MockConfigEntry) -> None:
        self._days = days
        self._entry = entry

    @property
    def entity_ids(self) -> list[str]:
        registry = er.async_get(self._days.home.hass)
        entities = er.async_entries_for_config_entry(registry, self._entry.entry_id)
        return [entity.entity_id for entity in entities if entity.domain == "update"]

    async def turn_up(self, **latest: str) -> None:
        Hole.latest = {**Hole.latest, **latest}
        await self._days.pass_by(6 * MINUTE)


@pytest.fixture
async def updates(days: Days, monkeypatch: pytest.MonkeyPatch) -> Updates:
    library, errors = ModuleType("hole"), ModuleType("hole.exceptions")
    for name in ("Hole", "HoleV5", "HoleV6"):
        setattr(library, name, Hole)
    for name in ("HoleError", "HoleConnectionError"):
        setattr(errors, name, OSError)
    monkeypatch.setitem(sys.modules, "hole", library)
    monkeypatch.setitem(sys.modules, "hole.exceptions", errors)
    monkeypatch.setattr(Hole, "latest", {})
    monkeypatch.setattr(Hole, "is_away", False)
    options = {"host": "pi.hole", "location": "admin", "ssl": False, "verify_ssl": True}
    options["name"] = "Pi-hole"  # which older ones want to know
    entry = MockConfigEntry(domain="pi_hole", title="Pi-hole", data={**options, "api_key": ""})
    entry.add_to_hass(days.home.hass)
    assert await days.home.hass.config_entries.async_setup(entry.entry_id)
    await settle(days.home)
    updates = Updates(days, entry)
    assert len(updates.entity_ids) == 3
    return updates


async def test_backup_before_update_backs_up_once_when_updates_turn_up_together(
    home: Home, attic: Home, updates: Updates, automation: Automation
) -> None:
    await automation.set_up(
        "backup_before_update",
        updates=updates.entity_ids,
        piholes=[device_id(home)],
        afterwards=Automation.TELL,
    )
    await updates.turn_up()
    assert home.count == 0
    await updates.turn_up(core="v6.2", ftl="v6.3")

    assert (home.count, attic.count) == (1, 0)
    assert automation.messages == [
        "Available: Pi-hole Core v6.2, Pi-hole FTL DNS v6.3. Backed up: Kitchen."
    ]
    await updates.turn_up()
    assert home.count == 1, "that is no news"
    await updates.turn_up(core="v6.4")
    assert home.count == 2, "that is"
    await updates.turn_up(core="v6.1", ftl="v6.1")
    assert home.count == 2, "no other is made any more"


async def test_backup_before_update_is_not_misled_by_a_pihole_that_comes_back(
    days: Days, home: Home, updates: Updates, automation: Automation
) -> None:
    await automation.set_up("backup_before_update", updates=updates.entity_ids)
    await updates.turn_up(web="v6.2")
    assert home.count == 1
    Hole.is_away = True
    await updates.turn_up()
    assert home.hass.states.is_state(updates.entity_ids[0], "unavailable")
    Hole.is_away = False
    await updates.turn_up()

    assert not home.hass.states.is_state(updates.entity_ids[0], "unavailable")
    assert home.count == 1


async def test_backup_before_update_is_about_entities_that_cannot_install(
    home: Home, updates: Updates
) -> None:
    for entity_id in updates.entity_ids:
        state = home.hass.states.get(entity_id)
        assert state is not None
        assert state.attributes["supported_features"] == 0, "then there is a better way"


async def look_for_changes(automation: Automation, home: Home, by: str = "entities") -> None:
    inputs: dict[str, dict[str, object]] = {
        "entities": {"events": [home.entity_id("backup")]},  # as in 0.1.0
        "devices": {"piholes": [device_id(home)]},
        "nothing": {},
    }
    await automation.set_up("tell_what_changed", **inputs[by], tell=Automation.TELL)


@every_choice
async def test_tell_what_changed_tells_the_sentences_and_only_what_is_new(
    days: Days, home: Home, sim: Simulator, automation: Automation, by: str
) -> None:
    await look_for_changes(automation, home, by)
    await home.press()
    await days.pass_by(MINUTE)
    sim.pihole.add_domain("metrics.example.net")
    sim.pihole.adlists[0].enabled = False
    await home.press()
    await settle(home)

    assert automation.last["title"] == "Kitchen has changed"
    [message] = automation.messages
    assert message == (
        "1 list disabled: https://lists.example.org/ads.txt."
        " 1 domain added: metrics.example.net (denied)."
    )
    await days.home.reload()
    await start_again(home)
    assert home.state("backup").attributes["changes"] == "1 list disabled, 1 domain added"
    await days.pass_by(MINUTE)
    await home.press()
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)
    await settle(home)
    assert home.count == 3
    assert len(automation.messages) == 1


async def test_tell_what_changed_does_not_tell_of_leases(
    days: Days, home: Home, sim: Simulator, automation: Automation
) -> None:
    await look_for_changes(automation, home)
    await home.press()
    await days.pass_by(MINUTE)
    sim.pihole.add_domain("metrics.example.net")
    await home.press()
    await days.pass_by(MINUTE)
    sim.pihole.leases = []
    await home.press()
    await settle(home)

    assert "lease" in home.state("backup").attributes["changes"]
    assert len(automation.messages) == 1


async def test_tell_what_changed_does_not_take_a_file_from_elsewhere_for_a_change(
    days: Days, home: Home, sim: Simulator, automation: Automation
) -> None:
    await look_for_changes(automation, home)
    await home.press()
    sim.pihole.add_domain("metrics.example.net")
    path = home.folder.parent / "pi-hole_attic_teleporter_2026-01-20_13-00-01_CET.zip"
    path.write_bytes(build_archive(sim.pihole, sim.clock.datetime()))

    await home.entry.runtime_data.manager.async_adopt(lambda: Opened(path))
    await settle(home)

    assert home.state("backup").attributes["changes"] == "1 domain added"
    assert automation.messages == []


async def test_tell_what_changed_can_be_tried(home: Home, automation: Automation) -> None:
    await look_for_changes(automation, home)
    await automation.run_by_hand()

    assert automation.messages == ["This is only a try: nothing has changed."]


class Web:
    """A web server on this machine, that remembers what it was asked for."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.pushed: list[dict[str, Any]] = []
        self.has_changed = asyncio.Condition()
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        if request.method == "POST":
            self.pushed.append(await request.json())
            async with self.has_changed:
                self.has_changed.notify_all()
        return web.Response(status=201, text="{}", content_type="application/json")


@pytest.fixture
async def website(socket_enabled: None) -> AsyncIterator[Web]:
    website = Web()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", website.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        website.url = str(server.make_url("/"))
        yield website


@pytest.fixture
async def ping(home: Home, automation: Automation, website: Web) -> str:
    """Have the command that the blueprint asks for, and return the path that it pings."""
    description = (await blueprint(home.hass, "ping_after_backup")).metadata["description"]
    [asked] = re.findall(r"```yaml\n(.*)\n```", description, re.DOTALL)
    commands: Any = parse_yaml(asked.replace(PING, f"{website.url}ping/3d7b"))
    assert await async_setup_component(home.hass, "rest_command", commands)
    return "/ping/3d7b"


async def test_ping_after_backup_gives_nobody_a_command_that_asks_for_any_address(
    home: Home, website: Web, ping: str
) -> None:
    group = await home.hass.auth.async_get_group(GROUP_ID_READ_ONLY)
    assert group is not None
    reader = Context(user_id=MockUser(groups=[group]).add_to_hass(home.hass).id)
    [command] = home.hass.services.async_services_for_domain("rest_command").keys() - {"reload"}
    inner = {"url": f"{website.url}inner"}
    await home.hass.services.async_call(
        "rest_command", command, inner, blocking=True, context=reader
    )

    assert website.paths == [ping], "Home Assistant lets every user use such a command"


async def test_ping_after_backup_pings_over_http_after_each_good_backup_and_no_other(
    days: Days, home: Home, sim: Simulator, automation: Automation, website: Web, ping: str
) -> None:
    await automation.set_up("ping_after_backup")
    await home.press()
    await settle(home)
    assert website.paths == [ping]
    sim.faults.next("export", faults.html())
    await fail_to_back_up(home)
    assert len(website.paths) == 1
    await days.pass_by(MINUTE)
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)
    await settle(home)

    assert home.count == 1, "nothing had changed"
    assert len(website.paths) == 2


async def test_ping_after_backup_is_silent_as_long_as_one_of_the_piholes_has_only_an_old_backup(
    days: Days, home: Home, attic: Home, automation: Automation, website: Web, ping: str
) -> None:
    await automation.set_up("ping_after_backup", max_age={"hours": 25})
    await home.press()
    await settle(home)
    assert website.paths == [], "the other one has no backup yet"
    await attic.press()
    await settle(home)
    assert len(website.paths) == 1
    await days.pass_by(timedelta(hours=26))
    await home.press()
    await settle(home)
    assert len(website.paths) == 1
    await attic.press()
    await settle(home)
    assert len(website.paths) == 2


async def test_ping_after_backup_looks_at_the_chosen_piholes_only(
    home: Home, attic: Home, automation: Automation, website: Web, ping: str
) -> None:
    await automation.set_up("ping_after_backup", piholes=[device_id(home)])
    await home.press()
    await settle(home)
    assert len(website.paths) == 1
    await attic.press()
    await settle(home)
    assert len(website.paths) == 1


class Library(ModuleType):
    """Stands in for a library that is imported and not used."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return object


class Phone:
    """A phone with the app, whose notifications come over HTTP."""

    def __init__(self, home: Home, website: Web, device_id: str) -> None:
        self._home = home
        self._website = website
        self.device_id = device_id

    async def notified(self, times: int = 1) -> dict[str, Any]:
        """Wait for so many notifications, and return the last one."""
        async with self._website.has_changed:
            await self._website.has_changed.wait_for(lambda: len(self._website.pushed) >= times)
        assert len(self._website.pushed) == times
        return self._website.pushed[-1]

    async def press(self, title: str) -> None:
        """Press a button of the last notification."""
        buttons = self._website.pushed[-1]["data"]["actions"]
        [answer] = [button["action"] for button in buttons if button["title"] == title]
        await self.answer(answer)

    async def answer(self, answer: str) -> None:
        """Send an answer, once the automation waits for one: no user is faster."""
        bus, event = self._home.hass.bus, "mobile_app_notification_action"
        while event not in bus.async_listeners():  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0)
        bus.async_fire(event, {"action": answer})


@pytest.fixture
async def phone(home: Home, website: Web, monkeypatch: pytest.MonkeyPatch) -> Phone:
    for name in ("turbojpeg", "pymicro_vad", "pyspeex_noise"):  # for cameras and voices
        monkeypatch.setitem(sys.modules, name, Library(name))
    entry = MockConfigEntry(
        domain="mobile_app",
        title="My phone",
        data={
            "app_id": "io.example",
            "app_name": "App",
            "app_version": "1",
            "app_data": {"push_token": "token", "push_url": f"{website.url}push"},
            "device_id": "abc",
            "device_name": "My phone",
            "manufacturer": "Example",
            "model": "One",
            "os_name": "Android",
            "os_version": "17",
            "supports_encryption": False,
            "user_id": "someone",
            "webhook_id": "hook",
        },
    )
    entry.add_to_hass(home.hass)
    assert await async_setup_component(home.hass, "mobile_app", {})
    await home.hass.async_block_till_done()
    [device] = dr.async_entries_for_config_entry(dr.async_get(home.hass), entry.entry_id)
    return Phone(home, website, device.id)


async def test_notify_with_buttons_retries_a_backup_that_failed(
    home: Home, attic: Home, sim: Simulator, automation: Automation, phone: Phone
) -> None:
    await automation.set_up("notify_with_buttons", phone=phone.device_id)
    sim.faults.always("export", faults.html())
    await home.fail_to_back_up()
    said = await phone.notified()
    assert said["title"] == "Kitchen: backup failed"
    assert "proxy" in said["message"]
    await phone.press("Retry")
    await phone.notified(2)
    sim.faults.clear()
    await phone.press("Retry")
    await settle(home)

    assert (home.count, attic.count) == (1, 0)
    await phone.notified(2)


async def test_notify_with_buttons_obeys_no_button_that_somebody_else_made_up(
    home: Home, attic: Home, sim: Simulator, automation: Automation, phone: Phone
) -> None:
    await automation.set_up("notify_with_buttons", phone=phone.device_id)
    sim.faults.next("export", faults.html())
    await home.fail_to_back_up()
    [button] = (await phone.notified())["data"]["actions"]
    for guess in ("pihole_checkpoint_", "Retry", button["action"][:-1]):
        await phone.answer(guess)
    failed = home.entry.runtime_data.data.attempt
    await attic.press()  # which takes as long as a backup takes
    assert home.entry.runtime_data.data.attempt == failed
    await phone.press("Retry")
    await settle(home)

    assert home.count == 1


async def test_notify_with_buttons_shows_what_changed(
    home: Home, sim: Simulator, automation: Automation, phone: Phone
) -> None:
    await automation.set_up("notify_with_buttons", phone=phone.device_id, page="/my-backups")
    await home.press()
    sim.pihole.add_domain("metrics.example.net")
    await home.press()

    said = await phone.notified()
    assert said["title"] == "Kitchen: something has changed"
    assert said["message"] == "1 domain added: metrics.example.net (denied)."
    assert said["data"]["actions"] == [{"action": "URI", "title": "Show", "uri": "/my-backups"}]


async def test_notify_with_buttons_undoes_a_restore(
    kitchen: Kitchen, sim: Simulator, automation: Automation, phone: Phone
) -> None:
    before = deepcopy(kitchen.configuration)
    backup_id = await kitchen.back_up()
    await automation.set_up("notify_with_buttons", phone=phone.device_id)
    sim.pihole.add_domain("metrics.example.net")
    changed = deepcopy(kitchen.configuration)
    await kitchen.restore(backup_id)
    assert kitchen.configuration == before
    said = await phone.notified()
    assert said["title"] == "Kitchen: restored"
    assert said["data"]["url"] == f"/config/devices/device/{device_id(kitchen.home)}"
    await phone.press("Undo")
    await phone.notified(2)

    assert kitchen.configuration == changed
    await automation.turn_off()


async def test_notify_with_buttons_undoes_no_other_restore_than_the_one_it_tells_of(
    kitchen: Kitchen, sim: Simulator, automation: Automation, phone: Phone
) -> None:
    backup_id = await kitchen.back_up()
    await automation.set_up("notify_with_buttons", phone=phone.device_id)
    calls = async_capture_events(kitchen.home.hass, EVENT_CALL_SERVICE)
    buttons: list[str] = []
    for number in (1, 2):
        sim.pihole.add_domain(f"metrics{number}.example.net")
        await kitchen.restore(backup_id)
        [button] = (await phone.notified(number))["data"]["actions"]
        buttons.append(button["action"])
    for button in buttons:
        await phone.answer(button)
    await phone.notified(3)

    undone = [call for call in calls if call.data["service"] == "undo_restore"]
    assert len(undone) == 1, "the first restore is not the last one any more"
    assert [domain.domain for domain in sim.pihole.domains][-1] == "metrics2.example.net"
    await automation.turn_off()


async def test_notify_with_buttons_has_none_when_there_was_nothing_to_restore(
    kitchen: Kitchen, automation: Automation, phone: Phone
) -> None:
    backup_id = await kitchen.back_up()
    await automation.set_up("notify_with_buttons", phone=phone.device_id)
    await kitchen.restore(backup_id)

    said = await phone.notified()
    assert said["message"].endswith("says already, so nothing was changed.")
    assert said["data"]["actions"] == []


async def test_notify_with_buttons_can_be_tried(
    home: Home, automation: Automation, phone: Phone
) -> None:
    await automation.set_up("notify_with_buttons", phone=phone.device_id)
    await automation.run_by_hand()

    said = await phone.notified()
    assert (said["title"], said["message"]) == (
        "Pi-hole: this is only a try",
        "Nothing has happened.",
    )


@pytest.fixture
def of_0_1_0(hass: HomeAssistant, automation: Automation) -> Automation:
    """Have the blueprints that were imported with the first release."""
    first = ROOT / "tests" / "fixtures" / "blueprints_0_1_0"
    shutil.copytree(first, hass.config.path(str(PLACE)), dirs_exist_ok=True)
    return automation


async def test_the_notify_on_failure_of_0_1_0_tells_each_thing_once_as_it_did(
    days: Days, home: Home, sim: Simulator, of_0_1_0: Automation
) -> None:
    await days.schedule("daily", "03:00:00")
    await days.move_to(datetime(2026, 1, 21, 2, tzinfo=UTC))
    await watch(of_0_1_0, home)
    sim.faults.always("export", faults.html())
    await days.move_to(datetime(2026, 1, 22, 2, tzinfo=UTC))
    for span in RETRIES:
        await days.pass_by(span)
        await days.pass_by(7 * MINUTE)  # so that it becomes overdue in between
    [message] = of_0_1_0.messages
    assert message.startswith("Kitchen could not be backed up.")
    sim.faults.clear()
    await home.press()
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await days.pass_by(timedelta(days=1, hours=6))
    home.hass.set_state(CoreState.starting)  # so that nothing is made up for
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await days.pass_by(6 * MINUTE)
    await days.pass_by(6 * MINUTE)

    assert [message.partition(".")[0] for message in of_0_1_0.messages[1:]] == [
        "Kitchen was not backed up when it was due"
    ]
    home.hass.set_state(CoreState.running)


async def test_the_tell_what_changed_of_0_1_0_tells_the_sentences_once_as_it_did(
    days: Days, home: Home, sim: Simulator, of_0_1_0: Automation
) -> None:
    await look_for_changes(of_0_1_0, home)
    await home.press()
    await days.pass_by(MINUTE)
    sim.pihole.add_domain("metrics.example.net")
    await home.press()
    await settle(home)

    assert of_0_1_0.messages == ["1 domain added: metrics.example.net (denied)."]
