"""The endpoints below /api/auth, and how a request shows its session."""

from dataclasses import dataclass
import secrets

from aiohttp import web
import pyotp

from .auth import Auth, Result, Session
from .configuration import is_on
from .credentials import Credentials
from .responses import ApiError, Endpoint, json_answer, json_object

_TYPES_WITHOUT_COOKIE = frozenset({"application/zip", "text/plain"})


@dataclass(slots=True)
class AuthApi:
    """The HTTP side of `Auth`."""

    auth: Auth

    def session_of(self, request: web.Request, *, by_cookie_alone: bool) -> Session | None:
        """Find the session of a request: by the header, else the cookie, else the URL.

        A cookie is worth nothing without its CSRF token, but for /api/auth itself: there it is
        enough to ask about the session, to make it last longer and to end it. The JSON field
        "sid", where FTL looks first, is left out.
        """
        session = self._named_session(request, by_cookie_alone=by_cookie_alone)
        if session:
            session.mixed |= session.tls != request.secure
        return session

    def _named_session(self, request: web.Request, *, by_cookie_alone: bool) -> Session | None:
        if header := request.headers.get("sid") or request.headers.get("X-FTL-SID"):
            return self.auth.use(header)
        if cookie := request.cookies.get("sid"):
            token = request.headers.get("X-CSRF-TOKEN")
            if by_cookie_alone or (token and self.auth.csrf_of(cookie) == token):
                return self.auth.use(cookie)
            return None
        # Where it was not quoted, "+" has become a space. FTL mends that.
        return self.auth.use(request.query.get("sid", "").replace(" ", "+"))

    def behind(self, endpoint: Endpoint) -> Endpoint:
        """Let only those with a session, and everybody where no password is set, pass."""

        async def checked(request: web.Request) -> web.Response:
            session = self.session_of(request, by_cookie_alone=False)
            if not self.auth.is_open and not session:
                raise ApiError(401, "unauthorized", "Unauthorized")
            try:
                answer = await endpoint(request)
            except ApiError as error:
                answer = error.answer()
            if session and answer.content_type not in _TYPES_WITHOUT_COOKIE:
                answer.headers["Set-Cookie"] = self._cookie(session)
            return answer

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
        """GET /api/auth: describe the session."""
        session = self.session_of(request, by_cookie_alone=True)
        return self._answer(session, self._message(request, session))

    async def log_in(self, request: web.Request) -> web.Response:
        """POST /api/auth.

        A client that comes with a session keeps it when the login fails, even with a wrong
        password: in a shared cookie jar every password looks right.
        """
        body = await json_object(request)
        if (password := body.get("password")) is None:
            raise ApiError(400, "bad_request", "No password found in JSON payload")
        if not isinstance(password, str):
            raise ApiError(400, "bad_request", "Field password has to be of type 'string'")
        session = self.session_of(request, by_cookie_alone=True)
        if not password and (session or self.auth.is_open):
            return self._answer(session, self._message(request, session))
        result = await self.auth.log_in(password, body.get("totp"))
        if result in {Result.CORRECT, Result.APP_CORRECT}:
            session = self._take_seat(request, result) or session
            if session is None:
                hint = "increase webserver.api.max_sessions"
                raise ApiError(429, "api_seats_exceeded", "API seats exceeded", hint)
        message = Result.INCORRECT if result is Result.NONE_SET else result
        return self._answer(session, message.value)

    async def log_out(self, request: web.Request) -> web.Response:
        """DELETE /api/auth."""
        session = self.session_of(request, by_cookie_alone=True)
        if session is None or self.auth.is_open:
            answer = self._answer(session, self._message(request, session), status=401)
            answer.headers.pop("Set-Cookie", None)
            return answer
        self.auth.leave(session)
        rules = self.auth.rules
        headers = {"Set-Cookie": self._no_cookie(), "Content-Type": rules.logout_type}
        return web.Response(status=204, headers=headers)

    async def list_sessions(self, request: web.Request) -> web.Response:
        """GET /api/auth/sessions."""
        current = self.session_of(request, by_cookie_alone=False)
        sessions = [
            {
                "id": session.id,
                "current_session": session is current,
                "valid": True,
                "tls": {"login": session.tls, "mixed": session.mixed},
                "login_at": session.login_at,
                "last_active": session.last_active,
                "valid_until": session.valid_until,
                "remote_addr": session.remote_addr,
                "user_agent": session.user_agent,
                "x_forwarded_for": session.forwarded_for,
                "app": session.app,
                "cli": False,
            }
            for session in self.auth.sessions
        ]
        return json_answer({"sessions": sessions})

    async def end_session(self, request: web.Request) -> web.Response:
        """DELETE /api/auth/session/{id}."""
        number = request.path.rpartition("/")[2]
        for session in self.auth.sessions:
            if str(session.id) == number:
                self.auth.leave(session)
                return web.Response(status=204, content_type="application/json", charset="utf-8")
        raise ApiError(400, "bad_request", "Session ID not in use")

    async def make_app_password(self, _: web.Request) -> web.Response:
        """GET /api/auth/app: make one up. It is in force when its hash is set."""
        made = Credentials(app_password=secrets.token_urlsafe(32))
        self.auth.issued.add(made.app_password)
        return json_answer({"app": {"password": made.app_password, "hash": made.app_pwhash}})

    async def make_totp_secret(self, _: web.Request) -> web.Response:
        """GET /api/auth/totp: make one up. It is in force when it is set."""
        secret = pyotp.random_base32()
        self.auth.issued.add(secret)
        return json_answer({"totp": {"type": "totp", "digits": 6, "period": 30, "secret": secret}})

    def _take_seat(self, request: web.Request, result: Result) -> Session | None:
        return self.auth.take_seat(
            remote_addr=request.remote or "",
            user_agent=request.headers.get("User-Agent"),
            forwarded_for=request.headers.get("X-Forwarded-For"),
            app=result is Result.APP_CORRECT,
            tls=request.secure,
        )

    def _message(self, request: web.Request, session: Session | None) -> str:
        """Say what became of the session that a request shows."""
        if self.auth.is_open:
            return Result.NONE_SET.value
        if session:
            return "correct password"
        places = (request.headers.get("sid"), request.headers.get("X-FTL-SID"))
        shown = any(places) or "sid" in request.cookies or "sid" in request.query
        return "session unknown" if shown else "no SID provided"

    def _answer(
        self, session: Session | None, message: str, status: int | None = None
    ) -> web.Response:
        shown: dict[str, object] = {
            "valid": self.auth.is_open or session is not None,
            "totp": self.auth.has_totp,
            "sid": None,
            "validity": -1,
            "message": message,
        }
        cookie = self._no_cookie()
        if session:
            shown |= {"sid": session.sid, "csrf": session.csrf, "validity": session.validity}
            cookie = self._cookie(session)
        # The cookie is not made with set_cookie, which would quote what is in a sid.
        headers = {} if self.auth.is_open else {"Set-Cookie": cookie}
        return json_answer({"session": shown}, status or (200 if shown["valid"] else 401), headers)

    def _cookie(self, session: Session) -> str:
        same_site = self.auth.rules.same_site
        seconds = session.validity
        return f"sid={session.sid}; SameSite={same_site}; Path=/; Max-Age={seconds}; HttpOnly"

    def _no_cookie(self) -> str:
        rules = self.auth.rules
        end = f";{rules.deleted_cookie_ends}" if rules.deleted_cookie_ends else ""
        return f"sid=deleted; SameSite={rules.same_site}; Path=/; Max-Age=-1{end}"
