"""The forms of the flows."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
    TimeSelector,
)

from .engine.pihole.errors import (
    CheckpointError,
    HttpsNeeded,
    InvalidUrl,
    PasswordNeeded,
    Redirected,
    TlsNotTrusted,
    TotpRequired,
    WrongPassword,
)
from .engine.policy.schedule import Frequency
from .options import (
    CONF_BEFORE_HA_BACKUP,
    CONF_COMPARE_WITH,
    CONF_DAILY,
    CONF_DEADLINE,
    CONF_FREQUENCY,
    CONF_LAST,
    CONF_MANUAL,
    CONF_MAX_AGE,
    CONF_MONTHLY,
    CONF_PARENT,
    CONF_SKIP_UNCHANGED,
    CONF_TIME,
    CONF_WEEKDAYS,
    CONF_WEEKLY,
    CONF_YEARLY,
    MAX_DEADLINE,
    MIN_DEADLINE,
    SECTION_BACKUP,
    SECTION_MORE,
    SECTION_RETENTION,
    SECTION_SCHEDULE,
    SECTION_STORAGE,
    WEEKDAYS,
)

_PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
PASSWORD_SCHEMA: Final = vol.Schema({vol.Required(CONF_PASSWORD): _PASSWORD})
MAYBE_PASSWORD_SCHEMA: Final = vol.Schema({vol.Optional(CONF_PASSWORD, default=""): _PASSWORD})
_FIELDS: Final[Mapping[type[CheckpointError], str]] = {
    InvalidUrl: CONF_URL,
    Redirected: CONF_URL,
    HttpsNeeded: CONF_URL,
    TlsNotTrusted: CONF_VERIFY_SSL,
    WrongPassword: CONF_PASSWORD,
    PasswordNeeded: CONF_PASSWORD,
    TotpRequired: CONF_PASSWORD,
}


def address_schema(offered: list[str]) -> vol.Schema:
    """Return the form for an address, with the known ones to pick from."""
    address: TextSelector | SelectSelector = TextSelector(TextSelectorConfig(autocomplete="off"))
    if offered:
        address = SelectSelector(
            SelectSelectorConfig(
                options=offered, custom_value=True, mode=SelectSelectorMode.DROPDOWN
            )
        )
    return vol.Schema(
        {
            vol.Required(CONF_URL): address,
            vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
        }
    )


def errors_on(schema: vol.Schema, error: CheckpointError | None) -> dict[str, str]:
    """Return the errors of a form, at the field that they are about if the form has it."""
    if error is None:
        return {}
    field = _FIELDS.get(type(error), "base")
    return {field if field in schema.schema else "base": error.key}


_MAX_COUNT = 1000
_MAX_DAYS = 36_500


def _number(low: int, high: int, unit: str | None = None) -> vol.All[int]:
    config = NumberSelectorConfig(min=low, max=high, step=1, mode=NumberSelectorMode.BOX)
    if unit is not None:
        config["unit_of_measurement"] = unit
    return vol.All(NumberSelector(config), vol.Coerce(int))


def _select(key: str, options: Iterable[str], *, multiple: bool = False) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            multiple=multiple,
            mode=SelectSelectorMode.LIST if multiple else SelectSelectorMode.DROPDOWN,
            translation_key=key,
        )
    )


OPTIONS_SCHEMAS: Final[Mapping[str, vol.Schema]] = {
    SECTION_SCHEDULE: vol.Schema(
        {
            vol.Required(CONF_FREQUENCY): _select(CONF_FREQUENCY, Frequency),
            vol.Required(CONF_TIME): TimeSelector(),
            vol.Required(CONF_WEEKDAYS): _select(CONF_WEEKDAYS, WEEKDAYS, multiple=True),
        }
    ),
    SECTION_RETENTION: vol.Schema(
        {
            vol.Required(CONF_LAST): _number(1, _MAX_COUNT),
            vol.Required(CONF_DAILY): _number(0, _MAX_COUNT),
            vol.Required(CONF_WEEKLY): _number(0, _MAX_COUNT),
            vol.Required(CONF_MONTHLY): _number(0, _MAX_COUNT),
            vol.Required(CONF_YEARLY): _number(0, _MAX_COUNT),
            vol.Required(SECTION_MORE): section(
                vol.Schema(
                    {
                        vol.Required(CONF_MANUAL): _number(0, _MAX_COUNT),
                        vol.Required(CONF_MAX_AGE): _number(0, _MAX_DAYS, UnitOfTime.DAYS),
                    }
                ),
                {"collapsed": True},
            ),
        }
    ),
    SECTION_STORAGE: vol.Schema({vol.Required(CONF_PARENT): TextSelector()}),
    SECTION_BACKUP: vol.Schema(
        {
            vol.Required(CONF_DEADLINE): _number(MIN_DEADLINE, MAX_DEADLINE, UnitOfTime.SECONDS),
            vol.Required(CONF_SKIP_UNCHANGED): BooleanSelector(),
            vol.Required(CONF_BEFORE_HA_BACKUP): BooleanSelector(),
        }
    ),
}
"""The form of each section of the options."""


def grouped(schema: vol.Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a form has them: those of a section of it under the section's name."""
    sections = {
        str(name): {str(field): values[field] for field in kind.schema.schema}
        for name, kind in schema.schema.items()
        if isinstance(kind, section)
    }
    within = {field for some in sections.values() for field in some}
    own = {field: value for field, value in values.items() if field not in within}
    return own | sections


def ungrouped(schema: vol.Schema, entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was entered into a form as it is stored: without sections."""
    values: dict[str, Any] = {}
    for field, value in entered.items():
        kind = schema.schema.get(field)
        values |= ungrouped(kind.schema, value) if isinstance(kind, section) else {field: value}
    return values


def compare_schema(titles: Mapping[str, str]) -> vol.Schema:
    """Return the form for the Pi-hole to compare with. `titles` are by the IDs of the entries."""
    options = [SelectOptionDict(value=id_, label=title) for id_, title in titles.items()]
    config = SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN)
    return vol.Schema({vol.Optional(CONF_COMPARE_WITH): SelectSelector(config)})
