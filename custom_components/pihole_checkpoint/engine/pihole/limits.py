"""How long the client waits for a Pi-hole, how much of an answer it reads, and how much it sends.

What a Pi-hole usually needs and sends is in `docs/pihole-api.md`.
"""

from dataclasses import dataclass
from typing import Final

from aiohttp import ClientTimeout

LARGEST_BODY: Final = 64 * 1024 - 2
"""In bytes, of a request with JSON. A Pi-hole passes over a larger one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timings:
    """Waiting times, in seconds."""

    connect: float = 10.0
    """For a connection."""
    read: float = 15.0
    """For the next piece of an answer."""
    request: float = 20.0
    """For a short answer as a whole: one that arrives byte by byte would never exceed `read`."""
    import_read: float = 60.0
    """For the next piece of the answer to an import."""
    change: float = 60.0
    """For the answer to a change: deleting a huge list takes a Pi-hole seconds."""
    gravity_read: float = 300.0
    """For the next line of a gravity update: a download from a slow server prints nothing."""
    versions: float = 5.0
    """For the versions, and what else is a nicety."""

    moment: float = 8.0
    """For trying again what a restart or a lock prevents; shorter than any limit of a backup."""
    moment_retry: float = 0.5
    """Before each further try in this time."""

    busy: float = 5.0
    """For trying a change again that is refused while the Pi-hole is busy, as with a lock."""
    busy_retry: float = 0.1
    """Before each further try in this time."""

    login_retry: float = 2.0
    """Before another login attempt; the client adds up to half of it at random."""
    login_grace: float = 10.0
    """For a login that is under way when the caller is cancelled: it may open a session."""
    logout: float = 1.8
    """For one attempt to log out."""
    logout_retry: float = 0.3
    """Before another attempt to log out."""
    logout_total: float = 4.0
    """For all attempts to log out before the result; at an unload, for those in the background."""
    closing: float = 60.0
    """For going on to log out in the background: a restart takes seconds, seldom half a minute."""
    closing_retry: float = 1.0
    """Before each attempt in the background."""

    def timeout(self, read: float | None = None) -> ClientTimeout:
        """Return the timeout of one request; `read` replaces the usual one."""
        return ClientTimeout(
            total=None, connect=self.connect, sock_read=self.read if read is None else read
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """The most that is read of an answer, in bytes."""

    json: int = 256 * 1024
    """Of a JSON answer, unless one of the next two."""
    groups: int = 4 * 1024 * 1024
    """Of the groups, each with its comment."""
    settings: int = 8 * 1024 * 1024
    """Of the settings with their explanations; local DNS records take twice their length."""
    gravity: int = 16 * 1024 * 1024
    """Of the text of a gravity update, which has a few hundred bytes for each list."""
    gravity_line: int = 64 * 1024
    """Of one line of it. A URL has to be seen as a whole, or its secrets aren't recognized."""


TIMINGS = Timings()
"""Used by a client that is given no others."""
SIZES = Sizes()
"""Used by a client that is given no others."""
