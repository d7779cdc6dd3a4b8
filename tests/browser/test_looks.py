import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
import pytest

from scripts.in_browser.house import Look
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenCard

PHONE = {"width": 360, "height": 740}
CUT_OFF = """(card) => {
  const own = (root) => [...root.querySelectorAll('*')].flatMap((it) => [it, ...inside(it)]);
  const inside = (it) =>
    it.localName.startsWith('pihole-checkpoint') && it.shadowRoot ? own(it.shadowRoot) : [];
  return own(card.shadowRoot)
    .filter((it) => it.clientWidth > 1 && it.scrollWidth > it.clientWidth + 1)
    .filter((it) => getComputedStyle(it).display !== 'inline')
    .filter((it) => it.checkVisibility() && !it.closest('.unseen'))
    .map((it) => `${it.tagName}.${it.className}`);
}"""


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
    await expect(card.rest(1).locator(".note")).to_be_visible()
    assert await card.element.evaluate(CUT_OFF) == []
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert await card.page.evaluate(wide) <= 0
    assert await serious(card) == []
    background = await card.element.locator("ha-card").evaluate(
        "(it) => getComputedStyle(it).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)"
    )
    assert (sum(background) < 3 * 128) == (scheme == "dark")


@pytest.mark.parametrize("action", [None, "Restore…", "Compare…"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_use_the_dialogs(
    scheme: str, action: str | None, many_kinds: None, open_card: OpenCard
) -> None:
    card = await open_card(viewport=PHONE, color_scheme=scheme)
    await card.expect_count(2)
    await card.row(1 if action else 0).click()
    await expect(card.dialog.get_by_role("searchbox")).to_be_visible()
    if action is not None:
        await card.click(action)
        await expect(card.dialog.locator(".line").first).to_be_visible()
    assert await serious(card) == []
    assert await card.element.evaluate(CUT_OFF) == []
    if action == "Restore…":
        await card.dialog.locator(".restore-now").click()
        await expect(card.dialog).to_contain_text("restored and verified.")
        await card.page.set_viewport_size({"width": 360, "height": 420})  # so that it is scrolled
        assert await serious(card) == []


async def test_an_undo_leaves_its_row_room_on_a_small_phone(
    many_kinds: None, kitchen: Kitchen, open_card: OpenCard
) -> None:
    kitchen.sim.pihole.restless = False
    first = (await kitchen.backups())[-1]
    await kitchen.home.act("restore", config_entry_id=kitchen.entry_id, backup_id=first["id"])
    card = await open_card(language="de", viewport={"width": 320, "height": 640})
    await expect(card.element.locator(".undo-restore")).to_be_visible()
    assert await card.element.evaluate(CUT_OFF) == []


async def test_it_can_be_read_at_twice_the_size(many_kinds: None, open_card: OpenCard) -> None:
    # What a window of 1280 points shows at 200 %.
    card = await open_card(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    await card.expect_count(2)
    await card.choose("Restore…", row=1)
    await expect(card.dialog.locator(".restore-now")).to_be_in_viewport()
    assert await card.element.evaluate(CUT_OFF) == []
    assert await card.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


async def test_it_can_be_used_by_keyboard_alone(card: Card, kitchen: Kitchen) -> None:
    keys = card.page.keyboard

    async def tab_to(name: str) -> None:
        for _ in range(60):
            await keys.press("Tab")
            if name == await card.page.evaluate(
                """() => {
                  let name = "";
                  let it = document.activeElement;
                  for (; it; it = it.shadowRoot?.activeElement) {
                    name = it.ariaLabel || it.placeholder || it.innerText?.trim() || name;
                  }
                  return name;
                }"""
            ):
                return
        pytest.fail(f"{name} cannot be reached")

    await tab_to("Backup now")
    await keys.press("Enter")
    await card.expect_count(1)
    label = (await card.row().inner_text()).strip()
    await tab_to(label)
    await keys.press("Enter")
    await expect(card.dialog.locator("h2")).to_be_focused()
    await tab_to("Your note about this backup")
    await keys.type("by keyboard")
    await tab_to("Save")
    await keys.press("Enter")
    await card.expect_toast("Note saved.")
    await keys.press("Escape")
    await expect(card.dialog).to_have_count(0)
    await expect(card.row()).to_be_focused()
    await expect(card.rest().locator(".note")).to_have_text("by keyboard")
    await keys.press("Enter")
    await tab_to("Delete…")
    await keys.press("Enter")
    asked = card.page.locator("dialog-box")
    await expect(asked).to_contain_text("Delete this backup?")
    await tab_to("Cancel")
    await keys.press("Enter")
    await expect(asked.get_by_role("button", name="Delete")).to_have_count(0)
    await keys.press("Escape")
    await expect(card.dialog).to_have_count(0)
    assert len(await kitchen.backups()) == 1
    await kitchen.back_up()
    await card.expect_count(2)
    await keys.press("Enter")
    await tab_to("Delete…")
    await keys.press("Enter")
    await tab_to("Delete")
    await keys.press("Enter")
    await card.expect_count(1)
    await expect(card.row()).to_be_focused()


async def test_a_toast_is_read_out(card: Card) -> None:
    await card.press()
    await expect(card.element.locator(".live[aria-live=polite]")).to_contain_text(
        "First backup stored"
    )


@pytest.mark.parametrize("look", [{}, {"reduced_motion": "reduce"}])
async def test_a_row_slides_in_but_not_with_reduced_motion(look: Look, open_card: OpenCard) -> None:
    card = await open_card(**look)
    await card.page.evaluate(
        """() => {
          window.moved = [];
          Element.prototype.animate = function () { window.moved.push(this.dataset.id); };
        }"""
    )
    await card.press()
    await card.expect_count(1)
    moved = await card.page.evaluate("window.moved")
    assert ((await card.ids())[0] in moved) == (look == {})


async def test_it_speaks_german(open_card: OpenCard, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    card = await open_card(language="de")
    await expect(card.button).to_have_text("Jetzt sichern")
    await expect(card.changes()).to_have_text("Erstes Backup")
    # Nothing of ours is left in English.
    await card.row().click()
    await expect(card.dialog.get_by_role("searchbox")).to_be_visible()
    said = await card.dialog.inner_text()
    said = said.replace(await card.dialog.locator(".found").inner_text(), "")
    assert not re.search(r"\b(the|this|restore|added|changed|search)\b", said, re.IGNORECASE)


async def test_it_reads_from_right_to_left(many_kinds: None, open_card: OpenCard) -> None:
    card = await open_card(language="ar")
    await card.expect_count(2)
    sign = await card.rows.first.locator(".chevron").bounding_box()
    time = await card.rows.first.locator(".when").bounding_box()
    assert sign is not None
    assert time is not None
    assert sign["x"] < time["x"]
    assert await card.element.evaluate(CUT_OFF) == []


async def test_who_is_no_administrator_sees_only_what_they_may_do(
    kitchen: Kitchen, open_card: OpenCard
) -> None:
    await kitchen.back_up()
    guest = await kitchen.home.add_user(f"guest-{kitchen.entry_id.lower()}", "system-users")
    card = await open_card(who=guest)
    await card.expect_count(1)
    await expect(card.element.locator(".upload")).to_have_count(0)
    await card.row().click()
    await expect(card.dialog.locator("h2")).to_have_text("First backup")
    await expect(card.dialog.locator(".do")).to_have_count(0)
    await expect(card.dialog.get_by_role("searchbox")).to_have_count(0)
    await card.click("Close")
    await card.press()
    await card.expect_count(2)


async def test_the_form_in_the_editor_changes_the_card(kitchen: Kitchen, card: Card) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    page = card.page
    await page.goto(f"{kitchen.dashboard}?edit=1")
    await page.get_by_role("button", name="Edit", exact=True).last.click()
    preview = page.locator("hui-dialog-edit-card pihole-checkpoint-card")
    await expect(preview.locator("li[data-id]")).to_have_count(1)
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
    assert len(offered_entities) > 5
    assert not [item for item, _ in offered if item.startswith(("zone.", "sun.", "person."))]
