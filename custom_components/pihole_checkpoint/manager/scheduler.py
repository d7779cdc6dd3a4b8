"""Scheduled backups: made at their time, made up for when missed, retried when failed."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import (
    async_call_later,
    async_track_point_in_utc_time,
    async_track_time_interval,
)
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..const import CONF_BACK_UP_FIRST, LOGGER
from ..data import Result
from ..engine.errors import Stopping, Unexpected
from ..engine.models import BackupRecord, BackupTrigger
from ..engine.policy.current import AHEAD, is_future, last_seen
from ..engine.policy.schedule import last_run, next_run
from ..exceptions import translated
from .context import Context

RETRIES: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
MAKE_UP_AFTER: Final = timedelta(minutes=1)
"""After Home Assistant has started, which has other things to do first."""
OVERDUE_AFTER: Final = timedelta(hours=2)
"""With a scheduled backup that neither came nor failed, before it counts as overdue."""
CHECK_THE_CLOCK: Final = timedelta(minutes=5)
"""How often to look whether the plan still fits the clock."""
PLAN_AGAIN_AFTER: Final = timedelta(hours=1)
"""When planning the next run failed unexpectedly."""


class Scheduler:
    """Makes the scheduled backups of one Pi-hole, as long as its entry is loaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        context: Context,
        back_up: Callable[[BackupTrigger], Awaitable[BackupRecord]],
    ) -> None:
        self.next_run: datetime | None = None
        self._hass = hass
        self._entry = entry
        self._context = context
        self._back_up = back_up
        self._schedule = context.options.schedule
        self._cancel_run: CALLBACK_TYPE | None = None
        self._cancel_extra: CALLBACK_TYPE | None = None

    @callback
    def start(self) -> None:
        """Begin; it ends when the entry is unloaded."""
        self._plan_next()
        self._entry.async_on_unload(self._cancel)
        self._entry.async_on_unload(async_at_started(self._hass, self._started))
        self._entry.async_on_unload(
            self._hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._zone_may_have_changed)
        )
        self._entry.async_on_unload(
            async_track_time_interval(self._hass, self._clock_may_have_changed, CHECK_THE_CLOCK)
        )

    def is_overdue(self) -> bool:
        """Check whether a scheduled backup is missing: it failed, or has not come for long."""
        now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
        due = last_run(self._schedule, now, zone)
        if due is None or self._context.repository.unread or not self._is_missing(due):
            return False
        attempt = self._context.state.attempt
        if attempt is not None and attempt.result is Result.FAILED and attempt.at >= due:
            return True
        due_long_ago = last_run(self._schedule, now - OVERDUE_AFTER, zone)
        return due_long_ago is not None and self._is_missing(due_long_ago)

    def _is_missing(self, due: datetime) -> bool:
        """Check whether no backup has been made since this scheduled time."""
        now, since = dt_util.utcnow(), self._entry.created_at
        if due < since and not is_future(since, now):
            return False  # the Pi-hole was added after it
        current = self._context.repository.index.current(now)
        return current is None or last_seen(current, now) < due

    @callback
    def _plan_next(self) -> None:
        if self._cancel_run is not None:
            self._cancel_run()
            self._cancel_run = None
        try:
            with self._context.catch_unexpected():
                run = next_run(self._schedule, dt_util.utcnow(), dt_util.get_default_time_zone())
                if run is not None:
                    self._cancel_run = async_track_point_in_utc_time(self._hass, self._due, run)
                self.next_run = run
                self._context.publish()
        except Unexpected:
            self.next_run = None
            if self._cancel_run is None:  # else there would never be another run
                self._cancel_run = async_call_later(self._hass, PLAN_AGAIN_AFTER, self._plan_again)

    @callback
    def _plan_again(self, _now: datetime) -> None:
        self._cancel_run = None
        self._plan_next()
        self.make_up()

    @callback
    def _due(self, now: datetime) -> None:
        self._cancel_run = None
        self._plan_next()
        self._forget_extra()
        self._run(due=now, tries=0)

    @callback
    def _plan_extra(self, delay: timedelta, *, due: datetime, tries: int) -> None:
        """Plan an extra run, which is left out if by then a backup has been made otherwise."""

        @callback
        def run(_now: datetime) -> None:
            self._cancel_extra = None
            with suppress(Unexpected), self._context.catch_unexpected():
                if self._is_missing(due):
                    self._run(due=due, tries=tries)

        self._forget_extra()
        self._cancel_extra = async_call_later(self._hass, delay, run)

    @callback
    def _forget_extra(self) -> None:
        if self._cancel_extra is not None:
            self._cancel_extra()
            self._cancel_extra = None

    @callback
    def _run(self, *, due: datetime, tries: int) -> None:
        _ = self._entry.async_create_background_task(
            self._hass, self._async_run(due, tries), f"{self._entry.title} scheduled backup"
        )

    async def _async_run(self, due: datetime, tries: int) -> None:
        try:
            with self._context.catch_unexpected():
                await self._back_up(BackupTrigger.SCHEDULE)
        except (HomeAssistantError, Unexpected) as why:
            error = translated(why) if isinstance(why, Unexpected) else why
            if error.translation_key == Stopping.key:
                return  # not failed: it is made up for when the entry is set up again
            if tries == len(RETRIES):
                LOGGER.warning("%s: scheduled backup failed: %s", self._entry.title, error)
                return
            again = RETRIES[tries]
            LOGGER.warning(
                "%s: scheduled backup failed, trying again in %d minutes: %s",
                self._entry.title,
                again.total_seconds() // 60,
                error,
            )
            self._plan_extra(again, due=due, tries=tries + 1)

    @callback
    def _started(self, _hass: HomeAssistant) -> None:
        self.make_up()

    def _is_first_due(self) -> bool:
        """Check whether the Pi-hole was just added, and is to be backed up at once."""
        repository, attempt = self._context.repository, self._context.state.attempt
        return (
            CONF_BACK_UP_FIRST in self._entry.data
            and self.next_run is not None
            and repository.unread is None
            and repository.index.current(dt_util.utcnow()) is None
            and (attempt is None or attempt.reason == Stopping.key)
        )

    @callback
    def make_up(self) -> None:
        """Make up for a run that was due while Home Assistant, or the folder, was away.

        For a Pi-hole that was just added, its first run is due now.
        """
        with suppress(Unexpected), self._context.catch_unexpected():
            if self._is_first_due():
                self._run(due=dt_util.utcnow(), tries=0)
                return
            due = last_run(self._schedule, dt_util.utcnow(), dt_util.get_default_time_zone())
            if due is not None and self._is_missing(due):
                self._plan_extra(MAKE_UP_AFTER, due=due, tries=0)

    @callback
    def _zone_may_have_changed(self, _event: Event) -> None:
        self._plan_next()

    @callback
    def _clock_may_have_changed(self, now: datetime) -> None:
        """Plan again when the clock was corrected.

        A plan waits for its time by the clock: one that a clock made which was years ahead would
        wait for years. When a clock was late, the time has passed without the plan's timer.
        """
        with suppress(Unexpected), self._context.catch_unexpected():
            if (planned := self.next_run) is None:
                return
            soon = now + AHEAD  # a run that has just been made is not due again
            if planned < now - AHEAD:
                self._plan_next()
                self._forget_extra()
                self._run(due=now, tries=0)
            elif planned > soon and planned != next_run(
                self._schedule, soon, dt_util.get_default_time_zone()
            ):
                self._plan_next()
                self.make_up()

    @callback
    def _cancel(self) -> None:
        self._forget_extra()
        if self._cancel_run is not None:
            self._cancel_run()
            self._cancel_run = None
