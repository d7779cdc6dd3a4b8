"""A real Home Assistant in a process of its own, and a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path
import re
import secrets
from typing import Unpack

from playwright.async_api import Browser, ConsoleMessage, Page, expect
import pytest

from pihole_simulator import Simulator
from scripts.demo_home.api import Api
from scripts.in_browser.chromium import chromium, find_chromium
from scripts.in_browser.house import CARD, House, Look, house
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenCard, OpenPage
from tests.support.passwords import APP_PASSWORD, PASSWORD

# A busy machine is no finding.
expect.set_options(timeout=30_000)

EXPECTED = re.compile(
    "Failed to load resource|WebSocket connection|^Object$"
    "|Transition was skipped|Failure writing unhandled promise rejection"
)
"""What is said when Home Assistant is away, by the browser and by its own frontend: that a
subscription does not exist any more. Older frontends also say when one page follows another before
its transition has ended."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out, and say so, where they cannot run."""
    if config.pluginmanager.hasplugin("homeassistant"):
        reason = "they are run by themselves: scripts/test tests/browser"
    elif find_chromium() is None:
        reason = "there is no Chromium here: scripts/chromium-from-debian installs it"
    else:
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason))


@pytest.fixture(scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with house(tmp_path_factory.mktemp("house")) as built:
        yield built


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(password=PASSWORD, app_password=APP_PASSWORD) as simulator:
        simulator.pihole.restless = True
        simulator.pihole.settings["webserver.api.app_sudo"] = True
        yield simulator


@pytest.fixture
async def kitchen(home: House, sim: Simulator) -> AsyncIterator[Kitchen]:
    """Give one whose card is on a dashboard."""
    entry_id = await home.add_pihole(sim.url, APP_PASSWORD)
    card: dict[str, object] = {"type": CARD, "config_entry_id": entry_id, "title": "Kitchen"}
    dashboard = await home.make_dashboard(f"test-{secrets.token_hex(4)}", [card])
    kitchen = Kitchen(home=home, sim=sim, entry_id=entry_id, dashboard=dashboard)
    yield kitchen
    await home.remove_pihole(kitchen.entry_id)
    await home.delete_backups()


@pytest.fixture
async def open_page(home: House, browser: Browser) -> AsyncIterator[OpenPage]:
    """Give pages in browsers of their own, whose console stays silent."""
    contexts = []
    said: list[str] = []

    def listen_to(text: str) -> None:
        if not EXPECTED.search(text):
            said.append(text)

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            listen_to(message.text)

    async def open_it(who: Api | None = None, language: str = "en", **look: Unpack[Look]) -> Page:
        usual: Look = {"viewport": {"width": 1280, "height": 900}}
        context = await home.open_browser(browser, who, language, **(usual | look))
        contexts.append(context)
        page = await context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: listen_to(str(error)))
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert not said


@pytest.fixture
async def open_card(kitchen: Kitchen, open_page: OpenPage) -> OpenCard:
    async def open_it(*, clock: bool = False, **look: object) -> Card:
        card = Card(await open_page(**look))
        if clock:  # which can be turned forward
            await card.page.clock.install()
        await card.open(kitchen.dashboard)
        return card

    return open_it


@pytest.fixture
async def card(open_card: OpenCard) -> Card:
    return await open_card()
