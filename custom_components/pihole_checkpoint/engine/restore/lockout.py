"""Settings that a restore would set, and with which nobody would get in any more.

FTL takes them without a word, from an import as from a change, and its web server is gone for good
then: only the host's console helps. DNS goes on. Pure functions.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import PurePosixPath
import re
from typing import Final

from ..teleporter.contents import Secret, Setting
from . import web_acl, web_ports
from .web_ports import WebPort

type Settings = Mapping[str, Setting | Secret]


class Problem(StrEnum):
    """Why a setting cannot be restored."""

    NO_PORT = "no_port"
    """The web server would not start: there is no port."""
    PORT_INVALID = "port_invalid"
    """The web server would not start: there is something else than ports, or one twice."""
    PORT_ADDRESS = "port_address"
    """A port is on an address that the Pi-hole may not have; the web server may not start."""
    PORT_GONE = "port_gone"
    """Home Assistant reaches the Pi-hole over a port that would be gone."""
    CERTIFICATE = "certificate"
    """The web server would not start: there may be no certificate at this place."""
    HASH_INVALID = "hash_invalid"
    """No password would be right: the hash is masked, or none."""
    TOTP_INVALID = "totp_invalid"
    """No 2FA code would be right: the secret is masked, or none."""
    ACL_INVALID = "acl_invalid"
    """The web server would not start, or accept nobody."""
    ACL_SHUTS_OUT = "acl_shuts_out"
    """The web server would not accept Home Assistant, as far as is known."""
    NO_SESSIONS = "no_sessions"
    """Nobody could log in."""
    THREADS = "threads"
    """The web server would not start: there are too many threads."""
    HEADERS = "headers"
    """No answer of the API could be understood."""
    OPTIONS = "options"
    """The web server may not start, or be another one, with these options."""


_USUAL_FOLDER: Final = PurePosixPath("/etc/pihole")
"""Where FTL may write, and so makes a certificate that is not there."""
_MOST_THREADS: Final = 65_534
_SALT_LENGTH: Final = 16
_HASH_LENGTH: Final = 32
_HASH: Final = re.compile(
    r"\$BALLOON-SHA256\$v=1\$s=\d{1,9},t=\d{1,9}\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)", re.ASCII
)
_OLD_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
"""Of Pi-hole v5. FTL replaces it when somebody logs in."""
_TOTP: Final = re.compile(r"[A-Za-z2-7]{0,32}", re.ASCII)
_FRAMING: Final = frozenset(
    {"content-encoding", "content-length", "content-type", "transfer-encoding"}
)
_HARMLESS_OPTIONS: Final = frozenset({"access_control_allow_origin", "enable_keep_alive"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Situation:
    """What a value is looked at with."""

    live: Settings
    raw_secret: str | None
    own_address: str | None
    url_port: int | None

    @property
    def family(self) -> int | None:
        """Return the family of our address; a mapped IPv4 address is one."""
        try:
            address = ip_address((self.own_address or "").partition("%")[0])
        except ValueError:
            return None
        return 4 if getattr(address, "ipv4_mapped", None) else address.version


def locks_out(  # noqa: PLR0913 - each is a fact of its own, and has a name at every call
    key: str,
    value: Setting | Secret,
    *,
    live: Settings,
    raw_secret: str | None,
    own_address: str | None,
    url_port: int | None,
) -> Problem | None:
    """Return why nobody could use a Pi-hole any more after a setting is set; `None` for all others.

    `live` are the Pi-hole's present settings: what it has already does no harm. `raw_secret` is the
    value of a secret, `own_address` the address from which the Pi-hole sees us, and `url_port` the
    port in its URL. What is not known counts as not working.
    """
    if key not in _RULES or live.get(key) == value:
        return None
    return _RULES[key](
        value,
        _Situation(live=live, raw_secret=raw_secret, own_address=own_address, url_port=url_port),
    )


def _check_ports(value: Setting | Secret, situation: _Situation) -> Problem | None:
    if not isinstance(value, str):
        return None  # FTL passes over a value of another type
    if not web_ports.split(value):
        return Problem.NO_PORT
    ports = web_ports.parse(value)
    bound = None if ports is None else web_ports.free(ports)
    if bound is None:
        return Problem.PORT_INVALID
    now = situation.live.get("webserver.port")
    present = (web_ports.parse(now) if isinstance(now, str) else None) or []
    foreign = list(web_ports.foreign(bound, present))
    if any(not port.is_optional for port in foreign):
        return Problem.PORT_ADDRESS
    if any(port.is_tls for port in bound) and situation.live.get("webserver.tls.cert") == "":
        return Problem.CERTIFICATE
    usable = [port for port in bound if port not in foreign]
    needed = _needed_ports(present, situation)
    is_reached = all(web_ports.serves(usable, port, situation.family) for port in needed)
    return None if needed and is_reached else Problem.PORT_GONE


def _needed_ports(present: list[WebPort], situation: _Situation) -> list[WebPort]:
    """Return the ports over which we may reach the Pi-hole now.

    Where it does not have the URL's port, a proxy or a container's network leads to one of its
    ports, and nobody knows to which.
    """
    direct = [
        port
        for port in present
        if port.number == situation.url_port
        and (situation.family is None or situation.family in port.families)
    ]
    return direct or [port for port in present if not port.redirects]


def _check_certificate(value: Setting | Secret, situation: _Situation) -> Problem | None:
    if not isinstance(value, str):
        return None
    path, now = PurePosixPath(value), situation.live.get("webserver.tls.cert")
    folders = {
        _USUAL_FOLDER,
        *([PurePosixPath(now).parent] if isinstance(now, str) and now else []),
    }
    if path.is_absolute() and path.parent in folders and path.suffix == ".pem":
        return None
    return Problem.CERTIFICATE


def _check_hash(_value: Setting | Secret, situation: _Situation) -> Problem | None:
    raw = situation.raw_secret
    if raw is not None and (not raw or _OLD_HASH.fullmatch(raw) or _is_hash(raw)):
        return None
    return Problem.HASH_INVALID


def _is_hash(raw: str) -> bool:
    found = _HASH.fullmatch(raw)
    try:
        return found is not None and [len(b64decode(part)) for part in found.groups()] == [
            _SALT_LENGTH,
            _HASH_LENGTH,
        ]
    except ValueError:
        return False


def _check_totp(_value: Setting | Secret, situation: _Situation) -> Problem | None:
    raw = situation.raw_secret
    return None if raw is not None and _TOTP.fullmatch(raw) else Problem.TOTP_INVALID


def _check_acl(value: Setting | Secret, situation: _Situation) -> Problem | None:
    if not isinstance(value, str) or not value:
        return None
    subnets = web_acl.parse(value)
    if not subnets:
        return Problem.ACL_INVALID
    own = situation.own_address
    return None if own and web_acl.accepts(subnets, own) else Problem.ACL_SHUTS_OUT


def _check_sessions(value: Setting | Secret, _situation: _Situation) -> Problem | None:
    return Problem.NO_SESSIONS if value == 0 and isinstance(value, int) else None


def _check_threads(value: Setting | Secret, _situation: _Situation) -> Problem | None:
    return Problem.THREADS if isinstance(value, int) and value > _MOST_THREADS else None


def _check_headers(value: Setting | Secret, _situation: _Situation) -> Problem | None:
    names = {
        line.partition(":")[0].strip().casefold()
        for header in _texts(value)
        for line in header.splitlines()
    }
    return Problem.HEADERS if names & _FRAMING else None


def _check_options(value: Setting | Secret, situation: _Situation) -> Problem | None:
    present = _texts(situation.live.get("webserver.advancedOpts", ()))
    unknown = [
        option
        for option in _texts(value)
        if "=" in option  # FTL passes over others
        and option not in present
        and option.partition("=")[0] not in _HARMLESS_OPTIONS
    ]
    return Problem.OPTIONS if unknown else None


def _texts(value: Setting | Secret) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, tuple) else []


_RULES: Final[Mapping[str, Callable[[Setting | Secret, _Situation], Problem | None]]] = {
    "webserver.port": _check_ports,
    "webserver.tls.cert": _check_certificate,
    "webserver.api.pwhash": _check_hash,
    "webserver.api.app_pwhash": _check_hash,
    "webserver.api.totp_secret": _check_totp,
    "webserver.acl": _check_acl,
    "webserver.api.max_sessions": _check_sessions,
    "webserver.threads": _check_threads,
    "webserver.headers": _check_headers,
    "webserver.advancedOpts": _check_options,
}
