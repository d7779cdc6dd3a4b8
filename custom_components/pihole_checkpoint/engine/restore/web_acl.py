"""The value of `webserver.acl`: from where FTL's web server accepts connections.

The rules are those of CivetWeb: the last subnet that matches decides, and without a match nobody is
accepted. An empty value accepts everybody.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address
import re
from typing import Final

from .web_ports import split

type Address = IPv4Address | IPv6Address

_SUBNET: Final = re.compile(
    r"""
    (?P<sign> [+-] )
    (?: (?P<ipv4> \d{1,3} (?: \. \d{1,3} ){3} ) (?: / (?P<bits4> \d{1,2} ) )?
      | (?P<bracket> \[ )? (?P<ipv6> [0-9a-fA-F.:]{2,49} ) (?(bracket) \] )
        (?: / (?P<bits6> \d{1,3} ) )?
    )
    """,
    re.VERBOSE | re.ASCII,
)


def parse(value: str) -> list[tuple[bool, Address, int]] | None:
    """Return who is accepted, subnet for subnet; `None` if the web server does not start."""
    subnets = [_parse(part) for part in split(value)]
    found = [subnet for subnet in subnets if subnet is not None]
    return found if len(found) == len(subnets) else None


def accepts(subnets: list[tuple[bool, Address, int]], own: str) -> bool:
    """Return whether connections from an address are accepted."""
    try:
        address = ip_address(own.partition("%")[0])
    except ValueError:
        return False
    accepted = False
    for is_accepted, subnet, bits in subnets:
        if subnet.version == address.version and _covers(subnet, bits, address):
            accepted = is_accepted
    return accepted


def _parse(part: str) -> tuple[bool, Address, int] | None:
    found = _SUBNET.fullmatch(part)
    if found is None:
        return None
    try:
        address = ip_address(found["ipv4"] or found["ipv6"])
    except ValueError:
        return None
    bits = int(found["bits4"] or found["bits6"] or address.max_prefixlen)
    return (found["sign"] == "+", address, bits) if bits <= address.max_prefixlen else None


def _covers(subnet: Address, bits: int, address: Address) -> bool:
    """Check the address's bits only: a subnet with more bits set than its mask covers nothing."""
    shift = subnet.max_prefixlen - bits
    return int(address) >> shift << shift == int(subnet)
