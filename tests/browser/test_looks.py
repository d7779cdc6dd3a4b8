from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
import pytest

from scripts.in_browser.house import Look
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenCard

PHONE = {"width": 360, "height": 740}
CUT_OFF = """(card) => [...card.shadowRoot.querySelectorAll('.card *')]
  .filter((it) => it.clientWidth > 1 && it.scrollWidth > it.clientWidth + 1)
  .filter((it) => getComputedStyle(it).display !== 'inline')
  .filter((it) => it.checkVisibility() && !it.closest('thead, .clamped'))
  .map((it) => `${it.tagName}.${it.className}`)"""


async def serious(card: Card) -> list[str]:
    """Have axe-core look at the card and an open dialog."""
    found = await Axe().run(card.page)
    return [
        f"{item['id']}: {node['html']}"
        for item in found.response["violations"]
        for node in item["nodes"]
        if node["impact"] in ("serious", "critical")
        if "pihole-checkpoint-card" in str(node["target"])
    ]


@pytest.fixture
async def many_kinds(kitchen: Kitchen) -> None:
    """Have rows with all there is: a note, a pin, changes."""
    first = await kitchen.back_up()
    note = "Before the kitchen got a new router, and everything in it another address"
    entry_id = kitchen.entry_id
    await kitchen.home.act(
        "update", config_entry_id=entry_id, backup_id=first["id"], note=note, pinned=True
    )
    for number in range(3):
        kitchen.sim.pihole.add_adlist(f"https://lists.example.org/{number}.txt")
        kitchen.sim.pihole.add_domain(f"host-{number}.example.net")
    await kitchen.back_up()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 700, 1280])
