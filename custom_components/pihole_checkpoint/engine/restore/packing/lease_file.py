"""Making a `dhcp.leases` for an import, which replaces the whole file of a Pi-hole."""

from collections.abc import Iterable, Iterator
from typing import Final

from ...teleporter.contents import Lease
from ...teleporter.leases import read_lines

_SERVER_ID: Final = b"duid"
"""The first word of the line with a Pi-hole's own id for IPv6."""
_DETAILS: Final = (b"vendorclass", b"agent-info")
"""The first words of lines with more about the lease of an address."""


def lease_file(wanted: Iterable[Lease], live: bytes, backup: bytes) -> bytes:
    """Return a file with these leases, made of the lines of both files.

    Where both have a lease, the Pi-hole's line is taken. One that neither has is left out.
    """
    missing = set(wanted)
    lines = [*_lines(live, missing, with_id=True)]
    has_id = any(line.startswith(_SERVER_ID) for line in lines)
    lines += _lines(backup, missing, with_id=bool(missing) and not has_id)
    return b"".join(line + b"\n" for line in lines)


def _lines(content: bytes, missing: set[Lease], *, with_id: bool) -> Iterator[bytes]:
    """Yield what a file has of the missing leases, which are not missing anymore then."""
    addresses: set[bytes] = set()
    for line, lease in read_lines(content):
        if lease is None:
            if _is_wanted(line.split(), addresses, with_id=with_id):
                yield line
        elif lease in missing:
            missing.remove(lease)
            addresses.add(lease.ip.encode())
            yield line


def _is_wanted(words: list[bytes], addresses: set[bytes], *, with_id: bool) -> bool:
    match words:
        case [first, _] if first == _SERVER_ID:
            return with_id
        case [first, address, _] if first in _DETAILS:
            return address in addresses
        case _:
            return False
