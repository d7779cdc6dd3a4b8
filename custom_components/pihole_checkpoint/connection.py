"""How a Pi-hole is reached from Home Assistant."""

import aiohttp
from yarl import URL

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession

from .engine.client import PiholeClient


@callback
def async_create_client(
    hass: HomeAssistant, *, url: URL, verify_ssl: bool, password: str
) -> PiholeClient:
    """Make a client whose connections Home Assistant looks after."""
    http = async_create_clientsession(
        hass, verify_ssl=verify_ssl, cookie_jar=aiohttp.DummyCookieJar()
    )
    return PiholeClient(http, url, password)
