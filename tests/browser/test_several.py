"""Several Pi-holes in one card."""

from collections.abc import AsyncIterator
import secrets

from playwright.async_api import expect
import pytest

from pihole_simulator import Simulator
from scripts.in_browser.house import CARD, House
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenPage
from tests.support.passwords import APP_PASSWORD


@pytest.fixture
async def attic(home: House, kitchen: Kitchen) -> AsyncIterator[Kitchen]:
    """Add a Pi-hole that is as the kitchen's was when that was new."""
    async with Simulator(app_password=APP_PASSWORD) as simulator:
        entry_id = await home.add_pihole(simulator.url, APP_PASSWORD)
        dashboard = await home.make_dashboard(f"test-{secrets.token_hex(4)}", [{"type": CARD}])
        yield Kitchen(home=home, sim=simulator, entry_id=entry_id, dashboard=dashboard)
        await home.remove_pihole(entry_id)


async def test_a_pihole_becomes_as_the_first_one_is_with_one_tap_a_plan_and_an_undo(
    attic: Kitchen, kitchen: Kitchen, open_page: OpenPage
) -> None:
    kitchen.sim.pihole.restless = False
    attic.sim.pihole.add_domain("only-in-the-attic.example.net")
    attic.sim.pihole.settings["webserver.domain"] = "attic.lan"
    before = len(attic.sim.pihole.domains)
    for each in (kitchen, attic):
        await each.back_up()
    card = Card(await open_page())
    await card.open(attic.dashboard)
    await expect(card.rows).to_have_count(2)
    line = card.rows.nth(1)
    await expect(card.rows.nth(0).locator(".restore-from")).to_have_count(0)
    await expect(line.locator(".difference")).to_contain_text("1 difference from")

    await line.locator(".restore-from").click()
    await expect(card.dialog).to_contain_text("What do you want to restore to the other Pi-hole?")
    await expect(card.change("only-in-the-attic.example.net")).to_be_checked()
    await expect(card.change("webserver.domain")).not_to_be_checked()
    assert len(attic.sim.pihole.domains) == before, "nothing is done before it is confirmed"
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")
    assert len(attic.sim.pihole.domains) == before - 1
    assert attic.sim.pihole.settings["webserver.domain"] == "attic.lan"
    await expect(line.locator(".difference")).to_contain_text("No differences from")
    await expect(line.locator(".restore-from")).to_have_count(0)

    await card.click("Undo")
    await expect(card.dialog).to_contain_text("Restore undone")
    assert len(attic.sim.pihole.domains) == before
    await card.click("Close")
    await expect(line.locator(".difference")).to_contain_text("1 difference from")


async def test_who_may_not_restore_is_offered_no_restore(
    attic: Kitchen, kitchen: Kitchen, open_page: OpenPage
) -> None:
    kitchen.sim.pihole.restless = False
    attic.sim.pihole.add_domain("only-in-the-attic.example.net")
    for each in (kitchen, attic):
        await each.back_up()
    guest = await kitchen.home.add_user(f"guest-{attic.entry_id.lower()}", "system-users")
    card = Card(await open_page(guest))
    await card.open(attic.dashboard)
    await expect(card.rows.nth(1).locator(".difference")).to_contain_text("1 difference")
    await expect(card.element.locator(".restore-from")).to_have_count(0)
