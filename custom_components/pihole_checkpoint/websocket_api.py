"""What a page needs to show the backups live. Whatever it does to them, it does by the services."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_NOT_FOUND
from homeassistant.components.websocket_api.decorators import websocket_command
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util.json import JsonValueType

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry
from .engine.errors import BackupNotFound
from .errors import translated
from .live import MOST_RECORDS, Event, Live, present, records_response

_FEW: Final = 20
_LIMIT: Final[dict[str | vol.Marker, object]] = {
    vol.Optional("limit", default=_FEW): vol.All(int, vol.Range(min=1, max=MOST_RECORDS))
}


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the commands. They are for every user: none of them changes anything."""
    for command in (_piholes, _subscribe, _backups):
        websocket_api.async_register_command(hass, command)


@websocket_command({vol.Required("type"): f"{DOMAIN}/piholes"})
@callback
def _piholes(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Name the Pi-holes there are, also while they are not loaded."""
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    piholes: list[JsonValueType] = [
        {"config_entry_id": entry.entry_id, "title": entry.title} for entry in entries
    ]
    connection.send_result(msg["id"], {"piholes": piholes})


@websocket_command(
    {vol.Required("type"): f"{DOMAIN}/subscribe", vol.Required("config_entry_id"): str, **_LIMIT}
)
@callback
def _subscribe(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Tell of one Pi-hole until the page is closed.

    One that is not loaded is none to refuse: after a restart, pages are back before the entries.
    """
    entry: PiholeCheckpointConfigEntry | None
    try:
        entry = async_get_config_entry(hass, DOMAIN, msg["config_entry_id"])
    except ServiceValidationError as error:
        entry = hass.config_entries.async_get_entry(msg["config_entry_id"])
        if entry is None or entry.domain != DOMAIN:
            _refuse(connection, msg, error)
            return

    @callback
    def send(event: Event) -> None:
        connection.send_event(msg["id"], event)

    live = Live(hass, entry, msg["limit"], send)
    connection.subscriptions[msg["id"]] = live.stop
    connection.send_result(msg["id"])
    live.start()


@websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/backups",
        vol.Required("config_entry_id"): str,
        vol.Optional("after"): str,
        **_LIMIT,
    }
)
@callback
def _backups(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Give the next page: the newest of those that are older than the backup `after`."""
    after: str | None = msg.get("after")
    try:
        entry: PiholeCheckpointConfigEntry = async_get_config_entry(
            hass, DOMAIN, msg["config_entry_id"]
        )
        records = present(entry.runtime_data).records
        begin = 0
        if after is not None:
            index = next((i for i, record in enumerate(records) if record.id == after), None)
            if index is None:
                raise translated(BackupNotFound(id=after))
            begin = index + 1
    except HomeAssistantError as error:
        _refuse(connection, msg, error)
        return
    page = records_response(entry.entry_id, records[begin : begin + msg["limit"]])
    connection.send_result(msg["id"], {"backups": page, "total": len(records)})


@callback
def _refuse(connection: ActiveConnection, msg: dict[str, Any], error: HomeAssistantError) -> None:
    connection.send_error(
        msg["id"],
        ERR_NOT_FOUND,
        str(error),
        translation_domain=error.translation_domain,
        translation_key=error.translation_key,
        translation_placeholders=error.translation_placeholders,
    )
