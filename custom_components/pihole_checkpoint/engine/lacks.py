"""What the file systems of backup folders cannot do, said once for each folder."""

from collections import defaultdict
from enum import StrEnum
import logging
from pathlib import Path
from typing import Final

_LOGGER = logging.getLogger(__name__)


class Lack(StrEnum):
    """What a file system cannot do, so that backups are less safe in it."""

    SYNC = "sync"
    PRIVACY = "privacy"
    REPLACING = "replacing"


_CONSEQUENCES: Final = {
    Lack.SYNC: "it cannot be asked to write to its disk at once, so a power cut may take the latest"
    " backup",
    Lack.PRIVACY: "its permissions cannot be changed, so other users of its computer may read the"
    " backups",
    Lack.REPLACING: "it cannot replace a file in one step, so this is done in two",
}
_lacks: Final[defaultdict[Path, set[Lack]]] = defaultdict(set)


def note_lack(folder: Path, lack: Lack) -> None:
    """Say once that a folder's file system cannot do something."""
    if lack not in _lacks[folder]:
        _lacks[folder].add(lack)
        _LOGGER.warning(
            "%s is less safe for backups than it could be: %s", folder, _CONSEQUENCES[lack]
        )


def lacks(folder: Path) -> list[Lack]:
    """Return what is known to be less safe in a folder."""
    return sorted(_lacks.get(folder, ()))
