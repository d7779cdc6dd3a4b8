"""What goes wrong on the network: where, when and how, and what a user may read about it."""

from asyncio import StreamWriter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
import json
from random import Random
from typing import Final

from pihole_simulator.fault_plan import Place

_LOST: Final = frozenset({"connection_lost"})
_SILENT: Final = frozenset({"answer_timeout", "deadline_exceeded"})
_NO_PIHOLE: Final = frozenset({"not_a_pihole", "proxy_answered"})
_NO_HTTP: Final = frozenset({"answer_garbled", "connection_lost"})
_FAILED: Final = frozenset({"pihole_failed", "proxy_answered", "proxy_cannot_reach"})
_GARBLED: Final = _NO_HTTP | _NO_PIHOLE | _SILENT
_JSON_PLACES: Final = frozenset[Place]({"probe", "login", "version", "sessions", "import"})
_PLACES: Final = _JSON_PLACES | frozenset[Place]({"export"})

type Talk = Callable[[StreamWriter], Awaitable[None]]
"""Sends something, perhaps without an end."""
type Said = bytes | Talk


# Rubbish ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubbish:
    """A kind of answer that does not belong to its request."""

    make: Callable[[Random, bytes, bytes], bytes]
    """Makes an answer, given the head and the body of the sound one."""
    fitting: frozenset[str]
    """The keys of the sentences that fit it."""
    closes: bool = False
    """Whether the connection is closed after it."""
    is_done: bool = True
    """Whether the Pi-hole does what was asked, and only the answer is replaced."""
    places: frozenset[Place] = frozenset()
    """Where this makes sense; empty means everywhere."""


def answer(status: str, kind: str, body: bytes, *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body


def as_json(value: object, status: str = "200 OK") -> bytes:
    return _json(json.dumps(value).encode(), status)


def _json(body: bytes, status: str = "200 OK") -> bytes:
    return answer(status, "application/json", body)


def _page(status: str) -> bytes:
    return answer(status, "text/html; charset=utf-8", b"<!doctype html><h1>Sign in</h1>")


def _error(random: Random, _head: bytes, _body: bytes) -> bytes:
    key = random.choice(["internal_error", "database_error", ""])
    error = {"key": key, "message": "It did not work", "hint": None}
    return as_json({"error": error, "took": 0.1}, "500 Internal Server Error")


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
    *(None, True, False, 0, -1, 1e308, 10**30, "", "x"),
    *([], {}, [[]], [None], {"": 0}),
)


def _wrong_types(random: Random, _head: bytes, body: bytes) -> bytes:
    """Put a value of another type into the sound answer."""
    try:
        sound = json.loads(body)
    except ValueError:
        return as_json(random.choice(_STRANGE))
    places: list[tuple[dict[str, object] | list[object], str | int]] = []

    def look(value: object) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                places.append((value, key))
                look(item)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                places.append((value, index))
                look(item)

    look(sound)
    holder, key = random.choice(places)
    strange = random.choice([item for item in _STRANGE if not isinstance(item, bool)])
    if isinstance(holder, dict):
        holder[str(key)] = strange
    else:
        holder[int(key)] = strange
    return as_json(sound)


def _head_of(head: bytes, line: str) -> bytes:
    """Begin an answer of the same type of content."""
    kind = next(item for item in head.split(b"\r\n") if item.lower().startswith(b"content-type:"))
    return b"HTTP/1.1 200 OK\r\n" + kind + f"\r\n{line}\r\n\r\n".encode()


def _broken_chunks(random: Random, head: bytes, body: bytes) -> bytes:
    cut = random.randrange(len(body))
    chunk = f"{len(body):x}\r\n".encode()
    return _head_of(head, "Transfer-Encoding: chunked") + random.choice(
        [
            chunk + body[:cut],
            chunk + body,
            chunk + body + b"\r\n",
            chunk + body + b"\r\nzz\r\n",
            b"-5\r\n" + body,
            b"",
        ]
    )


RUBBISH: Final[Mapping[str, Rubbish]] = {
    "no HTTP": Rubbish(make=_noise, fitting=_NO_HTTP, closes=True, is_done=False),
    "a page": Rubbish(make=lambda *_: _page("200 OK"), fitting=_NO_PIHOLE, is_done=False),
    "a page that is an error": Rubbish(
        make=lambda random, *_: _page(
            random.choice(["500 Internal Server Error", "502 Bad Gateway", "503 Busy", "504 Late"])
        ),
        fitting=_FAILED,
    ),
    "a page about a limit": Rubbish(
        make=lambda random, *_: _page(random.choice(["413 Too Large", "429 Too Many Requests"])),
        fitting=frozenset({"proxy_too_large", "proxy_answered"}),
        is_done=False,
    ),
    "a page that is not found": Rubbish(
        make=lambda *_: _page("404 Not Found"), fitting=_NO_PIHOLE, is_done=False
    ),
    "an error": Rubbish(make=_error, fitting=_FAILED),
    "a redirect": Rubbish(
        make=lambda *_: answer("302 Found", "text/html", b"", "Location: https://proxy.example/"),
        fitting=frozenset({"redirected"}),
        is_done=False,
    ),
    "nothing at all": Rubbish(
        make=lambda random, *_: random.choice([_json(b""), answer("200 OK", "text/plain", b"")]),
        fitting=_NO_PIHOLE,
        places=_PLACES,
    ),
    "no JSON object": Rubbish(
        make=lambda random, *_: _json(
            random.choice([b"null", b"[]", b'"x"', b"3", b"NaN", b"[{}]", b"1e999"])
        ),
        fitting=_NO_PIHOLE,
        places=_PLACES,
    ),
    "broken JSON": Rubbish(
        make=lambda random, _, body: _json(
            random.choice([body[:-1], b"{", b"{}}", b'{"session": {"valid": tru', b"\xff{}"])
        ),
        fitting=_NO_PIHOLE,
        places=_JSON_PLACES,
    ),
    "wrong types": Rubbish(
        make=_wrong_types,
        # It may have been the session's id, or what says that something is wrong.
        fitting=_NO_PIHOLE | {"session_ended"},
        places=_JSON_PLACES,
    ),
    "more announced than comes": Rubbish(
        make=lambda random, head, body: (
            _head_of(head, f"Content-Length: {len(body) + random.randint(1, 1000)}") + body
        ),
        fitting=_LOST | {"archive_incomplete"},
        closes=True,
        places=_PLACES,
    ),
    "less announced than comes": Rubbish(
        make=lambda random, head, body: (
            _head_of(head, f"Content-Length: {random.randrange(len(body))}") + body
        ),
        fitting=_GARBLED | {"archive_damaged"},
        places=_PLACES,
    ),
    "chunks that break off": Rubbish(
        make=_broken_chunks, fitting=_NO_HTTP, closes=True, places=_PLACES
    ),
}


