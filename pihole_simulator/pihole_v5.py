"""A Pi-hole v5: what users may still have, and what a v6 client must recognise."""

from typing import override

from aiohttp import web

from .responses import html_answer
from .web_server import Server

_SIGNED = {"X-Pi-hole": "The Pi-hole Web interface is working!"}


class PiholeV5(Server):
    """The web server of a Pi-hole v5, lighttpd with PHP behind it."""

    @property
    def url(self) -> str:
        """Where to find it."""
        return self.origin

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/admin/api.php":
            return web.json_response(_old_api(request), headers=_SIGNED)
        if request.path in {"/admin", "/admin/"}:
            answer = html_answer("Pi-hole v5")
            answer.headers.update(_SIGNED)
            return answer
        return html_answer("404 Not Found", 404)


def _old_api(request: web.Request) -> object:
    """Answer without a token: only the version and what is public."""
    if "version" in request.query:
        return {"version": 3}
    return {"status": "enabled"} if "status" in request.query else []
