"""Commands for what is in backups: what changed by name, contents, how far Pi-holes differ."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import (
    async_response,
    require_admin,
    websocket_command,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util.json import JsonArrayType

from .const import DOMAIN
from .contents_responses import contents_response
from .coordinator import PiholeCheckpointConfigEntry
from .engine.aio import in_thread
from .engine.teleporter.diff import Subject
from .exceptions import translated_errors
from .manager.drift import async_get_drift
from .manager.last_read import async_get_last_read
from .responses import record_changes_response
from .websocket_errors import refuse

_LONGEST_SEARCH: Final = 200
_MOST_ITEMS: Final = 200
_ONE_BACKUP: Final[dict[str | vol.Marker, object]] = {
    vol.Required("config_entry_id"): str,
    vol.Required("backup_id"): str,
}


@callback
def async_setup_details(hass: HomeAssistant) -> None:
    """Register the commands. What names single things is for administrators."""
    for command in (_changes, _contents, _differences):
        websocket_api.async_register_command(hass, command)


@require_admin
@websocket_command({vol.Required("type"): f"{DOMAIN}/changes", **_ONE_BACKUP})
@callback
def _changes(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Return what changed from the backup before to this one, as far as its record keeps it."""
    try:
        index = _entry(hass, msg).runtime_data.data.index
        with translated_errors():
            record = index.find(msg["backup_id"])
    except HomeAssistantError as error:
        refuse(connection, msg, error)
        return
    connection.send_result(msg["id"], record_changes_response(record, index))


@require_admin
@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/contents",
        **_ONE_BACKUP,
        vol.Optional("search", default=""): vol.All(str, vol.Length(max=_LONGEST_SEARCH)),
        vol.Optional("subject"): vol.Coerce(Subject),
        vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=_MOST_ITEMS)),
    }
)
@async_response
async def _contents(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Return what is in a backup: the items that a text is in, and how many there are."""
    try:
        manager = _entry(hass, msg).runtime_data.manager
        contents = await async_get_last_read(hass).async_read(manager, msg["backup_id"])
        with translated_errors(), manager.catch_unexpected():
            found = await in_thread(
                contents_response,
                contents,
                search=msg["search"],
                subject=msg.get("subject"),
                limit=msg["limit"],
            )
    except HomeAssistantError as error:
        refuse(connection, msg, error)
        return
    connection.send_result(msg["id"], found)


@websocket_command(
    {vol.Required("type"): f"{DOMAIN}/differences", vol.Optional("config_entry_id"): str}
)
@async_response
async def _differences(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Return how many things are different on each Pi-hole from the first or the named one."""
    entries: list[PiholeCheckpointConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    try:
        if "config_entry_id" in msg:
            first = _entry(hass, msg)
            entries.sort(key=lambda entry: entry is not first)
        managers = [entry.runtime_data.manager for entry in entries]
        backup_ids = [_current_id(entry) for entry in entries]  # before one may be unloaded
        numbers = await async_get_drift(hass).async_count(managers) if managers else []
    except HomeAssistantError as error:
        refuse(connection, msg, error)
        return
    piholes: JsonArrayType = [
        {
            "config_entry_id": entry.entry_id,
            "title": entry.title,
            "differences": number,
            "backup_id": backup_id,
        }
        for entry, backup_id, number in zip(entries, backup_ids, numbers, strict=True)
    ]
    connection.send_result(msg["id"], {"piholes": piholes})


def _current_id(entry: PiholeCheckpointConfigEntry) -> str | None:
    current = entry.runtime_data.data.current
    return None if current is None else current.id


def _entry(hass: HomeAssistant, msg: dict[str, Any]) -> PiholeCheckpointConfigEntry:
    entry: PiholeCheckpointConfigEntry = async_get_config_entry(
        hass, DOMAIN, msg["config_entry_id"]
    )
    return entry
