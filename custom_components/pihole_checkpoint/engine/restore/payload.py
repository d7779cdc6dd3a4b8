"""What is sent to a Pi-hole to restore a backup, and what the Pi-hole should hold then.

Everything here blocks: call it in a thread.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
import re
from typing import Final
import zipfile

from .. import files
from ..errors import ContentsUnknown, RestoreTooLarge
from ..models import RestorePart
from ..teleporter import archive, gravity, layout
from ..teleporter.contents import Contents, Entry
from ..teleporter.limits import BudgetExceeded
from ..teleporter.sqlite import open_database
from . import toml_text
from .merge import Merged, merge

_STAYS: Final = re.compile(r"files\..*|misc\.readOnly")
"""Settings of the Pi-hole's installation. With paths of another one it finds no database, and a
configuration that is read-only is not imported at all."""
MAX_SIZE: Final = 50 * 1024 * 1024
"""In bytes; a Pi-hole imports no more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPayload:
    """An archive with what is to be restored, and nothing else."""

    path: Path
    selection: Mapping[str, object]
    """What the Pi-hole is to import of it, in the format of its API."""
    files: frozenset[str]
    """The members that the Pi-hole lists in its answer when it imported everything."""
    expected: Contents
    """What the Pi-hole holds afterwards."""
    merged: Merged
    unknown_settings: tuple[str, ...]
    """Settings that the backup has and the Pi-hole does not know."""
    own_settings: tuple[str, ...]
    """Settings that differ but belong to the Pi-hole's installation, and stay."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedArchive:
    """An archive and its contents."""

    path: Path
    contents: Contents


def pack(
    backup: ParsedArchive, live: ParsedArchive, path: Path, parts: Collection[RestorePart]
) -> ImportPayload:
    """Make the archive at `path`, from the backup and a fresh export of the Pi-hole.

    Raises `RestoreTooLarge`, `ContentsUnknown`, `InvalidArchive` or `StorageError`.
    """
    with files.storage_errors(path.parent):
        return _pack(backup, live, path, parts)


def _pack(
    backup: ParsedArchive, live: ParsedArchive, path: Path, parts: Collection[RestorePart]
) -> ImportPayload:
    scratch = {name: path.with_name(f"{path.name}.{name}") for name in ("old", "live", "merged")}
    try:
        stored = archive.extract(backup.path, scratch["old"])
        archive.extract(live.path, scratch["live"])
        merged = merge(scratch["old"], scratch["live"], scratch["merged"], parts)
        members: dict[str, bytes | Path] = {}
        if RestorePart.SETTINGS in parts:
            members[layout.CONFIG] = toml_text.without(stored.config, _STAYS)
        if RestorePart.DHCP_LEASES in parts and stored.leases is not None:
            members[layout.LEASES] = stored.leases
        if merged.tables:
            # The only name under which a Pi-hole imports it, wherever its database is.
            members[layout.GRAVITY] = scratch["merged"]
        _write(path, members)
        return ImportPayload(
            path=path,
            selection=_selection(members, merged),
            files=frozenset(members) - {layout.GRAVITY}
            | {f"{layout.GRAVITY}->{table}" for table in merged.tables},
            expected=_expected(
                backup.contents,
                live.contents,
                scratch["merged"],
                merged,
                # Leases that the backup does not have are not imported.
                set(parts) - (set() if layout.LEASES in members else {RestorePart.DHCP_LEASES}),
            ),
            merged=merged,
            unknown_settings=_unknown(backup.contents, live.contents, parts),
            own_settings=_staying(backup.contents, live.contents, parts),
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


def _selection(members: Mapping[str, object], merged: Merged) -> Mapping[str, object]:
    return {
        "config": layout.CONFIG in members,
        "dhcp_leases": layout.LEASES in members,
        "gravity": {table: table in merged.tables for table in sorted(gravity.TABLES)},
    }


def _expected(
    backup: Contents, live: Contents, database: Path, merged: Merged, parts: Collection[RestorePart]
) -> Contents:
    """Return what the Pi-hole holds afterwards; what is not restored stays as it was."""
    expected = live
    if RestorePart.SETTINGS in parts:
        expected = replace(
            expected,
            # A setting that the Pi-hole does not know is dropped, one that the backup does not
            # know stays as it is.
            settings={
                **live.settings,
                **{
                    name: value
                    for name, value in backup.settings.items()
                    if name in live.settings and not _STAYS.fullmatch(name)
                },
            },
            dns_hosts=backup.dns_hosts,
            cnames=backup.cnames,
            static_leases=backup.static_leases,
        )
    if RestorePart.DHCP_LEASES in parts:
        expected = replace(expected, leases=backup.leases)
    if not merged.tables:
        return expected
    try:
        with open_database(database) as connection:
            rows = gravity.read(connection, archive.memory_budget())
    except BudgetExceeded as error:
        raise ContentsUnknown from error

    def stay(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        names = merged.renamed_groups
        return tuple(
            replace(entry, groups=tuple(sorted(names.get(name, name) for name in entry.groups)))
            for entry in entries
        )

    return replace(
        expected,
        groups=rows.groups if "group" in merged.tables else live.groups,
        default_group=rows.default_group if "group" in merged.tables else live.default_group,
        lists=rows.lists if RestorePart.LISTS in parts else stay(live.lists),
        domains=rows.domains if RestorePart.DOMAINS in parts else stay(live.domains),
        clients=rows.clients if RestorePart.CLIENTS in parts else stay(live.clients),
    )


def _unknown(backup: Contents, live: Contents, parts: Collection[RestorePart]) -> tuple[str, ...]:
    if RestorePart.SETTINGS not in parts:
        return ()
    return tuple(sorted(backup.settings.keys() - live.settings.keys()))


def _staying(backup: Contents, live: Contents, parts: Collection[RestorePart]) -> tuple[str, ...]:
    if RestorePart.SETTINGS not in parts:
        return ()
    return tuple(
        name
        for name, value in sorted(backup.settings.items())
        if _STAYS.fullmatch(name) and live.settings.get(name, value) != value
    )
