from collections.abc import AsyncIterator

from playwright.async_api import expect
import pytest

from pihole_simulator import Simulator, faults
from scripts.in_browser.house import House
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen
from tests.support.passwords import APP_PASSWORD


@pytest.fixture
async def other(home: House) -> AsyncIterator[Kitchen]:
    async with Simulator(app_password=APP_PASSWORD) as simulator:
        simulator.pihole.settings["webserver.api.app_sudo"] = True
        entry_id = await home.add_pihole(simulator.url, APP_PASSWORD)
        yield Kitchen(home=home, sim=simulator, entry_id=entry_id, dashboard="")
        await home.remove_pihole(entry_id)


async def test_a_restore_is_previewed_proven_and_undone(card: Card, kitchen: Kitchen) -> None:
    record = await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    before = len(kitchen.sim.pihole.domains)
    kitchen.sim.pihole.add_domain("added-later.example.net")
    await card.expect_count(1)

    await card.choose("Restore…")
    await card.click("Preview")
    await expect(card.dialog.locator(".sentences")).to_contain_text("added-later.example.net")
    assert len(kitchen.sim.pihole.domains) == before + 1
    await card.click("Restore now")
    await expect(card.dialog).to_contain_text("The Pi-hole was read again")
    assert len(kitchen.sim.pihole.domains) == before
    await card.expect_count(3)
    await expect(card.cell("trigger")).to_have_text("After a restore")

    await card.click("Undo")
    await expect(card.dialog).to_contain_text("The restore is undone")
    assert len(kitchen.sim.pihole.domains) == before + 1
    assert record["id"] in await card.ids()


async def test_a_restore_can_be_undone_from_its_toast(card: Card, kitchen: Kitchen) -> None:
    record = await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("added-later.example.net")
    after = len(kitchen.sim.pihole.domains)
    await card.expect_count(1)
    await kitchen.home.act("restore", config_entry_id=kitchen.entry_id, backup_id=record["id"])
    await card.expect_toast(f"Restored: {record['filename']}")
    assert len(kitchen.sim.pihole.domains) == after - 1
    await card.page.get_by_role("button", name="Undo", exact=True).first.click()
    await expect(card.dialog).to_contain_text("The restore is undone")
    assert len(kitchen.sim.pihole.domains) == after


async def test_only_the_chosen_parts_are_restored(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("kept.example.net")
    kitchen.sim.pihole.add_adlist("https://lists.example.org/gone.txt")
    await card.expect_count(1)
    await card.choose("Restore…")
    for part in ("Settings", "DHCP leases", "Groups", "Domains", "Clients"):
        await card.dialog.get_by_role("checkbox", name=part).uncheck()
    await card.click("Preview")
    await expect(card.dialog.locator(".sentences")).to_contain_text("gone.txt")
    await expect(card.dialog.locator(".sentences")).not_to_contain_text("kept.example.net")
    await card.click("Restore now")
    await expect(card.dialog).to_contain_text("The Pi-hole was read again")
    assert "kept.example.net" in {domain.domain for domain in kitchen.sim.pihole.domains}
    assert "gone.txt" not in str([adlist.address for adlist in kitchen.sim.pihole.adlists])


async def test_where_nothing_would_change_there_is_nothing_to_restore(
    card: Card, kitchen: Kitchen
) -> None:
    kitchen.sim.pihole.restless = False
    await kitchen.back_up()
    await card.expect_count(1)
    await card.choose("Restore…")
    await card.click("Preview")
    await expect(card.dialog).to_contain_text("Nothing would change")
    await expect(card.dialog.get_by_role("button", name="Restore now")).to_have_count(0)


async def test_a_restore_that_fails_says_why(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await card.choose("Restore…")
    await kitchen.sim.stop()
    await card.click("Preview")
    await expect(card.dialog).to_contain_text("There is no preview: The restore was not begun")
    await card.click("Restore without a preview")
    await expect(card.dialog).to_contain_text("The restore failed")
    await expect(card.dialog).to_contain_text("Nothing answers")


async def test_a_restore_that_is_refused_offers_no_undo_of_the_one_before(
    card: Card, kitchen: Kitchen
) -> None:
    record = await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("added-later.example.net")
    await kitchen.home.act("restore", config_entry_id=kitchen.entry_id, backup_id=record["id"])
    await card.expect_count(3)
    refusal = faults.error(400, "bad_request", "Invalid domain")
    kitchen.sim.faults.next("change of an item", refusal)
    await card.choose("Restore…", row=1)  # as it was before
    await card.click("Preview")
    await card.click("Restore now")
    await expect(card.dialog).to_contain_text("Invalid domain")
    await expect(card.dialog.get_by_role("button", name="Close")).to_be_visible()
    await expect(card.dialog.get_by_role("button", name="Undo")).to_have_count(0)


async def test_a_backup_is_restored_to_another_pihole(
    other: Kitchen, card: Card, kitchen: Kitchen
) -> None:
    kitchen.sim.pihole.add_domain("moved.example.net")
    await kitchen.back_up()
    await card.expect_count(1)
    await card.choose("Restore…")
    await card.dialog.get_by_role("combobox").select_option(value=other.entry_id)
    settings = card.dialog.get_by_role("checkbox", name="Settings")
    await expect(settings).not_to_be_checked()
    await card.dialog.get_by_role("checkbox", name="Download the lists again").uncheck()
    await card.click("Preview")
    await expect(card.dialog.locator(".sentences")).to_contain_text("moved.example.net")
    await card.click("Restore now")
    await expect(card.dialog).to_contain_text("The Pi-hole was read again")
    assert "moved.example.net" in {domain.domain for domain in other.sim.pihole.domains}
    assert other.sim.gravity_updates == 0
    await card.click("Undo")
    await expect(card.dialog).to_contain_text("The restore is undone")
    assert "moved.example.net" not in {item.domain for item in other.sim.pihole.domains}


async def test_the_lists_are_downloaded_again_when_they_are_restored(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.add_adlist("https://lists.example.org/gone.txt")
    kitchen.sim.gravity_delay = 0.3
    await card.expect_count(1)
    await card.choose("Restore…")
    await card.click("Preview")
    await card.click("Restore now")
    await expect(card.dialog.locator(".stages")).to_contain_text("Updating the lists")
    await expect(card.dialog).to_contain_text("The Pi-hole was read again")
    assert kitchen.sim.gravity_updates == 1


async def test_an_undo_opened_from_a_restores_result_tells_how_it_goes(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_adlist("https://lists.example.org/gone.txt")
    await card.expect_count(1)
    await card.choose("Restore…")
    await card.click("Preview")
    await card.click("Restore now")
    await expect(card.dialog).to_contain_text("The Pi-hole was read again")

    kitchen.sim.gravity_delay = 0.3
    await card.click("Undo")
    await expect(card.dialog.locator(".stages")).to_contain_text("Updating the lists")
    await expect(card.dialog).to_contain_text("The restore is undone")
    await expect(card.dialog.locator("h2")).to_be_focused()
    # What can be seen in the dialog is shown in a toast only when that is closed.
    toast = card.page.get_by_text("Restored:")
    await expect(toast).to_have_count(0)
    await card.click("Close")
    await expect(toast.first).to_be_visible()
