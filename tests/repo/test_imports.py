"""What product, simulator, scripts and tests may import of each other."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = "custom_components"
FOLDERS = {
    PRODUCT: {PRODUCT, "homeassistant"},
    "pihole_simulator": {"pihole_simulator"},
    "scripts": {"scripts", "pihole_simulator", PRODUCT, "homeassistant"},
    "tests": {"tests", "scripts", "pihole_simulator", PRODUCT, "homeassistant"},
}
"""What each folder may import of these, and of Home Assistant."""


def imports(path: Path) -> Iterator[str]:
    """Name everything that a file imports: modules, and what it takes from them."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package[: len(package) + 1 - level] if level else ()
                where = ".".join([*base, *([module] if module else [])])
                yield from (f"{where}.{name.name}" for name in names)


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
