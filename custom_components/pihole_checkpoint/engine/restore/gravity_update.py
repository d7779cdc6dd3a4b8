"""The gravity update after a restore: the Pi-hole downloads its lists."""

import asyncio
from dataclasses import dataclass
from typing import Final

from ..errors import catch_unexpected
from ..export import Report
from ..models import Stage
from ..pihole.client import PiholeClient
from ..pihole.errors import CheckpointError, PiholeFailed
from ..pihole.session import PiholeSession
from .timings import RestoreTimings

_COMPLAINT: Final = "[✗]"
_MOST_COMPLAINTS: Final = 3
_LAST_LINE: Final = "Done."
"""How the output of an update ends that worked; its status says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GravityUpdate:
    """How a gravity update ended."""

    failure: Exception | None
    complaints: tuple[str, ...]
    """What the Pi-hole said about single lists, at most three."""


async def update_gravity(
    client: PiholeClient, session: PiholeSession, timings: RestoreTimings, *, report: Report
) -> GravityUpdate:
    """Have the Pi-hole download its lists."""
    complaints: dict[str, None] = {}  # a set that keeps its order
    last = ""

    def read(line: str) -> None:
        nonlocal last
        if line:
            report(Stage.UPDATING_GRAVITY, line)
            last = line
        if _COMPLAINT in line and len(complaints) < _MOST_COMPLAINTS:
            complaints[line.replace(_COMPLAINT, "").strip()] = None

    report(Stage.UPDATING_GRAVITY, "")
    failure: Exception | None = None
    try:
        async with asyncio.timeout(timings.gravity):
            with catch_unexpected(client.secrets):
                await session.update_gravity(read)
        if _LAST_LINE not in last:
            failure = PiholeFailed(status="200", reason=last or "-")
    except (CheckpointError, TimeoutError) as error:
        failure = error
    return GravityUpdate(failure=failure, complaints=tuple(complaints))
