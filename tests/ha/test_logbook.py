import asyncio
from collections.abc import Callable
from datetime import datetime
import json
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.pihole_checkpoint.const import EVENT_BACKUP
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.logbook import async_describe_events
from homeassistant.components.recorder import get_instance
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pihole_simulator import Simulator
from tests.support.flows import Flow
from tests.support.home import Home
from tests.support.page import Page


class Logbook:
    """What the logbook says, as Home Assistant's own asks us."""

    def __init__(self, home: Home) -> None:
        self.lines: list[str] = []
        self.devices: set[str] = set()
        async_describe_events(home.hass, self._describe)
        self._home = home

    @callback
    def _describe(
        self, domain: str, event: str, describe: Callable[[Event], dict[str, str]]
    ) -> None:
        assert domain == "pihole_checkpoint"

        @callback
        def note(event: Event) -> None:
            line = describe(event)
            self.lines.append(f"{line['name']} {line['message']}")
            self.devices.add(event.data["device_id"])

        self.describe = note
        self.event = event

    def open(self) -> None:
        self._home.hass.bus.async_listen(self.event, self.describe)


@pytest.fixture
def logbook(home: Home, sim: Simulator) -> Logbook:
    sim.auth.login_attempts_per_second = 1000
    book = Logbook(home)
    book.open()
    return book


def made_at(archive: Path) -> str:
    """Return when a backup was made, as it is shown."""
    record = json.loads(archive.with_suffix(".json").read_text())
    return f"{dt_util.as_local(datetime.fromisoformat(record['created_at'])):%Y-%m-%d %H:%M}"


async def test_each_thing_that_happens_has_a_line_that_reads_well(
    home: Home, sim: Simulator, logbook: Logbook
) -> None:
    await home.press()
    sim.pihole.add_domain("metrics.example.net")
    await home.press()
    [record] = await home.back_up()
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)
    first, *_, last = home.archives
    deleted, damaged = made_at(last), made_at(first)
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=record["id"])
    first.write_bytes(b"")
    await home.call("verify")
    await sim.stop()
    with pytest.raises(HomeAssistantError) as failure:
        await home.press()
    await sim.start()
    nothing_answers = str(failure.value)
    assert sim.url in nothing_answers

    assert logbook.lines == [
        "Kitchen was backed up",
        "Kitchen was backed up: 1 domain added",
        "Kitchen was backed up: nothing has changed",
        "Kitchen hasn't changed since the last backup",
        f"Kitchen backup of {deleted} deleted",
        f"Kitchen backup of {damaged} is damaged",
        f"Kitchen backup failed. {nothing_answers}.",
    ]
    [device] = dr.async_entries_for_config_entry(dr.async_get(home.hass), home.entry.entry_id)
    assert logbook.devices == {device.id}


@pytest.mark.usefixtures("recorder_mock")
async def test_a_press_fills_the_activity_of_the_device_with_few_lines(
    hass: HomeAssistant, sim: Simulator, hass_ws_client: WebSocketGenerator
) -> None:
    sim.auth.login_attempts_per_second = 1000
    sim.pihole.restless = True
    assert await async_setup_component(hass, "logbook", {})
    flow = Flow(hass)
    await flow.add(sim.url)
    await hass.async_block_till_done(wait_background_tasks=True)
    home = Home(hass=hass, entry=flow.result["result"])
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), home.entry.entry_id)
    await asyncio.sleep(1)  # else the time of the last backup may be the same second
    began = dt_util.utcnow()

    await home.press()
    await hass.async_block_till_done(wait_background_tasks=True)
    await get_instance(hass).async_block_till_done()

    registry = er.async_get(hass)
    page = Page(await hass_ws_client())
    lines = await page.result(
        "logbook/get_events",
        start_time=began.isoformat(),
        device_ids=[device.id],
        entity_ids=[entry.entity_id for entry in er.async_entries_for_device(registry, device.id)],
    )
    shown = sorted(line.get("entity_id", line.get("message")) for line in lines)
    assert shown == [
        home.entity_id("backup_now"),
        home.entity_id("backup"),
        home.entity_id("last_backup"),
        home.entity_id("last_change"),
        "was backed up: 1 file changed",
    ]


async def test_the_lines_are_in_the_language_that_home_assistant_speaks_now(
    home: Home, sim: Simulator, logbook: Logbook
) -> None:
    said_in_english = async_capture_events(home.hass, EVENT_BACKUP)
    await home.press()
    sim.pihole.add_domain("metrics.example.net")
    await home.press()
    await home.hass.config.async_update(language="de")
    await home.hass.async_block_till_done()
    await home.press()
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)

    for event in said_in_english[:2]:
        logbook.describe(Event(EVENT_BACKUP, dict(event.data)))

    assert logbook.lines[2:] == [
        "Kitchen wurde gesichert: Es hat sich nichts geändert",
        "Kitchen hat sich seit dem letzten Backup nicht geändert",
        "Kitchen wurde gesichert",
        "Kitchen wurde gesichert: 1 Domain hinzugefügt",
    ]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            {"type": "completed", "changes": "1 list added; 1 domain disabled"},
            "was backed up: 1 list added; 1 domain disabled",
        ),
        ({"type": "completed", "changes": ""}, "was backed up: nothing has changed"),
        ({"type": "completed", "changes": None}, "was backed up"),
        (
            {
                "type": "restored",
                "filename": "a.zip",
                "changes": "1 list added",
                "proven": True,
                "safety_backup_id": "0a1b2c3d4e5f",
            },
            "was restored from the backup of a.zip and verified: 1 list added",
        ),
    ],
)
async def test_an_event_of_an_older_release_keeps_its_own_words(
    home: Home, logbook: Logbook, data: dict[str, object], line: str
) -> None:
    device_id = "a device"
    logbook.describe(Event(EVENT_BACKUP, {"name": "Kitchen", "device_id": device_id, **data}))

    assert logbook.lines == [f"Kitchen {line}"]
    assert home.hass.config.language == "en"
