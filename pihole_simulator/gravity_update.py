"""What an update of the blocklists says and does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
import re
from typing import Final

from aiohttp import web

from .clock import Clock
from .configuration import values
from .downloads import Download, Downloads, Parsed, parse
from .gravity_rebuild import NoBackup, Rebuild
from .markers import ANEW, Markers
from .rows import Adlist, DomainType, ListType
from .rules import Rules
from .state import Pihole
from .streamed import StreamedText
from .switches import Switches

_DEFAULT_PATH: Final = "/etc/pihole/gravity.db"
_PROTOCOLS: Final = ("http", "file", "ftp", "sftp")
_NOT_IN_A_URL: Final = re.compile(r"[^a-zA-Z0-9:/?&%=~._()-;]")
_LOGIN: Final = re.compile(r"([^:/]*://)?([^/]+)@")
_NEW, _SAME, _OLD, _NONE = 1, 2, 3, 4  # the status of a list


@dataclass(slots=True, kw_only=True)
class GravityUpdate:
    """POST /api/action/gravity."""

    pihole: Pihole
    rules: Rules
    clock: Clock
    switches: Switches
    backups: list[bytes] = field(default_factory=list)
    """The databases that updates have replaced."""
    downloads: Downloads = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing downloaded."""
        self.downloads = Downloads(self.switches)

    async def answer(self, request: web.Request) -> web.Response:
        """Begin an update."""
        asked = self.rules.gravity_colours == "asked" and "color=true" in request.query_string
        coloured = asked or self.rules.gravity_colours == "always"
        return StreamedText(
            self._lines(Markers(coloured=coloured or self.switches.gravity_in_colour))
        )

    async def _lines(self, markers: Markers) -> AsyncIterator[str]:
        cascades = self.rules.deleted_group_leaves_members
        rebuild = Rebuild(self.pihole, self.backups, self.clock, cascades)
        with closing(rebuild.new):
            async for line in self._update(markers, rebuild):
                yield line
                await asyncio.sleep(self.switches.gravity_delay)

    async def _update(self, markers: Markers, rebuild: Rebuild) -> AsyncIterator[str]:
        """Copy what is there, download, and put the copy in place of what is there by then."""
        for line in self._begin(markers):
            yield line
        try:
            for line in self._copy(markers, rebuild):
                yield line
        except NoBackup:
            for line in self._given_up(markers):
                yield line
            return
        for adlist in [row for row in self.pihole.adlists if row.enabled]:
            yield f"  [i] Target: {adlist.address}\n"
            async for line in self._download(markers, rebuild, adlist):
                yield line
            yield "\n"
        for line in self._counted(markers):
            yield line
        rebuild.swap()
        self.switches.gravity_updates += 1
        yield markers.done("Swapping databases")
        yield f"  {markers.tick} The old database remains available\n"
        yield markers.done("Cleaning up stray matter")
        yield "\n"
        yield f"  {markers.tick} Done.\n"

    def _begin(self, markers: Markers) -> Iterator[str]:
        yield f"{ANEW}  {markers.tick} DNS resolution is available\n"
        yield "\n"
        yield f"  [i] {markers.bold('Neutrino emissions detected')}...\n"
        if (path := self._path) != _DEFAULT_PATH:
            yield f"  [i] Storing gravity database in {markers.bold(path)}\n"
        yield "\n"
        yield markers.done("Preparing new gravity database")

    def _copy(self, markers: Markers, rebuild: Rebuild) -> Iterator[str]:
        """Copy, or go back to an older database where that fails."""
        said = "Creating new gravity databases"
        complaint = rebuild.copy()
        if complaint is None:
            yield markers.done(said)
        else:
            yield f"  [i] {said}...\n"
            yield f"  {markers.cross} Unable to copy data from {self._path} to {self._path}_temp\n"
            yield f"  {complaint}\n"
            rebuild.go_back()
            yield "  [i] Attempting to restore previous database from backup no. 1\n"
            place = f"{self._path.rpartition('/')[0]}/gravity_backups/gravity.db.1"
            when = f"{datetime.fromtimestamp(self.clock(), UTC):%Y-%m-%d %H:%M:%S %Z}"
            yield f"  {markers.tick} Successfully restored from backup ({place} at {when})\n"
            yield f"  {markers.tick} {said}\n"
        yield f"{ANEW}  {markers.tick} Pulling blocklist source list into range\n"
        yield "  [i] Using libz compression\n"
        yield "\n"

    def _given_up(self, markers: Markers) -> Iterator[str]:
        yield from (
            f"  {markers.cross} Backup no. {number} not available\n" for number in range(1, 11)
        )
        words = "Unable to create gravity database. Please try again later."
        yield f"   {markers.cross} {words} If the problem persists, please contact support.\n"

    async def _download(
        self, markers: Markers, rebuild: Rebuild, adlist: Adlist
    ) -> AsyncIterator[str]:
        if _NOT_IN_A_URL.search(_LOGIN.sub(r"\1\2", adlist.address)):
            yield f"  {markers.cross} Invalid Target\n"
            return
        yield "  [i] Status: Pending..."
        if not adlist.address.startswith(_PROTOCOLS):
            yield f"{ANEW}  {markers.cross} Status: Invalid protocol specified. Ignoring list.\n"
            pad = "      " if self.rules.hint_is_indented else ""
            yield f"{pad}Ensure your URL starts with a valid protocol like http:// , https:// or"
            yield " file:// .\n"
            download = Download(name=f"{adlist.address} ()", ok=False)
        else:
            download = await self.downloads.fetch(adlist)
        mark = markers.tick if download.ok else markers.cross
        yield f"{ANEW}  {mark} Status: {download.name}\n"
        for line in self._take(markers, rebuild, adlist, download):
            yield line

    def _take(
        self, markers: Markers, rebuild: Rebuild, adlist: Adlist, download: Download
    ) -> Iterator[str]:
        text = download.text
        if download.ok and text is None:
            place = self.pihole.adlists.index(adlist) + 1
            parsed = Parsed(exact=1000 * place, invalid=place)
            yield from self._parsed(markers, rebuild, adlist, _NEW, parsed)
        elif download.ok and text:
            before = self.downloads.keep(adlist, text)
            if before is not None:
                yield f"  [i] List {'stayed unchanged' if before == text else 'has been updated'}\n"
            status = _SAME if before == text else _NEW
            yield from self._parsed(markers, rebuild, adlist, status, self._parse(text))
        else:
            if download.ok:
                yield "  [i] Received empty file\n"
            yield from self._fall_back(markers, rebuild, adlist)

    def _fall_back(self, markers: Markers, rebuild: Rebuild, adlist: Adlist) -> Iterator[str]:
        kept = self.downloads.kept(adlist)
        words = (
            markers.red("no cached list available")
            if kept is None
            else markers.green("using previously cached list")
        )
        yield f"  {markers.cross} List download failed: {words}\n"
        if kept is None:
            rebuild.note(adlist.id, status=_NONE, number=0, invalid_domains=0)
        else:
            yield from self._parsed(markers, rebuild, adlist, _OLD, self._parse(kept))

    def _parse(self, text: str) -> Parsed:
        return parse(text, last_word_only=not self.rules.lists_have_words)

    def _parsed(
        self, markers: Markers, rebuild: Rebuild, adlist: Adlist, status: int, parsed: Parsed
    ) -> Iterator[str]:
        rebuild.note(
            adlist.id,
            status=status,
            number=parsed.exact + parsed.abp,
            invalid_domains=parsed.invalid,
            abp_entries=parsed.abp,
            date_updated=int(self.clock()),
        )
        kind = "blocking" if adlist.type is ListType.BLOCK else "allowing"
        yield (
            f"{markers.anew}  {markers.tick} Parsed {parsed.exact} exact domains and {parsed.abp}"
            f" ABP-style domains ({kind}, ignored {parsed.invalid} non-domain entries)\n"
        )
        if parsed.sample:
            yield "      Sample of non-domain entries:\n"
            yield from (f"        - {word}\n" for word in parsed.sample)

    def _counted(self, markers: Markers) -> Iterator[str]:
        yield markers.done("Building tree")
        yield f"  [i] Number of gravity domains: 1000 ({markers.bold('1000 unique domains')})\n"
        for name, type_ in (
            ("exact denied domains", DomainType.DENY_EXACT),
            ("regex denied filters", DomainType.DENY_REGEX),
            ("exact allowed domains", DomainType.ALLOW_EXACT),
            ("regex allowed filters", DomainType.ALLOW_REGEX),
        ):
            number = sum(row.enabled and row.type is type_ for row in self.pihole.domains)
            yield f"  [i] Number of {name}: {number}\n"
        yield markers.done("Optimizing database")

    @property
    def _path(self) -> str:
        return str(values(self.pihole)["files.gravity"])
