"""What an archive holds, read out. All of it is immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import hashlib
from itertools import batched
import json
from operator import attrgetter
from typing import Final

from ..pihole.models import Versions

type Setting = bool | int | float | str | tuple[Setting, ...]
"""A value of `pihole.toml`. What has no place in JSON is there as text."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A setting of which no more is ever told than whether it is still the same."""

    digest: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A list, domain, client or group."""

    name: str
    """A list's address, the domain or regular expression, a client as Pi-hole knows it, a group."""
    kind: str = ""
    """Of lists and domains: a value of `LIST_KINDS` or `DOMAIN_KINDS`, or `type 7`."""
    enabled: bool = True
    comment: str = ""
    """Or, of a group, its description."""
    groups: tuple[str, ...] = ()
    """The names of the groups it is in, in order."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Lease:
    """An address that was given out over DHCP."""

    ip: str
    mac: str
    name: str
    client_id: str
    expires: int = field(default=0, compare=False)
    """In seconds since 1970, 0: never. It always moves, so it makes no difference."""


LIST_KINDS: Final[Mapping[int, str]] = {0: "block", 1: "allow"}
DOMAIN_KINDS: Final[Mapping[int, str]] = {
    0: "allow_exact",
    1: "deny_exact",
    2: "allow_regex",
    3: "deny_regex",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """What an archive holds, without what changes by itself.

    Entries and leases are in order of their names, so that neither the order of rows nor their ids
    make a difference. DNS hosts and the like are in Pi-hole's order, where the first one wins.
    """

    versions: Versions
    """Only FTL's: an archive does not tell the others."""
    settings: Mapping[str, Setting | Secret]
    """By name, `dns.upstreams`; but for the three that are lists of things, below."""
    groups: tuple[Entry, ...]
    lists: tuple[Entry, ...]
    domains: tuple[Entry, ...]
    clients: tuple[Entry, ...]
    dns_hosts: tuple[str, ...]
    cnames: tuple[str, ...]
    static_leases: tuple[str, ...]
    leases: tuple[Lease, ...]
    files: Mapping[str, str]
    """The SHA-256 of each other file, by its name in the archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How much there is of everything."""

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
        """Count."""

        def of_kind(entries: tuple[Entry, ...], kind: str) -> int:
            return sum(entry.kind == kind for entry in entries)

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
            block_lists=of_kind(contents.lists, "block"),
            allow_lists=of_kind(contents.lists, "allow"),
            allowed_domains=of_kind(contents.domains, "allow_exact"),
            denied_domains=of_kind(contents.domains, "deny_exact"),
            allowed_regexes=of_kind(contents.domains, "allow_regex"),
            denied_regexes=of_kind(contents.domains, "deny_regex"),
        )


_ENTRY = attrgetter("name", "kind", "enabled", "comment", "groups")
_LEASE = attrgetter("ip", "mac", "name", "client_id")
_AT_ONCE: Final = 64
"""A few at a time: some texts are held only once in memory, but are written many times."""


def fingerprint(contents: Contents) -> str:
    """Hash the contents, but for the versions, in hexadecimal."""
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
    for name, things in kinds.items():
        for some in batched(things, _AT_ONCE, strict=False):
            digest.update(json.dumps({name: some}).encode())
    return digest.hexdigest()
