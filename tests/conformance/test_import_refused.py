"""`POST /api/teleporter`: what is refused, in which words, and what has happened by then."""

from collections.abc import Mapping
import json
import re
from typing import Final

from pihole_simulator import Entry, broken, pack, unpack

from .archives import (
    GRAVITY,
    LEASES,
    TOML,
    configured,
    exported,
    imported,
    only,
    tables,
    with_own_rows,
)
from .conftest import Expect
from .pihole import Host, Pihole
from .plain_http import Answer
from .seen import Plain, seen

_LARGEST: Final = 50 * 1024**2
_PLACE: Final = re.compile(r'(?<=valid TOML file: )[^"]*')
_REASON: Final = re.compile(r"(?<=dnsmasq configuration: ).*? at line \d+")
"""Its beginning is lost at random."""


async def _refused(pihole: Pihole, archives: Mapping[str, bytes], wanted: object = None) -> Plain:
    return {name: await imported(pihole, archive, wanted) for name, archive in archives.items()}


async def test_other_file_names(pihole: Pihole, expect: Expect) -> None:
    archive = configured("[dns]\nblockTTL = 9\n")
    names = ("a.tar", "a.ZIP", ".zip", "zip", "a.zip.bak", "")
    expect({name: seen(await pihole.upload(archive, name=name)) for name in names})


async def test_other_file_names_that_are_taken(pihole: Pihole, expect: Expect) -> None:
    archive = configured("[dns]\nblockTTL = 9\n")
    names = ("../../x.zip", "a.tar.gz.zip")
    answers = {}
    for name in names:
        answers[name] = seen(await pihole.upload(archive, name=name))
        await pihole.restarts_now()
    expect(answers)


async def test_a_file_name_with_a_space(pihole: Pihole, expect: Expect) -> None:
    archive = configured("[dns]\nblockTTL = 9\n")
    expect(seen(await pihole.upload(archive, name="a b.zip")))


async def test_no_archive_at_all(pihole: Pihole, expect: Expect) -> None:
    files = {
        "empty": b"",
        "one byte": b"P",
        "text": b"nonsense" * 100,
        "a page": b"<!DOCTYPE html>" + b" " * 100,
        "an empty archive": b"PK\x05\x06" + bytes(18),
        "its first bytes": b"PK\x03\x04" + bytes(35),
    }
    expect({name: seen(await pihole.upload(content)) for name, content in files.items()})


async def test_a_broken_gzip(pihole: Pihole, expect: Expect) -> None:
    data = b"\x1f\x8b" + bytes(100)
    expect(seen(await pihole.upload(data, name="pi-hole.tar.gz")))


async def test_a_damaged_archive(pihole: Pihole, expect: Expect) -> None:
    archive = await exported(pihole)
    middle = len(archive) // 2
    damaged = {
        "cut": archive[:middle],
        "without its last byte": archive[:-1],
        "with more behind it": archive + b"more",
        "without its beginning": archive[:4] + archive[100:],
        "nothing but a beginning": b"PK\x03\x04" + bytes(100),
    }
    expect(await _refused(pihole, damaged))


async def test_forms_without_a_file(pihole: Pihole, expect: Expect) -> None:
    form = "multipart/form-data; boundary=conformance"
    head = (
        b'--conformance\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s'
        b"\r\n--conformance--\r\n"
    )
    bodies = {
        "nothing": b"",
        "only an end": b"--conformance--\r\n",
        "another name": head % (b"archive", b'; filename="a.zip"', b"PK\x03\x04" * 20),
        "no file name": head % (b"file", b"", b"PK\x03\x04" * 20),
        "only a selection": head % (b"import", b"", b"{}"),
        "no form": b"nonsense",
    }
    expect({name: seen(await _post(pihole, form, body)) for name, body in bodies.items()})


async def test_a_body_that_is_not_a_form(pihole: Pihole, expect: Expect) -> None:
    bodies = {"application/json": b"{}", "application/zip": b"PK\x03\x04", "text/plain": b"x"}
    expect({kind: seen(await _post(pihole, kind, body)) for kind, body in bodies.items()})


async def test_more_than_fifty_megabytes(pihole: Pihole, expect: Expect) -> None:
    """The announced length is enough."""
    headers = {
        "Content-Type": "multipart/form-data; boundary=conformance",
        "Content-Length": str(_LARGEST + 1),
    }
    expect(seen(await pihole.ask("POST", "api/teleporter", headers=headers)))


async def test_a_broken_configuration(pihole: Pihole, expect: Expect) -> None:
    texts = {
        "empty": b"",
        "not closed": b"[unclosed = ",
        "no value": b"[dns]\nblockTTL =\n",
        "twice": b"[dns]\nblockTTL = 9\nblockTTL = 10\n",
        "no UTF-8": b'[dns]\npiholePTR = "\xff\xfe"\n',
        "a page": b"<!DOCTYPE html>\n",
        "zeros": bytes(50),
    }
    answers = await _refused(pihole, {name: _with_toml(text) for name, text in texts.items()})
    expect(json.loads(_PLACE.sub("<line and reason>", json.dumps(answers))))


async def test_a_broken_configuration_that_was_not_asked_for(
    pihole: Pihole, expect: Expect
) -> None:
    archive = broken.replace_member(await exported(pihole), TOML, b"[unclosed = ")
    expect(await imported(pihole, archive, {"dhcp_leases": True}))


