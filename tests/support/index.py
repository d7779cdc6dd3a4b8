"""Records of backups that exist only in an index."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from custom_components.pihole_checkpoint.engine.models import BackupRecord, BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.index import Index
from custom_components.pihole_checkpoint.engine.repository.naming import BackupName
from tests.support.home import Home


def fake(number: int) -> BackupRecord:
    created_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    name = BackupName.new(created_at, BackupTrigger.SCHEDULE)
    return BackupRecord(
        id=name.id,
        filename=name.filename,
        file_size=1000,
        sha256="0" * 64,
        created_at=created_at,
        trigger=BackupTrigger.SCHEDULE,
        duration=1.5,
        versions=Versions(),
    )


def pretend(home: Home, records: list[BackupRecord]) -> None:
    """Have the repository know other backups, and show them."""
    coordinator = home.entry.runtime_data
    index = coordinator.manager.repository.index = Index.of(records)
    coordinator.async_set_updated_data(replace(coordinator.data, index=index))
