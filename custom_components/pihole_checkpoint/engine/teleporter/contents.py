"""The contents of an archive, as immutable values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import hashlib
from itertools import batched
import json
from operator import attrgetter
from typing import Final

from ..pihole.models import Versions

type Setting = bool | int | float | str | tuple[Setting, ...]
"""A value of `pihole.toml`. Values that JSON does not have are texts."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret setting, as a hash: it can be compared, but not shown."""

    digest: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A list, domain, client or group."""

    name: str
    """The address of a list, the domain or regular expression, the client as Pi-hole writes it, or
    the name of the group."""
    kind: str = ""
    """Of lists and domains: a value of `LIST_KINDS` or `DOMAIN_KINDS`, or `type 7`."""
    enabled: bool = True
    comment: str = ""
    """The comment, or the description of a group."""
    groups: tuple[str, ...] = ()
    """The names of the entry's groups, sorted."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Lease:
    """An IP address that was assigned over DHCP."""

    ip: str
    mac: str
    name: str
    client_id: str
    expires: int = field(default=0, compare=False)
    """In seconds since 1970; 0 for never. Not compared, as it changes by itself."""


LIST_KINDS: Final[Mapping[int, str]] = {0: "block", 1: "allow"}
DOMAIN_KINDS: Final[Mapping[int, str]] = {
    0: "allow_exact",
    1: "deny_exact",
    2: "allow_regex",
    3: "deny_regex",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """What FTL notes about settings in the file that it writes."""

    changed: frozenset[str] = frozenset()
    """The settings that are not at their defaults. All others in the file are."""
    forced: frozenset[str] = frozenset()
    """Those of them that the environment forces. One that is forced to its default has no mark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """The data in an archive, without the parts that change by themselves.

    Entries and leases are sorted, so that the order and ids of rows make no difference. DNS hosts,
    CNAME records and static leases are in Pi-hole's order, as the first match wins.
    """

    versions: Versions
    """Only FTL's: an archive does not have the others."""
    settings: Mapping[str, Setting | Secret]
    """By full name, such as `dns.upstreams`; without `dns_hosts`, `cnames` and `static_leases`."""
    groups: tuple[Entry, ...]
    lists: tuple[Entry, ...]
    domains: tuple[Entry, ...]
    clients: tuple[Entry, ...]
    dns_hosts: tuple[str, ...]
    cnames: tuple[str, ...]
    static_leases: tuple[str, ...]
    leases: tuple[Lease, ...]
    files: Mapping[str, str]
    """The SHA-256 of each other file, in hexadecimal, by its name in the archive."""
    default_group: str = "Default"
    """The name of the group with ID 0, which Pi-hole itself puts everything into. Not a part of the
    fingerprint: the group is in `groups`, too."""
    marks: Marks | None = field(default=None, compare=False)
    """`None` if they are not known: the file is not as FTL writes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """The number of entries of each kind."""

    lists: int
    domains: int
    clients: int
    groups: int
    dns_hosts: int
    cnames: int
    static_leases: int
    leases: int
    files: int
    block_lists: int
    allow_lists: int
    allowed_domains: int
    denied_domains: int
    allowed_regexes: int
    denied_regexes: int

    @classmethod
    def of(cls, contents: Contents) -> Counts:
        """Count the entries in contents."""
        return cls(
            lists=len(contents.lists),
            domains=len(contents.domains),
            clients=len(contents.clients),
            groups=len(contents.groups),
            dns_hosts=len(contents.dns_hosts),
            cnames=len(contents.cnames),
            static_leases=len(contents.static_leases),
            leases=len(contents.leases),
            files=len(contents.files),
            block_lists=_count_kind(contents.lists, "block"),
            allow_lists=_count_kind(contents.lists, "allow"),
            allowed_domains=_count_kind(contents.domains, "allow_exact"),
            denied_domains=_count_kind(contents.domains, "deny_exact"),
            allowed_regexes=_count_kind(contents.domains, "allow_regex"),
            denied_regexes=_count_kind(contents.domains, "deny_regex"),
        )


_ENTRY = attrgetter("name", "kind", "enabled", "comment", "groups")
_LEASE = attrgetter("ip", "mac", "name", "client_id")
ENTRIES_AT_ONCE: Final = 64
"""Entries that are written as JSON at the same time, because a long name of a group is one object
in memory, but is written for each entry in it. Another number makes other fingerprints."""


def _count_kind(entries: tuple[Entry, ...], kind: str) -> int:
    return sum(entry.kind == kind for entry in entries)


def fingerprint(contents: Contents) -> str:
    """Return a SHA-256 over the contents without versions and marks, in hexadecimal."""
    settings = (
        (name, {"secret": value.digest} if isinstance(value, Secret) else value)
        for name, value in sorted(contents.settings.items())
    )
    kinds: dict[str, Iterable[object]] = {
        "settings": settings,
        "groups": map(_ENTRY, contents.groups),
        "lists": map(_ENTRY, contents.lists),
        "domains": map(_ENTRY, contents.domains),
        "clients": map(_ENTRY, contents.clients),
        "dns_hosts": contents.dns_hosts,
        "cnames": contents.cnames,
        "static_leases": contents.static_leases,
        "leases": map(_LEASE, contents.leases),
        "files": sorted(contents.files.items()),
    }
    digest = hashlib.sha256()
    for name, items in kinds.items():
        for batch in batched(items, ENTRIES_AT_ONCE, strict=False):
            digest.update(json.dumps({name: batch}).encode())
    return digest.hexdigest()
