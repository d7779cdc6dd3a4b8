from datetime import UTC
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine.repository.folder import Folder


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    store = Folder(tmp_path / "pihole_checkpoint" / "kitchen", lambda: UTC)
    store.prepare(None)
    return store
