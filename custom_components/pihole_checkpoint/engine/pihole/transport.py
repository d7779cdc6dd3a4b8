"""One request and its answer, with a class of its own for each thing that can go wrong."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPMethod, HTTPStatus
import json
from typing import Final

import aiohttp
from yarl import URL

from .answer import Answer, error_of_proxy, printable
from .errors import (
    AnswerGarbled,
    AnswerTimeout,
    CannotConnect,
    CheckpointError,
    ConnectionLost,
    ConnectTimeout,
    NameNotFound,
    NotAPihole,
    Redirected,
    TlsFailed,
    TlsNotTrusted,
)
from .limits import Sizes, Timings

_OWN_NAME: Final = "pi.hole"
"""The host in a Pi-hole's redirects, unless `webserver.domain` says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transport:
    """Send requests to a Pi-hole at one address, each over a connection of its own.

    On a kept connection a Pi-hole v6.2 or later takes 44 ms longer for each request: it sends head
    and body apart, and the client's delayed acknowledgment of the head holds the body back. Some
    answers are longer than they announce, and after an import the Pi-hole restarts, so a kept
    connection could not be trusted either. See "Connections" in `docs/pihole-api.md`.
    """

    http: aiohttp.ClientSession
    url: URL
    secrets: set[str] = field(repr=False)
    """Texts that were sent or received and may not be shown, should a Pi-hole quote them."""
    timings: Timings
    sizes: Sizes

    @asynccontextmanager
    async def stream(
        self,
        method: HTTPMethod,
        path: str,
        *,
        sid: str | None = None,
        body: object = None,
        read_seconds: float | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send a request; in the context, the body of the response can be read.

        A `body` that is a form is sent as one, and any other as JSON. `read_seconds` is the longest
        wait for a piece of the answer. Raises `ConnectionFailed` or `WrongAddress`, also for what
        goes wrong inside the context.
        """
        # An archive is stored as sent, so it must not be compressed on the way.
        headers = {"Accept-Encoding": "identity", "Connection": "close"}
        if sid is not None:
            headers["X-FTL-SID"] = sid
        with translate_errors(self.url):
            try:
                response = await self.http.request(
                    method,
                    # A name that is "..", or has one in it, would be taken for a folder.
                    URL(f"{self.url}/{path}", encoded=True),
                    headers=headers,
                    **({"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}),
                    timeout=self.timings.timeout(read_seconds),
                    allow_redirects=False,  # a password must not follow one
                )
            except aiohttp.ClientError:
                raise  # some of these are a ValueError, too
            except ValueError:
                # Home Assistant parses the target of a redirect, which may be no address at all.
                raise AnswerGarbled from None
            async with response:
                if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
                    raise _redirect_error(response, path, self.secrets)
                yield response

    async def read(
        self, response: aiohttp.ClientResponse, *, max_size: int | None = None
    ) -> Answer:
        """Read a JSON answer of at most `max_size` bytes (`None`: as many as usual).

        Raises what `error_of_proxy` returns for anything else: a Pi-hole answers with nothing else.
        """
        if response.status == HTTPStatus.NO_CONTENT:
            return Answer(status=response.status, body={}, secrets=self.secrets)
        content = bytearray()
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > (max_size or self.sizes.json):
                raise NotAPihole
        try:
            body = json.loads(content)
        except ValueError, RecursionError:
            body = None
        if isinstance(body, dict):
            return Answer(status=response.status, body=body, secrets=self.secrets)
        raise error_of_proxy(response.status)

    async def request(  # noqa: PLR0913 - the last four have usual values
        self,
        method: HTTPMethod,
        path: str,
        *,
        sid: str | None = None,
        body: object = None,
        seconds: float | None = None,
        max_size: int | None = None,
    ) -> Answer:
        """Send a request and return its JSON answer, also when it is a refusal.

        `seconds` and `max_size` replace the usual limits of an answer. Raises `ConnectionFailed`,
        `WrongAddress`, or what `read` raises.
        """
        try:
            async with (
                asyncio.timeout(self.timings.request if seconds is None else seconds),
                self.stream(method, path, sid=sid, body=body, read_seconds=seconds) as response,
            ):
                return await self.read(response, max_size=max_size)
        except TimeoutError as error:
            raise AnswerTimeout from error


@contextmanager
def translate_errors(url: URL) -> Iterator[None]:
    """Raise `ConnectionFailed` or `WrongAddress` instead of the errors of aiohttp."""
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
        # Not from it: it quotes the answer, which could hold a session, in a debug log.
        raise AnswerGarbled from None
    except aiohttp.ClientError as error:
        raise ConnectionLost from error


def _redirect_error(
    response: aiohttp.ClientResponse, path: str, secrets: AbstractSet[str]
) -> CheckpointError:
    """Return `Redirected` with the base URL to use instead, or `NotAPihole` without one."""
    try:
        target = response.url.join(URL(response.headers["Location"])).with_user(None)
        target = target.with_query(None).with_fragment(None)
        if target.raw_host == _OWN_NAME and response.url.raw_host:
            # The name resolves only for clients that use this Pi-hole for DNS.
            target = target.with_host(response.url.raw_host)
    except KeyError, ValueError:
        return NotAPihole()
    if target.scheme not in ("http", "https") or not target.raw_host:
        return NotAPihole()
    return Redirected(url=printable(str(target).removesuffix(f"/{path}"), secrets))
