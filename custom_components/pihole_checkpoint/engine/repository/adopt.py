"""Making a record for an archive that has none."""

from datetime import tzinfo
from pathlib import Path
from typing import Final

from .. import files
from ..models import BackupRecord, BackupTrigger
from ..pihole.models import Versions
from ..teleporter import archive
from ..teleporter.contents import Counts, fingerprint
from .dating import made_at
from .naming import BackupName
from .staging import hash_of

_GZIP: Final = b"\x1f\x8b"


def is_of_v5(path: Path) -> bool:
    """Check whether a file is a `.tar.gz`, as Pi-holes before version 6 export it."""
    with files.storage_errors(path.parent), path.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


def make_record(path: Path, scratch: Path, zone: tzinfo) -> BackupRecord:
    """Verify an archive and make its record.

    The name of an archive of ours says when and why it was made. An archive of another name was put
    there by the user, and is adopted. Raises `InvalidArchive` or `OSError`.
    """
    contents = archive.read(path, scratch)
    name = BackupName.parse(path.name) or BackupName.new(made_at(path, zone), BackupTrigger.ADOPTED)
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
