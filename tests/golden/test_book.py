import json
from pathlib import Path

import pytest

from . import book
from .book import Library
from .kinds import Kinds


@pytest.fixture(autouse=True)
def promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a data file with the two states of a lamp, in a folder of its own."""
    monkeypatch.setattr(book, "DATA", tmp_path)
    path = tmp_path / "lamp.json"
    path.write_text(json.dumps({"lamp.state": ["off", "on"]}))
    return path


def seen(*states: str) -> Library:
    books = Library(Kinds({}))
    for state in states:
        books["lamp"].see("lamp", {"state": state})
    return books


def test_what_is_as_promised_is_fine() -> None:
    assert seen("on", "off").compare("scripts/test", update=False) == []


def test_a_new_string_is_named_with_the_command_that_adds_it() -> None:
    found = seen("on", "off", "dim").compare("scripts/test", update=False)

    assert found[0] == 'golden: lamp.json: new: lamp.state: "dim"'
    assert "stable interface" in found[1]
    assert "scripts/test --update-golden" in found[2]


def test_what_is_new_is_added_when_it_is_meant(promises: Path) -> None:
    assert seen("on", "off", "dim").compare("scripts/test", update=True) == []

    assert json.loads(promises.read_text()) == {"lamp.state": ["dim", "off", "on"]}
    assert seen("on", "off", "dim").compare("scripts/test", update=False) == []


@pytest.mark.parametrize("update", [False, True])
def test_a_missing_string_is_named_and_no_option_removes_it(
    promises: Path, *, update: bool
) -> None:
    found = seen("on").compare("scripts/test", update=update)

    assert found[0] == 'golden: lamp.json: no longer there: lamp.state: "off"'
    assert "existing ones may not be changed or removed" in found[1]
    assert json.loads(promises.read_text()) == {"lamp.state": ["off", "on"]}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, None),
        (True, "<bool>"),
        (7, "<int>"),
        (0.5, "<float>"),
        ("7", "<number>"),
        ([], "<nothing in it>"),
        ("good", "good"),
        ("2026-01-20T03:24:15.123+00:00", "<time>"),
        (
            "pihole_2026-01-20_03-24-15-123Z_button_0a1b2c3d4e5f.zip",
            "pihole_<time>_button_<id>.zip",
        ),
        ("damaged_archives_01M1R9E5R93J5KCQGPYWV3D9T4", "damaged_archives_<entry_id>"),
        ("The first backup", "<text>"),
        ("No Pi-hole is set up. Add one under Settings > Devices & services", "<no_pihole>"),
    ],
)
def test_what_is_another_each_time_is_called_by_its_kind(value: object, kind: str | None) -> None:
    assert Kinds({}).of(value) == kind
