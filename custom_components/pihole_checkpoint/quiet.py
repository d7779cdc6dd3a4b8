"""The time in which Home Assistant backs itself up, and no file of ours may change.

One that appears, changes or vanishes meanwhile fails the user's whole Home Assistant backup.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER

LONGEST: Final = timedelta(hours=3)
"""After which it is over, even if nobody said so."""


class QuietTime:
    """Whether it is quiet, for all Pi-holes together."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._over = asyncio.Event()
        self._over.set()
        self._cancel_release: CALLBACK_TYPE | None = None

    @property
    def is_now(self) -> bool:
        """Whether no file may change."""
        return not self._over.is_set()

    async def wait_until_over(self) -> None:
        """Wait until files may change."""
        await self._over.wait()

    @callback
    def begin(self) -> None:
        """Ask for quiet."""
        self.end()
        self._over.clear()
        self._cancel_release = async_call_later(self._hass, LONGEST, self._forgotten)

    @callback
    def end(self) -> None:
        """Let files change again."""
        if self._cancel_release is not None:
            self._cancel_release()
            self._cancel_release = None
        self._over.set()

    @callback
    def _forgotten(self, _now: datetime) -> None:
        LOGGER.warning("Nobody said that Home Assistant's backup has ended; going on without")
        self._cancel_release = None
        self.end()


DATA_QUIET_TIME: HassKey[QuietTime] = HassKey(f"{DOMAIN}_quiet_time")


@callback
def async_quiet_time(hass: HomeAssistant) -> QuietTime:
    """Give the one there is."""
    if DATA_QUIET_TIME not in hass.data:
        hass.data[DATA_QUIET_TIME] = QuietTime(hass)
    return hass.data[DATA_QUIET_TIME]
