"""Opening a zip that may be hostile.

What a zip says about itself is checked before Python's `zipfile` acts on it, or bounded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import errno
import hashlib
import io
from pathlib import Path, PureWindowsPath
import stat
import struct
from typing import Final, Protocol, override
import zipfile
import zlib

from .. import files
from ..errors import (
    ArchiveCompression,
    ArchiveDamaged,
    ArchiveEncrypted,
    ArchiveMemberMissing,
    ArchiveUnsafe,
)
from ..pihole.errors import ArchiveTooLarge
from .layout import arrange, is_of_computer, plain_name
from .limits import Limits

_CHUNK: Final = 256 * 1024
_LOCAL_HEADER: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_FOLDER_ATTRIBUTE: Final = 0x10


class _Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


@contextmanager
def open_zip(path: Path, limits: Limits) -> Iterator[ZipReader]:
    """Open a zip, and check the names of its members.

    Raises `InvalidArchive`, also for damage that is found inside the context, or `OSError`.
    """
    with files.open_regular(path) as file, _translate_errors():
        bounded = _Bounded(io.FileIO(file.fileno(), closefd=False), limits)
        bounded.check_start()
        with zipfile.ZipFile(bounded) as opened:
            yield ZipReader(opened, limits)


class _Bounded(io.BufferedReader):
    """A file from which zipfile cannot read more at once than a directory may have.

    zipfile reads its directory at once, and everything else in chunks.
    """

    def __init__(self, raw: io.FileIO, limits: Limits) -> None:
        super().__init__(raw)
        self._limits = limits

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._limits.directory:
            raise ArchiveUnsafe
        return super().read(size)

    def check_start(self) -> None:
        """Check the size, and that a member begins at the start, without which no Pi-hole reads it.

        It does read an archive with a comment or other bytes behind its end.
        """
        if self.seek(0, io.SEEK_END) > self._limits.archive:
            raise ArchiveTooLarge(self._limits.archive)
        self.seek(0)
        if self.read(len(_LOCAL_HEADER)) != _LOCAL_HEADER:
            raise ArchiveDamaged


class ZipReader:
    """The files of Pi-hole's in an open zip, by the names that Pi-hole gives them."""

    def __init__(self, opened: zipfile.ZipFile, limits: Limits) -> None:
        self._zip = opened
        self._limits = limits
        self._left = limits.unpacked
        """Bytes that may still be unpacked."""
        self._members = arrange(_check_members(opened))

    @property
    def names(self) -> list[str]:
        """Return the names of all files."""
        return [*self._members]

    @property
    def dates(self) -> list[tuple[int, ...]]:
        """Return when the files were last changed, as the zip says it: in an unknown time zone."""
        return [member.date_time for member in self._members.values()]

    def size(self, name: str) -> int:
        """Return the unpacked size of a file, in bytes."""
        return self._members[name].file_size

    def read(self, name: str, limit: int) -> bytes | None:
        """Return a file, or `None` if it is larger than `limit` bytes.

        Raises `ArchiveMemberMissing`.
        """
        if (member := self._members.get(name)) is None:
            raise ArchiveMemberMissing(member=name)
        if member.file_size > limit:
            return None
        content = io.BytesIO()
        self.unpack(name, content)
        return content.getvalue()

    def unpack(self, name: str, target: _Writable) -> None:
        """Write a file's content to another one. At its end zipfile compares the checksum."""
        member = self._members[name]
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveCompression
        # zipfile never unpacks more of a member than its size says here.
        self._left -= member.file_size
        if self._left < 0:
            raise ArchiveTooLarge(self._limits.unpacked)
        with self._zip.open(member) as source:
            while chunk := source.read(_CHUNK):
                target.write(chunk)

    def sha256(self, name: str) -> str:
        """Return the SHA-256 of a file, in hexadecimal."""
        digest = _Digest()
        self.unpack(name, digest)
        return digest.hash.hexdigest()


class _Digest:
    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        self.hash.update(data)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise `ArchiveDamaged` instead of what zipfile raises on bytes that are no zip.

    zipfile also turns an error of the disk into one of these; that is raised as it was, because it
    says nothing about the archive.
    """
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        RuntimeError,  # methods of compression that zipfile does not know
        OverflowError,
        ValueError,  # names that do not decode, offsets before the start
    ) as error:
        cause = error.__context__
        # EINVAL is for an offset that no file has: the archive is at fault, not the disk.
        if isinstance(cause, OSError) and cause.errno != errno.EINVAL:
            raise cause from None
        raise ArchiveDamaged from error


def _check_members(opened: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files in a zip by their names, without those that a computer added for itself."""
    members: dict[str, zipfile.ZipInfo] = {}
    infos = opened.infolist()
    starts = {member.header_offset for member in infos}
    if min(starts, default=0) != 0:
        raise ArchiveDamaged  # there is another archive before this one: a Pi-hole reads neither
    if len(starts) != len(infos):
        raise ArchiveDamaged  # zipfile refuses other overlaps itself
    for member in infos:
        name = plain_name(member.orig_filename)
        if is_of_computer(name):
            continue
        if member.flag_bits & _ENCRYPTED:
            raise ArchiveEncrypted
        if name in members or not _is_safe(member):
            raise ArchiveUnsafe
        if not _is_folder(member, name):
            members[name] = member
    return members


def _is_folder(member: zipfile.ZipInfo, name: str) -> bool:
    return name.endswith("/") or (
        bool(member.external_attr & _FOLDER_ATTRIBUTE) and member.file_size == 0
    )


def _is_safe(member: zipfile.ZipInfo) -> bool:
    name = member.orig_filename
    path = PureWindowsPath(name)  # knows both kinds of slash, and drives
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return name.isprintable() and not path.anchor and ".." not in path.parts and not is_link
