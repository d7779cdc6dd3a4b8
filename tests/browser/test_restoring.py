from collections.abc import AsyncIterator

from playwright.async_api import expect
import pytest

from pihole_simulator import Simulator, faults
from scripts.in_browser.house import CARD, House
from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenPage
from tests.support.passwords import APP_PASSWORD


@pytest.fixture
async def other(home: House) -> AsyncIterator[Kitchen]:
    async with Simulator(app_password=APP_PASSWORD) as simulator:
        simulator.pihole.settings["webserver.api.app_sudo"] = True
        entry_id = await home.add_pihole(simulator.url, APP_PASSWORD)
        yield Kitchen(home=home, sim=simulator, entry_id=entry_id, dashboard="")
        await home.remove_pihole(entry_id)


async def test_a_restore_is_planned_verified_undone_and_made_again(
    card: Card, kitchen: Kitchen
) -> None:
    record = await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    before = len(kitchen.sim.pihole.domains)
    kitchen.sim.pihole.add_domain("added-later.example.net")
    await card.expect_count(1)

    await card.choose("Restore…")
    await expect(card.change("added-later.example.net")).to_be_checked()
    await expect(card.dialog).to_contain_text("will be removed")
    await expect(card.dialog).to_contain_text("It keeps running the whole time.")
    assert len(kitchen.sim.pihole.domains) == before + 1
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")
    assert len(kitchen.sim.pihole.domains) == before
    await card.expect_count(3)
    await expect(card.rest()).to_contain_text("After a restore")

    await card.click("Undo")
    await expect(card.dialog).to_contain_text("Restore undone")
    assert len(kitchen.sim.pihole.domains) == before + 1
    assert record["id"] in await card.ids()
    await card.click("Redo")
    await expect(card.dialog).to_contain_text("Restore redone")
    assert len(kitchen.sim.pihole.domains) == before


