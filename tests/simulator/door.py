"""The endpoints below /api/auth, and how a request shows its session."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from .answers import ApiError, Endpoint, json_answer, json_object
from .auth import Auth, Result, Session
from .configuration import is_on

_COOKIE = "sid={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}"


@dataclass(slots=True)
class Door:
    """The HTTP side of `Auth`."""

    auth: Auth

    def session_of(self, request: web.Request, *, by_cookie_alone: bool) -> Session | None:
        """Find the session of a request: by the header, else the cookie, else the URL.

        A cookie is worth nothing without its CSRF token, but for /api/auth itself: there it is
        enough to be told of the session, to make it last longer and to end it. The JSON field
        "sid", where FTL looks first, is left out.
        """
        if header := request.headers.get("sid") or request.headers.get("X-FTL-SID"):
            return self.auth.use(header)
        if cookie := request.cookies.get("sid"):
            # The interface sends the second name, the documentation has the first.
            tokens = {request.headers.get(name) for name in ("X-FTL-CSRF", "X-CSRF-TOKEN")}
            if by_cookie_alone or self.auth.csrf_of(cookie) in tokens - {None}:
                return self.auth.use(cookie)
            return None
        # Where it was not quoted, "+" has become a space. FTL mends that.
        return self.auth.use(request.query.get("sid", "").replace(" ", "+"))

    def behind(self, endpoint: Endpoint) -> Endpoint:
        """Let only those with a session, and everybody where no password is set, pass."""

        async def checked(request: web.Request) -> web.Response:
            if not self.auth.is_open and not self.session_of(request, by_cookie_alone=False):
                raise ApiError(401, "unauthorized", "Unauthorized")
            return await endpoint(request)

        return checked

    def with_sudo(self, endpoint: Endpoint) -> Endpoint:
        """Let the sessions of app passwords pass only where they may change settings."""

        async def checked(request: web.Request) -> web.Response:
            self.refuse_app_session(request)
            return await endpoint(request)

        return checked

    def refuse_app_session(self, request: web.Request) -> None:
        """Raise `ApiError` for the session of an app password that may not change settings."""
        session = self.session_of(request, by_cookie_alone=False)
        if self.auth.is_open or session is None or not session.app:
            return
        if not is_on(self.auth.pihole, "webserver.api.app_sudo"):
            raise ApiError(
                403,
                "forbidden",
                "Unable to change configuration (read-only)",
                "The current app session is not allowed to modify Pi-hole config settings"
                " (webserver.api.app_sudo is false)",
            )

    async def status(self, request: web.Request) -> web.Response:
        """GET /api/auth: tell about the session. Nothing documents the messages of this one."""
        session = self.session_of(request, by_cookie_alone=True)
        return self._answer(session, "session valid" if session else "no session")

    async def log_in(self, request: web.Request) -> web.Response:
        """POST /api/auth.

        Who comes with a session keeps it when the login fails, even with a wrong password: in a
        shared cookie jar every password looks right.
        """
        body = await json_object(request)
        if (password := body.get("password")) is None:
            raise ApiError(400, "bad_request", "No password found in JSON payload")
        if not isinstance(password, str):
            raise ApiError(400, "bad_request", "Field password has to be of type 'string'")
        session = self.session_of(request, by_cookie_alone=True)
        result = await self.auth.log_in(password, body.get("totp"))
        if result in {Result.CORRECT, Result.APP_CORRECT}:
            session = self._take_seat(request, result) or session
            if session is None:
                hint = "increase webserver.api.max_sessions"
                raise ApiError(429, "api_seats_exceeded", "API seats exceeded", hint)
        return self._answer(session, result.value)

    async def log_out(self, request: web.Request) -> web.Response:
        """DELETE /api/auth."""
        session = self.session_of(request, by_cookie_alone=True)
        if session is None or self.auth.is_open:
            return self._answer(None, "no session", status=401)
        self.auth.leave(session)
        return web.Response(status=204, headers={"Set-Cookie": _COOKIE.format("deleted", -1)})

    async def list_sessions(self, request: web.Request) -> web.Response:
        """GET /api/auth/sessions."""
        current = self.session_of(request, by_cookie_alone=False)
        sessions = [
            {
                "id": session.id,
                "current_session": session is current,
                "valid": True,
                "tls": {"login": session.tls, "mixed": False},
                "login_at": session.login_at,
                "last_active": session.last_active,
                "valid_until": session.valid_until,
                "remote_addr": session.remote_addr,
                "user_agent": session.user_agent,
                "app": session.app,
            }
            for session in self.auth.sessions
        ]
        return json_answer({"sessions": sessions})

    def _take_seat(self, request: web.Request, result: Result) -> Session | None:
        return self.auth.take_seat(
            remote_addr=request.remote or "",
            user_agent=request.headers.get("User-Agent", ""),
            app=result is Result.APP_CORRECT,
            tls=request.secure,
        )

    def _answer(
        self, session: Session | None, message: str, status: int | None = None
    ) -> web.Response:
        shown: dict[str, object] = {
            "valid": self.auth.is_open or session is not None,
            "totp": self.auth.has_totp,
            "sid": None,
            "validity": -1,
            "message": Result.NONE_SET.value if self.auth.is_open else message,
        }
        cookie = _COOKIE.format("deleted", -1)
        if session:
            shown |= {"sid": session.sid, "csrf": session.csrf, "validity": session.validity}
            cookie = _COOKIE.format(session.sid, session.validity)
        # The cookie is not made with set_cookie, which would quote what is in a sid.
        headers: Mapping[str, str] = {} if self.auth.is_open else {"Set-Cookie": cookie}
        return json_answer({"session": shown}, status or (200 if shown["valid"] else 401), headers)
