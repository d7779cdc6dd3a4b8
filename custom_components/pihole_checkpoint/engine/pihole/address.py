"""The address of a Pi-hole, from what people type."""

from ipaddress import IPv6Address
import re

from yarl import URL

from .errors import InvalidUrl

_LONGEST_FOLDER = 100
_PAGES = frozenset({"admin", "api"})
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.ASCII)


def parse_address(typed: str) -> URL:
    """Read the base URL out of any address at which a person has seen the Pi-hole.

    `192.168.1.2`, `http://pi.hole/admin/login` and `https://host:8443/pihole/` are such. A path
    before `/admin` or `/api` is kept, as a proxy may have put one there. The same Pi-hole, typed
    differently, gives an equal URL; it never ends in a slash. Raises `InvalidUrl`.
    """
    text = typed.strip()
    if _is_ipv6(text):
        text = f"[{text}]"
    if "://" not in text:
        text = f"http://{text}"
    try:
        url = URL(text)
        _ = url.host  # which is decoded only now
    except (ValueError, IndexError) as error:
        raise InvalidUrl from error
    host = url.raw_host or ""
    # A user name or password here would end up in logs and on screen, with the address.
    if url.scheme not in ("http", "https") or url.user or url.password or not url.port:
        raise InvalidUrl
    if not (_HOST.fullmatch(host) or _is_ipv6(host)):
        raise InvalidUrl

    segments: list[str] = []
    for segment in url.raw_parts:
        if segment in _PAGES:
            break
        if segment.strip("/"):
            segments.append(segment)
    path = "/" + "/".join(segments) if segments else ""
    origin = url.origin().with_host(host.rstrip("."))
    if origin.is_default_port():
        origin = origin.with_port(None)
    return origin.with_path(path, encoded=True)


def _is_ipv6(text: str) -> bool:
    try:
        return IPv6Address(text).scope_id is None
    except ValueError:
        return False


def folder_name(url: URL) -> str:
    """Name a folder after an address: the same for the same address, and plain everywhere."""
    port = "" if url.is_default_port() else f"_port_{url.port}"
    path = url.raw_path.rstrip("/")
    return re.sub(r"[^a-z0-9.-]", "_", f"{url.raw_host}{port}{path}".lower())[:_LONGEST_FOLDER]
