"""Whether another Home Assistant uses the same folder. Everything here blocks.

Each leaves a name of its own, when it starts and whenever it finds another name. So a name that is
there *after* our own was left is that of one that runs now; what an earlier run of ours has left,
or a Home Assistant that was moved to a new computer, is there only before.
"""

from contextlib import suppress
import errno
import logging
import os
from pathlib import Path
import time
from typing import Final

from .. import files
from .identity import ID_FILE
from .naming import new_token

_LOGGER = logging.getLogger(__name__)

FILE: Final = "used_by"
"""In the staging folder: with the name, where files cannot have attributes."""
_ATTRIBUTE: Final = "user.pihole_checkpoint.used_by"
"""Of the file with the repository's ID: so no file changes, nor is there another one."""
_OURS: Final = new_token()
"""Of this process, so that a reload is the same user."""
_REMEMBERED_SECONDS: Final = 60 * 60
"""For which another user counts after its last sign. Each looks every few minutes."""


class Presence:
    """Notices another user of a folder. Where it cannot be found out, none is assumed."""

    def __init__(self, folder: Path, staging: Path) -> None:
        self._marked = folder / ID_FILE
        self._file = staging / FILE
        self._has_left_name = False
        self._seen_at: float | None = None

    @property
    def is_shared(self) -> bool:
        """Whether another Home Assistant uses the folder."""
        return self._seen_at is not None and time.monotonic() - self._seen_at < _REMEMBERED_SECONDS

    def look(self) -> None:
        """Look for another name, and leave our own."""
        with suppress(OSError):
            found = self._read()
            if found != _OURS:
                if found is not None and self._has_left_name:
                    self._note()
                # Else a name that cannot be replaced would count again and again.
                self._has_left_name = False
                self._write()
            self._has_left_name = True

    def _note(self) -> None:
        if not self.is_shared:
            _LOGGER.warning("Another Home Assistant also uses %s", self._marked.parent)
        self._seen_at = time.monotonic()

    def _read(self) -> str | None:
        try:
            name = os.getxattr(self._marked, _ATTRIBUTE, follow_symlinks=False)
        except OSError as error:
            if error.errno == errno.ENODATA:
                return None
            if error.errno not in _UNSUPPORTED:
                raise
            name = self._read_file()
        # While a file is being written, it is incomplete.
        return name.decode("ascii", "replace") if len(name) == len(_OURS) else None

    def _read_file(self) -> bytes:
        try:
            return files.read_small(self._file, len(_OURS)) or b""
        except FileNotFoundError:
            return b""

    def _write(self) -> None:
        try:
            os.setxattr(self._marked, _ATTRIBUTE, _OURS.encode(), follow_symlinks=False)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            with suppress(FileNotFoundError):
                self._file.unlink()
            with files.create(self._file) as file:
                file.write(_OURS.encode())


_UNSUPPORTED: Final = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
