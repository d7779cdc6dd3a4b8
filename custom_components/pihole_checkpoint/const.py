"""Constants."""

from datetime import timedelta
import logging
from typing import Final

DOMAIN: Final = "pihole_checkpoint"
LOGGER: Final = logging.getLogger(__package__)

CONF_FOLDER: Final = "folder"
"""The name of the backup folder below `<config>/pihole_checkpoint`; it never changes."""
CONF_VERSIONS: Final = "versions"
"""The Pi-hole's versions when it was added, shown until a backup has newer ones."""
CONF_BACK_UP_FIRST: Final = "back_up_first"
"""In entries whose Pi-hole is backed up right after adding. Those of older releases lack it."""

SCAN_INTERVAL: Final = timedelta(minutes=5)
"""How often to look for changes that nobody announces: to files, and of a silent Pi-hole."""

EVENT_BACKUP: Final = f"{DOMAIN}_backup"
"""The event on Home Assistant's bus for all that happens to backups."""


def signal_event(entry_id: str) -> str:
    """Return the dispatcher's signal for what happens to one Pi-hole's backups."""
    return f"{DOMAIN}_{entry_id}_event"
