"""Archives that were downloaded from here and come back, and archives that come twice."""

import os
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.http import download_url
from pihole_simulator import Simulator, build_archive
from tests.support.home import Home
from tests.support.repacked import REPACKED
from tests.support.uploading import choose


@pytest.fixture(autouse=True)
def uploads_are_in_a_folder_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


async def upload(
    home: Home, hass_client: ClientSessionGenerator, content: bytes, name: str
) -> dict[str, Any]:
    file = await choose(home, hass_client, content, name)
    return await home.call("upload", config_entry_id=home.entry.entry_id, file=file)


async def download(
    home: Home, hass_client: ClientSessionGenerator, record: dict[str, Any]
) -> tuple[str, bytes]:
    client = await hass_client()
    response = await client.get(download_url(home.entry.entry_id, record["id"]))
    assert response.content_disposition is not None
    return str(response.content_disposition.filename), await response.read()


async def lose(home: Home, record: dict[str, Any]) -> None:
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=record["id"])


async def look(home: Home) -> None:
    """Look at the folder, also at what takes longer."""
    await home.poll()
    await home.hass.async_block_till_done(wait_background_tasks=True)


def put(home: Home, name: str, content: bytes) -> Path:
    path = home.folder / name
    path.write_bytes(content)
    os.utime(path, (1_768_000_000, 1_768_000_000))
    return path


@pytest.mark.parametrize("added", ["", " (1)", " - Copy"])
@pytest.mark.parametrize("way", ["upload", "folder"])
async def test_a_download_that_comes_back_has_its_time_and_id_and_is_adopted(
    home: Home, sim: Simulator, hass_client: ClientSessionGenerator, added: str, way: str
) -> None:
    await home.hass.config.async_update(time_zone="Asia/Tokyo")
    await home.press()
    [made] = await home.backups()
    name, content = await download(home, hass_client, made)
    await lose(home, made)
    name = name.replace(".zip", f"{added}.zip")

    if way == "upload":
        await upload(home, hass_client, content, name)
    else:
        put(home, name, content)
        await look(home)

    [back] = await home.backups()
    assert (back["id"], back["created_at"]) == (made["id"], made["created_at"])
    assert (back["trigger"], back["sha256"]) == ("adopted", made["sha256"])
    assert home.last_backup is None, "only an export of the Pi-hole itself is the current backup"
    await home.reload()
    assert await home.backups() == [back]

    sim.pihole.domains.clear()
    await home.press()
    compared = await home.call(
        "compare",
        config_entry_id=home.entry.entry_id,
        backup_id=back["id"],
        other_backup_id=next(
            backup["id"] for backup in await home.backups() if backup["trigger"] == "button"
        ),
    )
    assert compared["changes"]["domains"][0]["change"] == "removed", "the older one is the old side"


async def test_the_same_archive_is_not_stored_twice_and_it_is_said_which_it_is(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    await home.press()
    [made] = await home.backups()
    name, content = await download(home, hass_client, made)
    event = home.state("backup")

    answer = await upload(home, hass_client, content, f"copy of {name}")

    assert answer == {"backups": [made], "already_stored": True}
    assert await home.backups() == [made]
    assert home.state("backup") == event, "nothing has happened"
    other = REPACKED["zip -r"](content)
    answer = await upload(home, hass_client, other, name)
    assert answer["already_stored"] is False
    [packed_again] = answer["backups"]
    assert packed_again["id"] != made["id"], "they are different files"
    assert packed_again["created_at"] == made["created_at"]


async def test_a_copy_in_the_folder_is_no_second_backup_until_the_first_is_gone(
    home: Home, sim: Simulator
) -> None:
    content = build_archive(sim.pihole, sim.clock.datetime())
    first = put(home, "a mine.zip", content)
    await look(home)
    [record] = await home.backups()

    copy = put(home, "b mine.zip", content)
    await look(home)
    await home.reload()
    assert await home.backups() == [record]
    assert home.issues == {}
    assert copy.read_bytes() == content, "it is the user's"

    await lose(home, record)
    await look(home)
    [other] = await home.backups()
    assert (other["filename"], other["sha256"]) == (copy.name, record["sha256"])
    assert not first.exists()


@pytest.mark.parametrize("loss", ["damaged", "gone"])
async def test_a_backup_whose_archive_is_damaged_or_gone_is_whole_again_when_it_comes_back(
    home: Home, hass_client: ClientSessionGenerator, loss: str
) -> None:
    await home.press()
    [made] = await home.backups()
    name, content = await download(home, hass_client, made)
    [path] = home.archives
    if loss == "damaged":
        path.write_bytes(bytes(len(content)))
    else:
        path.unlink()
    await look(home)

    answer = await upload(home, hass_client, content, name)

    assert answer == {"backups": [made], "already_stored": False}
    assert await home.backups() == [made]
    assert path.read_bytes() == content
    await home.reload()
    assert home.issues == {}
    assert await home.backups() == [made]


async def test_a_folder_without_records_is_kept_whole_by_retention(
    home: Home, sim: Simulator
) -> None:
    """Nothing says that these are exports of this Pi-hole but their names."""
    for _ in range(2):
        await home.press()
        sim.pihole.domains.pop()
    made = await home.backups()
    for record in home.folder.glob("*.json"):
        record.unlink()

    await home.reload()
    await look(home)

    found = await home.backups()
    assert [backup["trigger"] for backup in found] == ["adopted", "adopted"]
    assert [backup["id"] for backup in found] == [backup["id"] for backup in made]
    assert [backup["created_at"] for backup in found] == [backup["created_at"] for backup in made]
    await home.reload()
    assert await home.backups() == found
