import json

from playwright.async_api import WebSocket, expect

from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenPage
from tests.support.passwords import APP_PASSWORD


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
    await expect(card.notices).to_contain_text("The connection to Home Assistant was lost.")
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


async def test_details_stay_open_while_the_pihole_is_reloaded(card: Card, kitchen: Kitchen) -> None:
    kitchen.sim.pihole.add_domain("kept.example.net")
    record = await kitchen.back_up()
    await card.expect_count(1)
    await card.row().click()
    await kitchen.home.api.post(f"config/config_entries/entry/{kitchen.entry_id}/reload")
    await kitchen.back_up()
    await card.expect_count(2)
    await expect(card.dialog.locator(".id")).to_have_text(record["id"])
    await card.dialog.get_by_role("searchbox").fill("kept")
    await expect(card.dialog.locator(".found .line")).to_have_count(1)
    await expect(card.dialog.locator(".found .line")).to_contain_text("kept.example.net")


async def test_of_a_removed_pihole_it_is_not_said_that_it_can_be_reached(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await expect(card.element.locator(".reach")).to_have_text("Reachable")
    await kitchen.home.remove_pihole(kitchen.entry_id)
    await expect(card.notices).not_to_be_empty()
    await expect(card.element.locator(".reach")).to_have_count(0)
    kitchen.entry_id = await kitchen.home.add_pihole(kitchen.sim.url, APP_PASSWORD)


async def test_asking_again_after_a_page_failed_leaves_no_subscription_behind(
    kitchen: Kitchen, open_page: OpenPage
) -> None:
    subscribed: list[int] = []
    ended: list[int] = []

    def read(frame: str | bytes) -> None:
        messages = json.loads(frame)
        for message in messages if isinstance(messages, list) else [messages]:
            if message["type"] == "pihole_checkpoint/subscribe":
                subscribed.append(message["id"])
            elif message["type"] == "unsubscribe_events" and message["subscription"] in subscribed:
                ended.append(message["subscription"])

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", read)

    for _ in range(6):
        await kitchen.back_up()
    page = await open_page()
    page.on("websocket", listen)
    card = Card(page)
    await card.open(kitchen.dashboard)
    await expect(card.rows).to_have_count(5)
    assert len(subscribed) == 1
    await page.evaluate(
        """() => {
          const { connection } = document.querySelector('home-assistant').hass;
          const send = connection.sendMessagePromise;
          connection.sendMessagePromise = function (message) {
            if (message.type !== 'pihole_checkpoint/backups') return send.call(this, message);
            connection.sendMessagePromise = send;
            return Promise.reject({ code: 'not_found', message: 'It is gone.' });
          };
        }"""
    )
    await card.element.get_by_role("button", name="Show more").click()
    await card.expect_count(6)
    assert len(subscribed) == 2
    assert ended == subscribed[:1]
