"""Trying again what a Pi-hole refuses only because it is busy."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from .errors import ItemRefused, PiholeFailed, SettingsRefused
from .limits import Timings

HALF_DONE: Final = "-"
"""The reason of a refusal without words: what is stored then is not what was sent."""
_PASSING: Final = (
    "database is locked",
    "Could not read from gravity database",
    "Database not available",
    "readonly database",
    "UNIQUE constraint failed",
    "syntax check OK",
)
"""Parts of reasons that pass: another process writes to the database, or a gravity update has just
replaced it; and v6.0 sometimes fails in its own check of sound settings."""


async def try_while_busy[T](attempt: Callable[[], Awaitable[T]], timings: Timings) -> T:
    """Return what `attempt` returns, trying again for some time while the Pi-hole is busy."""
    now = asyncio.get_running_loop().time
    until = now() + timings.busy
    while True:
        try:
            return await attempt()
        except (ItemRefused, SettingsRefused, PiholeFailed) as error:
            if now() >= until or not _passes(error.placeholders["reason"]):
                raise
        await asyncio.sleep(timings.busy_retry)


def _passes(reason: str) -> bool:
    return reason == HALF_DONE or any(words in reason for words in _PASSING)
