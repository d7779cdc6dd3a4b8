"""The archive for an import. Everything here blocks: call it in a thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
import zipfile

from ... import files
from ...errors import RestoreTooLarge
from ...teleporter import archive, gravity, layout
from .choice import ImportChoice
from .database import write_database
from .lease_file import lease_file
from .settings_file import settings_file

MAX_SIZE: Final = 50 * 1024 * 1024
"""In bytes; a Pi-hole imports no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPayload:
    """An archive with what is to be restored, and nothing else."""

    path: Path
    selection: Mapping[str, object]
    """What the Pi-hole is to import of it, in the format of its API."""
    files: frozenset[str]
    """The names in the Pi-hole's answer when it imported everything; none if there is nothing."""


def pack(backup: Path, live: Path, path: Path, choice: ImportChoice) -> ImportPayload:
    """Make the archive at `path`, from a backup and a fresh export of the Pi-hole.

    Both were read before. Raises `RestoreTooLarge`, `InvalidArchive` or `StorageError`.
    """
    with files.storage_errors(path.parent):
        return _pack(backup, live, path, choice)


def _pack(backup: Path, live: Path, path: Path, choice: ImportChoice) -> ImportPayload:
    scratch = {name: path.with_name(f"{path.name}.{name}") for name in ("old", "live", "merged")}
    try:
        stored = archive.extract(backup, scratch["old"])
        present = archive.extract(live, scratch["live"])
        members: dict[str, bytes | Path] = {}
        if settings := settings_file(choice.settings, stored.config, present.config):
            members[layout.CONFIG] = settings
        if choice.leases is not None:
            members[layout.LEASES] = lease_file(
                choice.leases, present.leases or b"", stored.leases or b""
            )
        if choice.items:
            write_database(scratch["old"], scratch["live"], scratch["merged"], choice.items)
            # The only name under which a Pi-hole imports it, wherever its database is.
            members[layout.GRAVITY] = scratch["merged"]
        _write(path, members)
        return ImportPayload(
            path=path, selection=_selection(members), files=frozenset(_names(members))
        )
    finally:
        for leftover in scratch.values():
            leftover.unlink(missing_ok=True)


def _write(path: Path, members: Mapping[str, bytes | Path]) -> None:
    with files.create(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            if isinstance(content, Path):
                made.write(content, name)
            else:
                made.writestr(name, content)
    if path.stat().st_size > MAX_SIZE:
        raise RestoreTooLarge(limit=f"{MAX_SIZE // 1024 // 1024} MB")


def _selection(members: Mapping[str, object]) -> Mapping[str, object]:
    return {
        "config": layout.CONFIG in members,
        "dhcp_leases": layout.LEASES in members,
        # Without the table that says what is in which group, an item would lose its groups.
        "gravity": dict.fromkeys(sorted(gravity.TABLES), layout.GRAVITY in members),
    }


def _names(members: Mapping[str, object]) -> set[str]:
    if layout.GRAVITY not in members:
        return set(members)
    tables = {f"{layout.GRAVITY}->{table}" for table in gravity.TABLES}
    return set(members) - {layout.GRAVITY} | tables
