"""Requests to the simulator, as its own tests send them."""

from collections.abc import Mapping
from dataclasses import dataclass
import json

import aiohttp

from pihole_simulator import PiholeV5, Simulator

PASSWORD = "the-main-password"
APP_PASSWORD = "the-app-password"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, dict[str, object]]:
        """The whole object."""
        decoded: dict[str, dict[str, object]] = json.loads(self.body)
        return decoded

    @property
    def key(self) -> object:
        """What kind of error it is."""
        return self.json["error"]["key"]

    @property
    def session(self) -> dict[str, object]:
        """What it says of the session."""
        return self.json["session"]

    @property
    def sid(self) -> str:
        """The session's id."""
        return str(self.session["sid"])


async def ask(
    http: aiohttp.ClientSession,
    sim: Simulator | PiholeV5,
    what: str,
    *,
    sid: str | None = None,
    body: object = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    method, _, path = what.partition(" ")
    sent = ({"X-FTL-SID": sid} if sid else {}) | (headers or {})
    async with http.request(
        method, sim.url + path, json=body, headers=sent, allow_redirects=False
    ) as response:
        return Answer(response.status, response.headers, await response.read())


async def log_in(
    http: aiohttp.ClientSession, sim: Simulator, password: str = PASSWORD, totp: object = None
) -> Answer:
    body = {"password": password} | ({} if totp is None else {"totp": totp})
    return await ask(http, sim, "POST /api/auth", body=body)
