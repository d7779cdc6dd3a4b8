"""The sensors of one Pi-hole."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PiholeCheckpointConfigEntry
from .data import CheckpointData, Result
from .differences import DifferencesSensor
from .engine.models import Stage
from .entity import PiholeCheckpointEntity
from .wording import Words, async_get_words

PARALLEL_UPDATES = 0

_IDLE = "idle"

type _Value = datetime | int | str | None
type _Attributes = Mapping[str, str | int | list[str] | None]


def _about_attempt(snapshot: CheckpointData, words: Words) -> _Attributes:
    if (attempt := snapshot.attempt) is None:
        return {}
    return {
        "at": attempt.at.isoformat(),
        "trigger": attempt.trigger.value,
        "reason": attempt.reason,
        "message": words.attempt(attempt),
    }


def _about_backup(snapshot: CheckpointData, _words: Words) -> _Attributes:
    current, last = snapshot.current, snapshot.last_backup
    if current is None or last is None:
        return {}
    return {
        "backup_id": current.id,
        "stored_at": current.created_at.isoformat(),
        "confirmed_at": last.isoformat() if last > current.created_at else None,
        **({} if current.counts is None else asdict(current.counts)),
    }


def _about_change(snapshot: CheckpointData, words: Words) -> _Attributes:
    change = snapshot.last_change
    return {"summary": words.last_change(change)} if change else {}


@dataclass(frozen=True, kw_only=True)
class CheckpointSensorDescription(SensorEntityDescription):
    """A sensor, and how its value is read from the data."""

    value_fn: Callable[[CheckpointData], _Value]
    of_backups: bool = False
    """Whether it is unknown while the backups are."""
    attributes_fn: Callable[[CheckpointData, Words], _Attributes | None] = lambda _data, _words: (
        None
    )


SENSORS = (
    CheckpointSensorDescription(
        key="last_backup",
        translation_key="last_backup",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda snapshot: snapshot.last_backup,
        of_backups=True,
        attributes_fn=_about_backup,
    ),
    CheckpointSensorDescription(
        key="last_change",
        translation_key="last_change",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda snapshot: snapshot.last_change.at if snapshot.last_change else None,
        of_backups=True,
        attributes_fn=_about_change,
    ),
    CheckpointSensorDescription(
        key="backup_count",
        translation_key="backup_count",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: len(snapshot.good),
        attributes_fn=lambda snapshot, _: {"damaged": snapshot.damaged},
        of_backups=True,
    ),
    CheckpointSensorDescription(
        key="next_backup",
        translation_key="next_backup",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda snapshot: snapshot.next_run,
    ),
    CheckpointSensorDescription(
        key="last_attempt",
        translation_key="last_attempt",
        device_class=SensorDeviceClass.ENUM,
        options=[result.value for result in Result],
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: snapshot.attempt.result if snapshot.attempt else None,
        attributes_fn=_about_attempt,
    ),
    CheckpointSensorDescription(
        key="activity",
        translation_key="activity",
        device_class=SensorDeviceClass.ENUM,
        options=[_IDLE, *(stage.value for stage in Stage)],
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        # Only of restores: a backup is so short that its stages would only fill the logbook.
        value_fn=lambda snapshot: (snapshot.restoring and snapshot.stage) or _IDLE,
        attributes_fn=lambda snapshot, _: (
            {"progress": snapshot.progress} if snapshot.restoring and snapshot.stage else None
        ),
    ),
    CheckpointSensorDescription(
        key="storage_used",
        translation_key="storage_used",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.KILOBYTES,
        suggested_display_precision=0,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: snapshot.index.size,
        of_backups=True,
    ),
    CheckpointSensorDescription(
        key="last_backup_size",
        translation_key="last_backup_size",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.KILOBYTES,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: snapshot.current.file_size if snapshot.current else None,
        of_backups=True,
    ),
    CheckpointSensorDescription(
        key="oldest_backup",
        translation_key="oldest_backup",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: snapshot.good[-1].created_at if snapshot.good else None,
        of_backups=True,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of one Pi-hole."""
    async_add_entities(CheckpointSensor(entry.runtime_data, description) for description in SENSORS)
    async_add_entities([DifferencesSensor(entry.runtime_data)])


class CheckpointSensor(PiholeCheckpointEntity, SensorEntity):
    """A sensor of one Pi-hole."""

    entity_description: CheckpointSensorDescription

    @property
    @override
    def native_value(self) -> _Value:
        return self.entity_description.value_fn(self.coordinator.data) if self._is_known else None

    @property
    @override
    def extra_state_attributes(self) -> _Attributes | None:
        if not self._is_known:
            return None
        words = async_get_words(self.hass)
        return self.entity_description.attributes_fn(self.coordinator.data, words)

    @property
    def _is_known(self) -> bool:
        return self.coordinator.data.is_known or not self.entity_description.of_backups

    @property
    @override
    def shown(self) -> object:
        return self.native_value, self.extra_state_attributes
