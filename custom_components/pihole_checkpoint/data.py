"""What is known about one Pi-hole's backups at one moment."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from .engine.models import BackupRecord, BackupTrigger, LastChange, RestorePart, Stage
from .engine.pihole.errors import CheckpointError
from .engine.repository.index import Index


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
        """Say that it went well."""
        return replace(self, result=Result.COMPLETED)

    def failed(self, error: CheckpointError) -> Attempt:
        """Say what it failed with."""
        return replace(
            self, result=Result.FAILED, reason=error.key, placeholders=error.placeholders
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class UnfinishedRestore:
    """A restore of which the end is not known."""

    at: datetime
    """When it began; aware, UTC."""
    backup_id: str
    safety: str | None = None
    """The file name of the safety backup; `None` as long as the Pi-hole was not changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Undo:
    """How the last restore can be taken back."""

    backup_id: str
    """Of the safety backup."""
    parts: tuple[RestorePart, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckpointData:
    """What is known about one Pi-hole's backups at one moment."""

    stock: Index
    """The backups."""
    refused: frozenset[str]
    """The names of archives in the folder that are no backups."""
    reachable: bool
    attempt: Attempt | None
    """The last attempt to back up."""
    next_run: datetime | None
    overdue: bool
    """Whether a scheduled backup should have been there for a while."""
    stage: Stage | None
    """What is being done with the Pi-hole."""
    progress: str
    """How far that is: the bytes of an export, a line of a gravity update."""
    restoring: bool
    """Whether a backup is being restored."""
    unfinished: UnfinishedRestore | None
    """The restore that was under way when Home Assistant ended the last time."""
    restore_refused: bool
    """Whether the last restore was not begun, because the app password may not change anything."""
    free_space: int
    """In bytes."""

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """All of them, the newest first, also those that are damaged."""
        return self.stock.records

    @property
    def for_entities(self) -> Self:
        """The same without the stages of a backup: they are too short to be states."""
        return self if self.restoring else replace(self, stage=None, progress="")

    @property
    def good(self) -> tuple[BackupRecord, ...]:
        """Those that could be restored, the newest first."""
        return self.stock.good

    @property
    def is_running(self) -> bool:
        """Whether a backup is being made."""
        return self.attempt is not None and self.attempt.result is Result.RUNNING

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt came to nothing."""
        return self.attempt is not None and self.attempt.result is Result.FAILED

    @property
    def newest(self) -> BackupRecord | None:
        """The newest good backup."""
        return self.stock.newest

    @property
    def last_change(self) -> LastChange | None:
        """When the Pi-hole's configuration was last found to be another one, and how."""
        return self.stock.last_change
