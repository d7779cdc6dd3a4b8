"""The archive that `GET /api/teleporter` answers with."""

import io
import re
from typing import cast
import zipfile

from pihole_simulator import broken, unpack

from .archives import (
    GRAVITY,
    LEASES,
    TOML,
    configured,
    exported,
    member,
    opened_database,
    written,
)
from .conftest import Expect
from .credentials import use_app_password
from .pihole import Host, Pihole
from .seen import seen

_DATABASE = "etc/pihole/pihole-FTL.db"
_NAME = re.compile(r'"pi-hole_[^"]+_teleporter_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_[A-Z+-]\w*\.zip"')


async def test_the_answer_with_an_archive(pihole: Pihole, expect: Expect) -> None:
    answer = await pihole.ask("GET", "api/teleporter")
    shown = seen(answer, "Content-Type", "Content-Disposition", "Transfer-Encoding")
    named = cast("str", shown["content-disposition"])
    shown["content-disposition"] = _NAME.sub('"pi-hole_<host>_teleporter_<time>.zip"', named)
    shown["announced"] = answer.header("content-length") == str(len(answer.body))
    expect(shown)


async def test_the_members(pihole: Pihole, expect: Expect) -> None:
    entries = unpack(await exported(pihole))
    expect(
        [
            [entry.name, entry.comment]
            for entry in entries
            if not entry.name.startswith("etc/dnsmasq.d/")
        ]
    )


async def test_how_members_are_packed(pihole: Pihole, expect: Expect) -> None:
    with zipfile.ZipFile(io.BytesIO(await exported(pihole))) as archive:
        expect(
            {
                "comment": archive.comment.decode(),
                "members": sorted(
                    {
                        f"{'deflated' if info.compress_type else 'stored'},"
                        f" flags {info.flag_bits:#06x}, needs {info.extract_version},"
                        f" made by {info.create_system}/{info.create_version},"
                        f" attributes {info.external_attr:#x}, {len(info.extra)} bytes extra"
                        for info in archive.infolist()
                        if info.file_size
                    }
                ),
            }
        )


async def test_an_empty_file_with_leases(pihole: Pihole, expect: Expect) -> None:
    empty = broken.replace_member(await exported(pihole), LEASES, b"")
    await pihole.upload(empty, {"dhcp_leases": True})
    await pihole.restarts_now()
    with zipfile.ZipFile(io.BytesIO(await exported(pihole))) as archive:
        info = archive.getinfo(LEASES)
        expect([info.file_size, info.compress_size, info.compress_type, info.extract_version])


async def test_the_tables_of_the_gravity_database(pihole: Pihole, expect: Expect) -> None:
    expect(_schema(await exported(pihole), GRAVITY))


async def test_the_tables_of_the_other_database(pihole: Pihole, expect: Expect) -> None:
    expect(_schema(await exported(pihole), _DATABASE))


async def test_the_head_of_the_configuration_file(pihole: Pihole, expect: Expect) -> None:
    text = member(await exported(pihole), TOML).decode()
    head, _, _ = text.partition("\n\n")
    version = re.compile(r"v6\.\d+(\.\d+)?")
    expect(re.sub(r"(?<=updated on ).*", "<time>", version.sub("<version>", head)).splitlines())


async def test_the_end_of_the_configuration_file(pihole: Pihole, expect: Expect) -> None:
    """How many are modified depends on the Pi-hole, how many there are on its version."""
    text = member(await exported(pihole), TOML).decode()
    _, _, end = text.rpartition("\n\n# Configuration statistics")
    modified = re.search(r"# --> (\d+) ", end)
    assert modified
    total = re.search(r"# (\d+) total", end)
    assert total
    default = str(int(total[1]) - int(modified[1]))
    expect(
        end.replace(f" {modified[1]} entries are", " <modified> entries are")
        .replace(f" {default} entries", " <the rest> entries")
        .split("\n")
    )


async def test_the_sections_and_keys_of_the_configuration_file(
    pihole: Pihole, expect: Expect
) -> None:
    text = member(await exported(pihole), TOML).decode()
    expect(re.findall(r"^ *(?:\[[\w.]+\](?=$)|\w+(?= = ))", text, re.MULTILINE))


async def test_how_values_are_written(pihole: Pihole, expect: Expect) -> None:
    """Marked where they differ from the default, and where the environment sets them."""
    text = r"""
        [dns]
        blockTTL = 9
        hosts = ["203.0.113.1 conformance", "203.0.113.2 conformance"]
        piholePTR = "NONE"
        [dns.blocking]
        mode = "NX"
        [dns.reply.host]
        IPv4 = "203.0.113.3"
        [webserver.api]
        excludeClients = ["a\tb", "c\"d\\e", "fü中😀 'g'"]
        [misc.check]
        load = false
    """
    await pihole.upload(configured(text))
    await pihole.restarts_now()
    names = (
        *("dns.blockTTL", "dns.hosts", "dns.piholePTR", "dns.blocking.mode"),
        *("dns.reply.host.IPv4", "webserver.api.excludeClients", "misc.check.load"),
        *("webserver.api.temp.limit", "webserver.api.excludeDomains", "webserver.api.temp.unit"),
    )
    expect(written(await exported(pihole), *names))


async def test_two_exports_one_after_the_other(pihole: Pihole, expect: Expect) -> None:
    """The head of the configuration file, with a time in it, is left out."""
    first, second = [await exported(pihole) for _ in range(2)]
    bodies = [member(archive, TOML).partition(b"\n\n")[2] for archive in (first, second)]
    expect([bodies[0] == bodies[1], member(first, GRAVITY) == member(second, GRAVITY)])


async def test_an_export_without_a_session(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("GET", "api/teleporter", sid=None)))


async def test_an_export_with_an_app_password(pihole: Pihole, expect: Expect) -> None:
    sid = await pihole.session(await use_app_password(pihole))
    expect(seen(await pihole.ask("GET", "api/teleporter", sid=sid)))


async def test_an_export_while_another_process_writes(
    pihole: Pihole, host: Host, expect: Expect
) -> None:
    with host.locked_gravity():
        expect(seen(await pihole.ask("GET", "api/teleporter")))


async def test_an_export_of_a_damaged_database(pihole: Pihole, host: Host, expect: Expect) -> None:
    with host.damaged_gravity():
        expect(seen(await pihole.ask("GET", "api/teleporter")))


async def test_an_export_without_a_database(pihole: Pihole, host: Host, expect: Expect) -> None:
    with host.missing_gravity():
        expect(seen(await pihole.ask("GET", "api/teleporter")))


def _schema(archive: bytes, name: str) -> list[str]:
    with opened_database(archive, name) as database:
        rows = database.execute("SELECT sql FROM sqlite_master ORDER BY rowid")
        return [re.sub(r"\s+", " ", sql) for (sql,) in rows]
