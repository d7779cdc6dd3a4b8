"""What is stored, in figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PiholeCheckpointConfigEntry, PiholeSnapshot
from .entity import PiholeCheckpointEntity

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CheckpointSensorDescription(SensorEntityDescription):
    """A sensor, and where its value is found."""

    value_fn: Callable[[PiholeSnapshot], datetime | int | None]


SENSORS = (
    CheckpointSensorDescription(
        key="last_backup",
        translation_key="last_backup",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda snapshot: snapshot.newest.created_at if snapshot.newest else None,
    ),
    CheckpointSensorDescription(
        key="backup_count",
        translation_key="backup_count",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: len(snapshot.good),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of one Pi-hole."""
    async_add_entities(CheckpointSensor(entry.runtime_data, description) for description in SENSORS)


class CheckpointSensor(PiholeCheckpointEntity, SensorEntity):
    """One figure about the stored backups."""

    entity_description: CheckpointSensorDescription

    @property
    @override
    def native_value(self) -> datetime | int | None:
        return self.entity_description.value_fn(self.coordinator.data)
