"""What survives a restart beside the backups."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, NotRequired, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.exceptions import (
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..data import (
    Attempt,
    Result,
    StoredAttempt,
    StoredRestore,
    StoredUndo,
    Undo,
    UnfinishedRestore,
)
from ..engine.aio import in_thread
from ..engine.errors import HomeAssistantBackupRunning, Stopping, catch_unexpected
from ..engine.pihole.errors import CheckpointError
from ..engine.policy.current import is_future
from ..engine.repository import relocate
from ..exceptions import translation
from ..freeze import async_get_freeze
from ..options import SECTION_STORAGE, read_options, storage_values

_VERSION: Final = 1
"""A key that older releases may ignore is added without a new version: they keep what they do not
know. Everything else needs a new version, which older releases refuse to read.
"""


class _Stored(TypedDict):
    """The keys are those of the first release."""

    mark: str | None
    attempt: StoredAttempt | None
    patrolled_id: str | None
    patrolled_at: str | None
    unfinished: NotRequired[StoredRestore | None]
    undo: NotRequired[StoredUndo | None]
    moving_to: NotRequired[str | None]


_EMPTY: Final[_Stored] = {
    "mark": None,
    "attempt": None,
    "patrolled_id": None,
    "patrolled_at": None,
}


class PersistentState:
    """What one Pi-hole's entry remembers from one start to the next, beside its backups."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._file: Store[_Stored] = Store(hass, _VERSION, f"{DOMAIN}.{entry_id}", private=True)
        self._stored = _EMPTY
        self.attempt: Attempt | None = None
        self.repository_id: str | None = None
        """By which the backup folder is recognized, see `Folder.prepare` of the engine."""
        self.scrubbed_id: str | None = None
        """The archive that was read again last."""
        self.scrubbed_at: datetime | None = None
        self.unfinished: UnfinishedRestore | None = None
        """After a start, the restore that was under way when Home Assistant ended."""
        self.undo: Undo | None = None
        self.moving_to: Path | None = None
        """The folder to which the backups were moved, until the options are sure to say so."""

    async def load(self) -> None:
        """Read it. What was running when Home Assistant ended has failed.

        Raises `ConfigEntryError` for what a later release has written, which is left as it is.
        """
        try:
            stored = await self._file.async_load()
        except UnsupportedStorageVersionError as error:
            raise ConfigEntryError(
                translation_domain=DOMAIN, translation_key="memory_of_later_version"
            ) from error
        if stored is None:
            return
        self._stored = stored
        self.repository_id = stored["mark"]
        self.scrubbed_id = stored["patrolled_id"]
        self.scrubbed_at = _maybe(datetime.fromisoformat, stored["patrolled_at"])
        self.unfinished = _maybe(UnfinishedRestore.from_dict, stored.get("unfinished"))
        self.undo = _maybe(Undo.from_dict, stored.get("undo"))
        self.moving_to = _maybe(Path, stored.get("moving_to"))
        self.attempt = _maybe(Attempt.from_dict, stored["attempt"])
        if self.attempt is not None and self.attempt.result is Result.RUNNING:
            self.attempt = self.attempt.failed(Stopping())

    @callback
    def correct_times(self, now: datetime) -> None:
        """Replace times in the future, which a wrong clock has left behind, by the present one.

        Nothing then waits until the clock comes there. Of a clock that was not wrong before but is
        now, and late, this makes things seem longer ago than they are, which delays nothing.
        """
        if self.scrubbed_at is not None and is_future(self.scrubbed_at, now):
            self.scrubbed_at = now
        if self.attempt is not None and is_future(self.attempt.at, now):
            self.attempt = replace(self.attempt, at=now)
            self.save_soon()
        if self.unfinished is not None and is_future(self.unfinished.at, now):
            self.unfinished = replace(self.unfinished, at=now)
            self.save_soon()

    async def save(self) -> None:
        """Write it at once."""
        await self._file.async_save(self._as_dict())

    def save_soon(self) -> None:
        """Write it within a second, or when Home Assistant stops before."""
        self._file.async_delay_save(self._as_dict, 1)

    async def remove(self) -> None:
        """Forget everything."""
        await self._file.async_remove()

    def _as_dict(self) -> _Stored:
        return {
            **self._stored,  # a later release may have added something
            "mark": self.repository_id,
            "patrolled_id": self.scrubbed_id,
            "patrolled_at": self.scrubbed_at.isoformat() if self.scrubbed_at else None,
            "attempt": self.attempt.as_dict() if self.attempt else None,
            "unfinished": self.unfinished.as_dict() if self.unfinished else None,
            "undo": self.undo.as_dict() if self.undo else None,
            "moving_to": str(self.moving_to) if self.moving_to else None,
        }


def _maybe[F, T](read: Callable[[F], T], value: F | None) -> T | None:
    return None if value is None else read(value)


async def async_settle_move(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Complete a move of the backups in whose middle Home Assistant ended, or take it back.

    Afterwards the options say where the backups are. Raises `ConfigEntryNotReady`.
    """
    state = PersistentState(hass, entry.entry_id)
    await state.load()
    source, target = read_options(hass, entry).store, state.moving_to
    if target is None or state.repository_id is None:
        return
    if target == source:
        if hass.state is not CoreState.running:  # so that is what the disk says
            state.moving_to = None
            await state.save()
        return
    gate = async_get_freeze(hass).gate
    if gate.is_closed:
        raise ConfigEntryNotReady(**translation(HomeAssistantBackupRunning()))
    try:
        with catch_unexpected(passing=(HomeAssistantError,)):
            async with gate.writing(entry.title):
                is_there = await in_thread(relocate.settle, source, target, state.repository_id)
    except CheckpointError as error:
        raise ConfigEntryNotReady(**translation(error)) from error
    if is_there:
        LOGGER.warning("%s: finished moving the backups to %s", entry.title, target)
        storage = storage_values(hass, entry, target.parent)
        hass.config_entries.async_update_entry(
            entry, options={**entry.options, SECTION_STORAGE: storage}
        )
    else:
        state.moving_to = None
        await state.save()
