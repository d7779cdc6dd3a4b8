"""What goes wrong on the network: where, when and how, and what a user may be told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from pihole_simulator.fault_plan import Place

from .rubbish import GARBLED, RUBBISH

LOST: Final = frozenset({"connection_lost"})
SILENT: Final = frozenset({"answer_timeout", "deadline_exceeded"})


class Side(StrEnum):
    """Of which message."""

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
        """Give the number of bytes before it."""
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
    Fault.DROP: LOST,
    Fault.RESET: LOST,
    Fault.HALF_CLOSE: LOST,
    Fault.HANG: SILENT,
    Fault.DELAY: frozenset[str](),
    Fault.TRICKLE: frozenset[str](),
    Fault.DRIP: SILENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One fault that is to happen."""

    place: Place
    number: int
    """Of which request there, from 0 on."""
    lasting: bool
    """Whether all that come after it there meet the same."""
    side: Side
    position: Position
    fault: Fault
    rubbish: str = ""
    seed: int
    """For what is random in it."""

    def __str__(self) -> str:
        """Say it in one line."""
        lasting = " and all later ones" if self.lasting else ""
        what = f": {self.rubbish}" if self.rubbish else ""
        return (
            f"{self.side} {self.number}{lasting} at {self.place}, {self.position}:"
            f" {self.fault}{what} [{self.seed}]"
        )

    def random(self) -> Random:
        """Give its own source of what is random in it."""
        return Random(self.seed)  # noqa: S311 - a trial

    @property
    def fitting(self) -> frozenset[str]:
        """The keys of the sentences that are true of this."""
        if self.fault is Fault.RUBBISH:
            keys = RUBBISH[self.rubbish].fitting
        elif self.fault is Fault.TWICE:
            # A request that comes twice is a retry. Bytes that come twice spoil what they are in.
            keys = GARBLED if self.side is Side.ANSWER else frozenset()
        else:
            keys = _FITTING[self.fault]
        if self.place == "export" and self.side is Side.ANSWER:
            if self.fault in (Fault.DROP, Fault.RESET, Fault.HALF_CLOSE):
                keys |= {"archive_incomplete"}
            if self.fault is Fault.TWICE:
                keys |= {"archive_damaged", "archive_incomplete", "archive_too_large"}
        return keys


def make_strike(random: Random, places: Sequence[tuple[Place, int]]) -> Strike:
    """Think of one; of each place is told how many requests there may be."""
    place, most = random.choice(places)
    fault = random.choice([*Fault, Fault.DROP, Fault.RESET, Fault.RUBBISH, Fault.RUBBISH])
    side = Side.ANSWER if fault is Fault.RUBBISH else random.choice(list(Side))
    rubbish = ""
    if fault is Fault.RUBBISH:
        rubbish = random.choice(
            [name for name, it in RUBBISH.items() if not it.places or place in it.places]
        )
    return Strike(
        place=place,
        number=random.randrange(most),
        lasting=random.random() < 0.4,  # noqa: PLR2004 - often enough
        side=side,
        position=random.choice(list(Position)),
        fault=fault,
        rubbish=rubbish,
        seed=random.randrange(2**32),
    )


def make_plan(random: Random, places: Sequence[tuple[Place, int]]) -> tuple[Strike, ...]:
    """Think of what goes wrong in one conversation: often one thing, sometimes two."""
    return tuple(make_strike(random, places) for _ in range(random.choice([1, 1, 1, 1, 2])))
