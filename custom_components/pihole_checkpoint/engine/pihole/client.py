"""The conversation with a Pi-hole.

Every session that is opened is closed again, however the conversation ends; none is kept.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from http import HTTPMethod, HTTPStatus
from itertools import count
import json
import logging
import os
import random
import re
from typing import BinaryIO, Final

import aiohttp
from yarl import URL

from .errors import (
    ArchiveIncomplete,
    ArchiveTooLarge,
    CheckpointError,
    ConnectionFailed,
    ConnectionLost,
    ImportRefused,
    NotAPihole,
    PiholeV5,
    RateLimited,
    TotpRequired,
    WrongPassword,
)
from .models import Probe, Versions
from .redaction import redact_strictly
from .shield import shielded
from .transport import Transport

_LOGGER = logging.getLogger(__name__)

LOGIN_RETRY_SECONDS: Final = 2.0
_LOGIN_TRIES = 3
_LOGIN_GRACE_SECONDS = 10.0
"""For a login that is under way when the conversation is called off: it may open a session."""
_GRACE_SECONDS = 4.0
"""For a logout."""
_LOGOUT_SECONDS = 1.8
"""For one try of it."""
_LOGOUT_RETRY_SECONDS = 0.3
_VERSIONS_SECONDS: Final = 5.0
_CHUNK = 256 * 1024
_SID = re.compile(r"[A-Za-z0-9+/=_-]{1,256}", re.ASCII)
_IMPORT_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=10, sock_read=60)
_GRAVITY_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=10, sock_read=300)
"""A large list from a slow server is downloaded without a word."""
_LINE_END = re.compile(rb"[\r\n]+")
_LONGEST_LINE: Final = 1000
"""In characters, of what is shown of one."""
_MOST_OF_A_LINE: Final = 64 * 1024
"""In bytes, of what is looked at: all of a URL is seen before a line is cut."""
_MAX_GRAVITY_WORDS = 16 * 1024 * 1024
"""In bytes; for each of a Pi-hole's lists there are a few hundred."""
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_VERSION = re.compile(r"[\w.+-]{1,64}", re.ASCII)


class PiholeClient:
    """Speaks with one Pi-hole.

    `http` must not share cookies with others (`aiohttp.DummyCookieJar`): a Pi-hole sets one at
    login, and another client's would end up in our session.
    """

    def __init__(self, http: aiohttp.ClientSession, url: URL, password: str = "") -> None:
        self._exchange = Transport(http=http, url=url, secrets={password})
        self._password = password

    @property
    def secrets(self) -> AbstractSet[str]:
        """What must not be shown to anybody, at this moment."""
        return self._exchange.secrets

    async def probe(self) -> Probe:
        """Ask whether a Pi-hole v6 answers, without a login, and so without taking a seat.

        Raises `ConnectionFailed`, `WrongAddress` or `Refused`.
        """
        try:
            answer = await self._exchange.ask(HTTPMethod.GET, "api/auth")
        except NotAPihole:
            if await self._is_v5():
                raise PiholeV5 from None
            raise
        if "session" not in answer.body:
            answer.raise_for_refusal()
            raise NotAPihole
        session = answer.part("session")
        return Probe(needs_password=session.get("valid") is not True)

    async def renew(self, session: PiholeSession) -> None:
        """Log in again, when the Pi-hole has ended a session. Raises what `session` raises."""
        if session.sid is not None:
            self._exchange.secrets.discard(session.sid)
            session.sid = None
        await self._log_in(session)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[PiholeSession]:
        """Be logged in for as long as the context lasts.

        Raises `ConnectionFailed`, `WrongAddress` or `Refused`, as do the session's methods.
        """
        session = PiholeSession(self._exchange)
        try:
            await self._log_in(session)
            yield session
        finally:
            if session.sid is not None:
                await shielded(_log_out(session), grace=_GRACE_SECONDS)
                self._exchange.secrets.discard(session.sid)

    async def _log_in(self, session: PiholeSession) -> None:
        """Log in, and believe no single "wrong password".

        A Pi-hole counts the attempts of all clients together, and when an app password meets the
        limit, the answer is the same as to a wrong one.
        """
        rejected = 0
        for attempt in range(_LOGIN_TRIES):
            if attempt:
                # The jitter parts clients that were limited together; it guards nothing.
                await asyncio.sleep(LOGIN_RETRY_SECONDS * random.uniform(1, 1.5))  # noqa: S311
            try:
                # To the end: an answer not waited for could be a session that nobody closes.
                await shielded(self._try_to_log_in(session), grace=_LOGIN_GRACE_SECONDS)
            except WrongPassword:
                rejected += 1
                if rejected > 1:
                    raise
            except RateLimited:
                continue
            else:
                return
        raise RateLimited

    async def _try_to_log_in(self, session: PiholeSession) -> None:
        answer = await self._exchange.ask(
            HTTPMethod.POST, "api/auth", body={"password": self._password}
        )
        if answer.error_key in ("bad_request", "unauthorized"):
            raise TotpRequired  # no other login makes a Pi-hole find fault with its form
        if "session" not in answer.body:
            answer.raise_for_refusal()
            raise NotAPihole
        valid = answer.part("session").get("valid")
        if valid is False:
            raise WrongPassword
        if valid is not True:  # no Pi-hole says so, and no other password would help
            raise NotAPihole
        match answer.part("session").get("sid"):
            case None:  # no password is set: everything is open, and there is nothing to close
                pass
            case str() as sid if _SID.fullmatch(sid):
                self._exchange.secrets.add(sid)
                session.sid = sid
            case _:
                raise NotAPihole

    async def _is_v5(self) -> bool:
        try:
            answer = await self._exchange.ask(HTTPMethod.GET, "admin/api.php?version")
        except CheckpointError:
            return False
        return "version" in answer.body


