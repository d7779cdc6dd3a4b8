from collections.abc import Callable

import pytest

from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from custom_components.pihole_checkpoint.logbook import async_describe_events
from homeassistant.core import Event, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from pihole_simulator import Simulator
from tests.support.home import Home


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


async def test_each_thing_that_happens_has_a_line_that_reads_well(
    home: Home, sim: Simulator, logbook: Logbook
) -> None:
    await home.press()
    sim.pihole.add_domain("metrics.example.net")
    await home.press()
    [record] = await home.back_up()
    await home.entry.runtime_data.manager.async_back_up(BackupTrigger.SCHEDULE)
    first, *_, last = home.archives
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
        "Kitchen has not changed since its newest backup",
        f"Kitchen has one backup less, {last.name}",
        f"Kitchen has a backup that is damaged, {first.name}",
        f"Kitchen could not be backed up. {nothing_answers}",
    ]
    [device] = dr.async_entries_for_config_entry(dr.async_get(home.hass), home.entry.entry_id)
    assert logbook.devices == {device.id}
