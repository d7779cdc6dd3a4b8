"""What a trial says at its end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the table: what was tried, how often, and what went wrong."""

    trial: str
    what: str
    tried: int
    failures: tuple[str, ...] = ()
    """What went wrong, one sentence each, with the seed that shows it again."""
    detail: str = ""
    """Figures worth knowing."""
