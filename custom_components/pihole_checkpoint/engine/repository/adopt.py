"""Making a record for an archive that has none."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path
import re
import zipfile

from ..models import BackupRecord, BackupTrigger
from ..pihole.models import Versions
from ..teleporter import archive
from ..teleporter.contents import Counts, fingerprint
from .naming import YEARS, BackupName
from .staging import hash_of

_TELEPORTER_NAME = re.compile(
    r"_teleporter_(\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})(?:_([A-Za-z0-9+-]+))?", re.ASCII
)


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
        file_size=path.stat().st_size,
        sha256=hash_of(path),
        created_at=name.created_at,
        trigger=name.trigger,
        duration=None,
        versions=contents.versions if contents else Versions(),
        counts=Counts.of(contents) if contents else None,
        fingerprint=fingerprint(contents) if contents else None,
    )


def made_at(path: Path, zone: tzinfo) -> datetime:
    """Return when an archive was made, from its name or from its members.

    Both are in the Pi-hole's own time zone; unless they say UTC, `zone` is assumed.
    """
    if match := _TELEPORTER_NAME.search(path.name):
        own_zone = UTC if match[2] in ("UTC", "GMT") else zone
        try:
            named = datetime.strptime(match[1], "%Y-%m-%d_%H-%M-%S").replace(tzinfo=own_zone)
        except ValueError:
            pass  # a similar name without a valid time
        else:
            if named.year in YEARS:
                return named
    with zipfile.ZipFile(path) as opened:
        newest = max(member.date_time for member in opened.infolist())
    try:
        return datetime(*newest, tzinfo=zone)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
