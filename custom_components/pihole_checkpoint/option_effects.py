"""What the present options of a Pi-hole lead to, in words for the pages of its options."""

from math import ceil
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .coordinator import PiholeCheckpointConfigEntry
from .data import CheckpointData
from .engine.models import BackupTrigger
from .engine.policy.estimate import most_kept
from .options import (
    SECTION_COMPARE,
    SECTION_RETENTION,
    SECTION_SCHEDULE,
    SECTION_STORAGE,
    read_options,
)
from .wording import Words, async_get_words

_THOUSAND: Final = 1000
_UNITS: Final = ("B", "kB", "MB", "GB")


def effect_of(section: str, hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> str:
    """Return what the chosen values of a section lead to; nothing if that is not known."""
    words = async_get_words(hass)
    snapshot = _snapshot(entry)
    if section == SECTION_RETENTION:
        return _retention(hass, entry, snapshot, words)
    if snapshot is None or section == SECTION_COMPARE:
        return ""
    if section == SECTION_SCHEDULE:
        return _schedule(snapshot, words)
    if not snapshot.is_known:
        return ""
    return _storage(snapshot, words) if section == SECTION_STORAGE else _duration(snapshot, words)


def effect_of_restore(hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> str:
    """Return whether settings can be restored, as far as restores and previews have shown."""
    words = async_get_words(hass)
    allowed = (
        entry.runtime_data.manager.restores.may_change_settings
        if entry.state is ConfigEntryState.LOADED
        else None
    )
    match allowed:
        case None:
            return words.say("effect_settings_unknown")
        case True:
            return words.say("effect_settings_allowed")
        case False:
            return words.say("needs_permission_hint")


def _snapshot(entry: PiholeCheckpointConfigEntry) -> CheckpointData | None:
    return entry.runtime_data.data if entry.state is ConfigEntryState.LOADED else None


def _schedule(snapshot: CheckpointData, words: Words) -> str:
    if snapshot.next_run is None:
        return f"{words.say('not_scheduled')}."
    at = f"{dt_util.as_local(snapshot.next_run):%Y-%m-%d %H:%M}"
    return f"{words.say('next_backup')}: {at}."


def _retention(
    hass: HomeAssistant,
    entry: PiholeCheckpointConfigEntry,
    snapshot: CheckpointData | None,
    words: Words,
) -> str:
    policy = read_options(hass, entry).policy
    # One that came from outside may be another Pi-hole's.
    sizes = [
        record.file_size
        for record in (snapshot.good if snapshot and snapshot.is_known else ())
        if record.trigger is not BackupTrigger.ADOPTED
    ]
    largest = max(sizes, default=0)
    automatic, manual = most_kept(policy), policy.manual
    return " ".join(
        (
            _with_size(words.counted("effect_kept", automatic), automatic * largest),
            _with_size(words.say("effect_by_hand", count=str(manual)), manual * largest),
        )
    )


def _storage(snapshot: CheckpointData, words: Words) -> str:
    return _with_size(
        words.counted("effect_stored", len(snapshot.index.records)), snapshot.index.size
    )


def _duration(snapshot: CheckpointData, words: Words) -> str:
    if snapshot.current is None or snapshot.current.duration is None:
        return ""
    return f"{words.counted('effect_took', max(1, ceil(snapshot.current.duration)))}."


def _with_size(text: str, size: int) -> str:
    return f"{text}, {_size(size)}." if size else f"{text}."


def _size(number: int) -> str:
    """Return a size in whole units."""
    amount = float(number)
    for unit in _UNITS:
        # What would be shown as 1000 of a unit is 1 of the next one.
        if round(amount) < _THOUSAND or unit == _UNITS[-1]:
            break
        amount /= _THOUSAND
    return f"{amount:.0f} {unit}"
