"""The value of `webserver.port`: on which addresses and ports FTL's web server listens.

The rules are those of CivetWeb, the web server in FTL: one part of the list with which it cannot
start, and it does not start at all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
import re
from typing import Final

_HIGHEST: Final = 0xFFFF
_SPACES: Final = " \t"
_IPV4: Final = 4
_IPV6: Final = 6
_PART: Final = re.compile(
    r"""
    (?: (?P<ipv4> \d{1,3} (?: \. \d{1,3} ){3} ) : (?P<port4> \d{1,9} )
      | \[ (?P<ipv6> [^]]{1,49} ) \] : (?P<port6> \d{1,9} )
      | \+ (?P<port46> \d{1,9} )
      | (?P<port> 0[xX][0-9a-fA-F]{1,8} | 0[0-7]{0,9} | [1-9]\d{0,8} )
      | (?P<name> [A-Za-z] [A-Za-z0-9.-]{0,254} ) : (?P<port_of_name> \d{1,9} )
    )
    (?P<flags> [ors]{0,3} )
    """,
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebPort:
    """One part of the list."""

    number: int
    """0: any that is free."""
    families: frozenset[int]
    """4, 6 or both; none if a name has to be looked up for it."""
    address: str = ""
    """Empty: all addresses."""
    is_tls: bool = False
    redirects: bool = False
    """To the first port with TLS."""
    is_optional: bool = False
    """Whether the web server starts without it."""

    @property
    def is_loopback(self) -> bool:
        """Return whether only the Pi-hole itself can use it."""
        return bool(self.address and self.families) and ip_address(self.address).is_loopback


def split(value: str) -> list[str]:
    """Return the parts of a list, as CivetWeb does for all its options."""
    return [part for part in (part.strip(_SPACES) for part in value.split(",")) if part]


def parse(value: str) -> list[WebPort] | None:
    """Return the parts; `None` if the web server does not start with one of them."""
    ports = [_parse(part) for part in split(value)]
    found = [port for port in ports if port is not None]
    if len(found) != len(ports):
        return None
    if any(port.redirects for port in found) and not any(port.is_tls for port in found):
        return None  # it would redirect to a port that needs a certificate, and loads none
    return found


def free(ports: Iterable[WebPort]) -> list[WebPort] | None:
    """Leave out optional parts that an earlier part is in the way of; `None` if one must start."""
    taken: list[WebPort] = []
    for port in ports:
        if not any(_collide(port, other) for other in taken):
            taken.append(port)
        elif not port.is_optional:
            return None
    return taken


def foreign(ports: Iterable[WebPort], live: Sequence[WebPort]) -> Iterator[WebPort]:
    """Yield those on an address that the Pi-hole may not have."""
    for port in ports:
        known = any(port.address == other.address for other in live)
        if port.address and not port.is_loopback and not known:
            yield port


def serves(ports: Iterable[WebPort], needed: WebPort, family: int | None) -> bool:
    """Return whether one part is as good as another, for an address family (`None`: for all)."""
    families = needed.families if family is None else needed.families & {family}
    return any(
        port.number == needed.number
        and port.families >= families
        and port.address in ("", needed.address)
        and port.is_tls is needed.is_tls
        and port.redirects <= needed.redirects
        for port in ports
    )


def _parse(part: str) -> WebPort | None:
    found = _PART.fullmatch(part)
    if found is None:
        return None
    flags = found["flags"]
    number = _number(found)
    if number > _HIGHEST or len(set(flags)) != len(flags) or {"r", "s"} <= set(flags):
        return None
    try:
        families, address = _families(found)
    except ValueError:
        return None
    return WebPort(
        number=number,
        families=families,
        address=address,
        is_tls="s" in flags,
        redirects="r" in flags,
        is_optional="o" in flags,
    )


def _number(found: re.Match[str]) -> int:
    text = found["port"]
    if text is None:
        return int(
            next(
                found[name] for name in ("port4", "port6", "port46", "port_of_name") if found[name]
            )
        )
    if text[:2] in ("0x", "0X"):
        return int(text, 16)
    return int(text, 8 if text.startswith("0") else 10)


def _families(found: re.Match[str]) -> tuple[frozenset[int], str]:
    """Return the address families and the address. Raises `ValueError`."""
    if found["name"]:
        return frozenset(), found["name"]
    if found["port46"]:
        return frozenset({_IPV4, _IPV6}), ""
    if found["port"]:
        return frozenset({_IPV4}), ""
    if found["ipv6"]:
        address: IPv4Address | IPv6Address = IPv6Address(found["ipv6"])
    else:
        address = IPv4Address(bytes(int(octet) for octet in found["ipv4"].split(".")))
    return frozenset({address.version}), "" if address.is_unspecified else str(address)


def _collide(port: WebPort, other: WebPort) -> bool:
    return (
        port.number == other.number != 0
        and bool(port.families & other.families)
        and (not port.address or not other.address or port.address == other.address)
    )
