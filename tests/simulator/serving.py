"""A web server on 127.0.0.1 that can go away and come back at any moment."""

from abc import ABC, abstractmethod
import asyncio
from typing import Self

from aiohttp import web

from .answers import ApiError, Endpoint
from .tls import Certificate

_HOST = "127.0.0.1"


class Server(ABC):
    """Serves while it is started. Its state and its port outlive a stop."""

    def __init__(self, *, port: int = 0, tls: Certificate | None = None) -> None:
        self.port = port
        self._tls = tls
        self._runner: web.AppRunner | None = None
        self._in_flight: set[asyncio.Task[object]] = set()

    @abstractmethod
    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""

    @property
    def origin(self) -> str:
        """The URL without a path."""
        return f"{'https' if self._tls else 'http'}://{_HOST}:{self.port}"

    async def start(self) -> None:
        """Listen: on any free port the first time, on the same one ever after."""
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        context = self._tls.server_context if self._tls else None
        try:
            await web.TCPSite(runner, _HOST, self.port, ssl_context=context).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and break every connection, like a power cut."""
        if (runner := self._runner) is None:
            return
        self._runner = None
        for site in tuple(runner.sites):
            await site.stop()
        tasks = self._in_flight - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def run_to_the_end(self, request: web.Request, endpoint: Endpoint) -> web.Response:
        """Do what was asked, even when the client goes away meanwhile.

        A server with threads, like FTL, does not notice that: a login that the client gave up
        still takes a seat.
        """
        await request.read()
        work = asyncio.create_task(_answer(request, endpoint))
        self._track(work)
        return await asyncio.shield(work)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if task := asyncio.current_task():
            self._track(task)
        return await self.answer(request)

    def _track(self, task: asyncio.Task[object]) -> None:
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)


async def _answer(request: web.Request, endpoint: Endpoint) -> web.Response:
    try:
        return await endpoint(request)
    except ApiError as error:
        return error.answer()
