"""Archives as people have them: packed again, or by hand from the disk of a Pi-hole."""

import os

import pytest

from pihole_simulator import build_archive
from tests.support.kitchen import APP_SUDO, Kitchen
from tests.support.repacked import REPACKED, rescued

ALL = {**REPACKED, "rescued folder": rescued}


def put(kitchen: Kitchen, name: str, content: bytes) -> None:
    path = kitchen.home.folder / name
    path.write_bytes(content)
    os.utime(path, (1_768_000_000, 1_768_000_000))


async def test_all_that_a_user_may_have_becomes_backups_and_what_a_mac_leaves_beside_does_not(
    kitchen: Kitchen,
) -> None:
    archive = build_archive(kitchen.sim.pihole, kitchen.sim.clock.datetime())
    for number, repack in enumerate(ALL.values()):
        put(kitchen, f"mine {number}.zip", repack(archive))
        put(kitchen, f"._mine {number}.zip", b"\0\5\x16\7 of a Mac")

    await kitchen.home.poll()
    await kitchen.home.hass.async_block_till_done(wait_background_tasks=True)

    backups = await kitchen.home.backups()
    assert kitchen.home.issues == {}
    assert len(backups) == len(ALL)
    domains = len(kitchen.sim.pihole.domains)
    assert [backup["contents"]["domains"] for backup in backups] == [domains] * len(ALL)


@pytest.mark.parametrize("how", ["Finder", "backslashes", "capitals", "rescued folder"])
async def test_what_a_pihole_itself_would_pass_over_is_restored(kitchen: Kitchen, how: str) -> None:
    pihole = kitchen.sim.pihole
    pihole.settings[APP_SUDO] = True
    put(kitchen, "mine.zip", ALL[how](build_archive(pihole, kitchen.sim.clock.datetime())))
    before = kitchen.configuration
    await kitchen.home.poll()
    [stored] = await kitchen.home.backups()
    pihole.domains.pop()
    pihole.adlists.pop()
    pihole.settings["dns.blockTTL"] = 60

    answer = await kitchen.restore(stored["id"])

    assert (answer["proven"], answer["remarks"]) == (True, [])
    assert kitchen.configuration == before


async def test_an_archive_whose_own_name_is_in_capitals_is_a_backup_like_any_other(
    kitchen: Kitchen,
) -> None:
    home = kitchen.home
    archive = build_archive(kitchen.sim.pihole, kitchen.sim.clock.datetime())
    put(kitchen, "MINE.ZIP", archive)
    put(kitchen, "other.zip", REPACKED["zip -r"](archive))
    await home.poll()
    await home.hass.async_block_till_done(wait_background_tasks=True)
    stored = await home.backups()
    assert {backup["filename"] for backup in stored} == {"MINE.ZIP", "other.zip"}
    await home.reload()
    assert await home.backups() == stored

    (home.folder / "MINE.ZIP").unlink()
    await home.poll()
    states = {backup["filename"]: backup["status"] for backup in await home.backups()}
    assert states == {"MINE.ZIP": "missing", "other.zip": "good"}

    [gone] = [backup for backup in stored if backup["filename"] == "MINE.ZIP"]
    await home.call("delete", config_entry_id=kitchen.entry_id, backup_id=gone["id"])
    assert [backup["filename"] for backup in await home.backups()] == ["other.zip"]
    assert {path.name for path in home.folder.glob("[!.]*")} == {"other.zip", "other.json"}
