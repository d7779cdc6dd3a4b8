"""Choosing a file in a browser."""

from pathlib import Path

import aiohttp
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.setup import async_setup_component
from tests.support.home import Home


async def choose(home: Home, hass_client: ClientSessionGenerator, data: bytes, name: str) -> str:
    """Choose a file in the browser, and give the id that Home Assistant knows it by."""
    assert await async_setup_component(home.hass, "file_upload", {})
    form = aiohttp.FormData()
    form.add_field("file", data, filename=name, content_type="application/zip")
    response = await (await hass_client()).post("/api/file_upload", data=form)
    assert response.status == 200
    return str((await response.json())["file_id"])


class Opened:
    """An uploaded file, for as long as it is looked at."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *_: object) -> None: ...