class PiholeSession:
    """What can be asked of a Pi-hole once logged in."""

    def __init__(self, exchange: Transport) -> None:
        self.exchange = exchange
        self.sid: str | None = None
        """The session's secret; `None` before the login, and where no password is set."""
        self.restarts = False
        """Whether the Pi-hole may be restarting, which sessions outlive."""

    async def versions(self) -> Versions:
        """Ask for the versions of the Pi-hole's parts.

        A host that does not know its own sends a second body right behind its first answer, so
        nothing else may be asked over that connection. See `read_versions`.
        """
        answer = await self.exchange.ask(HTTPMethod.GET, "api/info/version", sid=self.sid)

        def local(part: str) -> str | None:
            version = answer.part("version", part, "local").get("version")
            return version if isinstance(version, str) and _VERSION.fullmatch(version) else None

        return Versions(core=local("core"), web=local("web"), ftl=local("ftl"))

    async def export(self, write: Callable[[bytes], Awaitable[None]], *, max_size: int) -> None:
        """Let the Pi-hole make a Teleporter archive, and hand it to `write` piece by piece.

        Raises `ArchiveIncomplete` when it is not as long as announced, and `ArchiveTooLarge` when
        it is longer than `max_size` bytes.
        """
        received = 0
        async with self.exchange.request(
            HTTPMethod.GET, "api/teleporter", sid=self.sid
        ) as response:
            if response.status != HTTPStatus.OK or response.content_type != "application/zip":
                (await self.exchange.read(response)).raise_for_refusal()
                raise NotAPihole
            announced = response.content_length
            if announced is not None and announced > max_size:
                raise ArchiveTooLarge(max_size)
            try:
                async for chunk in response.content.iter_chunked(_CHUNK):
                    received += len(chunk)
                    if received > max_size:
                        raise ArchiveTooLarge(max_size)
                    await write(chunk)
            except aiohttp.ClientPayloadError as error:
                if announced is None:
                    raise ConnectionLost from error
                raise ArchiveIncomplete(received=str(received), expected=str(announced)) from error

    async def is_of_app_password(self) -> bool:
        """Tell whether an app password opened this session. Raises `SessionEnded` if it ended."""
        answer = await self.exchange.ask(HTTPMethod.GET, "api/auth/sessions", sid=self.sid)
        answer.raise_for_refusal()
        sessions = answer.body.get("sessions")
        return any(
            session.get("current_session") is True and session.get("app") is True
            for session in (sessions if isinstance(sessions, list) else ())
            if isinstance(session, dict)
        )

    async def import_archive(self, file: BinaryIO, order: Mapping[str, object]) -> frozenset[str]:
        """Send an archive, and give what the Pi-hole says that it took of it.

        `file` stays open, and is read from its beginning. Raises `ImportRefused` when the Pi-hole
        says no to what was sent.
        """
        form = aiohttp.FormData()
        form.add_field("import", json.dumps(order))
        self.restarts = True
        # A file of its own, because aiohttp closes what it has sent.
        with os.fdopen(os.dup(file.fileno()), "rb") as sent:
            sent.seek(0)
            form.add_field("file", sent, filename="backup.zip", content_type="application/zip")
            async with self.exchange.request(
                HTTPMethod.POST, "api/teleporter", sid=self.sid, body=form, timeout=_IMPORT_TIMEOUT
            ) as response:
                answer = await self.exchange.read(response)
        if answer.status == HTTPStatus.BAD_REQUEST:
            raise ImportRefused(reason=answer.reason)
        answer.raise_for_refusal()
        taken = answer.body.get("files")
        names = taken if isinstance(taken, list) else ()
        return frozenset(name for name in names if isinstance(name, str))

    async def update_gravity(self, hear: Callable[[str], None]) -> None:
        """Let the Pi-hole download its lists, and hear line by line how that goes.

        Raises `NotAPihole` when it goes on and on about it.
        """
        rest = b""
        received = 0
        async with self.exchange.request(
            HTTPMethod.POST, "api/action/gravity", sid=self.sid, timeout=_GRAVITY_TIMEOUT
        ) as response:
            if response.status != HTTPStatus.OK or response.content_type == "text/html":
                (await self.exchange.read(response)).raise_for_refusal()
                raise NotAPihole
            async for chunk in response.content.iter_any():
                received += len(chunk)
                if received > _MAX_GRAVITY_WORDS:
                    raise NotAPihole
                *lines, rest = _LINE_END.split(rest + chunk)
                for line in lines:
                    hear(self._shown(line))
                rest = rest[:_MOST_OF_A_LINE]
        hear(self._shown(rest))

    def _shown(self, line: bytes) -> str:
        """Make a line for a terminal fit to be shown to anybody."""
        text = _TERMINAL.sub("", line[:_MOST_OF_A_LINE].decode(errors="replace"))
        return redact_strictly(text, self.exchange.secrets)[:_LONGEST_LINE].strip()


