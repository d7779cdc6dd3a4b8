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

_NO_EVENT = {BackupEventType.OVERDUE}
"""What is fired only on the bus. *Problem* shows it, and the blueprint of 0.1.0 looks at both."""

BACKUP = EventEntityDescription(
    key="backup",
    translation_key="backup",
    event_types=[event.value for event in BackupEventType if event not in _NO_EVENT],
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

    _unrecorded_attributes = frozenset({"sentences"})
    """*Last change* has them, too."""

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
        if event.type not in _NO_EVENT:
            self._trigger_event(event.type.value, event.data)
            self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Do nothing: an update of the data is no event."""
