"""What a Pi-hole holds after some differences were carried out."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter

from ..teleporter.contents import Contents, Entry, Lease, Secret, Setting
from ..teleporter.diff import Subject
from .differences import Difference

_ORDER = attrgetter("name", "kind", "enabled", "comment", "groups")


def expect(
    live: Contents, backup: Contents, chosen: Iterable[Difference], *, missing: Iterable[Difference]
) -> Contents:
    """Return what the Pi-hole holds when the chosen differences are carried out.

    `missing` are those that are not. A list of records in which nothing is missing is as in the
    backup; else the order of what stays is the Pi-hole's, and what comes is at the end.
    """
    by_subject: dict[Subject, list[Difference]] = {subject: [] for subject in Subject}
    for difference in chosen:
        by_subject[difference.subject].append(difference)
    incomplete = {difference.subject for difference in missing}

    def items(subject: Subject, now: tuple[str, ...], then: tuple[str, ...]) -> tuple[str, ...]:
        differences = by_subject[subject]
        if not differences:
            return now
        return then if subject not in incomplete else some_items(now, differences)

    groups = _entries(live.groups, by_subject[Subject.GROUPS])
    has_default = any(group.name == live.default_group for group in groups)
    return replace(
        live,
        groups=groups,
        default_group=live.default_group if has_default else backup.default_group,
        lists=_entries(live.lists, by_subject[Subject.LISTS]),
        domains=_entries(live.domains, by_subject[Subject.DOMAINS]),
        clients=_entries(live.clients, by_subject[Subject.CLIENTS]),
        dns_hosts=items(Subject.DNS_HOSTS, live.dns_hosts, backup.dns_hosts),
        cnames=items(Subject.CNAMES, live.cnames, backup.cnames),
        static_leases=items(Subject.STATIC_LEASES, live.static_leases, backup.static_leases),
        settings=_settings(live.settings, by_subject[Subject.SETTINGS]),
        leases=_leases(live.leases, by_subject[Subject.LEASES]),
    )


def _entries(now: tuple[Entry, ...], chosen: Collection[Difference]) -> tuple[Entry, ...]:
    if not chosen:
        return now
    entries = {(entry.name, entry.kind): entry for entry in now}
    for difference in chosen:
        key = (difference.item, difference.kind)
        if isinstance(difference.new, Entry):
            entries[key] = difference.new
        else:
            entries.pop(key, None)
    return tuple(sorted(entries.values(), key=_ORDER))


def some_items(now: tuple[str, ...], chosen: Iterable[Difference]) -> tuple[str, ...]:
    """Return a list of records after changes of single ones."""
    wanted = Counter(now)
    for difference in chosen:
        if difference.item:
            wanted[difference.item] = difference.new if isinstance(difference.new, int) else 0
    kept: list[str] = []
    for item in now:
        if wanted[item] > 0:
            wanted[item] -= 1
            kept.append(item)
    return (*kept, *(+wanted).elements())


def _settings(
    now: Mapping[str, Setting | Secret], chosen: Iterable[Difference]
) -> Mapping[str, Setting | Secret]:
    restored = {
        difference.item: difference.new
        for difference in chosen
        if difference.new is not None and not isinstance(difference.new, (Entry, Lease))
    }
    return {**now, **restored}


def _leases(now: tuple[Lease, ...], chosen: Collection[Difference]) -> tuple[Lease, ...]:
    leases = set(now)
    for difference in chosen:
        if isinstance(difference.new, Lease):
            leases.add(difference.new)
        elif isinstance(difference.old, Lease):
            leases.discard(difference.old)
    return tuple(sorted(leases))
