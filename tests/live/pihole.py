"""A Pi-hole's own API, as its web interface uses it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self, TypedDict, cast

import aiohttp

_DENIED = "domains/deny/exact"
_A_WHILE = 3.0
"""In seconds; a Pi-hole counts the attempts of each."""


class _Session(TypedDict):
    id: int
    current_session: bool
    login_at: int
    remote_addr: str
    user_agent: str


@dataclass(kw_only=True)
class Pihole:
    """One, logged in to."""

    http: aiohttp.ClientSession
    url: str
    headers: Mapping[str, str]

    @classmethod
    @asynccontextmanager
    async def logged_in_to(cls, url: str, password: str) -> AsyncIterator[Self]:
        """Have a session, and close it."""
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), raise_for_status=True
        ) as http:
            pihole = cls(http=http, url=url.rstrip("/"), headers={})
            sid = await pihole._log_in(password)
            if sid is None:  # no password is set, and so there are no sessions
                yield pihole
                return
            pihole.headers = {"X-FTL-SID": sid}
            try:
                yield pihole
            finally:
                await pihole._ask("DELETE", "auth")

    async def _log_in(self, password: str) -> str | None:
        """Log in, and believe no single "no": attempts are limited, for all clients together."""
        try:
            answer = await self._ask("POST", "auth", {"password": password})
        except aiohttp.ClientResponseError:
            await asyncio.sleep(_A_WHILE)
            answer = await self._ask("POST", "auth", {"password": password})
        return cast("dict[str, dict[str, str | None]]", answer)["session"]["sid"]

    async def denied(self) -> set[str]:
        """List the domains that are denied by their names."""
        answer = await self._ask("GET", _DENIED)
        return {row["domain"] for row in cast("dict[str, list[dict[str, str]]]", answer)["domains"]}

    async def deny(self, domain: str) -> None:
        """Deny one more."""
        await self._ask("POST", _DENIED, {"domain": domain, "comment": "Pi-hole Checkpoint's test"})

    async def take_away(self, domain: str) -> None:
        """Deny it no longer."""
        await self._ask("DELETE", f"{_DENIED}/{domain}")

    async def sessions_of_home_assistant(self) -> set[tuple[int, int]]:
        """List those that a Home Assistant here has open."""
        answer = await self._ask("GET", "auth/sessions")
        sessions = cast("dict[str, list[_Session]]", answer)["sessions"]
        here = {it["remote_addr"] for it in sessions if it["current_session"]}
        return {
            (it["id"], it["login_at"])
            for it in sessions
            if it["remote_addr"] in here and "HomeAssistant" in it["user_agent"]
        }

    async def _ask(self, method: str, path: str, body: object = None) -> object:
        async with self.http.request(
            method, f"{self.url}/api/{path}", json=body, headers=self.headers
        ) as response:
            content: object = await response.json() if await response.read() else None
            return content
