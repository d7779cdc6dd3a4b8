"""The backups of one Pi-hole at one moment, and what is often asked about all of them."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Self

from ..models import BackupRecord, BackupStatus, LastChange

_AGE: Final = attrgetter("created_at", "id", "filename")  # no two have the same


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Index:
    """Counted once, in a thread: there may be thousands, and entities ask again and again."""

    records: tuple[BackupRecord, ...]
    """All of them, the newest first, also those that are damaged."""
    good: tuple[BackupRecord, ...]
    """Those that could be restored, the newest first."""
    bad: tuple[BackupRecord, ...]
    """The others."""
    size: int
    """Of all archives that are there, in bytes."""
    last_change: LastChange | None
    """When the Pi-hole's configuration was last found to be another one, and how."""

    @classmethod
    def of(cls, records: Iterable[BackupRecord]) -> Self:
        """Count."""
        newest_first = tuple(sorted(records, key=_AGE, reverse=True))
        bad = _not_good(newest_first)
        return cls._counted(newest_first, bad, _size(newest_first))

    def replacing(self, gone: Iterable[BackupRecord], come: Iterable[BackupRecord]) -> Self:
        """Count anew after some have gone and come; the others are neither sorted nor added up."""
        gone, come = tuple(gone), tuple(come)
        return self._counted(
            _replaced(self.records, gone, come),
            _replaced(self.bad, _not_good(gone), _not_good(come)),
            self.size - _size(gone) + _size(come),
        )

    @classmethod
    def _counted(
        cls, records: tuple[BackupRecord, ...], bad: tuple[BackupRecord, ...], size: int
    ) -> Self:
        good = tuple(filter(_is_good, records)) if bad else records
        return cls(
            records=records,
            good=good,
            bad=bad,
            size=size,
            last_change=next((it.last_change for it in good if it.last_change), None),
        )

    @property
    def newest(self) -> BackupRecord | None:
        """The newest good backup."""
        return self.good[0] if self.good else None


def _is_good(record: BackupRecord) -> bool:
    return record.status is BackupStatus.GOOD


def _size(records: Iterable[BackupRecord]) -> int:
    return sum(it.file_size for it in records if it.status is not BackupStatus.MISSING)


def _not_good(records: Iterable[BackupRecord]) -> tuple[BackupRecord, ...]:
    return tuple(it for it in records if not _is_good(it))


def _replaced(
    newest_first: tuple[BackupRecord, ...],
    gone: Iterable[BackupRecord],
    come: Iterable[BackupRecord],
) -> tuple[BackupRecord, ...]:
    records = list(newest_first)
    for record in gone:
        del records[_place(records, record)]
    for record in come:
        records.insert(_place(records, record), record)
    return tuple(records)


def _place(newest_first: Sequence[BackupRecord], record: BackupRecord) -> int:
    """Find where it is, or where it belongs."""
    age = _AGE(record)
    return bisect_left(newest_first, True, key=lambda it: _AGE(it) <= age)  # noqa: FBT003