async def test_nothing_is_cut_off_and_everybody_can_use_it(
    scheme: str, width: int, many_kinds: None, open_card: OpenCard
) -> None:
    card = await open_card(color_scheme=scheme, viewport={"width": width, "height": 800})
    await card.expect_count(2)
    await expect(card.rows.last.locator(".note")).to_be_visible()
    assert await card.element.evaluate(CUT_OFF) == []
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert await card.page.evaluate(wide) <= 0
    assert await serious(card) == []
    background = await card.element.locator("ha-card").evaluate(
        "(it) => getComputedStyle(it).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    )
    assert (sum(background) < 3 * 128) == (scheme == "dark")


@pytest.mark.parametrize("action", ["Restore…", "Compare…", "Note…", "Delete…"])
async def test_everybody_can_use_the_dialogs(
    action: str, many_kinds: None, open_card: OpenCard
) -> None:
    card = await open_card(viewport=PHONE)
    await card.expect_count(2)
    await card.choose(action, row=1)
    assert await serious(card) == []
    if action == "Restore…":
        await card.click("Preview")
        await expect(card.dialog).to_contain_text("Restore now")
        assert await serious(card) == []


async def test_it_can_be_used_by_keyboard_alone(card: Card, kitchen: Kitchen) -> None:
    keys = card.page.keyboard

    async def tab_to(name: str) -> None:
        for _ in range(60):
            await keys.press("Tab")
            if name == await card.page.evaluate(
                """() => {
                  let it = document.activeElement;
                  while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
                  return it?.ariaLabel ?? it?.innerText?.trim();
                }"""
            ):
                return
        pytest.fail(f"{name} cannot be reached")

    await tab_to("Backup now")
    await keys.press("Enter")
    await card.expect_count(1)
    label = await card.rows.first.locator(".menu-button").get_attribute("aria-label")
    assert label is not None
    await tab_to(label)
    await keys.press("Enter")
    await expect(card.menu.get_by_role("menuitem", name="Download")).to_be_focused()
    await keys.press("n")
    await expect(card.menu.get_by_role("menuitem", name="Note…")).to_be_focused()
    await keys.press("Enter")
    await expect(card.dialog.get_by_role("textbox")).to_be_focused()
    await keys.type("by keyboard")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(card.rows.first.locator(".note")).to_have_text("by keyboard")
    await expect(card.rows.first.locator(".menu-button")).to_be_focused()
    await keys.press("ArrowUp")
    await expect(card.menu.get_by_role("menuitem", name="Delete…")).to_be_focused()
    await keys.press("Escape")
    await expect(card.rows.first.locator(".menu-button")).to_be_focused()
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await expect(card.dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await keys.press("Escape")
    await expect(card.dialog).to_have_count(0)
    assert len(await kitchen.backups()) == 1


async def test_a_toast_is_read_out(card: Card) -> None:
    await card.press()
    await expect(card.element.locator(".live[aria-live=polite]")).to_contain_text("Backup stored")


@pytest.mark.parametrize("look", [{}, {"reduced_motion": "reduce"}])
async def test_a_row_slides_in_but_not_with_reduced_motion(look: Look, open_card: OpenCard) -> None:
    card = await open_card(**look)
    await card.page.evaluate(
        """() => {
          window.moved = [];
          Element.prototype.animate = function () { window.moved.push(this.tagName); };
        }"""
    )
    await card.press()
    await card.expect_count(1)
    moved = await card.page.evaluate("window.moved")
    assert ("TR" in moved) == (look == {})


async def test_it_speaks_german(open_card: OpenCard, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    card = await open_card(language="de")
    await expect(card.button).to_have_text("Jetzt sichern")
    await expect(card.cell("status")).to_contain_text("Gut")


async def test_it_reads_from_right_to_left(many_kinds: None, open_card: OpenCard) -> None:
    card = await open_card(language="ar")
    await card.expect_count(2)
    menu = await card.rows.first.locator(".menu-button").bounding_box()
    time = await card.rows.first.locator(".created-text").bounding_box()
    assert menu is not None
    assert time is not None
    assert menu["x"] < time["x"]
    assert await card.element.evaluate(CUT_OFF) == []


async def test_who_is_no_administrator_sees_only_what_they_may_do(
    kitchen: Kitchen, open_card: OpenCard
) -> None:
    await kitchen.back_up()
    guest = await kitchen.home.add_user(f"guest-{kitchen.entry_id.lower()}", "system-users")
    card = await open_card(who=guest)
    await card.expect_count(1)
    await expect(card.element.locator(".menu-button")).to_have_count(0)
    await expect(card.element.locator(".upload")).to_be_hidden()
    await card.press()
    await card.expect_count(2)


async def test_the_form_in_the_editor_changes_the_card(kitchen: Kitchen, card: Card) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    page = card.page
    await page.goto(f"{kitchen.dashboard}?edit=1")
    await page.get_by_role("button", name="Edit", exact=True).last.click()
    preview = page.locator("hui-dialog-edit-card pihole-checkpoint-card")
    await expect(preview.locator("tbody tr")).to_have_count(1)
    await page.get_by_role("textbox", name="Title").fill("The one in the cellar")
    await expect(preview.locator("h2")).to_have_text("The one in the cellar")
    await page.get_by_role("button", name="Save").click()
    await expect(preview).to_have_count(0)
    await expect(card.element.locator("h2")).to_have_text("The one in the cellar")


async def test_the_picker_shows_what_the_card_would_be(
    kitchen: Kitchen, open_card: OpenCard
) -> None:
    await kitchen.back_up()
    cards = [{"type": "markdown", "content": "one"}, {"type": "markdown", "content": "two"}]
    dashboard = await kitchen.home.make_dashboard(f"picker-{kitchen.entry_id.lower()}", cards)
    page = (await open_card()).page
    await page.goto(f"{dashboard}?edit=1")
    await page.get_by_role("button", name="Add card").first.click()
    dialog = page.locator("hui-dialog-create-card")
    await dialog.get_by_role("tab", name="By card").click()
    await dialog.get_by_role("textbox").last.fill("Pi-hole Checkpoint")
    preview = dialog.locator("pihole-checkpoint-card")
    await expect(preview.get_by_role("button", name="Backup now").first).to_be_visible()


async def test_the_card_is_offered_for_its_entities_only(card: Card, kitchen: Kitchen) -> None:
    offered = await card.page.evaluate(
        """() => {
          const { hass } = document.querySelector("home-assistant");
          const it = window.customCards.find((it) => it.type === "pihole-checkpoint-card");
          return Object.keys(hass.states).flatMap((id) => {
            const { config } = it.getEntitySuggestion(hass, id) ?? {};
            return config ? [[id, config.config_entry_id]] : [];
          });
        }"""
    )
    offered_entities = [
        entity_id for entity_id, entry_id in offered if entry_id == kitchen.entry_id
    ]
    assert len(offered_entities) > 10
    assert not [item for item, _ in offered if item.startswith(("zone.", "sun.", "person."))]
