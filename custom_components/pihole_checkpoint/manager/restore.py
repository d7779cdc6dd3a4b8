"""Restores of one Pi-hole: one at a time, told of, and remembered until their end is known."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..data import Undo, UnfinishedRestore
from ..engine.backup import Engine
from ..engine.errors import (
    NothingToUndo,
    RestoreFailed,
    RestoreNotBegun,
    RestoreRefused,
    RestoreRunning,
    RestoreUnproven,
    Unexpected,
)
from ..engine.models import BackupRecord, RemarkKey, RestorePart
from ..engine.pihole.errors import AppPasswordReadOnly, CheckpointError
from ..engine.restore.restore import RestoreRequest, RestoreResult
from ..engine.wording import headline
from ..exceptions import remark_of, translated
from ..happenings import Attributes, BackupEventType
from .jobs import Jobs
from .progress import Progress
from .storage import PersistentState


class WithFiles(Protocol):
    """Does work that changes files, when that may be."""

    def __call__[T](self, work: Coroutine[object, object, T]) -> Awaitable[T]:
        """Do it."""


@dataclass(kw_only=True)
class RestoreManager:
    """Carries them out. It is the `Guide` of the engine's restoration."""

    engine: Engine
    memory: PersistentState
    jobs: Jobs
    activity: Progress
    files: WithFiles
    tell: Callable[[BackupEventType, Attributes], None]
    learn_from: Callable[[CheckpointError], None]
    ask_for_password: Callable[[], None]
    catch_unexpected: Callable[[], AbstractContextManager[None]]
    brought_password: bool = False
    """Whether the stored password is wrong because the last one brought back another."""
    is_running: bool = False
    """Whether a backup is being restored."""
    was_refused: bool = False
    """Whether the last one was not begun, because app passwords may not change the Pi-hole."""
    _order: RestoreRequest | None = None
    _begins: UnfinishedRestore | None = None
    _safety: BackupRecord | None = None

    def refuse_while_running(self) -> None:
        """Raise `RestoreRunning`, in Home Assistant's words, when one is running."""
        if self.is_running:
            raise translated(RestoreRunning())

    def start(self, order: RestoreRequest, source: Engine) -> asyncio.Task[RestoreResult]:
        """Begin to restore. Raises `Stopping`, and in the task a `CheckpointError`."""
        task = self.jobs.start(self._run(order, source), "restore", lasting=True)
        self.is_running = not task.done()
        return task

    def undoing(self) -> RestoreRequest:
        """Give the order that takes the last restore back. Raises `NothingToUndo`."""
        if (undo := self.memory.undo) is None:
            raise NothingToUndo
        parts = frozenset(undo.parts)
        if any(part.is_in_gravity for part in parts):
            parts |= {RestorePart.GROUPS}  # some may have been brought along
        return RestoreRequest(backup_id=undo.backup_id, parts=parts)

    async def forget_unfinished(self) -> None:
        """Take note that the end of one is known."""
        self.memory.unfinished = None
        await self.memory.save()

    async def with_files[T](self, work: Coroutine[object, object, T]) -> T:
        """See `Guide`."""
        return await self.files(work)

    async def begin(self, safety: BackupRecord) -> None:
        """See `Guide`. It is on the disk before the Pi-hole is changed."""
        if self._order is None or self._begins is None:
            raise ValueError("no restore was ordered")
        self.memory.unfinished = replace(self._begins, safety=safety.filename)
        self.memory.undo = Undo(backup_id=safety.id, parts=tuple(sorted(self._order.parts)))
        await self.memory.save()
        self._safety = safety

    async def _run(self, order: RestoreRequest, source: Engine) -> RestoreResult:
        self.is_running = True
        try:
            with self.catch_unexpected():
                restored = await (
                    self.engine.restore(order, source, self)
                    if order.dry_run
                    else self._run_and_remember(order, source)
                )
            self.was_refused = False
        except CheckpointError as error:
            self.learn_from(_what_was_in_the_way(error))
            self.was_refused = isinstance(error.__cause__, AppPasswordReadOnly)
            self._end()
            if not order.dry_run:
                self._tell_of_failure(order, error)
            raise
        finally:
            if self.is_running:  # whatever it was: nothing else could ever be done afterwards
                self._end()
        if not order.dry_run:
            self._tell_of(order, restored)
        return restored

    @callback
    def _end(self) -> None:
        self.is_running = False
        self.activity.show_end()

    async def _run_and_remember(self, order: RestoreRequest, source: Engine) -> RestoreResult:
        """Leave behind, when Home Assistant ends in the middle, what the user has to know."""
        undo, unfinished = self.memory.undo, self.memory.unfinished
        self._order, self._safety = order, None
        begins = UnfinishedRestore(at=dt_util.utcnow(), backup_id=order.backup_id)
        self._begins = begins
        if unfinished is None or unfinished.safety is None:  # else that one is still to be told
            self.memory.unfinished = begins
            await self.memory.save()
        try:
            restored = await self._restored(order, source)
        except CheckpointError as error:
            if not isinstance(error, RestoreFailed) or isinstance(error, RestoreRefused):
                self.memory.undo = undo  # the Pi-hole is as it was
            self.memory.unfinished = unfinished if isinstance(error, RestoreNotBegun) else None
            await self.memory.save()
            raise
        await self.forget_unfinished()
        return restored

    async def _restored(self, order: RestoreRequest, source: Engine) -> RestoreResult:
        """Restore, and tell of what nobody thought of by what it means for the Pi-hole."""
        try:
            with self.catch_unexpected():
                return await self.engine.restore(order, source, self)
        except Unexpected as error:
            if self._safety is None:
                raise RestoreNotBegun(reason=error.key) from error
            raise RestoreUnproven(safety=self._safety.filename, reason=error.key) from error

    @callback
    def _tell_of(self, order: RestoreRequest, restored: RestoreResult) -> None:
        self.brought_password = any(
            remark.key in {RemarkKey.PASSWORD_BACK, RemarkKey.PASSWORD_CHANGED}
            for remark in restored.remarks
        )
        if self.brought_password:
            self.ask_for_password()
        self.tell(
            BackupEventType.RESTORED,
            {
                "backup_id": order.backup_id,
                "filename": restored.backup.filename,
                "included": [part.value for part in sorted(order.parts)],
                "proven": restored.proven,
                "safety_backup_id": restored.safety.id if restored.safety else None,
                "changes": headline(restored.changes),
                "remarks": [remark_of(remark) for remark in restored.remarks],
            },
        )

    @callback
    def _tell_of_failure(self, order: RestoreRequest, error: CheckpointError) -> None:
        safety = self._safety if isinstance(error, RestoreFailed) else None
        self.tell(
            BackupEventType.RESTORE_FAILED,
            {
                "backup_id": order.backup_id,
                "included": [part.value for part in sorted(order.parts)],
                "reason": error.key,
                "message": str(translated(error)),
                "safety_backup_id": safety.id if safety is not None else None,
            },
        )


def _what_was_in_the_way(error: CheckpointError) -> CheckpointError:
    cause = error.__cause__
    begun = not isinstance(error, RestoreNotBegun)
    return error if begun or not isinstance(cause, CheckpointError) else cause
