"""The dialogs under Repairs with a choice, as a browser goes through them."""

from typing import Any

from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant.setup import async_setup_component

from .home import Home


class RepairDialog:
    """An open dialog about one issue."""

    def __init__(self, home: Home, browser: Any) -> None:  # noqa: ANN401 - a TestClient
        self.shown: dict[str, Any] = {}
        self._home = home
        self._browser = browser

    async def post(self, path: str, body: dict[str, str]) -> None:
        response = await self._browser.post(f"/api/repairs/issues/fix{path}", json=body)
        assert response.status == 200, await response.text()
        self.shown = dict(await response.json())
        await self._home.hass.async_block_till_done()

    async def choose(self, option: str) -> str:
        """Choose from the menu, and return how the dialog ends, or its next step."""
        assert option in self.shown["menu_options"]
        return await self.submit(next_step_id=option)

    async def submit(self, **fields: str) -> str:
        await self.post(f"/{self.shown['flow_id']}", fields)
        return str(self.shown.get("reason", self.shown.get("step_id", self.shown["type"])))


async def open_repair(home: Home, hass_client: ClientSessionGenerator, issue: str) -> RepairDialog:
    """Open the dialog of an issue that the user sees."""
    assert await async_setup_component(home.hass, "repairs", {})
    await home.hass.async_block_till_done()
    dialog = RepairDialog(home, await hass_client())
    await dialog.post("", {"handler": DOMAIN, "issue_id": home.issues[issue].issue_id})
    assert dialog.shown["type"] == "menu"
    return dialog
