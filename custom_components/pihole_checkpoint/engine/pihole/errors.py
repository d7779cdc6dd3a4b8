"""What can go wrong in a conversation with a Pi-hole, and the root of all errors."""

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
    """No conversation with the Pi-hole came about, or it broke off."""


class CannotConnect(ConnectionFailed):
    """Nothing listens there, or no route leads there. Names `url`."""


class NameNotFound(ConnectionFailed):
    """The host name has no address. Names `host`."""


class ConnectTimeout(ConnectionFailed):
    """Nothing answered within the time for making a connection. Names `url`."""


class AnswerTimeout(ConnectionFailed):
    """The connection stands, but the Pi-hole fell silent."""


class DeadlineExceeded(ConnectionFailed):
    """The whole conversation took longer than allowed. Names `seconds`."""


class ConnectionLost(ConnectionFailed):
    """The connection broke before the answer was complete."""


class TlsNotTrusted(ConnectionFailed):
    """The certificate is not one that Home Assistant trusts for this host."""


class TlsFailed(ConnectionFailed):
    """No encrypted connection came about, for another reason than trust."""


# What answered ------------------------------------------------------------------------------------


class WrongAddress(CheckpointError):
    """Something answered, but it is not the API of a Pi-hole v6."""


class InvalidUrl(WrongAddress):
    """What was typed is no address of a web server."""


class Redirected(WrongAddress):
    """The address leads elsewhere, and a password is not sent after it. Names `url`, where to."""


class NotAPihole(WrongAddress):
    """It does not speak as a Pi-hole does."""


class AnswerGarbled(WrongAddress):
    """It does not keep to HTTP: another protocol, or more bytes than announced."""


class PiholeV5(WrongAddress):
    """A Pi-hole before version 6, which has no Teleporter in its API."""


# What the Pi-hole refused -------------------------------------------------------------------------


class Refused(CheckpointError):
    """The Pi-hole answered, and said no."""


class WrongPassword(Refused):
    """The password is wrong, tried twice."""


class TotpRequired(Refused):
    """Two-factor authentication is on, and this is not an app password."""


class NoFreeSeat(Refused):
    """All API sessions of the Pi-hole are taken."""


class RateLimited(Refused):
    """Too many login attempts, from all clients together."""


class SessionEnded(Refused):
    """Somebody ended the session, by changing the password for one."""


class Forbidden(Refused):
    """Logged in, but this is not allowed."""


class PiholeFailed(Refused):
    """The Pi-hole could not do it. Names `status` and `reason`, in its own words."""


class ImportRefused(Refused):
    """The Pi-hole does not take an archive. Names `reason`, in its own words."""


class AppPasswordReadOnly(Refused):
    """The session came from an app password, and those may not change this Pi-hole."""


# What it sent -------------------------------------------------------------------------------------


class InvalidArchive(CheckpointError):
    """What was received is not an archive that could ever be restored."""


class ArchiveIncomplete(InvalidArchive):
    """Fewer bytes than announced. Names `received` and `expected`."""


class ArchiveTooLarge(InvalidArchive):
    """More than is ever read, packed or unpacked. Names `limit`, in MB."""

    def __init__(self, limit: int) -> None:
        """Take the limit in bytes."""
        super().__init__(limit=f"{limit // 1024 // 1024} MB")
