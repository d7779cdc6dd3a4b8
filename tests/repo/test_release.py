"""What HACS downloads, and what is said of it: `scripts/release`, tried on a tree of its own."""

import json
from pathlib import Path
import re
import stat
import zipfile

import pytest

from scripts import releasing
from scripts.releasing import ReleaseError, build, main, notes

INTEGRATION = "custom_components/pihole_checkpoint"
REPOSITORY = Path(__file__).parents[2]
CHANGELOG = """\
# Changelog

## [Unreleased]

- Not yet.

## [1.3.0] - unreleased

- Soon.

## [1.2.0] - 2026-02-01

### Added

- A second thing.

## [1.1.0] - 2026-01-02

## [1.1.0-rc.1] - 2026-01-01

- The first thing.
"""
MANIFEST = """\
{
  "domain": "pihole_checkpoint",
  "dhcp": [
    { "hostname": "pihole*" }
  ],
  "version": "0.0.0"
}
"""


def make_tree(root: Path) -> Path:
    """Write one changelog and a small integration."""
    folder = root / INTEGRATION
    (folder / "engine").mkdir(parents=True)
    (root / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / "manifest.json").write_text(MANIFEST)
    (folder / "engine/__init__.py").write_text('"""ä"""\n')
    (folder / "button.py").write_bytes(bytes(range(256)))
    return root


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "tree")


def test_the_zip_holds_the_integration_at_its_root_and_in_order(tree: Path, tmp_path: Path) -> None:
    build(tree, "1.2.0", tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as opened:
        assert opened.namelist() == ["button.py", "engine/__init__.py", "manifest.json"]
        assert opened.read("button.py") == bytes(range(256))
        assert opened.read("engine/__init__.py") == '"""ä"""\n'.encode()
        assert opened.testzip() is None


def test_the_version_is_stamped_and_nothing_else_in_the_manifest_changes(
    tree: Path, tmp_path: Path
) -> None:
    build(tree, "1.1.0-rc.1", tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as opened:
        stamped = opened.read("manifest.json").decode()
    assert stamped == MANIFEST.replace("0.0.0", "1.1.0-rc.1")
    assert (tree / INTEGRATION / "manifest.json").read_text() == MANIFEST


def test_equal_sources_make_equal_bytes(tree: Path, tmp_path: Path) -> None:
    other = make_tree(tmp_path / "other")
    for path in (other / INTEGRATION).rglob("*.*"):
        path.touch()
        path.chmod(0o755)
    for root in (tree, other):
        build(root, "1.2.0", root / "out.zip")
    assert (tree / "out.zip").read_bytes() == (other / "out.zip").read_bytes()
    with zipfile.ZipFile(other / "out.zip") as opened:
        for entry in opened.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert stat.S_IMODE(entry.external_attr >> 16) == 0o644


def test_what_running_it_and_looking_at_it_leave_there_is_left_out(
    tree: Path, tmp_path: Path
) -> None:
    folder = tree / INTEGRATION
    for stray in ("engine/__pycache__/x.cpython-314.pyc", ".DS_Store", "engine/.x.py.swp"):
        (folder / stray).parent.mkdir(exist_ok=True)
        (folder / stray).touch()
    build(tree, "1.2.0", tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as opened:
        assert opened.namelist() == ["button.py", "engine/__init__.py", "manifest.json"]


def test_the_notes_are_the_versions_section_alone(tree: Path) -> None:
    assert notes(tree, "1.2.0") == "### Added\n\n- A second thing.\n"
    assert notes(tree, "1.1.0-rc.1") == "- The first thing.\n"


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("1.4.0", "has no section [1.4.0]"),
        ("1.3.0", "has no date yet"),
        ("1.1.0", "is empty"),
        ("Unreleased", "is not a semantic version"),
        ("v1.2.0", "is not a semantic version"),
        ("1.2", "is not a semantic version"),
        ("1.2.0.0", "is not a semantic version"),
        ("01.2.0", "is not a semantic version"),
        ("1.2.0-", "is not a semantic version"),
        ("1.2.0-rc.01", "is not a semantic version"),
        ("1.2.0\n", "is not a semantic version"),
        ("1.2.\N{ARABIC-INDIC DIGIT ONE}", "is not a semantic version"),
        ("", "is not a semantic version"),
    ],
)
def test_there_is_no_release_without_a_version_that_was_described(
    tree: Path, tmp_path: Path, version: str, reason: str
) -> None:
    with pytest.raises(ReleaseError, match=re.escape(reason)):
        notes(tree, version)
    with pytest.raises(ReleaseError, match=re.escape(reason)):
        build(tree, version, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_a_manifest_without_a_version_makes_no_release(tree: Path, tmp_path: Path) -> None:
    (tree / INTEGRATION / "manifest.json").write_text("{}\n")
    with pytest.raises(ReleaseError, match="should have one version"):
        build(tree, "1.2.0", tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_what_is_refused_is_said_and_fails(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(releasing, "ROOT", tree)
    assert main(["notes", "1.2.0"]) == 0
    assert capsys.readouterr().out == "### Added\n\n- A second thing.\n"
    assert main(["notes", "9.9.9"]) == 1
    assert capsys.readouterr().err == "CHANGELOG.md has no section [9.9.9].\n"


def test_the_version_that_the_sources_name_can_be_released(tmp_path: Path) -> None:
    manifest = json.loads((REPOSITORY / INTEGRATION / "manifest.json").read_text())
    target = tmp_path / "out.zip"
    assert main(["build", manifest["version"], str(target)]) == 0
    with zipfile.ZipFile(target) as opened:
        names = opened.namelist()
        assert json.loads(opened.read("manifest.json")) == manifest
        for name in names:
            assert opened.read(name) == (REPOSITORY / INTEGRATION / name).read_bytes()
    assert {"__init__.py", "brand/icon.png", "engine/backup.py", "translations/en.json"} <= {*names}
    assert not [name for name in names if "__pycache__" in name or name.startswith((".", "/"))]
    assert [name for name in names if name.startswith("frontend/")] == [
        *("frontend/THIRD-PARTY.txt", "frontend/loader.js", "frontend/pihole-checkpoint-card.js")
    ], "the card is shipped as it is built, without its source"


def test_hacs_knows_of_the_zip() -> None:
    hacs = json.loads((REPOSITORY / "hacs.json").read_text())
    assert hacs["zip_release"] is True
    assert hacs["hide_default_branch"] is True  # its sources are no release
    assert hacs["filename"] == "pihole_checkpoint.zip"
    assert hacs["filename"] in (REPOSITORY / ".github/workflows/release.yml").read_text()
