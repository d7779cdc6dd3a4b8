"""Decide on or confirm what cannot go away by itself."""

from typing import TYPE_CHECKING, override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.service import async_get_config_entry

from . import new_address, upgrade
from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry

if TYPE_CHECKING:  # the oldest Home Assistant that is supported does not have it
    from homeassistant.components.repairs import RepairsFlowResult


async def async_create_fix_flow(
    _hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Let the user decide on or confirm an address, or take note of an unfinished restore."""
    if issue_id.startswith(new_address.ISSUE):
        return _NewAddressFlow(dict(data or {}))
    if issue_id.startswith(upgrade.ISSUE):
        return ConfirmRepairFlow()
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


class _NewAddressFlow(RepairsFlow):
    """Show the old and the new address of a Pi-hole, and let the user choose."""

    def __init__(self, offer: new_address.Offer) -> None:
        self._offer = offer
        self._addresses = {key: str(offer[key]) for key in ("old", "new")}

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask which address to use."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_menu(
            step_id="init",
            menu_options=["confirm", "ignore"],
            description_placeholders=issue.translation_placeholders if issue else None,
        )

    async def async_step_confirm(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Use the new address."""
        match await new_address.async_accept_offer(self.hass, self.issue_id, self._offer):
            case new_address.Outcome.ANSWERS_AGAIN:
                return self.async_abort(
                    reason="answers_again", description_placeholders=self._addresses
                )
            case new_address.Outcome.OUTDATED:
                return self.async_abort(reason="outdated")
        return self.async_create_entry(data={})

    async def async_step_ignore(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Keep the old address, and offer the new one no more."""
        new_address.async_ignore_offer(self.hass, self.issue_id)
        return self.async_abort(reason="ignored", description_placeholders=self._addresses)
