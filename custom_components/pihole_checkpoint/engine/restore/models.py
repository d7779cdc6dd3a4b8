"""What a restore is asked for, and what it has done."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..models import BackupRecord, Remark
from ..teleporter.diff import Change
from .differences import Difference
from .dns_check import DnsCheck
from .plan import Plan, Way
from .selection import Selection


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreRequest:
    """What is to be restored."""

    backup_id: str
    selection: Selection = field(default_factory=Selection)
    way: Way | None = None
    """`None`: the better one for the plan."""
    plan: str | None = None
    """The token of the plan that the user has seen; `None`: any plan will do."""
    update_gravity: bool | None = None
    """`None`: when a list is added or enabled."""
    dry_run: bool = False
    """Whether only to find out what would change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreResult:
    """What a restore has done or, as a dry run, would do."""

    backup: BackupRecord
    plan: Plan
    token: str
    """That of the plan before single changes of it were chosen."""
    changes: tuple[Change, ...]
    """On the Pi-hole, by the restore."""
    way: Way | None
    """By which the changes were made; `None` when nothing was changed."""
    safety: BackupRecord | None
    """The backup from just before; `None` when nothing was changed."""
    proven: bool
    """Whether the Pi-hole was read again, and now is as the plan says."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why the Pi-hole did not make some changes, in its own words, by their IDs."""
    gravity_updated: bool = False
    dns: DnsCheck | None = None
    """What asking the DNS showed; `None` if it was not asked."""
    remarks: tuple[Remark, ...] = ()

    @property
    def done(self) -> tuple[Difference, ...]:
        """Return the changes that were made."""
        return tuple(each for each in self.plan.differences if each.id not in self.refused)
