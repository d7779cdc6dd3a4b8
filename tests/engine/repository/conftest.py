from datetime import UTC
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine.repository.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "pihole_checkpoint" / "kitchen", lambda: UTC)
    folder.prepare(None)
    return folder
