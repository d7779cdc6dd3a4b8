"""How to answer in ways that aiohttp, being sound, does not offer."""

import asyncio
from posixpath import normpath
import re
from typing import Never, override
from urllib.parse import unquote

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from .rules import Rules


class _Sent(web.StreamResponse):
    """Stands for what went over the wire already, past aiohttp."""

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        return None


class AnsweredTwice(web.Response):
    """An answer with a second body right behind it, which its head does not announce.

    The connection stays open if the client wants it, so what is read from it next is no HTTP.
    """

    def __init__(self, first: web.Response, second: bytes) -> None:
        super().__init__(body=first.body, status=first.status, headers=first.headers)
        self._second = second
        self._transport: asyncio.Transport | None = None

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        self._transport = request.transport
        return await super().prepare(request)

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        await super().write_eof(data)
        if self._transport is not None:
            self._transport.write(self._second)


class _NoContentWithBody(web.Response):
    """A 204 that comes with a body all the same, which no client expects."""

    def __init__(self, body: bytes) -> None:
        super().__init__(status=204, body=body, content_type="application/json")

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        if request.transport:
            body = body_of(self)
            request.transport.write(head_of(self, len(body)) + body)
        return None

    @override
    async def write_eof(self, data: bytes = b"") -> None:
        return None


def no_content(rules: Rules) -> web.Response:
    """Answer that something is gone, as a version does."""
    return _NoContentWithBody(b"{}") if rules.body_behind_204 else web.Response(status=204)


def changed_path(path: str) -> str:
    """Return what FTL makes of a path after a proxy that decodes it, as nginx does.

    nginx does so where it takes a folder off the path: a plain `+` is a space to FTL then.
    """
    decoded = unquote(path)
    folder = "/" if re.search(r"/\.{0,2}$", decoded) else ""
    whole = normpath(re.sub("/+", "/", decoded))
    return f"{whole.rstrip('/')}{folder}".replace("+", " ")


def hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection, after what is still to be sent."""
    if request.transport:
        request.transport.close()
    return _Sent()


def write_raw(request: web.Request, data: bytes) -> web.StreamResponse:
    """Send just this, and close the connection."""
    if request.transport:
        request.transport.write(data)
    return hang_up(request)


def head_of(answer: web.Response, length: int) -> bytes:
    """Return the head of an answer, announcing any length."""
    headers = dict(answer.headers) | {"Content-Length": str(length)}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {answer.status} OK", *lines, "", ""]).encode()


def body_of(answer: web.Response) -> bytes:
    """Return the body of a healthy answer."""
    if not isinstance(answer.body, bytes):
        raise TypeError("the healthy answer has no plain body")
    return answer.body


async def start(
    request: web.Request, answer: web.Response, *, length: int | None
) -> web.StreamResponse:
    """Send the head of an answer; without a length its body will be chunked."""
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    if length is None:
        response.enable_chunked_encoding()
    else:
        response.content_length = length
    await response.prepare(request)
    return response


async def forever() -> Never:
    """Wait until the client goes away or the server stops: both cancel this."""
    await asyncio.get_running_loop().create_future()
    raise AssertionError("nobody fulfils this future")
