"""Restore with every remark and every failure."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from pihole_simulator import (
    Credentials,
    Group,
    Lease,
    Pihole,
    Versions,
    broken,
    build_archive,
    faults,
    unpack,
)
from pihole_simulator.fault_plan import Proceed
from tests.support.passwords import PASSWORD

from .doors import NOBODY
from .house import DOMAIN, House, reached
from .setting_up import enter_password_again

_ALL: Final = ("settings", "dhcp_leases", "groups", "lists", "domains", "clients")
_APP_SUDO: Final = "webserver.api.app_sudo"
_REFUSED: Final = faults.error(400, "bad_request", "Invalid ZIP archive", "No thanks")


def _as_in_the_beginning(pihole: Pihole) -> None:
    example = Pihole.example()
    for name in ("groups", "adlists", "domains", "clients", "leases", "hosts", "settings"):
        setattr(pihole, name, getattr(example, name))
    pihole.settings["dns.port"] = 0  # it has no DNS that could be asked


def _mess_up(pihole: Pihole) -> None:
    """Change something of every kind, and let what is new be in a new group."""
    _as_in_the_beginning(pihole)
    old = pihole.groups[-1]
    pihole.groups[-1] = Group(id=old.id, name="guests")
    pihole.adlists.pop(0)
    pihole.add_adlist("https://evil.example/list.txt", groups={old.id})
    pihole.add_domain("important.example.com", groups={old.id})
    pihole.clients.clear()
    pihole.leases = [Lease(mac="00:11:22:33:44:88", ip="192.168.1.88", expires=4_000_000_000)]
    pihole.settings["dns.blockTTL"] = 60


async def _begin_anew(house: House) -> str:
    """Reset the Pi-hole, back it up, and then change it."""
    house.kitchen.faults.clear()
    _as_in_the_beginning(house.kitchen.pihole)
    stored = await house.back_up()
    _mess_up(house.kitchen.pihole)
    return str(stored["id"])


async def _restore(
    house: House, backup_id: str, *, way: str | None = "import", **fields: object
) -> None:
    """Restore by an import, or by the way that Home Assistant chooses."""
    chosen = {} if way is None else {"way": way}
    await house.act("restore", backup_id=backup_id, **chosen, **fields)


async def well(house: House) -> None:
    """Restore successfully, with most remarks, and undo it."""
    house.kitchen.restart_seconds = 0.3  # so that it is seen to be away
    stored = await _begin_anew(house)
    await _restore(house, stored, way=None)
    await house.act("undo_restore")
    stored = await _begin_anew(house)
    await _restore(house, stored, dry_run=True)
    house.kitchen.faults.next("import", faults.call(house.look_at_storage))
    await _restore(house, stored, include=[*_ALL])
    house.kitchen.pihole.add_domain("since.example.com")
    await house.act("undo_restore")
    for part in _ALL:
        await _restore(house, stored, include=[part], dry_run=True)
    await _restore(house, stored, include=["clients"], update_gravity=False)
    house.kitchen.unreachable_lists = {"https://lists.example.org/ads.txt"}
    house.kitchen.faults.next("import", faults.drop_answer())
    await _restore(house, stored)
    house.kitchen.unreachable_lists = set()
    await _restore(house, stored)  # when nothing is left to be done
    stored = await _begin_anew(house)
    house.kitchen.skips = {"domainlist", "domainlist_by_group"}
    house.kitchen.pihole.domains = Pihole.example().domains
    await _restore(house, stored, include=["lists", "domains"])
    house.kitchen.skips = set()
    house.attic.pihole.settings[_APP_SUDO] = True
    await house.act(
        "restore",
        config_entry_id=house.entries["attic"],
        source_config_entry_id=house.entries["kitchen"],
        backup_id=stored,
        dry_run=True,
    )
    house.attic.pihole.settings[_APP_SUDO] = False


async def with_odd_backups(house: House) -> None:
    """Restore a backup without leases and with unknown settings, and to other versions."""
    stored = await _begin_anew(house)
    healthy = build_archive(house.kitchen.pihole, datetime.now(UTC))
    toml = next(item.data for item in unpack(healthy) if item.name == broken.TOML)
    odd = broken.replace_member(
        healthy, broken.TOML, toml + b"\n[nothing]\nat = 'all' ### CHANGED, default = ''\n"
    )
    odd = broken.without(odd, "etc/pihole/dhcp.leases")
    house.kitchen.faults.next("export", faults.replace(odd))
    odd_one = (await house.back_up())["id"]
    house.kitchen.pihole.versions = Versions(ftl="v7.0")
    await _restore(house, odd_one, dry_run=True)
    house.kitchen.pihole.versions = Versions(ftl="v5.9.9")
    await house.fails("restore to an older version", _restore(house, stored))
    house.kitchen.pihole.versions = Versions()


async def not_at_all(house: House) -> None:
    """Fail before the Pi-hole is changed."""
    stored = await _begin_anew(house)

    async def fails(case: str) -> None:
        await house.fails(f"restore, but {case}", _restore(house, stored))
        house.kitchen.faults.clear()

    house.kitchen.faults.always("export", faults.drop())
    await fails("the connection breaks off")
    house.kitchen.faults.next("import", faults.error(403, "forbidden", "read-only"))
    await fails("the password is for reading only")
    await house.fails("restore what is not there", _restore(house, NOBODY))
    gate = faults.gate()
    house.kitchen.faults.next("import", gate)
    order = {"backup_id": stored, "way": "import"}
    running = asyncio.create_task(house.call("restore", **order))
    await reached(gate, running)
    await house.refuses("back up during a restore", house.call("backup"))
    gate.open()
    await running
    await house.look()


async def badly(house: House) -> None:
    """Fail after the import has begun."""
    stored = await _begin_anew(house)
    sim = house.kitchen

    async def breaks_off(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        sim.pihole.settings["dns.blockTTL"] = 30
        return await _REFUSED(request, proceed)

    async def fails(case: str) -> None:
        await house.fails(f"restore, but {case}", _restore(house, stored))
        sim.faults.clear()
        sim.skips = set()
        _mess_up(sim.pihole)

    sim.faults.next("import", _REFUSED)
    await fails("it is refused")
    sim.skips = {"client", "client_by_group"}
    await fails("something is skipped")
    sim.faults.next("gravity", faults.error(500, "internal_error", "Cannot fork"))
    await fails("the lists cannot be downloaded")
    sim.faults.next("export", faults.call(lambda: None), times=2)
    sim.faults.next("export", faults.replace(b"PK\x03\x04 and no more"))
    await fails("the result cannot be read")
    sim.faults.next("import", breaks_off)
    await fails("it breaks off in the middle")


async def bringing_another_password(house: House) -> None:
    """Restore another password, and enter it when Home Assistant asks for it."""
    sim = house.kitchen
    old = replace(sim.pihole.credentials, password="the password before")
    now = sim.pihole.credentials
    sim.pihole.credentials = old
    archive = build_archive(sim.pihole, datetime.now(UTC))
    sim.pihole.credentials = now
    sim.faults.next("export", faults.replace(archive))
    stored = (await house.back_up())["id"]
    await _restore(house, stored, include=["settings"])
    sim.change_credentials(Credentials(password=PASSWORD))
    await enter_password_again(house)


async def broken_off(house: House) -> None:
    """Unload the entry during a restore, before and after the import begins."""
    stored = await _begin_anew(house)
    for place in ("export", "import"):
        gate = faults.gate()
        house.kitchen.faults.next(place, gate)
        restoring = asyncio.create_task(house.call("restore", backup_id=stored, way="import"))
        await reached(gate, restoring)
        house.look_at_storage()
        house.look_at_files()
        unloading = asyncio.create_task(
            house.hass.config_entries.async_unload(house.entries["kitchen"])
        )
        await asyncio.sleep(0.01)
        gate.open()
        assert await unloading
        await house.fails("restore, but Home Assistant stops", restoring)
        key = "restore_not_begun" if place == "export" else "restore_broken_off"
        await house.reload()
        await _confirm(house, key)


async def _confirm(house: House, key: str) -> None:
    """Go through the dialog under Repairs."""
    order = {"handler": DOMAIN, "issue_id": f"{key}_{house.entries['kitchen']}"}
    response = await house.browser.post("/api/repairs/issues/fix", json=order)
    flow = await response.json()
    house.see("flows", f"repair of {key}: shows", [flow["type"], flow["step_id"]])
    response = await house.browser.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    house.see("flows", f"repair of {key}: ends with", (await response.json())["type"])
    await house.look()
