"""A line in the logbook for each thing that happens to backups."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from homeassistant.components.logbook.const import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import DOMAIN, EVENT_BACKUP
from .data import BackupEventType
from .engine.repository.naming import BackupName
from .engine.teleporter.diff import ChangeKind, Subject
from .engine.teleporter.headline import Amount
from .wording import Words, async_get_words

_WITH_CHANGES: Final = {BackupEventType.COMPLETED, BackupEventType.RESTORED}


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, str]]], None],
) -> None:
    """Describe our events."""

    @callback
    def describe(event: Event) -> dict[str, str]:
        return {
            LOGBOOK_ENTRY_NAME: event.data["name"],
            LOGBOOK_ENTRY_MESSAGE: _message(event.data, async_get_words(hass)),
        }

    async_describe_event(DOMAIN, EVENT_BACKUP, describe)


def _message(data: Mapping[str, Any], words: Words) -> str:
    """Return the rest of a sentence that begins with the Pi-hole's name."""
    event = BackupEventType(data["type"])
    changes = _changes(data, words) if event in _WITH_CHANGES else None
    said = words.say(
        f"logbook_{_key(event, data, changes)}",
        time=_made_at(str(data.get("filename"))),
        message=str(data.get("message")),
    )
    return words.say("change_named", change=said, names=changes) if changes else said


def _made_at(filename: str) -> str:
    """Return when a backup was made, by its name; a name of another kind stays."""
    name = BackupName.find(filename)
    return f"{dt_util.as_local(name.created_at):%Y-%m-%d %H:%M}" if name else filename


def _key(event: BackupEventType, data: Mapping[str, Any], changes: str | None) -> str:
    safety: str | None = data.get("safety_backup_id")
    match event:
        case BackupEventType.COMPLETED:
            return "completed_same" if changes == "" else "completed"
        case BackupEventType.RESTORED if not safety:
            return "restored_nothing"
        case BackupEventType.RESTORED:
            return "restored" if data.get("proven") else "restored_unverified"
        case BackupEventType.RESTORE_FAILED:
            return "not_restored" if safety is None else "restore_failed"
        case _:
            return event.value


def _changes(data: Mapping[str, Any], words: Words) -> str | None:
    """Return what changed; of an older release's event in the words that it has."""
    if not isinstance(found := data.get("headline"), Sequence):
        changes: str | None = data.get("changes")
        return changes
    return words.numbers(
        Amount(
            subject=Subject(each["subject"]), how=ChangeKind(each["change"]), number=each["count"]
        )
        for each in found
    )
