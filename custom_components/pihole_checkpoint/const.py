"""Names."""

from datetime import timedelta
import logging
from typing import Final

DOMAIN: Final = "pihole_checkpoint"
LOGGER: Final = logging.getLogger(__package__)

CONF_FOLDER: Final = "folder"
"""Name of the store below `<config>/pihole_checkpoint`; fixed when the entry is made."""
CONF_VERSIONS: Final = "versions"
"""Of the Pi-hole when it was added, shown until a backup knows newer ones."""

SCAN_INTERVAL: Final = timedelta(minutes=5)
"""For what cannot be heard: files that come and go by hand, a Pi-hole that falls silent."""
