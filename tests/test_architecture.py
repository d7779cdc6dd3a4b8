"""The rooms, and which of them may know of which."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "custom_components" / "pihole_checkpoint"
ENGINE = ROOT / "engine"

# Each room of the engine, and the rooms that it may know of: those before it.
ENGINE_ORDER = (
    {"errors", "contents"},
    {"allowance", "redaction"},
    {"unexpected"},
    {"settings", "gravity", "database", "fingerprint"},
    {"changes"},
    {"models", "wording"},
    {"naming", "address", "waiting", "files", "retention", "schedule", "sight", "stock"},
    {"archive", "records", "exchange", "toml_text"},
    {"staging"},
    {"adoption", "client"},
    {"store"},
    {"filing", "moving", "intake", "merging"},
    {"parcel"},
    {"restoring"},
    {"engine"},
)
PLATFORMS = {"binary_sensor", "button", "event", "sensor"}
DOORS = {
    *("services", "config_flow", "backup", "logbook", "repairs"),
    *("websocket_api", "http", "media_source", "card"),
}
CONFIG_FLOW_PARTS = {"options_flow", "discovery", "forms"}
"""A door of several rooms: nobody goes through but by `config_flow`."""


def imports(module: Path) -> set[str]:
    """List what a module imports: our rooms by their names, others by theirs in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=None, names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=str(name)):
                found.add(name)
    return found


@pytest.mark.parametrize("module", sorted(ENGINE.glob("*.py")), ids=lambda path: path.stem)
def test_the_engine_knows_nothing_of_home_assistant(module: Path) -> None:
    assert not {name for name in imports(module) if name.startswith(("homeassistant", "custom_"))}
    nodes = ast.walk(ast.parse(module.read_text()))
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level > 1]


def test_imports_in_the_engine_go_one_way() -> None:
    rooms = {path.stem for path in ENGINE.glob("*.py")} - {"__init__"}
    assert rooms == set().union(*ENGINE_ORDER), "a new room has its place in ENGINE_ORDER"
    before: set[str] = set()
    for level in ENGINE_ORDER:
        for room in level:
            assert imports(ENGINE / f"{room}.py") & rooms <= before, room
        before |= level


def test_platforms_and_doors_use_the_coordinator_and_not_each_other() -> None:
    for room in PLATFORMS | DOORS:
        known = imports(ROOT / f"{room}.py")
        others = (PLATFORMS | DOORS) - {room}
        if room == "media_source":
            others -= {"http"}  # which knows the addresses
        assert not known & others, room
        assert not {name for name in known if name in {"engine.engine", "engine.store"}}, room


def test_the_rooms_behind_the_config_flow_are_entered_by_no_one_else() -> None:
    for module in ROOT.rglob("*.py"):
        if module.stem not in {"config_flow", *CONFIG_FLOW_PARTS}:
            assert not imports(module) & CONFIG_FLOW_PARTS, module
    for part in CONFIG_FLOW_PARTS:
        assert not imports(ROOT / f"{part}.py") & (PLATFORMS | DOORS), part


def test_nobody_imports_the_wiring() -> None:
    for module in ROOT.rglob("*.py"):
        tree = ast.walk(ast.parse(module.read_text()))
        nodes = [node for node in tree if isinstance(node, ast.ImportFrom)]
        assert not [node for node in nodes if node.level == 1 and node.module == "__init__"]
        if module.parent == ROOT:
            names = {name.name for node in nodes if node.module is None for name in node.names}
            assert not names & {"async_setup_entry", "PLATFORMS"}
