"""The card for dashboards: served from here, and loaded by every page of the frontend."""

import hashlib
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import DOMAIN as FRONTEND
from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant

from .const import DOMAIN

_FOLDER: Final = Path(__file__).parent / "frontend"


async def async_setup_card(hass: HomeAssistant) -> None:
    """Serve the card's files, and have them loaded where there is a frontend."""
    # Browsers cache them for a month, so changed files get another address.
    version = await hass.async_add_executor_job(_version)
    base = f"/{DOMAIN}_static/{version}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(base, str(_FOLDER), cache_headers=True)]
    )
    if FRONTEND in hass.config.components:
        add_extra_js_url(hass, f"{base}/loader.js")


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(_FOLDER.glob("*.js")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
