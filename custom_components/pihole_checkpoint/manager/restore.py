"""Restores of one Pi-hole: one at a time, and remembered until their end is known."""

import asyncio
from dataclasses import replace

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..data import BackupEvent, BackupEventType, Undo, UnfinishedRestore
from ..engine.errors import (
    NothingToUndo,
    RestoreFailed,
    RestoreNotBegun,
    RestoreRefused,
    RestoreRunning,
    RestoreUnanswered,
    RestoreUnproven,
    Unexpected,
)
from ..engine.models import BackupRecord, RemarkKey, RestorePart
from ..engine.pihole.errors import AnswerTimeout, AppPasswordReadOnly, CheckpointError
from ..engine.repository.repository import Repository
from ..engine.restore.models import RestoreRequest, RestoreResult
from ..engine.restore.restore import restore
from ..engine.teleporter.summary import headline
from ..exceptions import remark_of, translated
from .context import Context


class RestoreManager:
    """Runs restores, and keeps a journal of the one that is running."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.is_running = False
        self.brought_password = False
        """Whether the stored password is wrong because the last restore brought back another."""
        self.was_refused = False
        """Whether the last restore did not begin because app passwords may not change anything."""
        self._safety: BackupRecord | None = None
        """The safety backup of the last restore, from the moment in which its import began."""

    def refuse_while_running(self) -> None:
        """Raise `RestoreRunning`, as a `HomeAssistantError`, when a restore is running."""
        if self.is_running:
            raise translated(RestoreRunning())

    def start(self, request: RestoreRequest, source: Repository) -> asyncio.Task[RestoreResult]:
        """Begin to restore. Raises `Stopping`, and in the task a `CheckpointError`."""
        task = self._context.jobs.start(self._run(request, source), "restore", lasting=True)
        self.is_running = not task.done()
        return task

    def undo_request(self) -> RestoreRequest:
        """Return the request that takes the last restore back. Raises `NothingToUndo`."""
        if (undo := self._context.state.undo) is None:
            raise NothingToUndo
        parts = frozenset(undo.parts)
        if any(part.is_in_gravity for part in parts):
            parts |= {RestorePart.GROUPS}  # some may have been brought along
        return RestoreRequest(backup_id=undo.backup_id, parts=parts)

    async def forget_unfinished(self) -> None:
        """Take note that the end of a restore is known."""
        self._context.state.unfinished = None
        await self._context.state.save()

    async def _run(self, request: RestoreRequest, source: Repository) -> RestoreResult:
        self.is_running = True
        self._safety = None
        try:
            with self._context.catch_unexpected():
                result = await self._restore_and_remember(request, source)
            self._context.pihole.note_reachable(reachable=True)
            self.was_refused = False
        except CheckpointError as error:
            self._context.pihole.learn_from(_root_cause(error))
            self.was_refused = isinstance(error.__cause__, AppPasswordReadOnly)
            self._end(*([] if request.dry_run else [self._failure(request, error)]))
            raise
        finally:
            if self.is_running:  # or nothing else could ever be done afterwards
                self._end()
        if not request.dry_run:
            self._conclude(request, result)
        return result

    @callback
    def _end(self, *events: BackupEvent) -> None:
        self.is_running = False
        self._context.progress.end()
        self._context.publish(*events)

    async def _restore_and_remember(
        self, request: RestoreRequest, source: Repository
    ) -> RestoreResult:
        """Restore, and leave behind what the user has to know if Home Assistant ends meanwhile."""
        state = self._context.state
        begun = UnfinishedRestore(at=dt_util.utcnow(), backup_id=request.backup_id)
        if request.dry_run:
            return await self._restore(request, source, begun)
        undo, unfinished = state.undo, state.unfinished
        if unfinished is None or unfinished.safety is None:  # else the user has yet to hear of it
            state.unfinished = begun
            await state.save()
        try:
            result = await self._restore(request, source, begun)
        except CheckpointError as error:
            if not isinstance(error, RestoreFailed) or isinstance(error, RestoreRefused):
                state.undo = undo  # the Pi-hole is as it was
            state.unfinished = unfinished if isinstance(error, RestoreNotBegun) else None
            await state.save()
            raise
        await self.forget_unfinished()
        return result

    async def _restore(
        self, request: RestoreRequest, source: Repository, begun: UnfinishedRestore
    ) -> RestoreResult:
        """Restore, and say of an unexpected exception what it means for the Pi-hole."""
        context = self._context

        async def begin(safety: BackupRecord) -> None:
            context.state.unfinished = replace(begun, safety=safety.filename)
            context.state.undo = Undo(backup_id=safety.id, parts=tuple(sorted(request.parts)))
            await context.state.save()
            self._safety = safety

        try:
            with context.catch_unexpected():
                async with context.in_use:
                    return await restore(
                        request,
                        client=context.pihole.client,
                        repository=context.repository,
                        source=source,
                        begin=begin,
                        deadline=context.options.deadline,
                        report=context.progress.report,
                    )
        except Unexpected as error:
            if request.dry_run:
                raise
            if self._safety is None:
                raise RestoreNotBegun(reason=error.key) from error
            raise RestoreUnproven(safety=self._safety.filename, reason=error.key) from error

    @callback
    def _conclude(self, request: RestoreRequest, result: RestoreResult) -> None:
        self.brought_password = any(
            remark.key in {RemarkKey.PASSWORD_BACK, RemarkKey.PASSWORD_CHANGED}
            for remark in result.remarks
        )
        if self.brought_password:
            self._context.pihole.ask_for_password()
        event = BackupEvent(
            type=BackupEventType.RESTORED,
            data={
                "backup_id": request.backup_id,
                "filename": result.backup.filename,
                "included": [part.value for part in sorted(request.parts)],
                "proven": result.proven,
                "safety_backup_id": result.safety.id if result.safety else None,
                "changes": headline(result.changes),
                "remarks": [remark_of(remark) for remark in result.remarks],
            },
        )
        self._context.publish(event)

    def _failure(self, request: RestoreRequest, error: CheckpointError) -> BackupEvent:
        safety = self._safety if isinstance(error, RestoreFailed) else None
        return BackupEvent(
            type=BackupEventType.RESTORE_FAILED,
            data={
                "backup_id": request.backup_id,
                "included": [part.value for part in sorted(request.parts)],
                "reason": error.key,
                "message": str(translated(error)),
                "safety_backup_id": safety.id if safety is not None else None,
            },
        )


def _root_cause(error: CheckpointError) -> CheckpointError:
    """Return what a restore met, if its own error does not say that."""
    match error:
        case RestoreUnanswered():
            return AnswerTimeout()
        case RestoreNotBegun() | RestoreUnproven() if isinstance(error.__cause__, CheckpointError):
            return error.__cause__
        case _:
            return error
