"""Pi-hole Checkpoint: verified backups of Pi-hole v6."""

from homeassistant.const import Platform
from homeassistant.core import HassJob, HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .address_change import async_forget_offers
from .card import async_setup_card
from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry, PiholeCheckpointCoordinator
from .engine.errors import HomeAssistantBackupRunning
from .exceptions import translation
from .freeze import async_get_freeze
from .http import async_setup_http
from .llm import async_setup_llm
from .manager.storage import PersistentState, async_settle_move
from .migration import async_forget_upgrade, async_upgrade
from .repairs import async_forget, async_report_unusable, async_watch
from .services import async_setup_services
from .websocket_api import async_setup_websocket_api
from .wording import async_setup_words

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.BINARY_SENSOR, Platform.BUTTON, Platform.EVENT, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register what exists once for all Pi-holes."""
    await async_setup_words(hass)
    async_setup_services(hass)
    async_setup_http(hass)
    async_setup_websocket_api(hass)
    async_setup_llm(hass)
    await async_setup_card(hass)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> bool:
    """Bring an entry up to date. Older releases can still read it, so its version stays 1."""
    async_upgrade(hass, entry)
    return entry.version == 1


async def async_setup_entry(hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> bool:
    """Set up one Pi-hole. It may be away: its backups are here."""
    if async_get_freeze(hass).gate.is_closed:
        raise ConfigEntryNotReady(**translation(HomeAssistantBackupRunning()))
    try:
        await async_settle_move(hass, entry)
    except ConfigEntryNotReady as error:
        async_report_unusable(hass, entry, error)
        raise
    coordinator = PiholeCheckpointCoordinator(hass, entry)
    await coordinator.async_first_look()
    entry.runtime_data = coordinator
    # A shutdown job runs early enough that there is still time for a logout.
    entry.async_on_unload(
        hass.async_add_shutdown_job(HassJob(coordinator.manager.async_stop, f"{DOMAIN} stop"))
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_watch(hass, entry)
    coordinator.start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> bool:
    """Unload one Pi-hole. Its archives stay, also when its entry is removed."""
    # First, because Home Assistant takes the connections away before it ends our tasks.
    await entry.runtime_data.manager.async_stop()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> None:
    """Forget what was remembered beside the backups, which stay."""
    async_forget(hass, entry.entry_id)
    async_forget_offers(hass, entry.entry_id)
    async_forget_upgrade(hass, entry.entry_id)
    await PersistentState(hass, entry.entry_id).remove()
