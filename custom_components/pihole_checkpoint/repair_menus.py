"""The dialogs under Repairs in which the user chooses what is done about an issue."""

from collections.abc import Awaitable, Callable
from inspect import signature
from typing import TYPE_CHECKING, ClassVar, Final

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow
from homeassistant.config_entries import ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.service import async_get_config_entry

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry, PiholeCheckpointCoordinator
from .engine.errors import BackupNotFound
from .engine.models import BackupTrigger
from .exceptions import translated
from .wording import async_get_words

if TYPE_CHECKING:  # the oldest Home Assistant that is supported does not have it
    from homeassistant.components.repairs import RepairsFlowResult


def loaded(hass: HomeAssistant, entry_id: str) -> PiholeCheckpointCoordinator | None:
    """Return the coordinator of an entry, if it is loaded."""
    try:
        entry: PiholeCheckpointConfigEntry = async_get_config_entry(hass, DOMAIN, entry_id)
    except ServiceValidationError:
        return None
    return entry.runtime_data


type _Remedy = Callable[[PiholeCheckpointCoordinator], Awaitable[str | None]]
"""Does something about an issue, and returns the reason why that did not help, if so."""


class _Menu(RepairsFlow):
    """Show what an issue is about, and a choice of remedies."""

    choices: ClassVar[list[str]]

    def __init__(self, entry_id: str) -> None:
        self._entry_id = entry_id

    @property
    def _placeholders(self) -> dict[str, str] | None:
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return issue.translation_placeholders if issue else None

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask what to do."""
        return self.async_show_menu(
            step_id="init", menu_options=self.choices, description_placeholders=self._placeholders
        )

    async def _apply(self, remedy: _Remedy) -> RepairsFlowResult:
        """Do something, and close the issue if that helped."""
        if (coordinator := loaded(self.hass, self._entry_id)) is None:
            return self.async_abort(reason="not_loaded")
        try:
            reason = await remedy(coordinator)
        except HomeAssistantError as error:
            return self._failed(async_get_words(self.hass).raised(error))
        return self.async_abort(reason=reason) if reason else self.async_create_entry(data={})

    def _failed(self, message: str) -> RepairsFlowResult:
        return self.async_abort(reason="failed", description_placeholders={"message": message})

    def _ask_to_delete(self) -> RepairsFlowResult:
        return self.async_show_form(
            step_id="delete",
            data_schema=vol.Schema({}),
            description_placeholders=self._placeholders,
        )


class OverdueFlow(_Menu):
    """About a scheduled backup that is missing."""

    choices: ClassVar = ["back_up"]

    async def async_step_back_up(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Back up now."""

        async def back_up(coordinator: PiholeCheckpointCoordinator) -> None:
            await coordinator.manager.async_back_up(BackupTrigger.BUTTON)

        return await self._apply(back_up)


class DamagedFlow(_Menu):
    """About backups that are no longer what was stored."""

    choices: ClassVar = ["check", "delete"]

    def __init__(self, entry_id: str) -> None:
        super().__init__(entry_id)
        self._ids: list[str] = []
        """Of the backups that the user has seen as damaged."""

    async def async_step_check(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Read them again."""

        async def check(coordinator: PiholeCheckpointCoordinator) -> str | None:
            index = coordinator.manager.repository.index
            await _each(coordinator.manager.async_verify, [record.id for record in index.bad])
            return "still_damaged" if coordinator.manager.repository.index.bad else None

        return await self._apply(check)

    async def async_step_delete(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Delete them, once the user has confirmed it."""
        if user_input is None:
            if (coordinator := loaded(self.hass, self._entry_id)) is not None:
                self._ids = [record.id for record in coordinator.manager.repository.index.bad]
            return self._ask_to_delete()

        async def delete(coordinator: PiholeCheckpointCoordinator) -> None:
            # Their files may have been put back while the dialog was open.
            await _each(coordinator.manager.async_verify, self._ids)
            bad = {record.id for record in coordinator.manager.repository.index.bad}
            await _each(coordinator.manager.async_delete, [id_ for id_ in self._ids if id_ in bad])

        return await self._apply(delete)


async def _each(do: Callable[[str], Awaitable[object]], ids: list[str]) -> None:
    for id_ in ids:
        try:
            await do(id_)
        except ServiceValidationError as error:
            if error.translation_key != BackupNotFound.key:  # else it is gone by now
                raise


class RefusedFlow(_Menu):
    """About files in the folder that are no backups, or cannot be read."""

    choices: ClassVar = ["delete", "ignore"]

    def __init__(self, entry_id: str) -> None:
        super().__init__(entry_id)
        self._names: list[str] = []
        """Of the files that the user has seen."""

    async def async_step_delete(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Delete them, once the user has confirmed it."""
        if user_input is None:
            if (coordinator := loaded(self.hass, self._entry_id)) is not None:
                self._names = [*coordinator.manager.repository.refused]
            return self._ask_to_delete()

        async def delete(coordinator: PiholeCheckpointCoordinator) -> None:
            await coordinator.manager.async_delete_refused(self._names)
            await coordinator.async_refresh()

        return await self._apply(delete)

    async def async_step_ignore(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Leave them there, and hide the issue."""
        if self._placeholders is not None:
            ir.async_ignore_issue(self.hass, DOMAIN, self.issue_id, ignore=True)
        return self.async_abort(reason="ignored")


class FolderFlow(_Menu):
    """About a folder that cannot be used."""

    choices: ClassVar = ["try_again", "choose_folder"]

    async def async_step_try_again(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Look at the folder again, and store a backup if that is what failed."""
        if (entry := self.hass.config_entries.async_get_entry(self._entry_id)) is None:
            return self.async_abort(reason="not_loaded")
        if entry.state in _TO_LOAD_AGAIN:
            await self.hass.config_entries.async_reload(entry.entry_id)
            if entry.state in _TO_LOAD_AGAIN:
                return self._failed(entry.reason or "")

        async def look(coordinator: PiholeCheckpointCoordinator) -> None:
            await coordinator.async_refresh()
            if (error := coordinator.data.storage_error) is not None:
                raise translated(error)
            if coordinator.data.has_failed:
                await coordinator.manager.async_back_up(BackupTrigger.BUTTON)

        return await self._apply(look)

    async def async_step_choose_folder(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Go on with the options, where the folder is one of them."""
        if (
            self.hass.config_entries.async_get_entry(self._entry_id) is None
            or "next_flow" not in signature(RepairsFlow.async_abort).parameters
        ):  # the oldest Home Assistant that is supported goes on with nothing: the text says where
            return self.async_abort(reason="choose_folder")
        options = self.hass.config_entries.options
        menu = await options.async_init(self._entry_id)
        page = await options.async_configure(menu["flow_id"], {"next_step_id": "storage"})
        return self.async_abort(
            reason="choose_folder",
            # Repairs have the same enumeration of their own, but not in the oldest Home Assistant.
            next_flow=(FlowType.OPTIONS_FLOW, page["flow_id"]),  # type: ignore[arg-type]
        )


_TO_LOAD_AGAIN: Final = (ConfigEntryState.SETUP_ERROR, ConfigEntryState.SETUP_RETRY)
