"""The integration's icon and logo: drawn in `brand/`, and rendered as Home Assistant wants them."""

import asyncio
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser

from scripts.in_browser.chromium import chromium

ROOT: Final = Path(__file__).parent.parent
SOURCES: Final = ROOT / "brand"
RENDERED: Final = ROOT / "custom_components/pihole_checkpoint/brand"

SIZES: Final = {"icon": (256, 256), "logo": (1040, 192)}
"""Of each picture. There is one of twice the size, too, for dense screens."""
LOOKS: Final[dict[str, Literal["light", "dark"]]] = {"": "light", "dark_": "dark"}
"""What is before a picture's name, and the background that it is for."""
DENSITIES: Final = {"": 1, "@2x": 2}
"""What is after it, and the pixels for each point."""

LOGO_OF_THE_README: Final = ROOT / "docs/images/logo.png"
"""Half as large. It stands before a light or a dark background, as HACS cannot choose a picture."""
_WORD_ON_ANY_BACKGROUND: Final = ".word { --colour: #6c6ae0 !important }"


async def render(
    browser: Browser,
    picture: str,
    look: Literal["light", "dark"],
    density: float,
    style: str = "",
) -> bytes:
    """Draw one; what is not painted is transparent."""
    width, height = SIZES[picture]
    async with await browser.new_context(
        color_scheme=look, device_scale_factor=density, viewport={"width": width, "height": height}
    ) as context:
        page = await context.new_page()
        drawing = (SOURCES / f"{picture}.svg").read_text()
        await page.set_content(
            f"<style>* {{ margin: 0 }} svg {{ display: block }} {style}</style>{drawing}"
        )
        return await page.screenshot(omit_background=True)


async def main() -> None:
    """Render them all."""
    RENDERED.mkdir(exist_ok=True)
    async with chromium() as browser:
        for picture in SIZES:
            for prefix, look in LOOKS.items():
                for suffix, density in DENSITIES.items():
                    path = RENDERED / f"{prefix}{picture}{suffix}.png"
                    path.write_bytes(await render(browser, picture, look, density))
                    print(path.relative_to(ROOT))
        LOGO_OF_THE_README.write_bytes(
            await render(browser, "logo", "light", 0.5, _WORD_ON_ANY_BACKGROUND)
        )
        print(LOGO_OF_THE_README.relative_to(ROOT))


if __name__ == "__main__":
    asyncio.run(main())
