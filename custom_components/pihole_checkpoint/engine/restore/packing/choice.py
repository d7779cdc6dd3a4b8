"""What an import is to change."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...teleporter.contents import Lease, Setting
from ...teleporter.diff import Subject

type ItemKey = tuple[Subject, str, str]
"""What identifies a list, domain, client or group: its subject, and its `Entry.kind` and `name`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportChoice:
    """What an import takes from the backup; everything else stays as the Pi-hole has it."""

    items: frozenset[ItemKey]
    """Lists, domains, clients and groups: one that the backup has is taken from it, one that it
    lacks is removed."""
    settings: Mapping[str, Setting | None]
    """By full name: the value to write. `None`: the backup's own value is copied, as for a secret,
    which is known only as a hash."""
    leases: tuple[Lease, ...] | None
    """The leases that the Pi-hole should have; `None`: they stay. None at all clears them."""
