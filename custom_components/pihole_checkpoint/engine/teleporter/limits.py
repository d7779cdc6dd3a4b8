"""A limit on how much is ever held in memory of one archive."""

from typing import Final

_OBJECT: Final = 200
"""In bytes: about what Python takes for an object, whatever is in it."""


class BudgetExceeded(Exception):
    """More than is ever held in memory."""


class MemoryBudget:
    """What may still be read, in bytes."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int, objects: int = 1) -> None:
        """Take from it for objects whose texts are that long together. Raises `BudgetExceeded`."""
        self._left -= size + objects * _OBJECT
        if self._left < 0:
            raise BudgetExceeded
