"""The Pi-holes that the target of a trigger or a condition stands for."""

from typing import cast

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry


@callback
def async_targeted_entries(
    hass: HomeAssistant, target: ConfigType | None
) -> list[PiholeCheckpointConfigEntry]:
    """Return the entries of the Pi-holes that are targeted: all when nothing is chosen.

    An entity stands for its Pi-hole. What is not there, or is of another integration, stands for
    no Pi-hole, as in the targets of Home Assistant's own triggers.
    """
    entries = cast("list[PiholeCheckpointConfigEntry]", hass.config_entries.async_entries(DOMAIN))
    selection = TargetSelection(target or {})
    if not selection.has_any_target:
        return entries
    selected = async_extract_referenced_entity_ids(hass, selection, expand_group=False)
    found = selected.referenced_devices | selected.referenced | selected.indirectly_referenced
    return [entry for entry in entries if _ids_of(hass, entry.entry_id) & found]


def _ids_of(hass: HomeAssistant, entry_id: str) -> set[str]:
    """Return the IDs of a Pi-hole's device and entities; no device's ID is like an entity's."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry_id)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry_id)
    return {device.id for device in devices} | {entity.entity_id for entity in entities}
