"""Checking that a Pi-hole could import an archive, and reading its contents.

The time and memory for this are bounded for any bytes. Everything here blocks.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
import threading
from typing import Final

from .. import files
from ..errors import ArchiveConfigBroken, ArchiveMemberMissing
from ..pihole.errors import ArchiveTooLarge
from . import config, gravity, sqlite
from .contents import Contents, Lease, Secret, Setting
from .layout import CONFIG, GRAVITY, LEASES, QUERIES, is_beside_config
from .leases import read_lines
from .limits import BudgetExceeded, Limits, MemoryBudget, or_default
from .marks import read_marks
from .safe_zip import ZipReader, open_zip

_AT_ONCE: Final = threading.Semaphore(2)
"""Archives that are read at the same time. Reading needs the interpreter's lock, and the event loop
would wait too long for it if fifty threads took their turns."""


def memory_budget(limits: Limits | None = None) -> MemoryBudget:
    """Return a budget for what is held in memory of one archive."""
    return MemoryBudget(or_default(limits).memory)


def read(archive: Path, scratch: Path, *, limits: Limits | None = None) -> Contents | None:
    """Read every byte of an archive, check that a Pi-hole could import it, and return its contents.

    Return `None` for a sound archive with more in it than may be held in memory, or with a database
    of an unknown kind. `scratch` is a path for the unpacked gravity database; no file is left
    there. Raises `InvalidArchive` for any fault of the archive, and `OSError` for one of the disk.
    """
    limits = or_default(limits)
    with _AT_ONCE, open_zip(archive, limits) as opened:
        return _read(opened, scratch, limits)


def read_dates(archive: Path, *, limits: Limits | None = None) -> list[tuple[int, ...]]:
    """Return when the files in an archive were changed, as the zip says it: in no named time zone.

    Raises `InvalidArchive` or `OSError`.
    """
    with open_zip(archive, or_default(limits)) as opened:
        return opened.dates


def read_secrets(archive: Path, *, limits: Limits | None = None) -> dict[str, str]:
    """Return the secret settings that are texts, in clear, by full name.

    For archives that were read before. Raises `InvalidArchive` or `OSError`.
    """
    limits = or_default(limits)
    with open_zip(archive, limits) as opened:
        return config.secrets(_read_layout(opened, limits).values, limits)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extracted:
    """The members of an archive that a Pi-hole imports, besides the gravity database."""

    config: bytes
    leases: bytes | None


def extract(archive: Path, gravity: Path, *, limits: Limits | None = None) -> Extracted:
    """Return the members that a Pi-hole imports, and unpack the gravity database into a new file.

    For archives that were read before. Raises `InvalidArchive` all the same, or `OSError`.
    """
    limits = or_default(limits)
    with open_zip(archive, limits) as opened:
        layout = _read_layout(opened, limits)
        with files.create(gravity) as unpacked:
            opened.unpack(layout.gravity, unpacked)
        leases = opened.read(LEASES, limits.leases) if LEASES in opened.names else None
        return Extracted(config=layout.config, leases=leases)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layout:
    """The configuration, and the members' names that follow it."""

    config: bytes
    values: Mapping[str, object]
    gravity: str
    queries: str | None


def _read_layout(opened: ZipReader, limits: Limits) -> _Layout:
    text = opened.read(CONFIG, limits.config)
    if text is None:
        raise ArchiveConfigBroken
    values = config.parse(text, limits=limits)
    gravity_name = _find(opened.names, values, "gravity", GRAVITY)
    if gravity_name is None:
        raise ArchiveMemberMissing(member=GRAVITY)
    queries = _find(opened.names, values, "database", QUERIES)
    return _Layout(config=text, values=values, gravity=gravity_name, queries=queries)


def _find(names: Collection[str], values: Mapping[str, object], key: str, usual: str) -> str | None:
    """Return the name of a database, which follows the settings in the section `files`."""
    section = values.get("files")
    configured = section.get(key) if isinstance(section, dict) else None
    candidates = [name.lstrip("/") for name in (configured, usual) if isinstance(name, str)]
    folded = {name.casefold(): name for name in names} | {name: name for name in names}
    return next(
        (
            folded[name]
            for candidate in candidates
            for name in (candidate, candidate.casefold())
            if name in folded
        ),
        None,
    )


def _read(opened: ZipReader, scratch: Path, limits: Limits) -> Contents | None:
    layout = _read_layout(opened, limits)
    budget = memory_budget(limits)
    is_export, tables = _read_gravity(opened, layout.gravity, scratch, budget, limits)
    # All files are read to their ends, where their checksums are.
    hashes = {
        name: opened.sha256(name)
        for name in opened.names
        if name not in (CONFIG, layout.gravity)
        and (is_export or name == LEASES or not is_beside_config(name))
    }
    leases = opened.read(LEASES, limits.leases) if LEASES in opened.names else b""
    if tables is None or leases is None:
        return None
    # The leases are contents of their own, and the queries are different in each archive.
    others = {name: hashes[name] for name in sorted(hashes) if name not in (LEASES, layout.queries)}
    with suppress(BudgetExceeded):
        settings = config.flatten(layout.values, budget, limits)
        marks = read_marks(layout.config, settings.keys(), budget)
        return Contents(
            versions=config.read_versions(layout.config),
            groups=tables.groups,
            lists=tables.lists,
            domains=tables.domains,
            clients=tables.clients,
            dns_hosts=_pop_texts(settings, "dns.hosts"),
            cnames=_pop_texts(settings, "dns.cnameRecords"),
            static_leases=_pop_texts(settings, "dhcp.hosts"),
            settings=settings,
            leases=tuple(sorted(set(_read_leases(leases, budget)))),
            files=others,
            marks=marks,
            default_group=tables.default_group,
        )
    return None


def _read_gravity(
    opened: ZipReader, name: str, scratch: Path, budget: MemoryBudget, limits: Limits
) -> tuple[bool, gravity.Gravity | None]:
    """Return whether the database is as Pi-hole exports it, and what it holds if that is known.

    Otherwise it comes from a Pi-hole's `/etc/pihole`, where the blocklist is in it, and what else
    is in that folder are backups, caches and the like.
    """
    if opened.size(name) > limits.database:
        raise ArchiveTooLarge(limits.database)
    try:
        # An earlier file may be left because it could not be deleted then.
        scratch.unlink(missing_ok=True)
        # It stays open, and so locked, for as long as it is read.
        with files.create(scratch) as unpacked:
            opened.unpack(name, unpacked)
            unpacked.flush()
            files.let_read(unpacked.fileno())
            with sqlite.open_database(scratch, limits=limits) as connection:
                is_export = gravity.BLOCKLIST not in sqlite.check(connection, gravity.TABLES)
                with suppress(BudgetExceeded, gravity.UnknownSchemaError):
                    return is_export, gravity.read(connection, budget, limits=limits)
                return is_export, None
    finally:
        scratch.unlink(missing_ok=True)


def _read_leases(content: bytes, budget: MemoryBudget) -> Iterator[Lease]:
    for line, lease in read_lines(content):
        if lease is not None:
            budget.take(len(line) * 4)
            yield lease


def _pop_texts(settings: dict[str, Setting | Secret], name: str) -> tuple[str, ...]:
    """Remove a setting and return it, if it is a list of texts."""
    match settings.get(name):
        case tuple(items) if all(isinstance(item, str) for item in items):
            del settings[name]
            return tuple(str(item) for item in items)
        case _:
            return ()
