"""Which changes of a restore were made, and noting changes before they are sent."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
import time
from typing import Final

from ..pihole.settings import SettingValue

_FEWEST_NOTED: Final = 20
"""Changes that are noted together at first, and where each takes long: a small restore needs no
second note."""
SECONDS_BETWEEN_NOTES: Final = 1.0
"""About: more changes are noted together where they are made more quickly than that."""


class Outcome(StrEnum):
    """What became of one change."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"
    """It was sent, but no answer says whether the Pi-hole has made it."""
    REFUSED = "refused"


@dataclass(kw_only=True, slots=True)
class Applied:
    """Which changes were made so far, by their IDs."""

    sent: set[str] = field(default_factory=set)
    """Those that may have been made."""
    done: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    """Why, in the Pi-hole's own words."""
    unpatched: Mapping[str, SettingValue] = field(default_factory=dict, repr=False)
    """The values of settings that were refused, which they all are together."""

    def outcome(self, id_: str) -> Outcome:
        """Return what became of a change."""
        if id_ in self.refused:
            return Outcome.REFUSED
        if id_ in self.done:
            return Outcome.DONE
        return Outcome.UNKNOWN if id_ in self.sent else Outcome.NOT_DONE


type Note = Callable[[Collection[str]], Awaitable[None]]
"""Puts on the disk that these changes may be made, too."""


class Ahead:
    """Notes changes before they are sent: many together, as a note is slower than a change."""

    def __init__(self, ids: Sequence[str]) -> None:
        """Take all IDs in the order in which the changes are sent."""
        self._ids = ids
        self._size = _FEWEST_NOTED
        self._noted: set[str] = set(self.first)
        self._last = time.monotonic()

    @property
    def first(self) -> Sequence[str]:
        """Return what is noted together with the beginning of the restore."""
        return self._ids[:_FEWEST_NOTED]

    async def note(self, ids: Collection[str], note: Note) -> None:
        """Note changes that are about to be sent, and some of those that follow."""
        if self._noted.issuperset(ids):
            return
        is_quick = time.monotonic() - self._last < SECONDS_BETWEEN_NOTES
        self._size = self._size * 2 if is_quick else max(_FEWEST_NOTED, self._size // 2)
        following = self._ids[len(self._noted) : len(self._noted) + self._size]
        new = [*dict.fromkeys((*ids, *following))]
        await note(new)
        self._noted.update(new)
        self._last = time.monotonic()
