"""The blocklists that an update downloads: really from this machine, made up from elsewhere."""

from dataclasses import dataclass, field
from http import HTTPStatus
import re
from typing import Final

import aiohttp
from yarl import URL

from .rows import Adlist
from .switches import Switches

_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
_HERE: Final = {"127.0.0.1", "localhost", "::1"}
_NAMES: Final = {
    HTTPStatus.OK: "Retrieval successful",
    HTTPStatus.FORBIDDEN: "Forbidden",
    HTTPStatus.NOT_FOUND: "Not found",
    HTTPStatus.REQUEST_TIMEOUT: "Time-out",
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: "Unavailable For Legal Reasons",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal Server Error",
    HTTPStatus.GATEWAY_TIMEOUT: "Connection Timed Out (Gateway)",
}
"""How the statuses are called. Of all others, address and number are shown."""
_COMMENT: Final = re.compile(r"\s*[!#].*")
_DOMAIN: Final = re.compile(r"([\w-]{1,63}\.)+[\w-]{2,63}")
_ABP: Final = re.compile(r"\|\|[\w.-]+\^")
_NO_DOMAIN: Final = re.compile(r"[\d.]+|[\da-f:]*:[\da-f:]*|localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What is in a list."""

    exact: int
    abp: int = 0
    invalid: int = 0
    sample: tuple[str, ...] = ()
    """Some lines that are not domains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The outcome of a download."""

    name: str
    """Of the status that was answered."""
    ok: bool
    text: str | None = None
    """What is new; `None` for a list that is made up."""


@dataclass(slots=True)
class Downloads:
    """Downloads lists, and keeps what came of those that are real."""

    switches: Switches
    _kept: dict[tuple[int, str], str] = field(default_factory=dict)

    async def fetch(self, adlist: Adlist) -> Download:
        """Download a list."""
        address = adlist.address
        if address in self.switches.unreachable_lists:
            return Download(name="Not found", ok=False)
        if address in self.switches.refused_lists:
            return Download(name=f"{address} (401)", ok=False)
        if URL(address).host not in _HERE:
            return Download(name="Retrieval successful", ok=True)
        try:
            async with aiohttp.request("GET", address, timeout=_TIMEOUT) as answer:
                text = await answer.text()
                name = _NAMES.get(HTTPStatus(answer.status), f"{address} ({answer.status})")
                return Download(name=name, ok=answer.status == HTTPStatus.OK, text=text)
        except aiohttp.ClientError:
            return Download(name="Connection Refused", ok=False)

    def keep(self, adlist: Adlist, text: str) -> str | None:
        """Keep what was downloaded; return what was kept before."""
        before = self.kept(adlist)
        self._kept[_key(adlist)] = text
        return before

    def kept(self, adlist: Adlist) -> str | None:
        """Return what was downloaded last."""
        return self._kept.get(_key(adlist))


def parse(text: str, *, last_word_only: bool) -> Parsed:
    """Count what is in a list, in each line or at its end."""
    exact, abp, odd = 0, 0, list[str]()
    lines = (_COMMENT.sub("", line).split() for line in text.splitlines())
    for word in (item for words in lines for item in (words[-1:] if last_word_only else words)):
        if _ABP.fullmatch(word):
            abp += 1
        elif _DOMAIN.fullmatch(word) and not _NO_DOMAIN.fullmatch(word):
            exact += 1
        elif not _NO_DOMAIN.fullmatch(word):
            odd.append(word)
    return Parsed(exact=exact, abp=abp, invalid=len(odd), sample=tuple(dict.fromkeys(odd))[:5])


def _key(adlist: Adlist) -> tuple[int, str]:
    return adlist.id, URL(adlist.address).host or ""
