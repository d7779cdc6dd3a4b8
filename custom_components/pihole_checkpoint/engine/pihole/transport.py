"""One request and its answer, with everything that can go wrong told apart."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPMethod, HTTPStatus
import json
from typing import Final

import aiohttp
from yarl import URL

from .errors import (
    AnswerGarbled,
    AnswerTimeout,
    CannotConnect,
    CheckpointError,
    ConnectionLost,
    ConnectTimeout,
    Forbidden,
    NameNotFound,
    NoFreeSeat,
    NotAPihole,
    PiholeFailed,
    RateLimited,
    Redirected,
    SessionEnded,
    TlsFailed,
    TlsNotTrusted,
)
from .redaction import redact_strictly

_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, connect=10, sock_read=15)
_ASK_SECONDS = 20
"""For a short question as a whole; one that drips in would never run into `sock_read`."""
_MAX_ANSWER_SIZE = 256 * 1024
_MAX_REASON_LENGTH = 200
_OWN_NAME = "pi.hole"
"""What a Pi-hole calls itself when it redirects, unless `webserver.domain` says otherwise."""

_REFUSALS: Mapping[str, type[CheckpointError]] = {
    "unauthorized": SessionEnded,
    "forbidden": Forbidden,
    "rate_limiting": RateLimited,
    "api_seats_exceeded": NoFreeSeat,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A JSON answer of a Pi-hole."""

    status: int
    body: dict[str, object]
    secrets: AbstractSet[str] = field(repr=False)
    """What is not to be repeated of it."""

    def part(self, *keys: str) -> dict[str, object]:
        """Look up an object inside of the body; what is missing or no object is empty."""
        value: object = self.body
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    @property
    def error_key(self) -> str | None:
        """What went wrong, in the Pi-hole's own key."""
        key = self.part("error").get("key")
        return key if isinstance(key, str) else None

    @property
    def reason(self) -> str:
        """Why it is no, in the Pi-hole's own words."""
        told = self.part("error")
        # It becomes a part of a sentence, which ends in another place.
        return (
            _printable(told.get("hint") or told.get("message"), self.secrets).rstrip(" .!") or "-"
        )

    def raise_for_refusal(self) -> None:
        """Raise the `Refused` that this answer is, if it is one."""
        if (error := _REFUSALS.get(self.error_key or "")) is not None:
            raise error
        if self.error_key is not None or self.status >= HTTPStatus.BAD_REQUEST:
            raise PiholeFailed(status=str(self.status), reason=self.reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Transport:
    """Ask a Pi-hole at one address, with a connection for each request.

    On a kept connection a Pi-hole v6.2 or later takes 44 ms longer for each request: it sends head
    and body apart, and the client's delayed acknowledgment of the first holds the second back. Some
    answers have more behind them than they announce, too, and after an import it restarts.
    """

    http: aiohttp.ClientSession
    url: URL
    secrets: set[str] = field(default_factory=set, repr=False)
    """What was sent or received that nobody may see, should a Pi-hole repeat it in its words."""

    @asynccontextmanager
    async def request(
        self,
        method: HTTPMethod,
        path: str,
        *,
        sid: str | None = None,
        body: object = None,
        timeout: aiohttp.ClientTimeout | None = None,  # noqa: ASYNC109 - for aiohttp to hold
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a request; in the context, the answer's body can be read.

        `body` is sent as it is when it is a form, and else as JSON.
        Raises `ConnectionFailed` or `WrongAddress`, also for what goes wrong inside the context.
        """
        # An archive is stored as sent, so nobody on the way shall pack it.
        headers = {"Accept-Encoding": "identity", "Connection": "close"}
        if sid is not None:
            headers["X-FTL-SID"] = sid
        with translate_errors(self.url):
            try:
                response = await self.http.request(
                    method,
                    URL(f"{self.url}/{path}"),
                    headers=headers,
                    **({"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}),
                    timeout=timeout or _TIMEOUT,
                    allow_redirects=False,  # a password must not travel after one
                )
            except aiohttp.ClientError:
                raise  # some of these are a ValueError, too
            except ValueError:
                # Home Assistant looks where a redirect leads, and that may be no address at all.
                raise AnswerGarbled from None
            async with response:
                if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
                    raise _redirected(response, path, self.secrets)
                yield response

    async def read(self, response: aiohttp.ClientResponse) -> Answer:
        """Read a JSON answer. Raises what anything else is: not a Pi-hole, or a proxy's refusal."""
        if response.status == HTTPStatus.NO_CONTENT:
            return Answer(status=response.status, body={}, secrets=self.secrets)
        content = bytearray()
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > _MAX_ANSWER_SIZE:
                raise NotAPihole
        try:
            body = json.loads(content)
        except ValueError, RecursionError:
            body = None
        if isinstance(body, dict):
            return Answer(status=response.status, body=body, secrets=self.secrets)
        if response.status == HTTPStatus.FORBIDDEN:
            raise Forbidden
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise PiholeFailed(
                status=str(response.status), reason=_printable(response.reason, self.secrets)
            )
        raise NotAPihole

    async def ask(
        self,
        method: HTTPMethod,
        path: str,
        *,
        sid: str | None = None,
        body: object = None,
    ) -> Answer:
        """Send a request and read its JSON answer, whether that is a yes or a no."""
        try:
            async with (
                asyncio.timeout(_ASK_SECONDS),
                self.request(method, path, sid=sid, body=body) as response,
            ):
                return await self.read(response)
        except TimeoutError as error:
            raise AnswerTimeout from error


@contextmanager
def translate_errors(url: URL) -> Iterator[None]:
    """Turn aiohttp's errors into ours."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise ConnectTimeout(url=str(url)) from error
    except aiohttp.ServerTimeoutError as error:
        raise AnswerTimeout from error
    except aiohttp.ClientConnectorCertificateError as error:
        raise TlsNotTrusted from error
    except aiohttp.ClientSSLError as error:
        raise TlsFailed from error
    except aiohttp.ClientConnectorDNSError as error:
        raise NameNotFound(host=url.raw_host or "") from error
    except aiohttp.ClientConnectorError as error:
        raise CannotConnect(url=str(url)) from error
    except aiohttp.ClientResponseError:
        # What it tells of the answer could be a session, and would end up in a debug log.
        raise AnswerGarbled from None
    except aiohttp.ClientError as error:
        raise ConnectionLost from error


def _redirected(
    response: aiohttp.ClientResponse, path: str, secrets: AbstractSet[str]
) -> CheckpointError:
    """Name the address to use instead, as far as the redirect tells one."""
    try:
        target = response.url.join(URL(response.headers["Location"])).with_user(None)
        target = target.with_query(None).with_fragment(None)
        if target.raw_host == _OWN_NAME and response.url.raw_host:
            # Only those know that name who ask this Pi-hole for names.
            target = target.with_host(response.url.raw_host)
    except KeyError, ValueError:
        return NotAPihole()
    if target.scheme not in ("http", "https") or not target.raw_host:
        return NotAPihole()
    return Redirected(url=_printable(str(target).removesuffix(f"/{path}"), secrets))


def _printable(text: object, secrets: AbstractSet[str]) -> str:
    """Make a stranger's words fit to be shown in one line, and to anybody."""
    if not isinstance(text, str):
        return "-"
    return redact_strictly(text, secrets)[:_MAX_REASON_LENGTH].strip() or "-"
