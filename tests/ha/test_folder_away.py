"""A backup folder that is away, cannot be written, does not answer, or has lost its ID."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import shutil
import threading
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.pihole_checkpoint import coordinator
from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.freeze import async_get_freeze
from custom_components.pihole_checkpoint.http import download_url
from custom_components.pihole_checkpoint.manager import manager
from custom_components.pihole_checkpoint.manager.pihole import Pihole
from custom_components.pihole_checkpoint.manager.scheduler import MAKE_UP_AFTER
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator
from tests.support.days import Days
from tests.support.dialog import go_through_dialog
from tests.support.flows import Options
from tests.support.home import AddPihole, Home
from tests.support.kitchen import Kitchen
from tests.support.read_only import make_read_only

OF_BACKUPS = ("backup_count", "last_backup", "last_change", "storage_used")


@pytest.fixture(autouse=True)
def _unlimited_logins(unlimited_logins: None) -> None:
    """Let tests back up as often as they like."""


async def begin_without(home: Home) -> Path:
    """Start with the folder away, and return where it is meanwhile."""
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    away = home.folder.rename(home.folder.with_name("away"))
    home.folder.mkdir()  # where a share is mounted
    await home.reload()
    return away


async def bring_back(home: Home, away: Path) -> None:
    put_back(home, away)
    await home.poll()


def put_back(home: Home, away: Path) -> None:
    home.folder.rmdir()
    away.rename(home.folder)


async def back_up_twice(home: Home, sim: Simulator) -> list[str]:
    """Store two backups with a domain between them, and return their IDs."""
    [older] = await home.back_up()
    sim.pihole.add_domain("new.example.com")
    [newer] = await home.back_up()
    return [str(older["id"]), str(newer["id"])]


async def changes_between(home: Home, older: str, newer: str) -> str:
    answer = await home.call(
        "compare", config_entry_id=home.entry.entry_id, backup_id=older, other_backup_id=newer
    )
    return str(answer["summary"])


async def test_a_pihole_whose_folder_is_away_at_the_start_is_there_and_recovers_by_itself(
    home: Home,
) -> None:
    for _ in range(2):
        await home.back_up()
    before = {key: home.state(key).state for key in OF_BACKUPS}
    events = async_capture_events(home.hass, EVENT_BACKUP)

    away = await begin_without(home)

    assert home.entry.state is ConfigEntryState.LOADED
    assert {key: home.state(key).state for key in OF_BACKUPS} == dict.fromkeys(
        OF_BACKUPS, "unknown"
    )
    assert home.state("problem").state == "on"
    assert home.state("reachable").state == "on"
    assert home.issues.keys() == {"storage_unusable"}
    with pytest.raises(HomeAssistantError, match="is missing"):
        await home.press()
    with pytest.raises(HomeAssistantError, match="is missing"):
        await home.backups()
    assert list(home.folder.iterdir()) == []

    await bring_back(home, away)

    assert {key: home.state(key).state for key in OF_BACKUPS} == before
    assert [event.data["type"] for event in events] == ["failed"]
    await home.press()
    assert home.count == 3
    assert home.state("problem").state == "off"
    assert home.issues == {}


async def test_a_press_finds_a_folder_that_came_back_and_all_that_is_in_it(home: Home) -> None:
    await home.back_up()
    away = await begin_without(home)
    put_back(home, away)

    await home.press()

    assert home.count == 2
    assert home.state("problem").state == "off"
    assert home.issues == {}


async def test_a_folder_that_could_not_be_made_at_first_is_ours_once_a_press_has_made_it(
    hass: HomeAssistant, add_pihole: AddPihole, sim: Simulator, hass_storage: dict[str, Any]
) -> None:
    in_the_way = Path(hass.config.path(DOMAIN))
    in_the_way.touch()  # noqa: ASYNC240 - short
    home = await add_pihole(sim.url)
    assert home.issues.keys() == {"storage_unusable"}
    in_the_way.unlink()  # noqa: ASYNC240 - short

    await home.press()

    stored = hass_storage[f"{DOMAIN}.{home.entry.entry_id}"]["data"]
    assert stored["mark"] == (home.folder / ".store").read_text()
    for _ in range(2):
        await home.poll()
        assert home.count == 1
        assert home.issues == {}
    await home.reload()
    assert home.count == 1
    assert home.issues == {}


async def test_what_lies_on_a_disk_that_turns_read_only_can_still_be_read(
    home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = await back_up_twice(home, sim)

    make_read_only(monkeypatch, home.folder)

    assert "new.example.com" in await changes_between(home, older, newer)
    await home.poll()
    assert home.issues.keys() == {"storage_unusable"}


async def test_what_was_due_while_the_folder_was_away_is_made_up_for_when_it_is_back(
    days: Days,
) -> None:
    home = days.home
    await home.back_up()
    away = await begin_without(home)
    await days.move_to(datetime(2026, 1, 21, 12, tzinfo=UTC))
    assert home.state("last_attempt").state == "failed"
    await days.pass_by(timedelta(hours=2))  # and its retries

    await bring_back(home, away)
    assert home.state("problem").state == "on"
    await days.pass_by(MAKE_UP_AFTER)

    assert home.state("last_attempt").state == "completed"
    assert home.state("problem").state == "off"


async def test_the_card_gets_unknown_figures(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    await home.back_up()
    await begin_without(home)

    client = await hass_ws_client()
    await client.send_json_auto_id(
        {"type": f"{DOMAIN}/subscribe", "config_entry_id": home.entry.entry_id, "limit": 5}
    )
    await client.receive_json()
    pihole = (await client.receive_json())["event"]["pihole"]

    assert pihole["available"] is False
    assert "is missing" in pihole["storage_message"]
    assert [pihole[key] for key in ("count", "storage_used", "free_space")] == [None, None, None]


async def test_what_can_only_be_read_is_listed_compared_and_downloaded(
    home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch, hass_client: ClientSessionGenerator
) -> None:
    older, newer = await back_up_twice(home, sim)
    [*_, archive] = home.archives
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    make_read_only(monkeypatch, home.folder)

    await home.reload()

    assert home.count == 2
    assert home.state("problem").state == "on"
    assert home.issues.keys() == {"storage_unusable"}
    with pytest.raises(HomeAssistantError, match="can't write"):
        await home.press()
    assert [record["id"] for record in await home.backups()] == [newer, older]
    assert "new.example.com" in await changes_between(home, older, newer)
    assert await async_setup_component(home.hass, "http", {})
    answer = await (await hass_client()).get(download_url(home.entry.entry_id, newer))
    assert await answer.read() == archive.read_bytes()

    monkeypatch.undo()
    await home.poll()
    assert home.state("problem").state == "on", "of the press that failed"
    await home.press()
    assert home.state("problem").state == "off"
    assert home.issues == {}


async def test_a_backup_on_a_disk_that_can_only_be_read_is_restored_after_moving_the_folder(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = kitchen.home
    backup_id = str((await home.back_up())[0]["id"])
    kitchen.sim.pihole.add_domain("oops.example.com")
    other_disk = home.folder.parent.parent / "other"
    os.mkdir(other_disk)  # noqa: PTH102 - a moment is enough
    with monkeypatch.context() as patch:
        make_read_only(patch, home.folder)
        await home.poll()
        with pytest.raises(
            HomeAssistantError, match=r"can't write.*another backup folder.*options"
        ):
            await kitchen.restore(backup_id)

        options = Options(home)
        await options.move(other_disk)
        await kitchen.restore(backup_id)

    assert "oops.example.com" not in {domain.domain for domain in kitchen.sim.pihole.domains}
    assert home.issues == {}


async def test_a_folder_that_lost_its_id_is_offered_and_used_again(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    for _ in range(3):
        await home.back_up()
    repository_id = (home.folder / ".store").read_bytes()
    (home.folder / ".store").unlink()
    shutil.copy(home.archives[0], home.folder / "without-a-record.zip")

    await home.reload()

    assert home.issues.keys() == {"storage_unidentified"}
    placeholders = home.issues["storage_unidentified"].translation_placeholders
    assert placeholders is not None
    assert (placeholders["count"], placeholders["folder"]) == ("3", str(home.folder))
    with pytest.raises(
        HomeAssistantError, match=r"\.store file is missing.* of this Pi-hole or another one: 3"
    ):
        await home.press()
    issue_id = f"storage_unidentified_{home.entry.entry_id}"
    ended = await go_through_dialog(home.hass, hass_client, issue_id)

    assert ended["type"] == "create_entry"
    assert (home.folder / ".store").read_bytes() == repository_id
    assert home.count >= 3
    assert home.issues == {}


async def test_a_folder_that_is_offered_is_not_used_when_it_is_another_one_by_then(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    await home.back_up()
    (home.folder / ".store").unlink()
    await home.poll()
    issue_id = f"storage_unidentified_{home.entry.entry_id}"
    (home.folder / ".store").write_text("ab" * 6)

    ended = await go_through_dialog(home.hass, hass_client, issue_id)

    assert (ended["type"], ended["reason"]) == ("abort", "failed")
    assert "another Pi-hole" in ended["description_placeholders"]["message"]
    assert (home.folder / ".store").read_text() == "ab" * 6
    await home.poll()
    assert home.issues.keys() == {"storage_unusable"}


async def test_a_folder_with_strange_files_only_is_not_offered(home: Home) -> None:
    await home.back_up()
    [archive] = home.archives
    archive.with_suffix(".json").write_text("{}")
    (home.folder / ".store").unlink()

    await home.reload()

    assert home.issues.keys() == {"storage_unusable"}


@dataclass(kw_only=True)
class Share:
    """A network share that can stop to answer."""

    patch: pytest.MonkeyPatch
    answers: threading.Event = field(default_factory=threading.Event)

    def hang(self) -> None:
        ready = Folder.ready

        def hang(folder: Folder) -> str:
            self.answers.wait()
            return ready(folder)

        self.patch.setattr(Folder, "ready", hang)


@pytest.fixture
def share(monkeypatch: pytest.MonkeyPatch) -> Iterator[Share]:
    monkeypatch.setattr(coordinator, "FIRST_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(manager, "STOP_SECONDS", 0.1)
    monkeypatch.setattr(manager, "UNUSED_SECONDS", 0.1)
    made = Share(patch=monkeypatch)
    yield made
    made.answers.set()


async def test_a_share_that_does_not_answer_holds_up_no_start_and_is_used_when_it_does(
    home: Home, share: Share
) -> None:
    await home.back_up()
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    share.hang()
    for start in (home.hass.config_entries.async_setup, home.hass.config_entries.async_reload):
        async with asyncio.timeout(5):
            await start(home.entry.entry_id)

        assert home.entry.state is ConfigEntryState.LOADED
        assert home.state("backup_count").state == "unknown"
        assert "hasn't responded" in str(home.issues["storage_unusable"].translation_placeholders)
        with pytest.raises(HomeAssistantError, match="hasn't responded"):
            await home.backups()

    share.answers.set()
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert home.count == 1
    assert home.issues == {}


async def test_a_press_that_waits_for_a_share_holds_up_no_unloading(
    home: Home, share: Share
) -> None:
    await home.back_up()
    share.hang()
    pressed = home.hass.async_create_task(home.fail_to_back_up())
    while not home.entry.runtime_data.data.is_running:  # noqa: ASYNC110 - it will be soon
        await asyncio.sleep(0)

    async with asyncio.timeout(5):
        assert await home.hass.config_entries.async_unload(home.entry.entry_id)

    share.answers.set()
    await pressed
    await home.reload()
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert home.count == 1
    assert len(home.files) == 2, "a backup, and nothing unfinished"


async def test_a_first_look_that_waits_for_a_freeze_blames_no_folder(
    home: Home, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.back_up()
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    freeze = async_get_freeze(home.hass)
    probe = Pihole.async_probe

    async def freeze_meanwhile(pihole: Pihole) -> None:
        freeze.begin()
        await probe(pihole)

    with monkeypatch.context() as patch:
        patch.setattr(Pihole, "async_probe", freeze_meanwhile)
        await home.hass.config_entries.async_setup(home.entry.entry_id)

    assert home.entry.state is ConfigEntryState.LOADED
    assert home.issues == {}
    with pytest.raises(HomeAssistantError, match="Home Assistant is backing itself up"):
        await home.backups()
    freeze.end()
    await home.poll()
    assert home.count == 1
    assert home.issues == {}
