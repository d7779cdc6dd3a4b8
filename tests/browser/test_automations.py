"""Triggers, the condition and blueprints in Home Assistant's own editor, and in its own process."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import shutil
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect
import pytest

from pihole_simulator import faults
from scripts.demo_home.api import Api
from tests.browser.kitchen import Kitchen, OpenPage

ROOT: Final = Path(__file__).parents[2]
WORDS: Final[dict[str, Any]] = json.loads(
    (ROOT / "custom_components/pihole_checkpoint/translations/en.json").read_text()
)


async def test_the_editor_offers_each_trigger_and_the_condition_in_words(
    kitchen: Kitchen, open_page: OpenPage
) -> None:
    page = await open_page()
    for kind, button in (("triggers", "Add trigger"), ("conditions", "Add condition")):
        await page.goto(f"{kitchen.home.url}/config/automation/edit/new")
        await page.get_by_text(button).first.click()
        search = page.locator("add-automation-element-dialog input").first
        for about in WORDS[kind].values():
            await search.fill(about["name"])
            await expect(page.get_by_text(about["name"], exact=True).first).to_be_visible()
            await expect(page.get_by_text(about["description"]).first).to_be_visible()
        await page.get_by_text(about["name"], exact=True).first.click()
        await expect(page.get_by_text("Add target").first).to_be_visible()
        for field in about.get("fields", {}).values():
            await expect(page.get_by_text(field["description"])).to_be_visible()


@pytest.fixture
async def pings() -> AsyncIterator[tuple[str, list[str]]]:
    """Give an address to ping, and what has been asked for there."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="OK")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/ping/3d7b")), asked


async def automate(api: Api, name: str, **config: object) -> None:
    """Save an automation, as the editor does."""
    await api.post(f"config/automation/config/{name}", {"alias": name, **config})


async def those_that_ran(api: Api) -> set[str]:
    states: Any = await api.get("states")
    return {
        state["attributes"]["friendly_name"]
        for state in states
        if state["entity_id"].startswith("automation.") and state["attributes"]["last_triggered"]
    }


async def test_automations_and_blueprints_run_in_this_release(
    kitchen: Kitchen, pings: tuple[str, list[str]]
) -> None:
    home, api = kitchen.home, kitchen.home.api
    shutil.copytree(ROOT / "blueprints", home.home.config / "blueprints", dirs_exist_ok=True)
    ping, asked = pings
    commands = {"ping_pihole_backup": {"url": ping}}
    (home.home.config / "rest_commands.yaml").write_text(json.dumps(commands))
    await api.post("services/rest_command/reload")
    blueprints = ("notify_on_failure", "tell_what_changed", "ping_after_backup")
    for name in blueprints:
        uses = {"path": f"pihole_checkpoint/{name}.yaml", "input": {}}
        await automate(api, name, use_blueprint=uses)
    for name in WORDS["triggers"]:
        await automate(api, name, triggers=[{"trigger": f"pihole_checkpoint.{name}"}], actions=[])
    old = {"condition": "pihole_checkpoint.backup_older_than", "options": {"age": {"days": 1}}}
    failed = {"trigger": "pihole_checkpoint.backup_failed"}
    await automate(api, "never", triggers=[failed], conditions=[old], actions=[])

    first = await kitchen.back_up()
    kitchen.sim.pihole.add_domain("metrics.example.net")
    await kitchen.back_up()
    await home.act("restore", config_entry_id=kitchen.entry_id, backup_id=first["id"])
    [path] = home.home.config.glob(f"pihole_checkpoint/*/{first['filename']}")
    path.write_bytes(b"damaged")
    await home.act("verify", config_entry_id=kitchen.entry_id)
    kitchen.sim.faults.next("export", faults.html())
    with pytest.raises(Exception, match=r"proxy|500"):
        await kitchen.back_up()

    expected = {*WORDS["triggers"], *blueprints}
    expected -= {"backup_overdue"}  # which takes minutes
    async with asyncio.timeout(30):
        while await those_that_ran(api) != expected or len(asked) < 2:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.1)
    assert set(asked) == {"/ping/3d7b"}
    assert [line for line in home.home.errors() if "automation" in line] == []
    for name in (*expected, "backup_overdue", "never"):
        await api.delete(f"config/automation/config/{name}")
