"""Fail in every way, and record the errors' translation keys."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
import errno
import os
from types import SimpleNamespace
from typing import Final

from freezegun import freeze_time
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from pihole_simulator import Credentials, Fault, broken, build_archive, faults
from pihole_simulator.fault_plan import Place
from tests.support.passwords import PASSWORD

from .doors import NOBODY
from .house import House, reached
from .setting_up import enter_password_again

_FAULTS: Final[Mapping[str, tuple[Place, Fault]]] = {
    "the connection breaks off": ("login", faults.drop()),
    "a page answers": ("login", faults.json({"hello": "world"}, 200)),
    "a page of a proxy answers": ("login", faults.html()),
    "a proxy reaches nobody": ("login", faults.html("Bad Gateway", 502)),
    "a proxy has a limit": ("export", faults.html("Too Large", 413)),
    "it leads elsewhere": ("login", faults.redirect("https://pi.hole")),
    "it does not speak HTTP": ("login", faults.raw(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
    "there is two-factor authentication": (
        "login",
        faults.error(401, "unauthorized", "Invalid 2FA token"),
    ),
    "all seats are taken": ("login", faults.error(429, "api_seats_exceeded", "exceeded", "more")),
    "logins are limited": ("login", faults.error(429, "rate_limiting", "Rate-limiting")),
    "it is not allowed": ("export", faults.error(403, "forbidden", "Not allowed")),
    "the Pi-hole fails": ("export", faults.error(500, "compression_error", "Cannot read it")),
    "its database is unreadable": (
        "export",
        faults.error(500, "compression_error", "Failed to create gravity database"),
    ),
    "less comes than announced": ("export", faults.cut(after=700)),
    "more comes than announced": ("export", faults.overrun(b"and more")),
}
type Spoil = Callable[[bytes], bytes]
_ARCHIVES: Final[Mapping[str, Spoil]] = {
    "the archive is damaged": lambda value: broken.flipped(value, broken.GRAVITY),
    "the archive is encrypted": broken.encrypted,
    "the archive is dangerous": lambda value: broken.with_member(value, "../evil", b"!"),
    "the archive lacks something": lambda value: broken.without(value, broken.TOML),
    "the configuration is broken": broken.broken_toml,
    "the database is broken": broken.broken_sqlite,
}
_DISK: Final = {
    "the disk is full": errno.ENOSPC,
    "the folder is not writable": errno.EACCES,
    "the disk fails": errno.EIO,
}


async def of_the_pihole(house: House) -> None:
    """Fail to back up because of the Pi-hole or its archive."""
    sim = house.kitchen
    healthy = build_archive(sim.pihole, datetime.now(UTC))
    cases = dict(_FAULTS) | {
        name: ("export", faults.replace(spoil(healthy))) for name, spoil in _ARCHIVES.items()
    }
    for case, (place, fault) in cases.items():
        sim.faults.always(place, fault)
        await house.fails(f"back up, but {case}", house.press())
        sim.faults.clear()
    sim.faults.next("export", faults.call(sim.auth.end_all_sessions), times=2)
    await house.fails("back up, but the session ends", house.press())
    sim.faults.clear()
    await sim.stop()
    await house.fails("back up, but it is away", house.press())
    await house.reload()  # so that it is kept why
    await sim.start()
    sim.change_credentials(Credentials(password="another"))
    await house.fails("back up, but the password is wrong", house.press())
    sim.change_credentials(Credentials(password=PASSWORD))
    await enter_password_again(house)
    await house.press()
    await house.look()


@contextmanager
def _system_call_fails(name: str, number: int) -> Iterator[None]:
    def failing(*_args: object, **_kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, name, failing)
        yield


async def of_the_folder(house: House) -> None:
    """Fail to back up because of the backup folder."""
    for case, number in _DISK.items():
        with _system_call_fails("fsync", number):
            await house.fails(f"back up, but {case}", house.press())
    await house.press()
    folder = house.folder
    away = folder.rename(folder.with_name("away"))
    (away / ".store").rename(away / "hidden")  # so that it is not found for another
    await house.fails("back up, but the folder is away", house.press())
    (away / "hidden").rename(away / ".store")
    away.rename(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=49_000_000))
        await house.reload()
    await house.reload()
    await house.press()
    await house.look()


async def of_what_was_asked(house: House) -> None:
    """Call actions that cannot be performed."""
    newest = (await house.listed())[0]
    one = {"backup_id": NOBODY}
    for action in ("update", "verify", "delete"):
        await house.fails(f"{action} what is not there", house.act(action, **one))
    await house.fails("upload nothing", house.act("upload", file="0" * 32))
    await house.fails("compare nothing", house.act("compare"))
    await house.fails("ask for no Pi-hole", house.act("list", config_entry_id="none"))
    damaged = next(item for item in await house.listed() if item["status"] != "good")
    await house.fails(
        "compare what is damaged",
        house.act("compare", backup_id=damaged["id"], other_backup_id=newest["id"]),
    )
    healthy = build_archive(house.kitchen.pihole, datetime.now(UTC))
    new = broken.with_sql(healthy, "ALTER TABLE client RENAME COLUMN ip TO address")
    house.kitchen.faults.next("export", faults.replace(new))
    unknown = (await house.back_up())["id"]
    await house.fails(
        "compare what is of a new kind",
        house.act("compare", backup_id=unknown, other_backup_id=newest["id"]),
    )
    await house.attic.stop()
    both = list(house.entries.values())
    await house.fails("back up both, one is away", house.act("backup", config_entry_id=both))
    await house.kitchen.stop()
    await house.fails("back up both, which are away", house.act("backup", config_entry_id=both))
    await house.kitchen.start()
    await house.attic.start()
    await house.act("backup", config_entry_id=both)


async def of_a_restore_of_the_attic(house: House) -> None:
    """Restore with an app password that is read-only, and undo without a restore."""
    attic = house.entries["attic"]
    stored = (await house.act("list", config_entry_id=attic))["backups"][0]
    house.attic.pihole.settings["dns.blockTTL"] = 99
    order = {"config_entry_id": attic, "backup_id": stored["id"]}
    await house.fails("restore, but app passwords may not", house.act("restore", **order))
    await house.fails("take back what never was", house.act("undo_restore", config_entry_id=attic))


async def at_the_end(house: House) -> None:
    """Unload the entry during a backup, miss a scheduled backup, and remove all Pi-holes."""
    gate = faults.gate()
    house.kitchen.faults.next("export", gate)
    pressing = asyncio.create_task(house.press())
    await reached(gate, pressing)
    unloading = asyncio.create_task(
        house.hass.config_entries.async_unload(house.entries["kitchen"])
    )
    await asyncio.sleep(0.01)
    gate.open()
    await unloading
    await house.fails("back up, but Home Assistant stops", pressing)
    await house.reload()
    await house.kitchen.stop()
    with freeze_time(datetime.now(UTC) + timedelta(days=2), tick=True):
        async_fire_time_changed(house.hass)
        await house.hass.async_block_till_done(wait_background_tasks=True)
        await house.look()
        await house.reload()
    for entry_id in house.entries.values():
        await house.hass.config_entries.async_remove(entry_id)
    await house.fails("back up, but there is no Pi-hole", _back_up_all(house))


async def _back_up_all(house: House) -> None:
    await house.hass.services.async_call(
        "pihole_checkpoint", "backup", {}, blocking=True, return_response=True
    )
