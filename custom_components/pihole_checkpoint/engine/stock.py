"""The backups of one Pi-hole at one moment, and what is often asked about all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Self

from .models import BackupRecord, BackupStatus, LastChange

_AGE: Final = attrgetter("created_at", "id")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stock:
    """Counted once, in a thread: there may be thousands, and entities ask again and again."""

    records: tuple[BackupRecord, ...]
    """All of them, the newest first, also those that are damaged."""
    good: tuple[BackupRecord, ...]
    """Those that could be restored, the newest first."""
    bad: tuple[BackupRecord, ...]
    """The others."""
    size: int
    """Of all archives, in bytes."""
    last_change: LastChange | None
    """When the Pi-hole's configuration was last found to be another one, and how."""

    @classmethod
    def of(cls, records: Iterable[BackupRecord]) -> Self:
        """Count."""
        newest_first = tuple(sorted(records, key=_AGE, reverse=True))
        bad = tuple(it for it in newest_first if it.status is not BackupStatus.GOOD)
        good = (
            tuple(it for it in newest_first if it.status is BackupStatus.GOOD)
            if bad
            else newest_first
        )
        return cls(
            records=newest_first,
            good=good,
            bad=bad,
            size=sum(it.file_size for it in newest_first),
            last_change=next((it.last_change for it in good if it.last_change), None),
        )

    @property
    def newest(self) -> BackupRecord | None:
        """The newest good backup."""
        return self.good[0] if self.good else None
