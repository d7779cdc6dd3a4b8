"""Failures of a restore that say what is different on the Pi-hole."""

from collections.abc import Iterable

from ..errors import RestoreFailed
from ..teleporter.diff import Change


class RestorePartial(RestoreFailed):
    """The Pi-hole stopped in the middle.

    Names `reason`, in the Pi-hole's own words, and `changes`, which it made.
    """

    def __init__(self, *, changes: Iterable[Change], **placeholders: str) -> None:
        super().__init__(**placeholders)
        self.changes = tuple(changes)


class RestoreDiffers(RestoreFailed):
    """The Pi-hole differs from the backup after the import. Names `differences`."""

    def __init__(self, *, changes: Iterable[Change], **placeholders: str) -> None:
        super().__init__(**placeholders)
        self.changes = tuple(changes)
