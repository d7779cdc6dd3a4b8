"""No file of a repository changes while Home Assistant makes its own backup, by whichever door."""

import asyncio
from datetime import UTC, datetime
import os
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.backup import async_post_backup, async_pre_backup
from homeassistant.components.file_upload import DOMAIN as FILE_UPLOAD
from homeassistant.components.file_upload import FileUploadData
from pihole_simulator import Simulator, build_archive
from tests.support.home import Home

LAST_YEAR = datetime(2025, 6, 7, tzinfo=UTC)
PATIENCE = 0.3
"""In seconds; what does not wait for the end of the freeze takes a tenth of that."""


def files(home: Home) -> dict[str, tuple[int, int]]:
    found = [path for path in home.folder.rglob("*") if path.is_file()]
    return {str(item): (item.stat().st_ino, item.stat().st_mtime_ns) for item in found}


@pytest.mark.parametrize(
    "door", ["backup", "restore", "undo_restore", "update", "delete", "verify", "upload", "poll"]
)
async def test_what_changes_files_waits_for_the_end_of_home_assistants_backup(
    home: Home, sim: Simulator, tmp_path: Path, door: str
) -> None:
    sim.auth.login_attempts_per_second = 100_000
    sim.pihole.settings["webserver.api.app_sudo"] = True
    one = {"config_entry_id": home.entry.entry_id}
    sim.pihole.restless = True
    [first] = await home.back_up()
    sim.pihole.add_domain("new.example")
    await home.back_up()
    data: dict[str, object] = dict(one)
    match door:
        case "restore" | "delete":
            data["backup_id"] = first["id"]
        case "update":
            data.update(backup_id=first["id"], pinned=True)
        case "undo_restore":
            await home.call("restore", **one, backup_id=first["id"])
        case "verify":
            damaged = home.folder / str(first["filename"])
            damaged.write_bytes(bytes(damaged.stat().st_size))  # only reading it shows that
        case "upload":
            uploads = FileUploadData(tmp_path, {"1": "upload.zip"})
            home.hass.data[FILE_UPLOAD] = uploads
            uploads.file_path("1").parent.mkdir()
            uploads.file_path("1").write_bytes(build_archive(sim.pihole, LAST_YEAR))
            data["file"] = "1"
    await async_pre_backup(home.hass)
    if door == "poll":  # not before, as Home Assistant's backup looks at the folder as well
        put = home.folder / "by-hand.zip"
        put.write_bytes(build_archive(sim.pihole, LAST_YEAR))
        os.utime(put, (1_700_000_000,) * 2)
    before = files(home)

    calling = home.hass.async_create_task(
        home.poll() if door == "poll" else home.call(door, **data)
    )
    await asyncio.wait([calling], timeout=PATIENCE)
    during = files(home)
    await async_post_backup(home.hass)
    await calling
    await home.poll()

    assert during == before
    assert files(home) != before
