"""A Pi-hole in Home Assistant, and what a user does and sees there."""

import asyncio
from dataclasses import dataclass
from typing import TypedDict, cast

from scripts.demo_home import arranging
from scripts.demo_home.dashboard import Entities
from scripts.in_browser.house import House

_ROUTINE_SECONDS = 60.0


class Record(TypedDict):
    """What is looked at of a backup's record."""

    id: str
    trigger: str
    status: str
    created_at: str
    confirmed_at: str | None


class Change(TypedDict):
    """What is looked at of a change."""

    change: str
    item: str


class Report(TypedDict):
    """What is looked at of what a comparison or a restore answers."""

    summary: list[str]
    changes: dict[str, list[Change]]
    remarks: list[str]
    proven: bool | None
    gravity_updated: bool
    safety_backup: Record | None


@dataclass(kw_only=True)
class Kitchen:
    """One Pi-hole in a Home Assistant."""

    house: House
    entry_id: str
    entities: Entities
    is_gone: bool = False

    @classmethod
    async def of(cls, house: House, entry_id: str) -> Kitchen:
        """Look up its entities."""
        entities = await arranging.find_entities(house.api, {"entry_id": entry_id, "title": ""})
        return cls(house=house, entry_id=entry_id, entities=entities)

    async def press(self) -> None:
        """Press the button, and wait until it is done. Raises `DemoError`."""
        await self.house.api.post("services/button/press", {"entity_id": self.entities.backup_now})

    async def last_backup(self) -> str:
        """Return the time that the sensor shows."""
        return await self._state(self.entities.last_backup)

    async def count(self) -> str:
        """Return the number of backups that the sensor shows."""
        return await self._state(self.entities.backup_count)

    async def _state(self, entity_id: str) -> str:
        return cast("dict[str, str]", await self.house.api.get(f"states/{entity_id}"))["state"]

    async def backups(self) -> list[Record]:
        """List what is stored, the newest first."""
        return cast("dict[str, list[Record]]", await self._call("list"))["backups"]

    async def back_up(self) -> Record:
        """Make a backup."""
        [record] = cast("dict[str, list[Record]]", await self._call("backup"))["backups"]
        return record

    async def back_up_home_assistant(self) -> None:
        """Have Home Assistant back itself up, which backs up the Pi-hole first."""
        async with self.house.api.connect() as socket, asyncio.timeout(_ROUTINE_SECONDS):
            events = await socket.send("backup/subscribe_events")
            begun = await socket.send(
                "backup/generate", agent_ids=["backup.local"], include_database=False
            )
            was_begun = False
            while True:
                message = await socket.receive()
                if message["id"] == begun:
                    assert message["success"], message
                    was_begun = True
                event = message.get("event")
                if message["id"] == events and isinstance(event, dict):
                    assert event.get("state") != "failed", event
                    if was_begun and event.get("manager_state") == "idle":
                        return

    async def compare(self, record: Record) -> Report:
        """Compare a backup with the Pi-hole as it is now."""
        return cast("Report", await self._call("compare", backup_id=record["id"]))

    async def restore(self, record: Record, **fields: object) -> Report:
        """Restore a backup, or say what that would change. Raises `DemoError`."""
        return cast("Report", await self._call("restore", backup_id=record["id"], **fields))

    async def undo(self) -> Report:
        """Take the last restore back. Raises `DemoError`."""
        return cast("Report", await self._call("undo_restore"))

    async def go(self) -> None:
        """Remove the Pi-hole. Its backups stay, for one that is added at its address later."""
        await self.house.remove_pihole(self.entry_id)
        self.is_gone = True

    async def leave(self) -> None:
        """Remove the Pi-hole with all of its backups."""
        if not self.is_gone:
            await self.go()
        await self.house.delete_backups()

    async def _call(self, service: str, **fields: object) -> object:
        answer = await self.house.api.post(
            f"services/{arranging.DOMAIN}/{service}?return_response",
            {"config_entry_id": self.entry_id, **fields},
        )
        return cast("dict[str, object]", answer)["service_response"]
