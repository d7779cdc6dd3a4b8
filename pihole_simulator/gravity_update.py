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
from .painting import ANEW, Paint
from .rows import Adlist, DomainType, ListType
from .rules import Rules
from .spoken import Spoken
from .state import Pihole
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
        return Spoken(self._told(Paint(coloured=coloured or self.switches.gravity_in_colour)))

    async def _told(self, paint: Paint) -> AsyncIterator[str]:
        cascades = self.rules.deleted_group_leaves_members
        rebuild = Rebuild(self.pihole, self.backups, self.clock, cascades)
        with closing(rebuild.new):
            async for line in self._update(paint, rebuild):
                yield line
                await asyncio.sleep(self.switches.gravity_delay)

    async def _update(self, paint: Paint, rebuild: Rebuild) -> AsyncIterator[str]:
        """Copy what is there, download, and put the copy in place of what is there by then."""
        for line in self._begin(paint):
            yield line
        try:
            for line in self._copy(paint, rebuild):
                yield line
        except NoBackup:
            for line in self._given_up(paint):
                yield line
            return
        for adlist in [row for row in self.pihole.adlists if row.enabled]:
            yield f"  [i] Target: {adlist.address}\n"
            async for line in self._download(paint, rebuild, adlist):
                yield line
            yield "\n"
        for line in self._counted(paint):
            yield line
        rebuild.swap()
        self.switches.gravity_updates += 1
        yield paint.done("Swapping databases")
        yield f"  {paint.tick} The old database remains available\n"
        yield paint.done("Cleaning up stray matter")
        yield "\n"
        yield f"  {paint.tick} Done.\n"

    def _begin(self, paint: Paint) -> Iterator[str]:
        yield f"{ANEW}  {paint.tick} DNS resolution is available\n"
        yield "\n"
        yield f"  [i] {paint.bold('Neutrino emissions detected')}...\n"
        if (path := self._path) != _DEFAULT_PATH:
            yield f"  [i] Storing gravity database in {paint.bold(path)}\n"
        yield "\n"
        yield paint.done("Preparing new gravity database")

    def _copy(self, paint: Paint, rebuild: Rebuild) -> Iterator[str]:
        """Copy, or go back to an older database where that fails."""
        said = "Creating new gravity databases"
        complaint = rebuild.copy()
        if complaint is None:
            yield paint.done(said)
        else:
            yield f"  [i] {said}...\n"
            yield f"  {paint.cross} Unable to copy data from {self._path} to {self._path}_temp\n"
            yield f"  {complaint}\n"
            rebuild.go_back()
            yield "  [i] Attempting to restore previous database from backup no. 1\n"
            place = f"{self._path.rpartition('/')[0]}/gravity_backups/gravity.db.1"
            when = f"{datetime.fromtimestamp(self.clock(), UTC):%Y-%m-%d %H:%M:%S %Z}"
            yield f"  {paint.tick} Successfully restored from backup ({place} at {when})\n"
            yield f"  {paint.tick} {said}\n"
        yield f"{ANEW}  {paint.tick} Pulling blocklist source list into range\n"
        yield "  [i] Using libz compression\n"
        yield "\n"

    def _given_up(self, paint: Paint) -> Iterator[str]:
        yield from (f"  {paint.cross} Backup no. {it} not available\n" for it in range(1, 11))
        words = "Unable to create gravity database. Please try again later."
        yield f"   {paint.cross} {words} If the problem persists, please contact support.\n"

    async def _download(self, paint: Paint, rebuild: Rebuild, adlist: Adlist) -> AsyncIterator[str]:
        if _NOT_IN_A_URL.search(_LOGIN.sub(r"\1\2", adlist.address)):
            yield f"  {paint.cross} Invalid Target\n"
            return
        yield "  [i] Status: Pending..."
        if not adlist.address.startswith(_PROTOCOLS):
            yield f"{ANEW}  {paint.cross} Status: Invalid protocol specified. Ignoring list.\n"
            pad = "      " if self.rules.hint_is_indented else ""
            yield f"{pad}Ensure your URL starts with a valid protocol like http:// , https:// or"
            yield " file:// .\n"
            download = Download(name=f"{adlist.address} ()", ok=False)
        else:
            download = await self.downloads.fetch(adlist)
        mark = paint.tick if download.ok else paint.cross
        yield f"{ANEW}  {mark} Status: {download.name}\n"
        for line in self._take(paint, rebuild, adlist, download):
            yield line

    def _take(
        self, paint: Paint, rebuild: Rebuild, adlist: Adlist, download: Download
    ) -> Iterator[str]:
        text = download.text
        if download.ok and text is None:
            place = self.pihole.adlists.index(adlist) + 1
            parsed = Parsed(exact=1000 * place, invalid=place)
            yield from self._parsed(paint, rebuild, adlist, _NEW, parsed)
        elif download.ok and text:
            before = self.downloads.keep(adlist, text)
            if before is not None:
                yield f"  [i] List {'stayed unchanged' if before == text else 'has been updated'}\n"
            status = _SAME if before == text else _NEW
            yield from self._parsed(paint, rebuild, adlist, status, self._parse(text))
        else:
            if download.ok:
                yield "  [i] Received empty file\n"
            yield from self._fall_back(paint, rebuild, adlist)

    def _fall_back(self, paint: Paint, rebuild: Rebuild, adlist: Adlist) -> Iterator[str]:
        kept = self.downloads.kept(adlist)
        words = (
            paint.red("no cached list available")
            if kept is None
            else paint.green("using previously cached list")
        )
        yield f"  {paint.cross} List download failed: {words}\n"
        if kept is None:
            rebuild.note(adlist.id, status=_NONE, number=0, invalid_domains=0)
        else:
            yield from self._parsed(paint, rebuild, adlist, _OLD, self._parse(kept))

    def _parse(self, text: str) -> Parsed:
        return parse(text, last_word_only=not self.rules.lists_have_words)

    def _parsed(
        self, paint: Paint, rebuild: Rebuild, adlist: Adlist, status: int, parsed: Parsed
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
            f"{paint.anew}  {paint.tick} Parsed {parsed.exact} exact domains and {parsed.abp}"
            f" ABP-style domains ({kind}, ignored {parsed.invalid} non-domain entries)\n"
        )
        if parsed.sample:
            yield "      Sample of non-domain entries:\n"
            yield from (f"        - {word}\n" for word in parsed.sample)

    def _counted(self, paint: Paint) -> Iterator[str]:
        yield paint.done("Building tree")
        yield f"  [i] Number of gravity domains: 1000 ({paint.bold('1000 unique domains')})\n"
        for name, type_ in (
            ("exact denied domains", DomainType.DENY_EXACT),
            ("regex denied filters", DomainType.DENY_REGEX),
            ("exact allowed domains", DomainType.ALLOW_EXACT),
            ("regex allowed filters", DomainType.ALLOW_REGEX),
        ):
            number = sum(row.enabled and row.type is type_ for row in self.pihole.domains)
            yield f"  [i] Number of {name}: {number}\n"
        yield paint.done("Optimizing database")

    @property
    def _path(self) -> str:
        return str(values(self.pihole)["files.gravity"])
