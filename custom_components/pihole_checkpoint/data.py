"""What is known about one Pi-hole, and what happens to its backups."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NotRequired, Self, TypedDict

from homeassistant.util.json import JsonObjectType

from .engine.models import BackupRecord, BackupTrigger, LastChange, RestorePart, Stage
from .engine.pihole.errors import CheckpointError
from .engine.repository.index import Index


class StoredAttempt(TypedDict):
    """An `Attempt` as JSON."""

    at: str
    trigger: str
    result: str
    reason: str | None
    placeholders: dict[str, str]


class StoredRestore(TypedDict):
    """An `UnfinishedRestore` as JSON."""

    at: str
    backup_id: str
    safety: str | None
    changes: NotRequired[int | None]
    planned: NotRequired[int | None]


class StoredUndo(TypedDict):
    """An `Undo` as JSON."""

    backup_id: str
    parts: list[str]
    only: NotRequired[list[str] | None]
    restored_id: NotRequired[str | None]
    is_redo: NotRequired[bool]


class BackupEventType(StrEnum):
    """What happened. The values are the types of the event entity."""

    COMPLETED = "completed"
    UNCHANGED = "unchanged"
    """A routine backup found nothing changed, and confirmed the current one."""
    FAILED = "failed"
    RESTORED = "restored"
    RESTORE_FAILED = "restore_failed"
    DELETED = "deleted"
    DAMAGED = "damaged"
    OVERDUE = "overdue"
    """A scheduled backup has been missing for some minutes."""


type EventData = JsonObjectType


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupEvent:
    """Something that happened, for the event entity, the logbook and automations."""

    type: BackupEventType
    data: EventData


class Result(StrEnum):
    """How an attempt stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One attempt to back up."""

    at: datetime
    """When it began; aware, UTC."""
    trigger: BackupTrigger
    result: Result = Result.RUNNING
    reason: str | None = None
    """The key of the error with which it failed."""
    placeholders: dict[str, str] = field(default_factory=dict)

    def completed(self) -> Attempt:
        """Return the attempt as completed."""
        return replace(self, result=Result.COMPLETED)

    def failed(self, error: CheckpointError) -> Attempt:
        """Return the attempt as failed with this error."""
        return replace(
            self, result=Result.FAILED, reason=error.key, placeholders=error.placeholders
        )

    def as_dict(self) -> StoredAttempt:
        """Return it as JSON."""
        return {
            "at": self.at.isoformat(),
            "trigger": self.trigger,
            "result": self.result,
            "reason": self.reason,
            "placeholders": self.placeholders,
        }

    @classmethod
    def from_dict(cls, stored: StoredAttempt) -> Self:
        """Read what `as_dict` returned."""
        return cls(
            at=datetime.fromisoformat(stored["at"]),
            trigger=BackupTrigger(stored["trigger"]),
            result=Result(stored["result"]),
            reason=stored["reason"],
            placeholders=stored["placeholders"],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class UnfinishedRestore:
    """A restore whose end is not known."""

    at: datetime
    """When it began; aware, UTC."""
    backup_id: str
    safety: str | None = None
    """The file name of the safety backup; `None` as long as the Pi-hole was not changed."""
    changes: int | None = None
    """How many changes may have been made; `None` when that is not known."""
    planned: int | None = None
    """How many were to be made; `None` as for `changes`."""

    def as_dict(self) -> StoredRestore:
        """Return it as JSON."""
        return {
            "at": self.at.isoformat(),
            "backup_id": self.backup_id,
            "safety": self.safety,
            "changes": self.changes,
            "planned": self.planned,
        }

    @classmethod
    def from_dict(cls, stored: StoredRestore) -> Self:
        """Read what `as_dict` returned."""
        return cls(
            at=datetime.fromisoformat(stored["at"]),
            backup_id=stored["backup_id"],
            safety=stored["safety"],
            changes=stored.get("changes"),
            planned=stored.get("planned"),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Undo:
    """How the last restore can be taken back."""

    backup_id: str
    """Of the safety backup."""
    parts: tuple[RestorePart, ...]
    only: tuple[str, ...] | None = None
    """The IDs of the items that the restore may have changed; `None` for all in the parts."""
    restored_id: str | None = None
    """Of the backup that was restored; `None` if it is not known."""
    is_redo: bool = False
    """Whether that restore took another one back, so that this does it again."""

    def as_dict(self) -> StoredUndo:
        """Return it as JSON."""
        only = None if self.only is None else [*self.only]
        return {
            "backup_id": self.backup_id,
            "parts": [*self.parts],
            "only": only,
            "restored_id": self.restored_id,
            "is_redo": self.is_redo,
        }

    @classmethod
    def from_dict(cls, stored: StoredUndo) -> Self:
        """Read what `as_dict` returned."""
        only = stored.get("only")
        return cls(
            backup_id=stored["backup_id"],
            parts=tuple(map(RestorePart, stored["parts"])),
            only=None if only is None else tuple(only),
            restored_id=stored.get("restored_id"),
            is_redo=stored.get("is_redo", False),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckpointData:
    """What is known about one Pi-hole's backups at one moment."""

    index: Index
    """The backups."""
    current: BackupRecord | None
    """The current backup: see `policy.current` of the engine. It and what follows from it depend on
    the time, so they are found out here, once."""
    last_backup: datetime | None
    """When the Pi-hole was last found to be as in the current backup."""
    last_change: LastChange | None
    """When the Pi-hole's configuration was last found to be another one, and how."""
    refused: Mapping[str, CheckpointError]
    """Why archives in the folder are no backups or cannot be read, by name."""
    of_v5: frozenset[str]
    """The names of archives of a Pi-hole v5 in the folder."""
    is_shared: bool
    """Whether another Home Assistant uses the folder, too."""
    reachable: bool
    attempt: Attempt | None
    """The last attempt to back up."""
    next_run: datetime | None
    overdue: bool
    """Whether a scheduled backup is missing."""
    stage: Stage | None
    """What is being done with the Pi-hole."""
    progress: str
    """How far that is: the bytes of an export, a line of a gravity update."""
    restoring: bool
    """Whether a backup is being restored."""
    unfinished: UnfinishedRestore | None
    """The restore that was under way when Home Assistant ended the last time."""
    lost: tuple[str, ...]
    """The names of what was restored and is gone again, because a gravity update was running."""
    restore_refused: bool
    """Whether the last restore was not begun, because the app password may not change anything."""
    free_space: int | None
    """In bytes, if it is known."""
    unread: CheckpointError | None
    """Why the backups are not known at present: `index` is what was seen last, or empty."""
    storage_error: CheckpointError | None
    """Why the folder cannot be used, or only be read."""

    @property
    def is_known(self) -> bool:
        """Whether the last look at the folder succeeded."""
        return self.unread is None

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """All of them, the newest first, also those that are damaged."""
        return self.index.records

    def known_records(self) -> tuple[BackupRecord, ...]:
        """Return all backups. Raises `CheckpointError` while they are not known."""
        if self.unread is not None:
            raise self.unread.with_traceback(None)
        return self.records

    @property
    def good(self) -> tuple[BackupRecord, ...]:
        """Those that could be restored, the newest first."""
        return self.index.good

    @property
    def damaged(self) -> int:
        """How many backups are damaged, or have lost their archive; all counts go without them."""
        return len(self.index.bad)

    @property
    def has_problem(self) -> bool:
        """Whether something needs the user's attention."""
        return self.has_failed or self.overdue or self.damaged > 0 or self.storage_error is not None

    @property
    def is_running(self) -> bool:
        """Whether a backup is being made."""
        return self.attempt is not None and self.attempt.result is Result.RUNNING

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt failed."""
        return self.attempt is not None and self.attempt.result is Result.FAILED
