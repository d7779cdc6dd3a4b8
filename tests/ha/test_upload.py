"""Archives from elsewhere, uploaded through Home Assistant's own file selector."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
import gzip
from pathlib import Path
import re
from typing import Any
import zipfile
from zoneinfo import ZoneInfo

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.engine.teleporter import limits
from custom_components.pihole_checkpoint.options import SECTION_RETENTION
from homeassistant.components.file_upload import TEMP_DIR_NAME
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pihole_simulator import Pihole, Simulator, broken, build_archive, configuration_of
from tests.support.holding import held, held_in_reading
from tests.support.home import Home
from tests.support.kitchen import undated
from tests.support.repacked import members_of, packed
from tests.support.uploading import choose

NAME = "pi-hole_attic_teleporter_2026-01-02_03-04-05_UTC.zip"


@pytest.fixture(autouse=True)
def uploads_are_in_a_folder_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def archive(sim: Simulator) -> bytes:
    return build_archive(sim.pihole, datetime(2025, 6, 7, 8, 9, 10, tzinfo=UTC))


async def upload(home: Home, file: str) -> dict[str, Any]:
    answer = await home.call("upload", config_entry_id=home.entry.entry_id, file=file)
    [record] = answer["backups"]
    return dict(record)


async def test_an_archive_is_verified_and_adopted_with_the_time_in_its_name_and_can_be_restored(
    home: Home, sim: Simulator, hass_client: ClientSessionGenerator, archive: bytes, tmp_path: Path
) -> None:
    sim.pihole.settings["webserver.api.app_sudo"] = True
    before = undated({**configuration_of(sim.pihole, counts=False)})
    file = await choose(home, hass_client, archive, NAME)

    record = await upload(home, file)

    assert home.archives[0].read_bytes() == archive
    assert home.count == 1
    assert record["trigger"] == "adopted"
    assert record["created_at"] == "2026-01-02T03:04:05+00:00"
    assert record["file_size"] == len(archive)
    assert record["contents"]["lists"] == len(sim.pihole.adlists)
    assert record["duration"] is None
    shown = home.state("backup").attributes
    assert (shown["event_type"], shown["backup_id"]) == ("completed", record["id"])
    assert list((tmp_path / TEMP_DIR_NAME).iterdir()) == [], "the uploaded file is gone"
    assert await home.backups() == [record]
    assert sim.requests[1:] == [], "the Pi-hole is not asked"

    sim.pihole.adlists.clear()
    await home.call(
        "restore", config_entry_id=home.entry.entry_id, backup_id=record["id"], include=["lists"]
    )
    assert undated({**configuration_of(sim.pihole, counts=False)}) == before


async def test_an_upload_that_waits_for_a_backup_when_the_entry_is_unloaded_stores_nothing(
    home: Home, sim: Simulator, hass_client: ClientSessionGenerator, archive: bytes
) -> None:
    file = await choose(home, hass_client, archive, NAME)
    _gate, press = await held(sim, "export", home.press())
    waiting = asyncio.ensure_future(upload(home, file))
    await asyncio.sleep(0)

    assert await home.hass.config_entries.async_unload(home.entry.entry_id)

    for task in (press, waiting):
        with pytest.raises(HomeAssistantError, match="was stopped"):
            await task
    assert home.files == set()


async def test_one_whose_name_tells_nothing_has_the_time_of_what_is_in_it(
    home: Home, hass_client: ClientSessionGenerator, archive: bytes
) -> None:
    record = await upload(home, await choose(home, hass_client, archive, "mine.zip"))

    made_at = datetime(2025, 6, 7, 8, 9, 10, tzinfo=dt_util.get_default_time_zone())
    assert datetime.fromisoformat(record["created_at"]) == made_at


async def test_an_abbreviated_time_zone_in_its_name_is_understood_also_where_it_is_not_ours(
    home: Home, hass_client: ClientSessionGenerator, archive: bytes
) -> None:
    await home.hass.config.async_update(time_zone="Asia/Tokyo")

    name = "pi-hole_attic_teleporter_2026-01-02_03-04-05_EST.zip"
    record = await upload(home, await choose(home, hass_client, archive, name))

    assert record["created_at"] == "2026-01-02T08:04:05+00:00"


async def test_its_time_is_that_of_the_time_zone_that_home_assistant_has_by_then(
    home: Home, hass_client: ClientSessionGenerator, archive: bytes
) -> None:
    await home.hass.config.async_update(time_zone="Asia/Tokyo")

    record = await upload(home, await choose(home, hass_client, archive, "mine.zip"))

    made_at = datetime(2025, 6, 7, 8, 9, 10, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert datetime.fromisoformat(record["created_at"]) == made_at


async def test_one_of_another_pihole_is_a_backup_like_any_other(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    foreign = build_archive(Pihole(hostname="attic"), datetime(2025, 6, 7, tzinfo=UTC))

    await upload(home, await choose(home, hass_client, foreign, NAME))

    assert home.count == 1


async def test_an_uploaded_archive_of_years_ago_is_kept_against_all_rules(
    home: Home, hass_client: ClientSessionGenerator, archive: bytes
) -> None:
    rules = {"last": 1, "daily": 0, "weekly": 0, "monthly": 0, "yearly": 0, "manual": 0}
    await home.choose(**{SECTION_RETENTION: {**rules, "max_age": 30}})
    record = await upload(home, await choose(home, hass_client, archive, NAME))

    await home.press()

    assert home.count == 2
    assert record["id"] in [backup["id"] for backup in await home.backups()]


type Spoil = Callable[[bytes], bytes]
BROKEN: dict[str, tuple[Spoil, str]] = {
    "empty": (lambda _: b"", "file_damaged"),
    "no zip": (lambda _: b"%PDF-1.7 and so on", "file_damaged"),
    "of a Pi-hole v5": (gzip.compress, "file_of_pihole_v5"),
    "empty zip": (lambda _: b"PK\x05\x06" + bytes(18), "file_damaged"),
    "truncated": (lambda value: value[:-30], "file_damaged"),
    "wrong checksum": (lambda value: broken.flipped(value, broken.GRAVITY), "file_damaged"),
    "encrypted": (broken.encrypted, "file_encrypted"),
    "packed with LZMA": (
        lambda value: packed(members_of(value), method=zipfile.ZIP_LZMA),
        "file_compression",
    ),
    "no configuration": (
        lambda value: broken.without(value, broken.TOML),
        "file_member_missing",
    ),
    "broken configuration": (broken.broken_toml, "file_config_broken"),
    "broken database": (broken.broken_sqlite, "file_database_broken"),
    "climbing name": (lambda value: broken.with_member(value, "../evil", b"x"), "file_unsafe"),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_file_with_a_telling_name_is_refused_and_nothing_of_it_is_kept(
    home: Home, hass_client: ClientSessionGenerator, archive: bytes, tmp_path: Path, kind: str
) -> None:
    spoil, key = BROKEN[kind]

    await is_refused(home, await choose(home, hass_client, spoil(archive), NAME), key)

    assert list((tmp_path / TEMP_DIR_NAME).iterdir()) == []


@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_file_of_any_name_is_refused_and_nothing_of_it_is_kept(
    home: Home, hass_client: ClientSessionGenerator, archive: bytes, tmp_path: Path, kind: str
) -> None:
    spoil, key = BROKEN[kind]

    await is_refused(home, await choose(home, hass_client, spoil(archive), "mine.zip"), key)

    assert list((tmp_path / TEMP_DIR_NAME).iterdir()) == []


async def is_refused(home: Home, file: str, key: str) -> None:
    with pytest.raises(HomeAssistantError) as raised:
        await upload(home, file)

    assert raised.value.translation_key == key
    assert "{" not in str(raised.value)
    assert re.search(r"\bthe (zip )?file\b", str(raised.value).lower())
    assert "the Pi-hole" not in str(raised.value)
    assert (home.count, home.files) == (0, set())


async def test_an_unknown_file_is_reported(
    home: Home, hass_client: ClientSessionGenerator, archive: bytes
) -> None:
    with pytest.raises(HomeAssistantError, match="uploaded file was"):
        await upload(home, "0a1b2c")

    file = await choose(home, hass_client, archive, NAME)
    await upload(home, file)
    with pytest.raises(HomeAssistantError, match="uploaded file was"):
        await upload(home, file)
    assert home.count == 1


async def test_a_reload_waits_for_the_upload_that_is_being_read_and_loses_none(
    home: Home,
    hass_client: ClientSessionGenerator,
    archive: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = await choose(home, hass_client, archive, NAME)
    go_on, uploading = await held_in_reading(monkeypatch, upload(home, file))
    reload = asyncio.ensure_future(home.reload())
    await asyncio.wait([reload], timeout=0.3)  # enough, if it did not wait
    go_on.set()
    await reload

    assert (await uploading)["trigger"] == "adopted"
    assert home.count == 1


async def test_a_file_that_is_too_large_is_not_said_to_be_of_the_pihole(
    home: Home,
    hass_client: ClientSessionGenerator,
    archive: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DEFAULT", limits.Limits(archive=len(archive) - 1))

    await is_refused(home, await choose(home, hass_client, archive, NAME), "file_too_large")
