"""What an update of the blocklists says and does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from aiohttp import web

from .answers import ApiError
from .clock import Clock
from .configuration import is_on
from .rows import Adlist, ListType
from .spoken import Spoken
from .state import Pihole
from .switches import Switches

_ANEW = "\r\x1b[K"  # back to the beginning of the line, and wipe it


@dataclass(slots=True)
class GravityUpdate:
    """POST /api/action/gravity."""

    pihole: Pihole
    clock: Clock
    switches: Switches

    async def answer(self, _: web.Request) -> web.Response:
        """Begin an update."""
        if not is_on(self.pihole, "webserver.api.allow_destructive"):
            hint = "Check setting webserver.api.allow_destructive"
            raise ApiError(403, "forbidden", "Updating gravity is not allowed", hint)
        return Spoken(self._update())

    async def _update(self) -> AsyncIterator[str]:
        """Say a line at a time. Nothing has changed until the end is near."""
        for line in self._lines():
            yield line
            await asyncio.sleep(self.switches.gravity_delay)
        self.pihole.update_gravity(int(self.clock()), self._failing)
        self.switches.gravity_updates += 1
        yield f"  {self._tick} Done.\n"

    @property
    def _failing(self) -> set[str]:
        return self.switches.unreachable_lists | self.switches.refused_lists

    @property
    def _tick(self) -> str:
        return "[\x1b[32m✓\x1b[0m]" if self.switches.gravity_in_colour else "[✓]"

    @property
    def _cross(self) -> str:
        return "[\x1b[31m✗\x1b[0m]" if self.switches.gravity_in_colour else "[✗]"

    def _lines(self) -> Iterator[str]:
        yield "  [i] Neutrino emissions detected...\n"
        yield "\n"
        yield "  [i] Preparing new gravity database..."
        yield f"{_ANEW}  {self._tick} Preparing new gravity database\n"
        yield "\n"
        for adlist in [row for row in self.pihole.adlists if row.enabled]:
            yield from self._download(adlist)
        yield "  [i] Building tree..."
        yield f"{_ANEW}  {self._tick} Building tree\n"
        yield "  [i] Number of gravity domains: 1000 (1000 unique domains)\n"
        yield "\n"

    def _download(self, adlist: Adlist) -> Iterator[str]:
        yield f"  [i] Target: {adlist.address}\n"
        yield "  [i] Status: Pending..."
        if adlist.address in self._failing:
            refused = adlist.address in self.switches.refused_lists
            # Of a status without a name of its own, the whole address is told.
            status = f"{adlist.address} (401)" if refused else "Not found"
            yield f"{_ANEW}  {self._cross} Status: {status}\n"
            yield f"  {self._cross} List download failed: no cached list available\n"
        else:
            kind = "blocking" if adlist.type is ListType.BLOCK else "allowing"
            yield f"{_ANEW}  {self._tick} Status: Retrieval successful\n"
            yield f"  {self._tick} Parsed 1000 exact domains ({kind}, ignored 1 non-domain entry)\n"
        yield "\n"
