"""A gravity update that somebody has started, and that takes its time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from pihole_simulator import Simulator
from tests.support.passwords import PASSWORD


@dataclass(kw_only=True)
class SlowList:
    """A blocklist whose server holds its answer back."""

    address: str = ""
    is_asked_for: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, _request: web.Request) -> web.Response:
        self.is_asked_for.set()
        await self.answers.wait()
        return web.Response(text="slow.example.com\n")


@asynccontextmanager
async def slow_list(sim: Simulator) -> AsyncIterator[SlowList]:
    """Have a Pi-hole with a list that holds its gravity updates up until it answers."""
    made = SlowList()
    app = web.Application()
    app.router.add_get("/list.txt", made.answer)
    async with TestServer(app) as server:
        made.address = str(server.make_url("/list.txt"))
        sim.pihole.add_adlist(made.address)
        yield made
        made.answers.set()


@asynccontextmanager
async def updating(sim: Simulator, adlist: SlowList) -> AsyncIterator[None]:
    """Have an update run: it has copied the gravity database, and puts the copy back at its end."""
    adlist.is_asked_for.clear()
    adlist.answers.clear()
    async with aiohttp.ClientSession(sim.url) as browser:
        async with browser.post("/api/auth", json={"password": PASSWORD}) as answer:
            sid = (await answer.json())["session"]["sid"]
        headers = {"X-FTL-SID": sid}
        async with browser.post("/api/action/gravity", headers=headers) as lines:
            await adlist.is_asked_for.wait()
            yield
            adlist.answers.set()
            assert "Done." in await lines.text()
        await browser.delete("/api/auth", headers=headers)
