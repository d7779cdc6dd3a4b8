"""The freeze while Home Assistant backs itself up, for all Pi-holes at once.

A file of ours that appears, changes or vanishes meanwhile would fail the user's whole backup.
"""

from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .engine.repository.gate import WriteGate

LONGEST: Final = timedelta(hours=3)
"""After which the freeze ends, even if Home Assistant never said that its backup has ended."""


class Freeze:
    """Closes the gate of all repositories, and opens it again."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.gate = WriteGate()
        self._hass = hass
        self._cancel_release: CALLBACK_TYPE | None = None

    @callback
    def begin(self) -> None:
        """Let no change of files begin. `WriteGate.wait_for_writers` waits for those that have."""
        self.end()
        self.gate.close()
        self._cancel_release = async_call_later(self._hass, LONGEST, self._release)

    @callback
    def end(self) -> None:
        """Let files change again."""
        if self._cancel_release is not None:
            self._cancel_release()
            self._cancel_release = None
        self.gate.open()

    @callback
    def _release(self, _now: datetime) -> None:
        LOGGER.warning(
            "Home Assistant did not report the end of its backup; allowing changes again"
        )
        self._cancel_release = None
        self.end()


_DATA_FREEZE: HassKey[Freeze] = HassKey(f"{DOMAIN}_freeze")


@callback
def async_get_freeze(hass: HomeAssistant) -> Freeze:
    """Return the one freeze of this Home Assistant."""
    if _DATA_FREEZE not in hass.data:
        hass.data[_DATA_FREEZE] = Freeze(hass)
    return hass.data[_DATA_FREEZE]
