"""The binary sensors of one Pi-hole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PiholeCheckpointConfigEntry
from .data import CheckpointData
from .entity import PiholeCheckpointEntity

PARALLEL_UPDATES = 0

type _Attributes = Mapping[str, bool | int]


@dataclass(frozen=True, kw_only=True)
class CheckpointBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor, and how its state and attributes are read from the data."""

    is_on_fn: Callable[[CheckpointData], bool]
    attributes_fn: Callable[[CheckpointData], _Attributes | None] = lambda _: None


BINARY_SENSORS = (
    CheckpointBinarySensorDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        is_on_fn=lambda snapshot: snapshot.has_problem,
        attributes_fn=lambda snapshot: {
            "failed": snapshot.has_failed,
            "overdue": snapshot.overdue,
            "damaged": snapshot.damaged,
            "folder": snapshot.storage_error is not None,
        },
    ),
    CheckpointBinarySensorDescription(
        key="running",
        translation_key="running",
        device_class=BinarySensorDeviceClass.RUNNING,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        is_on_fn=lambda snapshot: snapshot.is_running,
    ),
    CheckpointBinarySensorDescription(
        key="reachable",
        translation_key="reachable",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda snapshot: snapshot.reachable,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of one Pi-hole."""
    async_add_entities(
        CheckpointBinarySensor(entry.runtime_data, description) for description in BINARY_SENSORS
    )


class CheckpointBinarySensor(PiholeCheckpointEntity, BinarySensorEntity):
    """A binary sensor of one Pi-hole."""

    entity_description: CheckpointBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool:
        return self.entity_description.is_on_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> _Attributes | None:
        return self.entity_description.attributes_fn(self.coordinator.data)

    @property
    @override
    def shown(self) -> object:
        return self.is_on, self.extra_state_attributes
