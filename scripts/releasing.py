"""What a release is made of: the zip that HACS downloads, and the notes that users read."""

import argparse
from collections.abc import Sequence
from pathlib import Path
import re
import sys
from typing import Final
import zipfile

ROOT: Final = Path(__file__).parent.parent
_INTEGRATION: Final = "custom_components/pihole_checkpoint"
_MANIFEST: Final = "manifest.json"
_CHANGELOG: Final = "CHANGELOG.md"

_NUMBER = r"(?:0|[1-9][0-9]*)"
_PRE_RELEASE = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMANTIC_VERSION: Final = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-{_PRE_RELEASE}(?:\.{_PRE_RELEASE})*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
_VERSION_IN_MANIFEST: Final = re.compile(r'^(  "version": )"[^"]*"', re.MULTILINE)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can tell: when a file was written is nothing about a release."""
_MODE: Final = 0o100644
_UNIX: Final = 3


class ReleaseError(Exception):
    """There is no such release, and why."""


def build(root: Path, version: str, target: Path) -> None:
    """Write the zip of a version. Equal sources make equal bytes, wherever it is built.

    So it is not compressed either: how well that goes differs from one zlib to the next.
    """
    notes(root, version)  # a release needs a description
    folder = root / _INTEGRATION
    contents = {name: (folder / name).read_bytes() for name in _files(folder)}
    contents[_MANIFEST] = _stamped(contents[_MANIFEST].decode(), version).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as opened:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.external_attr = _MODE << 16
            entry.create_system = _UNIX
            opened.writestr(entry, content)


def notes(root: Path, version: str) -> str:
    """Give a version's section of the changelog, without its heading."""
    if not _SEMANTIC_VERSION.fullmatch(version):
        raise ReleaseError(f"{version} is not a semantic version, such as 1.2.3 or 1.2.3-rc.1.")
    _, *sections = re.split(r"^## ", (root / _CHANGELOG).read_text(), flags=re.MULTILINE)
    for section in sections:
        heading, _, text = section.partition("\n")
        name, _, date = heading.partition(" - ")
        if name != f"[{version}]":
            continue
        if not _DATE.fullmatch(date):
            raise ReleaseError(f"The section [{version}] of {_CHANGELOG} has no date yet.")
        if not text.strip():
            raise ReleaseError(f"The section [{version}] of {_CHANGELOG} is empty.")
        return text.strip() + "\n"
    raise ReleaseError(f"{_CHANGELOG} has no section [{version}].")


def _files(folder: Path) -> list[str]:
    """List what belongs to the integration: not what running it or looking at it leaves there."""
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return sorted(
        path.as_posix()
        for path in paths
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    )


def _stamped(manifest: str, version: str) -> str:
    stamped, found = _VERSION_IN_MANIFEST.subn(rf'\g<1>"{version}"', manifest)
    if found != 1:
        raise ReleaseError(f"{_MANIFEST} should have one version, and has {found}.")
    return stamped


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="scripts/release", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="write the zip that HACS downloads")
    building.add_argument("version", help="such as 1.2.3")
    building.add_argument("out", type=Path, metavar="OUT.zip")
    telling = commands.add_parser("notes", help="print the version's section of the changelog")
    telling.add_argument("version", help="such as 1.2.3")
    options = parser.parse_args(arguments)
    try:
        if options.command == "build":
            build(ROOT, options.version, options.out)
        else:
            print(notes(ROOT, options.version), end="")
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
