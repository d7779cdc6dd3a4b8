"""How far Pi-holes have drifted apart, by their current backups."""

import asyncio
from collections.abc import Sequence
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..engine.aio import in_thread
from ..engine.errors import ContentsUnknown
from ..engine.models import BackupRecord
from ..engine.restore.drift import Differences, find_differences
from ..engine.teleporter.contents import Contents
from ..exceptions import translated_errors
from .manager import Manager

type _Pair = tuple[str, str]
"""The hashes of two archives."""

_MOST_KNOWN: Final = 100
"""Pairs of archives that are remembered. Each needs a few kilobytes."""


class Drift:
    """Compares Pi-holes, and remembers how they differ: archives do not change."""

    def __init__(self) -> None:
        self._known: dict[_Pair, Differences | None] = {}
        """What was found last, the newest at the end."""
        self._comparing = asyncio.Lock()

    async def async_count(self, managers: Sequence[Manager]) -> list[int | None]:
        """Return the number of differences of each Pi-hole to the first one.

        `None` for one that has no current backup, or one that cannot be read or compared.
        """
        async with self._comparing:
            first, *others = map(_Side, managers)
            found = [await self._compare(first, side) for side in (first, *others)]
            return [None if each is None else each.number for each in found]

    async def async_compare(self, one: Manager, other: Manager) -> Differences | None:
        """Return what is different on another Pi-hole; `None` as in `async_count`."""
        async with self._comparing:
            return await self._compare(_Side(one), _Side(other))

    async def _compare(self, one: _Side, other: _Side) -> Differences | None:
        if one.record is None or other.record is None:
            return None
        if one.record.fingerprint == other.record.fingerprint is not None:
            return Differences()
        pair = one.record.sha256, other.record.sha256
        if pair not in self._known:
            try:
                if one.contents is None:
                    one.contents = await one.manager.async_read(one.record.id)
                contents = await other.manager.async_read(other.record.id)
                with translated_errors(), other.manager.catch_unexpected():
                    found = await in_thread(find_differences, one.contents, contents)
            except HomeAssistantError as error:
                if error.translation_key != ContentsUnknown.key:
                    return None
                found = None  # and stays so
            self._remember(pair, found)
        return self._known[pair]

    def _remember(self, pair: _Pair, found: Differences | None) -> None:
        self._known[pair] = found
        for old in list(self._known)[:-_MOST_KNOWN]:
            del self._known[old]


class _Side:
    """The current backup of a Pi-hole."""

    def __init__(self, manager: Manager) -> None:
        self.manager = manager
        self.contents: Contents | None = None
        self.record: BackupRecord | None = None
        if manager.repository.unread is None:
            self.record = manager.repository.index.current(dt_util.utcnow())


_DATA_DRIFT: HassKey[Drift] = HassKey(f"{DOMAIN}_drift")


@callback
def async_get_drift(hass: HomeAssistant) -> Drift:
    """Return the one memory of this Home Assistant."""
    if _DATA_DRIFT not in hass.data:
        hass.data[_DATA_DRIFT] = Drift()
    return hass.data[_DATA_DRIFT]
