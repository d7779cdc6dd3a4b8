"""How far Pi-holes have drifted apart, by their current backups."""

import asyncio
from collections.abc import Sequence

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..engine.aio import in_thread
from ..engine.errors import ContentsUnknown
from ..engine.models import BackupRecord
from ..engine.restore.drift import count_differences
from ..engine.teleporter.contents import Contents
from ..exceptions import translated_errors
from .manager import Manager

type _Pair = tuple[str, str]
"""The hashes of two archives."""


class Drift:
    """Counts differences, and remembers them: archives do not change."""

    def __init__(self) -> None:
        self._known: dict[_Pair, int | None] = {}
        self._counting = asyncio.Lock()

    async def async_count(self, managers: Sequence[Manager]) -> list[int | None]:
        """Return the number of differences of each Pi-hole to the first one.

        `None` for one that has no current backup, or one that cannot be read or compared.
        """
        async with self._counting:
            sides = [_Side(manager) for manager in managers]
            first = sides[0]
            numbers = [await self._count(first, other) for other in sides]
            hashes = {side.sha256 for side in sides}
            self._known = {
                pair: number for pair, number in self._known.items() if hashes.issuperset(pair)
            }
            return numbers

    async def _count(self, first: _Side, other: _Side) -> int | None:
        if first.record is None or other.record is None:
            return None
        if first.record.fingerprint == other.record.fingerprint is not None:
            return 0
        pair = first.sha256, other.sha256
        if pair not in self._known:
            try:
                if first.contents is None:
                    first.contents = await first.manager.async_read(first.record.id)
                contents = await other.manager.async_read(other.record.id)
                with translated_errors(), other.manager.catch_unexpected():
                    number = await in_thread(count_differences, first.contents, contents)
            except HomeAssistantError as error:
                if error.translation_key == ContentsUnknown.key:
                    self._known[pair] = None  # and stays so
                return None
            self._known[pair] = number
        return self._known[pair]


class _Side:
    """The current backup of a Pi-hole."""

    def __init__(self, manager: Manager) -> None:
        self.manager = manager
        self.contents: Contents | None = None
        self.record: BackupRecord | None = None
        if manager.repository.unread is None:
            self.record = manager.repository.index.current(dt_util.utcnow())
        self.sha256 = self.record.sha256 if self.record is not None else ""


_DATA_DRIFT: HassKey[Drift] = HassKey(f"{DOMAIN}_drift")


@callback
def async_get_drift(hass: HomeAssistant) -> Drift:
    """Return the one counter of this Home Assistant."""
    if _DATA_DRIFT not in hass.data:
        hass.data[_DATA_DRIFT] = Drift()
    return hass.data[_DATA_DRIFT]
