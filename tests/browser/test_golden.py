"""Compare the card's type, configuration and form with the golden data; see `tests/golden`."""

import json
from pathlib import Path
from typing import Any, Final

from playwright.async_api import expect
import pytest

from pihole_simulator import Simulator
from scripts.in_browser.house import CARD
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenPage
from tests.golden.book import UPDATE, Library
from tests.golden.kinds import Kinds, as_it_is

COMMAND: Final = "scripts/test tests/browser/test_golden.py"
OLD: Final = Path(__file__).parents[1] / "fixtures" / "installation_0_1_0" / "config" / ".storage"
COLUMNS: Final = ("created", "filename", "size", "trigger", "contents", "changes", "status")
CONFIGURATIONS: Final[tuple[dict[str, object], ...]] = (
    {},
    {"title": "Kitchen", "rows": 1, "columns": list(COLUMNS)},
    {"rows": 100, "columns": ["created", "actions"]},
    {"columns": []},
    {"title": None, "config_entry_id": None},
)
"""Each of them has to be accepted."""

type Json = dict[str, Any]

LOOK: Final = """async (configurations) => {
  const { hass } = document.querySelector('home-assistant');
  const kind = customElements.get('pihole-checkpoint-card');
  const offered = window.customCards.find((it) => it.type === 'pihole-checkpoint-card');
  const entity = Object.values(hass.entities).find((it) => it.platform === 'pihole_checkpoint');
  const { schema } = await kind.getConfigForm();
  const accepts = (config) => {
    try {
      document.createElement('pihole-checkpoint-card').setConfig(config);
      return true;
    } catch {
      return false;
    }
  };
  return {
    offered: { type: offered.type, preview: offered.preview },
    suggested: offered.getEntitySuggestion(hass, entity.entity_id),
    stub: await kind.getStubConfig(hass),
    schema,
    accepted: configurations.map(accepts),
  };
}"""


async def test_the_card_is_offered_and_configured_as_it_was(
    card: Card, kitchen: Kitchen, pytestconfig: pytest.Config
) -> None:
    configurations = [{"type": CARD, **item} for item in CONFIGURATIONS]
    seen: Json = await card.page.evaluate(LOOK, configurations)

    books = Library(Kinds({}))
    book = books["card"]
    book.see("offered.type", seen["offered"]["type"])
    book.see("offered.preview", as_it_is(seen["offered"]["preview"]))
    book.see("suggested for an entity", seen["suggested"])
    book.see("begins with", seen["stub"])
    for field in seen["schema"]:
        where = f"form.{field['name']}"
        for name, config in field["selector"].items():
            options = [found_item["value"] for found_item in config.pop("options", [])]
            book.see(
                f"{where}: selector.{name}",
                {key: as_it_is(each_item) for key, each_item in config.items()},
            )
            for option in options:
                book.see(f"{where}: options", option)
        if "default" in field:
            book.see(f"{where}: default", as_it_is(field["default"]))
    for config, accepted in zip(CONFIGURATIONS, seen["accepted"], strict=True):
        book.see(f"takes {json.dumps(config)}", as_it_is(accepted))
    found = books.compare(COMMAND, update=bool(pytestconfig.getoption(UPDATE)))
    assert not found, "\n".join(["", *found])


def old_cards(kitchen: Kitchen) -> list[Json]:
    """Return the cards of the 0.1.0 dashboard."""
    entries = json.loads((OLD / "core.config_entries").read_text())["data"]["entries"]
    text = (OLD / "lovelace.pi_hole_backups").read_text()
    for entry in entries:
        text = text.replace(entry["entry_id"], kitchen.entry_id)
    [view] = json.loads(text)["data"]["config"]["views"]
    return [item for part in view["sections"] for item in part["cards"] if item["type"] == CARD]


async def test_the_cards_of_a_dashboard_of_0_1_0_are_shown_as_they_say(
    kitchen: Kitchen, open_page: OpenPage
) -> None:
    await kitchen.back_up()
    newest = await kitchen.back_up()
    cards = old_cards(kitchen)
    assert [item.get("rows") for item in cards] == [25, None, 1]
    dashboard = await kitchen.home.make_dashboard("made-with-0-1-0", cards)
    page = await open_page()
    async with Simulator(password="") as other:
        # With two Pi-holes, a card has to say which one it means.
        entry_id = await kitchen.home.add_pihole(other.url, "")

        await page.goto(dashboard)

        shown = page.locator("pihole-checkpoint-card")
        await expect(shown).to_have_count(len(cards))
        await expect(page.locator("hui-error-card")).to_have_count(0)
        for card, rows in zip(await shown.all(), (2, 2, 1), strict=True):
            await expect(card.locator("li[data-id]")).to_have_count(rows)
            await expect(card.locator("li[data-id]").first).to_have_attribute(
                "data-id", newest["id"]
            )
        await expect(shown.first).to_contain_text("The Pi-hole in the kitchen")
        await kitchen.home.remove_pihole(entry_id)
