from playwright.async_api import expect

from .card import Card
from .conftest import Kitchen


async def test_after_a_lost_connection_the_card_catches_up(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await card.page.evaluate(
        """() => {
          const { connection } = document.querySelector('home-assistant').hass;
          connection.suspendReconnectUntil(new Promise((resolve) => { window.goOn = resolve; }));
          connection.suspend();
        }"""
    )
    await expect(card.notices).to_contain_text("The connection to Home Assistant is lost.")
    made = await kitchen.back_up()
    await card.page.evaluate("window.goOn()")
    await card.expect_count(2)
    assert (await card.ids())[0] == made["id"]
    await expect(card.notices).to_be_empty()
    assert await card.is_the_same_page()


async def test_after_a_restart_of_home_assistant_the_card_goes_on(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await kitchen.home.restart()
    await card.press_when_ready()
    await card.expect_count(2)
    assert await card.is_the_same_page()


async def test_a_reload_of_the_pihole_is_survived(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await kitchen.home.api.post(f"config/config_entries/entry/{kitchen.entry_id}/reload")
    made = await kitchen.back_up()
    await card.expect_count(2)
    assert (await card.ids())[0] == made["id"]
