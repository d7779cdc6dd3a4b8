"""The options of one Pi-hole, and their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .const import CONF_FOLDER, DOMAIN
from .engine.export import DEADLINE_SECONDS
from .engine.models import Policy
from .engine.policy.schedule import Frequency, Schedule

SECTION_SCHEDULE: Final = "schedule"
CONF_FREQUENCY: Final = "frequency"
CONF_TIME: Final = "time"
CONF_WEEKDAYS: Final = "weekdays"

SECTION_RETENTION: Final = "retention"
CONF_LAST: Final = "last"
CONF_DAILY: Final = "daily"
CONF_WEEKLY: Final = "weekly"
CONF_MONTHLY: Final = "monthly"
CONF_YEARLY: Final = "yearly"
CONF_MANUAL: Final = "manual"
CONF_MAX_AGE: Final = "max_age"
"""In days; 0: nothing is ever too old."""
SECTION_MORE: Final = "more"
"""Of the form alone: what few users change. It is stored beside the other rules."""

SECTION_STORAGE: Final = "storage"
CONF_PARENT: Final = "parent"
"""The folder in which the Pi-hole's own folder lies."""

SECTION_BACKUP: Final = "backup"
CONF_DEADLINE: Final = "deadline"
"""In seconds."""
CONF_BEFORE_HA_BACKUP: Final = "before_ha_backup"
CONF_SKIP_UNCHANGED: Final = "skip_unchanged"

SECTION_COMPARE: Final = "compare"
CONF_COMPARE_WITH: Final = "compare_with"
"""The entry of the Pi-hole with which this one is compared; left out: the first other one."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIN_DEADLINE: Final = 10
MAX_DEADLINE: Final = 600
_FIRST_MINUTE = 3 * 60
_SPREAD_MINUTES = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """All options, as the engine and the manager need them."""

    schedule: Schedule
    policy: Policy
    store: Path
    deadline: float
    before_ha_backup: bool
    skip_unchanged: bool
    """Whether a routine backup is only stored when something has changed."""
    compare_with: str | None


def default_values(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, dict[str, Any]]:
    """Return the defaults, in the shape of the options flow."""
    policy = Policy()
    # Several Pi-holes start at different times, but each at the same time every day.
    minute = _FIRST_MINUTE + crc32(str(entry.data[CONF_FOLDER]).encode()) % _SPREAD_MINUTES
    return {
        SECTION_SCHEDULE: {
            CONF_FREQUENCY: Frequency.DAILY.value,
            CONF_TIME: f"{minute // 60:02}:{minute % 60:02}:00",
            CONF_WEEKDAYS: list(WEEKDAYS),
        },
        SECTION_RETENTION: {
            CONF_LAST: policy.last,
            CONF_DAILY: policy.daily,
            CONF_WEEKLY: policy.weekly,
            CONF_MONTHLY: policy.monthly,
            CONF_YEARLY: policy.yearly,
            CONF_MANUAL: policy.manual,
            CONF_MAX_AGE: 0,
        },
        SECTION_STORAGE: {CONF_PARENT: hass.config.path(DOMAIN)},
        SECTION_BACKUP: {
            CONF_DEADLINE: DEADLINE_SECONDS,
            CONF_BEFORE_HA_BACKUP: True,
            CONF_SKIP_UNCHANGED: True,
        },
        SECTION_COMPARE: {},
    }


def chosen_values(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, dict[str, Any]]:
    """Return the present options, in the shape of the options flow."""
    return {
        section: {**defaults, **entry.options.get(section, {})}
        for section, defaults in default_values(hass, entry).items()
    }


def other_piholes(hass: HomeAssistant, entry: ConfigEntry) -> list[ConfigEntry]:
    """Return the entries of the other Pi-holes, in the order in which they were added."""
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    return [other for other in entries if other.entry_id != entry.entry_id]


def storage_values(hass: HomeAssistant, entry: ConfigEntry, parent: Path) -> dict[str, str]:
    """Return the choice of a folder as it is stored.

    The usual place is not kept by name: it is another one where the configuration moves to.
    """
    default = default_values(hass, entry)[SECTION_STORAGE][CONF_PARENT]
    return {} if str(parent) == default else {CONF_PARENT: str(parent)}


def read_options(hass: HomeAssistant, entry: ConfigEntry) -> Options:
    """Read the options of one Pi-hole."""
    values = chosen_values(hass, entry)
    backup = values[SECTION_BACKUP]
    return Options(
        schedule=_schedule(values[SECTION_SCHEDULE]),
        policy=_policy(values[SECTION_RETENTION]),
        store=Path(values[SECTION_STORAGE][CONF_PARENT], entry.data[CONF_FOLDER]),
        deadline=float(backup[CONF_DEADLINE]),
        before_ha_backup=bool(backup[CONF_BEFORE_HA_BACKUP]),
        skip_unchanged=bool(backup[CONF_SKIP_UNCHANGED]),
        compare_with=values[SECTION_COMPARE].get(CONF_COMPARE_WITH),
    )


def _schedule(values: Mapping[str, Any]) -> Schedule:
    return Schedule(
        frequency=Frequency(values[CONF_FREQUENCY]),
        at=time.fromisoformat(values[CONF_TIME]).replace(second=0),
        weekdays=frozenset(WEEKDAYS.index(day) for day in values[CONF_WEEKDAYS]),
    )


def _policy(values: Mapping[str, Any]) -> Policy:
    # Forms return whole numbers as 10.0.
    numbers = {name: int(number) for name, number in values.items()}
    days = numbers.pop(CONF_MAX_AGE)
    return Policy(**numbers, max_age=timedelta(days=days) if days else None)
