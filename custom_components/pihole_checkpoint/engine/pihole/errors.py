"""The root of all errors, and what can go wrong between a client and a Pi-hole.

CheckpointError
  ConnectionFailed
    CannotConnect, NameNotFound, ConnectTimeout, AnswerTimeout, DeadlineExceeded, ConnectionLost
    TlsNotTrusted, TlsFailed, ProxyCannotReach
  WrongAddress
    InvalidUrl, Redirected, HttpsNeeded, NotAPihole, AnswerGarbled, PiholeV5
    ProxyAnswered, ProxyTooLarge, ProxyChangesPaths
  Refused
    WrongPassword, PasswordNeeded, TotpRequired, NoFreeSeat, RateLimited, SessionEnded
    Forbidden, PiholeFailed, GravityUnreadable, ImportRefused, AppPasswordReadOnly
    ItemRefused, SettingsRefused
  InvalidArchive
    ArchiveIncomplete, ArchiveTooLarge
"""

import re
from typing import ClassVar


class CheckpointError(Exception):
    """The root of all errors: something that a user reads about in one sentence.

    The `key` of a class is the key of its sentence in the translations: the name of the class in
    lower case, with underscores. The `placeholders` are the values that the sentence names. Neither
    ever holds a password, a session or an archive's data.
    """

    key: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "key" not in vars(cls):
            cls.key = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **placeholders: str) -> None:
        super().__init__(self.key, *placeholders.values())
        self.placeholders = placeholders


# The way to the Pi-hole ---------------------------------------------------------------------------


class ConnectionFailed(CheckpointError):
    """No connection to the Pi-hole was made, or it broke."""


class CannotConnect(ConnectionFailed):
    """Nothing listens at the address, or no route leads there. Names `url`."""


class NameNotFound(ConnectionFailed):
    """The host name has no address. Names `host`."""


class ConnectTimeout(ConnectionFailed):
    """Nothing answered within the time for making a connection. Names `url`."""


class AnswerTimeout(ConnectionFailed):
    """The connection is up, but the Pi-hole stopped answering."""


class DeadlineExceeded(ConnectionFailed):
    """The work with the Pi-hole took longer than allowed. Names `seconds`."""


class ConnectionLost(ConnectionFailed):
    """The connection broke before the answer was complete."""


class TlsNotTrusted(ConnectionFailed):
    """Home Assistant does not trust the certificate for this host."""


class TlsFailed(ConnectionFailed):
    """No encrypted connection was made, for another reason than trust."""


class ProxyCannotReach(ConnectionFailed):
    """A proxy in front of the Pi-hole answered that it cannot reach it. Names `status`."""


# What answered ------------------------------------------------------------------------------------


class WrongAddress(CheckpointError):
    """Something answered that is not the API of a Pi-hole v6."""


class InvalidUrl(WrongAddress):
    """The text is not the address of a web server."""


class Redirected(WrongAddress):
    """The address redirects, and a password must not follow. Names `url`, the target."""


class HttpsNeeded(WrongAddress):
    """A Pi-hole answers there, but only to https. Names `url`, the address with it."""


class NotAPihole(WrongAddress):
    """No Pi-hole answers like this."""


class AnswerGarbled(WrongAddress):
    """The answer breaks the rules of HTTP: another protocol, or more bytes than announced."""


class PiholeV5(WrongAddress):
    """The Pi-hole is older than version 6, and has no Teleporter in its API."""


class ProxyAnswered(WrongAddress):
    """A proxy in front of the Pi-hole answered in its place. Names `status`.

    So did any other web server: only a Pi-hole answers with a Pi-hole's JSON.
    """


class ProxyTooLarge(WrongAddress):
    """A proxy in front of the Pi-hole takes no request of this size. Names `status`."""


class ProxyChangesPaths(WrongAddress):
    """A proxy in front of the Pi-hole changes paths, so that an item cannot be named in one."""


# What the Pi-hole refused -------------------------------------------------------------------------


class Refused(CheckpointError):
    """The Pi-hole answered, and refused the request."""


class WrongPassword(Refused):
    """The password is wrong, tried twice."""


class PasswordNeeded(Refused):
    """The Pi-hole has a password, and none was given."""


class TotpRequired(Refused):
    """Two-factor authentication is on, and the password is not an app password."""


class NoFreeSeat(Refused):
    """All API sessions of the Pi-hole are taken."""


class RateLimited(Refused):
    """There were too many login attempts, counting all clients."""


class SessionEnded(Refused):
    """Somebody ended the session, for example by changing the password."""


class Forbidden(Refused):
    """The session may not do this."""


class PiholeFailed(Refused):
    """The Pi-hole could not do it. Names `status` and `reason`, in its own words."""


class GravityUnreadable(Refused):
    """The Pi-hole cannot read its gravity database: it is locked, damaged or missing."""


class ImportRefused(Refused):
    """The Pi-hole did not accept an archive. Names `reason`, in its own words."""


class AppPasswordReadOnly(Refused):
    """The session is of an app password, and those may not change settings on this Pi-hole."""


class ItemRefused(Refused):
    """The Pi-hole does not store or delete an item as asked. Names `reason`, in its own words."""


class SettingsRefused(Refused):
    """The Pi-hole does not take some settings, and changed none of them.

    Names `reason`, the key of one of them with the Pi-hole's own words.
    """


# What it sent -------------------------------------------------------------------------------------


class InvalidArchive(CheckpointError):
    """The received bytes are not an archive that could be restored."""


class ArchiveIncomplete(InvalidArchive):
    """Fewer bytes arrived than announced. Names `received` and `expected`."""


class ArchiveTooLarge(InvalidArchive):
    """The archive is larger than allowed, packed or unpacked. Names `limit`, in MB."""

    def __init__(self, limit: int) -> None:
        """Take the limit in bytes."""
        super().__init__(limit=f"{limit // 1024 // 1024} MB")


# Reachable ----------------------------------------------------------------------------------------


def shows_reachable(error: CheckpointError) -> bool | None:
    """Return whether an error shows that the Pi-hole is reachable; `None` if it shows neither.

    A Pi-hole is reachable when it answers, be it with a refusal. An answer that is not the
    Pi-hole's, or breaks off, shows neither: the Pi-hole may have answered just before.
    """
    match error:
        case Refused() | InvalidArchive():
            return True
        case CannotConnect() | NameNotFound() | ConnectTimeout() | TlsNotTrusted() | TlsFailed():
            return False
        case _:
            return None
