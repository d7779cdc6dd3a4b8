"""Choosing when a Pi-hole is backed up, what is kept of it, and where."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_URL
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from .const import CONF_FOLDER, DOMAIN
from .engine.policy.schedule import Frequency
from .option_effects import effect_of, effect_of_restore
from .options import (
    CONF_COMPARE_WITH,
    CONF_FREQUENCY,
    CONF_PARENT,
    CONF_TIME,
    CONF_WEEKDAYS,
    SECTION_BACKUP,
    SECTION_COMPARE,
    SECTION_RETENTION,
    SECTION_SCHEDULE,
    SECTION_STORAGE,
    WEEKDAYS,
    chosen_values,
    other_piholes,
    read_options,
    storage_values,
)
from .schemas import OPTIONS_SCHEMAS, compare_schema, grouped, ungrouped
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
    """An error in what a user entered, and the field at which it is shown."""

    def __init__(self, key: str, where: str = "base", **placeholders: str) -> None:
        super().__init__(key)
        self.errors = {where: key}
        self.placeholders = placeholders


class PiholeCheckpointOptionsFlow(OptionsFlowWithReload):
    """A menu, and a page for each section of the options, which saves that section alone."""

    async def async_step_init(
        self, _user_input: Mapping[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the menu."""
        compare = ["compare"] if self._others() else []
        return self.async_show_menu(
            step_id="init",
            menu_options=["schedule", "retention", "storage", "restore", *compare, "advanced"],
        )

    async def async_step_schedule(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose when backups are made."""
        return await self._async_page("schedule", SECTION_SCHEDULE, user_input)

    async def async_step_retention(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose what is kept."""
        return await self._async_page("retention", SECTION_RETENTION, user_input)

    async def async_step_storage(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose the backup folder."""
        return await self._async_page("storage", SECTION_STORAGE, user_input)

    async def async_step_advanced(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose how a backup is made."""
        return await self._async_page("advanced", SECTION_BACKUP, user_input)

    async def async_step_compare(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose with which Pi-hole this one is compared."""
        return await self._async_page("compare", SECTION_COMPARE, user_input)

    def _others(self) -> dict[str, str]:
        """Return the titles of the other Pi-holes, by the IDs of their entries."""
        return {
            entry.entry_id: entry.title for entry in other_piholes(self.hass, self.config_entry)
        }

    async def async_step_restore(
        self, _user_input: Mapping[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say what can be restored. There is nothing to choose but the way back."""
        return self.async_show_menu(
            step_id="restore",
            menu_options=["init"],
            description_placeholders={
                "effect": effect_of_restore(self.hass, self.config_entry),
                "all_settings": f"{self.config_entry.data[CONF_URL]}/admin/settings/all",
            },
        )

    async def _async_page(
        self, step: str, section: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Show one section, and store it beside the others when it was changed."""
        rejected: _Rejected | None = None
        schema = self._schema(section)
        values = self._chosen(section)
        if user_input is not None:
            values = ungrouped(schema, user_input)
            try:
                accepted = await self._async_accept(section, values)
            except _Rejected as caught:
                rejected = caught
            else:
                return self.async_create_entry(
                    data={**self.config_entry.options, section: accepted}
                )
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, grouped(schema, values)),
            errors=rejected.errors if rejected else {},
            description_placeholders={
                "config": self.hass.config.config_dir,
                "effect": effect_of(section, self.hass, self.config_entry),
                **(rejected.placeholders if rejected else {}),
            },
            last_step=True,
        )

    def _chosen(self, section: str) -> Mapping[str, Any]:
        values = chosen_values(self.hass, self.config_entry)[section]
        if section == SECTION_COMPARE and values.get(CONF_COMPARE_WITH) not in self._others():
            return {}  # a Pi-hole that is gone could not be saved again
        return values

    def _schema(self, section: str) -> vol.Schema:
        if section == SECTION_COMPARE:
            return compare_schema(self._others())
        return OPTIONS_SCHEMAS[section]

    async def _async_accept(self, section: str, entered: Mapping[str, Any]) -> Mapping[str, Any]:
        """Check the input, and move the backups if their folder changes."""
        if section == SECTION_STORAGE:
            return await self._async_place(entered[CONF_PARENT])
        if section != SECTION_SCHEDULE:
            return entered
        if entered[CONF_FREQUENCY] == Frequency.WEEKDAYS and not entered[CONF_WEEKDAYS]:
            raise _Rejected("no_weekdays", CONF_WEEKDAYS)
        return {
            **entered,
            CONF_TIME: cv.time(entered[CONF_TIME]).isoformat(),
            CONF_WEEKDAYS: [day for day in WEEKDAYS if day in entered[CONF_WEEKDAYS]],
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
            raise _Rejected("parent_missing", CONF_PARENT, folder=typed) from error
        if parent == Path(chosen).resolve():
            return None
        if not self._is_allowed(parent):
            raise _Rejected("parent_not_allowed", CONF_PARENT, folder=str(parent))
        if not parent.is_dir():
            raise _Rejected("parent_missing", CONF_PARENT, folder=str(parent))
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
