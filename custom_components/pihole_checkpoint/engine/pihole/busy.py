"""Trying again what a Pi-hole refuses only because it is busy."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPMethod
import secrets
from typing import Final

from .errors import ItemRefused, PiholeFailed, SettingsRefused
from .session import PiholeSession

HALF_DONE: Final = "-"
"""The reason of a refusal without words: what is stored then is not what was sent."""
_CLOSED: Final = "Database not available"
"""A part of the reason when the Pi-hole found its database locked as it was to open it again."""
_PASSING: Final = (
    _CLOSED,
    "database is locked",
    "Could not read from gravity database",
    "readonly database",
    "no such table: gravity",
    "UNIQUE constraint failed",
    "syntax check OK",
)
"""Parts of reasons that pass: another process writes to the database, or a gravity update has just
replaced it; and v6.0 sometimes fails in its own check of sound settings."""


async def try_while_busy[T](session: PiholeSession, attempt: Callable[[], Awaitable[T]]) -> T:
    """Return what `attempt` returns, trying again for some time while the Pi-hole is busy."""
    timings = session.transport.timings
    now = asyncio.get_running_loop().time
    until = now() + timings.busy
    while True:
        try:
            return await attempt()
        except (ItemRefused, SettingsRefused, PiholeFailed) as error:
            reason = error.placeholders["reason"]
            if now() >= until or not _passes(reason):
                raise
        if _CLOSED in reason:
            await _have_database_opened(session)
        await asyncio.sleep(timings.busy_retry)


def _passes(reason: str) -> bool:
    return reason == HALF_DONE or any(words in reason for words in _PASSING)


async def _have_database_opened(session: PiholeSession) -> None:
    """Have the Pi-hole open its database again, as it does after a change or a DNS query.

    The change is another name for a group that nobody has, so nothing is changed.
    """
    nobody = f"pihole-checkpoint-{secrets.token_hex(8)}"
    await session.request(HTTPMethod.PUT, f"api/groups/{nobody}", body={"name": nobody})
