"""Answers and archives that are meant to hurt."""

import asyncio
from asyncio import StreamWriter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
import gzip
import io
import json
import stat
import struct
from typing import Final
import zipfile
import zlib

from pihole_simulator import Pihole, broken, build_archive
from pihole_simulator.fault_plan import Place
from tests.support.kitchen import mess_up

from .strikes import Said, Talk, answer, as_json

SID: Final = "AAAAAAAAAAAAAAAAAAAAAA=="
LOGGED_IN: Final = as_json(
    {"session": {"valid": True, "totp": False, "sid": SID, "validity": 1800}}
)
_WHEN: Final = datetime(2026, 1, 20, 3, 24, tzinfo=UTC)
_MEGABYTE: Final = 1_000_000
_GZIP: Final = 16 + zlib.MAX_WBITS
_NO_PIHOLE: Final = frozenset({"not_a_pihole", "proxy_answered"})
_NO_HTTP: Final = frozenset({"answer_garbled"})
_LOST: Final = frozenset({"connection_lost"})
_NO_SESSION: Final = frozenset({"session_ended"})
"""As the id in `LOGGED_IN` is of no session on the Pi-hole."""
_SLOW: Final = frozenset({"answer_timeout"})
_LATE: Final = frozenset({"deadline_exceeded"})
_FAILED: Final = frozenset({"pihole_failed", "proxy_answered", "proxy_cannot_reach"})
_REDIRECTED: Final = frozenset({"redirected"})
_UNSAFE: Final = frozenset({"archive_unsafe"})
_DAMAGED: Final = frozenset({"archive_damaged"})
_TOO_LARGE: Final = frozenset({"archive_too_large"})
_CONFIG: Final = frozenset({"archive_config_broken"})
_DATABASE: Final = frozenset({"archive_database_broken"})
_ANY_RESTORE: Final = frozenset(
    {
        *("restore_differs", "restore_gravity_failed", "restore_not_begun", "restore_refused"),
        *("restore_unproven", "restore_unanswered", "restore_partial"),
    }
)
_OK: Final = b"HTTP/1.1 200 OK\r\n"
_JSON: Final = _OK + b"Content-Type: application/json\r\n"
_ZIP: Final = _OK + b"Content-Type: application/zip\r\n"
_CHUNKED: Final = b"Transfer-Encoding: chunked\r\n\r\n"
_CHUNK: Final = b"10000\r\n" + bytes(65_536) + b"\r\n"
_BLANKS: Final = b"10000\r\n" + b" " * 65_536 + b"\r\n"
_DRIPS: Final = b"1\r\n \r\n" * 1000


def _messed_up() -> bytes:
    pihole = Pihole.example()
    mess_up(pihole)
    return build_archive(pihole, _WHEN)


HEALTHY: Final = build_archive(Pihole.example(), _WHEN)
OTHER: Final = _messed_up()


def archived(content: bytes, *more: str) -> bytes:
    return answer("200 OK", "application/zip", content, *more)


