"""Ways in which an answer may be meant to hurt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
import gzip
import json
from typing import Final
import zlib

from pihole_simulator.fault_plan import Place

from .hostile_archives import ARCHIVES, HEALTHY, OTHER, Archive
from .hostile_server import LOGGED_IN, SID, Said, archived, as_json, endlessly
from .rubbish import answer

_MEGABYTE: Final = 1_000_000
_GZIP: Final = 16 + zlib.MAX_WBITS
_NO_PIHOLE: Final = frozenset({"not_a_pihole"})
_NO_HTTP: Final = frozenset({"answer_garbled"})
_SLOW: Final = frozenset({"answer_timeout"})
_ANY_RESTORE: Final = frozenset(
    {
        *("restore_differs", "restore_gravity_failed", "restore_not_begun", "restore_refused"),
        *("restore_unproven", "restore_unanswered", "restore_partial"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One of them."""

    fitting: frozenset[str]
    """The keys of the sentences that are true of it."""
    answers: Mapping[Place, Callable[[], Said]] = field(default_factory=dict)
    """Made when they are needed, for some are large."""
    export: Callable[[], Said] = lambda: archived(HEALTHY)
    may_succeed: bool = False
    """Whether it may be no matter."""
    restores: bool = False
    """Whether it is a restore that meets it."""


_OK: Final = b"HTTP/1.1 200 OK\r\n"
_JSON: Final = _OK + b"Content-Type: application/json\r\n"
_ZIP: Final = _OK + b"Content-Type: application/zip\r\n"
_CHUNKED: Final = b"Transfer-Encoding: chunked\r\n\r\n"
_CHUNK: Final = b"10000\r\n" + bytes(65_536) + b"\r\n"


def _login(
    said: Callable[[], Said],
    fitting: frozenset[str] = _NO_PIHOLE,
    *,
    may_succeed: bool = False,
) -> Case:
    return Case(fitting=fitting, answers={"login": said}, may_succeed=may_succeed)


def _export(
    said: Callable[[], Said], fitting: frozenset[str], *, may_succeed: bool = False
) -> Case:
    return Case(fitting=fitting, export=said, may_succeed=may_succeed)


def _restore(place: Place, said: Callable[[], Said]) -> Case:
    return Case(fitting=_ANY_RESTORE, answers={place: said}, restores=True, may_succeed=True)


def _session(sid: str) -> bytes:
    body = f'{{"session": {{"valid": true, "sid": {sid}}}}}'
    return answer("200 OK", "application/json", body.encode())


def _with_header(line: bytes) -> bytes:
    head, body = LOGGED_IN.split(b"\r\n\r\n", 1)
    return head + b"\r\n" + line + b"\r\n\r\n" + body


def _packed(content: bytes, how: str, kind: str = "application/json") -> bytes:
    return answer("200 OK", kind, content, f"Content-Encoding: {how}")


@cache
def _bomb(window: int) -> bytes:
    """Pack 300 megabytes of nothing, as gzip or as deflate does."""
    packer = zlib.compressobj(wbits=window)
    packed = b"".join(packer.compress(bytes(_MEGABYTE)) for _ in range(300))
    return packed + packer.flush()


