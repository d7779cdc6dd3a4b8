"""What a restore is asked for, and what it has done."""

from dataclasses import dataclass

from ..models import BackupRecord, Remark, RestorePart
from ..teleporter.diff import Change


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreRequest:
    """What is to be restored."""

    backup_id: str
    parts: frozenset[RestorePart]
    update_gravity: bool | None = None
    """`None`: when lists are restored."""
    dry_run: bool = False
    """Whether only to find out what would change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreResult:
    """What a restore has done or, as a dry run, would do."""

    backup: BackupRecord
    changes: tuple[Change, ...]
    """On the Pi-hole, by the restore."""
    safety: BackupRecord | None
    """The backup from just before; `None` when nothing was changed."""
    proven: bool
    """Whether the Pi-hole was read again, and now matches the backup."""
    gravity_updated: bool = False
    remarks: tuple[Remark, ...] = ()
