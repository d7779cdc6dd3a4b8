"""The backup folder is a place where others write, too, perhaps another Home Assistant."""

import asyncio
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.backup import async_post_backup, async_pre_backup
from custom_components.pihole_checkpoint.engine.errors import HomeAssistantBackupRunning
from custom_components.pihole_checkpoint.engine.repository import (
    catching_up,
    presence,
    prune,
    repository,
)
from homeassistant.core import HomeAssistant
from pihole_simulator import Pihole, build_archive
from tests.support.home import Home

NOW = datetime(2026, 1, 20, 3, 24, 15, tzinfo=UTC)
MANY = 60


def put(home: Home, name: str, content: bytes) -> Path:
    path = home.folder / name
    path.write_bytes(content)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return path


# Names --------------------------------------------------------------------------------------------


async def test_a_files_name_stays_a_name_in_repairs_and_in_the_log(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    put(home, "a`\n\n# Your Pi-hole is broken\n[click](evil) \u202e`.zip", b"no zip")

    await home.poll()

    placeholders = home.issues["refused_archives"].translation_placeholders or {}
    files = placeholders["files"].removeprefix("\n\n- ")
    assert files.startswith("`a")
    assert ".zip`: The file isn't a complete" in files
    assert files.count("`") == 2
    assert files.isprintable()
    [line] = [record for record in caplog.records if "is not a backup" in record.getMessage()]
    assert line.getMessage().isprintable()


# Another Home Assistant ---------------------------------------------------------------------------


def other_looks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be another Home Assistant that looks at the folder."""
    with monkeypatch.context() as patch:
        patch.setattr(presence, "_OURS", "a00000000001")
        presence.Presence(home.folder, home.folder / ".staging").look()


async def test_another_home_assistant_in_the_folder_is_an_issue_until_it_is_gone(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await home.poll()
    assert "folder_shared" not in home.issues

    for _ in range(2):
        other_looks(home, monkeypatch)
        await home.poll()
    issue = home.issues["folder_shared"]
    assert issue.translation_placeholders == {"name": "Kitchen", "folder": str(home.folder)}
    assert caplog.text.count("Another Home Assistant also uses") == 1

    monkeypatch.setattr(presence, "_REMEMBERED_SECONDS", 0)
    await home.poll()
    assert "folder_shared" not in home.issues


async def test_one_home_assistant_that_starts_again_is_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in range(3):
        monkeypatch.setattr(presence, "_OURS", f"a0000000000{run}")
        await home.reload()
        await home.poll()
        assert "folder_shared" not in home.issues


# Many files at once -------------------------------------------------------------------------------


@pytest.fixture
def many(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Put many archives into the folder, each with another change in it."""
    monkeypatch.setattr(catching_up, "STEP_SECONDS", 0.02)
    monkeypatch.setattr(repository, "SECONDS_BETWEEN_STEPS", 0.1)
    monkeypatch.setattr(prune, "_SECONDS_TO_ADOPT", 0.02)
    pihole = Pihole.example()
    for number in range(MANY):
        made_at = NOW + timedelta(hours=number)
        pihole.add_domain(f"domain-{number}.example")
        name = f"pi-hole_pihole_teleporter_{made_at:%Y-%m-%d_%H-%M-%S}_UTC.zip"
        put(home, name, build_archive(pihole, made_at))
    return home


async def settled(home: Home) -> None:
    """Wait until nothing is left to be taken in or compared."""
    for _ in range(3000):
        if not home.entry.runtime_data.manager.repository.is_behind:
            return
        await asyncio.sleep(0.02)
    pytest.fail("it does not end")


async def test_a_backup_does_not_wait_until_all_archives_are_taken_in(many: Home) -> None:
    await many.poll()
    assert many.count < MANY

    async with asyncio.timeout(5):
        await many.press()
    assert many.state("last_attempt").state == "completed"
    assert many.count < MANY, "the others are still being taken in"

    await settled(many)
    assert many.count == MANY + 1


async def test_many_archives_are_taken_in_and_compared_without_another_look(many: Home) -> None:
    await many.poll()
    await settled(many)

    assert many.count == MANY
    oldest, *others = reversed(await many.backups())
    assert not oldest["changes"]
    assert {item["changes"] for item in others} == {"1 domain added"}


async def test_a_freeze_stops_taking_in_and_it_goes_on_afterwards(
    many: Home, hass: HomeAssistant
) -> None:
    await many.poll()
    await async_pre_backup(hass)
    before = many.files
    count = many.count
    assert count < MANY
    await asyncio.sleep(0.3)
    assert (many.files, many.count) == (before, count)

    await async_post_backup(hass)
    await settled(many)
    assert many.count >= MANY


async def test_unloading_ends_taking_in_and_the_next_start_goes_on(many: Home) -> None:
    await many.poll()
    assert many.count < MANY

    await many.reload()
    await settled(many)
    await many.hass.async_block_till_done()

    assert many.count == MANY


# What is on the disk counts -----------------------------------------------------------------------


async def test_a_backup_that_is_cancelled_once_it_is_stored_has_not_failed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = home.entry.runtime_data.manager
    rename = Path.rename
    loop = asyncio.get_running_loop()
    cancelling: list[asyncio.Future[None]] = []

    def cancel_then_rename(path: Path, target: Path) -> Path:
        if path.suffix == ".json":
            done = asyncio.run_coroutine_threadsafe(begin_to_cancel(), loop)
            done.result()
        return rename(path, target)

    async def begin_to_cancel() -> None:
        cancelling.append(asyncio.ensure_future(manager.jobs.cancel(HomeAssistantBackupRunning())))
        await asyncio.sleep(0)

    monkeypatch.setattr(Path, "rename", cancel_then_rename)

    await home.press()
    await asyncio.gather(*cancelling)

    assert home.count == 1
    assert home.state("last_attempt").state == "completed"
    assert home.entry.runtime_data.data.attempt.reason is None
