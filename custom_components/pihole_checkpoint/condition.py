"""The condition for automations: the current backup is older than some time."""

from datetime import datetime, timedelta
from typing import Final, Unpack, cast, override

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import Condition, ConditionCheckParams, ConditionConfig
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from .coordinator import PiholeCheckpointConfigEntry
from .targets import async_targeted_entries

CONF_AGE: Final = "age"
CONF_BEHAVIOR: Final = "behavior"
ANY: Final = "any"
ALL: Final = "all"

_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_TARGET): cv.TARGET_FIELDS,
        vol.Required(CONF_OPTIONS): {
            vol.Required(CONF_AGE): cv.positive_time_period,
            vol.Optional(CONF_BEHAVIOR, default=ANY): vol.In([ANY, ALL]),
        },
    }
)


class BackupOlderThan(Condition):
    """Holds when the current backups of the targeted Pi-holes are too old, or not known.

    Nobody should be calm because of a Pi-hole that is not set up, or whose folder is away. One that
    the user has disabled is left out.
    """

    @classmethod
    @override
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        return cast("ConfigType", _SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        super().__init__(hass, config)
        options = config.options or {}
        self._target = config.target
        self._age: timedelta = options[CONF_AGE]
        self._needs_all = options[CONF_BEHAVIOR] == ALL

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        now = dt_util.utcnow()
        old = [
            _is_older(entry, now, self._age)
            for entry in async_targeted_entries(self._hass, self._target)
            if entry.disabled_by is None
        ]
        return all(old) and bool(old) if self._needs_all else any(old)


def _is_older(entry: PiholeCheckpointConfigEntry, now: datetime, age: timedelta) -> bool:
    if entry.state is not ConfigEntryState.LOADED:
        return True
    last_backup = entry.runtime_data.data.last_backup
    return last_backup is None or now - last_backup > age


_CONDITIONS: Final[dict[str, type[Condition]]] = {"backup_older_than": BackupOlderThan}


async def async_get_conditions(_hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of this integration."""
    return _CONDITIONS