_HTTP: Final[Mapping[str, Case]] = {
    "a control character in a header": _login(
        lambda: _with_header(b"X-A: a\x00b\x1b[2J"), _NO_HTTP, may_succeed=True
    ),
    "a bare line feed in a header": _login(
        lambda: _with_header(b"X-A: a\nX-B: b"), _NO_HTTP, may_succeed=True
    ),
    "a bare carriage return in a header": _login(lambda: _with_header(b"X-A: a\rb"), _NO_HTTP),
    "a header of ten megabytes": _login(
        lambda: _with_header(b"X-A: " + b"a" * 10 * _MEGABYTE), _NO_HTTP
    ),
    "a million headers": _login(
        lambda: _with_header(b"\r\n".join([b"X-A: a"] * _MEGABYTE)), _NO_HTTP
    ),
    "a first line without an end": _login(
        lambda: endlessly(b"HTTP/1.1 200 ", b"O" * 65_536), _NO_HTTP
    ),
    "a header without an end": _login(lambda: endlessly(_OK + b"X-A: ", b"a" * 65_536), _NO_HTTP),
    "headers without an end": _login(lambda: endlessly(_OK, b"X-A: a\r\n" * 1000), _NO_HTTP),
    "empty lines without an end": _login(lambda: endlessly(b"", b"\r\n" * 1000), _NO_HTTP | _SLOW),
    "interim answers without an end": _login(
        lambda: endlessly(b"", b"HTTP/1.1 103 Early Hints\r\nX-A: a\r\n\r\n" * 100),
        _NO_HTTP | _SLOW,
    ),
    "a protocol to switch to": _login(
        lambda: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        _NO_PIHOLE | _NO_HTTP | {"connection_lost", "answer_timeout"},
    ),
    "a flood of cookies": _login(
        lambda: _with_header(
            b"\r\n".join([b"Set-Cookie: a%d=" % n + b"a" * 7000 for n in range(90)])
        ),
        _NO_HTTP,
        may_succeed=True,
    ),
    "a chunk whose length has no end": _login(
        lambda: endlessly(_JSON + _CHUNKED, b"1" * 65_536), _NO_HTTP
    ),
    "a chunk with an extension without an end": _login(
        lambda: endlessly(_JSON + _CHUNKED + b"1;", b"a" * 65_536), _NO_HTTP | _SLOW
    ),
    "trailers without an end": _login(
        lambda: endlessly(_JSON + _CHUNKED + b"0\r\n", b"X-A: a\r\n" * 1000),
        _NO_HTTP | _SLOW | _NO_PIHOLE | {"connection_lost"},
    ),
    "two lengths": _login(
        lambda: _with_header(b"Content-Length: 7"), _NO_HTTP | {"connection_lost"}
    ),
    "a length and chunks": _login(
        lambda: _JSON + b"Content-Length: 5\r\n" + _CHUNKED + b"2\r\n{}\r\n0\r\n\r\n",
        _NO_HTTP | _NO_PIHOLE,
    ),
    "an answer to what was not asked": _login(
        lambda: LOGGED_IN + as_json({"session": {"valid": False}}, "401 Unauthorized"),
        _NO_HTTP | _NO_PIHOLE,
        may_succeed=True,
    ),
    "a type of content that is none": _export(
        lambda: _OK + b"Content-Type: \xff/;;=\r\nContent-Length: 2\r\n\r\nPK", _NO_PIHOLE
    ),
    "an answer without an end": _login(
        lambda: endlessly(_JSON + _CHUNKED, b"10000\r\n" + b" " * 65_536 + b"\r\n")
    ),
    "an answer of 100 megabytes": _login(
        lambda: answer("200 OK", "application/json", b'"' + b"a" * 100 * _MEGABYTE + b'"')
    ),
    "an answer packed from 300 megabytes": _login(
        lambda: _packed(_bomb(_GZIP), "gzip"), _NO_PIHOLE | _NO_HTTP
    ),
    "an answer packed twice": _login(
        lambda: _packed(gzip.compress(_bomb(_GZIP)), "gzip, gzip"),
        _NO_PIHOLE | _NO_HTTP,
    ),
    "an answer packed in another way": _login(
        lambda: _packed(_bomb(zlib.MAX_WBITS), "deflate"), _NO_PIHOLE | _NO_HTTP
    ),
    "an answer that says it is packed": _login(
        lambda: _packed(b'{"session": {}}', "gzip"), _NO_PIHOLE | _NO_HTTP | {"connection_lost"}
    ),
    "lists in lists": _login(lambda: answer("200 OK", "application/json", b"[" * 250_000)),
    "objects in objects": _login(
        lambda: answer("200 OK", "application/json", b'{"session":' * 20_000)
    ),
    "objects in objects that are closed": _login(
        lambda: answer(
            "200 OK", "application/json", b'{"session":' * 20_000 + b"{}" + b"}" * 20_000
        )
    ),
    "a number of 200,000 digits": _login(lambda: _session("9" * 200_000)),
    "a number that is none": _login(lambda: _session("NaN")),
    "a number without an end": _login(lambda: _session("1e999999999")),
    "half a character": _login(lambda: _session('"\\ud800"')),
    "a session of 100,000 letters": _login(lambda: _session(json.dumps("a" * 100_000))),
    "a session with a header in it": _login(lambda: _session(r'"a\r\nX-A: b"')),
    "a reason with half a character": _export(
        lambda: as_json(
            {"error": {"key": "internal_error", "message": "\ud800\x1b[2J\n" * 9000, "hint": None}},
            "500 Internal Server Error",
        ),
        frozenset({"pihole_failed"}),
    ),
    "a first line with what is no text": _export(
        lambda: b"HTTP/1.1 500 \xff\xfe\x1b[2J\r\nContent-Length: 1\r\n\r\nx",
        frozenset({"pihole_failed", "answer_garbled"}),
    ),
    "versions that are no text": Case(
        fitting=frozenset(),
        answers={
            "version": lambda: as_json(
                {"version": {"core": {"local": {"version": "\ud800"}}, "ftl": {"local": [1]}}}
            )
        },
        may_succeed=True,
    ),
    "versions without an end": Case(
        fitting=frozenset(),
        answers={"version": lambda: endlessly(_JSON + _CHUNKED, b"1\r\n \r\n" * 1000)},
        may_succeed=True,
    ),
    "a logout without an end": Case(
        fitting=frozenset(),
        answers={"logout": lambda: endlessly(_JSON + _CHUNKED, b"1\r\n \r\n" * 1000)},
        may_succeed=True,
    ),
    "a place to go to with what is no text": _login(
        lambda: answer(
            "302 Found", "text/html", b"", "Location: http://\udcff\x01/".replace("\udcff", "é")
        ),
        _NO_PIHOLE | _NO_HTTP | {"redirected"},
    ),
    "a place to go to of 7,000 letters": _login(
        lambda: answer(
            "308 Permanent Redirect", "text/html", b"", "Location: http://" + "a" * 7000
        ),
        _NO_PIHOLE | _NO_HTTP | {"redirected"},
    ),
    "a place to go to that is a file": _login(
        lambda: answer("307 Temporary Redirect", "text/html", b"", "Location: file:///etc/passwd")
    ),
    "a place to go to on this machine": _login(
        lambda: answer("307 Temporary Redirect", "text/html", b"", "Location: http://127.0.0.1:1/"),
        frozenset({"redirected"}),
    ),
    "a place to go to for the archive": _export(
        lambda: answer("302 Found", "text/html", b"", "Location: http://localhost:1/a.zip"),
        frozenset({"redirected"}),
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
        lambda: endlessly(_ZIP + _CHUNKED, _CHUNK),
        frozenset({"archive_too_large", "deadline_exceeded"}),
    ),
    "an archive of chunks of a byte without an end": _export(
        lambda: endlessly(_ZIP + _CHUNKED, b"1\r\nP\r\n" * 1000),
        frozenset({"archive_too_large", "deadline_exceeded"}),
    ),
    "an archive packed from 300 megabytes": _export(
        lambda: _packed(_bomb(_GZIP), "gzip", "application/zip"),
        frozenset({"archive_too_large", "deadline_exceeded", "answer_garbled"}),
    ),
    "an archive that is longer than anything": _export(
        lambda: _ZIP + b"Content-Length: 999999999999999999\r\n\r\nPK",
        frozenset({"archive_too_large"}),
    ),
    "an archive that is longer than a number": _export(
        lambda: _ZIP + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nPK",
        _NO_HTTP | {"archive_too_large"},
    ),
    "an archive that is shorter than nothing": _export(
        lambda: _ZIP + b"Content-Length: -1\r\n\r\nPK", _NO_HTTP
    ),
    "an archive that is announced too short": _export(
        lambda: _ZIP + b"Content-Length: 100\r\n\r\n" + HEALTHY,
        _NO_HTTP | {"archive_damaged"},
    ),
    # A restore ------------------------------------------------------------------------------------
    "an update of the lists that complains without an end": _restore(
        "gravity",
        lambda: endlessly(
            _OK + b"Content-Type: text/plain\r\n\r\n",
            b"".join(f"[✗] {n}{'a' * 900}\n".encode() for n in range(100)),
        ),
    ),
    "an update of the lists without a line's end": _restore(
        "gravity", lambda: endlessly(_OK + b"Content-Type: text/plain\r\n\r\n", b"a" * 65_536)
    ),
    "an update of the lists of empty lines": _restore(
        "gravity", lambda: endlessly(_OK + b"Content-Type: text/plain\r\n\r\n", b"\n" * 65_536)
    ),
    "an import whose answer has no end": _restore(
        "import", lambda: endlessly(_JSON + _CHUNKED, b"10000\r\n" + b" " * 65_536 + b"\r\n")
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
    "sessions that are no sessions": _restore(
        "sessions", lambda: as_json({"sessions": [None, 1, [], {"current_session": SID}] * 5000})
    ),
}


def _with_archive(made: Archive) -> Case:
    return Case(
        fitting=made.fitting,
        export=lambda: archived(made.make()),
        may_succeed=made.may_succeed,
    )


CASES: Final[Mapping[str, Case]] = {
    **_HTTP,
    **{name: _with_archive(made) for name, made in ARCHIVES.items()},
}

BEFORE: Final = archived(OTHER)
"""What a Pi-hole that is restored exports before it."""
