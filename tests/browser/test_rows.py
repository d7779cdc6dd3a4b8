from pathlib import Path
import re

from playwright.async_api import expect

from tests.browser.card import Card
from tests.browser.kitchen import Kitchen, OpenCard

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


async def test_a_row_tells_what_is_in_a_backup_and_what_has_changed(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.add_adlist("https://lists.example.org/more.txt")
    await kitchen.back_up()
    await card.expect_count(2)
    await expect(card.changes()).to_contain_text("1 list added")
    await expect(card.changes(1)).to_have_text("First backup")
    await expect(card.rest()).to_have_text(re.compile(r"Action · [\d.]+ kB"))
    await expect(card.rows.first.locator(".when")).to_have_text(
        re.compile(r"20\d\d.* · (now|\d+ sec)")
    )
    await expect(card.rows.first.locator(".status")).to_have_count(0)


async def test_nothing_that_changed_is_said_as_well(card: Card, kitchen: Kitchen) -> None:
    kitchen.sim.pihole.restless = False
    await kitchen.back_up()
    await kitchen.back_up()
    await card.expect_count(2)
    await expect(card.changes()).to_have_text("No changes")
    await card.expect_toast("Backup stored: no changes")


async def test_several_differences_in_one_list_are_one_change(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    adlist = kitchen.sim.pihole.adlists[0]
    adlist.enabled, adlist.comment = not adlist.enabled, "another comment"
    await kitchen.back_up()
    await card.expect_count(2)
    await expect(card.changes()).to_contain_text("1 list changed")
    await card.row().click()
    line = card.dialog.locator(".line").first
    await expect(line).to_contain_text(adlist.address)
    await expect(line).to_contain_text("another comment")


async def test_a_tap_shows_what_exactly_changed_and_what_is_in_the_backup(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.add_domain("new.example.net")
    record = await kitchen.back_up()
    await card.expect_count(2)
    await card.row().click()
    await expect(card.dialog.locator("h2")).to_contain_text("1 domain added")
    await expect(card.dialog.locator(".line").first).to_contain_text("new.example.net")
    await expect(card.dialog).to_contain_text(record["filename"])
    await expect(card.dialog.locator(".id")).to_have_text(record["id"])
    await expect(card.dialog.locator(".counts")).to_contain_text(
        re.compile(r"\d lists, \d domains")
    )


async def test_the_contents_of_a_backup_can_be_searched(card: Card, kitchen: Kitchen) -> None:
    kitchen.sim.pihole.add_domain("needle.example.net")
    await kitchen.back_up()
    await card.expect_count(1)
    await card.row().click()
    search = card.dialog.get_by_role("searchbox")
    await search.fill("NEEDLE")
    await expect(card.dialog.locator(".found .line")).to_have_count(1)
    await expect(card.dialog.locator(".found .line")).to_contain_text("needle.example.net")
    await search.fill("nothing is called like this")
    await expect(card.dialog.locator(".found")).to_contain_text("Nothing found.")


async def test_the_id_of_a_backup_is_copied(card: Card, kitchen: Kitchen) -> None:
    record = await kitchen.back_up()
    await card.expect_count(1)
    await card.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await card.choose("Copy ID")
    await card.expect_toast("Backup ID copied.")
    assert await card.page.evaluate("navigator.clipboard.readText()") == record["id"]


async def test_a_download_is_the_stored_archive(
    card: Card, kitchen: Kitchen, tmp_path: Path
) -> None:
    record = await kitchen.back_up()
    await card.expect_count(1)
    async with card.page.expect_download() as downloading:
        await card.choose("Download")
    download = await downloading.value
    assert download.suggested_filename == record["filename"]
    await download.save_as(tmp_path / "downloaded.zip")
    assert (tmp_path / "downloaded.zip").read_bytes() == kitchen.archive_of(record)


async def test_a_pin_and_a_note_are_shown_at_once(card: Card, kitchen: Kitchen) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await card.choose("Pin")
    await expect(card.dialog.get_by_role("button", name="Unpin")).to_be_visible()
    await card.dialog.get_by_role("textbox", name="Note").fill("Before the move")
    await card.click("Save")
    await card.expect_toast("Note saved.")
    await card.click("Close")
    await expect(card.rest().locator(".pinned")).to_contain_text("Pinned")
    await expect(card.rest().locator(".note")).to_have_text("Before the move")
    await card.choose("Unpin")
    await card.click("Close")
    await expect(card.rest().locator(".pinned")).to_have_count(0)
    [record] = await kitchen.backups()
    assert (record["pinned"], record["note"]) == (False, "Before the move")


async def test_a_hostile_note_and_file_name_are_only_text(
    kitchen: Kitchen, open_card: OpenCard, tmp_path: Path
) -> None:
    record = await kitchen.back_up()
    await kitchen.home.act(
        "update", config_entry_id=kitchen.entry_id, backup_id=record["id"], note=HOSTILE
    )
    card = await open_card()
    await expect(card.rows.first.locator(".note")).to_have_text(HOSTILE)
    archive = tmp_path / "<img src=x onerror=alert(1)>.zip"
    archive.write_bytes(b"no archive")
    await card.upload(archive)
    await card.expect_toast("<img src=x onerror=alert(1)>.zip wasn't stored.")
    assert await card.page.locator("img[src=x]").count() == 0
    assert "owned" not in await card.page.title()


async def test_a_backup_is_read_again_when_asked_for(card: Card, kitchen: Kitchen) -> None:
    record = await kitchen.back_up()
    await card.expect_count(1)
    await card.choose("Verify")
    await card.expect_toast("Backup verified")
    [path] = kitchen.home.home.config.glob(f"pihole_checkpoint/*/{record['filename']}")
    path.write_bytes(b"no archive any more")
    await card.click("Verify")
    await card.expect_toast("The backup is damaged")
    await expect(card.dialog.get_by_role("button", name="Restore…")).to_have_count(0)
    await card.click("Close")
    await expect(card.rows.first.locator(".status")).to_contain_text("Damaged")
    await expect(card.count).to_have_text("0")


async def test_deleting_asks_first(card: Card, kitchen: Kitchen) -> None:
    older, _ = await kitchen.back_up(), await kitchen.back_up()
    await card.expect_count(2)
    await card.choose("Delete…")
    await card.confirm("Cancel")
    assert len(await kitchen.backups()) == 2
    await card.click("Delete…")
    await card.confirm("Delete")
    await card.expect_toast(re.compile("Backup of .* deleted"))
    await card.expect_count(1)
    assert await card.ids() == [older["id"]]
    assert [backup["id"] for backup in await kitchen.backups()] == [older["id"]]


async def test_a_backup_is_compared_with_the_one_before_first_and_with_what_is_chosen_then(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    kitchen.sim.pihole.restless = False
    kitchen.sim.pihole.add_domain("new.example.net")
    await kitchen.back_up()
    await card.expect_count(2)
    await card.choose("Compare…")
    await expect(card.dialog.locator(".result .line")).to_have_count(1)
    await expect(card.dialog.locator(".result .line")).to_contain_text("new.example.net")
    await card.dialog.get_by_role("combobox").select_option(value="live")
    await expect(card.dialog).to_contain_text("No differences.")


async def test_more_rows_come_in_pages(kitchen: Kitchen, open_card: OpenCard) -> None:
    for _ in range(7):
        await kitchen.back_up()
    card = await open_card()
    await expect(card.rows).to_have_count(5)
    await expect(card.count).to_have_text("7")
    await card.element.get_by_role("button", name="Show more").click()
    await card.expect_count(7)
    assert await card.ids() == [backup["id"] for backup in await kitchen.backups()]


async def test_damaged_backups_are_counted_by_themselves(
    kitchen: Kitchen, open_card: OpenCard
) -> None:
    for _ in range(7):
        spoiled = await kitchen.back_up()
    [path] = kitchen.home.home.config.glob(f"pihole_checkpoint/*/{spoiled['filename']}")
    path.write_bytes(b"no archive any more")
    await kitchen.home.act("verify", config_entry_id=kitchen.entry_id, backup_id=spoiled["id"])
    card = await open_card()
    await expect(card.rows).to_have_count(5)
    await expect(card.count).to_have_text("6")
    await expect(card.element.locator(".damaged-count")).to_have_text("1 damaged")
    await expect(card.element.locator(".shown")).to_have_text("Showing 4 of 6, 1 damaged")


async def test_the_last_backup_that_can_be_restored_is_named_before_it_is_deleted(
    card: Card, kitchen: Kitchen
) -> None:
    spoiled, _ = await kitchen.back_up(), await kitchen.back_up()
    [path] = kitchen.home.home.config.glob(f"pihole_checkpoint/*/{spoiled['filename']}")
    path.write_bytes(b"no archive any more")
    await kitchen.home.act("verify", config_entry_id=kitchen.entry_id, backup_id=spoiled["id"])
    await expect(card.count).to_have_text("1")
    await card.choose("Delete…")
    await expect(card.page.locator("dialog-box")).to_contain_text(
        "It's the only backup of this Pi-hole."
    )


async def test_an_archive_is_uploaded_and_becomes_a_row(
    card: Card, kitchen: Kitchen, tmp_path: Path
) -> None:
    record = await kitchen.back_up()
    await card.expect_count(1)
    archive = tmp_path / "pi-hole_kitchen_teleporter_2026-01-20_03-24-05_UTC.zip"
    kitchen.sim.pihole.add_domain("uploaded.example.net")
    archive.write_bytes(await kitchen.exported())
    await card.upload(archive)
    await card.expect_toast("Backup stored.")
    await card.expect_count(2)
    assert record["id"] in await card.ids()

    await card.upload(archive)
    await card.expect_toast(f"{archive.name} is already stored as the backup of")
    await card.expect_count(2)
    added = next(backup for backup in await kitchen.backups() if backup["id"] != record["id"])
    assert kitchen.archive_of(added) == archive.read_bytes()


async def test_an_archive_is_uploaded_by_dropping_it(card: Card, kitchen: Kitchen) -> None:
    content = await kitchen.exported()
    dropped = await card.page.evaluate_handle(
        """(bytes) => {
          const dropped = new DataTransfer();
          dropped.items.add(new File([new Uint8Array(bytes)], "dropped.zip"));
          return dropped;
        }""",
        list(content),
    )
    box = card.element.locator("pihole-checkpoint-drop-zone")
    await box.dispatch_event("dragover", {"dataTransfer": dropped})
    await expect(card.element.locator(".veil")).to_be_visible()
    await box.dispatch_event("drop", {"dataTransfer": dropped})
    await card.expect_count(1)
    await expect(card.element.locator(".veil")).to_be_hidden()


async def test_what_is_asked_while_something_else_is_done_is_not_said_to_be_done(
    card: Card, kitchen: Kitchen
) -> None:
    await kitchen.back_up()
    await card.expect_count(1)
    await card.page.evaluate(
        """() => {
          const { connection } = document.querySelector('home-assistant').hass;
          const send = connection.sendMessagePromise;
          connection.sendMessagePromise = function (message) {
            if (message.service !== 'verify') return send.call(this, message);
            return new Promise((resolve, reject) => {
              window.goOn = () => send.call(this, message).then(resolve, reject);
            });
          };
        }"""
    )
    await card.row().click()
    note = card.dialog.get_by_label("Note")
    await note.fill("a long story")
    await card.click("Verify")
    await card.click("Save")
    await card.click("Pin")
    await card.page.evaluate("window.goOn()")
    await card.expect_toast("Backup verified.")
    await expect(card.page.get_by_text("Pinned: this backup is always kept.")).to_have_count(0)
    await expect(note).to_have_value("a long story")
    await card.page.mouse.click(5, 450)  # beside the dialog
    await card.click("Save")
    await expect(card.rest().locator(".note")).to_have_text("a long story")


async def test_a_kind_has_as_many_as_are_found_and_not_as_are_shown(
    card: Card, kitchen: Kitchen
) -> None:
    for number in range(70):
        kitchen.sim.pihole.add_domain(f"host-{number}.example.net")
    await kitchen.back_up()
    await card.expect_count(1)
    await card.row().click()
    await card.dialog.get_by_role("searchbox").fill("host-")
    domains = card.dialog.locator(".found .group").filter(has_text="Domains")
    await expect(domains).to_have_text(re.compile(r"Domains\s+70"))
