"""Blocklists for a Pi-hole to download, one of them slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

_SLOW_SECONDS = 4.0


@asynccontextmanager
async def serve_lists(address: str, slow_seconds: float = _SLOW_SECONDS) -> AsyncIterator[str]:
    """Serve `/few.txt`, `/slow.txt` (after some seconds) and `/401.txt`; give the URL before it."""

    async def few(_: web.Request) -> web.Response:
        return web.Response(text="ads.example\ntracker.example\n")

    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(slow_seconds)
        return web.Response(text="slow.example\n")

    async def refused(_: web.Request) -> web.Response:
        raise web.HTTPUnauthorized

    app = web.Application()
    app.router.add_get("/few.txt", few)
    app.router.add_get("/slow.txt", slow)
    app.router.add_get("/401.txt", refused)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, address, 0).start()
        yield f"http://{address}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
