"""Making backups of one Pi-hole: one at a time, shared by all who ask meanwhile."""

import asyncio
from contextlib import suppress

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from ..data import Attempt, BackupEvent, BackupEventType
from ..engine.backup import back_up
from ..engine.errors import Stopping
from ..engine.models import BackupRecord, BackupTrigger
from ..engine.pihole.errors import CheckpointError
from ..exceptions import translated
from ..responses import backup_event, completed_event
from ..wording import async_get_words
from .context import Context


class BackupManager:
    """Runs backups, and remembers the last attempt."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._running: asyncio.Task[BackupRecord] | None = None

    async def run(self, trigger: BackupTrigger) -> BackupRecord:
        """Back up; a request while a backup is running shares its result.

        Raises `Stopping`, or what went wrong as a `HomeAssistantError`.
        """
        while True:
            if self._running is None or self._running.done():
                self._running = self._context.jobs.start(self._back_up(trigger), trigger)
            record = await self._context.jobs.result(self._running)
            # A shared run may only have confirmed the current backup; an explicit request must
            # store one.
            if record.confirmed_at is None or self._skips_unchanged(trigger):
                return record

    def _skips_unchanged(self, trigger: BackupTrigger) -> bool:
        return self._context.options.skip_unchanged and trigger.is_routine

    async def _back_up(self, trigger: BackupTrigger) -> BackupRecord:
        context = self._context
        await context.gate.wait_until_open()
        attempt = Attempt(at=dt_util.utcnow(), trigger=trigger)
        try:
            with context.catch_unexpected():
                self._note(attempt)
                async with context.in_use:
                    record = await back_up(
                        context.pihole.client,
                        context.repository,
                        trigger,
                        skip_unchanged=self._skips_unchanged(trigger),
                        deadline=context.options.deadline,
                        report=context.progress.report,
                    )
        except CheckpointError as error:
            context.pihole.learn_from(error)
            self._note_failure(attempt, error)
            raise
        except asyncio.CancelledError:
            if context.jobs.have_stopped:
                context.state.attempt = attempt.failed(Stopping())
            else:
                self._note_failure(attempt, context.jobs.cancelled_by)
            raise
        context.pihole.note_reachable(reachable=True)
        is_new = record.confirmed_at is None
        # No await since the commit: the states change in the turn in which the backup appears.
        index, words = context.repository.index, async_get_words(context.hass)
        event = (
            completed_event(record, index, words)
            if is_new
            else backup_event(BackupEventType.UNCHANGED, record, index, words)
        )
        self._note(attempt.completed(), event)
        task = asyncio.current_task()
        if task is None or not task.cancelling():  # the backup is made; only the rest is cancelled
            with suppress(asyncio.CancelledError):
                await self._prune()
        return record

    async def _prune(self) -> None:
        """Delete what no rule keeps; an error changes nothing about the backup just made."""
        context = self._context
        try:
            with context.catch_unexpected():
                await context.repository.prune(context.options.policy, dry_run=False)
        except CheckpointError as error:
            LOGGER.warning("%s: could not delete old backups: %s", context.title, translated(error))

    @callback
    def _note(self, attempt: Attempt, *events: BackupEvent) -> None:
        self._context.state.attempt = attempt
        self._context.state.save_soon()
        if events:
            self._context.progress.end()
        self._context.publish(*events)

    @callback
    def _note_failure(self, attempt: Attempt, error: CheckpointError) -> None:
        event = BackupEvent(
            type=BackupEventType.FAILED,
            data={
                "trigger": attempt.trigger.value,
                "reason": error.key,
                "message": async_get_words(self._context.hass).error(error),
            },
        )
        self._note(attempt.failed(error), event)
