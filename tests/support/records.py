"""Records of backups that have no archive."""

from datetime import datetime

from custom_components.pihole_checkpoint.engine.models import BackupRecord, BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.naming import BackupName


def make_record(
    created_at: datetime, trigger: BackupTrigger = BackupTrigger.SCHEDULE
) -> BackupRecord:
    name = BackupName.new(created_at, trigger)
    return BackupRecord(
        id=name.id,
        filename=name.filename,
        file_size=1000,
        sha256="0" * 64,
        created_at=name.created_at,
        trigger=trigger,
        duration=1.5,
        versions=Versions(),
    )
