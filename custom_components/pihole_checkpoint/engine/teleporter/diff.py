"""The difference between two contents. Pure functions.

No secret is in a change: of one, there is only told that it changed, and what stands in an address
to log in somewhere is blotted out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..pihole.redaction import redact
from .contents import Contents, Entry, Lease, Secret, Setting


class Subject(StrEnum):
    """What changed."""

    LISTS = "lists"
    DOMAINS = "domains"
    CLIENTS = "clients"
    GROUPS = "groups"
    DNS_HOSTS = "dns_hosts"
    CNAMES = "cnames"
    STATIC_LEASES = "static_leases"
    SETTINGS = "settings"
    FILES = "files"
    LEASES = "leases"


class ChangeKind(StrEnum):
    """How it changed."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """A setting, or a file."""
    COMMENT = "comment"
    """It has another comment or, a group, another description."""
    GROUPS = "groups"
    """It is in other groups."""
    ORDER = "order"
    """All is as it was, but in another order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that is different."""

    subject: Subject
    how: ChangeKind
    item: str = ""
    """Which one: an address, a domain, the name of a setting."""
    kind: str = ""
    """Of lists and domains, see `Entry`."""
    old: Setting | None = None
    """Of a setting, a comment or groups; `None` when there is none to show."""
    new: Setting | None = None


def compare(old: Contents, new: Contents) -> tuple[Change, ...]:
    """Tell what is different in `new`. It is nothing when the fingerprints are equal."""
    return (
        *_entries(Subject.LISTS, old.lists, new.lists),
        *_entries(Subject.DOMAINS, old.domains, new.domains),
        *_entries(Subject.CLIENTS, old.clients, new.clients),
        *_entries(Subject.GROUPS, old.groups, new.groups),
        *_items(Subject.DNS_HOSTS, old.dns_hosts, new.dns_hosts),
        *_items(Subject.CNAMES, old.cnames, new.cnames),
        *_items(Subject.STATIC_LEASES, old.static_leases, new.static_leases),
        *_settings(old.settings, new.settings),
        *_files(old.files, new.files),
        *_items(Subject.LEASES, map(_lease, old.leases), map(_lease, new.leases)),
    )


def of_configuration(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Leave out what happens although nobody changed the configuration."""
    return tuple(change for change in changes if change.subject is not Subject.LEASES)


def _entries(subject: Subject, old: Iterable[Entry], new: Iterable[Entry]) -> Iterator[Change]:
    before = {(entry.name, entry.kind): entry for entry in old}
    after = {(entry.name, entry.kind): entry for entry in new}
    for name, kind in sorted(after.keys() - before.keys()):
        yield Change(subject=subject, how=ChangeKind.ADDED, item=redact(name), kind=redact(kind))
    for name, kind in sorted(before.keys() - after.keys()):
        yield Change(subject=subject, how=ChangeKind.REMOVED, item=redact(name), kind=redact(kind))
    for key, entry in after.items():
        known = before.get(key)
        if known is not None and known != entry:
            yield from _differences(subject, known, entry)


def _differences(subject: Subject, old: Entry, new: Entry) -> Iterator[Change]:
    def change(
        how: ChangeKind, before: Setting | None = None, after: Setting | None = None
    ) -> Change:
        item, kind = redact(new.name), redact(new.kind)
        return Change(
            subject=subject, how=how, item=item, kind=kind, old=_shown(before), new=_shown(after)
        )

    if old.enabled is not new.enabled:
        yield change(ChangeKind.ENABLED if new.enabled else ChangeKind.DISABLED)
    if old.comment != new.comment:
        yield change(ChangeKind.COMMENT, old.comment, new.comment)
    if old.groups != new.groups:
        yield change(ChangeKind.GROUPS, old.groups, new.groups)


def _items(subject: Subject, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    """Compare what has no more to it than its text; it may stand there twice."""
    before, after = tuple(old), tuple(new)
    added, removed = Counter(after) - Counter(before), Counter(before) - Counter(after)
    for item in added.elements():
        yield Change(subject=subject, how=ChangeKind.ADDED, item=redact(item))
    for item in removed.elements():
        yield Change(subject=subject, how=ChangeKind.REMOVED, item=redact(item))
    if before != after and not added and not removed:
        yield Change(subject=subject, how=ChangeKind.ORDER)


def _settings(
    old: Mapping[str, Setting | Secret], new: Mapping[str, Setting | Secret]
) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after or type(before) is not type(after):  # 1 and True are not the same here
            how = (
                ChangeKind.ADDED
                if before is None
                else ChangeKind.REMOVED
                if after is None
                else ChangeKind.CHANGED
            )
            yield Change(
                subject=Subject.SETTINGS,
                how=how,
                item=redact(name),
                old=_shown(before),
                new=_shown(after),
            )


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after:
            how = (
                ChangeKind.ADDED
                if before is None
                else ChangeKind.REMOVED
                if after is None
                else ChangeKind.CHANGED
            )
            yield Change(subject=Subject.FILES, how=how, item=redact(name))


def _lease(lease: Lease) -> str:
    return f"{lease.ip} {lease.mac} {lease.name} {lease.client_id}".rstrip()


def _shown(value: Setting | Secret | None) -> Setting | None:
    match value:
        case Secret():
            return None
        case str():
            return redact(value)
        case tuple():
            return tuple(redact(it) if isinstance(it, str) else it for it in value)
        case _:
            return value
