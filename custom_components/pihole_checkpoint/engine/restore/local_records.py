"""What a Pi-hole's DNS should answer. Pure functions: nothing is asked here.

What a line means is read as dnsmasq reads it; what cannot be understood is left out.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
import ipaddress
import re
from typing import Final

from ..teleporter.contents import Contents, Entry
from ..teleporter.diff import Subject
from .dns_query import Address, QueryType

type Identity = tuple[Subject, str, str]
"""Subject, kind and name of an item; the name of a record is its whole line."""

OWN_NAME: Final = "pi.hole"
"""Answered by each Pi-hole with its own address."""
_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*", re.ASCII
)
_NOT_ASKED: Final = re.compile(r"(?:.*\.)?(?:pi\.hole|localhost|onion|invalid)")
"""Names that a Pi-hole, or the library that asks it, answers from elsewhere."""
_FEWEST_WITH_TTL: Final = 3
_UNCLEAR: Final = re.compile(r"[^\S \t]|[\x00-\x08\x0e-\x1f\x7f]")
"""Space other than blanks and tabs, and control characters: nobody knows what a Pi-hole makes of a
line with one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalRecord:
    """A question, and what is a right answer."""

    name: str
    type: QueryType
    addresses: frozenset[Address] = frozenset()
    """One of these. Not all, as dnsmasq leaves out those of other networks than the asker's."""
    target: str = ""
    """That of an alias."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeniedName:
    """A name that should be blocked."""

    name: str
    for_everybody: bool
    """Whether it should be blocked for each client, and no regular expression may allow it."""


def local_records(
    expected: Contents, changed: Collection[Identity] | None
) -> tuple[LocalRecord, ...]:
    """Return the records to ask for: those of the changed lines, or all, without the denied."""
    aliases = _aliases(expected.cnames)
    addresses = _addresses(expected.dns_hosts)
    names = None if changed is None else _names_of(changed)
    denied = {entry.name.lower() for entry in _enabled(expected.domains, "deny_exact")}

    def is_asked(name: str) -> bool:
        return (names is None or name in names) and name not in denied and is_plain(name)

    hosts = (
        LocalRecord(name=name, type=type_, addresses=frozenset(found))
        for (name, type_), found in addresses.items()
        if is_asked(name) and name not in aliases
    )
    cnames = (
        LocalRecord(name=name, type=QueryType.CNAME, target=target)
        for name, target in aliases.items()
        if is_asked(name) and target not in denied and is_plain(target)
    )
    return (*hosts, *cnames)


def is_plain(name: str) -> bool:
    """Return whether a name, in lower case, can be asked for as it is."""
    return bool(_NAME.fullmatch(name)) and not _NOT_ASKED.fullmatch(name)


def denied_name(expected: Contents, changed: Collection[Identity] | None) -> DeniedName | None:
    """Return an exact domain that should be blocked for clients without groups of their own.

    A changed one is better than another, and one that should be blocked for everybody is best.
    """
    enabled = {group.name for group in expected.groups if group.enabled}
    allowed = {entry.name.lower() for entry in _enabled(expected.domains, "allow_exact")}
    by_regex = any(True for _ in _enabled(expected.domains, "allow_regex"))
    found = [
        DeniedName(
            name=entry.name.lower(),
            for_everybody=not by_regex
            and all(enabled & {*entry.groups} & {*client.groups} for client in expected.clients),
        )
        for entry in _enabled(expected.domains, "deny_exact")
        if expected.default_group in enabled & {*entry.groups}
        and entry.name.lower() not in allowed
        and is_plain(entry.name.lower())
    ]
    new = {
        name.lower()
        for subject, kind, name in changed or ()
        if subject is Subject.DOMAINS and kind == "deny_exact"
    }
    return max(found, key=lambda one: (one.for_everybody, one.name in new), default=None)


def _enabled(entries: Iterable[Entry], kind: str) -> Iterator[Entry]:
    return (entry for entry in entries if entry.kind == kind and entry.enabled)


def _names_of(changed: Collection[Identity]) -> set[str]:
    hosts = (line for subject, _, line in changed if subject is Subject.DNS_HOSTS)
    cnames = (line for subject, _, line in changed if subject is Subject.CNAMES)
    return {name for name, _ in _addresses(hosts)} | _aliases(cnames).keys()


def _addresses(lines: Iterable[str]) -> dict[tuple[str, QueryType], set[Address]]:
    found: dict[tuple[str, QueryType], set[Address]] = {}
    for line in lines:
        if _UNCLEAR.search(line):
            continue
        text, *names = line.partition("#")[0].lower().split() or [""]
        if "%" in text:
            continue
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        is_old = isinstance(address, ipaddress.IPv4Address)
        type_ = QueryType.A if is_old else QueryType.AAAA
        for name in names:
            found.setdefault((name.removesuffix("."), type_), set()).add(address)
    return found


def _aliases(lines: Iterable[str]) -> dict[str, str]:
    """Return the target of each alias, without those that have several."""
    targets: dict[str, set[str]] = {}
    for line in lines:
        if _UNCLEAR.search(line):
            continue
        parts = [part.strip().removesuffix(".") for part in line.lower().split(",")]
        if len(parts) >= _FEWEST_WITH_TTL and parts[-1].isdecimal():
            parts.pop()
        for name in parts[:-1]:
            targets.setdefault(name, set()).add(parts[-1])
    return {name: next(iter(found)) for name, found in targets.items() if len(found) == 1}
