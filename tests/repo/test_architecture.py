"""What each package of the integration may import."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.support.imports import ROOT
from tests.support.imports import imports as everything_imported_by

PACKAGE = "custom_components.pihole_checkpoint"
INTEGRATION = ROOT.joinpath(*PACKAGE.split("."))

# The packages of the engine, and its single modules, with what of the engine they may import.
ENGINE = {
    "pihole": set(),
    "errors": {"pihole"},
    "aio": {"pihole"},
    "lacks": set(),
    "files": {"errors", "lacks"},
    "teleporter": {"pihole", "errors", "files"},
    "models": {"pihole", "teleporter"},
    "policy": {"models"},
    "repository": {
        *("pihole", "errors", "aio", "files", "teleporter", "models"),
        "policy",
    },
    "export": {"pihole", "errors", "aio", "teleporter", "models", "repository"},
    "restore": {
        *("pihole", "errors", "aio", "files", "teleporter", "models"),
        *("repository", "export"),
    },
    "backup": {"pihole", "errors", "aio", "models", "repository", "export"},
}
PLATFORMS = {"binary_sensor", "button", "event", "sensor"}
DOORS = {
    *("services", "config_flow", "backup", "logbook", "repairs"),
    *("websocket_api", "http", "media_source", "card", "llm"),
}
CONFIG_FLOW_PARTS = {"options_flow", "option_effects", "discovery", "schemas"}
"""Parts of `config_flow`, which only it imports."""


@cache
def modules() -> dict[str, Path]:
    """Find all modules, by their names below the integration: `engine.pihole.client`."""
    found = {}
    for path in INTEGRATION.rglob("*.py"):
        parts = path.relative_to(INTEGRATION).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(module: str) -> set[str]:
    """List our modules that a module imports, by the names of `modules`."""
    found = modules()
    names = {
        name.removeprefix(PACKAGE).removeprefix(".")
        for name in everything_imported_by(found[module])
        if name.startswith(PACKAGE)
    }
    return {name if name in found else name.rpartition(".")[0] for name in names}


def packages_of_the_engine(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("engine.")}


@pytest.mark.parametrize("module", [name for name in modules() if name.startswith("engine")])
def test_the_engine_knows_nothing_of_home_assistant(module: str) -> None:
    path = modules()[module]
    assert not [item for item in everything_imported_by(path) if item.startswith("homeassistant")]
    assert "custom_components" not in path.read_text(), "it could be a library of its own"
    assert not {name for name in imports(module) if not name.startswith("engine")}


@pytest.mark.parametrize("package", ENGINE)
def test_a_package_of_the_engine_imports_only_what_it_may(package: str) -> None:
    inside = [item for item in modules() if packages_of_the_engine({item}) == {package}]
    assert inside
    for module in inside:
        assert packages_of_the_engine(imports(module)) - {package} <= ENGINE[package], module


def test_each_package_of_the_engine_has_its_rule() -> None:
    assert packages_of_the_engine({*modules()}) == ENGINE.keys()


def test_no_module_imports_one_that_imports_it() -> None:
    graph = {module: imports(module) for module in modules()}
    TopologicalSorter(graph).prepare()  # raises a CycleError


def test_platforms_and_doors_do_not_use_each_other_nor_the_folder() -> None:
    for room in PLATFORMS | DOORS:
        known = imports(room)
        not_its_own = (PLATFORMS | DOORS) - {room}
        if room == "media_source":
            not_its_own -= {"http"}  # which knows the addresses
        assert not known & not_its_own, room
        assert not known & {"engine.repository.folder", "engine.repository.repository"}, room


def test_the_parts_of_the_config_flow_are_used_by_nothing_else() -> None:
    for module in modules().keys() - {"config_flow", *CONFIG_FLOW_PARTS}:
        assert not imports(module) & CONFIG_FLOW_PARTS, module
    for part in CONFIG_FLOW_PARTS:
        assert not imports(part) & (PLATFORMS | DOORS), part


def test_the_manager_knows_no_door_and_no_entity() -> None:
    for module in [name for name in modules() if name.startswith("manager")]:
        assert not imports(module) & (PLATFORMS | DOORS), module


def test_nothing_imports_the_wiring() -> None:
    for module in modules():
        assert "" not in imports(module), module


def test_each_package_begins_with_its_nouns() -> None:
    for module, path in modules().items():
        if path.stem == "__init__" and module:
            assert len((ast.get_docstring(ast.parse(path.read_text())) or "").splitlines()) > 3