async def test_the_four_steps_are_shown_one_after_the_other(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_adlist("https://lists.example.org/gone.txt")
    await card.expect_count(1)
    await card.choose("Restore…")
    kitchen.sim.gravity_delay = 0.3
    await card.page.evaluate(
        """() => {
          window.seen = [];
          const look = () => {
            const found = [...document.querySelectorAll("*")];
            while (found.length) {
              const each = found.pop();
              if (each.shadowRoot) found.push(...each.shadowRoot.querySelectorAll("*"));
              if (each.matches?.('.steps li[data-state="now"]')) {
                window.seen.push(each.children[1].textContent);
              }
            }
            window.timer = requestAnimationFrame(look);
          };
          look();
        }"""
    )
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")
    seen = await card.page.evaluate("cancelAnimationFrame(window.timer), window.seen")
    # A step that is over within a frame is not seen.
    steps = [*dict.fromkeys(seen)]
    assert steps == [step for step in ("Check", "Back up", "Apply", "Verify") if step in steps]
    assert {"Check", "Verify"} <= {*steps}


async def test_a_restore_can_be_undone_from_its_toast(card: Card, kitchen: Kitchen) -> None:
    record = await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("added-later.example.net")
    after = len(kitchen.sim.pihole.domains)
    await card.expect_count(1)
    await kitchen.home.act("restore", config_entry_id=kitchen.entry_id, backup_id=record["id"])
    await card.expect_toast("Restored and verified")
    assert len(kitchen.sim.pihole.domains) == after - 1
    await card.page.get_by_role("button", name="Undo", exact=True).first.click()
    await expect(card.dialog).to_contain_text("Restore undone")
    assert len(kitchen.sim.pihole.domains) == after


async def test_a_restore_is_undone_and_made_again_from_the_row_of_the_backup_before_it(
    card: Card, kitchen: Kitchen
) -> None:
    record = await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("added-later.example.net")
    after = len(kitchen.sim.pihole.domains)
    await kitchen.home.act("restore", config_entry_id=kitchen.entry_id, backup_id=record["id"])
    await card.expect_count(3)
    button = card.element.locator(".undo-restore")
    await expect(card.rows.nth(1).locator(".undo-restore")).to_have_text("Undo restore")
    await expect(button).to_have_count(1)
    await button.click()
    await card.click("Undo")
    await expect(card.dialog).to_contain_text("Restore undone")
    assert len(kitchen.sim.pihole.domains) == after
    await card.click("Close")
    await expect(button).to_have_text("Redo restore")
    await expect(card.rows.nth(1).locator(".undo-restore")).to_have_count(1)


async def test_only_the_chosen_changes_are_restored(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    for name in ("kept-1.example.net", "kept-2.example.net"):
        kitchen.sim.pihole.add_domain(name)
    kitchen.sim.pihole.add_adlist("https://lists.example.org/gone.txt")
    await card.expect_count(1)
    await card.choose("Restore…")
    await expect(card.dialog.get_by_role("button", name="Restore 3 changes")).to_be_visible()
    await card.change("Domains").uncheck()
    await card.change("kept-1.example.net").check()
    await expect(card.dialog.get_by_role("button", name="Restore 2 changes")).to_be_visible()
    await card.change("kept-1.example.net").uncheck()
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")
    kept = {domain.domain for domain in kitchen.sim.pihole.domains}
    assert {"kept-1.example.net", "kept-2.example.net"} <= kept
    assert "gone.txt" not in str([adlist.address for adlist in kitchen.sim.pihole.adlists])


async def test_one_difference_is_brought_back_from_a_comparison(
    card: Card, kitchen: Kitchen
) -> None:
    kitchen.sim.pihole.restless = False
    gone = kitchen.sim.pihole.add_domain("gone.example.net")
    await kitchen.back_up()
    kitchen.sim.pihole.domains.remove(gone)
    kitchen.sim.pihole.add_domain("kept.example.net")
    await kitchen.back_up()
    await card.expect_count(2)
    await card.choose("Compare…")
    line = card.dialog.locator(".line", has_text="gone.example.net")
    await line.get_by_role("button", name="Bring back").click()
    await expect(card.change("gone.example.net")).to_be_checked()
    await expect(card.change("kept.example.net")).not_to_be_checked()
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")
    names = {domain.domain for domain in kitchen.sim.pihole.domains}
    assert {"gone.example.net", "kept.example.net"} <= names


async def test_what_a_backup_found_removed_is_brought_back_from_its_row(
    card: Card, kitchen: Kitchen
) -> None:
    kitchen.sim.pihole.restless = False
    gone = kitchen.sim.pihole.add_domain("gone.example.net")
    await kitchen.back_up()
    kitchen.sim.pihole.domains.remove(gone)
    kitchen.sim.pihole.add_domain("kept.example.net")
    await kitchen.back_up()
    await card.expect_count(2)
    await card.row().click()
    added = card.dialog.locator(".line", has_text="denied · added")
    await expect(added.get_by_role("button")).to_have_count(0)
    removed = card.dialog.locator(".line", has_text="denied · removed")
    await removed.get_by_role("button", name="Bring back").click()
    await expect(card.change("gone.example.net")).to_be_checked()
    await expect(card.change("kept.example.net")).not_to_be_checked()
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")
    names = {domain.domain for domain in kitchen.sim.pihole.domains}
    assert {"gone.example.net", "kept.example.net"} <= names


async def test_what_an_app_password_may_not_change_is_shown_and_the_rest_is_restored(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    pihole = kitchen.sim.pihole
    pihole.restless = False
    pihole.settings["webserver.api.app_sudo"] = False
    pihole.settings["dns.dnssec"] = True
    pihole.add_domain("added-later.example.net")
    await card.expect_count(1)
    await card.choose("Restore…")
    await expect(card.change("dns.dnssec")).to_be_disabled()
    await expect(card.dialog.locator(".permission")).to_contain_text("webserver.api.app_sudo")
    await expect(card.change("added-later.example.net")).to_be_checked()
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")


async def test_where_nothing_would_change_there_is_nothing_to_restore(
    card: Card, kitchen: Kitchen
) -> None:
    kitchen.sim.pihole.restless = False
    await kitchen.back_up()
    await card.expect_count(1)
    await card.choose("Restore…")
    await expect(card.dialog).to_contain_text("Nothing would change")
    await expect(card.dialog.locator(".restore-now")).to_have_count(0)


async def test_a_restore_that_fails_says_why(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("added-later.example.net")
    await card.expect_count(1)
    await card.choose("Restore…")
    await expect(card.change("added-later.example.net")).to_be_checked()
    await kitchen.sim.stop()
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("Restore failed")
    await expect(card.dialog).to_contain_text("Can't connect to")


async def test_without_the_pihole_there_is_no_plan_and_the_dialog_says_why(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await kitchen.sim.stop()
    await card.choose("Restore…")
    await expect(card.dialog.locator(".status")).to_contain_text("Can't connect to")
    await expect(card.dialog.locator(".restore-now")).to_have_count(0)


async def test_a_plan_that_is_outdated_is_not_carried_out(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("added-later.example.net")
    await card.expect_count(1)
    await card.choose("Restore…")
    await expect(card.change("added-later.example.net")).to_be_checked()
    kitchen.sim.pihole.add_domain("added-meanwhile.example.net")
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("Restore failed")
    names = {domain.domain for domain in kitchen.sim.pihole.domains}
    assert {"added-later.example.net", "added-meanwhile.example.net"} <= names
    await expect(card.dialog.get_by_role("button", name="Undo")).to_have_count(0)


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
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("Invalid domain")
    await expect(card.dialog.get_by_role("button", name="Close")).to_be_visible()
    await expect(card.dialog.get_by_role("button", name="Undo")).to_have_count(0)


async def test_a_backup_is_restored_to_another_pihole(
    other: Kitchen, card: Card, kitchen: Kitchen
) -> None:
    kitchen.sim.pihole.add_domain("moved.example.net")
    kitchen.sim.pihole.settings["dns.listeningMode"] = "ALL"
    await kitchen.back_up()
    await card.expect_count(1)
    await card.choose("Restore…")
    await card.dialog.get_by_role("combobox").select_option(value=other.entry_id)
    await expect(card.dialog).to_contain_text("to the other Pi-hole")
    await expect(card.change("moved.example.net")).to_be_checked()
    await expect(card.change("dns.listeningMode")).not_to_be_checked()
    await card.dialog.locator(".restore-now").click()
    await expect(card.dialog).to_contain_text("restored and verified.")
    assert "moved.example.net" in {domain.domain for domain in other.sim.pihole.domains}
    assert other.sim.pihole.settings.get("dns.listeningMode") != "ALL"
    await card.click("Undo")
    await expect(card.dialog).to_contain_text("Restore undone")
    assert "moved.example.net" not in {item.domain for item in other.sim.pihole.domains}


async def test_the_lists_are_downloaded_again_when_they_are_restored(
    card: Card, kitchen: Kitchen
) -> None:
    gone = kitchen.sim.pihole.add_adlist("https://lists.example.org/back.txt")
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.adlists.remove(gone)
    kitchen.sim.gravity_delay = 0.3
    await card.expect_count(1)
    await card.choose("Restore…")
    await expect(card.change("Download the lists again")).to_be_checked()
    await card.click("Restore 1 change")
    await expect(card.dialog.locator(".stage")).to_contain_text("Updating lists")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")
    assert kitchen.sim.gravity_updates == 1


async def test_an_undo_opened_from_a_restores_result_tells_how_it_goes(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_adlist("https://lists.example.org/gone.txt")
    await card.expect_count(1)
    await card.choose("Restore…")
    await card.click("Restore 1 change")
    await expect(card.dialog).to_contain_text("1 change restored and verified.")

    kitchen.sim.gravity_delay = 0.3
    await card.click("Undo")
    await expect(card.dialog.locator(".stage")).to_contain_text("Updating lists")
    await expect(card.dialog).to_contain_text("Restore undone")
    await expect(card.dialog.locator("h2")).to_be_focused()
    # What can be seen in the dialog is shown in a toast only when that is closed.
    toast = card.page.get_by_role("button", name="Redo", exact=True)
    await expect(toast).to_have_count(1)
    await card.click("Close")
    await card.expect_toast("Restore undone")


async def test_when_the_connection_breaks_off_a_restore_is_not_said_to_have_failed(
    card: Card, kitchen: Kitchen
) -> None:
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_adlist("https://lists.example.org/gone.txt")
    await kitchen.back_up()
    kitchen.sim.pihole.adlists.pop()
    await card.expect_count(1)
    await card.choose("Restore…")
    kitchen.sim.gravity_delay = 0.3
    await card.click("Restore 1 change")
    await expect(card.dialog.locator(".steps [data-state=now]")).to_contain_text("Apply")
    await card.page.evaluate(
        """() => {
          const { connection } = document.querySelector('home-assistant').hass;
          connection.suspendReconnectUntil(new Promise((resolve) => { window.goOn = resolve; }));
          connection.suspend();
        }"""
    )
    await expect(card.dialog).to_contain_text("the result of the restore can't be shown here")
    await expect(card.dialog).not_to_contain_text("failed")
    await card.click("Close")
    await card.page.evaluate("window.goOn()")
    await card.expect_count(3)
    await card.element.locator(".undo-restore").click()
    await card.click("Cancel")
    await expect(card.dialog).to_have_count(0)
    await expect(card.row(1)).to_be_focused()  # where the undo is offered


async def test_with_several_piholes_each_row_says_where_its_pihole_answers(
    kitchen: Kitchen, other: Kitchen, open_page: OpenPage
) -> None:
    dashboard = await kitchen.home.make_dashboard("where-they-are", [{"type": CARD}])
    page = await open_page()
    await page.goto(dashboard)

    rows = page.locator("pihole-checkpoint-card .pihole")
    await expect(rows).to_have_count(2)
    for each in (kitchen, other):
        address = each.sim.url.removeprefix("http://")
        await expect(rows.filter(has_text=f"{address} · Reachable")).to_have_count(1)
