"""Archives that are damaged, each in one way: a healthy one in, a broken one out."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
import io
import sqlite3
import struct
import zipfile

from .archive import Entry, pack, unpack

GRAVITY = "etc/pihole/gravity.db"
TOML = "etc/pihole/pihole.toml"
_FLAGS_IN_HEADER = {b"PK\x03\x04": 6, b"PK\x01\x02": 8}


def without(archive: bytes, member: str) -> bytes:
    """Leave a member out."""
    return pack(entry for entry in unpack(archive) if entry.name != member)


def with_member(archive: bytes, name: str, data: bytes) -> bytes:
    """Add a member, of any name: "../evil" will do."""
    return pack([*unpack(archive), Entry(name=name, data=data)])


def replace_member(archive: bytes, name: str, data: bytes) -> bytes:
    """Give a member other contents."""
    return _changed(archive, name, lambda _: data)


def duplicate_member(archive: bytes, name: str) -> bytes:
    """Have a member twice."""
    return pack([*unpack(archive), *(entry for entry in unpack(archive) if entry.name == name)])


def many_members(archive: bytes, number: int) -> bytes:
    """Add a great many small members."""
    extra = (Entry(name=f"etc/dnsmasq.d/{index:05}.conf", data=b"#\n") for index in range(number))
    return pack([*unpack(archive), *extra])


def bomb(archive: bytes, size: int, name: str = "etc/dnsmasq.d/bomb.conf") -> bytes:
    """Add, or make of, a member what is tiny here and huge when it is unpacked."""
    return with_member(without(archive, name), name, bytes(size))


def truncated(archive: bytes, length: int) -> bytes:
    """Keep only the beginning."""
    return archive[:length]


def flipped(archive: bytes, member: str) -> bytes:
    """Flip one bit in the middle of a member's compressed data."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        info = opened.getinfo(member)
    header = 30 + sum(struct.unpack_from("<2H", archive, info.header_offset + 26))
    damaged = bytearray(archive)
    damaged[info.header_offset + header + info.compress_size // 2] ^= 1
    return bytes(damaged)


def encrypted(archive: bytes) -> bytes:
    """Say of every member that it is encrypted."""
    damaged = bytearray(archive)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        starts = [info.header_offset for info in opened.infolist()]
        directory = opened.start_dir
    while archive.startswith(b"PK\x01\x02", directory):
        starts.append(directory)
        directory += 46 + sum(struct.unpack_from("<3H", archive, directory + 28))
    for start in starts:
        damaged[start + _FLAGS_IN_HEADER[archive[start : start + 4]]] |= 1
    return bytes(damaged)


def lying_about_size(archive: bytes, member: str, size: int) -> bytes:
    """Claim in the directory that a member unpacks to another size than it does."""
    damaged = bytearray(archive)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        directory = opened.start_dir
        for info in opened.infolist():
            if info.filename == member:
                struct.pack_into("<I", damaged, directory + 24, size)
            directory += 46 + sum(struct.unpack_from("<3H", archive, directory + 28))
    return bytes(damaged)


def broken_sqlite(archive: bytes) -> bytes:
    """Spoil a page of the gravity database, in a zip that is sound."""
    # The first page holds the schema; the second is the first one with rows.
    return _changed(archive, GRAVITY, lambda data: data[:4096] + b"\xff" * 4096 + data[8192:])


def without_table(archive: bytes, table: str) -> bytes:
    """Drop a table of the gravity database."""
    return with_sql(archive, f'DROP TABLE "{table}"')


def with_sql(
    archive: bytes, script: str, statements: Iterable[tuple[str, tuple[object, ...]]] = ()
) -> bytes:
    """Do anything to the gravity database: a script, then statements with their values."""

    def done(data: bytes) -> bytes:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            database.executescript(script)
            for statement, values in statements:
                database.execute(statement, values)
            database.commit()
            return database.serialize()

    return _changed(archive, GRAVITY, done)


def broken_toml(archive: bytes) -> bytes:
    """Spoil the configuration file, in a zip that is sound."""
    return _changed(archive, TOML, lambda data: data + b"\n[unclosed = \n")


def _changed(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    return pack(
        replace(entry, data=change(entry.data)) if entry.name == name else entry
        for entry in unpack(archive)
    )
