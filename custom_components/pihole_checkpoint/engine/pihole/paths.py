"""Whether the name of an item reaches a Pi-hole in a path as it was sent.

A proxy may merge slashes, resolve `..` or decode, as nginx does where it takes a folder off the
path. The Pi-hole would then change another item than was meant: see "Single changes" in
`docs/pihole-api.md`.
"""

from http import HTTPMethod
import re
from typing import Final
from urllib.parse import quote

from .errors import ProxyChangesPaths, WrongAddress
from .session import PiholeSession

_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+(?:[.-][A-Za-z0-9_-]+)*", re.ASCII)
"""A name that no proxy changes."""
_EVERYTHING_ODD: Final = (
    "https://a//b/../c/./d?e=f&g#%25%2F+h;i,'\"\\^$*()[]{}|:@=` ~\tü\N{GRINNING FACE}/"
)
_NOWHERE: Final = "api/none/"
"""A Pi-hole answers with the path that it has not found."""


async def check_path(session: PiholeSession, name: str) -> None:
    """Raise `ProxyChangesPaths` if the name of an item cannot be sent in a path."""
    if not await keeps_name(session, name):
        raise ProxyChangesPaths


async def keeps_name(session: PiholeSession, name: str) -> bool:
    """Return whether the name of an item reaches the Pi-hole in a path as it was sent.

    This costs one request for all names, unless there is a proxy that changes some of them. Raises
    `ConnectionFailed`, or `Refused` if the session has ended.
    """
    if _PLAIN.fullmatch(name):
        return True
    if session.keeps_paths is None:
        session.keeps_paths = await _arrives(session, _EVERYTHING_ODD)
    return session.keeps_paths or await _arrives(session, name)


async def _arrives(session: PiholeSession, name: str) -> bool:
    """Ask for a path that is nowhere, and compare it with the one that was not found."""
    try:
        answer = await session.request(HTTPMethod.GET, _NOWHERE + quote(name, safe=""))
    except WrongAddress:
        return False  # a proxy takes no such path
    return answer.object_at("error").get("hint") == f"/{_NOWHERE}{name}"
