"""Opening a zip that may be hostile.

All that a zip says about itself is checked before Python's `zipfile` acts on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import errno
import hashlib
from pathlib import Path, PureWindowsPath
import stat
import struct
from typing import BinaryIO, Final, Protocol
import zipfile
import zlib

from ..errors import ArchiveDamaged, ArchiveEncrypted, ArchiveMemberMissing, ArchiveUnsafe
from ..pihole.errors import ArchiveTooLarge
from .limits import Limits

_CHUNK: Final = 256 * 1024
_LOCAL_HEADER: Final = b"PK\x03\x04"
_END: Final = struct.Struct("<4s4H2LH")
"""The end of the central directory, as the zip format defines it."""
_END_SIGNATURE: Final = b"PK\x05\x06"
_ZIP64_LOCATOR_SIZE: Final = 20
_ZIP64_LOCATOR_SIGNATURE: Final = b"PK\x06\x07"
_ENCRYPTED: Final = 0x1


class _Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


@contextmanager
def open_zip(path: Path, limits: Limits) -> Iterator[ZipReader]:
    """Open a zip, and check its frame and the names and sizes of its members.

    Raises `InvalidArchive`, also for damage that is found inside the context, or `OSError`.
    """
    with path.open("rb") as file, _translate_errors():
        _check_frame(file, limits)
        with zipfile.ZipFile(file) as opened:
            yield ZipReader(opened, limits)


class ZipReader:
    """The members of an open zip."""

    def __init__(self, opened: zipfile.ZipFile, limits: Limits) -> None:
        self._zip = opened
        self._members = _check_members(opened, limits)

    @property
    def names(self) -> list[str]:
        """Return the names of all members."""
        return [*self._members]

    def size(self, name: str) -> int:
        """Return the unpacked size of a member, in bytes."""
        return self._members[name].file_size

    def read(self, name: str, limit: int) -> bytes | None:
        """Return a member, or `None` if it is larger than `limit` bytes.

        Raises `ArchiveMemberMissing`.
        """
        if (member := self._members.get(name)) is None:
            raise ArchiveMemberMissing(member=name)
        return None if member.file_size > limit else self._zip.read(member)

    def unpack(self, name: str, target: _Writable) -> None:
        """Write a member to a file. At its end zipfile compares the checksum."""
        with self._zip.open(self._members[name]) as source:
            while chunk := source.read(_CHUNK):
                target.write(chunk)

    def sha256(self, name: str) -> str:
        """Return the SHA-256 of a member, in hexadecimal."""
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


def _check_frame(file: BinaryIO, limits: Limits) -> None:
    """Check both ends of the file, before zipfile reads a directory of any claimed size."""
    size = file.seek(0, 2)
    if size > limits.archive:
        raise ArchiveTooLarge(limits.archive)
    if size < _END.size:
        raise ArchiveDamaged
    directory_end = size - _END.size
    file.seek(directory_end)
    signature, _, _, _, _, directory_size, offset, comment_size = _END.unpack(file.read(_END.size))
    # Pi-hole writes no comment, so bytes that are missing or added at the end show here.
    if (signature, comment_size) != (_END_SIGNATURE, 0) or offset + directory_size != directory_end:
        raise ArchiveDamaged
    if _has_zip64(file, directory_end):
        raise ArchiveDamaged  # zipfile would read that directory, and not the one checked here
    if directory_size > limits.directory:
        raise ArchiveUnsafe
    file.seek(0)
    if file.read(len(_LOCAL_HEADER)) != _LOCAL_HEADER:
        raise ArchiveDamaged


def _has_zip64(file: BinaryIO, directory_end: int) -> bool:
    file.seek(max(directory_end - _ZIP64_LOCATOR_SIZE, 0))
    return file.read(len(_ZIP64_LOCATOR_SIGNATURE)) == _ZIP64_LOCATOR_SIGNATURE


def _check_members(opened: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
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
    # zipfile never unpacks more of a member than its size says here.
    if sum(member.file_size for member in members.values()) > limits.unpacked:
        raise ArchiveTooLarge(limits.unpacked)
    return members


def _is_safe(member: zipfile.ZipInfo) -> bool:
    name = member.orig_filename
    path = PureWindowsPath(name)  # knows both kinds of slash, and drives
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return name.isprintable() and not path.anchor and ".." not in path.parts and not is_link
