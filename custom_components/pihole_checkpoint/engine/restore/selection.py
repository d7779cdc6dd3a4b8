"""What of a backup is to be restored: parts, settings by key, or single changes of a plan."""

from dataclasses import dataclass
import re
from typing import Final

from ..models import RestorePart
from ..teleporter.diff import Subject

EVERY_SETTING: Final = "*"
_MACHINE: Final = re.compile(
    r"webserver\..*"
    r"|dns\.(interface|listeningMode|port|hostRecord|reply\..*)"
    r"|dhcp\.(?!hosts$).*"
    r"|(files|ntp|misc|database|debug)\..*"
)
"""Settings of one machine and its network, which are wrong on another Pi-hole."""
SETTING_OF: Final = {
    Subject.DNS_HOSTS: "dns.hosts",
    Subject.CNAMES: "dns.cnameRecords",
    Subject.STATIC_LEASES: "dhcp.hosts",
}
"""The settings whose single items are subjects of their own."""
IN_GRAVITY: Final = (Subject.GROUPS, Subject.LISTS, Subject.DOMAINS, Subject.CLIENTS)
"""The subjects whose entries are in the gravity database."""
PART_OF: Final = {
    Subject.LISTS: RestorePart.LISTS,
    Subject.DOMAINS: RestorePart.DOMAINS,
    Subject.CLIENTS: RestorePart.CLIENTS,
    Subject.GROUPS: RestorePart.GROUPS,
    Subject.LEASES: RestorePart.DHCP_LEASES,
    Subject.SETTINGS: RestorePart.SETTINGS,
    **dict.fromkeys(SETTING_OF, RestorePart.SETTINGS),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What of a backup is to be restored."""

    parts: frozenset[RestorePart] | None = None
    """`None` is every part; leases then only where the Pi-hole has none of its own."""
    settings: tuple[str, ...] | None = None
    """Full keys of settings or the beginnings of keys, such as `dns.hosts` or `dhcp`; `*` is all of
    them. `None`: all, but on another Pi-hole not those of a machine."""
    only: frozenset[str] | None = None
    """IDs of single changes; `None`: all."""

    def has_part(self, subject: Subject) -> bool:
        """Return whether what a subject belongs to is selected."""
        part = PART_OF.get(subject)
        return part is not None and (self.parts is None or part in self.parts)

    def has_setting(self, key: str) -> bool:
        """Return whether a setting is selected, if settings are."""
        return self.settings is None or self.names(key)

    def names(self, key: str) -> bool:
        """Return whether a setting was asked for by its key."""
        return any(
            wanted in (EVERY_SETTING, key) or key.startswith(f"{wanted.removesuffix('.')}.")
            for wanted in self.settings or ()
        )


def is_of_machine(key: str) -> bool:
    """Return whether a setting belongs to one machine, as its addresses and passwords do."""
    return _MACHINE.fullmatch(key) is not None
