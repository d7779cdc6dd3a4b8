import re

from playwright.async_api import expect

from pihole_simulator import faults
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenCard


async def test_the_first_backup_appears_without_a_reload(card: Card, kitchen: Kitchen) -> None:
    await expect(card.element.get_by_text("There are no backups yet.")).to_be_visible()
    await expect(card.fact("last-backup")).to_have_text("Never")
    await card.press()
    await card.expect_count(1)
    [record] = await kitchen.backups()
    await card.expect_toast("First backup stored")
    assert await card.ids() == [record["id"]]
    await expect(card.fact("last-backup")).to_have_text(re.compile("now|second"))
    assert await card.is_the_same_page()


async def test_the_next_backup_comes_on_top_and_nothing_else_moves(
    card: Card, kitchen: Kitchen
) -> None:
    for _ in range(4):
        await kitchen.back_up()
    await card.expect_count(4)
    await card.page.set_viewport_size({"width": 1280, "height": 220})
    await card.rows.last.scroll_into_view_if_needed()
    row = card.element.locator(f"li[data-id='{(await card.ids())[-1]}']")
    before = await row.bounding_box()
    made = await kitchen.back_up()
    await card.expect_count(5)
    after = await row.bounding_box()
    assert (await card.ids())[0] == made["id"]
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    assert await card.is_the_same_page()


async def test_the_button_tells_each_stage_and_a_second_click_does_nothing(
    card: Card, kitchen: Kitchen
) -> None:
    await card.button.evaluate(
        """(button) => {
          window.texts = [];
          new MutationObserver(() => window.texts.push(button.innerText.trim())).observe(
            button, { subtree: true, childList: true, characterData: true });
        }"""
    )
    kitchen.sim.faults.next("export", faults.trickle(256, 0.2))
    await card.press()
    await expect(card.button).to_have_text(re.compile("Exporting .*B"))
    await card.button.click(force=True)
    await card.expect_count(1)
    await expect(card.button).to_have_text("Backup now")
    texts = await card.page.evaluate("window.texts")
    assert any(re.fullmatch(r"Exporting [\d.]+ kB…", text) for text in texts)
    assert len(await kitchen.backups()) == 1


async def test_a_backup_from_elsewhere_shows_in_every_browser_at_once(
    open_card: OpenCard, kitchen: Kitchen
) -> None:
    cards = [await open_card(), await open_card()]
    kitchen.sim.faults.next("export", faults.trickle(256, 0.2))
    await cards[0].press()
    for card in cards:
        await expect(card.button).to_have_text(re.compile("Exporting"))
        await expect(card.button).to_have_attribute("data-busy", "true")
    for card in cards:
        await card.expect_count(1)
        await card.expect_toast("First backup stored")
    made = await kitchen.back_up()
    for card in cards:
        await card.expect_count(2)
        assert (await card.ids())[0] == made["id"]


async def test_a_pihole_that_is_away_gives_an_error_and_no_row(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await kitchen.sim.stop()
    await card.press()
    await card.expect_toast("The backup failed. Can't connect to")
    await expect(card.notices).to_contain_text("The last backup failed")
    await expect(card.notices).to_contain_text("address and port are correct.")
    await expect(card.element.locator(".reach")).to_have_text("Not reachable")
    await card.expect_count(1)
    await kitchen.sim.start()
    await card.press()
    await card.expect_count(2)
    await expect(card.notices).to_be_empty()
    await expect(card.element.locator(".reach")).to_have_text("Reachable")


async def test_a_backup_that_takes_too_long_gives_a_warning(
    open_card: OpenCard, kitchen: Kitchen
) -> None:
    card = await open_card(clock=True)
    kitchen.sim.faults.next("export", faults.stall(1000))
    await card.press()
    await expect(card.button).to_have_text(re.compile("Exporting"))
    await card.page.clock.fast_forward(62_000)
    await card.expect_toast("The backup hasn't finished after 60 seconds")
    await kitchen.sim.stop()
    await card.expect_toast("The backup failed.")
    await card.expect_count(0)
