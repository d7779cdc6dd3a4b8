"""Repositories with as many backups as wanted, made quickly."""

from datetime import UTC, datetime, timedelta
import hashlib
import os
from pathlib import Path

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupTrigger,
    LastChange,
)
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import (
    BackupName,
    record_filename,
)
from custom_components.pihole_checkpoint.engine.repository.record_writing import to_json
from custom_components.pihole_checkpoint.engine.teleporter import archive
from custom_components.pihole_checkpoint.engine.teleporter.contents import Counts, fingerprint
from custom_components.pihole_checkpoint.engine.teleporter.diff import Change, ChangeKind, Subject
from pihole_simulator import Pihole, build_archive


def fill(folder: Path, number: int, pihole: Pihole) -> None:
    """Put in as many backups of the Pi-hole, an hour apart.

    All are one file with many names, because only what is read of them is measured.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    Folder(folder, lambda: UTC).prepare(None)
    now = datetime.now(UTC)
    first = folder.parent / "archive"
    first.write_bytes(build_archive(pihole, now))
    contents = archive.read(first, folder.parent / "scratch")
    if contents is None:
        raise ValueError("there is too much in the archive")
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    changes = (
        Change(
            subject=Subject.DOMAINS, how=ChangeKind.ADDED, item="x.example.org", kind="deny_exact"
        ),
        Change(subject=Subject.LISTS, how=ChangeKind.DISABLED, item="https://x.example.org/1.txt"),
    )
    for hours in range(1, number + 1):
        name = BackupName.new(now - timedelta(hours=hours), BackupTrigger.SCHEDULE)
        record = BackupRecord(
            id=name.id,
            filename=name.filename,
            file_size=first.stat().st_size,
            sha256=digest,
            created_at=name.created_at,
            trigger=name.trigger,
            duration=0.25,
            versions=Versions(core="v6.3", web="v6.4", ftl="v6.4.1"),
            counts=Counts.of(contents),
            fingerprint=fingerprint(contents),
            changes=changes,
            last_change=LastChange.of(name.created_at, changes),
        )
        os.link(first, folder / name.filename)
        (folder / record_filename(name.filename)).write_bytes(to_json(record))
    first.unlink()
