"""What came of the last backup and the last restore, kept where a restart does not lose it."""

from datetime import datetime
from pathlib import Path
from typing import Final, NotRequired, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, LOGGER
from ..data import Attempt, Result, Undo, UnfinishedRestore
from ..engine.aio import in_thread
from ..engine.errors import HomeAssistantBackupRunning, Stopping
from ..engine.models import BackupTrigger, RestorePart
from ..engine.pihole.errors import CheckpointError
from ..engine.repository import relocate
from ..engine.unexpected import catch_unexpected
from ..exceptions import translation
from ..freeze import async_get_freeze
from ..options import SECTION_STORAGE, read_options, storage_values

_VERSION: Final = 1
"""What is added has no new one as long as a release that does not know it may pass it over: such a
release keeps it as it is. For everything else there is a new one, which older releases leave alone.
"""


class _StoredRestore(TypedDict):
    at: str
    backup_id: str
    safety: str | None


class _StoredUndo(TypedDict):
    backup_id: str
    parts: list[str]


class _Stored(TypedDict):
    mark: str | None
    attempt: _StoredAttempt | None
    patrolled_id: str | None
    patrolled_at: str | None
    unfinished: NotRequired[_StoredRestore | None]
    undo: NotRequired[_StoredUndo | None]
    moving_to: NotRequired[str | None]


_EMPTY: Final[_Stored] = {
    "mark": None,
    "attempt": None,
    "patrolled_id": None,
    "patrolled_at": None,
}


class _StoredAttempt(TypedDict):
    at: str
    trigger: str
    result: str
    reason: str | None
    placeholders: dict[str, str]


class PersistentState:
    """What one Pi-hole's entry remembers from one start to the next, beside its backups."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._file: Store[_Stored] = Store(hass, _VERSION, f"{DOMAIN}.{entry_id}", private=True)
        self._read = _EMPTY
        self.attempt: Attempt | None = None
        self.mark: str | None = None
        """By which the store's folder is known again, see `Store.prepare` of the engine."""
        self.patrolled_id: str | None = None
        """The archive that was read again last."""
        self.patrolled_at: datetime | None = None
        self.unfinished: UnfinishedRestore | None = None
        """After a start, the restore that was under way when Home Assistant ended."""
        self.undo: Undo | None = None
        self.moving_to: Path | None = None
        """The folder to which the store was moved, as long as that may not be in the options."""

    async def load(self) -> None:
        """Read it. What was running when Home Assistant ended has not come to anything.

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
        self._read = stored
        self.mark = stored["mark"]
        self.patrolled_id = stored["patrolled_id"]
        if (at := stored["patrolled_at"]) is not None:
            self.patrolled_at = datetime.fromisoformat(at)
        if (restore := stored.get("unfinished")) is not None:
            self.unfinished = UnfinishedRestore(
                at=datetime.fromisoformat(restore["at"]),
                backup_id=restore["backup_id"],
                safety=restore["safety"],
            )
        if (undo := stored.get("undo")) is not None:
            parts = tuple(map(RestorePart, undo["parts"]))
            self.undo = Undo(backup_id=undo["backup_id"], parts=parts)
        if (moving_to := stored.get("moving_to")) is not None:
            self.moving_to = Path(moving_to)
        if (known := stored["attempt"]) is None:
            return
        self.attempt = Attempt(
            at=datetime.fromisoformat(known["at"]),
            trigger=BackupTrigger(known["trigger"]),
            result=Result(known["result"]),
            reason=known["reason"],
            placeholders=known["placeholders"],
        )
        if self.attempt.result is Result.RUNNING:
            self.attempt = self.attempt.failed(Stopping())

    async def save(self) -> None:
        """Write it at once."""
        await self._file.async_save(self._stored())

    def save_soon(self) -> None:
        """Write it within a second, or when Home Assistant stops before."""
        self._file.async_delay_save(self._stored, 1)

    def _stored(self) -> _Stored:
        return {
            **self._read,  # a later release may have added something
            "mark": self.mark,
            "patrolled_id": self.patrolled_id,
            "patrolled_at": None if self.patrolled_at is None else self.patrolled_at.isoformat(),
            "attempt": None if self.attempt is None else _stored_attempt(self.attempt),
            "unfinished": None if self.unfinished is None else _stored_restore(self.unfinished),
            "undo": None
            if self.undo is None
            else {"backup_id": self.undo.backup_id, "parts": [*self.undo.parts]},
            "moving_to": None if self.moving_to is None else str(self.moving_to),
        }

    async def remove(self) -> None:
        """Forget everything."""
        await self._file.async_remove()


def _stored_restore(restore: UnfinishedRestore) -> _StoredRestore:
    return {
        "at": restore.at.isoformat(),
        "backup_id": restore.backup_id,
        "safety": restore.safety,
    }


def _stored_attempt(attempt: Attempt) -> _StoredAttempt:
    return {
        "at": attempt.at.isoformat(),
        "trigger": attempt.trigger,
        "result": attempt.result,
        "reason": attempt.reason,
        "placeholders": attempt.placeholders,
    }


async def async_settle_move(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Complete it or take it back, so that the options say where the backups are."""
    memory = PersistentState(hass, entry.entry_id)
    await memory.load()
    source, target = read_options(hass, entry).store, memory.moving_to
    if target is None or memory.mark is None:
        return
    if target == source:
        if hass.state is not CoreState.running:  # so that is what the disk says
            memory.moving_to = None
            await memory.save()
        return
    quiet = async_get_freeze(hass)
    if quiet.is_now:
        raise ConfigEntryNotReady(**translation(HomeAssistantBackupRunning()))
    try:
        with catch_unexpected(passing=(HomeAssistantError,)):
            settling = in_thread(relocate.settle, source, target, memory.mark)
            is_there = await quiet.outside(entry.title, settling)
    except CheckpointError as error:
        raise ConfigEntryNotReady(**translation(error)) from error
    if is_there:
        LOGGER.warning("%s: the backups lie in %s; their move is complete now", entry.title, target)
        storage = storage_values(hass, entry, target.parent)
        hass.config_entries.async_update_entry(
            entry, options={**entry.options, SECTION_STORAGE: storage}
        )
    else:
        memory.moving_to = None
        await memory.save()
