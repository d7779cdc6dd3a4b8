"""What a user can do about an issue is in its dialog."""

from contextlib import suppress
from datetime import timedelta
import os
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.repairs import ISSUES
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION
from homeassistant.exceptions import HomeAssistantError
from pihole_simulator import Simulator, build_archive
from tests.support.bad_sector import make_unreadable
from tests.support.days import Days
from tests.support.home import Home
from tests.support.repairs import RepairDialog, open_repair

pytestmark = pytest.mark.usefixtures("unlimited_logins")


# A scheduled backup is missing --------------------------------------------------------------------


@pytest.fixture
async def overdue(days: Days, sim: Simulator) -> Home:
    await sim.stop()
    await days.move_to(days.home.entry.runtime_data.data.next_run)
    await days.pass_by(timedelta(hours=6))
    assert days.home.issues.keys() == {"overdue"}
    return days.home


async def test_an_overdue_backup_is_made_from_its_issue(
    overdue: Home, sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    await sim.start()
    before = overdue.count

    dialog = await open_repair(overdue, hass_client, "overdue")
    assert await dialog.choose("back_up") == "create_entry"

    assert overdue.count == before + 1
    assert overdue.issues == {}


async def test_an_overdue_backup_that_fails_again_says_why_and_stays_an_issue(
    overdue: Home, hass_client: ClientSessionGenerator
) -> None:
    dialog = await open_repair(overdue, hass_client, "overdue")

    assert await dialog.choose("back_up") == "failed"

    assert "Can't connect to" in dialog.shown["description_placeholders"]["message"]
    assert overdue.issues.keys() == {"overdue"}


# Backups are damaged ------------------------------------------------------------------------------


@pytest.fixture
async def damaged(home: Home) -> tuple[Home, Path, bytes]:
    """Return a home with a good and a damaged backup, the damaged file, and what it held."""
    await home.back_up()
    [path] = home.archives
    content = path.read_bytes()
    await home.back_up()
    os.truncate(path, 10)
    await home.poll()
    assert home.issues.keys() == {"damaged_archives"}
    return home, path, content


async def test_damaged_backups_are_checked_again_when_their_files_were_put_back(
    damaged: tuple[Home, Path, bytes], hass_client: ClientSessionGenerator
) -> None:
    home, path, content = damaged
    path.write_bytes(content)

    dialog = await open_repair(home, hass_client, "damaged_archives")
    assert await dialog.choose("check") == "create_entry"

    assert home.issues == {}
    assert home.count == 2


async def test_backups_that_are_still_damaged_stay_an_issue(
    damaged: tuple[Home, Path, bytes], hass_client: ClientSessionGenerator
) -> None:
    home, *_ = damaged

    dialog = await open_repair(home, hass_client, "damaged_archives")
    assert await dialog.choose("check") == "still_damaged"

    assert home.issues.keys() == {"damaged_archives"}
    assert len(home.archives) == 2


async def test_damaged_backups_are_deleted_after_a_second_question_and_no_others(
    damaged: tuple[Home, Path, bytes], hass_client: ClientSessionGenerator
) -> None:
    home, path, _ = damaged

    dialog = await open_repair(home, hass_client, "damaged_archives")
    assert await dialog.choose("delete") == "delete"
    assert path.name in dialog.shown["description_placeholders"]["files"]
    assert path.exists()
    assert await dialog.submit() == "create_entry"

    assert not path.exists()
    assert home.count == len(home.archives) == 1
    assert home.issues == {}


async def test_a_backup_that_became_whole_before_the_answer_is_not_deleted(
    damaged: tuple[Home, Path, bytes], hass_client: ClientSessionGenerator
) -> None:
    home, path, content = damaged
    dialog = await open_repair(home, hass_client, "damaged_archives")
    await dialog.choose("delete")

    path.write_bytes(content)
    await dialog.submit()

    assert path.read_bytes() == content
    assert home.count == 2
    assert home.issues == {}


# Files that are no backups ------------------------------------------------------------------------


@pytest.fixture
async def refused(home: Home, sim: Simulator) -> tuple[Home, Path]:
    await home.back_up()
    path = home.folder / "mine.zip"
    path.write_bytes(build_archive(sim.pihole, sim.clock.datetime())[:-9])
    os.utime(path, (1, 1))
    await home.poll()
    assert home.issues.keys() == {"refused_archives"}
    return home, path


async def test_files_that_are_no_backups_are_deleted_after_a_second_question(
    refused: tuple[Home, Path], hass_client: ClientSessionGenerator
) -> None:
    home, path = refused

    dialog = await open_repair(home, hass_client, "refused_archives")
    assert await dialog.choose("delete") == "delete"
    assert path.exists()
    assert await dialog.submit() == "create_entry"

    assert not path.exists()
    assert home.count == len(home.archives) == 1
    assert home.issues == {}


async def test_a_file_that_was_replaced_before_the_answer_is_not_deleted(
    refused: tuple[Home, Path], sim: Simulator, hass_client: ClientSessionGenerator
) -> None:
    home, path = refused
    dialog = await open_repair(home, hass_client, "refused_archives")
    await dialog.choose("delete")

    sim.pihole.hosts.append("192.168.1.77 new.lan")
    path.write_bytes(build_archive(sim.pihole, sim.clock.datetime()))
    os.utime(path, (1, 1))
    await dialog.submit()

    assert path.exists()
    assert home.count == 2
    assert home.issues == {}


async def unreadable_in_a_dialog(
    home: Home, patch: pytest.MonkeyPatch, hass_client: ClientSessionGenerator
) -> tuple[Path, RepairDialog]:
    """Have a backup that cannot be read, and a dialog that asks whether to delete it."""
    for _ in range(2):
        await home.press()
    path = home.archives[0]
    make_unreadable(patch, path)
    with suppress(HomeAssistantError):
        await home.call("verify")
    await home.poll()
    dialog = await open_repair(home, hass_client, "refused_archives")
    assert await dialog.choose("delete") == "delete"
    return path, dialog


async def test_a_backup_that_can_be_read_again_before_the_answer_is_not_deleted(
    home: Home, monkeypatch: pytest.MonkeyPatch, hass_client: ClientSessionGenerator
) -> None:
    with monkeypatch.context() as patch:
        path, dialog = await unreadable_in_a_dialog(home, patch, hass_client)
    await dialog.submit()

    assert path.exists()
    assert home.count == 2
    assert home.issues == {}


async def test_a_backup_that_cannot_be_read_is_deleted_after_a_second_question(
    home: Home, monkeypatch: pytest.MonkeyPatch, hass_client: ClientSessionGenerator
) -> None:
    with monkeypatch.context() as patch:
        path, dialog = await unreadable_in_a_dialog(home, patch, hass_client)
        await dialog.submit()

    assert not path.exists()
    assert home.count == 1
    assert home.issues == {}


async def test_a_link_that_took_the_place_of_a_file_leads_to_no_deletion(
    refused: tuple[Home, Path], hass_client: ClientSessionGenerator, tmp_path: Path
) -> None:
    home, path = refused
    dialog = await open_repair(home, hass_client, "refused_archives")
    await dialog.choose("delete")

    other = tmp_path / "other.zip"
    path.rename(other)
    path.symlink_to(other)
    await dialog.submit()

    assert other.exists()


async def test_files_that_are_no_backups_can_be_ignored(
    refused: tuple[Home, Path], hass_client: ClientSessionGenerator
) -> None:
    home, path = refused

    dialog = await open_repair(home, hass_client, "refused_archives")
    assert await dialog.choose("ignore") == "ignored"

    await home.poll()
    assert home.issues["refused_archives"].dismissed_version is not None
    assert path.exists()


# The folder ---------------------------------------------------------------------------------------


async def test_a_folder_that_is_there_again_is_used_again_from_its_issue(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    await home.back_up()
    away = home.folder.rename(home.folder.with_name("away"))
    with pytest.raises(HomeAssistantError):
        await home.press()
    await home.poll()

    dialog = await open_repair(home, hass_client, "storage_unusable")
    assert await dialog.choose("try_again") == "failed"
    assert "is missing" in dialog.shown["description_placeholders"]["message"]
    assert home.issues.keys() == {"storage_unusable"}

    away.rename(home.folder)
    dialog = await open_repair(home, hass_client, "storage_unusable")
    assert await dialog.choose("try_again") == "create_entry"
    assert home.issues == {}
    assert home.state("problem").state == "off", "the backup that failed is made, too"


async def test_another_folder_is_chosen_in_the_options_to_which_the_dialog_leads(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    away = home.folder.rename(home.folder.with_name("away"))
    await home.poll()

    dialog = await open_repair(home, hass_client, "storage_unusable")
    assert await dialog.choose("choose_folder") == "choose_folder"

    if (MAJOR_VERSION, MINOR_VERSION) > (2026, 5):
        kind, flow_id = dialog.shown["next_flow"]
        assert kind == "options_flow"
        [flow] = home.hass.config_entries.options.async_progress()
        assert (flow["flow_id"], flow["handler"]) == (flow_id, home.entry.entry_id)
        assert flow["step_id"] == "storage"
    else:
        assert home.hass.config_entries.options.async_progress() == []
    assert home.issues.keys() == {"storage_unusable"}
    away.rename(home.folder)


# In general ---------------------------------------------------------------------------------------


async def test_nothing_is_done_for_a_pihole_that_is_not_loaded(
    refused: tuple[Home, Path], hass_client: ClientSessionGenerator
) -> None:
    home, path = refused
    dialog = await open_repair(home, hass_client, "refused_archives")
    await dialog.choose("delete")
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )

    assert await dialog.submit() == "not_loaded"
    assert path.exists()


def test_each_issue_has_one_dialog_at_most() -> None:
    """The dialog is found by the beginning of an issue's ID."""
    assert [(short, key) for short in ISSUES for key in ISSUES if key.startswith(f"{short}_")] == []
