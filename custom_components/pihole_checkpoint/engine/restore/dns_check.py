"""Whether a Pi-hole's DNS answers as its restored contents say.

Only the Pi-hole is asked, on its own port. An answer counts as wrong when it was so twice, and when
nothing else that the Pi-hole does explains it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
import ipaddress
import secrets
import socket
from typing import Final

from ..teleporter.contents import Contents
from . import timings as usual
from .dns_query import Address, Answer, CannotAsk, QueryType, Resolver, Status
from .local_records import OWN_NAME, DeniedName, Identity, LocalRecord, denied_name, local_records
from .timings import DnsTimings

_HIGHEST_PORT: Final = 65535
_SHOWN: Final = 10
_RANDOM_BYTES: Final = 8
_PART_OF_RATE_LIMIT: Final = 4
"""Home Assistant may ask the Pi-hole for its own needs, too."""
_UNSPECIFIED: Final = frozenset({ipaddress.IPv4Address(0), ipaddress.IPv6Address(0)})
_WITH_OWN_ADDRESS: Final = frozenset({"IP", "IP_NODATA_AAAA"})
"""The modes in which a blocked name has the Pi-hole's own address."""
_WITHOUT_ADDRESS: Final = {"NX": Status.NO_SUCH_NAME, "NODATA": Status.EMPTY}


class DnsOutcome(StrEnum):
    """What asking the DNS came to."""

    ANSWERS = "answers"
    """All that was asked is answered as written; maybe only Pi-hole's own name was asked."""
    ELSEWHERE = "elsewhere"
    """Something is answered otherwise, but maybe not by this Pi-hole: it knows of no question."""
    WRONG = "wrong"
    """Something is answered otherwise: see `wrong` and `blocked`."""
    SILENT = "silent"
    """No answer in time: this network may not ask, or the DNS does not run."""
    REFUSED = "refused"
    """The rate limit is reached."""
    NOT_ASKED = "not_asked"
    """The DNS is off, or there is no Pi-hole at this port."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DnsCheck:
    """What asking a Pi-hole's DNS showed."""

    outcome: DnsOutcome
    records: int = 0
    """The number of local records that are answered as written."""
    asked: int = 0
    """The number of local records that were asked for."""
    wrong: tuple[str, ...] = ()
    """The names of some that are answered otherwise."""
    blocked: bool | None = None
    """Whether `denied` is blocked. `None`: not asked, or the answer says nothing about that."""
    denied: str = ""
    """A denied domain that was asked for."""


type WasAsked = Callable[[str], Awaitable[bool]]
"""Asks the Pi-hole itself, over its API, whether its DNS was asked for a name."""


async def check_dns(  # noqa: PLR0913 - as much as there is to know
    host: str,
    port: int,
    expected: Contents,
    *,
    was_asked: WasAsked,
    changed: Collection[Identity] | None = None,
    timings: DnsTimings | None = None,
) -> DnsCheck:
    """Ask the DNS of the Pi-hole at `host`. Never raises for what it answers, or does not.

    `port` is its setting `dns.port`. `changed`: the items that were restored; `None` for all. If a
    proxy is at `host`, there may be another DNS: before its answers count as wrong, the Pi-hole has
    to know of a question. `was_asked` may raise.
    """
    if not 0 < port <= _HIGHEST_PORT:
        return DnsCheck(outcome=DnsOutcome.NOT_ASKED)
    timings = timings or usual.DNS_TIMINGS
    check = _Check(host=host, port=port, expected=expected, timings=timings)
    with suppress(TimeoutError, CannotAsk):  # what was found until then counts
        async with asyncio.timeout(timings.total):
            await check.run(changed)
    result = check.result()
    if result.outcome is DnsOutcome.WRONG and not await check.is_of_pihole(was_asked):
        return DnsCheck(outcome=DnsOutcome.ELSEWHERE, asked=result.asked)
    return result