def endlessly(head: bytes, chunk: bytes) -> Talk:
    """Send one thing, and then another for ever."""

    async def talk(writer: StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)

    return talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A way in which a Pi-hole may be hostile."""

    fitting: frozenset[str]
    """The keys of the sentences that are true of it."""
    answers: Mapping[Place, Callable[[], Said]] = field(default_factory=dict)
    """Made when they are needed, for some are large."""
    export: Callable[[], Said] | None = None
    may_succeed: bool = False
    """Whether it may do no harm at all; nothing in an archive is ever unpacked under its name."""
    restores: bool = False
    """Whether a restore meets it."""


type _Keys = frozenset[str]


def _login(
    said: Callable[[], Said], fitting: _Keys = _NO_PIHOLE, *, may_succeed: bool = False
) -> Case:
    return Case(fitting=fitting, answers={"login": said}, may_succeed=may_succeed)


def _harmless(place: Place, said: Callable[[], Said]) -> Case:
    return Case(fitting=frozenset(), answers={place: said}, may_succeed=True)


def _export(said: Callable[[], Said], fitting: _Keys, *, may_succeed: bool = False) -> Case:
    return Case(fitting=fitting, export=said, may_succeed=may_succeed)


def _restore(place: Place, said: Callable[[], Said]) -> Case:
    return Case(fitting=_ANY_RESTORE, answers={place: said}, restores=True, may_succeed=True)


def _archive(make: Callable[[], bytes], fitting: _Keys, *, may_succeed: bool = False) -> Case:
    return _export(lambda: archived(make()), fitting, may_succeed=may_succeed)


def _json(body: bytes) -> bytes:
    return answer("200 OK", "application/json", body)


def _header(line: bytes, fitting: _Keys = _NO_HTTP, *, may_succeed: bool = False) -> Case:
    """Send this header with a sound answer."""

    def said() -> bytes:
        head, body = LOGGED_IN.split(b"\r\n\r\n", 1)
        return head + b"\r\n" + line + b"\r\n\r\n" + body

    return _login(said, fitting, may_succeed=may_succeed)


def _endless(head: bytes, chunk: bytes, fitting: _Keys = _NO_HTTP) -> Case:
    return _login(lambda: endlessly(head, chunk), fitting)


def _body(make: Callable[[], bytes]) -> Case:
    return _login(lambda: _json(make()))


def _session(sid: str) -> Case:
    return _body(f'{{"session": {{"valid": true, "sid": {sid}}}}}'.encode)


def _packed(make: Callable[[], bytes], how: str, fitting: _Keys = _NO_PIHOLE | _NO_HTTP) -> Case:
    kind, more = "application/json", f"Content-Encoding: {how}"
    return _login(lambda: answer("200 OK", kind, make(), more), fitting)


def _to(status: str, place: str, fitting: _Keys = _NO_PIHOLE | _NO_HTTP | _REDIRECTED) -> Case:
    return _login(lambda: answer(status, "text/html", b"", f"Location: {place}"), fitting)


def _length(length: bytes, fitting: _Keys, body: bytes = b"PK") -> Case:
    """Announce an archive to be so long."""
    return _export(lambda: _ZIP + b"Content-Length: " + length + b"\r\n\r\n" + body, fitting)


def _gravity(chunk: bytes) -> Case:
    head = _OK + b"Content-Type: text/plain\r\n\r\n"
    return _restore("gravity", lambda: endlessly(head, chunk))


@cache
def _bomb(window: int) -> bytes:
    """Pack 300 megabytes of nothing, as gzip or as deflate does."""
    packer = zlib.compressobj(wbits=window)
    packed = b"".join(packer.compress(bytes(_MEGABYTE)) for _ in range(300))
    return packed + packer.flush()


_HTTP: Final[Mapping[str, Case]] = {
    "a control character in a header": _header(
        b"X-A: a\x00b\x1b[2J", _NO_HTTP | _NO_SESSION, may_succeed=True
    ),
    "a bare line feed in a header": _header(
        b"X-A: a\nX-B: b", _NO_HTTP | _NO_SESSION, may_succeed=True
    ),
    "a bare carriage return in a header": _header(b"X-A: a\rb"),
    "a header of ten megabytes": _header(b"X-A: " + b"a" * 10 * _MEGABYTE),
    "a million headers": _header(b"\r\n".join([b"X-A: a"] * _MEGABYTE)),
    "a first line without an end": _endless(b"HTTP/1.1 200 ", b"O" * 65_536),
    "a header without an end": _endless(_OK + b"X-A: ", b"a" * 65_536),
    "headers without an end": _endless(_OK, b"X-A: a\r\n" * 1000),
    "empty lines without an end": _endless(b"", b"\r\n" * 1000, _NO_HTTP | _SLOW),
    "interim answers without an end": _endless(
        b"", b"HTTP/1.1 103 Early Hints\r\nX-A: a\r\n\r\n" * 100, _NO_HTTP | _SLOW
    ),
    "a protocol to switch to": _login(
        lambda: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        _NO_PIHOLE | _NO_HTTP | _LOST | _SLOW,
    ),
    "a flood of cookies": _header(
        b"\r\n".join([b"Set-Cookie: a%d=" % n + b"a" * 7000 for n in range(90)]),
        _NO_HTTP | _NO_SESSION,
        may_succeed=True,
    ),
    "a chunk whose length has no end": _endless(_JSON + _CHUNKED, b"1" * 65_536),
    "a chunk with an extension without an end": _endless(
        _JSON + _CHUNKED + b"1;", b"a" * 65_536, _NO_HTTP | _SLOW
    ),
    "trailers without an end": _endless(
        _JSON + _CHUNKED + b"0\r\n",
        b"X-A: a\r\n" * 1000,
        _NO_HTTP | _SLOW | _NO_PIHOLE | _LOST,
    ),
    "two lengths": _header(b"Content-Length: 7", _NO_HTTP | _LOST),
    "a length and chunks": _login(
        lambda: _JSON + b"Content-Length: 5\r\n" + _CHUNKED + b"2\r\n{}\r\n0\r\n\r\n",
        _NO_HTTP | _NO_PIHOLE,
    ),
    "an answer to what was not asked": _login(
        lambda: LOGGED_IN + as_json({"session": {"valid": False}}, "401 Unauthorized"),
        _NO_HTTP | _NO_PIHOLE | _NO_SESSION,
        may_succeed=True,
    ),
    "an invalid type of content": _export(
        lambda: _OK + b"Content-Type: \xff/;;=\r\nContent-Length: 2\r\n\r\nPK", _NO_PIHOLE
    ),
    "an answer without an end": _endless(_JSON + _CHUNKED, _BLANKS, _NO_PIHOLE),
    "an answer of 100 megabytes": _body(lambda: b'"' + b"a" * 100 * _MEGABYTE + b'"'),
    "an answer packed from 300 megabytes": _packed(lambda: _bomb(_GZIP), "gzip"),
    "an answer packed twice": _packed(lambda: gzip.compress(_bomb(_GZIP)), "gzip, gzip"),
    "an answer packed in another way": _packed(lambda: _bomb(zlib.MAX_WBITS), "deflate"),
    "an answer that says it is packed": _packed(
        lambda: b'{"session": {}}', "gzip", _NO_PIHOLE | _NO_HTTP | _LOST
    ),
    "lists in lists": _body(lambda: b"[" * 250_000),
    "objects in objects": _body(lambda: b'{"session":' * 20_000),
    "objects in objects that are closed": _body(
        lambda: b'{"session":' * 20_000 + b"{}" + b"}" * 20_000
    ),
    "a number of 200,000 digits": _session("9" * 200_000),
    "a number that is not a number": _session("NaN"),
    "a number without an end": _session("1e999999999"),
    "half a character": _session('"\\ud800"'),
    "a session of 100,000 letters": _session(json.dumps("a" * 100_000)),
    "a session with a header in it": _session(r'"a\r\nX-A: b"'),
    "a reason with half a character": _export(
        lambda: as_json(
            {"error": {"key": "internal_error", "message": "\ud800\x1b[2J\n" * 9000, "hint": None}},
            "500 Internal Server Error",
        ),
        _FAILED,
    ),
    "a first line that is not text": _export(
        lambda: b"HTTP/1.1 500 \xff\xfe\x1b[2J\r\nContent-Length: 1\r\n\r\nx", _FAILED | _NO_HTTP
    ),
    "versions that are not text": _harmless(
        "version",
        lambda: as_json(
            {"version": {"core": {"local": {"version": "\ud800"}}, "ftl": {"local": [1]}}}
        ),
    ),
    "versions without an end": _harmless("version", lambda: endlessly(_JSON + _CHUNKED, _DRIPS)),
    "a logout without an end": _harmless("logout", lambda: endlessly(_JSON + _CHUNKED, _DRIPS)),
    "a place to go to that is not text": _to("302 Found", "http://é\x01/"),
    "a place to go to of 7,000 letters": _to("308 Permanent Redirect", "http://" + "a" * 7000),
    "a place to go to that is a file": _to(
        "307 Temporary Redirect", "file:///etc/passwd", _NO_PIHOLE
    ),
    "a place to go to on this machine": _to(
        "307 Temporary Redirect", "http://127.0.0.1:1/", _REDIRECTED
    ),
    "a place to go to for the archive": _export(
        lambda: answer("302 Found", "text/html", b"", "Location: http://localhost:1/a.zip"),
        _REDIRECTED,
    ),
    # The archive ----------------------------------------------------------------------------------
    "a name with a path for the archive": _export(
        lambda: archived(
            HEALTHY,
            "Content-Disposition: attachment; filename=\"../../bait\"; filename*=UTF-8''%2Fbait",
        ),
        frozenset(),
        may_succeed=True,
    ),
    "an archive without an end": _export(
        lambda: endlessly(_ZIP + _CHUNKED, _CHUNK), _TOO_LARGE | _LATE
    ),
    "an archive of chunks of a byte without an end": _export(
        lambda: endlessly(_ZIP + _CHUNKED, b"1\r\nP\r\n" * 1000), _TOO_LARGE | _LATE
    ),
    "an archive packed from 300 megabytes": _export(
        lambda: answer("200 OK", "application/zip", _bomb(_GZIP), "Content-Encoding: gzip"),
        _TOO_LARGE | _LATE | _NO_HTTP,
    ),
    "an archive that is longer than anything": _length(b"999999999999999999", _TOO_LARGE),
    "an archive that is longer than a number": _length(b"9" * 5000, _NO_HTTP | _TOO_LARGE),
    "an archive that is shorter than nothing": _length(b"-1", _NO_HTTP),
    "an archive that is announced too short": _length(b"100", _NO_HTTP | _DAMAGED, HEALTHY),
    # A restore ------------------------------------------------------------------------------------
    "an update of the lists that complains without an end": _gravity(
        b"".join(f"[✗] {n}{'a' * 900}\n".encode() for n in range(100))
    ),
    "an update of the lists without a line's end": _gravity(b"a" * 65_536),
    "an update of the lists of empty lines": _gravity(b"\n" * 65_536),
    "an import whose answer has no end": _restore(
        "import", lambda: endlessly(_JSON + _CHUNKED, _BLANKS)
    ),
    "an import that took what nobody sent": _restore(
        "import", lambda: as_json({"files": ["a" * 1000, None, {}, "\ud800"] * 100})
    ),
    "an import that is refused in many words": _restore(
        "import",
        lambda: as_json(
            {"error": {"key": "bad_request", "message": "m", "hint": "\ud800\x1b[2J" * 20_000}},
            "400 Bad Request",
        ),
    ),
    "sessions that are not sessions": _restore(
        "sessions", lambda: as_json({"sessions": [None, 1, [], {"current_session": SID}] * 5000})
    ),
}


# Archives -----------------------------------------------------------------------------------------


def _named(name: str, *, may_succeed: bool = False) -> Case:
    return _archive(
        lambda: broken.with_member(HEALTHY, name, b"x"), _UNSAFE | _DAMAGED, may_succeed=may_succeed
    )


def _with_toml(text: Callable[[], str]) -> Case:
    return _archive(
        lambda: broken.replace_member(HEALTHY, broken.TOML, text().encode()),
        _CONFIG | {"archive_member_missing"},
    )


def _with_sql(script: str, *, may_succeed: bool = True) -> Case:
    return _archive(lambda: broken.with_sql(HEALTHY, script), _DATABASE, may_succeed=may_succeed)


def _link(name: str, target: str) -> bytes:
    packed = io.BytesIO(broken.without(HEALTHY, name))
    with zipfile.ZipFile(packed, "a") as opened:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(info, target)
    return packed.getvalue()


def _nested() -> bytes:
    """Pack bombs into bombs: a reader that looks into archives in archives would go on for ever."""
    inner = broken.bomb(HEALTHY, 50 * _MEGABYTE)
    for depth in range(5):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
            for copy in range(10):
                opened.writestr(f"{depth}-{copy}.zip", inner)
        inner = packed.getvalue()
    return broken.with_member(HEALTHY, "etc/dnsmasq.d/nested.zip", inner)


def _overlapping() -> bytes:
    """Let a thousand members be the same packed megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = bytes(50 * _MEGABYTE)
    packed = packer.compress(data) + packer.flush()
    checksum = zlib.crc32(data)
    name = b"etc/a0000"
    sizes = struct.pack("<3L", checksum, len(packed), len(data))
    local = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 33) + sizes
    local += struct.pack("<2H", len(name), 0) + name + packed
    directory = b"".join(
        b"PK\x01\x02"
        + struct.pack("<6H", 20, 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, 0)
        + b"etc/a%04d" % number
        for number in range(1000)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(local), 0)
    return local + directory + end


