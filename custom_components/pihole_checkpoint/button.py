"""The button that backs up now."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PiholeCheckpointConfigEntry
from .engine.models import BackupTrigger
from .entity import PiholeCheckpointEntity

PARALLEL_UPDATES = 0  # a second press shares the first one's backup

BACKUP_NOW = ButtonEntityDescription(key="backup_now", translation_key="backup_now")


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button of one Pi-hole."""
    async_add_entities([BackupNowButton(entry.runtime_data, BACKUP_NOW)])


class BackupNowButton(PiholeCheckpointEntity, ButtonEntity):
    """Backs up when pressed; the press ends when the backup is stored, or says why it is not."""

    @property
    @override
    def available(self) -> bool:
        """Whether it can be pressed: always, as pressing shows what is wrong."""
        return True

    @override
    async def async_press(self) -> None:
        await self.coordinator.manager.async_back_up(BackupTrigger.BUTTON)