@dataclass(kw_only=True)
class _Check:
    host: str
    port: int
    expected: Contents
    timings: DnsTimings
    outcome: DnsOutcome = DnsOutcome.NOT_ASKED
    """Of asking for Pi-hole's own name."""
    address: str = ""
    """At which that was answered."""
    own: frozenset[Address] = frozenset()
    """The addresses that Pi-hole's own name has."""
    records: Sequence[LocalRecord] = ()
    first: dict[LocalRecord, Answer] = field(default_factory=dict)
    second: dict[LocalRecord, Answer] = field(default_factory=dict)
    """Of those that were not answered as written, and one that was."""
    denied: DeniedName | None = None
    blocked: bool | None = None

    async def run(self, changed: Collection[Identity] | None) -> None:
        await asyncio.sleep(self.timings.settle)
        address = await self._find()
        if address is None:
            return
        self.address = address
        self.records = _sample(local_records(self.expected, changed), self._most)
        if self._mode == "NULL" or self._mode in _WITH_OWN_ADDRESS:
            self.denied = denied_name(self.expected, changed)
        async with self._resolver(address) as resolver:
            await self._ask(resolver, self.records, self.first)
        right = [record for record, answer in self.first.items() if _is_right(record, answer)]
        doubtful = [record for record in self.first if record not in right]
        if doubtful or (self.denied and not self.blocked):
            await asyncio.sleep(self.timings.again)
            async with self._resolver(address) as resolver:
                await self._ask(resolver, [*right[:1], *doubtful], self.second)

    async def is_of_pihole(self, was_asked: WasAsked) -> bool:
        """Return whether the Pi-hole knows that the DNS was asked for a name of our own.

        Pi-hole passes names below `invalid` on to nobody.
        """
        name = f"{secrets.token_hex(_RANDOM_BYTES)}.invalid"
        with suppress(TimeoutError, CannotAsk):
            async with asyncio.timeout(self.timings.known):
                while True:  # a Pi-hole that has just started forgets its first questions
                    async with self._resolver(self.address) as resolver:
                        await resolver.ask(name, QueryType.A)
                    if await was_asked(name):
                        return True
                    await asyncio.sleep(self.timings.again)
        return False

    async def _find(self) -> str | None:
        """Return the address at which a Pi-hole answers, as soon as it does."""
        addresses = await _addresses_of(self.host)
        while addresses:
            for address in addresses:
                async with self._resolver(address) as resolver:
                    answer = await resolver.ask(OWN_NAME, QueryType.A)
                    if answer.status is Status.SILENT:
                        self.outcome = DnsOutcome.SILENT
                        continue
                    if answer.status not in {Status.FOUND, Status.EMPTY}:
                        self.outcome = DnsOutcome.NOT_ASKED
                        return None
                    other = await resolver.ask(OWN_NAME, QueryType.AAAA)
                self.own = answer.addresses | other.addresses
                self.outcome = DnsOutcome.ANSWERS
                return address
            await asyncio.sleep(self.timings.again)
        return None

    async def _ask(
        self,
        resolver: Resolver,
        records: Iterable[LocalRecord],
        answers: dict[LocalRecord, Answer],
    ) -> None:
        """Ask for records, and for the denied name until it is known to be blocked."""
        limit = asyncio.Semaphore(self.timings.at_once)

        async def ask(record: LocalRecord) -> None:
            async with limit:
                answers[record] = await resolver.ask(record.name, record.type)

        await asyncio.gather(*map(ask, records), self._ask_denied(resolver))

    async def _ask_denied(self, resolver: Resolver) -> None:
        if self.denied is None or self.blocked:
            return
        answer = await resolver.ask(self.denied.name, QueryType.A)
        if answer.status not in {Status.SILENT, Status.REFUSED}:
            self.blocked = self._has_blocked_address(answer)

    def result(self) -> DnsCheck:
        right, wrong = [], []
        refused = False
        for record, answer in self.first.items():
            latest = self.second.get(record)
            if _is_right(record, answer) or (latest and _is_right(record, latest)):
                right.append(record)
            elif latest and latest.status is Status.REFUSED and self._is_limited:
                refused = True
            elif latest and self._is_wrong(latest):
                wrong.append(record.name)
        unblocked = self.blocked is False and self.denied and self.denied.for_everybody
        outcome = self.outcome
        if wrong or unblocked:
            outcome = DnsOutcome.WRONG
        elif refused:
            outcome = DnsOutcome.REFUSED
        elif self.first and all(each.status is Status.SILENT for each in self.first.values()):
            outcome = DnsOutcome.ANSWERS if right else DnsOutcome.SILENT
        return DnsCheck(
            outcome=outcome,
            records=len(right),
            asked=len(self.records),
            wrong=tuple(dict.fromkeys(wrong))[:_SHOWN],
            blocked=self.blocked if self.blocked or unblocked else None,
            denied=self.denied.name if self.denied else "",
        )

    @property
    def _is_limited(self) -> bool:
        """Whether a record that was answered is refused, too, rather than passed on and refused."""
        return all(
            answer.status is Status.REFUSED
            for record, answer in self.second.items()
            if _is_right(record, self.first[record])
        )

    def _is_wrong(self, answer: Answer) -> bool:
        """Return whether nothing else explains that a record is answered otherwise.

        Pi-hole's own names are answered by itself, and a list or a regular expression may block.
        """
        if answer.addresses:
            return not (answer.addresses <= self.own or self._has_blocked_address(answer))
        if answer.status is Status.SILENT:
            return False
        by_regex = any(each.kind == "deny_regex" and each.enabled for each in self.expected.domains)
        return not (by_regex and answer.status in {_WITHOUT_ADDRESS.get(self._mode), Status.EMPTY})

    def _has_blocked_address(self, answer: Answer) -> bool:
        if not self._mode or not answer.addresses:
            return False
        if (
            self._mode in _WITH_OWN_ADDRESS
        ):  # a Pi-hole without IPv6 has no address of its own there
            return answer.addresses <= self.own | self._reply_addresses | _UNSPECIFIED
        return answer.addresses <= _UNSPECIFIED

    @property
    def _reply_addresses(self) -> frozenset[Address]:
        """The addresses that the settings give to blocked names."""
        names = ("dns.reply.blocking.IPv4", "dns.reply.blocking.IPv6")
        return frozenset(
            filter(None, (_address(str(self.expected.settings.get(name))) for name in names))
        )

    @property
    def _mode(self) -> str:
        """How names are blocked; nothing while blocking is off."""
        settings = self.expected.settings
        is_on = settings.get("dns.blocking.active", True) is True
        return str(settings.get("dns.blocking.mode", "NULL")).upper() if is_on else ""

    @property
    def _most(self) -> int:
        limit = self.expected.settings.get("dns.rateLimit.count")
        if isinstance(limit, int) and limit > 0:
            return min(self.timings.records, limit // _PART_OF_RATE_LIMIT)
        return self.timings.records

    def _resolver(self, address: str) -> Resolver:
        """Return one that remembers no answers yet."""
        return Resolver(address, self.port, patience=self.timings.query)


def _is_right(record: LocalRecord, answer: Answer) -> bool:
    if record.type is QueryType.CNAME:
        return answer.aliases.get(record.name) == record.target
    return not record.addresses.isdisjoint(answer.addresses)


def _sample(records: Sequence[LocalRecord], most: int) -> list[LocalRecord]:
    """Return at most so many, from everywhere, in order."""
    count = min(len(records), most)
    return [records[nth * len(records) // count] for nth in range(count)]


async def _addresses_of(host: str) -> list[str]:
    """Return one address of each family; nothing for a name that nobody knows."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except OSError, UnicodeError:
        return []
    first: dict[int, str] = {}
    for family, *_, address in found:
        first.setdefault(family, str(address[0]))
    return list(first.values())


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
