"""A zip file to the byte as FTL's own writer makes it, which `zipfile` does not.

FTL streams: a member's checksum and sizes come after its data, and its name is marked as UTF-8
even when it is plain ASCII. Doing this by hand also allows what no sound writer would: two
members of one name, names that climb out of the folder.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
import io
import struct
import zipfile
import zlib

FLAGS = 0x0808  # the sizes follow the data; the name is UTF-8
_VERSION_NEEDED = 20
_DEFLATE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One member of an archive."""

    name: str
    data: bytes
    comment: str = ""
    modified: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)


def pack(entries: Iterable[Entry]) -> bytes:
    """Write an archive."""
    body, directory, number = bytearray(), bytearray(), 0
    for entry in entries:
        name, comment = entry.name.encode(), entry.comment.encode()
        day, clock = _dos_time(entry.modified)
        crc, data = zlib.crc32(entry.data), _deflated(entry.data)
        how = (_VERSION_NEEDED, FLAGS, _DEFLATE) if data else (0, FLAGS, 0)
        directory += struct.pack(
            "<4s6H3I5H2I",
            *(b"PK\x01\x02", 0, *how, clock, day),
            *(crc, len(data), len(entry.data)),
            *(len(name), 0, len(comment), 0, 0, 0, len(body)),
        )
        directory += name + comment
        body += struct.pack(
            "<4s5H3I2H", *(b"PK\x03\x04", *how, clock, day), *(0, 0, 0, len(name), 0)
        )
        body += name + data
        body += struct.pack("<4s3I", b"PK\x07\x08", crc, len(data), len(entry.data))
        number += 1
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, number, number, len(directory), len(body), 0)
    return bytes(body + directory + end)


def unpack(archive: bytes) -> list[Entry]:
    """Read an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [
            Entry(
                name=info.filename,
                data=opened.read(info),
                comment=info.comment.decode(),
                modified=datetime(*info.date_time, tzinfo=UTC),
            )
            for info in opened.infolist()
        ]


def _deflated(data: bytes) -> bytes:
    if not data:
        return data
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflate.compress(data) + deflate.flush()


def _dos_time(at: datetime) -> tuple[int, int]:
    """Return the day and the time of day, the latter in steps of two seconds."""
    day = (at.year - 1980) << 9 | at.month << 5 | at.day
    return day, at.hour << 11 | at.minute << 5 | at.second // 2
