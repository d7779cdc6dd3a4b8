"""A proxy before a Pi-hole, at which something else happens while a request is on its way."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from aiohttp import web
from yarl import URL

from tests.conformance.plain_http import ConnectionCut, send

_OF_A_CONNECTION = frozenset({"connection", "content-length", "host", "transfer-encoding"})


@asynccontextmanager
async def proxy_to(
    pihole: URL, place: tuple[str, str], during: Callable[[], AbstractContextManager[None]]
) -> AsyncIterator[str]:
    """Pass all requests on; enter `during` for those with the method and the path of `place`."""

    async def pass_on(request: web.Request) -> web.Response:
        body = await request.read()
        with during() if (request.method, request.path) == place else nullcontext():
            try:
                answer = await send(
                    request.method,
                    URL(f"{pihole}{request.rel_url}", encoded=True),
                    headers=_passed_on(request.headers.items()),
                    body=body,
                )
            except OSError, ConnectionCut:
                raise web.HTTPBadGateway from None
        return web.Response(
            status=answer.status, headers=_passed_on(answer.headers), body=answer.body
        )

    app = web.Application(client_max_size=0)
    app.router.add_route("*", "/{path:.*}", pass_on)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _passed_on(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in headers if name.lower() not in _OF_A_CONNECTION}
