"""Reading the DHCP leases of an archive."""

from collections.abc import Iterator
import re
from typing import Final

from .contents import Lease
from .sqlite import decode

_NUMBER: Final = re.compile(r"\d{1,12}", re.ASCII)
_LINE_END: Final = re.compile(rb"\r\n|[\n\r\v\f\x1c-\x1e]")
"""Where `str.splitlines` splits an ASCII text."""


def read_lines(content: bytes) -> Iterator[tuple[bytes, Lease | None]]:
    """Yield the lines of a file, each with its lease; lines about other things have none."""
    text = decode(content)
    lines = text.splitlines()
    was_decoded = text.encode() == content  # otherwise it was escaped
    raw = map(str.encode, lines) if was_decoded else _LINE_END.split(content)
    for raw_line, line in zip(raw, lines, strict=False):
        yield raw_line, _lease(line)


def _lease(line: str) -> Lease | None:
    """Read a line of: end in seconds since 1970, MAC, IP, name, client id."""
    match line.split():
        case [expires, mac, ip, name, *rest]:
            return Lease(
                ip=ip,
                mac=mac,
                name=name,
                client_id=" ".join(rest),
                expires=int(expires) if _NUMBER.fullmatch(expires) else 0,
            )
        case _:
            return None
