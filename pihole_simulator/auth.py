"""Who may do what: passwords, app password, second factor, seats and limits.

As in FTL's source, down to what one would not expect of it: see `AttemptLimit` and `Auth.log_in`.
"""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
import hmac
import os

import pyotp

from .responses import ApiError
from .rules import Rules
from .state import Pihole

_TOTP_STEP = 30


class Result(StrEnum):
    """What came of a password. The values are the messages that FTL sends."""

    CORRECT = "password correct"
    APP_CORRECT = "app-password correct"
    INCORRECT = "password incorrect"
    NONE_SET = "no password set"
    LIMITED = "rate limited"


@dataclass(slots=True, kw_only=True)
class Session:
    """One seat."""

    id: int
    sid: str = field(repr=False)
    csrf: str = field(repr=False)
    remote_addr: str
    user_agent: str | None
    forwarded_for: str | None
    app: bool
    tls: bool
    """Whether it was opened over https."""
    login_at: int
    last_active: int
    valid_until: int
    mixed: bool = False
    """Whether it was used both over https and over http."""

    @property
    def validity(self) -> int:
        """For how many seconds it is good from its last use on."""
        return self.valid_until - self.last_active


@dataclass(slots=True)
class AttemptLimit:
    """So many attempts in each whole second, of all clients together."""

    second: int = 0
    attempts: int = 0

    def take(self, now: float, allowed: int) -> bool:
        """Count an attempt, and return whether it is allowed. A refused one counts as well."""
        if self.second != int(now):
            self.second, self.attempts = int(now), 0
        self.attempts += 1
        return self.attempts <= allowed

    def give_back(self) -> None:
        """Forget an attempt: FTL does so when the password was right."""
        self.attempts -= 1


@dataclass(slots=True)
class Auth:
    """The door of one Pi-hole. It keeps its sessions when the server stops, like FTL."""

    pihole: Pihole
    clock: Callable[[], float]
    rules: Rules
    login_attempts_per_second: int = 3
    login_cost: float = 0.0  # seconds of hashing for each password that is compared
    logins: int = 0
    issued: set[str] = field(default_factory=set, repr=False)
    _seats: dict[int, Session] = field(default_factory=dict)
    _passwords: AttemptLimit = field(default_factory=AttemptLimit)
    _tokens: AttemptLimit = field(default_factory=AttemptLimit)
    _last_token: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether no password is set, so that nobody needs a session."""
        return not self.pihole.credentials.password

    @property
    def has_totp(self) -> bool:
        """Whether the second factor is on."""
        return bool(self.pihole.credentials.totp_secret)

    @property
    def sessions(self) -> list[Session]:
        """The sessions that are neither logged out nor expired."""
        return [seat for seat in self._seats.values() if seat.valid_until >= int(self.clock())]

    def use(self, sid: str) -> Session | None:
        """Find a session by its sid. Every use makes it last longer."""
        now = int(self.clock())
        for session in self.sessions:
            if session.sid == sid:
                session.last_active = now
                session.valid_until = now + self.pihole.session_timeout
                return session
        return None

    def csrf_of(self, sid: str) -> str | None:
        """Return the CSRF token of a session. This does not count as a use."""
        return next((session.csrf for session in self.sessions if session.sid == sid), None)

    async def log_in(self, password: str, token: object) -> Result:
        """Check a password and, where it is asked for, the 2FA token. It opens no session yet.

        The app password is tried after the main one and as an attempt of its own. When only that
        second attempt is over the limit, the answer is "incorrect" although the password is right.
        """
        credentials = self.pihole.credentials
        result = await self._compare(password, credentials.password, Result.CORRECT)
        if result is Result.INCORRECT and credentials.app_password:
            second = await self._compare(password, credentials.app_password, Result.APP_CORRECT)
            result = second if second is Result.APP_CORRECT else Result.INCORRECT
        if result is Result.LIMITED:
            raise ApiError(429, "rate_limiting", "Rate-limiting login attempts")
        if result is Result.CORRECT and self.has_totp:
            self._check_token(token)
        return result

    async def _compare(self, given: str, wanted: str, when_right: Result) -> Result:
        if not wanted:
            return Result.NONE_SET
        if not given:
            return Result.INCORRECT  # without costing an attempt
        if not self._passwords.take(self.clock(), self.login_attempts_per_second):
            return Result.LIMITED
        if self.login_cost:
            await asyncio.sleep(self.login_cost)
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            return Result.INCORRECT
        self._passwords.give_back()
        return when_right

    def _check_token(self, token: object) -> None:
        if token is None:
            raise ApiError(400, "bad_request", "No 2FA token found in JSON payload")
        allowed = self.rules.tokens_per_second
        if allowed is not None and not self._tokens.take(self.clock(), allowed):
            message = "Rate-limiting 2FA token requests, try again later"
            raise ApiError(429, "rate_limiting", message)
        # FTL reads the number of any JSON value; that of a text is 0.
        number = int(token) if isinstance(token, int | float) else 0
        totp = pyotp.TOTP(self.pihole.credentials.totp_secret)
        now = int(self.clock())
        if number not in {int(totp.at(now + step * _TOTP_STEP)) for step in (-1, 0, 1)}:
            raise ApiError(401, "unauthorized", "Invalid 2FA token")
        if number == self._last_token:
            raise ApiError(401, "unauthorized", "Reused 2FA token", "wait for new token")
        self._last_token = number

    def take_seat(
        self,
        *,
        remote_addr: str,
        user_agent: str | None,
        forwarded_for: str | None,
        app: bool,
        tls: bool,
    ) -> Session | None:
        """Open a session on the first free seat, if there is one."""
        now = int(self.clock())
        self._seats = {session.id: session for session in self.sessions}
        free = set(range(self.pihole.max_sessions)) - set(self._seats)
        if not free:
            return None
        session = Session(
            id=min(free),
            sid=self._random_id(),
            csrf=self._random_id(),
            remote_addr=remote_addr,
            user_agent=user_agent,
            forwarded_for=forwarded_for,
            app=app,
            tls=tls,
            login_at=now,
            last_active=now,
            valid_until=now + self.pihole.session_timeout,
        )
        self._seats[session.id] = session
        self.logins += 1
        return session

    def leave(self, session: Session) -> None:
        """Log out."""
        del self._seats[session.id]

    def end_all_sessions(self) -> None:
        """Log everybody out, as a change of password does."""
        self._seats.clear()

    def _random_id(self) -> str:
        """Return base64 that has "=" and "+" or "/", for clients that forget to quote.

        FTL's have 16 bytes, too, and lack the second "=".
        """
        while True:
            made = base64.b64encode(os.urandom(16)).decode()[:-1]
            if {"+", "/"} & set(made):
                self.issued.add(made)
                return made
