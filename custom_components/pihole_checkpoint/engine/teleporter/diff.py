"""The difference between two contents. Pure functions.

No change contains a secret: a secret setting is only named, and logins in addresses are redacted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count, groupby
from typing import Final

from ..pihole.redaction import redact
from .contents import Contents, Entry, Lease, Marks, Secret, Setting
from .migrations import migrated, tidied_host


class Subject(StrEnum):
    """The kind of thing that changed."""

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
    """How a thing changed."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """A setting or a file is different."""
    COMMENT = "comment"
    """The comment is different, or the description of a group."""
    GROUPS = "groups"
    """An entry is in other groups."""
    ORDER = "order"
    """The same items are in another order."""


_OF_ENTRIES: Final = frozenset(
    {ChangeKind.ENABLED, ChangeKind.DISABLED, ChangeKind.COMMENT, ChangeKind.GROUPS}
)
"""What can happen to one entry at the same time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One difference."""

    subject: Subject
    how: ChangeKind
    item: str = ""
    """Which thing: an address, a domain, the name of a setting."""
    kind: str = ""
    """The kind of a list or domain, as in `Entry`."""
    old: Setting | None = None
    """The value of a setting, the comment, or the groups; of a whole client its comment. `None` if
    nothing is to be shown."""
    new: Setting | None = None


def compare(old: Contents, new: Contents) -> tuple[Change, ...]:
    """Return what is different in `new`: nothing if the fingerprints are equal.

    What a Pi-hole of another version calls otherwise, or has only as a default, is no difference.
    """
    if _are_of_different_versions(old, new):
        old, new = _comparable(old, new)
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
        *_items(Subject.LEASES, map(lease_text, old.leases), map(lease_text, new.leases)),
    )


def _are_of_different_versions(old: Contents, new: Contents) -> bool:
    return None is not old.versions.ftl != new.versions.ftl is not None


def _comparable(old: Contents, new: Contents) -> tuple[Contents, Contents]:
    settings = migrated(old.settings, new.settings)
    return (
        _tidied(replace(old, settings=_without_defaults(settings, new.settings, old.marks))),
        _tidied(replace(new, settings=_without_defaults(new.settings, settings, new.marks))),
    )


def _tidied(contents: Contents) -> Contents:
    return replace(contents, dns_hosts=tuple(map(tidied_host, contents.dns_hosts)))


def _without_defaults(
    settings: Mapping[str, Setting | Secret],
    other: Mapping[str, Setting | Secret],
    marks: Marks | None,
) -> Mapping[str, Setting | Secret]:
    """Leave out settings that the other side does not have, and that are at their defaults."""
    if marks is None:
        return settings
    kept = other.keys() | marks.changed
    return {name: value for name, value in settings.items() if name in kept}


def of_configuration(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes without those that happen although nobody changed a setting."""
    return tuple(change for change in changes if change.subject is not Subject.LEASES)


def by_item(changes: Iterable[Change]) -> Iterator[tuple[ChangeKind, Sequence[Change]]]:
    """Yield the changes of each item together, and how the item changed as a whole.

    An entry that is disabled and has another comment was changed, once. The changes of one entry
    follow each other.
    """
    number = count()

    def item(change: Change) -> object:
        is_of_entry = change.how in _OF_ENTRIES
        return (change.subject, change.kind, change.item) if is_of_entry else next(number)

    for _, group in groupby(changes, item):
        some = tuple(group)
        is_one = all(change.how is some[0].how for change in some)
        yield (some[0].how if is_one else ChangeKind.CHANGED), some


def _entries(subject: Subject, old: Iterable[Entry], new: Iterable[Entry]) -> Iterator[Change]:
    before = {(entry.name, entry.kind): entry for entry in old}
    after = {(entry.name, entry.kind): entry for entry in new}
    for key in sorted(after.keys() - before.keys()):
        new_comment = _comment_of_client(subject, after[key])
        yield _whole(subject, ChangeKind.ADDED, key, new=new_comment)
    for key in sorted(before.keys() - after.keys()):
        old_comment = _comment_of_client(subject, before[key])
        yield _whole(subject, ChangeKind.REMOVED, key, old=old_comment)
    for key, entry in after.items():
        known = before.get(key)
        if known is not None and known != entry:
            yield from _differences(subject, known, entry)


def _whole(
    subject: Subject,
    how: ChangeKind,
    key: tuple[str, str],
    *,
    old: str | None = None,
    new: str | None = None,
) -> Change:
    name, kind = map(redact, key)
    return Change(subject=subject, how=how, item=name, kind=kind, old=old, new=new)


def _comment_of_client(subject: Subject, entry: Entry) -> str | None:
    """Return the comment by which a person knows a client, whose name is only an address."""
    return redact(entry.comment) or None if subject is Subject.CLIENTS else None


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
    """Compare items that consist of a text only. The same text may be there twice."""
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
            yield Change(
                subject=Subject.SETTINGS,
                how=_how(before, after),
                item=redact(name),
                old=_shown(before),
                new=_shown(after),
            )


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before != after:
            yield Change(subject=Subject.FILES, how=_how(before, after), item=redact(name))


def _how(before: object, after: object) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if after is None else ChangeKind.CHANGED


def lease_text(lease: Lease) -> str:
    """Return a lease as one text, by which it is named."""
    return f"{lease.ip} {lease.mac} {lease.name} {lease.client_id}".rstrip()


def _shown(value: Setting | Secret | None) -> Setting | None:
    match value:
        case Secret():
            return None
        case str():
            return redact(value)
        case tuple():
            return tuple(redact(item) if isinstance(item, str) else item for item in value)
        case _:
            return value
