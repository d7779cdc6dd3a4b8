"""Confirming what cannot go away by itself."""

from typing import TYPE_CHECKING, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_get_config_entry

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry

if TYPE_CHECKING:  # the oldest Home Assistant that is supported does not have it
    from homeassistant.components.repairs import RepairsFlowResult


async def async_create_fix_flow(
    _hass: HomeAssistant, _issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Let the user take note of a restore that was broken off, before it began or after."""
    return _UnfinishedRestoreFlow(str((data or {})["entry_id"]))


class _UnfinishedRestoreFlow(ConfirmRepairFlow):
    def __init__(self, entry_id: str) -> None:
        self._entry_id = entry_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is not None:
            try:
                entry: PiholeCheckpointConfigEntry = async_get_config_entry(
                    self.hass, DOMAIN, self._entry_id
                )
            except ServiceValidationError:
                return self.async_abort(reason="not_loaded")
            await entry.runtime_data.async_forget_unfinished_restore()
        return await super().async_step_confirm(user_input)