async def test_settings_that_dnsmasq_refuses(pihole: Pihole, expect: Expect) -> None:
    texts = {
        "upstreams": 'dns.upstreams = ["not an address"]',
        "an upstream of nothing": 'dns.upstreams = ["203.0.113.1#x"]',
        "aliases": 'dns.cnameRecords = ["conformance"]',
        "leases": 'dhcp.hosts = ["02:00:00:00:00:01,203.0.113.1", "02:00:00:00:00:02,203.0.113.1"]',
        "lines": 'misc.dnsmasq_lines = ["nonsense=conformance"]',
        "an interface of nothing": 'dns.interface = "conformance interface"',
    }
    answers = {name: await imported(pihole, configured(text)) for name, text in texts.items()}
    expect(json.loads(_REASON.sub("<reason> at line <number>", json.dumps(answers))))


async def test_ranges_of_dhcp_that_are_refused(pihole: Pihole, expect: Expect) -> None:
    def dhcp(start: str, end: str, router: str) -> bytes:
        text = f'start = "{start}"\nend = "{end}"\nrouter = "{router}"\nactive = true\n'
        return configured(f"[dhcp]\n{text}")

    ranges = {
        "no start": dhcp("", "203.0.113.9", "203.0.113.1"),
        "no end": dhcp("203.0.113.5", "", "203.0.113.1"),
        "no router": dhcp("203.0.113.5", "203.0.113.9", ""),
        "a start in .0": dhcp("203.0.113.0", "203.0.113.9", "203.0.113.1"),
        "an end in .255": dhcp("203.0.113.5", "203.0.113.255", "203.0.113.1"),
        "from high to low": dhcp("203.0.113.9", "203.0.113.5", "203.0.113.1"),
        "a router within": dhcp("203.0.113.5", "203.0.113.9", "203.0.113.7"),
    }
    expect(await _refused(pihole, ranges))


async def test_a_broken_gravity_database(pihole: Pihole, expect: Expect) -> None:
    archive = only(await exported(pihole), GRAVITY)
    others = {
        "empty": b"",
        "short": b"SQLite format 3\0",
        "no header": bytes(200),
        "only a header": b"SQLite format 3\0" + bytes(200),
    }
    changed = {
        name: broken.replace_member(archive, GRAVITY, content) for name, content in others.items()
    }
    expect(await _refused(pihole, changed))


async def test_a_gravity_database_that_is_damaged(pihole: Pihole, expect: Expect) -> None:
    archive = broken.broken_sqlite(only(await exported(pihole), GRAVITY))
    expect(await imported(pihole, archive))


async def test_a_broken_gravity_database_that_was_not_asked_for(
    pihole: Pihole, expect: Expect
) -> None:
    archive = broken.replace_member(await exported(pihole), GRAVITY, b"")
    asked: tuple[Plain, ...] = ({"config": True}, {"gravity": {}}, {"gravity": {"group": False}})
    expect([await imported(pihole, archive, selection) for selection in asked])


async def test_tables_with_other_columns(pihole: Pihole, expect: Expect) -> None:
    archive = only(await with_own_rows(pihole), GRAVITY)
    odd = {
        "one more": broken.with_sql(archive, "ALTER TABLE client ADD COLUMN extra"),
        "one less": broken.with_sql(archive, "ALTER TABLE client DROP COLUMN comment"),
        "two columns": broken.with_sql(
            archive, 'DROP TABLE "group"; CREATE TABLE "group" (id, name)'
        ),
        "a view": broken.with_sql(
            archive,
            "ALTER TABLE client RENAME TO other;"
            "CREATE VIEW client AS SELECT id, ip, nonsense FROM other",
        ),
    }
    expect(await _refused(pihole, odd, tables("group", "client")))


async def test_what_came_before_stays_taken(pihole: Pihole, expect: Expect) -> None:
    """No restart follows, but the settings hold at once."""
    archive = broken.replace_member(await exported(pihole), TOML, b"[dns]\nblockTTL = 9\n")
    archive = broken.replace_member(archive, LEASES, b"conformance\n")
    shown = await imported(pihole, broken.replace_member(archive, GRAVITY, bytes(200)))
    value = await pihole.ask("GET", "api/config/dns/blockTTL")
    expect([shown, seen(value)])


async def test_another_process_writes_to_the_database(
    pihole: Pihole, host: Host, expect: Expect
) -> None:
    gravity = only(await with_own_rows(pihole), GRAVITY)
    archive = pack(
        [Entry(name=TOML, data=b"[dns]\nblockTTL = 9\n"), *unpack(gravity)],
    )
    before = await exported(pihole)
    with host.locked_gravity():
        answer = await pihole.upload(archive)
        restarts = await pihole.restarts_now()
    shown = [seen(answer), restarts, await imported(pihole, archive)]
    assert before
    expect(shown)


async def test_the_database_is_damaged_or_missing(
    pihole: Pihole, host: Host, expect: Expect
) -> None:
    archive = only(await with_own_rows(pihole), GRAVITY)
    shown = []
    for state in (host.damaged_gravity, host.missing_gravity):
        with state():
            shown.append(seen(await pihole.upload(archive)))
            shown.append({"restarts": await pihole.restarts_now()})
    expect(shown)


async def _post(pihole: Pihole, kind: str, body: bytes) -> Answer:
    return await pihole.ask("POST", "api/teleporter", body, headers={"Content-Type": kind})


def _with_toml(data: bytes) -> bytes:
    return pack([Entry(name=TOML, data=data)])
