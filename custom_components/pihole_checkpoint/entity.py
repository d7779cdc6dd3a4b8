"""What all entities have in common."""

from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import PiholeCheckpointCoordinator


class PiholeCheckpointEntity(CoordinatorEntity[PiholeCheckpointCoordinator]):
    """An entity of one Pi-hole."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: PiholeCheckpointCoordinator, description: EntityDescription
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_unique_id = f"{coordinator.config_entry.entry_id}_{description.key}"
        self._attr_device_info = coordinator.device_info
