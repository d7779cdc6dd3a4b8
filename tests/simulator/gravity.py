"""What becomes of the gravity database of an archive that is imported."""

from collections.abc import Collection
from contextlib import closing
import sqlite3

from .database import open_gravity, read_back
from .state import Pihole
from .tables import GRAVITY_TABLES

_SMALLEST = 100  # a SQLite database begins with a header of that length


class InvalidGravity(Exception):
    """Why a database cannot be imported."""


def import_tables(pihole: Pihole, data: bytes, chosen: Collection[str]) -> None:
    """Replace the chosen tables by those of an archive: all of them, or none."""
    if len(data) < _SMALLEST:
        raise InvalidGravity("The gravity database in the ZIP archive is empty")
    if not data.startswith(b"SQLite format 3"):
        raise InvalidGravity("The gravity database in the ZIP archive has no SQLite header")
    with closing(open_gravity(pihole)) as database:
        try:
            _attach(database, data)
            _replace(database, [table for table in GRAVITY_TABLES if table in chosen])
        except sqlite3.Error as error:
            raise InvalidGravity(f"The gravity database cannot be imported: {error}") from error
        read_back(pihole, database)


def _attach(database: sqlite3.Connection, data: bytes) -> None:
    database.execute("ATTACH ':memory:' AS archive")
    database.deserialize(data, name="archive")
    if (found := database.execute("PRAGMA archive.integrity_check").fetchone()) != ("ok",):
        raise sqlite3.DatabaseError(found)


def _replace(database: sqlite3.Connection, tables: Collection[str]) -> None:
    """Copy by position, as FTL does: it names no columns."""
    database.execute("PRAGMA foreign_keys = 0")
    database.execute("BEGIN")
    for name in tables:
        database.execute(f'DELETE FROM main."{name}"')  # noqa: S608
        database.execute(
            f'INSERT OR REPLACE INTO main."{name}" SELECT * FROM archive."{name}"'  # noqa: S608
        )
    database.execute("COMMIT")
