"""A move of the backups in the middle of which Home Assistant ended."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError

from .const import LOGGER
from .engine import moving
from .engine.errors import CheckpointError, HomeAssistantBackupRunning
from .engine.unexpected import unexpected_told
from .engine.waiting import in_thread
from .errors import translation
from .memory import Memory
from .options import SECTION_STORAGE, read_options, storage_values
from .quiet import async_quiet_time


async def async_settle_move(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Complete it or take it back, so that the options say where the backups are."""
    memory = Memory(hass, entry.entry_id)
    await memory.load()
    source, target = read_options(hass, entry).store, memory.moving_to
    if target is None or memory.mark is None:
        return
    if target == source:
        if hass.state is not CoreState.running:  # so that is what the disk says
            memory.moving_to = None
            await memory.save()
        return
    quiet = async_quiet_time(hass)
    if quiet.is_now:
        raise ConfigEntryNotReady(**translation(HomeAssistantBackupRunning()))
    try:
        with unexpected_told(passing=(HomeAssistantError,)):
            settling = in_thread(moving.settle, source, target, memory.mark)
            is_there = await quiet.outside(entry.title, settling)
    except CheckpointError as error:
        raise ConfigEntryNotReady(**translation(error)) from error
    if is_there:
        LOGGER.warning("%s: the backups lie in %s; their move is complete now", entry.title, target)
        storage = storage_values(hass, entry, target.parent)
        hass.config_entries.async_update_entry(
            entry, options={**entry.options, SECTION_STORAGE: storage}
        )
    else:
        memory.moving_to = None
        await memory.save()
