"""Make backups with every trigger, and with every kind of change on the Pi-hole."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
import json
import os
from typing import Final

from aiohttp import FormData
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from pihole_simulator import (
    Adlist,
    Domain,
    DomainType,
    Group,
    Lease,
    ListType,
    Pihole,
    broken,
    build_archive,
    faults,
    unpack,
)

from .house import House, reached

type Change = Callable[[Pihole], object]

_SECRET: Final = "webserver.api.pwhash"


def _rows(pihole: Pihole) -> Iterator[Group | Adlist | Domain]:
    """Give those that were added and can be disabled."""
    yield pihole.groups[-1]
    yield from pihole.adlists[-2:]
    yield from pihole.domains[-4:]


def _added(pihole: Pihole) -> None:
    pihole.add_group("guests", "guests")
    pihole.add_adlist("https://lists.example.org/more.txt")
    pihole.add_adlist("https://lists.example.org/fine.txt", ListType.ALLOW)
    for kind in DomainType:
        pihole.add_domain(f"{kind.name.lower()}.example.org", kind)
    pihole.add_client("192.168.1.99")
    pihole.hosts.append("192.168.1.12 tv.lan")
    pihole.cnames.append("tv.example,tv.lan")
    pihole.static_leases.append("00:11:22:33:44:77,192.168.1.61,tv")
    pihole.leases = [*(pihole.leases or []), Lease(mac="00:11:22:33:44:88", ip="192.168.1.88")]
    pihole.dnsmasq_d["98-more.conf"] = "# more\n"


def _changed(pihole: Pihole) -> None:
    for row in _rows(pihole):
        row.enabled = False
    pihole.groups[-1].description = "those who come and go"
    for member in (*pihole.adlists[-2:], *pihole.domains[-4:], pihole.clients[-1]):
        member.comment = "what for?"
    pihole.dnsmasq_d["98-more.conf"] = "# even more\n"
    pihole.hosts.reverse()
    pihole.cnames.reverse()
    pihole.static_leases.reverse()
    pihole.settings |= {
        "dns.blockTTL": 60,
        "dns.dnssec": True,
        "dns.domain.name": "home.arpa",
        "dns.revServers": ["true,192.168.0.0/16,192.168.1.1,lan"],
        "webserver.api.temp.limit": 55.5,
    }


def _regrouped(pihole: Pihole) -> None:
    guests = pihole.groups[-1].id
    for row in _rows(pihole):
        row.enabled = True
    for member in (*pihole.adlists[-2:], *pihole.domains[-4:], pihole.clients[-1]):
        member.groups = {guests}


def _removed(pihole: Pihole) -> None:
    pihole.groups.pop()
    del pihole.adlists[-2:], pihole.domains[-4:]
    for members in (pihole.adlists, pihole.domains, pihole.clients):
        members.pop()
    pihole.hosts.pop()
    pihole.cnames.pop()
    pihole.static_leases.pop()
    pihole.leases = (pihole.leases or [])[:1]
    pihole.dnsmasq_d.pop("98-more.conf")
    pihole.settings.clear()


async def every_change(house: House) -> None:
    """Back up by the button and the action, with a change of every kind before."""
    await house.press()
    await house.reload()
    for change in (_added, _changed, _regrouped, _removed):
        change(house.kitchen.pihole)
        await house.back_up()
    # A setting comes with a new version of Pi-hole, and another has a new password.
    healthy = build_archive(house.kitchen.pihole, datetime.now(UTC))
    toml = next(item.data for item in unpack(healthy) if item.name == broken.TOML)
    newer = toml.replace(b'pwhash = "', b'pwhash = "x', 1) + b"\n[new]\nsetting = 1\n"
    odd = broken.replace_member(healthy, broken.TOML, newer)
    house.kitchen.faults.next("export", faults.replace(odd))
    await house.back_up()
    await house.back_up()


async def every_trigger(house: House) -> None:
    """Back up on a schedule, and before Home Assistant's own backup, and confirm."""
    await _scheduled(house)
    house.kitchen.pihole.add_domain("scheduled.example.org")
    await _scheduled(house)
    house.kitchen.pihole.add_domain("before.example.org")
    await house.hass.services.async_call("backup", "create", blocking=True)
    await house.look()
    assert {"unchanged", "completed"} <= set(house.happened)


async def _scheduled(house: House) -> None:
    state = house.hass.states.get(house.entity_id("next_backup"))
    assert state is not None
    async_fire_time_changed(house.hass, datetime.fromisoformat(state.state))
    await house.hass.async_block_till_done(wait_background_tasks=True)
    await house.look()


async def from_outside(house: House) -> None:
    """Upload an archive, and put a good one and another file into the folder."""
    now = datetime.now(UTC)
    # Of another day: what is stored already would be known again.
    archive = build_archive(house.kitchen.pihole, now - timedelta(days=1))
    other = build_archive(Pihole(hostname="attic"), now)
    form = FormData()
    of_a_wrong_clock = "pi-hole_attic_teleporter_2031-01-01_00-00-00_UTC.zip"
    form.add_field("file", archive, filename=of_a_wrong_clock, content_type="application/zip")
    response = await house.browser.post("/api/file_upload", data=form)
    await house.act("upload", file=(await response.json())["file_id"])
    for name, content in (
        ("pi-hole_pihole_teleporter_2026-01-20_03-24-15_UTC.zip", other),
        ("photos.zip", b"no archive"),
    ):
        path = house.folder / name
        path.write_bytes(content)
        os.utime(path, (1, 1))
    await house.reload()


async def what_is_stored(house: House) -> None:
    """Pin, note, read again, compare, prune, delete; lose and damage what is stored."""
    [newest, second, third, fourth, *_] = await house.listed()
    await house.act("update", backup_id=second["id"], pinned=True, note="Before the move")
    await house.act("compare", backup_id=newest["id"], other_backup_id=second["id"])
    await house.act("compare", backup_id=newest["id"])
    await house.act("compare", other_config_entry_id=house.entries["attic"])
    await house.act("prune", dry_run=True)
    await house.act("delete", backup_id=third["id"])
    archive = house.folder / fourth["filename"]
    os.truncate(archive, 10)
    await house.act("verify", backup_id=fourth["id"])
    archive.unlink()
    await house.act("verify")
    # A record is lost, and so is what only the record knew.
    (house.folder / newest["filename"]).with_suffix(".json").unlink()
    await house.reload()


async def what_a_later_version_wrote(house: House) -> None:
    """Try to change a record that a later version wrote."""
    newest = (await house.listed())[0]
    path = (house.folder / newest["filename"]).with_suffix(".json")
    kept = path.read_text()
    async with house.unloaded():
        path.write_text(json.dumps(json.loads(kept) | {"version": 1000}))
        path = path.rename(path.with_name("not-" + path.name)).rename(path)
    await house.fails(
        "change what a later version recorded",
        house.act("update", backup_id=newest["id"], note="x"),
    )
    async with house.unloaded():
        path.write_text(kept)


async def while_it_runs(house: House) -> None:
    """Record the files in the middle of a backup."""
    gate = faults.gate()
    house.kitchen.faults.next("export", gate)
    pressing = asyncio.create_task(house.press())
    await reached(gate, pressing)
    house.look_at_files()
    gate.open()
    await pressing
    await house.look()
