"""A disk on which single files cannot be read any more."""

from datetime import timedelta
import os
from pathlib import Path
import shutil
from types import SimpleNamespace

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.options import (
    CONF_DAILY,
    CONF_LAST,
    CONF_MANUAL,
    CONF_MONTHLY,
    CONF_WEEKLY,
    SECTION_RETENTION,
)
from homeassistant.exceptions import HomeAssistantError
from pihole_simulator import Simulator, build_archive
from tests.support.bad_sector import make_unreadable
from tests.support.days import Days
from tests.support.home import Home
from tests.support.uploading import choose


@pytest.fixture(autouse=True)
def _unlimited_logins(unlimited_logins: None) -> None:
    """Let tests back up as often as they like."""


def files_of(home: Home) -> str:
    """Return the files that Repairs names, with reasons."""
    placeholders = home.issues["refused_archives"].translation_placeholders
    assert placeholders is not None
    return placeholders["files"]


async def test_an_archive_that_cannot_be_read_keeps_no_other_from_being_read_again(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = days.home
    await days.schedule("never")
    for _ in range(3):
        await home.press()
    unreadable, spoiled, _ = home.archives
    spoil(spoiled)
    with monkeypatch.context() as patch:
        make_unreadable(patch, unreadable)
        patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=123_000_000))

        for _ in range(10):
            await days.pass_by(timedelta(days=1))

        assert home.entry.runtime_data.data.damaged == 1
        assert home.entry.runtime_data.data.free_space == 123_000_000
        assert home.count == 2, "it may be read again one day"
        assert sorted(home.issues) == ["damaged_archives", "refused_archives"]
        assert f"\n- `{unreadable.name}`: A file in the folder" in files_of(home)
        assert "Input/output error" in files_of(home)

    for _ in range(10):
        await days.pass_by(timedelta(days=1))
    assert home.issues.keys() == {"damaged_archives"}


async def test_a_record_that_cannot_be_read_hides_no_other_backup_at_a_start(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await home.press()
    unreadable = home.archives[1].with_suffix(".json")
    with monkeypatch.context() as patch:
        make_unreadable(patch, unreadable)

        await home.reload()

        assert home.count == 2
        assert home.issues.keys() == {"refused_archives"}
        assert f"\n- `{home.archives[1].name}`: A file in the folder" in files_of(home)
        await home.press()
        assert home.count == 3

    await home.poll()
    assert home.count == 4
    assert home.issues == {}


async def test_a_record_that_cannot_be_read_any_more_may_hold_a_pin_and_keeps_no_other_backup(
    home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        sim.pihole.add_domain(f"{number}.example.com")
        await home.press()
    oldest, middle, _ = home.archives
    no_rules = {CONF_LAST: 0, CONF_DAILY: 0, CONF_WEEKLY: 0, CONF_MONTHLY: 0}
    await home.choose(**{SECTION_RETENTION: {**no_rules, CONF_MANUAL: 1}})
    make_unreadable(monkeypatch, oldest.with_suffix(".json"))

    await home.call("prune", dry_run=False)

    assert oldest.exists()
    assert not middle.exists()
    assert home.count == 2


async def test_an_archive_put_into_the_folder_that_cannot_be_read_keeps_no_other_from_coming_in(
    home: Home, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [home.folder / f"{name}.zip" for name in "abc"]
    for path in paths:
        sim.pihole.add_domain(f"{path.name}.example.com")
        path.write_bytes(build_archive(sim.pihole, sim.clock.datetime()))
        os.utime(path, (1, 1))
    make_unreadable(monkeypatch, paths[1])

    await home.poll()

    assert home.count == 2
    assert home.state("problem").state == "off"
    assert "`b.zip`: A file in the folder" in files_of(home)


async def test_a_file_of_anybody_that_cannot_be_read_is_in_nobodys_way(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.press()
    foreign = home.folder / "theirs.json"
    foreign.write_text("{}")
    make_unreadable(monkeypatch, foreign)
    staged = home.folder / ".staging" / "left.json"
    staged.write_text("{}")
    os.utime(staged, (1, 1))
    make_unreadable(monkeypatch, staged)

    await home.reload()

    assert home.count == 1
    assert home.issues == {}
    await home.press()
    assert home.count == 2


async def test_reading_all_archives_reads_the_others_too_and_says_that_one_cannot_be_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await home.press()
    oldest, _, newest = home.archives
    spoil(oldest)
    spoil(newest)
    make_unreadable(monkeypatch, home.archives[1])

    with pytest.raises(HomeAssistantError, match=r"A file in the folder .* Input/output error"):
        await home.call("verify", config_entry_id=home.entry.entry_id)

    assert home.entry.runtime_data.data.damaged == 2


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"x")


async def test_an_upload_of_the_same_archive_mends_one_that_cannot_be_read(
    home: Home, hass_client: ClientSessionGenerator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    await home.press()
    [archive] = home.archives
    content = archive.read_bytes()
    file = await choose(home, hass_client, content, archive.name)
    with monkeypatch.context() as patch:
        make_unreadable(patch, archive)
        before = archive.stat().st_ino

        await home.call("upload", config_entry_id=home.entry.entry_id, file=file)

    assert archive.stat().st_ino != before
    assert archive.read_bytes() == content
    assert home.count == 1
    assert home.issues == {}
