"""Restores of one Pi-hole: one at a time, and remembered until their end is known."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace

from homeassistant.core import callback
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonArrayType, JsonObjectType

from ..data import BackupEvent, BackupEventType, Undo, UnfinishedRestore
from ..engine.errors import (
    NothingToRepeat,
    NothingToUndo,
    RestoreFailed,
    RestoreInterrupted,
    RestoreNotBegun,
    RestoreRefused,
    RestoreRunning,
    RestoreUnanswered,
    RestoreUnproven,
    Unexpected,
)
from ..engine.models import BackupRecord, Remark, RemarkKey, RestorePart
from ..engine.pihole.errors import AnswerTimeout, AppPasswordReadOnly, CheckpointError
from ..engine.pihole.redaction import redact
from ..engine.repository.repository import Repository
from ..engine.restore.applied import Applied, Note
from ..engine.restore.models import RestoreRequest, RestoreResult
from ..engine.restore.plan import Plan
from ..engine.restore.restore import restore
from ..engine.restore.selection import Selection
from ..engine.teleporter.contents import Contents
from ..engine.teleporter.headline import headline
from ..exceptions import translated
from ..responses import headline_response, remarks_response
from ..restore_responses import outcomes_response
from ..wording import async_get_words
from .context import Context
from .journal import Journal, undo_of
from .second_look import SecondLook


class RestoreManager:
    """Runs restores, and keeps a journal of the one that is running."""

    def __init__(
        self, context: Context, read: Callable[[], Coroutine[object, object, Contents]]
    ) -> None:
        """Take what all work shares, and how the Pi-hole is read."""
        self._context = context
        self.second_look = SecondLook(context, read)
        self.is_running = False
        self.brought_password = False
        """Whether the stored password is wrong because the last restore brought back another."""
        self.was_refused = False
        """Whether the last restore did not begin because app passwords may not change anything."""
        self.may_change_settings: bool | None = None
        """Whether the password is for settings, too, as far as restores and previews have shown."""
        self._remarks: list[Remark] = []
        """Of the last restore."""
        self._applied = Applied()
        """Which changes the last restore made."""
        self._plan: Plan | None = None
        """That of the last restore, from the moment in which its changes began."""
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

    def lost_names(self) -> tuple[str, ...]:
        """Return the names of what was restored and is gone again."""
        lost = self.second_look.lost
        return () if lost is None else tuple(redact(each.item) for each in lost.differences)

    def repeat_request(self) -> tuple[RestoreRequest, Repository]:
        """Return what restores lost changes again, and whose backup it is from.

        Raises `NothingToRepeat`.
        """
        if (lost := self.second_look.lost) is None:
            raise NothingToRepeat
        return lost.request, lost.source

    def undo_request(self) -> RestoreRequest:
        """Return the request that takes the last restore back. Raises `NothingToUndo`."""
        if (undo := self._context.state.undo) is None:
            raise NothingToUndo
        parts = frozenset(undo.parts)
        only = None if undo.only is None else frozenset(undo.only)
        if only is None and any(part.is_in_gravity for part in parts):
            parts |= {RestorePart.GROUPS}  # some may have been brought along
        return RestoreRequest(backup_id=undo.backup_id, selection=Selection(parts=parts, only=only))

    def _is_undo(self, request: RestoreRequest) -> bool:
        """Return whether a request takes the last restore back."""
        return self._context.state.undo is not None and (
            replace(request, way=None) == self.undo_request()
        )

    async def forget_unfinished(self) -> None:
        """Take note that the end of a restore is known."""
        self._context.state.unfinished = None
        await self._context.state.save()

    async def _run(self, request: RestoreRequest, source: Repository) -> RestoreResult:
        self.is_running = True
        self._safety = self._plan = None
        self._applied = Applied()
        self._remarks = []
        try:
            with self._context.catch_unexpected():
                result = await self._restore_and_remember(request, source)
            self._context.pihole.note_reachable(reachable=True)
            self.may_change_settings = result.plan.target.may_import
            if not request.dry_run:
                self.was_refused = False
        except CheckpointError as error:
            self._context.pihole.learn_from(_root_cause(error))
            self.was_refused = isinstance(error.__cause__, AppPasswordReadOnly)
            if self.was_refused:
                self.may_change_settings = False
            self._ask_for_restored_password()
            self._end(*([] if request.dry_run else [self._failure(request, error)]))
            raise
        finally:
            self._plan = None
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
                state.undo, state.unfinished = undo, unfinished  # the Pi-hole is as it was
            else:
                state.unfinished = None
                if not self.second_look.is_repeated_by(request):
                    self.second_look.end()
            await state.save()
            raise
        await self.forget_unfinished()
        return result

    async def _restore(
        self, request: RestoreRequest, source: Repository, begun: UnfinishedRestore
    ) -> RestoreResult:
        """Restore, and say of an unexpected exception what it means for the Pi-hole."""
        context = self._context
        journals: list[Journal] = []

        @asynccontextmanager
        async def begin(
            safety: BackupRecord, plan: Plan, first: Collection[str]
        ) -> AsyncIterator[Note]:
            # What is restored again was there already: the undo of that takes it back, too.
            undo: Undo | None = None
            if plan.changes and not self.second_look.is_repeated_by(request):
                before = context.state.undo
                undo = undo_of(
                    plan,
                    safety,
                    restored_id=request.backup_id,
                    is_redo=self._is_undo(request) and not (before and before.is_redo),
                )
            journal = Journal(state=context.state, begun=begun, plan=plan, safety=safety, undo=undo)
            try:
                await journal.note(first)
                yield journal.note
            except BaseException:
                journal.take_back()
                raise
            self._safety, self._plan = safety, plan
            journals.append(journal)

        try:
            with context.catch_unexpected():
                async with context.in_use:
                    result = await restore(
                        request,
                        client=context.pihole.client,
                        repository=context.repository,
                        source=source,
                        begin=begin,
                        deadline=context.options.deadline,
                        report=context.progress.report,
                        remarks=self._remarks,
                        applied=self._applied,
                    )
                    if result.way is not None:
                        self.second_look.begin(request, source, result.done)
                    elif self.second_look.is_repeated_by(request):
                        self.second_look.end()  # it was there again already
                    return result
        except Unexpected as error:
            if request.dry_run:
                raise
            if self._safety is None:
                raise RestoreNotBegun(reason=error.key) from error
            raise RestoreUnproven(safety=self._safety.filename, reason=error.key) from error
        finally:
            for journal in journals:
                journal.end(self._applied.sent)

    @callback
    def _ask_for_restored_password(self) -> None:
        """Ask for the password if the restore brought back another, also when it failed then."""
        keys = {remark.key for remark in self._remarks}
        if keys & {RemarkKey.PASSWORD_BACK, RemarkKey.PASSWORD_CHANGED}:
            self.brought_password = True
            self._context.pihole.ask_for_password()

    @callback
    def _conclude(self, request: RestoreRequest, result: RestoreResult) -> None:
        self.brought_password = False
        self._ask_for_restored_password()
        words = async_get_words(self._context.hass)
        event = BackupEvent(
            type=BackupEventType.RESTORED,
            data={
                "backup_id": request.backup_id,
                "filename": result.backup.filename,
                "included": _included(request),
                "proven": result.proven,
                "safety_backup_id": result.safety.id if result.safety else None,
                "changes": words.headline(headline(result.changes)),
                "headline": headline_response(result.changes),
                **remarks_response(result.remarks, words),
            },
        )
        self._context.publish(event)

    def _failure(self, request: RestoreRequest, error: CheckpointError) -> BackupEvent:
        safety = self._safety if isinstance(error, RestoreFailed) else None
        words = async_get_words(self._context.hass)
        return BackupEvent(
            type=BackupEventType.RESTORE_FAILED,
            data={
                "backup_id": request.backup_id,
                "included": _included(request),
                "reason": error.key,
                "message": words.error(error),
                **remarks_response(self._remarks, words),
                "safety_backup_id": safety.id if safety is not None else None,
                **self._outcomes(),
            },
        )

    def _outcomes(self) -> JsonObjectType:
        return {} if self._plan is None else outcomes_response(self._plan, self._applied)


def _included(request: RestoreRequest) -> JsonArrayType:
    parts = request.selection.parts
    return [part.value for part in sorted(RestorePart if parts is None else parts)]


def _root_cause(error: CheckpointError) -> CheckpointError:
    """Return what a restore met, if its own error does not say that."""
    match error:
        case RestoreUnanswered():
            return AnswerTimeout()
        case RestoreNotBegun() | RestoreUnproven() | RestoreInterrupted() if isinstance(
            error.__cause__, CheckpointError
        ):
            return error.__cause__
        case _:
            return error
