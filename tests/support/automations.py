"""Automations of a user, and what their triggers brought along."""

from collections.abc import Mapping
from typing import Any

from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from tests.support.home import Home

ENTITY = "automation.mine"


def device_id(home: Home) -> str:
    """Return the ID of a Pi-hole's device."""
    devices = dr.async_get(home.hass)
    [device] = dr.async_entries_for_config_entry(devices, home.entry.entry_id)
    return device.id


class Automation:
    """One that hands the variables of its trigger to an action of the test."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._calls: list[ServiceCall] = async_mock_service(hass, "test", "note")

    async def set_up(self, trigger: str, condition: object = None, **config: object) -> None:
        """Have it begin at a trigger of this integration."""
        await self.set_up_as(
            triggers=[{"trigger": f"{DOMAIN}.{trigger}", **config}],
            conditions=[] if condition is None else [condition],
        )

    async def set_up_as(self, **config: object) -> None:
        """Have one with these triggers and conditions."""
        actions = [{"action": "test.note", "data": {"trigger": "{{ trigger }}"}}]
        mine = {"alias": "Mine", **config, "actions": actions}
        assert await async_setup_component(self._hass, "automation", {"automation": mine})
        await self._hass.async_block_till_done()
        assert self._hass.states.is_state(ENTITY, "on"), "it is not valid"

    async def act(self, action: str) -> None:
        """Turn it off, for example."""
        await self._hass.services.async_call(
            "automation", action, {"entity_id": ENTITY}, blocking=True
        )
        await self._hass.async_block_till_done()

    async def fired(self) -> list[Mapping[str, Any]]:
        """Return the variables of the trigger of each run until now."""
        await self._hass.async_block_till_done(wait_background_tasks=True)
        return [call.data["trigger"] for call in self._calls]

    async def names(self) -> list[str]:
        """Return the names of the Pi-holes at which it ran."""
        return [trigger["name"] for trigger in await self.fired()]
