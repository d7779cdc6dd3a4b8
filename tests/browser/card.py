"""The card on a page, and what a user does and sees there."""

from pathlib import Path
import re

from playwright.async_api import Locator, Page, expect

TITLE = "Kitchen"


class Card:
    """One that is open, and its user."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("pihole-checkpoint-card")
        self.rows = self.element.locator("li[data-id]")
        self.button = self.element.locator(".backup-now")
        self.count = self.element.locator(".count")
        self.toast = page.locator("ha-toast, notification-manager .toast").last
        self.notices = self.element.locator(".notices")
        self.dialog = self.element.locator("dialog")

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await expect(self.element).to_be_visible()
        # What is lost when a page is loaded anew.
        await self.page.evaluate("window.isTheSamePage = true")

    async def is_the_same_page(self) -> bool:
        return bool(await self.page.evaluate("window.isTheSamePage === true"))

    async def press(self) -> None:
        await self.button.click()

    async def press_when_ready(self) -> None:
        await expect(self.notices).to_be_empty()
        await expect(self.button).not_to_have_attribute("disabled", "")
        await expect(self.button).to_have_attribute("data-busy", "false")
        await self.press()

    async def ids(self) -> list[str]:
        """Of the rows, from top to bottom."""
        return [await row.get_attribute("data-id") or "" for row in await self.rows.all()]

    async def expect_count(self, count: int) -> None:
        await expect(self.count).to_have_text(str(count))
        await expect(self.rows).to_have_count(count)

    async def expect_toast(self, text: str | re.Pattern[str]) -> None:
        await expect(self.page.get_by_text(text).first).to_be_visible()

    def row(self, row: int = 0) -> Locator:
        """Return what can be tapped of a row."""
        return self.rows.nth(row).locator(".row")

    def changes(self, row: int = 0) -> Locator:
        """Return what a row says in bold."""
        return self.rows.nth(row).locator(".changes")

    def rest(self, row: int = 0) -> Locator:
        """Return the gray line of a row."""
        return self.rows.nth(row).locator(".rest")

    def fact(self, name: str) -> Locator:
        return self.element.locator(f".fact.{name} .value")

    def change(self, name: str) -> Locator:
        """Return the box of a change in a plan."""
        return self.dialog.get_by_role("checkbox", name=name)

    async def choose(self, action: str, row: int = 0) -> None:
        """Open a row's details, and click one of the buttons there."""
        await self.row(row).click()
        await self.click(action)

    async def confirm(self, name: str) -> None:
        """Click a button of Home Assistant's own dialog, which is above ours."""
        dialog = self.page.locator("dialog-box")
        await dialog.get_by_role("button", name=name, exact=True).click()

    async def click(self, name: str) -> None:
        """Click a button of the open dialog."""
        await self.dialog.get_by_role("button", name=name, exact=True).click()

    async def upload(self, path: Path) -> None:
        await self.element.locator("input[type=file]").set_input_files(path)
