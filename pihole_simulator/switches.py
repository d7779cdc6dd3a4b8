"""How a simulated Pi-hole behaves where real ones differ, and what it counts."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class WriteFailure:
    """What SQLite says to a change of an item."""

    problem: str = "database is locked"
    half_done: bool = False
    """Whether it says so between the item and its groups, which it has left then."""


@dataclass(kw_only=True, eq=False, repr=False)
class Switches:
    """To be changed by tests at any time."""

    gravity_file: Literal["sound", "locked", "damaged", "missing"] = "sound"
    """The state of the gravity database on the disk; locked: another process writes to it."""
    gravity_is_written: bool = False
    """Whether another process is about to write to it, so that it can be read, but not changed."""
    gravity_is_closed: bool = False
    """Whether it wanted to open the database while that was locked, and has none until it is to be
    opened again: after the next POST or PUT of an item."""
    write_failures: list[WriteFailure] = field(default_factory=list)
    """What goes wrong with the next changes of items, instead of being done."""
    proxy_changes_paths: bool = False
    """Whether the proxy in front decodes paths, resolves `..` and merges slashes, as nginx does."""
    restart_seconds: float | None = 0.05
    """How long it is gone after an import. None: until it is started."""
    skips: set[str] = field(default_factory=set)
    """What an import silently leaves out: "config", "dhcp_leases", or names of tables."""
    acknowledgment_seconds: float = 0.044
    """How long every further answer on a kept connection waits, from v6.2 on."""
    export_cost: float = 0.0
    """How many seconds an export takes beside the time that this program needs for it."""
    gravity_delay: float = 0.0
    """How long each line of an update of the blocklists takes."""
    gravity_in_colour: bool = False
    """Whether the marks of that update are coloured, as newer versions have them."""
    unreachable_lists: set[str] = field(default_factory=set)
    """The addresses of lists that cannot be downloaded."""
    refused_lists: set[str] = field(default_factory=set)
    """The addresses of lists whose server answers 401."""
    gravity_updates: int = 0
    """How many updates of the blocklists were done, to the end."""
