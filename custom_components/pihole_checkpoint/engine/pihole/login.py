"""Opening a session on a Pi-hole, and closing it again.

What a Pi-hole answers is under "Login" and "Sessions" in `docs/pihole-api.md`.
"""

import asyncio
from http import HTTPMethod, HTTPStatus
from itertools import count
import logging
import random
import re
from typing import Final

from .cancellation import shielded
from .errors import (
    CheckpointError,
    ConnectionFailed,
    NotAPihole,
    RateLimited,
    TotpRequired,
    WrongPassword,
)
from .session import PiholeSession

_LOGGER = logging.getLogger(__name__)

_ATTEMPTS: Final = 3
_SID: Final = re.compile(r"[A-Za-z0-9+/=_-]{1,256}", re.ASCII)


async def log_in(session: PiholeSession, password: str) -> None:
    """Open a session, and believe no single "wrong password".

    A Pi-hole counts the attempts of all clients together, and when an app password meets the limit,
    the answer is the same as to a wrong one. Raises `ConnectionFailed`, `WrongAddress` or
    `Refused`.
    """
    timings = session.transport.timings
    rejected = 0
    for attempt in range(_ATTEMPTS):
        if attempt:
            # The random part separates clients that were limited together; it guards nothing.
            await asyncio.sleep(timings.login_retry * random.uniform(1, 1.5))  # noqa: S311
        try:
            # Shielded, as an answer that nobody awaits could open a session that nobody closes.
            await shielded(_try_to_log_in(session, password), grace=timings.login_grace)
        except WrongPassword:
            rejected += 1
            if rejected > 1:
                raise
        except RateLimited:
            continue
        else:
            return
    raise RateLimited


async def _try_to_log_in(session: PiholeSession, password: str) -> None:
    answer = await session.transport.request(
        HTTPMethod.POST, "api/auth", body={"password": password}
    )
    if answer.error_key in ("bad_request", "unauthorized"):
        raise TotpRequired  # no other login makes a Pi-hole reject the form of a request
    if "session" not in answer.body:
        answer.raise_for_refusal()
        raise NotAPihole
    opened = answer.object_at("session")
    if opened.get("valid") is False:
        raise WrongPassword
    if opened.get("valid") is not True:  # no Pi-hole says so, and no other password would help
        raise NotAPihole
    match opened.get("sid"):
        case None:  # no password is set: everything is open, and there is nothing to close
            pass
        case str() as sid if _SID.fullmatch(sid):
            session.transport.secrets.add(sid)
            session.sid = sid
        case _:
            raise NotAPihole


async def log_out(session: PiholeSession) -> None:
    """Close a session, also when the caller is cancelled. A failure is only logged.

    A Pi-hole ends a session by itself after half an hour, and the work in it stays done.
    """
    if session.sid is not None:
        try:
            await shielded(_log_out(session), grace=session.transport.timings.logout_total)
        finally:
            forget(session)


def forget(session: PiholeSession) -> None:
    """Forget the secret of a session that has ended."""
    if session.sid is not None:
        session.transport.secrets.discard(session.sid)
        session.sid = None


async def _log_out(session: PiholeSession) -> None:
    try:
        async with asyncio.timeout(session.transport.timings.logout_total):
            await _log_out_with_retries(session)
    except (CheckpointError, TimeoutError) as error:
        _LOGGER.warning("Could not close the session on the Pi-hole: %r", error)


async def _log_out_with_retries(session: PiholeSession) -> None:
    """Try twice, and for as long as the Pi-hole may be restarting."""
    timings = session.transport.timings
    for attempt in count():
        try:
            async with asyncio.timeout(timings.logout):
                answer = await session.transport.request(
                    HTTPMethod.DELETE, "api/auth", sid=session.sid
                )
            if answer.status != HTTPStatus.UNAUTHORIZED:  # otherwise the session has ended already
                answer.raise_for_refusal()
        except (CheckpointError, TimeoutError) as error:
            is_away = session.may_restart and isinstance(error, ConnectionFailed | TimeoutError)
            if attempt and not is_away:
                raise
        else:
            return
        await asyncio.sleep(timings.logout_retry)
