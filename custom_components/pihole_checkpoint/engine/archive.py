"""Could this archive be restored? Answered in bounded time and memory, whatever the bytes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PureWindowsPath
import sqlite3
import stat
import struct
import time
import tomllib
from typing import BinaryIO, Final
import zipfile
import zlib

from . import files
from .errors import (
    ArchiveConfigBroken,
    ArchiveDamaged,
    ArchiveDatabaseBroken,
    ArchiveEncrypted,
    ArchiveMemberMissing,
    ArchiveTooLarge,
    ArchiveUnsafe,
)

_MIB: Final = 1024 * 1024
MAX_ARCHIVE_SIZE: Final = 256 * _MIB
"""In bytes. Archives have 20 to 500 KB, and a Pi-hole takes back at most 50 MB."""
MAX_UNPACKED_SIZE: Final = 512 * _MIB
"""In bytes, of all members together. A Pi-hole packs in memory, so it cannot have more."""

_MAX_DIRECTORY_SIZE = _MIB  # ten thousand members; a real archive has about six
_MAX_CONFIG_SIZE = 2 * _MIB  # a real one has 70 KB, and parsing takes a hundred times its size
_MAX_DATABASE_SECONDS = 60
_CHUNK = 256 * 1024

_CONFIG = "etc/pihole/pihole.toml"
_GRAVITY = "etc/pihole/gravity.db"
_GRAVITY_TABLES = frozenset(
    {
        "group",
        "adlist",
        "adlist_by_group",
        "domainlist",
        "domainlist_by_group",
        "client",
        "client_by_group",
    }
)
_LOCAL_HEADER = b"PK\x03\x04"
_END = struct.Struct("<4s4H2LH")  # the end of the central directory, as the zip format lays it out
_ENCRYPTED = 0x1


def too_large(limit: int) -> ArchiveTooLarge:
    """Make the error for more than `limit` bytes."""
    return ArchiveTooLarge(limit=f"{limit // _MIB} MB")


def verify(archive: Path, scratch: Path) -> None:
    """Read every byte of the archive and be sure that a Pi-hole could take it back.

    `scratch` is a path for the unpacked gravity database; nothing is left there. Raises
    `InvalidArchive` for whatever is wrong with the archive, `OSError` for the disk.
    """
    with archive.open("rb") as file, _damage_is_told():
        _check_frame(file)
        with zipfile.ZipFile(file) as opened:
            members = _checked_members(opened)
            gravity = _gravity_member(_read_config(opened, members), members)
            try:
                with files.create(scratch) as unpacked:
                    _unpack(opened, members[gravity], unpacked)
                _check_gravity(scratch)
            finally:
                scratch.unlink(missing_ok=True)
            for name, member in members.items():
                if name not in (_CONFIG, gravity):
                    _unpack(opened, member)


@contextmanager
def _damage_is_told() -> Iterator[None]:
    """Turn what zipfile raises on bytes that are no zip into one error."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        RuntimeError,  # kinds of packing that zipfile does not know
        OverflowError,
        ValueError,  # names that do not decode, offsets before the start
    ) as error:
        raise ArchiveDamaged from error


def _check_frame(file: BinaryIO) -> None:
    """Look at both ends, before zipfile reads as much of a directory as a stranger claims."""
    size = file.seek(0, 2)
    if size > MAX_ARCHIVE_SIZE:
        raise too_large(MAX_ARCHIVE_SIZE)
    if size < _END.size:
        raise ArchiveDamaged
    file.seek(size - _END.size)
    signature, _, _, _, _, directory_size, offset, comment_size = _END.unpack(file.read(_END.size))
    # Pi-hole writes no comment, so the directory's end is the file's: cut short or overlong shows.
    if (signature, comment_size) != (
        b"PK\x05\x06",
        0,
    ) or offset + directory_size != file.tell() - _END.size:
        raise ArchiveDamaged
    if directory_size > _MAX_DIRECTORY_SIZE:
        raise ArchiveUnsafe
    file.seek(0)
    if file.read(len(_LOCAL_HEADER)) != _LOCAL_HEADER:
        raise ArchiveDamaged


def _checked_members(opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    for member in opened.infolist():
        name = member.orig_filename
        if member.flag_bits & _ENCRYPTED:
            raise ArchiveEncrypted
        if name in members or not _is_safe(member):
            raise ArchiveUnsafe
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveDamaged
        members[name] = member
    # Never more is read of a member than it claims here, so this holds for what is unpacked, too.
    if sum(member.file_size for member in members.values()) > MAX_UNPACKED_SIZE:
        raise too_large(MAX_UNPACKED_SIZE)
    return members


def _is_safe(member: zipfile.ZipInfo) -> bool:
    name = member.orig_filename
    path = PureWindowsPath(name)  # knows both kinds of slash, and drives
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return name.isprintable() and not path.anchor and ".." not in path.parts and not is_link


def _read_config(opened: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, object]:
    if (member := members.get(_CONFIG)) is None:
        raise ArchiveMemberMissing(member=_CONFIG)
    if member.file_size > _MAX_CONFIG_SIZE:
        raise ArchiveConfigBroken
    content = opened.read(member)
    try:
        return tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise ArchiveConfigBroken from error


def _gravity_member(config: dict[str, object], members: dict[str, zipfile.ZipInfo]) -> str:
    """Find the gravity database, whose name in the archive follows the Pi-hole's configuration."""
    files = config.get("files")
    configured = files.get("gravity") if isinstance(files, dict) else None
    for name in (configured, _GRAVITY):
        if isinstance(name, str) and name.lstrip("/") in members:
            return name.lstrip("/")
    raise ArchiveMemberMissing(member=_GRAVITY)


def _unpack(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: BinaryIO | None = None
) -> None:
    """Read a member to its end, where zipfile compares the checksum."""
    with opened.open(member) as source:
        while chunk := source.read(_CHUNK):
            if target is not None:
                target.write(chunk)


def _check_gravity(database: Path) -> None:
    give_up_at = time.monotonic() + _MAX_DATABASE_SECONDS
    try:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            # The schema may compute things: neither large ones, nor for long.
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MIB)
            connection.set_progress_handler(lambda: time.monotonic() > give_up_at, 10_000)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            findings = connection.execute("PRAGMA integrity_check(1)").fetchall()
            tables = {
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            }
    except sqlite3.Error as error:
        raise ArchiveDatabaseBroken from error
    if findings != [("ok",)] or not tables >= _GRAVITY_TABLES:
        raise ArchiveDatabaseBroken
