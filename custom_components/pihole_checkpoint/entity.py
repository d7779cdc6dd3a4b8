"""What all entities have in common."""

from typing import override

from homeassistant.core import callback
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
        self._written: tuple[object] | None = None

    @property
    @override
    def available(self) -> bool:
        """Always: what is not known while the folder is away is unknown, and the rest is shown."""
        return True

    @property
    def shown(self) -> object:
        """The state and the attributes, which the data determines."""
        return None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state when what this entity shows has changed."""
        now = (self.shown,)
        if now != self._written:
            self._written = now
            super()._handle_coordinator_update()
