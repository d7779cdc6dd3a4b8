"""A repository with an archive in it."""

from datetime import UTC, datetime
import os
from pathlib import Path

from custom_components.pihole_checkpoint.engine.models import BackupRecord, BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.folder import Folder
from custom_components.pihole_checkpoint.engine.repository.naming import BackupName
from pihole_simulator import Pihole, build_archive

NOW = datetime(2026, 1, 20, 3, 24, 15, 123000, tzinfo=UTC)
ARCHIVE = build_archive(Pihole.example(), NOW)
VERSIONS = Versions(core="v6.1", web=None, ftl="v6.3")
OTHER_ARCHIVE = build_archive(Pihole(hostname="attic"), NOW)


def opened_again(folder: Folder) -> Folder:
    """Be the next start of Home Assistant."""
    fresh = Folder(folder.path, lambda: UTC)
    fresh.prepare((folder.path / ".store").read_text())
    return fresh


def put(folder: Folder, created_at: datetime = NOW) -> BackupRecord:
    """Store an archive, as the engine does."""
    staged = folder.stage(BackupName.new(created_at, BackupTrigger.BUTTON))
    staged.open()
    staged.write(ARCHIVE)
    staged.read()
    record = staged.record(VERSIONS, duration=0.25)
    folder.commit(staged, record)
    staged.discard()
    return record


def lie_since_long(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
