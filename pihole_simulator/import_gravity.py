"""What becomes of the gravity database of an archive that is imported."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
import sqlite3
import time
from typing import Final

from .configuration import values
from .database import open_gravity, read_back
from .state import Pihole
from .switches import Switches
from .tables import GRAVITY_TABLES

_FILE: Final = "File etc/pihole/gravity.db in ZIP archive"
_SMALLEST: Final = 100  # a SQLite database begins with a header of that length


class InvalidGravity(Exception):
    """Why a database cannot be imported."""


def closed_because(pihole: Pihole, switches: Switches) -> str | None:
    """Return why the database on the disk cannot be opened, in SQLite's words."""
    path = str(values(pihole)["files.gravity"])
    match switches.gravity_file:
        case "locked":
            return "database is locked"
        case "damaged":
            return "file is not a database"
    is_there = switches.gravity_file == "sound" and pihole.gravity_lies_at in {None, path}
    return None if is_there else f"unable to open database: {path}"


def import_tables(
    pihole: Pihole,
    data: bytes,
    chosen: Collection[str],
    *,
    closed: str | None = None,
    now: Callable[[], float] = time.time,
) -> None:
    """Replace the chosen tables by those of an archive: all of them, or none.

    `closed`: why the database on the disk cannot be opened, if it cannot.
    """
    if len(data) < _SMALLEST:
        raise InvalidGravity(f"{_FILE} is empty")
    if not data.startswith(b"SQLite format 3"):
        raise InvalidGravity(f"{_FILE} is not a SQLite3 database file (no header)")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as archive:
        archive.deserialize(data)
        _check(archive)
        if closed:
            words = "Failed to attach database file to in-memory SQLite3 database"
            raise InvalidGravity(f"{words}: {closed}")
        archive.create_function("unixepoch", 0, lambda: int(now()))
        with closing(open_gravity(pihole, now=now)) as disk:
            archive.execute("ATTACH ':memory:' AS disk")
            archive.deserialize(disk.serialize(), name="disk")
            _replace(archive, [table for table in GRAVITY_TABLES if table in chosen])
            disk.deserialize(archive.serialize(name="disk"))
            read_back(pihole, disk)


def _check(archive: sqlite3.Connection) -> None:
    with _reported_as("Failed to prepare PRAGMA integrity_check statement"):
        found, *_ = archive.execute("SELECT * FROM pragma_integrity_check LIMIT 1").fetchone()
    if found != "ok":
        words = "Database file in ZIP archive is not a valid SQLite3 database"
        raise InvalidGravity(f"{words} (integrity check failed): {found}")


def _replace(archive: sqlite3.Connection, tables: Collection[str]) -> None:
    """Copy by position, as FTL does: it names no columns.

    A table that the archive lacks is looked for on the disk, too: where it has just been emptied.
    """
    archive.execute("PRAGMA foreign_keys = 0")
    archive.execute("BEGIN")
    for name in tables:
        with _reported_as("Failed to delete from disk database table"):
            archive.execute(f'DELETE FROM disk."{name}"')  # noqa: S608
        with _reported_as("Failed to insert into disk database table"):
            archive.execute(
                f'INSERT OR REPLACE INTO disk."{name}" SELECT * FROM "{name}"'  # noqa: S608
            )
    archive.execute("COMMIT")


@contextmanager
def _reported_as(words: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise InvalidGravity(f"{words}: {error}") from error
