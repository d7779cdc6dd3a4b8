"""Opening a session on a Pi-hole, and closing it again.

What a Pi-hole answers is under "Login" and "Sessions" in `docs/pihole-api.md`.
"""

import asyncio
from http import HTTPMethod, HTTPStatus
import logging
import random
import re
from typing import Final

from .cancellation import shielded
from .closing import Closing
from .errors import (
    CheckpointError,
    NotAPihole,
    PasswordNeeded,
    RateLimited,
    TotpRequired,
    WrongPassword,
)
from .moment import Moment
from .session import PiholeSession
from .transport import Transport

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
    moment = Moment(timings)
    for attempt in range(_ATTEMPTS):
        if attempt:
            # The random part separates clients that were limited together; it guards nothing.
            await asyncio.sleep(timings.login_retry * random.uniform(1, 1.5))  # noqa: S311
        try:
            await _try_for_a_moment(session, password, moment)
        except WrongPassword:
            if not password:
                raise PasswordNeeded from None
            rejected += 1
            if rejected > 1:
                raise
        except RateLimited:
            continue
        else:
            return
    raise RateLimited


async def _try_for_a_moment(session: PiholeSession, password: str, moment: Moment) -> None:
    """Try to log in, and try again while the Pi-hole is only away for a moment."""
    grace = session.transport.timings.login_grace
    while True:
        try:
            # Shielded, as an answer that nobody awaits could open a session that nobody closes.
            return await shielded(_try_to_log_in(session, password), grace=grace)
        except CheckpointError as error:
            await moment.wait_out(error)


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


async def log_out(session: PiholeSession, closing: Closing) -> None:
    """Close a session, also when the caller is cancelled. A failure is only logged.

    A session outlives a restart of its Pi-hole. So `closing` goes on with what is not done soon.
    """
    if (sid := session.sid) is not None:
        session.sid = None
        timings = session.transport.timings
        await shielded(_log_out(session.transport, sid, closing), grace=timings.logout_total)


def forget(session: PiholeSession) -> None:
    """Forget the secret of a session that has ended."""
    if session.sid is not None:
        session.transport.secrets.discard(session.sid)
        session.sid = None


async def _log_out(transport: Transport, sid: str, closing: Closing) -> None:
    """Try twice, and leave the rest to `closing`, also when this is cancelled."""
    timings = transport.timings
    is_closed = False
    try:
        async with asyncio.timeout(timings.logout_total):
            try:
                await _close(transport, sid)
            except CheckpointError, TimeoutError:
                await asyncio.sleep(timings.logout_retry)
                await _close(transport, sid)
        is_closed = True
    except CheckpointError, TimeoutError:
        pass
    finally:
        if is_closed:
            transport.secrets.discard(sid)
        else:
            closing.begin(_go_on_logging_out(transport, sid))


async def _go_on_logging_out(transport: Transport, sid: str) -> None:
    """Try until it works. After half an hour without use, a Pi-hole ends a session by itself."""
    timings = transport.timings
    error: Exception = TimeoutError()
    is_closed = False
    try:
        async with asyncio.timeout(timings.closing):
            while not is_closed:
                await asyncio.sleep(timings.closing_retry)
                try:
                    await _close(transport, sid)
                    is_closed = True
                except (CheckpointError, TimeoutError) as latest:
                    error = latest
    except TimeoutError:
        pass
    finally:
        transport.secrets.discard(sid)
        if not is_closed:
            _LOGGER.warning("Could not close the session on the Pi-hole: %r", error)


async def _close(transport: Transport, sid: str) -> None:
    """Log out once. Raises `CheckpointError` or `TimeoutError`."""
    async with asyncio.timeout(transport.timings.logout):
        answer = await transport.request(HTTPMethod.DELETE, "api/auth", sid=sid)
    if answer.status != HTTPStatus.UNAUTHORIZED:  # otherwise the session has ended already
        answer.raise_for_refusal()
