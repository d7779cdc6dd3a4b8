"""The integration's own icon and logo: as Home Assistant wants them, and serves them."""

from http import HTTPStatus
from pathlib import Path
import struct

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant.components.brands.const import ALLOWED_IMAGES
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

BRAND = Path(__file__).parents[2] / "custom_components/pihole_checkpoint/brand"
ICON = (256, 256)
SHORTEST_SIDE_OF_A_LOGO = (128, 256)
RGBA = 6


def header(path: Path) -> tuple[int, int, int]:
    """Read a PNG's width, height and kind of colours."""
    signature, _, width, height, _, colours = struct.unpack_from(">8s8sIIBB", path.read_bytes())
    assert signature == b"\x89PNG\r\n\x1a\n"
    return width, height, colours


def size_for_a_usual_screen(name: str) -> tuple[int, int]:
    """Give a picture's size; of one for a dense screen, half of it."""
    width, height, colours = header(BRAND / name)
    assert colours == RGBA, "the background is transparent"
    density = 2 if "@2x" in name else 1
    assert width % density == height % density == 0
    return width // density, height // density


def test_every_picture_that_home_assistant_asks_for_is_there_and_no_other() -> None:
    assert {path.name for path in BRAND.iterdir()} == ALLOWED_IMAGES


@pytest.mark.parametrize("name", sorted(name for name in ALLOWED_IMAGES if "icon" in name))
def test_an_icon_has_its_size(name: str) -> None:
    assert size_for_a_usual_screen(name) == ICON


@pytest.mark.parametrize("name", sorted(name for name in ALLOWED_IMAGES if "logo" in name))
def test_a_logo_is_wide_and_has_the_height_of_a_logo(name: str) -> None:
    smallest, largest = SHORTEST_SIDE_OF_A_LOGO
    width, height = size_for_a_usual_screen(name)
    assert smallest <= height <= largest
    assert width > height


async def test_home_assistant_serves_our_pictures_to_its_frontend(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, "brands", {})
    socket = await hass_ws_client(hass)
    await socket.send_json_auto_id({"type": "brands/access_token"})
    token = (await socket.receive_json())["result"]["token"]
    browser = await hass_client_no_auth()
    for name in sorted(ALLOWED_IMAGES):
        answer = await browser.get(
            f"/api/brands/integration/{DOMAIN}/{name}", params={"token": token}
        )
        assert answer.status == HTTPStatus.OK
        assert answer.content_type == "image/png"
        assert await answer.read() == (BRAND / name).read_bytes()


async def test_an_administrator_gets_the_icon_without_such_a_token(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "brands", {})
    client = await hass_client()
    answer = await client.get(f"/api/brands/integration/{DOMAIN}/icon.png")
    assert await answer.read() == (BRAND / "icon.png").read_bytes()
