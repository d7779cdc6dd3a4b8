"""A Pi-hole that the tests in a browser set up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.async_api import Page

from pihole_simulator import Simulator, build_archive
from scripts.in_browser.house import House, Record
from tests.browser.card import Card


@dataclass(kw_only=True)
class Kitchen:
    """A Pi-hole that is set up."""

    home: House
    sim: Simulator
    entry_id: str
    dashboard: str

    async def back_up(self) -> Record:
        """Make a backup from elsewhere, and give its record."""
        [record] = await self.home.act("backup", config_entry_id=self.entry_id)
        return record

    async def backups(self) -> list[Record]:
        return await self.home.act("list", config_entry_id=self.entry_id)

    async def exported(self) -> bytes:
        """Export as the Pi-hole would now."""
        return build_archive(self.sim.pihole, datetime.now(UTC))

    def archive_of(self, record: Record) -> bytes:
        [path] = self.home.home.config.glob(f"pihole_checkpoint/*/{record['filename']}")
        return path.read_bytes()


type OpenCard = Callable[..., Awaitable[Card]]
type OpenPage = Callable[..., Awaitable[Page]]
