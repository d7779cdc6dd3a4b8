"""The name of a Pi-hole that is being added."""

from collections.abc import Iterator
from itertools import count
import re
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN

_USUAL: Final = "Pi-hole"
_HOST_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,62}")
_SAYS_NOTHING: Final = re.compile(r"[0-9a-f]{12}|localhost(\..*)?")
"""What Docker calls a container by itself, and what a host without a name is called."""


@callback
def async_free_name(hass: HomeAssistant, host_name: str | None) -> str:
    """Return a name that no device has: the usual one, or else the one of the Pi-hole's host."""
    registry = dr.async_get(hass)
    taken = {entry.title for entry in hass.config_entries.async_entries(DOMAIN)}
    for entry in hass.config_entries.async_entries():
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
            taken.add(device.name_by_user or device.name or "")
    folded = {name.casefold() for name in taken}
    return next(name for name in _names(host_name) if name.casefold() not in folded)


def _names(host_name: str | None) -> Iterator[str]:
    yield _USUAL
    if host_name and _HOST_NAME.fullmatch(host_name) and not _SAYS_NOTHING.fullmatch(host_name):
        yield host_name
    for number in count(2):
        yield f"{_USUAL} {number}"
