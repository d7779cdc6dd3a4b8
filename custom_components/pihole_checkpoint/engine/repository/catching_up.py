"""Adopting and comparing what came into a folder by hand. Everything here blocks.

It may be thousands of archives. So it is done in short steps, between which others use the folder.
"""

from typing import Final

from ..models import BackupRecord
from .commit import backfill_changes
from .folder import Folder

STEP_SECONDS: Final = 0.2
"""For which a step keeps others from using the folder, and one archive longer."""
SECONDS_BETWEEN_STEPS: Final = 0.02


class CatchingUp:
    """What is left to be adopted and compared in one folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._compared: tuple[BackupRecord, ...] | None = None
        """The backups when none of them was left to be compared."""
        self._tried: set[str] = set()
        """The names of those that were compared since the folder was looked at."""

    def begin(self) -> bool:
        """Do the first step after a look at the folder. Return whether another one has to follow.

        What could not be compared before is tried again.
        """
        self._tried.clear()
        return self.step()

    def step(self) -> bool:
        """Do one step, and return whether another one has to follow. Raises `StorageError`."""
        if not self._folder.adopt_waiting(STEP_SECONDS):
            return True
        if self._folder.index.records == self._compared:
            return False
        before = len(self._tried)
        is_done = backfill_changes(self._folder, self._tried, seconds=STEP_SECONDS)
        if is_done:
            self._compared = self._folder.index.records
        return not is_done and len(self._tried) > before
