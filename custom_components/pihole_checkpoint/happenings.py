"""What happens to backups, told once each: to the event entity, and to whoever listens."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send

from .const import DOMAIN
from .engine.models import BackupRecord
from .engine.repository.index import Index
from .engine.wording import headline


class BackupEventType(StrEnum):
    """What happened. The values are the types of the event entity."""

    COMPLETED = "completed"
    UNCHANGED = "unchanged"
    """A backup that came by itself found nothing changed, and confirmed the newest one."""
    FAILED = "failed"
    RESTORED = "restored"
    RESTORE_FAILED = "restore_failed"
    DELETED = "deleted"
    DAMAGED = "damaged"


EVENT: Final = f"{DOMAIN}_backup"
"""On Home Assistant's bus."""


def signal(entry_id: str) -> str:
    """Name the dispatcher's signal for one Pi-hole."""
    return f"{DOMAIN}_{entry_id}_happening"


type Attributes = dict[str, str | float | list[str] | None]


def about(record: BackupRecord) -> Attributes:
    """Tell what is told of a backup."""
    return {
        "backup_id": record.id,
        "filename": record.filename,
        "file_size": record.file_size,
        "trigger": record.trigger.value,
        "duration": record.duration,
        "changes": None if record.changes is None else headline(record.changes),
    }


@callback
def async_tell(
    hass: HomeAssistant, entry: ConfigEntry, happening: BackupEventType, attributes: Attributes
) -> None:
    """Tell it to the event entity, and to the logbook and whoever else listens on the bus."""
    async_dispatcher_send(hass, signal(entry.entry_id), happening, attributes)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    hass.bus.async_fire(
        EVENT,
        {
            "type": happening.value,
            "config_entry_id": entry.entry_id,
            "device_id": devices[0].id if devices else None,
            "name": entry.title,
            **attributes,
        },
    )


def newly_bad(known: Index, now: Index) -> Sequence[BackupRecord]:
    """Give those that are no longer good, of backups that were known to be."""
    bad = {it.id: it for it in now.bad}
    return [bad[it.id] for it in known.good if it.id in bad] if bad else ()


def gone(known: Index, now: Index) -> Sequence[BackupRecord]:
    """Give those that are no longer there."""
    if now is known:
        return ()
    there = {it.id for it in now.records}
    return [it for it in known.records if it.id not in there]
