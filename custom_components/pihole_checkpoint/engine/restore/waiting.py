"""Waiting for a Pi-hole that restarts, and another login if need be."""

import asyncio
import time

from ..errors import RestoreUnanswered
from ..pihole.client import PiholeClient
from ..pihole.errors import (
    AnswerTimeout,
    CheckpointError,
    PasswordNeeded,
    SessionEnded,
    TotpRequired,
    WrongPassword,
)
from ..pihole.session import PiholeSession
from .timings import RestoreTimings


async def wait_until_back(client: PiholeClient, timings: RestoreTimings, *, safety: str) -> None:
    """Wait until the Pi-hole has restarted, which it begins soon after it has answered.

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


async def log_in_when_back(
    client: PiholeClient, session: PiholeSession, timings: RestoreTimings
) -> None:
    """Wait until a Pi-hole answers again that went away unasked, and make the session valid.

    Raises `AnswerTimeout` when it stays away, and what `PiholeClient.renew` does.
    """
    end = time.monotonic() + timings.restart
    while not await client.answers(timings.probe):
        if time.monotonic() > end:
            raise AnswerTimeout
        await asyncio.sleep(timings.look)
    try:
        await session.own_session()
    except SessionEnded:
        await client.renew(session)


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
        await session.own_session()
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
