"""The event entity: what happens to backups, once each."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import signal_event
from .coordinator import PiholeCheckpointConfigEntry
from .data import BackupEvent, BackupEventType
from .entity import PiholeCheckpointEntity

PARALLEL_UPDATES = 0

BACKUP = EventEntityDescription(
    key="backup",
    translation_key="backup",
    event_types=[event_type.value for event_type in BackupEventType],
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event of one Pi-hole."""
    async_add_entities([BackupEventEntity(entry.runtime_data, BACKUP)])


class BackupEventEntity(PiholeCheckpointEntity, EventEntity):
    """Fires when something happens to a backup."""

    @property
    @override
    def available(self) -> bool:
        """Whether it is available: always, as what happened stays true without the folder."""
        return True

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, signal_event(self.coordinator.config_entry.entry_id), self._handle_event
            )
        )

    @callback
    def _handle_event(self, event: BackupEvent) -> None:
        self._trigger_event(event.type.value, event.data)
        self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Do nothing: an update of the data is no event."""
