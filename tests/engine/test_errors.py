from collections.abc import Iterator
import re
from types import ModuleType

import pytest

from custom_components.pihole_checkpoint.engine import errors
from custom_components.pihole_checkpoint.engine.errors import UnusableFile, blame_file
from custom_components.pihole_checkpoint.engine.pihole import errors as pihole_errors
from custom_components.pihole_checkpoint.engine.pihole.errors import (
    ArchiveIncomplete,
    ArchiveTooLarge,
    CheckpointError,
    InvalidArchive,
)

NAMES = re.compile(r"( *)((?:[A-Z]\w+, )*[A-Z]\w+)")


def drawn(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the errors of the tree in a docstring, each with the one that it is indented below."""
    above: dict[int, str] = {}
    for line in (module.__doc__ or "").splitlines()[1:]:
        if (found := NAMES.fullmatch(line)) is not None:
            depth = len(found[1])
            for name in found[2].split(", "):
                above[depth] = name
                if depth:
                    yield name, above[depth - 2]


def defined(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the errors that a module defines, each with the class that it inherits from."""
    for name, error in vars(module).items():
        if isinstance(error, type) and error.__module__ == module.__name__:
            assert issubclass(error, CheckpointError)
            if error is not CheckpointError:
                yield name, error.__bases__[0].__name__


def test_the_docstrings_draw_the_tree_of_errors_as_it_is() -> None:
    # The root of all archives' errors is drawn twice, as it has branches in both modules.
    twice = {("InvalidArchive", "CheckpointError")}

    assert set(drawn(pihole_errors)) == set(defined(pihole_errors))
    assert set(drawn(errors)) == set(defined(errors)) | twice


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in InvalidArchive.__subclasses__()
        if kind not in (ArchiveIncomplete, ArchiveTooLarge)
    ],
)
def test_no_pihole_is_blamed_for_a_bad_file_of_the_user(
    kind: type[InvalidArchive],
) -> None:
    with pytest.raises(UnusableFile) as raised, blame_file():
        raise kind(member="x")

    assert raised.value.key == kind.key.replace("archive_", "file_")
    assert raised.value.placeholders == {"member": "x"}
