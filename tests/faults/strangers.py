"""Files and links of others in a backup folder, which may not be followed, changed or deleted."""

from dataclasses import dataclass
import os
from pathlib import Path
import stat
from typing import Final, Self

_PRECIOUS: Final = {"holiday.zip": b"PK of somebody else", "holiday.json": b"{}"}
_LINKS: Final = {
    "cat.zip": "holiday.zip",
    "dog.json": "holiday.json",
    ".staging/holiday": "",
    ".staging/holiday.zip": "holiday.zip",
}
"""Where each leads, in the folder of the one to whom the files belong."""
_ENDLESS: Final = {"zeros.json": "/dev/zero"}
_PIPES: Final = ("pipe.zip", "pipe.json")


@dataclass(frozen=True, slots=True)
class Strangers:
    """Links and pipes in a folder, and the files to which the links lead."""

    _folder: Path
    _home: Path

    @classmethod
    def move_in(cls, folder: Path, home: Path) -> Self:
        """Put them into a folder; the files are in another one, which is made."""
        home.mkdir()
        (folder / ".staging").mkdir(exist_ok=True)
        for name, content in _PRECIOUS.items():
            (home / name).write_bytes(content)
        for name, target in _LINKS.items():
            (folder / name).symlink_to(home / target)
        for name, target in _ENDLESS.items():
            (folder / name).symlink_to(target)
        for name in _PIPES:
            os.mkfifo(folder / name)
        return cls(folder, home)

    def complaints(self) -> list[str]:
        """Return which files are no longer as they were put there."""
        there = {path.name: path.read_bytes() for path in self._home.iterdir()}
        wrong = [] if there == _PRECIOUS else [f"of somebody else's files there are {there}"]
        wrong += [
            f"the link {name} is gone"
            for name in (*_LINKS, *_ENDLESS)
            if not (self._folder / name).is_symlink()
        ]
        wrong += [
            f"{name} is no pipe any more"
            for name in _PIPES
            if not stat.S_ISFIFO((self._folder / name).lstat().st_mode)
        ]
        return wrong
