"""The Pi-hole that is asked: how to reach it, and how to put it back to what it was."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
import json
from typing import cast
from urllib.parse import quote

import pyotp
from yarl import URL

from .lists import Lists
from .plain_http import Answer, ConnectionCut, send

_JSON = {"Content-Type": "application/json"}
_LOGIN_TRIES = 20
_UPLOAD_TRIES = 5
_BACK_SECONDS = 30.0
_BETWEEN_TRIES = 0.1
_BOUNDARY = "conformance-boundary"


class Pihole(ABC):
    """A Pi-hole that may be changed: the simulator or a real one."""

    version: str
    """As in `expectations.VERSIONS`."""
    password: str
    url: URL
    """Where it answers by http, without a slash at the end."""
    totp_secret: str = ""
    """That of the second factor, while it is on."""
    sid: str | None = None
    """The session that is used where a question names none."""
    _last_token: str = ""

    @property
    @abstractmethod
    def tls_url(self) -> URL | None:
        """Where it answers by https."""

    @property
    @abstractmethod
    def redirecting_url(self) -> URL | None:
        """Where it redirects to https."""

    @property
    @abstractmethod
    def host(self) -> Host | None:
        """Hands on the host that it runs on; `None` where nobody has them."""

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        sid: str | None = "mine",
        headers: Mapping[str, str] | None = None,
        url: URL | None = None,
    ) -> Answer:
        """Send a request to a path below the URL; a `body` that is not bytes is sent as JSON.

        `sid=None` sends it without a session. The path is sent as it is: encode it before.
        """
        sent = dict(headers or {})
        used = self.sid if sid == "mine" else sid
        if used is not None:
            sent["X-FTL-SID"] = used
        data = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body).encode()
            sent = {**_JSON, **sent}
        target = URL(f"{url or self.url}/{path}", encoded=True)
        return await send(method, target, headers=sent, body=data)

    async def log_in(self, password: str | None = None, **fields: object) -> Answer:
        """Log in, again while the attempts are limited."""
        body = {"password": self.password if password is None else password, **fields}
        for _ in range(_LOGIN_TRIES):
            answer = await self.ask("POST", "api/auth", body, sid=None)
            if answer.status != 429 or _error_key(answer) != "rate_limiting":
                return answer
            await self.wait_for_the_next_second()
        return answer

    async def session(self, password: str | None = None) -> str | None:
        """Open one more session; return its id, `None` where no password is set."""
        token = {"totp": self.token()} if self.totp_secret and password is None else {}
        session = cast(
            "dict[str, str | None]", (await self.log_in(password, **token)).json["session"]
        )
        return session["sid"]

    def token(self) -> int:
        """Return a token of the second factor that was not used yet.

        Three are good at any moment, and only the last one that was used is refused.
        """
        now = self.now()
        tokens = (pyotp.TOTP(self.totp_secret).at(now + step) for step in (0, 30, -30))
        self._last_token = next(token for token in tokens if token != self._last_token)
        return int(self._last_token)

    async def upload(
        self,
        archive: bytes,
        wanted: object = None,
        *,
        name: str = "a.zip",
        file_first: bool = False,
        sid: str | None = "mine",
    ) -> Answer:
        """Import an archive; `restarts_now` waits for the restart that follows.

        v6.0 now and then refuses what is good, "syntax check OK": it is sent again then.
        """
        parts = [_part(f'name="file"; filename="{name}"', archive)]
        if wanted is not None:
            text = wanted if isinstance(wanted, str) else json.dumps(wanted)
            parts.insert(file_first, _part('name="import"', text.encode()))
        body = b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        for _ in range(_UPLOAD_TRIES):
            answer = await self.ask("POST", "api/teleporter", body, sid=sid, headers=headers)
            if b"syntax check OK" not in answer.body:
                break
        return answer

    async def items(self, kind: str) -> list[dict[str, object]]:
        """Return all groups, lists, domains or clients."""
        answer = await self.ask("GET", f"api/{kind}")
        assert kind in answer.json, answer
        return cast("list[dict[str, object]]", answer.json[kind])

    async def is_back(self) -> None:
        """Wait until it answers after a restart. Raises `TimeoutError`."""
        async with asyncio.timeout(_BACK_SECONDS):
            while not await self.answers():  # noqa: ASYNC110 - another process comes back
                await asyncio.sleep(_BETWEEN_TRIES)

    async def answers(self) -> bool:
        """Return whether somebody answers at the moment."""
        try:
            await self.ask("GET", "api/auth", sid=None)
        except OSError, ConnectionCut:
            return False
        return True

    @abstractmethod
    async def restarts_now(self) -> bool:
        """Return whether the requests so far make it restart; wait until that is over."""

    @abstractmethod
    async def look_up(self, name: str, type_: str = "A") -> list[str]:
        """Return what its DNS answers, as soon as that answers at all."""

    @abstractmethod
    async def dns_sees_changes(self) -> None:
        """Wait until changes of the gravity database count for its DNS."""

    @abstractmethod
    def now(self) -> float:
        """Return the time on its clock, in seconds since the epoch."""

    @abstractmethod
    async def wait_for_the_next_second(self) -> None:
        """Let the limits of logins begin anew."""

    @abstractmethod
    def lists(self) -> AbstractAsyncContextManager[Lists]:
        """Serve blocklists where it reaches them."""


class Host(ABC):
    """What can be done on the host that a Pi-hole runs on."""

    @abstractmethod
    def read_only_settings(self) -> AbstractContextManager[None]:
        """Have `misc.readOnly` in pihole.toml: nothing else can switch it on."""

    @abstractmethod
    def without_versions(self) -> AbstractContextManager[None]:
        """Have no /etc/pihole/versions."""

    @abstractmethod
    def written_gravity(self) -> AbstractContextManager[None]:
        """Have another process about to write to the gravity database, which is read meanwhile."""

    @abstractmethod
    def locked_gravity(self) -> AbstractContextManager[None]:
        """Have another process write to the gravity database all the time."""

    @abstractmethod
    def damaged_gravity(self) -> AbstractContextManager[None]:
        """Have a file in place of the gravity database that is not a database."""

    @abstractmethod
    def missing_gravity(self) -> AbstractContextManager[None]:
        """Have no gravity database."""


def item(text: str) -> str:
    """Encode what stands in a path for one item."""
    return quote(text, safe="")


def _part(disposition: str, data: bytes) -> bytes:
    head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode() + data + b"\r\n"


def _error_key(answer: Answer) -> object:
    error = answer.json.get("error")
    return error.get("key") if isinstance(error, dict) else None
