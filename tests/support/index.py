"""Records of backups that exist only in an index."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from custom_components.pihole_checkpoint.engine.models import BackupRecord
from custom_components.pihole_checkpoint.engine.repository.index import Index
from tests.support.home import Home
from tests.support.records import make_record


def numbered_record(number: int) -> BackupRecord:
    return make_record(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number))


def show_records(home: Home, records: list[BackupRecord]) -> None:
    """Have the repository know other backups, and show them."""
    coordinator = home.entry.runtime_data
    index = coordinator.manager.repository.index = Index.of(records)
    current = index.current(datetime.now(UTC))
    coordinator.async_set_updated_data(
        replace(
            coordinator.data,
            index=index,
            current=current,
            last_backup=current and current.created_at,
        )
    )
