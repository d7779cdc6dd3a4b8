"""What is different between a Pi-hole and a backup, item by item."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
import hashlib
from typing import Final

from ..teleporter.contents import Contents, Entry, Lease, Secret, Setting
from ..teleporter.diff import ChangeKind, Subject, lease_text
from .selection import SETTING_OF

type Value = Entry | Lease | Secret | Setting
"""An entry, a lease or the value of a setting; of an item of a list, how often it is there."""

ID_LENGTH: Final = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One item that is different: an entry, a setting, a record, a lease."""

    subject: Subject
    item: str = field(repr=False)
    """As in the archive, and so with the logins that may be in an address. Empty for the order."""
    kind: str = ""
    old: Value | None
    """As the Pi-hole has it; `None` if it does not."""
    new: Value | None
    """As the backup has it; `None` if it does not."""

    @property
    def id(self) -> str:
        """Return an ID that the item has in every plan."""
        return id_of(self.subject, self.kind, self.item)

    @property
    def how(self) -> ChangeKind:
        """Return what happens to the item."""
        if not self.item and self.subject in SETTING_OF:
            return ChangeKind.ORDER
        if self.old is None:
            return ChangeKind.ADDED
        return ChangeKind.REMOVED if self.new is None else ChangeKind.CHANGED


def id_of(subject: Subject, kind: str, item: str) -> str:
    """Return the ID of an item."""
    name = f"{subject}\0{kind}\0{item}".encode(errors="surrogatepass")
    return hashlib.sha256(name).hexdigest()[:ID_LENGTH]


def differences_between(live: Contents, backup: Contents) -> Iterator[Difference]:
    """Return what would have to change on the Pi-hole for it to be as the backup says.

    A setting that only the Pi-hole knows stays, and files are not restored.
    """
    yield from _entries(Subject.GROUPS, live.groups, backup.groups)
    yield from _entries(Subject.LISTS, live.lists, backup.lists)
    yield from _entries(Subject.DOMAINS, live.domains, backup.domains)
    yield from _entries(Subject.CLIENTS, live.clients, backup.clients)
    yield from _items(Subject.DNS_HOSTS, live.dns_hosts, backup.dns_hosts)
    yield from _items(Subject.CNAMES, live.cnames, backup.cnames)
    yield from _items(Subject.STATIC_LEASES, live.static_leases, backup.static_leases)
    yield from _settings(live.settings, backup.settings)
    yield from _leases(live.leases, backup.leases)


def _entries(
    subject: Subject, live: Iterable[Entry], backup: Iterable[Entry]
) -> Iterator[Difference]:
    before = {(entry.name, entry.kind): entry for entry in live}
    after = {(entry.name, entry.kind): entry for entry in backup}
    for name, kind in sorted(before.keys() | after.keys()):
        old, new = before.get((name, kind)), after.get((name, kind))
        if old != new:
            yield Difference(subject=subject, item=name, kind=kind, old=old, new=new)


def _items(
    subject: Subject, live: tuple[str, ...], backup: tuple[str, ...]
) -> Iterator[Difference]:
    """Compare items that consist of a text only. The same text may be there twice."""
    before, after = Counter(live), Counter(backup)
    for item in dict.fromkeys((*live, *backup)):
        if before[item] != after[item]:
            yield Difference(
                subject=subject, item=item, old=before[item] or None, new=after[item] or None
            )
    if before == after and live != backup:
        yield Difference(subject=subject, item="", old=live, new=backup)


def _settings(
    live: Mapping[str, Setting | Secret], backup: Mapping[str, Setting | Secret]
) -> Iterator[Difference]:
    for key in sorted(backup):
        old, new = live.get(key), backup[key]
        if old != new or type(old) is not type(new):  # 1 and True are not the same here
            yield Difference(subject=Subject.SETTINGS, item=key, old=old, new=new)


def _leases(live: Iterable[Lease], backup: Iterable[Lease]) -> Iterator[Difference]:
    before, after = set(live), set(backup)
    for lease in sorted(before ^ after):
        is_new = lease in after
        yield Difference(
            subject=Subject.LEASES,
            item=lease_text(lease),
            old=None if is_new else lease,
            new=lease if is_new else None,
        )
