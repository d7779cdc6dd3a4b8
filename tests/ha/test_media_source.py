"""The backups in Home Assistant's media browser."""

from dataclasses import replace
from http import HTTPStatus
import time
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator
from yarl import URL

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupStatus
from custom_components.pihole_checkpoint.http import download_url
from homeassistant.components.media_player.browse_media import SearchMediaQuery
from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import MediaSource, MediaSourceItem, Unresolvable
from homeassistant.components.media_source.helper import async_browse_media, async_resolve_media
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator
from tests.support.home import AddPihole, Home
from tests.support.index import numbered_record, show_records

ROOT = f"media-source://{DOMAIN}"


@pytest.fixture(autouse=True)
async def media_browser_is_there(hass: HomeAssistant, home: Home) -> None:
    await hass.config.async_set_time_zone("America/New_York")
    for domain in ("media_source", "websocket_api"):
        assert await async_setup_component(hass, domain, {})


needs_search = pytest.mark.skipif(
    not hasattr(MediaSource, "async_search_media"),
    reason="this Home Assistant does not search media sources",
)


async def search(
    home: Home, text: str, *path: str, classes: list[MediaClass] | None = None
) -> list[str]:
    """Search media, and give the IDs of the backups that are found."""
    item = MediaSourceItem.from_uri(home.hass, "/".join((ROOT, *path)), None)
    query = SearchMediaQuery(search_query=text, media_filter_classes=classes)
    found = await item.async_search(query)
    return [media.media_content_id.rpartition("/")[2] for media in found.result]


async def browse(hass: HomeAssistant, *path: str) -> dict[str, Any]:
    return (await async_browse_media(hass, "/".join((ROOT, *path)))).as_dict()


def children(folder: dict[str, Any]) -> dict[str, str]:
    """Return what is in a folder, by name."""
    return {item["title"]: item["media_content_id"] for item in folder["children"]}


