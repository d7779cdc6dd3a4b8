"""DNS messages: a question read, an answer written. What is read may be anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
import ipaddress
import struct
from typing import Final

_HEAD: Final = struct.Struct("!6H")
_QUESTION: Final = struct.Struct("!2H")
_RECORD: Final = struct.Struct("!2HIH")
_ANSWERS: Final = 0x8000
_OPCODE: Final = 0x7800
_CUT: Final = 0x0200
_RECURSION: Final = 0x0100
_OFFERS_RECURSION: Final = 0x0080
_LONGEST_LABEL: Final = 63
_LONGEST_NAME: Final = 255
_OPT: Final = 41
_SMALLEST: Final = 512
"""What every client takes over UDP."""


class Type(IntEnum):
    """What can be asked for a name."""

    A = 1
    CNAME = 5
    AAAA = 28


class Outcome(IntEnum):
    """The code in the head of an answer."""

    FOUND = 0
    BAD_MESSAGE = 1
    NO_SUCH_NAME = 3
    NOT_IMPLEMENTED = 4
    REFUSED = 5


class NoQuestion(Exception):
    """Nothing that can be answered, not even with an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A name, in lower case, and what is asked of it."""

    name: str
    type: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of an answer."""

    name: str
    type: Type
    ttl: int
    value: str

    def __bytes__(self) -> bytes:
        if self.type is Type.CNAME:
            data = _packed_name(self.value)
        else:
            data = ipaddress.ip_address(self.value).packed
        head = _RECORD.pack(self.type, 1, self.ttl, len(data))
        return _packed_name(self.name) + head + data


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered."""

    outcome: Outcome = Outcome.FOUND
    records: Sequence[Record] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message with one question, or one that only an error can be answered to."""

    id: int
    flags: int
    question: Question | None = None
    problem: Outcome = Outcome.FOUND
    section: bytes = field(default=b"", repr=False)
    """The question as it was asked; the answer repeats it."""
    size: int = _SMALLEST
    """How long an answer over UDP may be."""

    @classmethod
    def read(cls, data: bytes) -> Message:
        """Read what was sent. Raises `NoQuestion`."""
        if len(data) < _HEAD.size:
            raise NoQuestion
        id_, flags, questions, *_ = _HEAD.unpack_from(data)
        if flags & _ANSWERS:
            raise NoQuestion
        if flags & _OPCODE:
            return cls(id=id_, flags=flags, problem=Outcome.NOT_IMPLEMENTED)
        if questions != 1:
            return cls(id=id_, flags=flags, problem=Outcome.BAD_MESSAGE)
        try:
            name, at = _read_name(data, _HEAD.size)
            type_, _class = _QUESTION.unpack_from(data, at)
        except struct.error, ValueError:
            return cls(id=id_, flags=flags, problem=Outcome.BAD_MESSAGE)
        end = at + _QUESTION.size
        return cls(
            id=id_,
            flags=flags,
            question=Question(name=name, type=type_),
            section=data[_HEAD.size : end],
            size=_size_for_udp(data, end),
        )

    def answer(self, reply: Reply, *, most: int | None = None) -> bytes:
        """Write the answer, without its records where they are too many."""
        flags = self.flags & _RECURSION | _ANSWERS | _OFFERS_RECURSION | reply.outcome
        body = b"".join(map(bytes, reply.records))
        count = len(reply.records)
        if most is not None and _HEAD.size + len(self.section) + len(body) > most:
            flags, body, count = flags | _CUT, b"", 0
        head = _HEAD.pack(self.id, flags, bool(self.section), count, 0, 0)
        return head + self.section + body


def _read_name(data: bytes, at: int) -> tuple[str, int]:
    """Return a name, and where it ends. Raises `ValueError`, also for a pointer."""
    labels: list[bytes] = []
    start = at
    while True:
        if at >= len(data) or at - start > _LONGEST_NAME:
            raise ValueError("a name without an end")
        length = data[at]
        at += 1
        if not length:
            return ".".join(label.decode("ascii") for label in labels).lower(), at
        if length > _LONGEST_LABEL or at + length > len(data):
            raise ValueError("a label that is too long")
        labels.append(data[at : at + length])
        at += length


def _packed_name(name: str) -> bytes:
    labels = [label.encode("ascii") for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _size_for_udp(data: bytes, at: int) -> int:
    """Return how long an answer may be: EDNS says it in the place of a class."""
    rest = data[at : at + 5]
    if len(rest) < 5 or rest[:3] != b"\0" + _OPT.to_bytes(2):  # noqa: PLR2004 - three fields
        return _SMALLEST
    return max(_SMALLEST, int.from_bytes(rest[3:5]))
