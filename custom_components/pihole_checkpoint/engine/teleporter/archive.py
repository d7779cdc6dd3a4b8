"""Whether an archive could be restored, and what is in it.

This is told in bounded time and memory, whatever the bytes.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
import errno
import hashlib
from pathlib import Path, PureWindowsPath
import re
import stat
import struct
import threading
from typing import BinaryIO, Final, Protocol
import zipfile
import zlib

from .. import files
from ..errors import (
    ArchiveConfigBroken,
    ArchiveDamaged,
    ArchiveEncrypted,
    ArchiveMemberMissing,
    ArchiveUnsafe,
)
from ..pihole.errors import ArchiveTooLarge
from . import config, gravity, sqlite
from .contents import Contents, Lease, Secret, Setting
from .limits import BudgetExceeded, MemoryBudget

_MIB: Final = 1024 * 1024
MAX_ARCHIVE_SIZE: Final = 256 * _MIB
"""In bytes. Archives have 20 to 500 KB, and a Pi-hole takes back at most 50 MB."""
MAX_UNPACKED_SIZE: Final = 512 * _MIB
"""In bytes, of all members together. A Pi-hole packs in memory, so it cannot have more."""

_MAX_DIRECTORY_SIZE = _MIB  # ten thousand members; a real archive has about six
_MAX_CONFIG_SIZE = 2 * _MIB  # a real one has 70 KB, and parsing takes a hundred times its size
_MAX_DATABASE_SIZE = 256 * _MIB  # what a Pi-hole takes back, at most
_MAX_LEASES_SIZE = 4 * _MIB  # thirty thousand leases
_MAX_CONTENTS = 64 * _MIB
"""In bytes. A hundred thousand domains take half of it."""
_CHUNK = 256 * 1024
_AT_ONCE: Final = threading.Semaphore(2)
"""So many are read side by side: it is work that needs the interpreter, and while each of fifty
threads takes its turn with that, an event loop would wait for its own."""

CONFIG: Final = "etc/pihole/pihole.toml"
GRAVITY: Final = "etc/pihole/gravity.db"
"""Its name for an import. In an export it follows the configuration."""
_DATABASE = "etc/pihole/pihole-FTL.db"
LEASES: Final = "etc/pihole/dhcp.leases"
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_LOCAL_HEADER = b"PK\x03\x04"
_END = struct.Struct("<4s4H2LH")  # the end of the central directory, as the zip format lays it out
_ZIP64_LOCATOR_SIZE = 20
_ENCRYPTED = 0x1


def memory_budget() -> MemoryBudget:
    """Say how much is ever read out of one archive."""
    return MemoryBudget(_MAX_CONTENTS)


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


def read(archive: Path, scratch: Path) -> Contents | None:
    """Read every byte of the archive, be sure that a Pi-hole could take it back, and what it holds.

    `None` when it is sound, but more is in it than is ever held in memory, or it is of a kind that
    is not known. `scratch` is a path for the unpacked gravity database; nothing is left there.
    Raises `InvalidArchive` for whatever is wrong with the archive, `OSError` for the disk.
    """
    with _AT_ONCE, archive.open("rb") as file, _damage_is_told():
        _check_frame(file)
        with zipfile.ZipFile(file) as opened:
            return _Reader(opened, scratch).read()


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """What of an archive a Pi-hole takes back, as it is there."""

    config: bytes
    leases: bytes | None


def take_apart(archive: Path, gravity: Path) -> Pieces:
    """Take out what a Pi-hole takes back, and unpack the gravity database into a new file.

    It is for archives that were read before. Raises `InvalidArchive` all the same, and `OSError`.
    """
    with archive.open("rb") as file, _damage_is_told():
        _check_frame(file)
        with zipfile.ZipFile(file) as opened:
            return _Reader(opened, gravity).take_apart()


class _Reader:
    """Reads one archive."""

    def __init__(self, opened: zipfile.ZipFile, scratch: Path) -> None:
        self._opened = opened
        self._scratch = scratch
        self._members = _checked_members(opened)
        self._allowance = memory_budget()

    def take_apart(self) -> Pieces:
        text, _, gravity_name = self._read_config()
        with files.create(self._scratch) as unpacked:
            self._unpack(self._members[gravity_name], unpacked)
        leases = self._whole(LEASES, _MAX_LEASES_SIZE) if LEASES in self._members else None
        return Pieces(config=text, leases=leases)

    def _read_config(self) -> tuple[bytes, dict[str, object], str]:
        """Give the configuration as text and as values, and the gravity database's name."""
        text = self._whole(CONFIG, _MAX_CONFIG_SIZE)
        if text is None:
            raise ArchiveConfigBroken
        values = config.parse(text)
        gravity_name = _find(self._members, values, "gravity", GRAVITY)
        if gravity_name is None:
            raise ArchiveMemberMissing(member=GRAVITY)
        return text, values, gravity_name

    def read(self) -> Contents | None:
        text, values, gravity_name = self._read_config()
        database_name = _find(self._members, values, "database", _DATABASE)
        rows = self._read_gravity(gravity_name)
        hashes = {
            name: self._hash(member)
            for name, member in self._members.items()
            if name not in (CONFIG, gravity_name)
        }
        if rows is None:
            return None
        return self._contents(text, values, rows, hashes, leave_out=database_name)

    def _contents(
        self,
        text: bytes,
        values: dict[str, object],
        rows: gravity.Gravity,
        hashes: dict[str, str],
        *,
        leave_out: str | None,
    ) -> Contents | None:
        leases = self._whole(LEASES, _MAX_LEASES_SIZE) if LEASES in hashes else b""
        if leases is None:
            return None
        with suppress(BudgetExceeded):
            told = config.flatten(values, self._allowance)
            return Contents(
                versions=config.read_versions(text),
                groups=rows.groups,
                lists=rows.lists,
                domains=rows.domains,
                clients=rows.clients,
                dns_hosts=_taken_out(told, "dns.hosts"),
                cnames=_taken_out(told, "dns.cnameRecords"),
                static_leases=_taken_out(told, "dhcp.hosts"),
                settings=told,
                leases=tuple(sorted(set(self._leases(leases)))),
                files={
                    name: hashes[name]
                    for name in sorted(hashes)
                    # The one has been read, the other is never the same twice.
                    if name not in (LEASES, leave_out)
                },
            )
        return None

    def _read_gravity(self, name: str) -> gravity.Gravity | None:
        if self._members[name].file_size > _MAX_DATABASE_SIZE:
            raise ArchiveTooLarge(_MAX_DATABASE_SIZE)
        try:
            # One may be left from a time when it could not be deleted.
            self._scratch.unlink(missing_ok=True)
            with files.create(self._scratch) as unpacked:
                self._unpack(self._members[name], unpacked)
            with sqlite.opened(self._scratch) as connection:
                sqlite.check(connection, gravity.TABLES)
                with suppress(BudgetExceeded, gravity.UnknownSchemaError):
                    return gravity.read(connection, self._allowance)
        finally:
            self._scratch.unlink(missing_ok=True)
        return None

    def _leases(self, content: bytes) -> Iterator[Lease]:
        """Read the lines: until when, MAC, IP, name, client id."""
        for line in sqlite.decoded(content).splitlines():
            match line.split():
                case [expires, mac, ip, name, *rest]:
                    self._allowance.take(len(line) * 4)
                    yield Lease(
                        ip=ip,
                        mac=mac,
                        name=name,
                        client_id=" ".join(rest),
                        expires=int(expires) if _NUMBER.fullmatch(expires) else 0,
                    )

    def _whole(self, name: str, limit: int) -> bytes | None:
        """Give a member, if it is not larger than that."""
        if (member := self._members.get(name)) is None:
            raise ArchiveMemberMissing(member=name)
        return None if member.file_size > limit else self._opened.read(member)

    def _hash(self, member: zipfile.ZipInfo) -> str:
        digest = _Digest()
        self._unpack(member, digest)
        return digest.hash.hexdigest()

    def _unpack(self, member: zipfile.ZipInfo, target: _Sink) -> None:
        """Read a member to its end, where zipfile compares the checksum."""
        with self._opened.open(member) as source:
            while chunk := source.read(_CHUNK):
                target.write(chunk)


