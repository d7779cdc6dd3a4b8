"""What a Pi-hole holds compared with what it should hold."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
import time

from ..models import RestorePart
from ..teleporter.contents import Contents
from ..teleporter.diff import Change, Subject, compare
from .differences import Difference
from .selection import IN_GRAVITY


def differences(
    expected: Contents, found: Contents, parts: Collection[RestorePart]
) -> Sequence[Change]:
    """Return what is not as it should be, of what a restore of these parts is responsible for."""
    if RestorePart.DHCP_LEASES not in parts:
        return compare(lasting(expected), lasting(found))
    # Other leases may have been given out meanwhile, and expired ones may be gone.
    valid = {lease for lease in expected.leases if not 0 < lease.expires <= time.time()}
    return compare(
        replace(lasting(expected), leases=tuple(sorted(valid))),
        replace(lasting(found), leases=tuple(lease for lease in found.leases if lease in valid)),
    )


def lasting(contents: Contents) -> Contents:
    """Leave out what changes by itself, and what no import changes."""
    return replace(contents, leases=(), files={})


def lost_again(changes: Iterable[Difference], now: Contents) -> tuple[Difference, ...]:
    """Return the changes of the gravity database that are undone again.

    What somebody has changed to yet another state since is not among them.
    """
    entries = {
        (subject, entry.kind, entry.name): entry
        for subject, found in (
            (Subject.GROUPS, now.groups),
            (Subject.LISTS, now.lists),
            (Subject.DOMAINS, now.domains),
            (Subject.CLIENTS, now.clients),
        )
        for entry in found
    }
    return tuple(
        each
        for each in changes
        if each.subject in IN_GRAVITY
        and entries.get((each.subject, each.kind, each.item)) == each.old
    )
