"""Lines for Settings, System, Repairs, System information."""

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry


@callback
def async_register(_hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the lines."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, int]:
    entries: list[PiholeCheckpointConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    snapshots = [entry.runtime_data.data for entry in entries]
    return {
        "piholes": len(snapshots),
        "reachable": sum(snapshot.reachable for snapshot in snapshots),
        "backups": sum(len(snapshot.good) for snapshot in snapshots),
        "problems": sum(snapshot.has_problem for snapshot in snapshots),
    }
