"""A web server on 127.0.0.1 that can go away and come back at any moment."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Coroutine, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from contextvars import ContextVar
import errno
from socket import create_server, socket
from typing import Self

from aiohttp import web

from .responses import ApiError, Endpoint
from .tls import Certificate
from .wire import hang_up

_HOST = "127.0.0.1"
_MOST_ATTEMPTS = 100
_BETWEEN_ATTEMPTS = 0.1
_READS_ON_SECONDS = 0.5
"""How long it goes on to read what it has refused already."""
_LARGEST_BODY = 50 * 1024**2
_HANDLER: ContextVar[asyncio.Task[object]] = ContextVar("handler")


class Server(ABC):
    """Serves while it is started. Its state and its port outlive a stop."""

    def __init__(
        self, *, port: int = 0, tls: Certificate | None = None, also_tls: Certificate | None = None
    ) -> None:
        """Serve by https with `tls`; `also_tls` adds a port for https and one that redirects."""
        self.port = port
        self.tls_port = 0
        self.redirecting_port = 0
        self._tls = tls
        self._also_tls = also_tls
        self._runner: web.AppRunner | None = None
        self._listening: list[socket] = []
        self._in_flight: set[asyncio.Task[object]] = set()
        self.restarts = 0
        self._restarting: asyncio.Task[None] | None = None
        self._last_words: asyncio.Task[object] | None = None
        self._changing: asyncio.Task[None] | None = None
        self._come_back = asyncio.Event()

    @abstractmethod
    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""

    @property
    def origin(self) -> str:
        """The URL without a path."""
        return f"{'https' if self._tls else 'http'}://{_HOST}:{self.port}"

    def redirects(self, request: web.Request) -> bool:
        """Return whether a request came to the port that only redirects."""
        if not self._also_tls or request.transport is None:
            return False
        port: object = request.transport.get_extra_info("sockname")[1]
        return port == self.redirecting_port

    async def start(self) -> None:
        """Listen: on any free port the first time, on the same one ever after.

        During a restart this is its end: no need to wait for it.
        """
        if self._restarting and not self._restarting.done():
            self._come_back.set()
            await self._restarting
        else:
            await self._listen()

    async def stop(self) -> None:
        """Stop listening and break every connection, like a power cut."""
        self._last_words = None
        if restarting := self._restarting:
            restarting.cancel()
            await asyncio.wait([restarting])
        await self._close()

    def restart_after(self, seconds: float | None) -> None:
        """Go away as soon as this request is answered, or given up, and come back.

        Without a time it stays away until `start`.
        """
        if self._restarting is None or self._restarting.done():
            self._come_back.clear()
            self._last_words = handler = _HANDLER.get()
            handler.add_done_callback(self._count_restart)
            self._restarting = asyncio.create_task(self._restart(handler, seconds))

    def is_away(self) -> None:
        """Be gone: between the two halves of a restart."""
        self._last_words = None

    def _count_restart(self, handler: asyncio.Task[object]) -> None:
        if handler is self._last_words:
            self.restarts += 1

    async def _restart(self, handler: asyncio.Task[object], seconds: float | None) -> None:
        await asyncio.wait([handler])
        await self._close()
        self.is_away()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._come_back.wait()
        await self._listen()

    def begin(self) -> None:  # noqa: B027 - other servers have nothing to do then
        """Do what comes before it listens."""

    async def _listen(self) -> None:
        self.begin()
        self._changing = asyncio.create_task(self._begin_to_listen_again_and_again())
        await self._settle()
        self._changing.result()

    async def _close(self) -> None:
        await self._settle()
        if runner := self._runner:
            self._runner = None
            tasks = self._in_flight - {asyncio.current_task()}
            self._changing = asyncio.create_task(_close(runner, self._listening, tasks))
            self._listening = []
            await self._settle()

    async def _settle(self) -> None:
        """Wait for what is going on. Giving up to wait for it leaves it going on."""
        if self._changing:
            await asyncio.wait([self._changing])

    async def _begin_to_listen_again_and_again(self) -> None:
        """Take the port back: while nobody listened, some connection may have begun from it."""
        for _ in range(_MOST_ATTEMPTS):
            try:
                await self._begin_to_listen()
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                await asyncio.sleep(_BETWEEN_ATTEMPTS)
            else:
                return
        await self._begin_to_listen()

    async def _begin_to_listen(self) -> None:
        app = web.Application(client_max_size=0)  # what is too large is for FTL to say
        app.router.add_route("*", "/{path:(?s:.*)}", self._handle)
        runner = web.AppRunner(
            app,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=1,
            lingering_time=_READS_ON_SECONDS,
        )
        await runner.setup()
        wanted = [(self.port, self._tls)]
        if self._also_tls:
            wanted += [(self.tls_port, self._also_tls), (self.redirecting_port, None)]
        listening: list[socket] = []
        try:
            for port, certificate in wanted:
                listening.append(create_server((_HOST, port)))
                context = certificate.server_context if certificate else None
                await web.SockSite(runner, listening[-1], ssl_context=context).start()
        except OSError:
            await runner.cleanup()
            for each in listening:
                each.close()
            raise
        self._runner = runner
        self._listening = listening
        self.port = listening[0].getsockname()[1]
        if self._also_tls:
            self.tls_port, self.redirecting_port = (one.getsockname()[1] for one in listening[1:])

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
        if not announces_too_much(request):
            await request.read()
        work = asyncio.create_task(_answer(request, endpoint))
        self._track(work)
        return await asyncio.shield(work)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self._last_words and self._last_words.done():
            return hang_up(request)  # it is about to go: nobody shall be faster than that
        if task := asyncio.current_task():
            _HANDLER.set(task)
            self._track(task)
        return await self.answer(request)

    def run_on(self, work: Coroutine[object, object, None]) -> None:
        """Do something that outlives its request, but not the server."""
        self._track(asyncio.create_task(work))

    def _track(self, task: asyncio.Task[object]) -> None:
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)


def announces_too_much(request: web.Request) -> bool:
    """Return whether a body is refused for its length, before it is read."""
    return (request.content_length or 0) > _LARGEST_BODY


async def _close(
    runner: web.AppRunner, listening: Sequence[socket], tasks: AbstractSet[asyncio.Task[object]]
) -> None:
    # asyncio fails an assertion of its own when a server is closed in the turn of the event loop
    # in which it has accepted a connection: accept no more, and give that one its turn first.
    for each in listening:
        asyncio.get_running_loop().remove_reader(each)
    await asyncio.sleep(0)
    for site in tuple(runner.sites):
        await site.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await runner.cleanup()


async def _answer(request: web.Request, endpoint: Endpoint) -> web.Response:
    try:
        return await endpoint(request)
    except ApiError as error:
        return error.answer()
