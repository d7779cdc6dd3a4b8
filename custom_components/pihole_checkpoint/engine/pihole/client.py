"""One Pi-hole at one address.

Every session that a client opens is closed again, however the work in it ends; none is kept. When
the Pi-hole is away just then, the client goes on trying after the work: see `Closing`.
"""

import asyncio
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from http import HTTPMethod
from typing import Final

import aiohttp
from yarl import URL

from . import limits, login
from .closing import Closing
from .errors import CheckpointError, NotAPihole, PiholeV5, ProxyAnswered
from .models import Probe, Versions
from .session import PiholeSession
from .transport import Transport

_NO_SIGN_OF_A_PROXY: Final = {"200 OK", "404 Not Found"}
"""How web servers answer that know nothing of a Pi-hole: the address is wrong."""


class PiholeClient:
    """Client for one Pi-hole.

    `http` must not share cookies with other clients (use `aiohttp.DummyCookieJar`): a Pi-hole sets
    a cookie at login, and another client's would replace our session.
    """

    def __init__(  # noqa: PLR0913 - the last four have usual values
        self,
        http: aiohttp.ClientSession,
        url: URL,
        password: str = "",
        *,
        timings: limits.Timings | None = None,
        sizes: limits.Sizes | None = None,
        closing: Closing | None = None,
    ) -> None:
        self.url = url
        """The base of all addresses of the Pi-hole's API."""
        self._http = http
        self._password = password
        self._timings = timings
        self._sizes = sizes
        self._closing = closing or Closing()
        self._secrets = {password}

    @property
    def secrets(self) -> AbstractSet[str]:
        """Return the texts that must not be shown to anybody at this moment."""
        return self._secrets

    async def probe(self) -> Probe:
        """Check that a Pi-hole v6 answers. This needs no login, and so takes no seat.

        Raises `ConnectionFailed`, `WrongAddress` or `Refused`.
        """
        try:
            answer = await self._transport().request(HTTPMethod.GET, "api/auth")
        except (NotAPihole, ProxyAnswered) as error:
            if await self._is_v5():
                raise PiholeV5 from None
            if error.placeholders.get("status") in _NO_SIGN_OF_A_PROXY:
                raise NotAPihole from None
            raise
        if "session" not in answer.body:
            answer.raise_for_refusal()
            raise NotAPihole
        session = answer.object_at("session")
        return Probe(
            needs_password=session.get("valid") is not True,
            has_totp=session.get("totp") is True,
        )

    async def answers(self, seconds: float) -> bool:
        """Return whether a Pi-hole v6 answers within this time, without a login or a refusal."""
        try:
            async with asyncio.timeout(seconds):
                await self.probe()
        except CheckpointError, TimeoutError:
            return False
        return True

    @asynccontextmanager
    async def session(self) -> AsyncIterator[PiholeSession]:
        """Log in, and log out when the context ends.

        Raises `ConnectionFailed`, `WrongAddress` or `Refused`, as the session's methods do.
        """
        session = PiholeSession(self._transport())
        with self._closing.session():
            try:
                await login.log_in(session, self._password)
                yield session
            finally:
                await login.log_out(session, self._closing)

    async def finish_closing(self) -> None:
        """Give the sessions that are still to be closed a last moment, before a connection ends."""
        await self._closing.end((self._timings or limits.TIMINGS).logout_total)

    async def renew(self, session: PiholeSession) -> None:
        """Log in again after the Pi-hole ended a session. Raises what `session` raises."""
        login.forget(session)
        await login.log_in(session, self._password)

    def _transport(self) -> Transport:
        """Return a transport for one operation, with the limits that apply when it begins."""
        return Transport(
            http=self._http,
            url=self.url,
            secrets=self._secrets,
            timings=self._timings or limits.TIMINGS,
            sizes=self._sizes or limits.SIZES,
        )

    async def _is_v5(self) -> bool:
        try:
            answer = await self._transport().request(HTTPMethod.GET, "admin/api.php?version")
        except CheckpointError:
            return False
        return "version" in answer.body


async def read_versions(session: PiholeSession) -> Versions:
    """Return the versions, or none if the Pi-hole does not answer properly.

    They are a nicety, so nothing fails because of them.
    """
    try:
        async with asyncio.timeout(session.transport.timings.versions):
            return await session.versions()
    except CheckpointError, TimeoutError:
        return Versions()


async def read_host_name(session: PiholeSession) -> str | None:
    """Return the name of the Pi-hole's host, if the Pi-hole answers properly."""
    try:
        async with asyncio.timeout(session.transport.timings.versions):
            return await session.host_name()
    except CheckpointError, TimeoutError:
        return None
