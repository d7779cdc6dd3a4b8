"""What happens to backups, told once each: to the event entity, and to whoever listens."""

from enum import StrEnum

from .const import DOMAIN


class Happening(StrEnum):
    """What happened. The values are the types of the event entity."""

    COMPLETED = "completed"
    FAILED = "failed"
    DELETED = "deleted"
    DAMAGED = "damaged"


def signal(entry_id: str) -> str:
    """Name the dispatcher's signal for one Pi-hole."""
    return f"{DOMAIN}_{entry_id}_happening"
