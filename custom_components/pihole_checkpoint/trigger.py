"""Triggers for automations: one for each thing around backups that people want to hear of."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Final, cast, override

import voluptuous as vol

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, Event, EventOrigin, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import Trigger, TriggerActionRunner, TriggerConfig
from homeassistant.helpers.typing import ConfigType

from .const import EVENT_BACKUP
from .data import BackupEventType
from .engine.models import BackupTrigger
from .targets import async_targeted_entries

_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_TARGET): cv.TARGET_FIELDS,
        vol.Optional(CONF_OPTIONS, default=dict): {},
    }
)


class _EventTrigger(Trigger):
    """Fires at some of the events on the bus, with their data as variables."""

    _types: ClassVar[AbstractSet[str]]
    """The events at which it fires."""
    _description: ClassVar[str]
    """What happened to a Pi-hole, in English, as in all of Home Assistant's traces."""

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return cast("ConfigType", _SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        super().__init__(hass, config)
        self._target = config.target

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: object = None,  # which Home Assistant 2026.5 does not pass
    ) -> CALLBACK_TYPE:
        @callback
        def handle(event: Event) -> None:
            # Users can send events, through the app or Home Assistant's API: these are remote.
            if event.origin is not EventOrigin.local:
                return
            data = event.data
            if self._fits(data) and (name := self._targeted_name(data)) is not None:
                _ = run_action({**data}, self._description.format(name=name), event.context)

        return self._hass.bus.async_listen(EVENT_BACKUP, handle)

    def _fits(self, data: Mapping[str, Any]) -> bool:
        """Return whether this is what the trigger waits for; an event may lack any field."""
        return str(data.get("type")) in self._types

    def _targeted_name(self, data: Mapping[str, Any]) -> str | None:
        """Return the name of the Pi-hole that the event is about, if it is targeted."""
        targeted = async_targeted_entries(self._hass, self._target)
        is_targeted = any(entry.entry_id == data.get("config_entry_id") for entry in targeted)
        return data.get("name") if is_targeted else None


class BackupCompleted(_EventTrigger):
    """Fires when a backup of the Pi-hole was stored, or has found that nothing changed."""

    _types = frozenset({BackupEventType.COMPLETED, BackupEventType.UNCHANGED})
    _description = "backup of {name} completed"

    @override
    def _fits(self, data: Mapping[str, Any]) -> bool:
        return super()._fits(data) and data.get("trigger") not in (None, BackupTrigger.ADOPTED)


class BackupFailed(_EventTrigger):
    """Fires when a backup failed."""

    _types = frozenset({BackupEventType.FAILED})
    _description = "backup of {name} failed"


class ConfigurationChanged(_EventTrigger):
    """Fires when a backup of the Pi-hole found another configuration than the one before."""

    _types = frozenset({BackupEventType.COMPLETED})
    _description = "configuration of {name} changed"

    @override
    def _fits(self, data: Mapping[str, Any]) -> bool:
        return super()._fits(data) and bool(data.get("sentences"))


class BackupOverdue(_EventTrigger):
    """Fires when a scheduled backup has been missing for some minutes."""

    _types = frozenset({BackupEventType.OVERDUE})
    _description = "backup of {name} overdue"


class ArchiveDamaged(_EventTrigger):
    """Fires when a stored archive is found damaged."""

    _types = frozenset({BackupEventType.DAMAGED})
    _description = "archive of {name} damaged"


class RestoreFinished(_EventTrigger):
    """Fires when a restore has ended, well or not."""

    _types = frozenset({BackupEventType.RESTORED, BackupEventType.RESTORE_FAILED})
    _description = "restore of {name} finished"


_TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "backup_completed": BackupCompleted,
    "backup_failed": BackupFailed,
    "configuration_changed": ConfigurationChanged,
    "backup_overdue": BackupOverdue,
    "archive_damaged": ArchiveDamaged,
    "restore_finished": RestoreFinished,
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of this integration."""
    return _TRIGGERS
