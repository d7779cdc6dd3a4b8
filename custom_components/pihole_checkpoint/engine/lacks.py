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
    Lack.SYNC: "the file system cannot write to its disk at once, so a power cut may lose the"
    " latest backup",
    Lack.PRIVACY: "the file system cannot change permissions, so other users of its computer may"
    " read them",
    Lack.REPLACING: "the file system cannot replace a file in one step, so this takes two",
}
_lacks: Final[defaultdict[Path, set[Lack]]] = defaultdict(set)


def note_lack(folder: Path, lack: Lack) -> None:
    """Say once that a folder's file system cannot do something."""
    if lack not in _lacks[folder]:
        _lacks[folder].add(lack)
        _LOGGER.warning("Backups in %s are less safe: %s", folder, _CONSEQUENCES[lack])


def lacks(folder: Path) -> list[Lack]:
    """Return what is known to be less safe in a folder."""
    return sorted(_lacks.get(folder, ()))
