"""What product, simulator, scripts and tests may import of each other."""

from pathlib import Path
import re

import pytest

from tests.support.imports import ROOT, imports

PRODUCT = "custom_components"
FOLDERS = {
    PRODUCT: {PRODUCT, "homeassistant"},
    "pihole_simulator": {"pihole_simulator"},
    "scripts": {"scripts", "pihole_simulator", PRODUCT, "homeassistant"},
    "tests": {"tests", "scripts", "pihole_simulator", PRODUCT, "homeassistant"},
}
"""What each folder may import of these, and of Home Assistant."""


def files(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_what_it_may(folder: str) -> None:
    forbidden = {*FOLDERS, "homeassistant"} - FOLDERS[folder]
    for path in files(folder):
        assert not {name.split(".")[0] for name in imports(path)} & forbidden, path


def test_nothing_imports_a_test_module() -> None:
    for path in files("tests"):
        for name in imports(path):
            assert not re.match(r"tests\..*\btest_", name.rpartition(".")[0]), (path, name)
