"""The contents of the backup that was read last, so that searching in them is quick."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..engine.models import BackupStatus
from ..engine.teleporter.contents import Contents
from ..exceptions import translated_errors
from .manager import Manager

KEPT_FOR: Final = timedelta(minutes=1)
"""After the contents were last asked for."""


class LastRead:
    """Holds the contents of one backup of all Pi-holes, for a short time."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._held: tuple[str, Contents] | None = None
        """The hash of an archive, and what it holds."""
        self._reading = asyncio.Lock()
        self._cancel_drop: CALLBACK_TYPE | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return self._held is None

    async def async_read(self, manager: Manager, backup_id: str) -> Contents:
        """Return what a backup holds. Raises `HomeAssistantError`."""
        async with self._reading:
            with translated_errors():
                record = manager.repository.index.find(backup_id)
            contents = self._known(record.sha256) if record.status is BackupStatus.GOOD else None
            if contents is None:
                self._drop()  # first: both may be large
                contents = await manager.async_read(backup_id)
            self._hold(record.sha256, contents)
            return contents

    def _known(self, sha256: str) -> Contents | None:
        return self._held[1] if self._held is not None and self._held[0] == sha256 else None

    @callback
    def _hold(self, sha256: str, contents: Contents) -> None:
        self._drop()
        self._held = sha256, contents
        drop = HassJob(self._time_is_over, f"{DOMAIN} drop contents", cancel_on_shutdown=True)
        self._cancel_drop = async_call_later(self._hass, KEPT_FOR, drop)

    @callback
    def _time_is_over(self, _now: datetime) -> None:
        self._cancel_drop = None
        self._drop()

    @callback
    def _drop(self) -> None:
        self._held = None
        if self._cancel_drop is not None:
            self._cancel_drop()
            self._cancel_drop = None


_DATA_LAST_READ: HassKey[LastRead] = HassKey(f"{DOMAIN}_last_read")


@callback
def async_get_last_read(hass: HomeAssistant) -> LastRead:
    """Return the one holder of contents of this Home Assistant."""
    if _DATA_LAST_READ not in hass.data:
        hass.data[_DATA_LAST_READ] = LastRead(hass)
    return hass.data[_DATA_LAST_READ]
