"""From the end of a backup in the engine to its row on the screen of a browser.

The end is when its record got its name in the repository: the system's own time of that, which may
be up to 4 ms early. The row is on the screen with the second frame after it came into the page.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.async_api import expect

from pihole_simulator import Simulator
from scripts.in_browser.chromium import chromium
from scripts.in_browser.house import CARD, house

from .measuring import Figure

_PASSWORD = "app-password-of-the-simulator"  # noqa: S105 - it opens nothing
_RUNS = 20
_GOAL = 100.0
"""What happens sooner seems to happen at once."""

_WATCH = """(body) => {
  window.seen = {};
  new MutationObserver((changes) => {
    const added = changes.flatMap((it) => [...it.addedNodes]);
    for (const row of added.filter((it) => it.dataset?.id)) {
      requestAnimationFrame(() => requestAnimationFrame(() => {
        window.seen[row.dataset.id] = performance.timeOrigin + performance.now();
      }));
    }
  }).observe(body, { childList: true });
}"""


def measure() -> Sequence[Figure]:
    """Back up from elsewhere, again and again, and look at a card."""
    taken = asyncio.run(_watch())
    return [
        Figure(
            name="screen",
            value=median(taken),
            unit="ms",
            goal=_GOAL,
            detail=f"from the backup's end in the engine to its row on the screen "
            f"({min(taken):.0f} to {max(taken):.0f} ms), median of {len(taken)}",
        )
    ]


async def _watch() -> list[float]:
    with TemporaryDirectory() as folder:
        async with (
            house(Path(folder, "house")) as built,
            Simulator(app_password=_PASSWORD) as simulator,
            chromium() as browser,
        ):
            simulator.pihole.restless = True
            entry_id = await built.add_pihole(simulator.url, _PASSWORD)
            url = await built.make_dashboard("for-bench", [{"type": CARD}])
            page = await (await built.open_browser(browser)).new_page()
            await page.goto(url)
            card = page.locator("pihole-checkpoint-card")
            body = card.locator("ul")
            await expect(card.get_by_text("There are no backups yet.")).to_be_visible()
            await body.evaluate(_WATCH)
            taken = []
            for _ in range(_RUNS + 1):
                [record] = await built.act("backup", config_entry_id=entry_id)
                await page.wait_for_function("(id) => id in window.seen", arg=record["id"])
                seen: float = await page.evaluate("(id) => window.seen[id]", record["id"])
                [path] = built.home.config.glob(f"*/*/*{record['id']}.json")
                taken.append(seen - path.stat().st_ctime_ns / 1e6)
            return taken[1:]  # the first one warms up
