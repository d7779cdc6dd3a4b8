"""Reading archives, as all tests of this folder do."""

from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine.teleporter import archive
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from pihole_simulator import Pihole, build_archive
from tests.support.example import NOW
from tests.support.reading import ContentsOf, Read


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: bytes, limits: Limits | None = None) -> Contents | None:
        path, scratch = tmp_path / "archive.zip", tmp_path / "scratch"
        path.write_bytes(content)
        try:
            return archive.read(path, scratch, limits=limits)
        finally:
            assert not scratch.exists()

    return read


@pytest.fixture
def contents_of(read: Read) -> ContentsOf:
    def contents_of(what: bytes | Pihole) -> Contents:
        contents = read(build_archive(what, NOW) if isinstance(what, Pihole) else what)
        assert contents is not None
        return contents

    return contents_of
