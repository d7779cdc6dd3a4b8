"""Compare what leaves the code with the golden data."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
import json
from pathlib import Path
import re
import shutil
from typing import Final

from freezegun import freeze_time
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator, tls
from tests.support.page import Json, Page
from tests.support.passwords import APP_PASSWORD, PASSWORD

from . import backing_up, doors, restoring, setting_up, troubles
from .book import UPDATE, Library
from .house import DOMAIN, House, library
from .kinds import as_it_is

ROOT: Final = Path(__file__).parents[2]
OURS: Final = ROOT / "custom_components" / DOMAIN
FAILED: Final = """\
Something could not even be done. Was a string changed that is a stable interface, such as a field
of an action? This was seen until then and is not in tests/golden/data:"""
COMMAND: Final = "scripts/test tests/golden"
COMPONENTS: Final = (
    *("homeassistant", "http", "frontend", "recorder", "logbook", "media_source", "file_upload"),
    *("repairs", "diagnostics", "system_health", "backup", DOMAIN),
)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Set the clock to a time at which nothing is due."""
    with freeze_time(datetime(2026, 11, 28, 20, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
async def house(
    hass: HomeAssistant,
    recorder_mock: object,
    hass_storage: dict[str, Json],
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> AsyncIterator[House]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # where uploads go, here alone
    for component in COMPONENTS:
        assert await async_setup_component(hass, component, {}), component
    await hass.async_block_till_done()
    kitchen = Simulator(password=PASSWORD)
    attic = Simulator(password="another", app_password=APP_PASSWORD, tls=tls.out_of_the_box())
    async with kitchen, attic:
        for sim in (kitchen, attic):
            sim.auth.login_attempts_per_second = 1000
        house = House(
            hass=hass,
            storage=hass_storage,
            browser=await hass_client(),
            page=Page(await hass_ws_client(hass)),
            kitchen=kitchen,
            attic=attic,
            library=library(hass, {"kitchen": kitchen, "attic": attic}),
        )
        house.listen()
        yield house


@pytest.fixture
def books(hass: HomeAssistant) -> Library:
    return library(hass, {})


def check(books: Library, config: pytest.Config) -> None:
    found = books.compare(COMMAND, update=bool(config.getoption(UPDATE)))
    assert not found, "\n".join(["", *found])


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("refused_handshakes_are_fine")
async def test_what_is_stored_sent_and_shown_is_what_it_was(
    house: House, pytestconfig: pytest.Config
) -> None:
    try:
        await live(house)
    except Exception as error:
        error.add_note("\n".join([FAILED, *house.library.new()]))
        raise

    check(house.library, pytestconfig)


async def live(house: House) -> None:
    """Go through the whole scenario."""
    since = datetime.now(UTC)
    await setting_up.add_kitchen(house)
    await setting_up.add_attic(house)
    doors.see_entities(house)
    await house.page.result(f"{DOMAIN}/subscribe", config_entry_id=house.entries["kitchen"])
    for step in (
        backing_up.while_it_runs,
        backing_up.every_change,
        backing_up.every_trigger,
        setting_up.choose_options,
        backing_up.from_outside,
        backing_up.what_is_stored,
        backing_up.what_a_later_version_wrote,
        doors.see_actions,
        doors.see_page,
        doors.see_urls,
        doors.see_media,
        restoring.well,
        restoring.with_odd_backups,
        restoring.not_at_all,
        restoring.badly,
        restoring.bringing_another_password,
        restoring.broken_off,
        troubles.of_the_pihole,
        troubles.of_the_folder,
        troubles.of_what_was_asked,
        troubles.of_a_restore_of_the_attic,
        setting_up.reconfigure,
        setting_up.discover,
        doors.see_what_helps,
    ):
        await step(house)
    doors.see_websocket(house)
    setting_up.see_entries(house)
    await troubles.at_the_end(house)
    await doors.see_logbook(house, since)


def texts(found: Json | str, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with its key."""
    if isinstance(found, str):
        yield path, found
        return
    for key, item in found.items():
        yield from texts(item, f"{path}.{key}" if path else key)


def test_what_is_translated_has_the_keys_and_the_placeholders_that_it_had(
    books: Library, pytestconfig: pytest.Config
) -> None:
    words = json.loads((OURS / "translations" / "en.json").read_text())
    for key, text in texts(words):
        names = sorted(set(re.findall(r"\{\w*\}", text)))
        books["translations"].see(key, ",".join(names))

    check(books, pytestconfig)


async def test_blueprints_are_where_they_were_and_ask_for_what_they_did(
    hass: HomeAssistant, books: Library, pytestconfig: pytest.Config
) -> None:
    shutil.copytree(ROOT / "blueprints", hass.config.path("blueprints"))
    found = await async_get_blueprints(hass).async_get_blueprints()
    for path, blueprint in found.items():
        assert isinstance(blueprint, Blueprint), path
        where = f"{blueprint.domain}/{path}"
        books["blueprints"].see(where, list(blueprint.inputs))
        for name, about in blueprint.inputs.items():
            selector = about["selector"]
            books["blueprints"].see(f"{where}: {name}", list(selector))
            if "default" in about and not isinstance(about["default"], list):
                books["blueprints"].see(f"{where}: {name}: default", about["default"])
            elif "default" not in about:
                books["blueprints"].see(f"{where}: {name}", "required")

    check(books, pytestconfig)


def test_home_assistant_finds_it_as_it_did(books: Library, pytestconfig: pytest.Config) -> None:
    manifest = json.loads((OURS / "manifest.json").read_text())
    for name in ("domain", "dhcp", "config_flow", "integration_type", "iot_class"):
        value = manifest[name]
        books["manifest"].see(name, as_it_is(value) if isinstance(value, bool) else value)

    check(books, pytestconfig)
