"""Troubles that pass by themselves within a moment."""

import asyncio
from typing import Final

from .errors import (
    ArchiveIncomplete,
    CannotConnect,
    CheckpointError,
    ConnectionLost,
    GravityUnreadable,
    NameNotFound,
    PiholeFailed,
    ProxyAnswered,
    ProxyCannotReach,
)
from .limits import Timings

_AWAY: Final = (CannotConnect, NameNotFound, ProxyCannotReach)
"""As while the Pi-hole restarts, which may be what resolves its own name."""
_UNAVAILABLE: Final = "503"
"""So some proxies answer meanwhile."""
_BROKEN_OFF: Final = (ConnectionLost, ArchiveIncomplete)
"""As when a restart begins."""
_LOCKED: Final = (GravityUnreadable, PiholeFailed)
"""As while another process writes to a database. Only an export is tried again after it."""
_MOST_BROKEN_OFF: Final = 1
"""The answer to a login that breaks off may be a session, which nobody can close."""


class Moment:
    """Waits quietly before another try, as long as an error may be over in a moment."""

    def __init__(self, timings: Timings) -> None:
        self._timings = timings
        self._until: float | None = None
        self._broken_off = 0

    async def wait_out(self, error: CheckpointError, *, is_export: bool = False) -> None:
        """Return when it is time to try again, or raise the error if that is of no use."""
        now = asyncio.get_running_loop().time()
        if self._until is None:
            self._until = now + self._timings.moment
        self._broken_off += isinstance(error, _BROKEN_OFF)
        if (
            not _may_pass(error, is_export=is_export)
            or now >= self._until
            or self._broken_off > _MOST_BROKEN_OFF
        ):
            raise error
        await asyncio.sleep(self._timings.moment_retry)


def _may_pass(error: CheckpointError, *, is_export: bool) -> bool:
    if isinstance(error, ProxyAnswered):
        return error.placeholders["status"].startswith(_UNAVAILABLE)
    return isinstance(error, (*_AWAY, *_BROKEN_OFF, *(_LOCKED if is_export else ())))
