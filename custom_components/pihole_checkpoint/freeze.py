"""The time in which Home Assistant backs itself up, and no file of ours may change.

One that appears, changes or vanishes meanwhile fails the user's whole Home Assistant backup.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER

LONGEST: Final = timedelta(hours=3)
"""After which it is over, even if nobody said so."""


class Freeze:
    """Whether it is quiet, for all Pi-holes together, and what has to end before it is."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._over = asyncio.Event()
        self._over.set()
        self._under_way: Counter[str] = Counter()
        self._rest = asyncio.Event()
        self._cancel_release: CALLBACK_TYPE | None = None

    @property
    def is_now(self) -> bool:
        """Whether no change may begin."""
        return not self._over.is_set()

    @property
    def under_way(self) -> list[str]:
        """Whose changes have not ended yet."""
        return sorted(+self._under_way)

    async def outside[T](self, who: str, change: Coroutine[object, object, T]) -> T:
        """Change files when that may be; whatever changes any has to go through here."""
        try:
            await self.wait_until_over()
            # No await from the look to the count: what begins before the quiet is waited for.
            self._under_way[who] += 1
            try:
                return await change
            finally:
                self._under_way[who] -= 1
                if not self.under_way:
                    self._rest.set()
        finally:
            change.close()  # when it has not even begun

    async def wait_until_over(self) -> None:
        """Wait until files may change."""
        while self.is_now:  # again, when the next began before this woke up
            await self._over.wait()

    async def wait_for_rest(self) -> None:
        """Wait until the changes have ended that began before the quiet did."""
        while self.under_way:
            self._rest.clear()
            await self._rest.wait()

    @callback
    def begin(self) -> None:
        """Let no change begin any more."""
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


DATA_QUIET_TIME: HassKey[Freeze] = HassKey(f"{DOMAIN}_quiet_time")


@callback
def async_get_freeze(hass: HomeAssistant) -> Freeze:
    """Give the one there is."""
    if DATA_QUIET_TIME not in hass.data:
        hass.data[DATA_QUIET_TIME] = Freeze(hass)
    return hass.data[DATA_QUIET_TIME]
