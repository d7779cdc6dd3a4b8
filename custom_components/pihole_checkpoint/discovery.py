"""Pi-holes in this network that Home Assistant knows already."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
import socket

from yarl import URL

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    CONF_API_KEY,
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

from .address_change import async_note_sighting, parse_ip
from .const import DOMAIN
from .engine.pihole.address import parse_address
from .engine.pihole.errors import CheckpointError

# Not imported from there: that would load it, and what it needs, for those who do not use it.
_PI_HOLE_DOMAIN = "pi_hole"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPihole:
    """A Pi-hole of Home Assistant's own integration."""

    url: str
    verify_ssl: bool
    password: str = field(repr=False)
    """An app password or the main one; empty if there is none."""


@callback
def async_piholes_on_offer(hass: HomeAssistant) -> list[KnownPihole]:
    """List the Pi-holes of Home Assistant's own integration that are not set up here yet."""
    set_up = {entry.data[CONF_URL] for entry in _entries(hass)}
    found: dict[str, KnownPihole] = {}
    for pihole in _known(hass):
        found.setdefault(pihole.url, pihole)
    return [pihole for url, pihole in found.items() if url not in set_up]


@callback
def async_known_password(hass: HomeAssistant, url: URL) -> str:
    """Return the password that Home Assistant's own integration has for exactly this address."""
    passwords = (pihole.password for pihole in _known(hass) if pihole.url == str(url))
    return next(filter(None, passwords), "")


def _known(hass: HomeAssistant) -> Iterator[KnownPihole]:
    for entry in hass.config_entries.async_entries(_PI_HOLE_DOMAIN, include_ignore=False):
        scheme = "https" if entry.data.get(CONF_SSL) else "http"
        typed = f"{scheme}://{entry.data.get(CONF_HOST)}/{entry.data.get(CONF_LOCATION, '')}"
        try:
            url = str(parse_address(typed))
        except CheckpointError:
            continue
        yield KnownPihole(
            url=url,
            verify_ssl=bool(entry.data.get(CONF_VERIFY_SSL, True)),
            password=str(entry.data.get(CONF_API_KEY) or ""),
        )


async def async_recognise(hass: HomeAssistant, found: DhcpServiceInfo) -> bool:
    """Check whether the Pi-hole of a host in the network is set up, and whether it has moved.

    A hardware address is learned once, and never replaced because of an IP address or a name:
    any device in the network can claim those. Nor does a sighting change where a Pi-hole is
    asked: see `new_address`.
    """
    mac = format_mac(found.macaddress)
    is_known = False
    for entry in _entries(hass):
        if _mac(entry) == mac:
            is_known = True
            await async_note_sighting(hass, entry, found.ip)
        elif await _is_at(hass, _host(entry), found):
            is_known = True
            _learn(hass, entry, mac)
    return is_known


@callback
def _learn(hass: HomeAssistant, entry: ConfigEntry, mac: str) -> None:
    """Remember a hardware address, unless one is known or the entry was removed meanwhile."""
    if _mac(entry) is None and entry in _entries(hass):
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_MAC: mac})


async def _is_at(hass: HomeAssistant, host: str, found: DhcpServiceInfo) -> bool:
    if is_ip_address(host):
        return ip_address(host) == parse_ip(found.ip)
    if host.partition(".")[0] == found.hostname.partition(".")[0]:
        return True
    try:
        leads_to = await hass.loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(address[0] == found.ip for *_, address in leads_to)


def _entries(hass: HomeAssistant) -> list[ConfigEntry]:
    return hass.config_entries.async_entries(DOMAIN, include_ignore=False)


def _host(entry: ConfigEntry) -> str:
    return URL(entry.data[CONF_URL]).host or ""


def _mac(entry: ConfigEntry) -> str | None:
    """Return the hardware address of a Pi-hole's host, if it is known.

    The unique ID is the one with which a discovered Pi-hole was added.
    """
    mac: str | None = entry.data.get(CONF_MAC, entry.unique_id)
    return mac
