"""What a Pi-hole, or what stands in its place, may answer instead of what was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import json
from random import Random
from typing import Final

from pihole_simulator.fault_plan import Place

GARBLED: Final = frozenset(
    {"answer_garbled", "not_a_pihole", "connection_lost", "answer_timeout", "deadline_exceeded"}
)
_NO_PIHOLE: Final = frozenset({"not_a_pihole"})
_NO_HTTP: Final = frozenset({"answer_garbled", "connection_lost"})
_FAILED: Final = frozenset({"pihole_failed"})

type Make = Callable[[Random, bytes, bytes], bytes]
"""Makes an answer of a random source and of the head and the body of the sound one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubbish:
    """One kind of it."""

    make: Make
    fitting: frozenset[str]
    """The keys of the sentences that are true of it."""
    closes: bool = False
    """Whether the connection is closed after it."""
    does_it: bool = True
    """Whether the Pi-hole does what was asked, and only its answer is another one."""
    places: frozenset[Place] = frozenset()
    """Where it makes sense; nothing means everywhere."""


def answer(status: str, kind: str, body: bytes, *more: str) -> bytes:
    """Write an answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _json(body: bytes, status: str = "200 OK") -> bytes:
    return answer(status, "application/json", body)


def _page(status: str) -> bytes:
    return answer(status, "text/html; charset=utf-8", b"<!doctype html><h1>Sign in</h1>")


def _error(status: str, key: str) -> bytes:
    error = {"key": key, "message": "It did not work", "hint": None}
    return _json(json.dumps({"error": error, "took": 0.1}).encode(), status)


def _noise(random: Random, _head: bytes, _body: bytes) -> bytes:
    return random.choice(
        [
            b"SSH-2.0-OpenSSH_9.2p1\r\n",
            b"220 mail.example ESMTP\r\n",
            random.randbytes(200) + b"\r\n\r\n",
            b"\r\n\r\n\r\n",
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"HTTP/1.1 999999 OK\r\n\r\n",
        ]
    )


_STRANGE: Final[Sequence[object]] = (
    None,
    True,
    False,
    0,
    -1,
    1e308,
    10**30,
    "",
    "x",
    [],
    {},
    [[]],
    [None],
    {"": 0},
)


def _wrong_types(random: Random, _head: bytes, body: bytes) -> bytes:
    """Put a value of another type into the sound answer."""
    try:
        sound = json.loads(body)
    except ValueError:
        return _json(json.dumps(random.choice(_STRANGE)).encode())
    places: list[tuple[dict[str, object] | list[object], str | int]] = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            for key, it in value.items():
                places.append((value, key))
                look(it)
        elif isinstance(value, list):
            for index, it in enumerate(value):
                places.append((value, index))
                look(it)

    look(sound)
    holder, key = random.choice(places)
    strange = random.choice([it for it in _STRANGE if not isinstance(it, bool)])
    if isinstance(holder, dict):
        holder[str(key)] = strange
    else:
        holder[int(key)] = strange
    return _json(json.dumps(sound).encode())


def _broken_json(random: Random, _head: bytes, body: bytes) -> bytes:
    return _json(random.choice([body[:-1], b"{", b"{}}", b'{"session": {"valid": tru', b"\xff{}"]))


def _other_length(head: bytes, body: bytes, length: int) -> bytes:
    kind = next(it for it in head.split(b"\r\n") if it.lower().startswith(b"content-type:"))
    return b"HTTP/1.1 200 OK\r\n" + kind + f"\r\nContent-Length: {length}\r\n\r\n".encode() + body


def _too_long(random: Random, head: bytes, body: bytes) -> bytes:
    return _other_length(head, body, len(body) + random.randint(1, 1000))


def _too_short(random: Random, head: bytes, body: bytes) -> bytes:
    return _other_length(head, body, random.randrange(len(body)))


def _broken_chunks(random: Random, head: bytes, body: bytes) -> bytes:
    cut = random.randrange(len(body))
    kind = next(it for it in head.split(b"\r\n") if it.lower().startswith(b"content-type:"))
    begun = b"HTTP/1.1 200 OK\r\n" + kind + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = f"{len(body):x}\r\n".encode()
    return begun + random.choice(
        [
            chunk + body[:cut],
            chunk + body,
            chunk + body + b"\r\n",
            chunk + body + b"\r\nzz\r\n",
            b"-5\r\n" + body,
            b"",
        ]
    )


_JSON_PLACES: Final = frozenset[Place]({"probe", "login", "version", "sessions", "import"})

RUBBISH: Final[Mapping[str, Rubbish]] = {
    "no HTTP": Rubbish(make=_noise, fitting=_NO_HTTP, closes=True, does_it=False),
    "a page": Rubbish(make=lambda *_: _page("200 OK"), fitting=_NO_PIHOLE, does_it=False),
    "a page that is an error": Rubbish(
        make=lambda random, *_: _page(
            random.choice(["500 Internal Server Error", "502 Bad Gateway", "503 Busy", "504 Late"])
        ),
        fitting=_FAILED,
    ),
    "a page that is not found": Rubbish(
        make=lambda *_: _page("404 Not Found"), fitting=_NO_PIHOLE, does_it=False
    ),
    "an error": Rubbish(
        make=lambda random, *_: _error(
            "500 Internal Server Error", random.choice(["internal_error", "database_error", ""])
        ),
        fitting=_FAILED,
    ),
    "a redirect": Rubbish(
        make=lambda *_: answer("302 Found", "text/html", b"", "Location: https://proxy.example/"),
        fitting=frozenset({"redirected"}),
        does_it=False,
    ),
    "nothing at all": Rubbish(
        make=lambda random, *_: random.choice([_json(b""), answer("200 OK", "text/plain", b"")]),
        fitting=_NO_PIHOLE,
        places=_JSON_PLACES | {"export"},
    ),
    "no JSON object": Rubbish(
        make=lambda random, *_: _json(
            random.choice([b"null", b"[]", b'"x"', b"3", b"NaN", b"[{}]", b"1e999"])
        ),
        fitting=_NO_PIHOLE,
        places=_JSON_PLACES | {"export"},
    ),
    "broken JSON": Rubbish(make=_broken_json, fitting=_NO_PIHOLE, places=_JSON_PLACES),
    "wrong types": Rubbish(
        make=_wrong_types,
        # It may have been the session's secret, or what says that something is wrong.
        fitting=_NO_PIHOLE | {"session_ended"},
        places=_JSON_PLACES,
    ),
    "more announced than comes": Rubbish(
        make=_too_long,
        fitting=frozenset({"connection_lost", "archive_incomplete"}),
        closes=True,
        places=_JSON_PLACES | {"export"},
    ),
    "less announced than comes": Rubbish(
        make=_too_short,
        fitting=GARBLED | {"archive_damaged"},
        places=_JSON_PLACES | {"export"},
    ),
    "chunks that break off": Rubbish(
        make=_broken_chunks,
        fitting=_NO_HTTP,
        closes=True,
        places=_JSON_PLACES | {"export"},
    ),
}
