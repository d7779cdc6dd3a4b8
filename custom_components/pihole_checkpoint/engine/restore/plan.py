"""From a backup, a Pi-hole and a selection to the single changes of a restore. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
import hashlib
import json
from typing import Final

from ..pihole.settings import SettingValue, can_be_patched
from ..teleporter.contents import Contents, Entry, Lease, Secret
from ..teleporter.diff import Subject
from ..teleporter.migrations import migrated, tidied_host
from .differences import Difference, Value, differences_between
from .expectation import expect
from .feasibility import (
    LeftOut,
    Need,
    is_patchable,
    obstacle,
    setting_of,
    what_it_needs,
    works_live,
)
from .groups import Groups
from .selection import SETTING_OF, Selection
from .target import Target

MOST_LIVE: Final = 200
"""The most changes for which single requests are quicker than an import with its restart."""
MOST_LIVE_WITHOUT_IMPORT: Final = 2000
"""The most changes that are made by single requests where nothing can be imported."""
TIDIES_HOSTS: Final = "dns.domain.name"
"""A setting that only versions have that write `dns.hosts` with single spaces (v6.3 and later)."""
_TOKEN_LENGTH: Final = 32


class Way(StrEnum):
    """How the changes of a plan are made."""

    LIVE = "live"
    """One by one through Pi-hole's API, while it goes on answering."""
    IMPORT = "import"
    """By an archive that the Pi-hole imports, and restarts for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedChange:
    """A difference that is carried out."""

    difference: Difference
    is_live: bool
    """Whether Pi-hole's API can make it without an import."""
    needs: frozenset[Need]
    is_brought: bool = False
    """Whether it is a group that was not selected, but has items that are restored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a restore changes, what it leaves out, and what the Pi-hole holds afterwards."""

    changes: tuple[PlannedChange, ...]
    left_out: tuple[LeftOut, ...]
    expected: Contents
    target: Target
    order: tuple[tuple[str, ...], ...] = ()
    """The records of each list that changes, as the Pi-hole has them and as it will have them."""

    @property
    def differences(self) -> Iterator[Difference]:
        """Return the differences that are carried out."""
        return (change.difference for change in self.changes)

    @property
    def needs(self) -> frozenset[Need]:
        """Return what the changes need together, if no import is chosen for them."""
        return frozenset().union(*(change.needs for change in self.changes))

    @property
    def restarts(self) -> bool:
        """Return whether the Pi-hole restarts even if no archive is imported."""
        return Need.RESTART in self.needs

    @property
    def setting_values(self) -> dict[str, SettingValue]:
        """Return the values of the changed settings; a secret has none that could be sent."""
        lists = {
            Subject.DNS_HOSTS: self.expected.dns_hosts,
            Subject.CNAMES: self.expected.cnames,
            Subject.STATIC_LEASES: self.expected.static_leases,
        }
        values: dict[str, SettingValue] = {}
        for difference in self.differences:
            key, new = setting_of(difference), difference.new
            if difference.subject in lists:
                values[SETTING_OF[difference.subject]] = lists[difference.subject]
            elif key is not None and is_patchable(new):
                values[key] = new
        return values

    @property
    def token(self) -> str:
        """Return a text that is the same for exactly the same changes."""
        digest = hashlib.sha256()
        for difference in self.differences:
            parts = difference.id, _plain(difference.old), _plain(difference.new)
            digest.update(json.dumps(parts).encode())
        if self.order:
            digest.update(json.dumps(self.order).encode())
        return digest.hexdigest()[:_TOKEN_LENGTH]

    @property
    def ways(self) -> tuple[Way, ...]:
        """Return the ways by which the plan can be carried out, the better one first."""
        number = len(self.changes)
        can_import = self.target.may_import
        can_apply = (
            all(change.is_live for change in self.changes)
            and can_be_patched(self.setting_values)
            and Need.PERMISSION not in self.needs
            and (can_import or number <= MOST_LIVE_WITHOUT_IMPORT)
        )
        ways = (*((Way.LIVE,) if can_apply else ()), *((Way.IMPORT,) if can_import else ()))
        return ways if number <= MOST_LIVE else ways[::-1]


def make_plan(backup: Contents, live: Contents, selection: Selection, target: Target) -> Plan:
    """Plan what is to be changed on a Pi-hole that holds `live`."""
    backup = as_taken(backup, live)
    found = tuple(differences_between(live, backup))
    left_out: list[LeftOut] = []
    chosen: list[Difference] = []
    for each in found:
        if not _is_selected(each, selection):
            continue
        if (reason := obstacle(each, selection, target, live)) is None:
            chosen.append(each)
        elif not _is_unknown_default(each, backup):
            left_out.append(LeftOut(difference=each, reason=reason))
    groups = Groups(backup, live, found, chosen)
    left_out += groups.kept
    kept = {each.difference.id for each in groups.kept}
    carried_out = [*groups.brought, *(each for each in chosen if each.id not in kept)]
    brought = {each.id for each in groups.brought}
    ids = {each.id for each in carried_out}
    missing = [each for each in found if each.id not in ids]
    expected = expect(live, backup, carried_out, missing=missing)
    return Plan(
        changes=tuple(
            _planned(each, target, live, backup, is_brought=each.id in brought)
            for each in carried_out
        ),
        left_out=tuple(left_out),
        expected=expected,
        target=target,
        order=tuple(
            records
            for subject in sorted({each.subject for each in carried_out} & SETTING_OF.keys())
            for records in (_records(live, subject), _records(expected, subject))
        ),
    )


def _records(contents: Contents, subject: Subject) -> tuple[str, ...]:
    match subject:
        case Subject.DNS_HOSTS:
            return contents.dns_hosts
        case Subject.CNAMES:
            return contents.cnames
        case _:
            return contents.static_leases


def as_taken(backup: Contents, live: Contents) -> Contents:
    """Return a backup as this version of Pi-hole takes it: with its own names of settings."""
    hosts = backup.dns_hosts
    if TIDIES_HOSTS in live.settings:
        hosts = tuple(map(tidied_host, hosts))
    return replace(backup, settings=migrated(backup.settings, live.settings), dns_hosts=hosts)


def _is_unknown_default(difference: Difference, backup: Contents) -> bool:
    """Return whether a setting is of another version of Pi-hole, and nobody has changed it."""
    return (
        difference.subject is Subject.SETTINGS
        and difference.old is None
        and backup.marks is not None
        and difference.item not in backup.marks.changed
    )


def _is_selected(difference: Difference, selection: Selection) -> bool:
    key = setting_of(difference)
    return (
        selection.has_part(difference.subject)
        and (key is None or selection.has_setting(key))
        and (selection.only is None or difference.id in selection.only)
    )


def _planned(
    difference: Difference, target: Target, live: Contents, backup: Contents, *, is_brought: bool
) -> PlannedChange:
    is_live = works_live(difference, target, live, backup)
    return PlannedChange(
        difference=difference,
        is_live=is_live,
        needs=what_it_needs(difference, target, is_live=is_live),
        is_brought=is_brought,
    )


def _plain(value: Value | None) -> object:
    """Return a value as JSON has it; a secret by its hash."""
    match value:
        case Secret():
            return {"secret": value.digest}
        case Entry():
            return [value.enabled, value.comment, value.groups]
        case Lease():
            return [value.ip, value.mac, value.name, value.client_id]
        case _:
            return value
