"""A disk that can be read but not written."""

from collections.abc import Callable
import errno
import os
from pathlib import Path
from typing import Any

import pytest

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def make_read_only(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the system refuse to change anything in a folder, until the patch is taken back.

    Permissions would not do: tests may run as root, who may write everywhere.
    """

    def is_in(path: object) -> bool:
        return isinstance(path, (str, os.PathLike)) and Path(os.fspath(path)).is_relative_to(folder)

    def refuse(function: Callable[..., Any]) -> Callable[..., Any]:
        def refused(path: object, *args: object, **kwargs: object) -> object:
            if is_in(path):
                is_there = function is usual_mkdir and os.path.lexists(str(path))
                number = errno.EEXIST if is_there else errno.EROFS
                raise OSError(number, os.strerror(number), path)
            return function(path, *args, **kwargs)

        return refused

    usual_open, usual_access, usual_mkdir = os.open, os.access, os.mkdir

    def open_to_read(path: str, flags: int, *args: int, **kwargs: int) -> int:
        if flags & _WRITES and is_in(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return usual_open(path, flags, *args, **kwargs)

    def access(path: str, mode: int, **kwargs: bool) -> bool:
        return usual_access(path, mode, **kwargs) and not (mode & os.W_OK and is_in(path))

    for name in ("mkdir", "chmod", "unlink", "rename", "replace", "rmdir", "utime"):
        patch.setattr(os, name, refuse(getattr(os, name)))
    patch.setattr(os, "open", open_to_read)
    patch.setattr(os, "access", access)
