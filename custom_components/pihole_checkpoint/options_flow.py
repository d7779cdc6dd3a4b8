"""Choosing when a Pi-hole is backed up, what is kept of it, and where."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from .const import CONF_FOLDER, DOMAIN
from .engine.policy.schedule import Frequency
from .options import (
    CONF_FREQUENCY,
    CONF_PARENT,
    CONF_TIME,
    CONF_WEEKDAYS,
    SECTION_SCHEDULE,
    SECTION_STORAGE,
    WEEKDAYS,
    chosen_values,
    read_options,
    storage_values,
)
from .schemas import OPTIONS_SCHEMA
from .wording import async_get_words

_TAKEN: Final = frozenset(
    {
        *("backups", "blueprints", "custom_components", "custom_sentences", "custom_templates"),
        *("custom_wake_words", "deps", "image", "python_scripts", "themes", "tmp_backups", "tts"),
        "www",
    }
)
"""Folders of Home Assistant itself, and those whose files it shows to everybody."""


class _Rejected(Exception):
    """An error in what a user entered; for a field of a section it is shown at the section."""

    def __init__(self, key: str, where: str = "base", **placeholders: str) -> None:
        super().__init__(key)
        self.errors = {where: key}
        self.placeholders = placeholders


class PiholeCheckpointOptionsFlow(OptionsFlowWithReload):
    """One form for all options."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the options, and store the changed ones."""
        rejected: _Rejected | None = None
        if user_input is not None:
            try:
                return self.async_create_entry(data=await self._async_accept(user_input))
            except _Rejected as caught:
                rejected = caught
        values = user_input or chosen_values(self.hass, self.config_entry)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(OPTIONS_SCHEMA, values),
            errors=rejected.errors if rejected else {},
            description_placeholders={
                "config": self.hass.config.config_dir,
                **(rejected.placeholders if rejected else {}),
            },
        )

    async def _async_accept(self, entered: Mapping[str, Any]) -> dict[str, Any]:
        """Check the input, move the backups if their folder changes, and return the options."""
        schedule = entered[SECTION_SCHEDULE]
        if schedule[CONF_FREQUENCY] == Frequency.WEEKDAYS and not schedule[CONF_WEEKDAYS]:
            raise _Rejected("no_weekdays", SECTION_SCHEDULE)
        return {
            **entered,
            SECTION_SCHEDULE: {
                **schedule,
                CONF_TIME: cv.time(schedule[CONF_TIME]).isoformat(),
                CONF_WEEKDAYS: [day for day in WEEKDAYS if day in schedule[CONF_WEEKDAYS]],
            },
            # Last, because it moves files.
            SECTION_STORAGE: await self._async_place(entered[SECTION_STORAGE][CONF_PARENT]),
        }

    async def _async_place(self, typed: str) -> dict[str, str]:
        """Move the backups to this folder."""
        chosen = chosen_values(self.hass, self.config_entry)[SECTION_STORAGE][CONF_PARENT]
        parent = await self.hass.async_add_executor_job(self._checked, typed, chosen)
        if parent is None:
            return dict(self.config_entry.options.get(SECTION_STORAGE, {}))
        if self.config_entry.state is not ConfigEntryState.LOADED:
            raise _Rejected("not_loaded")
        try:
            await self.config_entry.runtime_data.manager.async_move_repository(parent)
        except HomeAssistantError as error:
            reason = async_get_words(self.hass).raised(error)
            raise _Rejected("move_failed", reason=reason) from error
        return storage_values(self.hass, self.config_entry, parent)

    def _checked(self, typed: str, chosen: str) -> Path | None:
        """Return the folder that was typed, or `None` if it is the present one. Blocks."""
        config = Path(self.hass.config.config_dir)
        try:
            parent = Path(config, typed.strip()).resolve()
        except ValueError as error:  # a null byte
            raise _Rejected("parent_missing", SECTION_STORAGE, folder=typed) from error
        if parent == Path(chosen).resolve():
            return None
        if not self._is_allowed(parent):
            raise _Rejected("parent_not_allowed", SECTION_STORAGE, folder=str(parent))
        if not parent.is_dir():
            raise _Rejected("parent_missing", SECTION_STORAGE, folder=str(parent))
        # The configuration folder may be a link: keep the name that Home Assistant uses.
        inside = config.resolve()
        return config / parent.relative_to(inside) if parent.is_relative_to(inside) else parent

    def _is_allowed(self, parent: Path) -> bool:
        config = Path(self.hass.config.config_dir).resolve()
        store = parent / self.config_entry.data[CONF_FOLDER]
        for entry in self.hass.config_entries.async_entries(DOMAIN, include_ignore=False):
            other = read_options(self.hass, entry).store.resolve()
            if store.is_relative_to(other) or other.is_relative_to(store):
                return False  # one repository inside another
        if not store.is_relative_to(config):
            return self.hass.config.is_allowed_path(str(parent)) and not config.is_relative_to(
                store
            )
        top, *below = store.relative_to(config).parts
        return bool(below) and not top.startswith(".") and top.casefold() not in _TAKEN
