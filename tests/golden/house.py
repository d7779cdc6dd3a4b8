"""A Home Assistant with two Pi-holes. Every string that comes out of it is recorded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any, Final

from aiohttp.test_utils import TestClient
import pytest

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED, MATCH_ALL
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from pihole_simulator import Simulator
from pihole_simulator.faults import Gate
from tests.support.page import Json, Page

from .book import Library
from .kinds import Kinds, as_it_is

DOMAIN: Final = "pihole_checkpoint"
_OUR_EVENTS: Final = f"{DOMAIN}_"


@dataclass(kw_only=True)
class House:
    """The Home Assistant and its Pi-holes, and what a user does there."""

    hass: HomeAssistant
    storage: dict[str, Json]
    """What is in `.storage`."""
    browser: TestClient[Any, Any]
    page: Page
    kitchen: Simulator
    attic: Simulator
    library: Library
    entries: dict[str, str] = field(default_factory=dict)
    """The IDs of the entries, by the name of their Pi-hole."""
    happened: list[str] = field(default_factory=list)
    """The types of our events on the bus, in order."""
    _archives: dict[Path, bytes] = field(default_factory=dict)

    def listen(self) -> None:
        """Record all events from now on."""
        self.hass.bus.async_listen(MATCH_ALL, self._heard)
        self.hass.bus.async_listen(EVENT_STATE_CHANGED, self._state_changed)

    def see(self, book: str, where: str, value: object) -> None:
        """Record a value in a data file's book."""
        self.library[book].see(where, value)

    @property
    def config(self) -> Path:
        return Path(self.hass.config.config_dir)

    @property
    def folder(self) -> Path:
        """Where the backups of the kitchen are."""
        [id_file] = self.config.glob(f"*/{self._name_of_folder}/.store")
        return id_file.parent

    @property
    def _name_of_folder(self) -> str:
        return str(self.entry("kitchen").data["folder"])

    def entry(self, name: str) -> ConfigEntry:
        entry = self.hass.config_entries.async_get_entry(self.entries[name])
        assert entry is not None
        return entry

    def entity_id(self, key: str, name: str = "kitchen") -> str:
        unique_id = f"{self.entries[name]}_{key}"
        for domain in ("binary_sensor", "button", "event", "sensor"):
            found = er.async_get(self.hass).async_get_entity_id(domain, DOMAIN, unique_id)
            if found:
                return found
        raise LookupError(key)

    async def press(self) -> None:
        await self.hass.services.async_call(
            "button", "press", {"entity_id": self.entity_id("backup_now")}, blocking=True
        )

    async def call(self, action: str, **fields: object) -> Json:
        """Perform one of our actions, on the kitchen by default, and record its answer."""
        fields = {"config_entry_id": self.entries["kitchen"], **fields}
        answer = await self.hass.services.async_call(
            DOMAIN, action, fields, blocking=True, return_response=True
        )
        assert answer is not None
        self.see("answers", action, answer)
        return dict(answer)

    async def act(self, action: str, **fields: object) -> Json:
        """Perform one of our actions, then record all that changed."""
        answer = await self.call(action, **fields)
        await self.look()
        return answer

    async def back_up(self) -> Json:
        """Back up by the action, and give the backup."""
        backup: Json = (await self.act("backup"))["backups"][0]
        return backup

    async def listed(self) -> list[Json]:
        backups: list[Json] = (await self.act("list"))["backups"]
        return backups

    async def fails(self, case: str, work: Awaitable[object]) -> None:
        """Record the error that something fails with, then all that changed."""
        await self.refuses(case, work)
        await self.look()

    async def refuses(self, case: str, work: Awaitable[object]) -> None:
        """Record the error that something fails with."""
        with pytest.raises(HomeAssistantError) as raised:
            await work
        error = raised.value
        key = error.translation_key or "no key"
        self.see("errors", case, f"{type(error).__name__}:{error.translation_domain}.{key}")
        for name, value in (error.translation_placeholders or {}).items():
            kind = self.library.kinds.of(value)
            is_error = name == "reason" and str(kind).startswith("<")
            self.see("errors", f"{key}: {name}", value if is_error else "<text>")

    async def reload(self) -> None:
        await self.hass.config_entries.async_reload(self.entries["kitchen"])
        self.look_at_storage()
        await self.look()

    @asynccontextmanager
    async def unloaded(self) -> AsyncIterator[None]:
        """Have the kitchen's entry unloaded."""
        assert await self.hass.config_entries.async_unload(self.entries["kitchen"])
        self.look_at_storage()
        await self.look()
        yield
        await self.hass.config_entries.async_setup(self.entries["kitchen"])
        await self.look()

    async def look(self) -> None:
        """Wait until nothing is going on, and record all there is to see."""
        await self.hass.async_block_till_done()
        self.look_at_files()
        self.look_at_issues()
        for event in await self.page.heard():
            if "progress" in (pihole := event.get("pihole", {})):
                pihole["progress"] = "<progress>"  # which depends on how fast it goes
            self.see("websocket", f"subscribe: {event['kind']}", event)

    def look_at_files(self) -> None:
        """Record the files in the backup folders, and the contents of records."""
        for id_file in self.config.glob("*/*/.store"):
            for path in id_file.parent.rglob("*"):
                relative = path.relative_to(id_file.parent)
                self.see("files", "a folder of backups", f"{relative}{'/' * path.is_dir()}")
                if path.suffix == ".json" and not path.name.startswith("not-"):
                    record = json.loads(path.read_text())
                    version = as_it_is(record["version"])
                    self.see("record", "record", record | {"version": version})

    def look_at_storage(self) -> None:
        """Record the kitchen's file in `.storage`.

        Call this only when it was just written, because some changes are saved with a delay.
        """
        for key, content in self.storage.items():
            if DOMAIN in key and self.entries["kitchen"] in key:
                version = as_it_is(content["version"])
                self.see("storage", key, content | {"version": version})

    def look_at_issues(self) -> None:
        """Record the repair issues."""
        for (domain, issue_id), issue in ir.async_get(self.hass).issues.items():
            if domain == DOMAIN and issue.active:
                self.see(
                    "issues",
                    issue_id,
                    {
                        "translation_key": issue.translation_key,
                        "placeholders": list(issue.translation_placeholders or {}),
                        "severity": issue.severity,
                        "fixable": as_it_is(issue.is_fixable),
                        "data": issue.data,
                    },
                )

    @callback
    def _heard(self, event: Event) -> None:
        event_type = str(event.event_type)
        if event_type.startswith(_OUR_EVENTS):
            kind = str(event.data.get("type"))
            self.happened.append(kind)
            self.see("events", f"{event_type}: {kind}", event.data)

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        entity = er.async_get(self.hass).async_get(event.data["entity_id"])
        state = event.data["new_state"]
        if entity is None or entity.platform != DOMAIN or state is None:
            return
        key = entity.unique_id.partition("_")[2]
        where = f"{entity.domain}.{key}"
        self.see("states", where, state.state)
        if event_type := state.attributes.get("event_type"):
            where += f": {event_type}"
        attributes = {
            name: value for name, value in state.attributes.items() if name not in _OF_OTHERS
        }
        if "progress" in attributes:
            attributes["progress"] = "<progress>"
        self.see("states", f"{where}: attributes", json.loads(json.dumps(attributes, default=str)))


_OF_OTHERS: Final = frozenset(
    {
        *("friendly_name", "icon", "event_types", "options", "event_type"),
        *("restored", "supported_features"),
    }
)
"""Attributes that Home Assistant adds, or that are recorded from the registry."""


async def reached(gate: Gate, task: asyncio.Task[Any]) -> None:
    """Wait until a task's request arrives at a gate. Raise the task's error if it fails before."""
    waiting = asyncio.create_task(gate.reached.wait())
    await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        await task


def library(hass: HomeAssistant, piholes: Mapping[str, Simulator]) -> Library:
    """Make books with placeholders for this Home Assistant's folder and its Pi-holes' addresses."""
    names: dict[str, str] = {}
    for sim in piholes.values():
        names |= {sim.url: "<url>", f"127.0.0.1:{sim.port}": "<host>"}
        names[f"127.0.0.1_port_{sim.port}"] = "<folder>"
        names[f"127_0_0_1_{sim.port}"] = "<host>"
    names[hass.config.config_dir] = "<config>"
    return Library(Kinds(names))
