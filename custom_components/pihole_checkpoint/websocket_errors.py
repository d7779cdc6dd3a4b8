"""Errors as answers of websocket commands."""

from typing import Any

from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_NOT_FOUND
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError


@callback
def refuse(connection: ActiveConnection, msg: dict[str, Any], error: HomeAssistantError) -> None:
    """Answer that a command is not carried out, and why."""
    connection.send_error(
        msg["id"],
        ERR_NOT_FOUND,
        str(error),
        translation_domain=error.translation_domain,
        translation_key=error.translation_key,
        translation_placeholders=error.translation_placeholders,
    )
