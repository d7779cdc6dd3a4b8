from datetime import UTC
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine.repository.repository import Repository


@pytest.fixture
def store(tmp_path: Path) -> Repository:
    store = Repository(tmp_path / "pihole_checkpoint" / "kitchen", UTC)
    store.prepare(None)
    return store
