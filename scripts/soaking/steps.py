"""The steps by which files change, heard one by one without a change to what takes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import io
import os
from pathlib import Path
from typing import Any, BinaryIO, Literal, override
from unittest.mock import patch

from custom_components.pihole_checkpoint.engine import files

_CALLS = ("fsync", "rename", "replace", "unlink", "remove", "mkdir", "rmdir", "link", "symlink")
_WITH_TARGET = ("rename", "replace", "link", "symlink")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A moment in which a file changes or is brought to the disk."""

    when: Literal["before", "halfway", "after"]
    call: str
    path: Path
    target: Path | None = None

    def __str__(self) -> str:
        target = f" to {self.target.name}" if self.target else ""
        return f"{self.when} {self.call} of {self.path.name}{target}"


type Hear = Callable[[Step], None]


@contextmanager
def heard(root: Path, hear: Hear) -> Iterator[None]:
    """Hear of each step below a folder. What fails has a before, and no after."""
    with patch.object(files, "create", _creating(files.create, root, hear)):
        patches = [patch.object(os, name, _calling(name, root, hear)) for name in _CALLS]
        for it in patches:
            it.start()
        try:
            yield
        finally:
            for it in patches:
                it.stop()


def _calling(name: str, root: Path, hear: Hear) -> Callable[..., object]:
    original: Callable[..., object] = getattr(os, name)

    def call(*args: Any, **kwargs: Any) -> object:  # noqa: ANN401 - what the system's calls take
        path = _path_of(args[0])
        if not path.is_relative_to(root):
            return original(*args, **kwargs)
        target = Path(args[1]) if name in _WITH_TARGET else None
        hear(Step(when="before", call=name, path=path, target=target))
        result = original(*args, **kwargs)
        hear(Step(when="after", call=name, path=path, target=target))
        return result

    return call


def _path_of(what: int | str | Path) -> Path:
    return Path(f"/proc/self/fd/{what}").readlink() if isinstance(what, int) else Path(what)


def _creating(
    create: Callable[[Path], BinaryIO], root: Path, hear: Hear
) -> Callable[[Path], BinaryIO]:
    def heard_create(path: Path) -> BinaryIO:
        if not path.is_relative_to(root):
            return create(path)
        with create(path) as file:
            return io.BufferedWriter(_Heard(os.dup(file.fileno()), path, hear))

    return heard_create


class _Heard(io.FileIO):
    """Writes each piece in two halves."""

    def __init__(self, descriptor: int, path: Path, hear: Hear) -> None:
        super().__init__(descriptor, "wb")
        self._path = path
        self._hear = hear

    @override
    def write(self, data: Any, /) -> int:
        with memoryview(data).cast("B") as whole:
            half = len(whole) // 2
            self._hear(Step(when="before", call="write", path=self._path))
            written = super().write(whole[:half])
            self._hear(Step(when="halfway", call="write", path=self._path))
            written += super().write(whole[half:])
            self._hear(Step(when="after", call="write", path=self._path))
        return written
