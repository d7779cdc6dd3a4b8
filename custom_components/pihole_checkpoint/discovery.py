"""What Home Assistant knows already of Pi-holes in this network."""

import socket

from yarl import URL

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    CONF_HOST,
    CONF_LOCATION,
    CONF_MAC,
    CONF_SSL,
    CONF_URL,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.util.network import is_ip_address

from .connection import async_lend_client
from .const import DOMAIN
from .engine.address import parse_address
from .engine.errors import CheckpointError

# Not imported from there: that would load it, and what it needs, for those who do not use it.
_PI_HOLE_DOMAIN = "pi_hole"


@callback
def async_addresses_on_offer(hass: HomeAssistant) -> list[str]:
    """List the Pi-holes of Home Assistant's own integration that are not set up here yet."""
    known = {entry.data[CONF_URL] for entry in _entries(hass)}
    found: list[str] = []
    for entry in hass.config_entries.async_entries(_PI_HOLE_DOMAIN, include_ignore=False):
        scheme = "https" if entry.data.get(CONF_SSL) else "http"
        typed = f"{scheme}://{entry.data.get(CONF_HOST)}/{entry.data.get(CONF_LOCATION, '')}"
        try:
            url = str(parse_address(typed))
        except CheckpointError:
            continue
        if url not in known | set(found):
            found.append(url)
    return found


async def async_recognise(hass: HomeAssistant, found: DhcpServiceInfo) -> bool:
    """Tell whether a host in the network is one whose Pi-hole is set up.

    If so, its hardware address is remembered, and its Pi-holes are followed to where it is now.
    """
    mac = format_mac(found.macaddress)
    known = [
        entry
        for entry in _entries(hass)
        if entry.data.get(CONF_MAC) == mac or await _is_at(hass, _host(entry), found)
    ]
    for entry in known:
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_MAC: mac})
        if await _has_moved(hass, entry, found.ip):
            url = URL(entry.data[CONF_URL]).with_host(found.ip)
            hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_URL: str(url)})
            hass.config_entries.async_schedule_reload(entry.entry_id)
    return bool(known)


async def _is_at(hass: HomeAssistant, host: str, found: DhcpServiceInfo) -> bool:
    if is_ip_address(host):
        return host == found.ip
    if host.partition(".")[0] == found.hostname.partition(".")[0]:
        return True
    try:
        leads_to = await hass.loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(address[0] == found.ip for *_, address in leads_to)


async def _has_moved(hass: HomeAssistant, entry: ConfigEntry, ip: str) -> bool:
    """Tell whether a Pi-hole is at this IP address now, and no longer at its own.

    One hardware address can have several IP addresses, as that of a host whose containers share
    it does. So what still answers where it was has not moved, and a name moves by itself.
    """
    url = URL(entry.data[CONF_URL])
    new = url.with_host(ip)
    if not is_ip_address(_host(entry)) or any(
        other.data[CONF_URL] == str(new) for other in _entries(hass)
    ):
        return False
    return not await _answers(hass, entry, url) and await _answers(hass, entry, new)


async def _answers(hass: HomeAssistant, entry: ConfigEntry, url: URL) -> bool:
    verify_ssl = entry.data[CONF_VERIFY_SSL]
    try:
        await async_lend_client(hass, url=url, verify_ssl=verify_ssl).probe()
    except CheckpointError:
        return False
    return True


def _entries(hass: HomeAssistant) -> list[ConfigEntry]:
    return hass.config_entries.async_entries(DOMAIN, include_ignore=False)


def _host(entry: ConfigEntry) -> str:
    return URL(entry.data[CONF_URL]).host or ""