def _million() -> bytes:
    """Have a million members without anything in them."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    directory = entry * _MEGABYTE
    local = b"PK\x03\x04" + bytes(22) + struct.pack("<2H", 1, 0) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(directory), len(local), 0)
    return local + directory + end


_CALLS: Final = """
    CREATE TABLE more(x);
    CREATE VIEW bad AS SELECT writefile('../bait', 'x'), readfile('/etc/passwd');
    CREATE TRIGGER one AFTER INSERT ON adlist BEGIN SELECT load_extension('/tmp/x.so'); END;
    CREATE TRIGGER two AFTER DELETE ON adlist BEGIN SELECT randomblob(1000000000); END;
"""

_ARCHIVES: Final[Mapping[str, Case]] = {
    **{
        f"a member called {name!r}": _named(name)
        for name in (
            *("../bait", "etc/../../bait", "/bait", "//server/share/x", "..", "../", "etc/.."),
            *("..\\bait", "C:\\bait", "c:bait", "\\\\server\\share", "etc\\..\\..\\bait"),
            *("etc/\x1b[2J", "etc/a\nb", "etc/\u202egpj.exe"),
        )
    },
    **{
        f"a member called {name!r}": _named(name, may_succeed=True)
        for name in (
            *("CON", "etc/NUL", "etc/aux.txt", "COM1", "etc/a\x00b", "etc/./a", "~/a", "-rf"),
            "$(x)",
        )
    },
    "a link to a file": _archive(lambda: _link("etc/hosts", "../../bait"), _UNSAFE | _DAMAGED),
    "a link for a configuration": _archive(
        lambda: _link(broken.TOML, "/etc/passwd"), _UNSAFE | _CONFIG
    ),
    "a link for a database": _archive(
        lambda: _link(broken.GRAVITY, "/etc/passwd"), _UNSAFE | _DATABASE
    ),
    "a bomb of bombs": _archive(_nested, _UNSAFE | _DAMAGED | _TOO_LARGE, may_succeed=True),
    "members that lie in each other": _archive(_overlapping, _UNSAFE | _DAMAGED | _TOO_LARGE),
    "a bomb of 500 megabytes": _archive(
        lambda: broken.bomb(HEALTHY, 500 * _MEGABYTE),
        _TOO_LARGE,
        may_succeed=True,  # so much a member may have
    ),
    "a bomb of 600 megabytes": _archive(
        lambda: broken.bomb(HEALTHY, 600 * _MEGABYTE),
        _TOO_LARGE,
    ),
    "a configuration of 200 megabytes": _archive(
        lambda: broken.bomb(HEALTHY, 200 * _MEGABYTE, broken.TOML), _CONFIG
    ),
    "a database of 200 megabytes of nothing": _archive(
        lambda: broken.bomb(HEALTHY, 200 * _MEGABYTE, broken.GRAVITY), _DATABASE
    ),
    "a million members": _archive(_million, _UNSAFE | _DAMAGED),
    "lists in lists, 10,000 deep": _with_toml(lambda: f"a = {'[' * 10_000}{']' * 10_000}"),
    "tables in tables, 10,000 deep": _with_toml(lambda: f"a = {'{a = ' * 10_000}1{'}' * 10_000}"),
    "a key of 10,000 parts": _with_toml(lambda: f"{'.'.join(['a'] * 10_000)} = 1"),
    "the name of a table of 10,000 parts": _with_toml(
        lambda: f"[{'.'.join(['a'] * 10_000)}]\nb = 1"
    ),
    "a number of a million digits": _with_toml(lambda: f"a = {'9' * _MEGABYTE}"),
    "a hundred thousand tables": _with_toml(
        lambda: "\n".join(f"[[a{n}.b]]" for n in range(100_000))
    ),
    "views and triggers that call functions": _with_sql(_CALLS),
    "a view instead of a table": _with_sql(
        "DROP TABLE adlist; CREATE VIEW adlist AS SELECT 1 AS id, load_extension('x') AS address",
        may_succeed=False,
    ),
    "a default that is random": _with_sql(
        "DROP TABLE client; CREATE TABLE client(id, ip DEFAULT (randomblob(1000000000)), comment)"
    ),
}

CASES: Final[Mapping[str, Case]] = {**_HTTP, **_ARCHIVES}
