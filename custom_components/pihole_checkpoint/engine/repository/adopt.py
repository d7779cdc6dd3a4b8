"""Taking in an archive that came from outside. Everything here blocks.

Only a record says that an archive is an export of this Pi-hole: a name of ours may also be that of
a download that came back. So an archive without a record is adopted, under the time and the ID in
its name. A record that a kill kept from its place is put there first: see `leftovers`. One that
cannot be read, but names the archive's hash, still says that the archive is ours.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Final

from .. import files
from ..models import BackupRecord, BackupStatus, BackupTrigger
from ..pihole.models import Versions
from ..teleporter import archive
from ..teleporter.contents import Counts, fingerprint
from .dating import made_at
from .naming import BackupName
from .staging import hash_of

_GZIP: Final = b"\x1f\x8b"


def is_of_v5(path: Path) -> bool:
    """Check whether a file is a `.tar.gz`, as Pi-holes before version 6 export it."""
    with files.storage_errors(path.parent), files.open_regular(path) as file:
        return file.read(len(_GZIP)) == _GZIP


@dataclass(frozen=True, kw_only=True, slots=True)
class Adopted:
    """What became of an archive that came from outside."""

    record: BackupRecord
    """The backup with this archive."""
    is_new: bool
    """Whether the archive was not stored already."""


def make_record(path: Path, scratch: Path, zone: tzinfo) -> BackupRecord:
    """Verify an archive in the folder and make its record.

    Raises `InvalidArchive` or `OSError`.
    """
    contents = archive.read(path, scratch)
    name = name_for(path, zone)
    return BackupRecord(
        id=name.id,
        filename=path.name,
        file_size=files.size(path),
        sha256=hash_of(path),
        created_at=name.created_at,
        trigger=name.trigger,
        duration=None,
        versions=contents.versions if contents else Versions(),
        counts=Counts.of(contents) if contents else None,
        fingerprint=fingerprint(contents) if contents else None,
    )


def name_for(path: Path, zone: tzinfo, taken: Collection[str] = ()) -> BackupName:
    """Return the name of an archive from outside, with the ID that it had here unless it is taken.

    Raises `InvalidArchive` or `OSError`.
    """
    name = BackupName.new(made_at(path, zone), BackupTrigger.ADOPTED)
    own = BackupName.find(path.name)
    return name if own is None or own.id in taken else replace(name, id=own.id)


def with_own_trigger(made: BackupRecord, broken: bytes) -> BackupRecord:
    """Return a record with the trigger in its archive's name, if the broken one was ours.

    It was, if it names the archive's hash: nothing else beside an archive does.
    """
    named = BackupName.parse(made.filename)
    if named is None or made.sha256.encode() not in broken:
        return made
    return replace(made, trigger=named.trigger)


def find_same(
    records: Iterable[BackupRecord], sha256: str, *statuses: BackupStatus
) -> BackupRecord | None:
    """Return a backup with the same archive, byte for byte, that is in one of these states."""
    return next(
        (record for record in records if record.sha256 == sha256 and record.status in statuses),
        None,
    )
