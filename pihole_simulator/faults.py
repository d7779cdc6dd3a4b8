"""Everything that can go wrong between a Pi-hole and its client, to be asked for by name.

A fault stands in the way of a request: it gets the request and `proceed`, which does what was
asked and gives the healthy answer, and it may send anything instead, or nothing.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import gzip as gzip_format
from itertools import batched

from aiohttp import web

from .fault_plan import Fault, Proceed
from .responses import ApiError, html_answer, redirect_answer
from .wire import body_of, forever, hang_up, head_of, start, write_raw


def html(title: str = "Sign in", status: int = 200) -> Fault:
    """Answer with a page, as a proxy does that wants a login of its own."""

    async def fault(_request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return html_answer(title, status)

    return fault


def json(body: Mapping[str, object], status: int) -> Fault:
    """Answer with JSON that is not FTL's, as some proxies do."""

    async def fault(_request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return fault


def error(status: int, key: str, message: str, hint: str | None = None) -> Fault:
    """Answer with one of FTL's errors."""

    async def fault(_request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return ApiError(status, key, message, hint).answer()

    return fault


def redirect(base: str, status: int = 308) -> Fault:
    """Send the client to the same path below another URL, as a redirecting port does."""

    async def fault(request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return redirect_answer(base.rstrip("/") + request.path_qs, status)

    return fault


def redirect_to(location: str, status: int = 302) -> Fault:
    """Send the client to one place, as a proxy with a login page does."""

    async def fault(_request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return redirect_answer(location, status)

    return fault


def replace(data: bytes) -> Fault:
    """Answer with other data than the Pi-hole's, as sound as an answer can be."""

    async def fault(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        answer.body = data
        return answer

    return fault


def headers(changes: Mapping[str, str]) -> Fault:
    """Answer with odd headers."""

    async def fault(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        answer.headers.update(changes)
        return answer

    return fault


def gzip() -> Fault:
    """Answer compressed, as a proxy may."""

    async def fault(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        answer.body = gzip_format.compress(body_of(answer))
        answer.headers["Content-Encoding"] = "gzip"
        return answer

    return fault


def chunked() -> Fault:
    """Answer without telling the length."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        response = await start(request, answer, length=None)
        await response.write(body_of(answer))
        return response

    return fault


def trickle(chunk: int, delay: float) -> Fault:
    """Answer in full, but slowly."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        body = body_of(answer)
        response = await start(request, answer, length=len(body))
        for part in batched(body, chunk, strict=False):
            await response.write(bytes(part))
            await asyncio.sleep(delay)
        return response

    return fault


def stall(after: int) -> Fault:
    """Begin to answer, then fall silent."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        body = body_of(answer)
        response = await start(request, answer, length=len(body))
        await response.write(body[:after])
        return await forever()

    return fault


def cut(after: int) -> Fault:
    """Begin to answer, then close the connection."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        body = body_of(answer)
        return write_raw(request, head_of(answer, len(body)) + body[:after])

    return fault


def overrun(extra: bytes) -> Fault:
    """Send more than was announced."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        body = body_of(answer)
        return write_raw(request, head_of(answer, len(body)) + body + extra)

    return fault


def announce_less(by: int) -> Fault:
    """Send everything, but announce less of it."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = await proceed()
        body = body_of(answer)
        return write_raw(request, head_of(answer, len(body) - by) + body)

    return fault


def endless(chunk: bytes = bytes(32_768)) -> Fault:
    """Send without end, without telling a length."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        response = await start(request, await proceed(), length=None)
        while True:
            # Where the client reads as fast as this writes, nothing else here would ever wait.
            await asyncio.sleep(0.0005)
            transport = request.transport
            # Not in aiohttp, which leaves an error to nobody when it ends while it waits.
            if transport is None or not transport.get_write_buffer_size():
                await response.write(chunk)

    return fault


def raw(data: bytes) -> Fault:
    """Send something that need not be HTTP."""

    async def fault(request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return write_raw(request, data)

    return fault


def drop() -> Fault:
    """Close the connection without a word."""

    async def fault(request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return hang_up(request)

    return fault


def drop_answer() -> Fault:
    """Do what was asked, then close the connection without a word."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        await proceed()
        return hang_up(request)

    return fault


def hang() -> Fault:
    """Never answer."""

    async def fault(_request: web.Request, _proceed: Proceed) -> web.StreamResponse:
        return await forever()

    return fault


def call(function: Callable[[], object]) -> Fault:
    """Run a function when the request arrives, then be well."""

    async def fault(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        function()
        return await proceed()

    return fault


@dataclass(slots=True)
class Gate:
    """Do what was asked, but hold the answer back until the gate is opened.

    `reached` is set when the answer is ready: a session is open, an archive is made.
    """

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _opened: asyncio.Event = field(default_factory=asyncio.Event)

    def open(self) -> None:
        """Let the held answers go, and all later ones pass."""
        self._opened.set()

    async def __call__(self, _request: web.Request, proceed: Proceed) -> web.StreamResponse:
        """Be the fault."""
        answer = await proceed()
        self.reached.set()
        await self._opened.wait()
        return answer


def gate() -> Gate:
    """Hold the answer back until the gate is opened."""
    return Gate()
