"""A home with one Pi-hole that tests restore backups on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from homeassistant.const import CONF_PASSWORD, MATCH_ALL, STATE_UNAVAILABLE
from homeassistant.core import CoreState, Event
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from pihole_simulator import Group, Lease, Pihole, Simulator, configuration_of, faults
from pihole_simulator.comparison import Plain
from pihole_simulator.fault_plan import Place
from tests.support.holding import held
from tests.support.home import Home
from tests.support.timings import hurry_restores

APP_SUDO = "webserver.api.app_sudo"
DNS_PORT = "dns.port"
FAR_OFF = 4_000_000_000
IMPORT = ("POST", "/api/teleporter")
LIVE = "live"
BY_IMPORT = "import"
both_ways = pytest.mark.parametrize("way", [LIVE, BY_IMPORT])
"""Both ways by which a restore can be carried out."""


@dataclass(kw_only=True)
class Kitchen:
    """A home with one Pi-hole, and what a user does and sees there."""

    home: Home
    sim: Simulator
    events: list[Event]
    """What was fired on the bus."""
    can_log_out: bool = True
    """Whether the test left the Pi-hole in a state to close sessions."""
    way: str | None = None
    """By which way the user restores: `live`, `import`, or `None` for the better one."""

    @property
    def configuration(self) -> dict[str, Plain]:
        """What a user sees of the Pi-hole: not when rows were made or changed."""
        return {
            name: undated(value)
            for name, value in configuration_of(self.sim.pihole, counts=False).items()
        }

    @property
    def entry_id(self) -> str:
        return self.home.entry.entry_id

    @property
    def safety(self) -> dict[str, Any]:
        """The newest safety backup."""
        records = [record for record in self.records if record["trigger"] == "before_restore"]
        return records[0]

    @property
    def records(self) -> list[dict[str, Any]]:
        return [
            {"id": record.id, "filename": record.filename, "trigger": record.trigger.value}
            for record in self.home.entry.runtime_data.data.records
        ]

    @property
    def activity(self) -> str:
        return self.home.state("activity").state

    async def back_up(self) -> str:
        [record] = await self.home.back_up(config_entry_id=self.entry_id)
        return str(record["id"])

    async def restore(self, backup_id: str, **data: object) -> dict[str, Any]:
        if self.way is not None:
            data = {"way": self.way, **data}
        answer = await self.home.call(
            "restore", config_entry_id=self.entry_id, backup_id=backup_id, **data
        )
        assert self.leaks(repr(answer)) == []
        return answer

    async def undo(self) -> dict[str, Any]:
        return await self.home.call("undo_restore", config_entry_id=self.entry_id)

    async def fails(self, work: Awaitable[object], key: str) -> str:
        """Wait for what fails, and give its sentence."""
        with pytest.raises(HomeAssistantError) as raised:
            await work
        assert raised.value.translation_key == key
        sentence = str(raised.value)
        assert " " in sentence, "there is no translation"
        assert "{" not in sentence
        assert self.leaks(sentence) == []
        return sentence

    async def does_not_begin(self, work: Awaitable[object], reason: str) -> str:
        """Wait for a restore that changes nothing, and be sure of it."""
        before, files = self.configuration, self.home.files
        sentence = await self.fails(work, "restore_not_begun")
        assert "nothing on the Pi-hole was changed" in sentence
        assert reason in sentence
        assert self.configuration == before
        assert self.home.files == files
        assert self.sim.restarts == 0
        assert self.last_event == {
            "type": "restore_failed",
            "reason": "restore_not_begun",
            "safety_backup_id": None,
            "message": sentence,
        }
        return sentence

    async def fails_after_its_safety_backup(self, work: Awaitable[object], key: str) -> str:
        """Wait for a restore that fails once it has begun to change things."""
        sentence = await self.fails(work, key)
        assert self.safety["filename"] in sentence
        assert self.last_event == {
            "type": "restore_failed",
            "reason": key,
            "safety_backup_id": self.safety["id"],
            "message": sentence,
        }
        return sentence

    @property
    def last_event(self) -> dict[str, Any]:
        data = self.events[-1].data
        return {key: data[key] for key in ("type", "reason", "safety_backup_id", "message")}

    async def use_password(self, password: str) -> None:
        """Let Home Assistant know another password, as a user does who changed it."""
        self.home.hass.config_entries.async_update_entry(
            self.home.entry, data={**self.home.entry.data, CONF_PASSWORD: password}
        )
        await self.home.hass.config_entries.async_reload(self.entry_id)
        await self.home.hass.async_block_till_done()

    def leaks(self, text: str) -> list[str]:
        return [secret for secret in self.sim.secrets if secret in text]


@asynccontextmanager
async def kitchen_of(
    home: Home, sim: Simulator, patch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> AsyncIterator[Kitchen]:
    """Have a kitchen, and look in the end that nothing is left behind and no secret got out."""
    sim.auth.login_attempts_per_second = 1000
    # Its DNS is off: what a restore finds out about that has tests of its own.
    sim.pihole.settings |= {APP_SUDO: True, DNS_PORT: 0}
    hurry_restores(patch)
    everything = async_capture_events(home.hass, MATCH_ALL)
    kitchen = Kitchen(home=home, sim=sim, events=async_capture_events(home.hass, EVENT_BACKUP))
    yield kitchen
    await home.hass.async_block_till_done()
    if kitchen.can_log_out:
        assert sim.sessions == []
    assert not list(home.folder.glob(".staging/*"))
    assert kitchen.activity in ("idle", STATE_UNAVAILABLE) or home.hass.state is CoreState.stopped
    seen = [repr(event.data) for event in everything if event.event_type != "call_service"]
    for text in (log.text, repr(home.hass.states.async_all()), *seen):
        assert kitchen.leaks(text) == []


def mess_up(pihole: Pihole) -> None:
    """Change something of every kind, and let what is new be in a new group."""
    kids, iot = pihole.groups[1:]
    kids.description = "no devices"
    # It has the number that another one has in the backup.
    pihole.groups[-1] = Group(id=iot.id, name="guests")
    pihole.adlists.pop(0)
    pihole.add_adlist("https://evil.example/list.txt", groups={iot.id})
    pihole.domains[0].enabled = False
    pihole.add_domain("important.example.com", groups={kids.id, iot.id})
    pihole.clients.clear()
    pihole.add_client("192.168.1.99", groups={iot.id})
    pihole.hosts.clear()
    pihole.settings["dns.blockTTL"] = 60


def undated(values: Plain) -> Plain:
    """Leave out the dates of rows, and see no comment and an empty one as the same."""
    return {
        name: undated(item) if isinstance(item, dict) else "" if item is None else item
        for name, item in values.items()
        if name not in ("date_added", "date_modified")
    }


async def messed_up(kitchen: Kitchen) -> tuple[str, dict[str, Plain], dict[str, Plain]]:
    """Have a backup, what is in it, and a Pi-hole that is another way."""
    kitchen.sim.pihole.leases = [Lease(mac="00:11:22:33:44:66", ip="192.168.1.77", expires=FAR_OFF)]
    before = deepcopy(kitchen.configuration)
    stored = await kitchen.back_up()
    mess_up(kitchen.sim.pihole)
    return stored, before, deepcopy(kitchen.configuration)


async def broken_off(kitchen: Kitchen, backup_id: str, place: Place, *, after: int = 0) -> None:
    """Begin a restore, and unload the Pi-hole when a request has come there, after some others."""
    kitchen.sim.faults.next(place, faults.call(lambda: None), times=after)
    gate, restore = await held(kitchen.sim, place, kitchen.restore(backup_id))
    unload = asyncio.ensure_future(kitchen.home.hass.config_entries.async_unload(kitchen.entry_id))
    await asyncio.sleep(0.01)
    gate.open()
    assert await unload
    await kitchen.fails(restore, "stopping")
    assert kitchen.sim.sessions == []
    assert await kitchen.home.hass.config_entries.async_setup(kitchen.entry_id)
    await kitchen.home.hass.async_block_till_done()


def issues(kitchen: Kitchen) -> dict[str, dict[str, str]]:
    """Return the issues under Repairs, and what they name."""
    registry = ir.async_get(kitchen.home.hass)
    return {
        id_: dict(issue.translation_placeholders or {})
        for (domain, id_), issue in registry.issues.items()
        if domain == DOMAIN and issue.active
    }
