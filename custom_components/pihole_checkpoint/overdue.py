"""Noticing that a scheduled backup stays missing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from .data import CheckpointData

PATIENCE: Final = timedelta(minutes=6)
"""For a backup that is overdue. After a start, one that was missed is made up for within about a
minute, and one that failed is tried again after five."""


class OverdueWatch:
    """Calls `report` once when a backup has been overdue for a while, until one is made."""

    def __init__(
        self, hass: HomeAssistant, data: Callable[[], CheckpointData], report: Callable[[], None]
    ) -> None:
        """Take what gives the data that is known now."""
        self._hass = hass
        self._data = data
        self._report = report
        self._is_reported = False
        self._cancel_timer: CALLBACK_TYPE | None = None

    @callback
    def look(self) -> None:
        """Look at the data again, which may have changed."""
        data = self._data()
        if data.is_running:
            return  # its end decides
        if not data.overdue:
            self.stop()
            self._is_reported = False
        elif not self._is_reported and self._cancel_timer is None:
            self._cancel_timer = async_call_later(self._hass, PATIENCE, self._patience_ended)

    @callback
    def _patience_ended(self, _now: datetime) -> None:
        self._cancel_timer = None
        if not self._data().is_running:
            self._is_reported = True
            self._report()

    @callback
    def stop(self) -> None:
        """Wait no longer."""
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None
