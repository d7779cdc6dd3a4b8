"""What a user sees of a disk that fails, and of one that never answers."""

import asyncio
import errno
import threading

import pytest

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant import core
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from pihole_simulator import Simulator
from tests.support.home import AddPihole, Home

from . import hooks
from .hooks import Call, Kind


@pytest.fixture(autouse=True)
def any_number_of_logins(sim: Simulator) -> None:
    sim.auth.login_attempts_per_second = 100_000


def issues(home: Home) -> set[str]:
    registry = ir.async_get(home.hass)
    return {
        issue.translation_key or "" for issue in registry.issues.values() if issue.domain == DOMAIN
    }


@pytest.mark.parametrize(
    ("kind", "error", "sentence"),
    [
        (Kind.WRITE, errno.ENOSPC, "no space left in"),
        (Kind.FSYNC, errno.EIO, "Check the disk it's on"),
        (Kind.CREATE, errno.EROFS, "can't write to"),
        (Kind.RENAME, errno.EDQUOT, "no space left in"),
    ],
)
async def test_a_disk_that_fails_is_named_in_words_until_it_is_well(
    home: Home, sim: Simulator, kind: Kind, error: int, sentence: str
) -> None:
    await home.press()
    before = {path: path.read_bytes() for path in home.archives}
    sim.pihole.add_domain("new.example.com")

    with (
        hooks.faulty_disk(home.folder.parent, lambda _, call: error if call.kind is kind else None),
        pytest.raises(HomeAssistantError, match=sentence) as raised,
    ):
        await home.press()

    assert str(home.folder) in str(raised.value)
    assert home.state("last_attempt").state == "failed"
    assert issues(home) == {"storage_unusable"}
    assert home.count == 1
    assert {path: path.read_bytes() for path in home.archives} == before
    assert len(home.files) == 2
    assert sim.sessions == []

    await home.press()
    assert home.state("last_attempt").state == "completed"
    assert issues(home) == set()
    assert home.count == 2


async def test_where_the_share_is_an_empty_folder_nothing_is_done_and_nothing_forgotten(
    home: Home,
) -> None:
    [record] = await home.back_up()
    one = {"config_entry_id": home.entry.entry_id, "backup_id": record["id"]}
    away = home.folder.rename(home.folder.with_name("away"))
    home.folder.mkdir()

    for service, more in (("update", {"pinned": True}), ("delete", {})):
        with pytest.raises(HomeAssistantError, match="is missing"):
            await home.call(service, **one, **more)
    with pytest.raises(HomeAssistantError, match="is missing"):
        await home.press()
    await home.poll()

    assert list(home.folder.iterdir()) == []
    assert home.state("backup_count").state == STATE_UNKNOWN
    assert issues(home) == {"storage_unusable"}
    home.folder.rmdir()
    away.rename(home.folder)
    await home.poll()
    assert home.count == 1
    await home.press()
    assert home.count == 2
    assert issues(home) == set()


async def test_a_share_that_hangs_holds_up_neither_others_nor_the_end_of_home_assistant(
    hass: HomeAssistant,
    home: Home,
    add_pihole: AddPihole,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = await add_pihole(sim.url, folder="attic", title="Attic")
    reached, goes_on = threading.Event(), threading.Event()

    def hang(_: int, call: Call) -> None:
        if call.kind is Kind.FSYNC and call.name.startswith(home.folder.name):
            reached.set()
            goes_on.wait()

    with hooks.faulty_disk(home.folder.parent, hang):
        held = hass.async_create_task(home.press())
        await asyncio.to_thread(reached.wait)
        try:
            await other.press()
            assert other.count == 1
            assert home.state("last_attempt").state == "running"
            for stage in ("STOPPING_STAGE", "STOP_STAGE", "FINAL_WRITE_STAGE", "CLOSE_STAGE"):
                monkeypatch.setattr(core, f"{stage}_SHUTDOWN_TIMEOUT", 0.1)
            async with asyncio.timeout(10):
                await hass.async_stop(force=True)
        finally:
            goes_on.set()
        with pytest.raises((HomeAssistantError, asyncio.CancelledError)):
            await held
    assert home.archives == []
    assert sim.sessions == []
