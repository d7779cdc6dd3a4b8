"""Downloading an archive through Home Assistant's own web server."""

from collections.abc import AsyncIterator
from dataclasses import replace
from http import HTTPStatus
import os
from pathlib import Path
from typing import Any

from aiohttp.client import ClientResponse
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator
from yarl import URL

from custom_components.pihole_checkpoint.backup import async_post_backup, async_pre_backup
from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.http import download_url
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator
from tests.support.home import AddPihole, Home
from tests.support.index import show_records

type Client = TestClient[Any, Any]


@pytest.fixture(autouse=True)
async def links_can_be_signed(hass: HomeAssistant, home: Home, sim: Simulator) -> None:
    sim.auth.login_attempts_per_second = 1000
    assert await async_setup_component(hass, "auth", {})
    assert await async_setup_component(hass, "websocket_api", {})


@pytest.fixture
async def stored(home: Home) -> str:
    """Give the id of a stored backup."""
    [record] = await home.back_up()
    return str(record["id"])


@pytest.fixture
async def client(hass_client: ClientSessionGenerator) -> AsyncIterator[Client]:
    client = await hass_client()
    yield client
    await client.close()


async def get(client: Client, home: Home, backup_id: str, **headers: str) -> ClientResponse:
    return await client.get(download_url(home.entry.entry_id, backup_id), headers=headers)


async def sign(home: Home, ws_client: WebSocketGenerator, backup_id: str, *token: str) -> str:
    """Sign the path as the card does."""
    socket = await ws_client(home.hass, *token)
    path = download_url(home.entry.entry_id, backup_id)
    await socket.send_json_auto_id({"type": "auth/sign_path", "path": path, "expires": 30})
    return str((await socket.receive_json())["result"]["path"])


async def rename(home: Home, backup_id: str, filename: str) -> Path:
    """Let the user have given an archive another name, and Home Assistant have looked."""
    records = {record.id: record for record in home.entry.runtime_data.data.records}
    path = home.folder / records[backup_id].filename
    target: Path = path.rename(home.folder / filename)
    records[backup_id] = replace(records[backup_id], filename=filename)
    show_records(home, [*records.values()])
    return target


async def test_an_administrator_gets_the_bytes_that_are_stored(
    home: Home, client: Client, stored: str
) -> None:
    response = await get(client, home, stored)

    assert response.status == HTTPStatus.OK
    assert await response.read() == home.archives[0].read_bytes()
    assert response.headers["Content-Type"] == "application/zip"
    name = home.archives[0].name
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers.getall("X-Content-Type-Options") == ["nosniff"]
    assert "Content-Encoding" not in response.headers
    part = await get(client, home, stored, Range="bytes=2-9")
    assert (part.status, await part.read()) == (206, home.archives[0].read_bytes()[2:10])


async def test_a_compressed_file_beside_the_archive_is_not_sent_in_its_place(
    home: Home, client: Client, stored: str
) -> None:
    for suffix in (".gz", ".br"):
        (home.folder / f"{home.archives[0].name}{suffix}").write_bytes(b"something else")

    response = await get(client, home, stored, **{"Accept-Encoding": "gzip, br"})

    assert await response.read() == home.archives[0].read_bytes()


