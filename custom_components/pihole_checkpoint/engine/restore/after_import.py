"""What follows an import: the restart, another login if need be, and the gravity update."""

import asyncio
from collections.abc import Callable
import time
from typing import Final

from ..errors import RestoreUnanswered, catch_unexpected
from ..export import Report
from ..models import Stage
from ..pihole.client import PiholeClient
from ..pihole.errors import (
    CheckpointError,
    PasswordNeeded,
    SessionEnded,
    TotpRequired,
    WrongPassword,
)
from ..pihole.session import PiholeSession
from .timings import RestoreTimings

_COMPLAINT: Final = "[✗]"
_MOST_COMPLAINTS: Final = 3


async def wait_until_back(client: PiholeClient, timings: RestoreTimings, *, safety: str) -> None:
    """Wait until the Pi-hole has restarted, which it begins right after it has answered.

    Raises `RestoreUnanswered`, which names `safety`, the file name of the safety backup.
    """
    started = time.monotonic()
    was_away = False
    while (elapsed := time.monotonic() - started) < timings.restart:
        is_there = await client.answers(timings.probe)
        if is_there and (was_away or elapsed > timings.settle):
            return
        was_away = was_away or not is_there
        await asyncio.sleep(timings.look)
    raise RestoreUnanswered(safety=safety, seconds=f"{timings.restart:g}")


async def password_still_works(client: PiholeClient) -> bool:
    """Check with another login whether the password works: an import ends no session."""
    try:
        async with client.session():
            return True
    except WrongPassword, PasswordNeeded, TotpRequired:
        return False
    except CheckpointError:
        return True  # that is not about the password


async def stay_logged_in(client: PiholeClient, session: PiholeSession) -> bool:
    """Log in again if the session has ended; return `False` when the password has changed."""
    try:
        await session.uses_app_password()
    except SessionEnded:
        try:
            await client.renew(session)
        except WrongPassword, PasswordNeeded, TotpRequired:
            return False
        except CheckpointError:
            pass  # the next request meets it again
    except CheckpointError:
        pass
    return True


async def update_gravity(
    client: PiholeClient,
    session: PiholeSession,
    timings: RestoreTimings,
    *,
    report: Report,
    complain: Callable[[str], None],
) -> Exception | None:
    """Have the Pi-hole download its lists, and return the error that ended it early.

    `complain` is called with what the Pi-hole says about single lists, if anything.
    """
    complaints: dict[str, None] = {}  # a set that keeps its order

    def read(line: str) -> None:
        if line:
            report(Stage.UPDATING_GRAVITY, line)
        if _COMPLAINT in line and len(complaints) < _MOST_COMPLAINTS:
            complaints[line.replace(_COMPLAINT, "").strip()] = None

    report(Stage.UPDATING_GRAVITY, "")
    try:
        async with asyncio.timeout(timings.gravity):
            with catch_unexpected(client.secrets):
                await session.update_gravity(read)
    except (CheckpointError, TimeoutError) as error:
        return error
    if complaints:
        complain("; ".join(complaints))
    return None
