"""A line in the logbook for each thing that happens to backups."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook.const import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback

from .const import DOMAIN, EVENT_BACKUP
from .data import BackupEventType


@callback
def async_describe_events(
    _hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, str]]], None],
) -> None:
    """Describe our events."""

    @callback
    def describe(event: Event) -> dict[str, str]:
        return {
            LOGBOOK_ENTRY_NAME: event.data["name"],
            LOGBOOK_ENTRY_MESSAGE: _message(event.data),
        }

    async_describe_event(DOMAIN, EVENT_BACKUP, describe)


def _message(data: Mapping[str, Any]) -> str:
    """Return the rest of a sentence that begins with the Pi-hole's name."""
    changes = f": {data['changes']}" if data.get("changes") else ""
    proof = " and verified" if data.get("proven") else ", but that could not be verified"
    sentences = {
        BackupEventType.COMPLETED: "was backed up"
        + (": nothing has changed" if data.get("changes") == "" else changes),
        BackupEventType.UNCHANGED: "has not changed since its newest backup",
        BackupEventType.FAILED: f"could not be backed up. {data.get('message')}",
        BackupEventType.RESTORED: f"was restored from {data.get('filename')}{proof}{changes}"
        if data.get("safety_backup_id")
        else f"is as {data.get('filename')} says already, so nothing was restored",
        BackupEventType.RESTORE_FAILED: f"{_not_restored(data)}. {data.get('message')}",
        BackupEventType.DELETED: f"has one backup less, {data.get('filename')}",
        BackupEventType.DAMAGED: f"has a backup that is damaged, {data.get('filename')}",
    }
    return sentences[BackupEventType(data["type"])]


def _not_restored(data: Mapping[str, Any]) -> str:
    begun = data.get("safety_backup_id") is not None
    return "was not restored as it should be" if begun else "was not restored"