# Strikes ------------------------------------------------------------------------------------------


class Side(StrEnum):
    """Which message is struck."""

    REQUEST = "request"
    ANSWER = "answer"


class Position(StrEnum):
    """Where in a message."""

    START = "before the first byte"
    FIRST_LINE = "in the first line"
    HEADERS = "in the headers"
    BODY_START = "right after the headers"
    BODY = "in the body"
    LAST_BYTE = "before the last byte"
    END = "after the last byte"

    def offset(self, head: bytes, length: int, random: Random) -> int:
        line = head.index(b"\r\n")
        return {
            Position.START: 0,
            Position.FIRST_LINE: random.randint(1, line),
            Position.HEADERS: random.randint(line + 1, len(head) - 1),
            Position.BODY_START: len(head),
            Position.BODY: len(head) + random.randint(0, length),
            Position.LAST_BYTE: len(head) + length - 1,
            Position.END: len(head) + length,
        }[self]


class Fault(StrEnum):
    """What happens there."""

    DROP = "the connection is closed"
    RESET = "the connection is reset"
    HALF_CLOSE = "one side is closed, and the other stays open"
    HANG = "there is silence"
    DELAY = "there is a pause"
    TRICKLE = "the rest comes a byte at a time"
    DRIP = "the rest comes a byte at a time, without an end in sight"
    TWICE = "something comes twice"
    RUBBISH = "something else comes instead"


_FITTING: Final = {
    Fault.DROP: _LOST,
    Fault.RESET: _LOST,
    Fault.HALF_CLOSE: _LOST,
    Fault.HANG: _SILENT,
    Fault.DELAY: frozenset[str](),
    Fault.TRICKLE: frozenset[str](),
    Fault.DRIP: _SILENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One fault that is to happen."""

    place: Place
    number: int
    """Which request there, from 0 on."""
    lasting: bool
    """Whether all later ones there meet the same."""
    side: Side
    position: Position
    fault: Fault
    rubbish: str = ""
    seed: int
    """For what is random in it."""

    def __str__(self) -> str:
        lasting = " and all later ones" if self.lasting else ""
        what = f": {self.rubbish}" if self.rubbish else ""
        return (
            f"{self.side} {self.number}{lasting} at {self.place}, {self.position}:"
            f" {self.fault}{what} [{self.seed}]"
        )

    def random(self) -> Random:
        return Random(self.seed)  # noqa: S311 - a trial

    @property
    def fitting(self) -> frozenset[str]:
        """The keys of the sentences that are true of this."""
        if self.fault is Fault.RUBBISH:
            keys = RUBBISH[self.rubbish].fitting
        elif self.fault is Fault.TWICE:
            # A request that comes twice is a retry. Bytes that come twice spoil what they are in.
            keys = _GARBLED if self.side is Side.ANSWER else frozenset()
        else:
            keys = _FITTING[self.fault]
        if self.place == "export" and self.side is Side.ANSWER:
            if self.fault in (Fault.DROP, Fault.RESET, Fault.HALF_CLOSE):
                keys |= {"archive_incomplete"}
            if self.fault is Fault.TWICE:
                keys |= {"archive_damaged", "archive_incomplete", "archive_too_large"}
        return keys


type Places = Sequence[tuple[Place, int]]
"""Where a strike may happen, and how many requests there may be."""


def _make_strike(random: Random, places: Places) -> Strike:
    place, most = random.choice(places)
    fault = random.choice([*Fault, Fault.DROP, Fault.RESET, Fault.RUBBISH, Fault.RUBBISH])
    side = Side.ANSWER if fault is Fault.RUBBISH else random.choice(list(Side))
    rubbish = ""
    if fault is Fault.RUBBISH:
        rubbish = random.choice(
            [name for name, item in RUBBISH.items() if not item.places or place in item.places]
        )
    return Strike(
        place=place,
        number=random.randrange(most),
        lasting=random.random() < 0.4,
        side=side,
        position=random.choice(list(Position)),
        fault=fault,
        rubbish=rubbish,
        seed=random.randrange(2**32),
    )


def make_plan(random: Random, places: Places) -> tuple[Strike, ...]:
    """Choose what goes wrong in one conversation: often one thing, sometimes two."""
    return tuple(_make_strike(random, places) for _ in range(random.choice([1, 1, 1, 1, 2])))