class _Digest:
    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        self.hash.update(data)


@contextmanager
def _damage_is_told() -> Iterator[None]:
    """Turn what zipfile raises on bytes that are no zip into one error.

    It also says so when they cannot be read at all, which tells nothing about them.
    """
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
        cause = error.__context__
        # An offset that no file has is the archive's fault, not the disk's.
        if isinstance(cause, OSError) and cause.errno != errno.EINVAL:
            raise cause from None
        raise ArchiveDamaged from error


def _check_frame(file: BinaryIO) -> None:
    """Look at both ends, before zipfile reads as much of a directory as a stranger claims."""
    size = file.seek(0, 2)
    if size > MAX_ARCHIVE_SIZE:
        raise ArchiveTooLarge(MAX_ARCHIVE_SIZE)
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
    if _has_zip64(file, size):
        raise ArchiveDamaged  # another directory, which nothing has been said about
    if directory_size > _MAX_DIRECTORY_SIZE:
        raise ArchiveUnsafe
    file.seek(0)
    if file.read(len(_LOCAL_HEADER)) != _LOCAL_HEADER:
        raise ArchiveDamaged


def _has_zip64(file: BinaryIO, size: int) -> bool:
    file.seek(max(size - _END.size - _ZIP64_LOCATOR_SIZE, 0))
    return file.read(4) == b"PK\x06\x07"


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
        raise ArchiveTooLarge(MAX_UNPACKED_SIZE)
    return members


def _is_safe(member: zipfile.ZipInfo) -> bool:
    name = member.orig_filename
    path = PureWindowsPath(name)  # knows both kinds of slash, and drives
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return name.isprintable() and not path.anchor and ".." not in path.parts and not is_link


def _find(members: Iterable[str], values: dict[str, object], key: str, usual: str) -> str | None:
    """Find a database, whose name in the archive follows the Pi-hole's configuration."""
    section = values.get("files")
    configured = section.get(key) if isinstance(section, dict) else None
    names = [it.lstrip("/") for it in (configured, usual) if isinstance(it, str)]
    return next((name for name in names if name in members), None)


def _taken_out(told: dict[str, Setting | Secret], name: str) -> tuple[str, ...]:
    """Take a list of things out of the settings, if it is one."""
    match told.get(name):
        case tuple(items) if all(isinstance(item, str) for item in items):
            del told[name]
            return tuple(str(item) for item in items)
        case _:
            return ()
