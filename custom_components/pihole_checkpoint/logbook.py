"""A line in the logbook for each thing that happens to backups."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook.const import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN
from .happenings import EVENT, Happening


@callback
def async_describe_events(
    _hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, str]]], None],
) -> None:
    """Say how our events are told."""

    @callback
    def describe(event: Event) -> dict[str, str]:
        return {
            LOGBOOK_ENTRY_NAME: event.data["name"],
            LOGBOOK_ENTRY_MESSAGE: _message(event.data),
        }

    async_describe_event(DOMAIN, EVENT, describe)


def _message(data: Mapping[str, Any]) -> str:
    """Go on after the Pi-hole's name."""
    match data["type"]:
        case Happening.COMPLETED:
            changes = {None: "", "": ": nothing has changed"}.get(
                data["changes"], f": {data['changes']}"
            )
            return f"was backed up{changes}"
        case Happening.UNCHANGED:
            return "has not changed since its newest backup"
        case Happening.FAILED:
            return f"could not be backed up. {data['message']}"
        case Happening.DELETED:
            return f"has one backup less, {data['filename']}"
        case _:
            return f"has a backup that is damaged, {data['filename']}"
