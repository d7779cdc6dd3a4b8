"""What a Pi-hole keeps lists of: the rows of its gravity database, and leases."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import override

DEFAULT_GROUP = 0
SET_UP_AT = 1_790_000_000
"""When the example was set up; fixed, so that two examples are equal."""


class ListType(IntEnum):
    """What a subscribed list is for."""

    BLOCK = 0
    ALLOW = 1


class DomainType(IntEnum):
    """What a domain entry does, and whether it is a regular expression."""

    ALLOW_EXACT = 0
    DENY_EXACT = 1
    ALLOW_REGEX = 2
    DENY_REGEX = 3


@dataclass(slots=True, kw_only=True)
class Row:
    """What every row of the gravity database has."""

    id: int
    date_added: int = SET_UP_AT
    date_modified: int = SET_UP_AT


@dataclass(slots=True, kw_only=True)
class Group(Row):
    """A group that lists, domains and clients are assigned to."""

    name: str
    enabled: bool = True
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class Member(Row):
    """A row that is assigned to groups."""

    groups: set[int] = field(default_factory=lambda: {DEFAULT_GROUP})
    comment: str | None = None


@dataclass(slots=True, kw_only=True)
class Adlist(Member):
    """A subscribed list. The last five fields change with every update of the blocklists."""

    address: str
    type: ListType = ListType.BLOCK
    enabled: bool = True
    date_updated: int | None = None
    number: int = 0
    invalid_domains: int = 0
    status: int = 0
    abp_entries: int = 0


@dataclass(slots=True, kw_only=True)
class Domain(Member):
    """A domain, or a regular expression for domains, that is allowed or denied."""

    domain: str
    type: DomainType = DomainType.DENY_EXACT
    enabled: bool = True


@dataclass(slots=True, kw_only=True)
class Client(Member):
    """A client with group assignments of its own."""

    ip: str


@dataclass(slots=True, kw_only=True)
class Lease:
    """An address given out over DHCP."""

    mac: str
    ip: str
    name: str = "*"
    expires: int = SET_UP_AT + 86_400
    client_id: str | None = None  # as devices make it, where they do not say: of the MAC

    def __str__(self) -> str:
        client_id = self.client_id or f"01:{self.mac}"
        return f"{self.expires} {self.mac} {self.ip} {self.name} {client_id}\n"


@dataclass(slots=True, kw_only=True)
class OddLease(Lease):
    """A line without a lease in the file with leases."""

    line: str
    mac: str = ""
    ip: str = ""

    @override
    def __str__(self) -> str:
        return self.line