async def test_backups_are_found_by_pihole_and_month_in_local_time(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    cellar = await add_pihole(sim.url, folder="cellar", title="Cellar")
    await home.hass.config_entries.async_unload(cellar.entry.entry_id)
    records = [
        numbered_record(0),
        numbered_record(1),
        numbered_record(24 * 40),
    ]  # the first two are of last year in New York
    show_records(home, records)

    root = await browse(home.hass)
    assert root["title"] == "Pi-hole Checkpoint"
    assert children(root) == {
        "Kitchen": f"{ROOT}/{home.entry.entry_id}",
        "Attic": f"{ROOT}/{attic.entry.entry_id}",
    }
    kitchen = await browse(home.hass, home.entry.entry_id)
    assert list(children(kitchen)) == ["2026-02", "2025-12"]
    month = await browse(home.hass, home.entry.entry_id, "2025-12")
    assert children(month) == {
        "2025-12-31 20:00 · Schedule · 1.0 kB": f"{ROOT}/{home.entry.entry_id}/{records[1].id}",
        "2025-12-31 19:00 · First backup · Schedule · 1.0 kB": (
            f"{ROOT}/{home.entry.entry_id}/{records[0].id}"
        ),
    }
    for child in month["children"]:
        assert (child["can_play"], child["can_expand"]) == (False, False)
        assert child["media_content_type"] == "application/zip"
    assert children(await browse(home.hass, attic.entry.entry_id)) == {}


async def test_the_source_is_among_the_others_of_the_media_browser(home: Home) -> None:
    every = await async_browse_media(home.hass, None)
    assert "Pi-hole Checkpoint" in children(every.as_dict())


async def test_damaged_backups_say_so_and_missing_ones_are_left_out(home: Home) -> None:
    show_records(
        home,
        [
            replace(numbered_record(100), status=BackupStatus.DAMAGED),
            gone := replace(numbered_record(101), status=BackupStatus.MISSING),
        ],
    )
    month = await browse(home.hass, home.entry.entry_id, "2026-01")
    [title] = children(month)
    assert title == "2026-01-04 23:00 · Schedule · 1.0 kB · Damaged"
    with pytest.raises(Unresolvable):
        await async_resolve_media(home.hass, f"{ROOT}/{home.entry.entry_id}/{gone.id}", None)


async def test_the_name_of_a_backup_says_what_had_changed(home: Home, sim: Simulator) -> None:
    sim.auth.login_attempts_per_second = 1000
    await home.back_up()
    await home.back_up()
    sim.pihole.hosts = [*sim.pihole.hosts, "192.168.178.9 printer"]
    sim.pihole.settings["dns.blockTTL"] = 60
    await home.back_up()

    [month] = children(await browse(home.hass, home.entry.entry_id)).values()
    files = children(await browse(home.hass, month.removeprefix(f"{ROOT}/")))
    assert [title.split(" · ")[1:-1] for title in files] == [
        ["1 DNS host added, 1 setting changed", "Action"],
        ["No changes", "Action"],
        ["First backup", "Action"],
    ]


@needs_search
async def test_a_backup_is_found_by_what_changed_by_its_note_and_by_its_pihole(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    sim.auth.login_attempts_per_second = 1000
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    [first] = await home.back_up(config_entry_id=home.entry.entry_id)
    sim.pihole.hosts = [*sim.pihole.hosts, "192.168.178.9 printer"]
    [second] = await home.back_up(config_entry_id=home.entry.entry_id)
    [of_attic] = await attic.back_up(config_entry_id=attic.entry.entry_id)
    noted = {"config_entry_id": home.entry.entry_id, "backup_id": first["id"]}
    await home.call("update", **noted, note="Before the move")

    assert await search(home, "dns HOST") == [second["id"]]
    assert await search(home, "the before") == [first["id"]]
    assert await search(home, "attic first") == [of_attic["id"]]
    assert await search(home, "First", home.entry.entry_id) == [first["id"]]
    assert await search(home, str(second["filename"])) == [second["id"]]
    assert await search(home, "") == [of_attic["id"], second["id"], first["id"]]
    assert await search(home, "nothing like it") == []
    [month] = children(await browse(home.hass, home.entry.entry_id))
    assert await search(home, "", home.entry.entry_id, month) == [second["id"], first["id"]]
    assert await search(home, "", home.entry.entry_id, "1999-01") == []


@needs_search
async def test_a_search_finds_no_name_of_what_is_in_a_backup(
    home: Home, sim: Simulator, hass_ws_client: WebSocketGenerator, hass_read_only_access_token: str
) -> None:
    await home.back_up()
    sim.pihole.hosts = [*sim.pihole.hosts, "192.168.178.9 printer"]
    [record] = await home.back_up()
    socket = await hass_ws_client(home.hass, hass_read_only_access_token)

    for text, expected in (("host added", [record["id"]]), ("printer", [])):
        await socket.send_json_auto_id(
            {
                "type": "media_source/search_media",
                "media_content_id": ROOT,
                "search_query": text,
            }
        )
        found = (await socket.receive_json())["result"]["result"]
        assert [item["media_content_id"].rpartition("/")[2] for item in found] == expected


@needs_search
async def test_a_search_finds_a_hundred_at_most_and_only_media_that_were_asked_for(
    home: Home,
) -> None:
    records = [numbered_record(number) for number in range(120)]
    show_records(home, records)

    assert await search(home, "schedule") == [record.id for record in records[:-101:-1]]
    assert await search(home, "schedule", classes=[MediaClass.MUSIC]) == []
    assert len(await search(home, "schedule", classes=[MediaClass.URL])) == 100


@needs_search
async def test_a_search_for_very_many_words_does_not_hold_up_home_assistant(home: Home) -> None:
    records = [numbered_record(number) for number in range(120)]
    show_records(home, records)
    begun = time.perf_counter()

    assert len(await search(home, "schedule " * 1_000_000)) == 100
    assert time.perf_counter() - begun < 2


@needs_search
async def test_every_folder_says_that_it_can_be_searched(home: Home) -> None:
    await home.back_up()
    entry_id = home.entry.entry_id
    [month] = children(await browse(home.hass, entry_id))

    for path in ((), (entry_id,), (entry_id, month)):
        folder = await browse(home.hass, *path)
        assert folder["can_search"] is True
        assert folder["children_media_class"] == MediaClass.URL, "as a list, with whole names"
    [file] = (await browse(home.hass, entry_id, month))["children"]
    assert file["can_search"] is False


@needs_search
async def test_searching_what_is_not_there_is_reported(home: Home) -> None:
    with pytest.raises(BrowseError, match=r"\w"):
        await search(home, "", "nonsense")
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    with pytest.raises(BrowseError, match="not loaded"):
        await search(home, "", home.entry.entry_id)
    assert await search(home, "") == []


async def resolve(
    home: Home, ws_client: WebSocketGenerator, backup_id: str, *token: str
) -> dict[str, Any]:
    socket = await ws_client(home.hass, *token)
    await socket.send_json_auto_id(
        {
            "type": "media_source/resolve_media",
            "media_content_id": f"{ROOT}/{home.entry.entry_id}/{backup_id}",
        }
    )
    return dict((await socket.receive_json())["result"])


async def test_a_backup_resolves_to_a_link_that_an_administrator_can_follow(
    home: Home,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    [record] = await home.back_up()
    browser = await hass_client_no_auth()

    found = await resolve(home, hass_ws_client, str(record["id"]))

    assert found["mime_type"] == "application/zip"
    link = URL(found["url"], encoded=True)
    assert link.path == download_url(home.entry.entry_id, str(record["id"]))
    response = await browser.get(link)
    assert await response.read() == home.archives[0].read_bytes()

    found = await resolve(home, hass_ws_client, str(record["id"]), hass_read_only_access_token)
    response = await browser.get(URL(found["url"], encoded=True))
    assert response.status == HTTPStatus.FORBIDDEN


async def test_a_backup_that_is_resolved_by_nobody_in_particular_cannot_be_had(
    home: Home, hass_client_no_auth: ClientSessionGenerator
) -> None:
    [record] = await home.back_up()

    media = await async_resolve_media(
        home.hass, f"{ROOT}/{home.entry.entry_id}/{record['id']}", None
    )

    assert media.path is None, "others would read the file without asking who wants it"
    response = await (await hass_client_no_auth()).get(URL(media.url, encoded=True))
    assert response.status == HTTPStatus.FORBIDDEN


async def test_what_is_not_there_is_reported_and_hostile_identifiers_get_nowhere(
    home: Home, sim: Simulator, add_pihole: AddPihole
) -> None:
    sim.auth.login_attempts_per_second = 1000
    attic = await add_pihole(sim.url, folder="attic", title="Attic")
    [of_attic] = await attic.back_up(config_entry_id=attic.entry.entry_id)
    [of_kitchen] = await home.back_up(config_entry_id=home.entry.entry_id)
    foreign = MockConfigEntry(domain="sun", state=ConfigEntryState.LOADED)
    foreign.add_to_hass(home.hass)
    entry_id = home.entry.entry_id

    for path in (
        "..",
        "../..",
        "nonsense",
        foreign.entry_id,
        f"{foreign.entry_id}/2026-11",
        f"{foreign.entry_id}/{of_kitchen['id']}",
        f"{entry_id}/..",
        f"{entry_id}/../attic",
        f"{entry_id}/1999-01",
        f"{entry_id}//",
        f"{entry_id}/{of_attic['id']}",
        f"{entry_id}/{of_kitchen['filename']}",
        f"{entry_id}/2026-11/{of_kitchen['id']}",
        f"{entry_id}/%2e%2e/secrets.yaml",
    ):
        with pytest.raises(BrowseError, match=r"\w"):
            await browse(home.hass, path)
        with pytest.raises(Unresolvable, match=r"\w"):
            await async_resolve_media(home.hass, f"{ROOT}/{path}", None)
    for path in ("", f"/{entry_id}"):
        with pytest.raises(Unresolvable):
            await async_resolve_media(home.hass, f"{ROOT}{path}", None)


async def test_an_unloaded_pihole_has_no_folder(home: Home) -> None:
    await home.hass.config_entries.async_unload(home.entry.entry_id)

    assert children(await browse(home.hass)) == {}
    with pytest.raises(BrowseError, match="not loaded"):
        await browse(home.hass, home.entry.entry_id)


async def test_what_is_not_there_is_reported_in_words_that_can_be_translated(home: Home) -> None:
    entry_id = home.entry.entry_id

    with pytest.raises(BrowseError) as no_month:
        await browse(home.hass, entry_id, "1999-01")
    with pytest.raises(Unresolvable) as no_backup:
        await async_resolve_media(home.hass, f"{ROOT}/{entry_id}/0a1b2c", None)
    for caught, named in ((no_month, "1999-01"), (no_backup, "0a1b2c")):
        assert caught.value.translation_domain == DOMAIN
        assert caught.value.translation_key == "backup_not_found"
        assert caught.value.translation_placeholders == {"id": named}
        assert named in str(caught.value)

    await home.hass.config_entries.async_unload(entry_id)
    with pytest.raises(BrowseError) as not_loaded:
        await browse(home.hass, entry_id)
    assert not_loaded.value.translation_domain == "homeassistant"
    assert not_loaded.value.translation_key == "service_config_entry_not_loaded"
    assert not_loaded.value.translation_placeholders == {"domain": DOMAIN, "entry_title": "Kitchen"}
