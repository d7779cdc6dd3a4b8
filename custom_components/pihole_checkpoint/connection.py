"""Clients for Pi-holes, over connections of Home Assistant."""

from functools import partial

import aiohttp
from yarl import URL

from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .engine.pihole import limits
from .engine.pihole.client import PiholeClient
from .engine.pihole.closing import Closing

_DATA_SESSIONS: HassKey[dict[bool, aiohttp.ClientSession]] = HassKey(f"{DOMAIN}_sessions")
"""The sessions, by whether they verify certificates."""
_DATA_CLOSING: HassKey[Closing] = HassKey(f"{DOMAIN}_closing")
"""For sessions on Pi-holes that lent clients could not close."""


@callback
def async_create_client(
    hass: HomeAssistant, *, url: URL, verify_ssl: bool, password: str
) -> PiholeClient:
    """Return a client for an entry that is being set up; its connections end with the entry."""
    return PiholeClient(_async_create_session(hass, verify_ssl=verify_ssl), url, password)


@callback
def async_lend_client(
    hass: HomeAssistant, *, url: URL, verify_ssl: bool, password: str = ""
) -> PiholeClient:
    """Return a client for a few requests; its session is shared and ends with Home Assistant."""
    if (closing := hass.data.get(_DATA_CLOSING)) is None:
        closing = hass.data[_DATA_CLOSING] = Closing()
        end = partial(closing.end, limits.TIMINGS.logout_total)
        hass.async_add_shutdown_job(HassJob(end, f"{DOMAIN} close sessions"))
    sessions = hass.data.setdefault(_DATA_SESSIONS, {})
    http = sessions.get(verify_ssl)
    if http is None or http.closed:
        http = sessions[verify_ssl] = _async_create_session(hass, verify_ssl=verify_ssl)
    return PiholeClient(http, url, password, closing=closing)


def _async_create_session(hass: HomeAssistant, *, verify_ssl: bool) -> aiohttp.ClientSession:
    return async_create_clientsession(
        hass, verify_ssl=verify_ssl, cookie_jar=aiohttp.DummyCookieJar()
    )
