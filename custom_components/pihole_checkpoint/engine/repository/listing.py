"""The names of the files in a repository's folder. Everything here blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
import os
from pathlib import Path
import re
from typing import Final

from ..teleporter.layout import MAC_PREFIX
from . import record_files
from .identity import ID_FILE
from .naming import RECORD_SUFFIX, is_archive

type Stamp = tuple[int, int, int]
"""A file's size, when it was changed, and its number."""

_V5_NAME: Final = re.compile(r"pi-hole-.*teleporter.*\.tar\.gz", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """The regular files of a repository."""

    archives: dict[str, int]
    """By name, with their sizes."""
    records: dict[str, Stamp]
    is_repository: bool
    """Whether the file with a repository's ID is there."""
    of_v5: frozenset[str] = frozenset()
    """The archives of Pi-holes before version 6, by the names that these give them."""

    def stamps(self, archive: str) -> tuple[Stamp | None, ...]:
        """Return what tells whether the record of an archive is another one now."""
        return tuple(self.records.get(name) for name in record_files.names(archive))

    def without_archive(self) -> Iterator[str]:
        """Return the names of archives that are not there, although there may be their records."""
        there = {name.casefold() for name in self.archives}  # some file systems ignore the case
        for record in self.records:
            for name in record_files.archives_of(record):
                if name.casefold() not in there:
                    yield name


def list_files(path: Path) -> Listing:
    """Return the archives and records in a folder. Only regular files count."""
    archives: dict[str, int] = {}
    records: dict[str, Stamp] = {}
    of_v5: set[str] = set()
    is_repository = False
    with os.scandir(path) as entries:
        for entry in entries:
            name = entry.name
            if not (_is_text(name) and entry.is_file(follow_symlinks=False)):
                continue
            if name.startswith(MAC_PREFIX):
                continue  # what macOS keeps beside a file on a share
            if is_archive(name) or name.endswith(RECORD_SUFFIX):
                try:
                    stat = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # somebody deletes it in this moment
                if is_archive(name):
                    archives[name] = stat.st_size
                else:
                    records[name] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
            elif _V5_NAME.fullmatch(name):
                of_v5.add(name)
            is_repository |= name.casefold() == ID_FILE
    return Listing(
        archives=archives,
        records=records,
        is_repository=is_repository,
        of_v5=frozenset(of_v5),
    )


def _is_text(name: str) -> bool:
    """Check whether a file's name is valid text; that of other programs may not be."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
