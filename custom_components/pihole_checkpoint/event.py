"""What happens to backups, once each."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PiholeCheckpointConfigEntry
from .entity import PiholeCheckpointEntity
from .happenings import Attributes, BackupEventType, signal

PARALLEL_UPDATES = 0

BACKUP = EventEntityDescription(
    key="backup",
    translation_key="backup",
    event_types=[happening.value for happening in BackupEventType],
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of one Pi-hole."""
    async_add_entities([BackupEvent(entry.runtime_data, BACKUP)])


class BackupEvent(PiholeCheckpointEntity, EventEntity):
    """Fires when something happens, and not when it is merely looked at again."""

    @property
    @override
    def available(self) -> bool:
        """Stay: what happened stays true when the folder cannot be looked at."""
        return True

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, signal(self.coordinator.config_entry.entry_id), self._happened
            )
        )

    @callback
    def _happened(self, happening: BackupEventType, attributes: Attributes) -> None:
        self._trigger_event(happening.value, attributes)
        self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Do nothing: a look at the store is no happening."""
