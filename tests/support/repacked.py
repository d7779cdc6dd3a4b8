"""A Pi-hole's archive as people's computers pack it again, built by code."""

from collections.abc import Callable, Iterable
from contextlib import closing
import io
import sqlite3
import struct
from typing import Final, override
import zipfile

from pihole_simulator import broken, unpack

type Repack = Callable[[bytes], bytes]
"""What packs an archive again."""

_DATE: Final = (2026, 1, 18, 9, 30, 10)
_MAC_DETAILS: Final = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "
_FOLDER: Final = 0x10
_WINDOWS, _UNIX = 0, 3


class _Pipe(io.RawIOBase):
    """A place to write to that cannot go back, so that sizes and checksums follow the data."""

    def __init__(self) -> None:
        self.content = bytearray()

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: object, /) -> int:
        content = bytes(memoryview(data))  # type: ignore[arg-type]  # typeshed's Buffer
        self.content += content
        return len(content)


def packed(
    members: Iterable[tuple[str, bytes]],
    *,
    folders: bool = False,
    system: int = _UNIX,
    extra: bytes = b"",
    date: tuple[int, int, int, int, int, int] = _DATE,
    comment: bytes = b"",
    streamed: bool = False,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Write a zip."""
    target: io.BytesIO | _Pipe = _Pipe() if streamed else io.BytesIO()
    done: set[str] = set()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in members:
            parents = name.split("/")[:-1]
            for depth in range(len(parents)) if folders else ():
                folder = "/".join(parents[: depth + 1]) + "/"
                if folder not in done:
                    done.add(folder)
                    info = zipfile.ZipInfo(folder, date)
                    info.create_system = system
                    info.external_attr = 0o40755 << 16 | _FOLDER
                    made.writestr(info, b"")
            info = zipfile.ZipInfo(name, date)
            info.create_system, info.extra = system, extra
            info.compress_type = method
            made.writestr(info, content)
        made.comment = comment
    return bytes(target.content) if isinstance(target, _Pipe) else target.getvalue()


def members_of(archive: bytes) -> list[tuple[str, bytes]]:
    """Return the names and contents of an archive's members."""
    return [(entry.name, entry.data) for entry in unpack(archive)]


def below(folder: str, archive: bytes) -> list[tuple[str, bytes]]:
    """Return the members one folder down."""
    return [(folder + name, content) for name, content in members_of(archive)]


def _by_finder(archive: bytes) -> bytes:
    """Pack as macOS does: with its notes about the folder, and a twin for each file's details."""
    files = below("pi-hole backup/", archive)
    own = [("pi-hole backup/.DS_Store", b"\0\0\0\1Bud1"), ("pi-hole backup/Icon\r", b"")]
    twins = [
        ("__MACOSX/" + "/._".join(name.rsplit("/", 1)), _MAC_DETAILS) for name, _ in (*files, *own)
    ]
    return packed([*own, *files, *twins], folders=True, streamed=True)


def _by_7_zip(archive: bytes) -> bytes:
    times = struct.pack("<2H2x2xH2H3Q", 10, 32, 0, 1, 24, 1, 2, 3)
    return packed(members_of(archive), folders=True, system=_WINDOWS, extra=times)


def _with_a_longer_directory(archive: bytes) -> bytes:
    """Write the end for very large zips, as some packers always do."""
    content = packed(members_of(archive))
    end = content.rfind(b"PK\x05\x06")
    number, size, offset = struct.unpack_from("<10xHLL", content, end)
    return (
        content[:end]
        + struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, number, number, size, offset)
        + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    )


REPACKED: Final[dict[str, Repack]] = {
    "Finder": _by_finder,
    "Explorer": lambda archive: packed(below("New folder/", archive), system=_WINDOWS),
    "7-Zip": _by_7_zip,
    "WinRAR": lambda archive: packed(members_of(archive), folders=True, comment=b"Backup\r\n"),
    "zip -r": lambda archive: packed(
        members_of(archive), folders=True, extra=struct.pack("<2HBL", 0x5455, 5, 1, 1768728610)
    ),
    "a stream without dates": lambda archive: packed(
        members_of(archive), streamed=True, date=(1980, 0, 0, 0, 0, 0)
    ),
    "backslashes": lambda archive: packed(members_of(archive)).replace(
        b"etc/pihole/", b"etc\\pihole\\"
    ),
    "capitals": lambda archive: packed(
        (name.upper(), content) for name, content in members_of(archive)
    ),
    "other case": lambda archive: packed(
        (name.replace("etc/pihole", "Etc/PiHole").replace("toml", "TOML"), content)
        for name, content in members_of(archive)
    ),
    "dots": lambda archive: packed(below("./", archive)),
    "bytes behind": lambda archive: archive + bytes(500),
    "a longer directory": _with_a_longer_directory,
}
"""By what packed it, or what is unusual."""


def rescued(archive: bytes, folder: str = "pihole/", *, damaged_blocklist: bool = False) -> bytes:
    """Pack what lies in `/etc/pihole`, as somebody rescues it from a disk: much is of no use."""
    members = dict(members_of(archive))
    full = _whole_database(members[broken.GRAVITY])
    if damaged_blocklist:
        where = full.rindex(b"0.blocked.example")
        full = full[:where] + b"\xff" * 40 + full[where + 40 :]
    return packed(
        [
            (f"{folder}config_backups/pihole.toml.1", members[broken.TOML]),
            (f"{folder}gravity_backups/gravity.db.1", full),
            (f"{folder}gravity_old.db", full),
            (f"{folder}gravity.db", full),
            (f"{folder}gravity.db-shm", b""),
            (f"{folder}dhcp.leases", members.get("etc/pihole/dhcp.leases", b"")),
            (f"{folder}pihole-FTL.db", b"queries"),
            (f"{folder}pihole.toml", members[broken.TOML]),
            (f"{folder}tls.pem", b"-----BEGIN CERTIFICATE-----"),
            (f"{folder}versions", b"FTL_VERSION=v6.4.1\n"),
        ],
        folders=True,
    )


def _whole_database(exported: bytes) -> bytes:
    """Return the database of a running Pi-hole, with its blocklist, indices and triggers."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(exported)
        database.executescript("""
            CREATE TABLE gravity (domain TEXT NOT NULL, adlist_id INTEGER NOT NULL);
            CREATE TABLE antigravity (domain TEXT NOT NULL, adlist_id INTEGER NOT NULL);
            CREATE TABLE info (property TEXT PRIMARY KEY, value TEXT NOT NULL);
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO gravity SELECT i || '.blocked.example', 1 FROM n;
            CREATE INDEX idx_gravity ON gravity (domain, adlist_id);
            CREATE UNIQUE INDEX "idx_antigravity" ON "antigravity"("domain" , adlist_id);
            CREATE VIEW vw_gravity AS SELECT domain FROM gravity;
            CREATE TRIGGER tr_domainlist_add AFTER INSERT ON domainlist BEGIN
              INSERT INTO domainlist_by_group VALUES (NEW.id, 0);
            END;
            ANALYZE""")
        return database.serialize()
