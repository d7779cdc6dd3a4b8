"""All backups of a repository at one moment, and what is often asked about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Self

from ..errors import BackupNotFound
from ..models import BackupRecord, BackupStatus, LastChange

_AGE: Final = attrgetter("created_at", "id", "filename")  # no two backups have the same


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Index:
    """All backups, counted once: entities ask again and again."""

    records: tuple[BackupRecord, ...] = ()
    """All backups, the newest first, also those that are damaged."""
    good: tuple[BackupRecord, ...] = ()
    """Those that could be restored, the newest first."""
    bad: tuple[BackupRecord, ...] = ()
    """The others."""
    size: int = 0
    """The size of all archives in the folder, in bytes."""

    @classmethod
    def of(cls, records: Iterable[BackupRecord]) -> Self:
        """Sort and count."""
        newest_first = tuple(sorted(records, key=_AGE, reverse=True))
        return cls(
            records=newest_first,
            good=tuple(record for record in newest_first if record.status is BackupStatus.GOOD),
            bad=tuple(record for record in newest_first if record.status is not BackupStatus.GOOD),
            size=sum(
                record.file_size
                for record in newest_first
                if record.status is not BackupStatus.MISSING
            ),
        )

    @property
    def newest(self) -> BackupRecord | None:
        """The newest good backup."""
        return self.good[0] if self.good else None

    @property
    def last_change(self) -> LastChange | None:
        """When the Pi-hole's configuration was last found to be another one, and how."""
        return next((record.last_change for record in self.good if record.last_change), None)

    def find(self, backup_id: str) -> BackupRecord:
        """Return the backup with this ID. Raises `BackupNotFound`."""
        for record in self.records:
            if record.id == backup_id:
                return record
        raise BackupNotFound(id=backup_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexChange:
    """What one operation changed: the index before it, and after."""

    before: Index
    after: Index

    @property
    def removed(self) -> Sequence[BackupRecord]:
        """Backups that are no longer there."""
        there = {record.id for record in self.after.records}
        return [record for record in self.before.records if record.id not in there]

    @property
    def damaged(self) -> Sequence[BackupRecord]:
        """Backups that were good and are not any more."""
        bad = {record.id: record for record in self.after.bad}
        return [bad[record.id] for record in self.before.good if record.id in bad]
