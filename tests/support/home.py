"""A Home Assistant with a Pi-hole set up, as tests use it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from custom_components.pihole_checkpoint.const import CONF_FOLDER, DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_URL, CONF_VERIFY_SSL, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.json import JsonObjectType


@dataclass(kw_only=True)
class Home:
    """A Home Assistant with a Pi-hole set up, and what a user does and sees there."""

    hass: HomeAssistant
    entry: ConfigEntry[Any]

    @property
    def folder(self) -> Path:
        return Path(self.hass.config.path(DOMAIN, self.entry.data[CONF_FOLDER]))

    @property
    def files(self) -> set[str]:
        """Everything in the backup folder, unfinished things too."""
        return {
            str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()
        } - {".store"}

    @property
    def archives(self) -> list[Path]:
        return sorted(self.folder.glob("*.zip"))

    def entity_id(self, key: str) -> str:
        registry = er.async_get(self.hass)
        unique_id = f"{self.entry.entry_id}_{key}"
        [entity_id] = [
            entry.entity_id
            for entry in er.async_entries_for_config_entry(registry, self.entry.entry_id)
            if entry.unique_id == unique_id
        ]
        return entity_id

    def state(self, key: str) -> State:
        state = self.hass.states.get(self.entity_id(key))
        assert state is not None
        return state

    @property
    def count(self) -> int:
        return int(self.state("backup_count").state)

    @property
    def last_backup(self) -> str | None:
        state = self.state("last_backup").state
        return None if state == STATE_UNKNOWN else state

    async def press(self) -> None:
        await self.hass.services.async_call(
            "button", "press", {"entity_id": self.entity_id("backup_now")}, blocking=True
        )

    async def call(self, service: str, **data: object) -> dict[str, Any]:
        """Call one of our services, and give its answer."""
        answer = await self.hass.services.async_call(
            DOMAIN, service, data, blocking=True, return_response=True
        )
        assert answer is not None
        return dict(answer)

    async def fail_to_back_up(self) -> None:
        """Press the button for a backup that fails."""
        with pytest.raises(HomeAssistantError):
            await self.press()

    async def back_up(self, **data: object) -> list[JsonObjectType]:
        """Call the service, and give its records."""
        records: list[JsonObjectType] = (await self.call("backup", **data))["backups"]
        return records

    async def backups(self) -> list[dict[str, Any]]:
        """Call the service that lists all backups, the newest first."""
        records: list[dict[str, Any]] = (await self.call("list"))["backups"]
        return records

    async def reload(self) -> None:
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done()

    async def choose(self, **options: object) -> None:
        """Set options, and no others."""
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        await self.reload()

    @property
    def issues(self) -> dict[str, ir.IssueEntry]:
        """The active repair issues of this Pi-hole, by their names."""
        suffix = f"_{self.entry.entry_id}"
        return {
            issue_id.removesuffix(suffix): issue
            for (domain, issue_id), issue in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN and issue.active
        }

    async def poll(self) -> None:
        await self.entry.runtime_data.async_refresh()
        await self.hass.async_block_till_done()

    async def move_to(self, url: str, *, verify_ssl: bool = True) -> None:
        """Let the Pi-hole be thought of at another address."""
        self.hass.config_entries.async_update_entry(
            self.entry, data={**self.entry.data, CONF_URL: url, CONF_VERIFY_SSL: verify_ssl}
        )
        await self.reload()


type AddPihole = Callable[..., Awaitable[Home]]


def enable_as_before(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Have the entities that a new Pi-hole has disabled, and those of older releases have not."""
    before = {
        "running": ("binary_sensor", "Backup running"),
        "last_attempt": ("sensor", "Last attempt"),
        "activity": ("sensor", "Restore"),
    }
    registry = er.async_get(hass)
    for key, (platform, name) in before.items():
        entity = registry.async_get_or_create(
            platform,
            DOMAIN,
            f"{entry.entry_id}_{key}",
            config_entry=entry,
            suggested_object_id=f"{entry.title} {name}",
        )
        registry.async_update_entity(entity.entity_id, disabled_by=None)
