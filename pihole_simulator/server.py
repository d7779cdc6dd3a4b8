"""A Pi-hole v6 over real HTTP."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import override
from urllib.parse import unquote_plus
from weakref import WeakSet

from aiohttp import web

from .api import Api
from .auth import Auth, Session
from .auth_api import AuthApi
from .clock import Clock
from .configuration import is_on, values
from .credentials import Credentials
from .definitions import Setting
from .dns_answers import Gravity
from .dns_server import DnsServer
from .fault_plan import FaultPlan
from .gravity_update import GravityUpdate
from .import_archive import Importer
from .items_api import Changing
from .responses import html_answer, redirect_answer
from .rules import rules_of
from .settings_api import SettingsApi
from .state import Pihole
from .streamed import StreamedText
from .switches import Switches
from .tls import Certificate
from .web_server import Server
from .wire import changed_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is remembered of a request: no password, no sid."""

    method: str
    path: str
    user_agent: str
    has_sid: bool
    has_cookie: bool
    body_size: int
    remote_port: int

    @property
    def is_login(self) -> bool:
        """Whether it brought a password."""
        return self.method == "POST" and self.path.endswith("/api/auth")


class Simulator(Server, Switches):
    """A simulated Pi-hole.

    Where no credentials are given, those of `pihole` stay. An empty password means none is set.
    `forced` are settings that its environment fixes, by full name. Its DNS listens at `dns.port`,
    which is not what its settings say.
    """

    def __init__(
        self,
        *,
        password: str | None = None,
        app_password: str | None = None,
        totp_secret: str | None = None,
        pihole: Pihole | None = None,
        tls: Certificate | None = None,
        also_tls: Certificate | None = None,
        port: int = 0,
        dns_port: int = 0,
        prefix: str = "",
        version: str = "6.4",
        forced: Mapping[str, Setting] | None = None,
    ) -> None:
        Server.__init__(self, port=port, tls=tls, also_tls=also_tls)
        Switches.__init__(self)
        self.rules = rules_of(version)
        self.pihole = pihole or Pihole.example()
        self.pihole.version = version
        self.pihole.forced = dict(forced or {})
        if pihole is None:
            self.pihole.versions = self.rules.versions
        self.prefix = prefix.rstrip("/")
        self.clock = Clock()
        self.auth = Auth(self.pihole, self.clock, self.rules)
        self.faults = FaultPlan()
        self.dns = DnsServer(pihole=self.pihole, port=dns_port)
        self.requests: list[Request] = []
        self._connections: WeakSet[asyncio.BaseTransport] = WeakSet()
        door = AuthApi(self.auth)
        self._api = Api(
            pihole=self.pihole,
            door=door,
            clock=self.clock,
            prefix=self.prefix,
            importer=Importer(
                pihole=self.pihole,
                rules=self.rules,
                door=door,
                switches=self,
                clock=self.clock,
                adopt_credentials=self.adopt_credentials,
                restart_after=self._restart_after_answer,
            ),
            gravity=GravityUpdate(
                pihole=self.pihole, rules=self.rules, clock=self.clock, switches=self
            ),
            settings=SettingsApi(
                self.pihole, self.rules, door, self.change_credentials, self._restart_after_answer
            ),
            restart=self._restart_after_answer,
            asked=lambda: self.dns.asked,
            changing=Changing(self.pihole, self.rules, self.clock, self),
            switches=self,
            server=self,
            rules=self.rules,
        )
        self._secrets: set[str] = set()
        given = {"password": password, "app_password": app_password, "totp_secret": totp_secret}
        changes = {name: value for name, value in given.items() if value is not None}
        self.change_credentials(replace(self.pihole.credentials, **changes))

    @override
    async def start(self) -> None:
        await self.dns.start()
        try:
            await super().start()
        except BaseException:
            await self.dns.stop()
            raise

    @override
    async def stop(self) -> None:
        await super().stop()
        await self.dns.stop()

    @override
    def begin(self) -> None:
        self.pihole.read_settings_again()
        self.dns.is_up = True

    @property
    def url(self) -> str:
        """Where to find it."""
        return self.origin + self.prefix

    @property
    def sessions(self) -> list[Session]:
        """The open sessions."""
        return self.auth.sessions

    @property
    def logins(self) -> int:
        """How many sessions were opened so far."""
        return self.auth.logins

    @property
    def secrets(self) -> set[str]:
        """Everything that must never leak: passwords, hashes, and all that was ever issued."""
        return self._secrets | self.auth.issued

    def change_credentials(self, credentials: Credentials) -> None:
        """Set other passwords: this ends every session."""
        self.adopt_credentials(credentials)
        self.auth.end_all_sessions()

    def adopt_credentials(self, credentials: Credentials) -> None:
        """Have other passwords from now on. Who is logged in stays so."""
        self.pihole.credentials = credentials
        self._secrets |= credentials.secrets

    def _restart_after_answer(self) -> None:
        self.restart_after(self.restart_seconds)

    @override
    def is_away(self) -> None:
        super().is_away()
        self.dns.is_up = False
        if not is_on(self.pihole, "webserver.session.restore"):
            self.auth.end_all_sessions()

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(_remember(request))
        if self.redirects(request):
            domain = values(self.pihole)["webserver.domain"]
            return redirect_answer(f"https://{domain}:{self.tls_port}{request.rel_url}", 308)
        await self._wait_for_acknowledgment(request)
        full_path = unquote_plus(request.rel_url.raw_path)
        if self.proxy_changes_paths:
            full_path = changed_path(request.rel_url.raw_path)
        if {"\r", "\n"} & set(full_path) and not self.rules.line_ends_in_paths:
            return web.Response(status=400, text="Error 400: Bad Request\nInvalid URI")
        path = full_path.removeprefix(self.prefix)
        if not path.startswith("/") or not full_path.startswith(self.prefix):
            return html_answer("404 Not Found", 404)  # by the proxy that has the rest

        endpoint = self._api.find(request.method, path)

        async def seen_late_by_dns(request: web.Request) -> web.Response:
            before = Gravity.of(self.pihole)
            try:
                return await endpoint(request)
            finally:
                self.dns.was_changed(before)

        async def begin() -> web.Response:
            answer = await self.run_to_the_end(request, seen_late_by_dns)
            if isinstance(answer, StreamedText):
                self.run_on(answer.speak())
            return answer

        async def proceed() -> web.Response:
            """Do what was asked: to its end, so that there is a whole answer to be spoilt."""
            answer = await begin()
            return await answer.whole() if isinstance(answer, StreamedText) else answer

        if fault := self.faults.take(request.method, path.rstrip("/")):
            return await fault(request, proceed)
        answer = await begin()
        return await answer.send(request) if isinstance(answer, StreamedText) else answer

    async def _wait_for_acknowledgment(self, request: web.Request) -> None:
        """Wait as long as FTL's answer on a kept connection does.

        FTL sends head and body apart, and the client's delayed acknowledgment of the first holds
        the second back; only a new connection acknowledges at once.
        """
        if (connection := request.transport) is None:
            return
        if connection in self._connections and self.rules.kept_connections_cost:
            await asyncio.sleep(self.acknowledgment_seconds)
        self._connections.add(connection)


def _remember(request: web.Request) -> Request:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return Request(
        method=request.method,
        path=request.path,
        user_agent=request.headers.get("User-Agent", ""),
        has_sid="X-FTL-SID" in request.headers,
        has_cookie="Cookie" in request.headers,
        body_size=request.content_length or 0,
        remote_port=peer[1] if peer else 0,
    )
