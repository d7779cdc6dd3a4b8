"""Bring the entry of an older release up to date."""

import re

from yarl import URL

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_MAC, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_FOLDER, DOMAIN
from .engine.pihole.address import folder_name

ISSUE = "address_followed"
_MINOR_VERSION = 2
_IPV4 = re.compile(r"\d+\.\d+\.\d+\.\d+", re.ASCII)


@callback
def async_upgrade(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Drop the hardware address that 0.1.0 remembered, and have a changed address checked.

    Any device in the network could replace the hardware address, and after that the IP address.
    The hardware address is learned again; the IP address only the user can judge.
    """
    if entry.minor_version >= _MINOR_VERSION:
        return
    if (old := _address_before(entry)) is not None:
        ir.async_create_issue(
            hass,
            DOMAIN,
            _issue_id(entry.entry_id),
            is_fixable=True,
            is_persistent=True,  # it is found only once
            severity=ir.IssueSeverity.WARNING,
            translation_key=ISSUE,
            translation_placeholders={
                "name": entry.title,
                "old": str(old),
                "new": entry.data[CONF_URL],
            },
        )
    data = {key: value for key, value in entry.data.items() if key != CONF_MAC}
    hass.config_entries.async_update_entry(entry, data=data, minor_version=_MINOR_VERSION)


@callback
def async_forget_upgrade(hass: HomeAssistant, entry_id: str) -> None:
    """Ask no more about the address of a Pi-hole that has another one now, or is removed."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry_id))


def _address_before(entry: ConfigEntry) -> URL | None:
    """Return the address with which an entry was added, if 0.1.0 may have changed it.

    The folder is named after it, with a number if that name was taken. What 0.1.0 changed was only
    the IP address, and only of a Pi-hole whose hardware address it knew.
    """
    url, folder = URL(entry.data[CONF_URL]), str(entry.data[CONF_FOLDER])
    host, before = _IPV4.fullmatch(url.host or ""), _IPV4.match(folder)
    if host is None or before is None or host[0] == before[0] or CONF_MAC not in entry.data:
        return None
    rest = folder_name(url).removeprefix(host[0])
    is_alike = re.fullmatch(rf"{re.escape(rest)}(_\d+)?", folder.removeprefix(before[0]), re.ASCII)
    return url.with_host(before[0]) if is_alike else None


def _issue_id(entry_id: str) -> str:
    return f"{ISSUE}_{entry_id}"
