"""A disk with a bad sector."""

import errno
import os
from pathlib import Path

import pytest


def make_unreadable(patch: pytest.MonkeyPatch, path: Path) -> None:
    """Let a bad sector of the disk be in a file, until the patch is taken back."""
    usual = os.open

    def fail(opened: str, flags: int, *args: int, **kwargs: int) -> int:
        if str(opened) == str(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO), opened)
        return usual(opened, flags, *args, **kwargs)

    patch.setattr(os, "open", fail)
