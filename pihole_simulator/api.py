"""What the Pi-hole answers at which path."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
import secrets

from aiohttp import web

from .auth_api import AuthApi
from .clock import Clock
from .configuration import is_on
from .dns_message import Question
from .export import archive_name, build_archive
from .gravity_update import GravityUpdate
from .import_archive import Importer
from .import_gravity import closed_because
from .items_api import Changing
from .responses import ApiError, Endpoint, html_answer, json_answer, redirect_answer
from .rules import Rules
from .settings_api import SettingsApi
from .state import Pihole
from .switches import Switches
from .web_server import Server
from .wire import AnsweredTwice, body_of

_DOMAIN = "pi.hole"


@dataclass(slots=True)
class Api:
    """All endpoints. The paths are those below `prefix`."""

    pihole: Pihole
    door: AuthApi
    clock: Clock
    prefix: str
    importer: Importer
    gravity: GravityUpdate
    settings: SettingsApi
    restart: Callable[[], None]
    asked: Callable[[], Sequence[Question]]
    """Gives what its DNS was asked."""
    changing: Changing
    switches: Switches
    server: Server
    rules: Rules

    def find(self, method: str, path: str) -> Endpoint:
        """Return what serves a path.

        FTL looks for method and path at once: a wrong method is "not found", too.
        """
        behind = self.door.behind
        endpoints = {
            "GET /api/auth": self.door.status,
            "POST /api/auth": self.door.log_in,
            "DELETE /api/auth": self.door.log_out,
            "GET /api/auth/sessions": behind(self.door.list_sessions),
            "GET /api/auth/app": behind(self.door.make_app_password),
            "GET /api/auth/totp": behind(self.door.make_totp_secret),
            "OPTIONS /api/auth": self._options,
            "GET /api/info/login": self._login_info,
            "GET /api/info/version": behind(self._version),
            "GET /api/info/host": behind(self._host),
            "GET /api/queries": behind(self._queries),
            "GET /api/teleporter": behind(self._teleporter),
            "POST /api/teleporter": behind(self.importer.answer),
            "POST /api/action/gravity": behind(self.gravity.answer),
            "POST /api/action/restartdns": behind(self._restart),
            "GET /": self._root,
            "GET /admin": self._admin,
            "GET /admin/": self._admin_folder,
            "GET /admin/login": self._login_page,
        }
        if endpoint := endpoints.get(f"{method} {path}"):
            return endpoint
        if endpoint := self.changing.find(method, path):
            return behind(endpoint)
        if endpoint := self.settings.find(method, path):
            return endpoint
        if method == "DELETE" and path.startswith("/api/auth/session/"):
            return behind(self.door.end_session)
        # A slash at the end makes no difference to FTL.
        return endpoints.get(f"{method} {path.rstrip('/')}") or self._nowhere(path)

    def _nowhere(self, path: str) -> Endpoint:
        """Return what serves a path at which there is nothing."""
        if path == "/api" or path.lower().startswith("/api/"):
            return partial(self._not_found, path)
        if path.startswith("/admin/api"):
            return self._old_api
        known = self.rules.finds_no_page and not path.startswith("/admin/")
        return self._no_page if known else self._admin_folder

    async def _login_info(self, _: web.Request) -> web.Response:
        return json_answer({"https_port": self.server.tls_port or 443, "dns": True})

    async def _options(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    async def _version(self, _: web.Request) -> web.Response:
        versions = self.pihole.versions
        if versions is None:
            return _without_versions()
        shown: dict[str, object] = {
            name: {
                "local": {"branch": "master", "version": version, "hash": "1a2b3c4d"} | date,
                "remote": {"version": version, "hash": "1a2b3c4d"},
            }
            for name, version, date in (
                ("core", versions.core, {}),
                ("web", versions.web, {}),
                ("ftl", versions.ftl, {"date": "2026-11-01 12:00:00 +0000"}),
            )
        }
        return json_answer({"version": shown | {"docker": {"local": None, "remote": None}}})

    async def _host(self, _: web.Request) -> web.Response:
        uname = {
            "domainname": "(none)",
            "machine": "aarch64",
            "nodename": self.pihole.hostname,
            "release": "6.12.34+rpt-rpi-2712",
            "sysname": "Linux",
            "version": "#1 SMP PREEMPT",
        }
        return json_answer({"host": {"uname": uname, "model": "Raspberry Pi 5", "dmi": {}}})

    async def _queries(self, request: web.Request) -> web.Response:
        """Answer which queries for a domain its DNS had, the newest first."""
        domain = request.query.get("domain")
        names = [each.name for each in reversed(self.asked()) if domain in (None, each.name)]
        shown = names[: int(request.query.get("length", "100"))]
        queries = [{"domain": name} for name in shown]
        return json_answer({"queries": queries, "recordsFiltered": len(names)})

    async def _restart(self, _: web.Request) -> web.Response:
        if not is_on(self.pihole, "webserver.api.allow_destructive"):
            hint = "Check setting webserver.api.allow_destructive"
            raise ApiError(403, "forbidden", "Restarting DNS is not allowed", hint)
        self.restart()
        return json_answer({"status": "success"})

    async def _teleporter(self, _: web.Request) -> web.Response:
        if self.switches.export_cost:
            await asyncio.sleep(self.switches.export_cost)
        if closed_because(self.pihole, self.switches):
            message = "Failed to create gravity database for heap ZIP archive!"
            raise ApiError(500, "compression_error", message)
        now = self.clock.datetime()
        name = archive_name(self.pihole, now)
        if self.pihole.restless:
            self.pihole.dnsmasq_d["99-restless.conf"] = f"# {secrets.token_hex(4)}\n"
        return web.Response(
            body=build_archive(self.pihole, now),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _not_found(self, path: str, _: web.Request) -> web.Response:
        raise ApiError(404, "not_found", "Not found", path.partition("\0")[0])

    async def _root(self, request: web.Request) -> web.Response:
        if request.host.partition(":")[0] == _DOMAIN:
            return redirect_answer(f"{self.prefix}/admin/", 308)
        return html_answer("403 Forbidden", 403)

    async def _admin(self, _: web.Request) -> web.Response:
        return redirect_answer(f"{self.prefix}/admin/", 308)

    async def _admin_folder(self, _: web.Request) -> web.Response:
        return redirect_answer(f"{self.prefix}/admin/login", 302)

    async def _login_page(self, _: web.Request) -> web.Response:
        return html_answer(f"Pi-hole {self.pihole.hostname}")

    async def _old_api(self, _: web.Request) -> web.Response:
        hint = "The API is hosted at pi.hole/api, not pi.hole/admin/api"
        raise ApiError(400, "bad_request", "Bad request", hint)

    async def _no_page(self, _: web.Request) -> web.Response:
        return html_answer("404 Not Found", 404)


def _without_versions() -> web.Response:
    """Answer as where there is no file with the versions: with an error, and with what was found.

    FTL sends the error, and goes on as if nothing had happened. A second head it does not send.
    """
    error = ApiError(500, "internal_error", "Failed to read /etc/pihole/versions")
    return AnsweredTwice(error.answer(), body_of(json_answer({"version": {}})))
