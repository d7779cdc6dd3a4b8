"""How long a restore waits for a Pi-hole."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class DnsTimings:
    """How long a Pi-hole's DNS is asked, in seconds, and how much."""

    settle: float = 0.2
    """After the last change: until then FTL gives the old answers."""
    again: float = 0.2
    """Before the second question, without which no answer counts as wrong."""
    query: float = 0.5
    """For one answer."""
    known: float = 3.0
    """For a Pi-hole to know what its DNS was asked; it knows within a second."""
    total: float = 3.0
    """For all of it. A Pi-hole that restarts has no DNS for a bit more than a second."""
    records: int = 100
    """The number of records that are asked."""
    at_once: int = 10
    """The number of questions that wait for their answer at the same time."""


DNS_TIMINGS = DnsTimings()
"""Used by a check that is given no others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreTimings:
    """All in seconds."""

    restart: float = 180.0
    """For a Pi-hole to answer again after an import."""
    gravity: float = 1800.0
    """For a gravity update as a whole."""
    settle: float = 5.0
    """After which a Pi-hole that was never seen to be away is taken to be back already."""
    look: float = 0.1
    """Between two looks whether it is back."""
    probe: float = 3.0
    """For one look."""
    changes: float = 300.0
    """For all changes one by one, beside `change` for each: one restart of the Pi-hole (180 s), or
    one request that hangs, is sent again and hangs again (60 s each)."""
    change: float = 1.0
    """For each change. It takes milliseconds, and on a slow SD card some tenths of a second."""
    retries: tuple[float, ...] = (0.5, 2.0)
    """Before each further try of an import that was refused for a reason that passes."""
    hurried_cleanup: float = 2.0
    """For deleting staged files when a restore is cancelled; the next start deletes the rest."""
    dns: DnsTimings = DNS_TIMINGS
    """For asking the Pi-hole's DNS afterwards."""

    def applying(self, number: int) -> float:
        """Return how long so many changes may take together, one by one."""
        return self.changes + number * self.change


TIMINGS = RestoreTimings()
"""Used by a restore that is given no others."""