async def test_a_signed_link_of_an_administrator_works_for_thirty_seconds(
    home: Home,
    stored: str,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    link = URL(await sign(home, hass_ws_client, stored), encoded=True)
    browser = await hass_client_no_auth()

    response = await browser.get(link)
    assert response.status == HTTPStatus.OK
    assert await response.read() == home.archives[0].read_bytes()

    freezer.tick(31)
    assert (await browser.get(link)).status == HTTPStatus.UNAUTHORIZED


async def test_a_signed_link_is_for_the_one_archive_only(
    home: Home,
    stored: str,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    [other] = await home.back_up()
    link = URL(await sign(home, hass_ws_client, stored), encoded=True)
    browser = await hass_client_no_auth()

    path = download_url(home.entry.entry_id, str(other["id"]))
    assert (await browser.get(link.with_path(path))).status == HTTPStatus.UNAUTHORIZED
    assert (await browser.get(path)).status == HTTPStatus.UNAUTHORIZED
    assert (await browser.get(f"{path}?authSig=nonsense")).status == HTTPStatus.UNAUTHORIZED


async def test_who_is_no_administrator_is_forbidden_it_and_not_banned(
    home: Home,
    stored: str,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    guest = await hass_client(hass_read_only_access_token)
    for backup_id in (stored, "000000000000"):
        response = await get(guest, home, backup_id)
        assert response.status == HTTPStatus.FORBIDDEN
        assert stored not in await response.text()
    link = await sign(home, hass_ws_client, stored, hass_read_only_access_token)
    browser = await hass_client_no_auth()
    response = await browser.get(URL(link, encoded=True))
    assert response.status == HTTPStatus.FORBIDDEN
    assert "Login attempt" not in caplog.text

    response = await get(browser, home, stored)
    assert response.status == HTTPStatus.UNAUTHORIZED
    assert "Login attempt" in caplog.text, "as it does for one without a token"


async def test_only_ids_of_this_pihole_are_found(
    home: Home, client: Client, stored: str, sim: Simulator, add_pihole: AddPihole
) -> None:
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    [of_attic] = await attic.back_up(config_entry_id=attic.entry.entry_id)
    foreign = MockConfigEntry(domain="sun", state=ConfigEntryState.LOADED)
    foreign.add_to_hass(home.hass)
    name = home.archives[0].name
    entry_id = home.entry.entry_id

    for entry, backup in (
        (entry_id, of_attic["id"]),
        (attic.entry.entry_id, stored),
        (foreign.entry_id, stored),
        ("nonsense", stored),
        (entry_id, "000000000000"),
        (entry_id, stored.upper()),
        (entry_id, name),
        (entry_id, ".store"),
        (entry_id, f"../attic/{of_attic['filename']}"),
        (entry_id, "../../secrets.yaml"),
        (entry_id, f"./{name}"),
        (entry_id, "\0"),
        ("..", "kitchen"),
    ):
        response = await client.get(URL(download_url(entry, str(backup)), encoded=True))
        # What looks like an attack, Home Assistant itself refuses.
        assert response.status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}, (entry, backup)
        assert str(home.folder) not in await response.text()
    response = await client.get(f"/api/{DOMAIN}/{entry_id}/{stored}/{name}")
    assert response.status == HTTPStatus.NOT_FOUND
    response = await get(client, home, "000000000000")
    assert (await response.text()).startswith("There's no backup with the ID 000000000000.")


async def test_archives_of_an_unloaded_pihole_are_not_found(
    home: Home, client: Client, stored: str
) -> None:
    await home.hass.config_entries.async_unload(home.entry.entry_id)

    assert (await get(client, home, stored)).status == HTTPStatus.NOT_FOUND


async def test_an_archive_that_is_gone_and_a_link_in_its_place_are_not_found(
    home: Home, client: Client, stored: str, tmp_path: Path
) -> None:
    [archive] = home.archives
    archive.rename(tmp_path / "elsewhere.zip")
    response = await get(client, home, stored)
    assert response.status == HTTPStatus.NOT_FOUND
    assert "is damaged or missing" in await response.text()

    archive.symlink_to(tmp_path / "elsewhere.zip")
    assert (await get(client, home, stored)).status == HTTPStatus.NOT_FOUND

    archive.unlink()
    archive.mkdir()
    assert (await get(client, home, stored)).status == HTTPStatus.NOT_FOUND


async def test_what_is_left_of_a_damaged_archive_can_be_had_under_a_name_that_says_so(
    home: Home, client: Client, stored: str
) -> None:
    os.truncate(home.archives[0], 100)
    await home.poll()

    response = await get(client, home, stored)

    assert len(await response.read()) == 100
    disposition = response.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="damaged_{home.archives[0].name}"'


@pytest.mark.parametrize(
    ("filename", "plain", "exact"),
    [
        ("pi-hole (old).zip", "pi-hole (old).zip", None),
        ("küche.zip", "k_che.zip", "k%C3%BCche.zip"),
        ('a"; filename="b.exe".zip', "a__ filename__b.exe_.zip", None),
        ("a\r\nSet-Cookie: b=c.zip", "a__Set-Cookie_ b_c.zip", None),
        ("a\\..\\b.zip", "a_.._b.zip", None),
        ("a\u202epiz.zip", "a_piz.zip", None),
        ("<script>.zip", "_script_.zip", None),
        (os.fsdecode(b"\xff\xfe.zip"), "__.zip", None),
    ],
)
async def test_the_name_of_the_file_is_harmless(
    home: Home, client: Client, stored: str, filename: str, plain: str, exact: str | None
) -> None:
    archive = await rename(home, stored, filename)

    response = await get(client, home, stored)

    assert await response.read() == archive.read_bytes()
    expected = f'attachment; filename="{plain}"'
    if exact is not None:
        expected += f"; filename*=UTF-8''{exact}"
    assert response.headers["Content-Disposition"] == expected
    assert "Set-Cookie" not in response.headers


async def test_downloads_go_on_while_home_assistant_backs_itself_up(
    home: Home, client: Client, stored: str
) -> None:
    await async_pre_backup(home.hass)
    before = home.files
    response = await get(client, home, stored)
    assert response.status == HTTPStatus.OK
    assert await response.read() in [path.read_bytes() for path in home.archives]
    assert home.files == before
    await async_post_backup(home.hass)
