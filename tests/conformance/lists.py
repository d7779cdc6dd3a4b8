"""Blocklists for a Pi-hole to download, with one that waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

_LONGEST_WAIT = 30.0


@dataclass(slots=True)
class Lists:
    """`few.txt`, `hosts.txt`, `odd.txt`, `empty.txt`, `401.txt` and `slow.txt` below one URL."""

    url: str = ""
    slow_is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set as soon as somebody downloads `slow.txt`."""
    _may_go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def let_slow_go_on(self) -> None:
        """Answer those who download `slow.txt`, now and later."""
        self._may_go_on.set()

    async def slow(self, _: web.Request) -> web.Response:
        """Answer when it is allowed to."""
        self.slow_is_asked.set()
        async with asyncio.timeout(_LONGEST_WAIT):
            await self._may_go_on.wait()
        return web.Response(text="slow.example\n")


_TEXTS = {
    "few": "ads.example\ntracker.example\n",
    "hosts": "# hosts\n0.0.0.0 one.example\n0.0.0.0 two.example # 2\n127.0.0.1 localhost\n",
    "odd": "ads.example\n||abp.example^\nno domain\n-\n! a comment\nADS.example\n",
    "empty": "",
}


@asynccontextmanager
async def serve_lists(address: str) -> AsyncIterator[Lists]:
    """Serve blocklists at an address of this machine."""
    lists = Lists()

    async def fixed(request: web.Request) -> web.Response:
        return web.Response(text=_TEXTS[request.match_info["name"]])

    async def refused(_: web.Request) -> web.Response:
        raise web.HTTPUnauthorized

    app = web.Application()
    app.router.add_get(f"/{{name:{'|'.join(_TEXTS)}}}.txt", fixed)
    app.router.add_get("/slow.txt", lists.slow)
    app.router.add_get("/401.txt", refused)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, address, 0).start()
        lists.url = f"http://{address}:{runner.addresses[0][1]}"
        yield lists
    finally:
        await runner.cleanup()
