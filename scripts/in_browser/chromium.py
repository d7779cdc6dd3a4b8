"""The browser: the Chromium that this system has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import shutil

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root, Chromium cannot have a sandbox. It only ever meets what runs on this computer.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Tell where it is."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Give a browser without a window. `scripts/chromium-from-debian` installs one."""
    path = find_chromium()
    if path is None:
        raise FileNotFoundError("There is no Chromium here: scripts/chromium-from-debian")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()
