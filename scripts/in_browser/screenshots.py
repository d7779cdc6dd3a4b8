"""The pictures of the card in the README and the user guide."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Unpack

from playwright.async_api import Browser, FloatRect, Locator, Page, expect

from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from pihole_simulator import Pihole, Simulator, faults
from pihole_simulator.rows import DomainType

from .chromium import chromium
from .house import CARD, House, Look, house
from .past import Moment, live_through

_IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
_PASSWORD = "app-password-of-the-simulator"  # noqa: S105 - it opens nothing
_SHARP = 2.0
_PHONE = 440
_STEP_HEIGHT = 680
_STEPS = ("Press", "See what changed", "Restore what you want back")
_STRIP = """
<!doctype html>
<style>
  @font-face { font-family: Roboto; src: url(/static/fonts/roboto/Roboto-Medium.woff2) }
  body { display: flex; gap: 32px; margin: 0; padding: 24px; width: max-content;
    background: #eceff1; font: 500 22px Roboto, sans-serif; color: #212121 }
  figure { margin: 0 }
  figcaption { margin: 0 0 16px; text-align: center }
  img { display: block; border-radius: 28px; box-shadow: 0 2px 8px #0003 }
</style>
"""


def _unblock(pihole: Pihole) -> None:
    pihole.domains[1].enabled = False
    pihole.add_domain("updates.example.com", DomainType.ALLOW_EXACT)


def _more_lists(pihole: Pihole) -> None:
    for name in ("phishing", "stalkerware"):
        pihole.add_adlist(f"https://lists.example.org/{name}.txt")


def _new_router(pihole: Pihole) -> None:
    pihole.hosts.append("192.168.1.12 tv.lan")
    pihole.add_client("192.168.1.61", comment="doorbell")


_MOMENTS = (
    Moment(
        ago=timedelta(days=34, hours=2),
        trigger=BackupTrigger.BUTTON,
        note="As it was before the new router",
        pinned=True,
    ),
    Moment(ago=timedelta(days=27, minutes=40), trigger=BackupTrigger.SCHEDULE, change=_new_router),
    Moment(
        ago=timedelta(days=12, minutes=40),
        trigger=BackupTrigger.SCHEDULE,
        change=lambda value: value.adlists.pop(2),
    ),
    Moment(ago=timedelta(days=5, hours=7), trigger=BackupTrigger.BUTTON, change=_unblock),
    Moment(ago=timedelta(days=2, minutes=40), trigger=BackupTrigger.SCHEDULE, change=_more_lists),
    Moment(
        ago=timedelta(minutes=40),
        trigger=BackupTrigger.SCHEDULE,
        change=lambda item: item.settings.update({"dns.dnssec": True}),
    ),
)


async def _take() -> None:
    _IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        async with (
            house(Path(folder, "house")) as built,
            Simulator(app_password=_PASSWORD) as simulator,
            chromium() as browser,
        ):
            simulator.pihole.settings["webserver.api.app_sudo"] = True
            entry_id = await built.add_pihole(simulator.url, _PASSWORD)
            await live_through(built, entry_id, simulator.pihole, _MOMENTS)
            card = {
                "type": CARD,
                "config_entry_id": entry_id,
                "title": "Pi-hole",
                "rows": len(_MOMENTS),
            }
            url = await built.make_dashboard("for-pictures", [card])
            studio = _Studio(built, browser, url)
            await studio.card("card-light", width=1080)
            await studio.card("card-dark", width=1080, color_scheme="dark")
            await studio.card("card-phone", width=360)
            await studio.restore("restore")
            await studio.steps("press-row-restore", simulator)


class _Studio:
    def __init__(self, built: House, browser: Browser, url: str) -> None:
        self._house = built
        self._browser = browser
        self._url = url

    async def card(self, name: str, *, width: int, **look: Unpack[Look]) -> None:
        async with self._page(width, look) as page:
            card = page.locator("pihole-checkpoint-card ha-card")
            await card.screenshot(path=_IMAGES / f"{name}.png")

    async def restore(self, name: str) -> None:
        async with self._page(1080, {}) as page:
            card = page.locator("pihole-checkpoint-card")
            await card.locator("li[data-id] .row").nth(3).click()
            dialog = card.locator("dialog")
            await dialog.get_by_role("button", name="Restore…").click()
            await expect(dialog.locator(".restore-now")).to_be_visible()
            await dialog.screenshot(path=_IMAGES / f"{name}.png")

    async def steps(self, name: str, simulator: Simulator) -> None:
        """Show side by side how a backup is made, what it says, and what is restored."""
        async with self._page(_PHONE, {}) as page:
            card = page.locator("pihole-checkpoint-card")
            rows = card.locator("li[data-id]")
            gate = faults.gate()
            simulator.faults.next("export", gate)
            simulator.pihole.add_domain("ads.example.net", DomainType.DENY_EXACT)
            await card.get_by_role("button", name="Backup now").click()
            await gate.reached.wait()
            await expect(card).to_contain_text("Exporting")
            pressed = await _upper_part(card.locator("ha-card"))
            gate.open()
            await expect(rows).to_have_count(len(_MOMENTS))  # a page; the oldest left it
            await expect(rows.first).to_contain_text("1 domain added")
            stored = await _upper_part(card.locator("ha-card"))
            await rows.nth(3).locator(".row").click()
            dialog = card.locator("dialog")
            await dialog.get_by_role("button", name="Restore…").click()
            await expect(dialog.locator(".restore-now")).to_be_visible()
            chosen = await _upper_part(dialog)
            await self._strip(name, page, (pressed, stored, chosen))

    async def _strip(self, name: str, page: Page, pictures: Sequence[bytes]) -> None:
        figures = (
            f"<figure><figcaption>{number}. {step}</figcaption>"
            f'<img width="{_PHONE}" src="data:image/png;base64,{b64encode(picture).decode()}">'
            "</figure>"
            for number, (step, picture) in enumerate(zip(_STEPS, pictures, strict=True), start=1)
        )
        await page.set_content(_STRIP + "".join(figures))
        await page.evaluate("document.fonts.ready")
        await page.locator("body").screenshot(path=_IMAGES / f"{name}.png")

    @asynccontextmanager
    async def _page(self, width: int, look: Look) -> AsyncIterator[Page]:
        usual: Look = {
            "viewport": {"width": width, "height": 1200},
            "device_scale_factor": _SHARP,
            "reduced_motion": "reduce",
        }
        context = await self._house.open_browser(self._browser, **(usual | look))
        page = await context.new_page()
        await page.goto(self._url)
        card = page.locator("pihole-checkpoint-card")
        await expect(card.locator("li[data-id]")).to_have_count(len(_MOMENTS))
        # Where the simulated one listens is no address that a Pi-hole has at home.
        await card.locator(".address").evaluate("(it) => { it.textContent = '192.168.1.2'; }")
        await page.evaluate("document.fonts.ready")
        yield page
        await context.close()


async def _upper_part(element: Locator) -> bytes:
    picture = await element.bounding_box()
    if picture is None:
        raise RuntimeError("What is to be pictured is not on the page")
    clip: FloatRect = {**picture, "height": min(picture["height"], _STEP_HEIGHT)}
    return await element.page.screenshot(clip=clip)


if __name__ == "__main__":
    asyncio.run(_take())
