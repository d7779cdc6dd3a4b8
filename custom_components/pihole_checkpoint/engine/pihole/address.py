"""The address of a Pi-hole, from what people type."""

from ipaddress import IPv6Address
import re
from typing import Final

from yarl import URL

from .errors import (
    AnswerGarbled,
    CannotConnect,
    CheckpointError,
    ConnectionLost,
    InvalidUrl,
    NotAPihole,
    ProxyAnswered,
    Redirected,
)

_LONGEST_FOLDER_NAME: Final = 100
_PAGES: Final = frozenset({"admin", "api"})
_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.ASCII)


def parse_address(typed: str) -> URL:
    """Return the base URL of the Pi-hole that a person sees at an address.

    Examples are `192.168.1.2`, `http://pi.hole/admin/login` and `https://host:8443/pihole/`. A path
    before `/admin` or `/api` is kept, as a proxy may have added it. Addresses of the same Pi-hole
    that are only typed differently give equal URLs; none ends in a slash. Raises `InvalidUrl`.
    """
    url = _parse_url(typed.strip())
    host = url.raw_host or ""
    # A user name or password in the URL would appear in logs and on screen.
    if url.scheme not in ("http", "https") or url.user or url.password or not url.port:
        raise InvalidUrl
    if not (_HOST.fullmatch(host) or _is_ipv6(host)):
        raise InvalidUrl
    origin = url.origin().with_host(host.rstrip("."))
    if origin.is_default_port():
        origin = origin.with_port(None)
    return origin.with_path(_base_path(url), encoded=True)


def https_instead(url: URL, error: CheckpointError) -> URL | None:
    """Return the https address that an error at an http address is a sign of, if it is.

    It has the host that was typed: a Pi-hole redirects to the host name in its settings (`pi.hole`,
    usually), which may resolve nowhere. A redirect to another path is that of a login page.
    """
    if url.scheme != "http":
        return None
    port: int | None = None
    match error:
        case Redirected(placeholders={"url": named}):
            try:
                target = URL(named)
            except ValueError:
                return None  # it was shortened to be shown
            is_sign = target.scheme == "https" and not target.query_string
            is_sign = is_sign and target.raw_path.rstrip("/") == url.raw_path.rstrip("/")
            port = target.port
        case CannotConnect():
            is_sign = url.is_default_port()
        case ConnectionLost() | AnswerGarbled() | NotAPihole() | ProxyAnswered():
            is_sign = not url.is_default_port()
            port = url.port
        case _:
            is_sign = False
    return url.with_scheme("https").with_port(port) if is_sign else None


def _parse_url(text: str) -> URL:
    """Parse an address that may lack its scheme, or the brackets of an IPv6 address."""
    if _is_ipv6(text):
        text = f"[{text}]"
    if "://" not in text:
        text = f"http://{text}"
    try:
        url = URL(text)
        _ = url.host  # yarl decodes it only now, and may raise
    except (ValueError, IndexError) as error:
        raise InvalidUrl from error
    return url


def _base_path(url: URL) -> str:
    """Return the path before the first segment that is Pi-hole's own."""
    segments: list[str] = []
    for segment in url.raw_parts:
        if segment in _PAGES:
            break
        if segment.strip("/"):
            segments.append(segment)
    return "/" + "/".join(segments) if segments else ""


def _is_ipv6(text: str) -> bool:
    try:
        return IPv6Address(text).scope_id is None
    except ValueError:
        return False


def folder_name(url: URL) -> str:
    """Return a folder name for an address: always the same, and valid on every file system."""
    port = "" if url.is_default_port() else f"_port_{url.port}"
    path = url.raw_path.rstrip("/")
    name = re.sub(r"[^a-z0-9.-]", "_", f"{url.raw_host}{port}{path}".lower())
    return name[:_LONGEST_FOLDER_NAME]