async def read_versions(session: PiholeSession) -> Versions:
    """Ask for the versions. A Pi-hole that does not answer properly is no reason to fail."""
    try:
        async with asyncio.timeout(_VERSIONS_SECONDS):
            return await session.versions()
    except CheckpointError, TimeoutError:
        return Versions()


async def _log_out(session: PiholeSession) -> None:
    try:
        async with asyncio.timeout(_GRACE_SECONDS):
            await _see_it_closed(session)
    except (CheckpointError, TimeoutError) as error:
        # The Pi-hole ends it by itself after half an hour; what was asked for stays done.
        _LOGGER.warning("Could not close the session on the Pi-hole: %r", error)


async def _see_it_closed(session: PiholeSession) -> None:
    """Ask twice if need be, and while the Pi-hole may be restarting, again and again."""
    for attempt in count():
        try:
            async with asyncio.timeout(_LOGOUT_SECONDS):
                answer = await session.exchange.ask(HTTPMethod.DELETE, "api/auth", sid=session.sid)
            if answer.status != HTTPStatus.UNAUTHORIZED:  # else there is no such session any more
                answer.raise_for_refusal()
        except (CheckpointError, TimeoutError) as error:
            may_be_away = session.restarts and isinstance(error, ConnectionFailed | TimeoutError)
            if attempt and not may_be_away:
                raise
        else:
            return
        await asyncio.sleep(_LOGOUT_RETRY_SECONDS)
