"""Whether a folder has to be looked through once more. Everything here blocks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import time
from typing import Final

type _Stamp = tuple[int, int, int]

_TICK: Final = 3_000_000_000
"""In nanoseconds. What changes twice within a moment may carry the same time; FAT counts by two
seconds."""
_LONGEST: Final = 3600.0
"""In seconds. Some shares never tell that a folder has changed, and none tells that a file has."""


class Sight:
    """What was seen of a folder, as long as its time says that nothing came or went since."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: _Stamp | None = None
        self._until = 0.0

    def is_clear(self) -> bool:
        """Tell whether the names in the folder are still those that were seen. Raises `OSError`."""
        return time.monotonic() < self._until and self._stamp == self._read()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look through the folder; on any error nothing was seen."""
        self.forget()
        stamp = self._read()
        now, last_seen = time.monotonic(), time.time_ns()
        yield
        if last_seen - stamp[-1] > _TICK:
            self._stamp, self._until = stamp, now + _LONGEST

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change something oneself, of which no more than that is to be seen afterwards."""
        was_clear = self.is_clear()
        self.forget()
        yield
        if was_clear:
            self._stamp = self._read()

    def forget(self) -> None:
        """Look through the folder the next time, whatever its time says."""
        self._stamp = None

    def _read(self) -> _Stamp:
        stat = self._folder.stat()
        return stat.st_dev, stat.st_ino, stat.st_mtime_ns
