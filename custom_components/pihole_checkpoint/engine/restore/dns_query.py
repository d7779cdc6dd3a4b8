"""Asking one DNS server, and no other, by UDP and, for long answers, TCP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import ipaddress
from types import TracebackType
from typing import Final, Self

import aiodns
import pycares

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class QueryType(StrEnum):
    """What is asked of a name."""

    A = "A"
    AAAA = "AAAA"
    CNAME = "CNAME"


class Status(StrEnum):
    """How a question ended."""

    FOUND = "found"
    EMPTY = "empty"
    """The name exists, but not with what was asked."""
    NO_SUCH_NAME = "no_such_name"
    REFUSED = "refused"
    SILENT = "silent"
    FAILED = "failed"
    """The server has an error, or the answer is not sound."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a server answered."""

    status: Status
    addresses: frozenset[Address] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    """The target of each alias, both in lower case."""


_STATUS: Final = {
    aiodns.error.ARES_ENODATA: Status.EMPTY,
    aiodns.error.ARES_ENOTFOUND: Status.NO_SUCH_NAME,
    aiodns.error.ARES_EREFUSED: Status.REFUSED,
    aiodns.error.ARES_ETIMEOUT: Status.SILENT,
    aiodns.error.ARES_ECONNREFUSED: Status.SILENT,
    aiodns.error.ARES_ECANCELLED: Status.SILENT,
}


class CannotAsk(Exception):
    """Nothing can be asked from this machine, or not at this address."""


class Resolver:
    """Asks a server at an address. Its answers are remembered for as long as they say."""

    def __init__(self, address: str, port: int, *, patience: float) -> None:
        """`patience`: for one answer, in seconds. Raises `CannotAsk`."""
        server = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        try:
            self._resolver = aiodns.DNSResolver(nameservers=[server], timeout=patience, tries=1)
        except pycares.AresError as error:
            raise CannotAsk from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._resolver.close()

    async def ask(self, name: str, type_: QueryType) -> Answer:
        """Ask one question."""
        try:
            found = await self._resolver.query_dns(name, type_)
        except aiodns.error.DNSError as error:
            return Answer(status=_STATUS.get(error.args[0], Status.FAILED))
        addresses: set[Address] = set()
        aliases: dict[str, str] = {}
        for record in found.answer:
            match record.data:
                case pycares.ARecordData(addr=text) | pycares.AAAARecordData(addr=text):
                    addresses.add(ipaddress.ip_address(text))
                case pycares.CNAMERecordData(cname=target):
                    aliases[record.name.lower()] = target.lower()
        status = Status.FOUND if addresses or aliases else Status.EMPTY
        return Answer(status=status, addresses=frozenset(addresses), aliases=aliases)
