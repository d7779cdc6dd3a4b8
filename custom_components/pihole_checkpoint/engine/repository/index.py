"""All backups of a repository at one moment, and what is often asked about them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, Self

from ..errors import BackupNotFound
from ..models import BackupRecord, BackupStatus, BackupTrigger, Compared, LastChange
from ..policy import current

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

    def history(self, now: datetime) -> Iterator[BackupRecord]:
        """Yield the backups that say how the Pi-hole was up to now, the current one first."""
        return current.history(self.good, now)

    def before(self, record: BackupRecord) -> Iterator[BackupRecord]:
        """Yield the good backups that are older than another one, the newest first.

        Before an adopted one, these are all. One of the Pi-hole itself is only compared with others
        of the Pi-hole itself.
        """
        is_comparable = current.is_own if current.is_own(record) else bool
        return (
            earlier
            for earlier in self.good
            if _AGE(earlier) < _AGE(record) and is_comparable(earlier)
        )

    def compared(self, record: BackupRecord) -> Compared:
        """Return what comparing a backup with the one before it showed."""
        if record.changes is not None:
            return Compared.DIFFERENT if record.changes else Compared.SAME
        if record.status is not BackupStatus.GOOD or record.is_of_later_version:
            return Compared.UNKNOWN
        # The Pi-hole's own are only compared with its own. One that is damaged now was there, too.
        is_adopted = record.trigger is BackupTrigger.ADOPTED
        comparable = (
            other
            for other in reversed(self.records)
            if is_adopted or other.trigger is not BackupTrigger.ADOPTED
        )
        oldest = next(comparable, record)
        return Compared.FIRST if _AGE(record) <= _AGE(oldest) else Compared.UNKNOWN

    def current(self, now: datetime) -> BackupRecord | None:
        """Return the current backup."""
        return next(self.history(now), None)

    def last_change(self, now: datetime) -> LastChange | None:
        """Return when the configuration was last found to be another one, and how."""
        changes = (record.last_change for record in self.history(now))
        return self.described(next((change for change in changes if change), None))

    def described(self, change: LastChange | None) -> LastChange | None:
        """Return the last change with what changed, also if an old release noted only sentences."""
        if change is None or change.changes is not None:
            return change
        found = next((record for record in self.good if record.created_at == change.at), None)
        if found is None or found.changes is None:
            return change
        return LastChange.of(change.at, found.changes, found.changes_left_out)

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
