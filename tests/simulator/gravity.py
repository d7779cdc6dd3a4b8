"""The gravity database as it is on a Pi-hole's disk, where imports really happen.

What becomes of an import follows from keys, conflict clauses and triggers. So it is left to a
SQLite database that has them, made of the state before and read back into the state after.
"""

from collections.abc import Collection
from contextlib import closing
import sqlite3

from .state import Pihole
from .tables import GRAVITY_TABLES, gravity_tables, take_rows

_SMALLEST = 100  # a SQLite database begins with a header of that length

_DATES = """
    date_added INTEGER NOT NULL DEFAULT (unixepoch()),
    date_modified INTEGER NOT NULL DEFAULT (unixepoch())"""

_SCHEMA = f"""
CREATE TABLE "group" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enabled BOOLEAN NOT NULL DEFAULT 1,
    name TEXT UNIQUE NOT NULL,
    {_DATES},
    description TEXT
);
CREATE TABLE adlist (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type INTEGER NOT NULL DEFAULT 0,
    address TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT 1,
    {_DATES},
    comment TEXT,
    date_updated INTEGER,
    number INTEGER NOT NULL DEFAULT 0,
    invalid_domains INTEGER NOT NULL DEFAULT 0,
    status INTEGER NOT NULL DEFAULT 0,
    abp_entries INTEGER NOT NULL DEFAULT 0,
    UNIQUE (address, type)
);
CREATE TABLE domainlist (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type INTEGER NOT NULL DEFAULT 0,
    domain TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT 1,
    {_DATES},
    comment TEXT,
    UNIQUE (domain, type)
);
CREATE TABLE client (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ip TEXT NOT NULL UNIQUE,
    {_DATES},
    comment TEXT
);
CREATE TRIGGER default_group_stays AFTER DELETE ON "group" BEGIN
    INSERT OR IGNORE INTO "group" (id, enabled, name) VALUES (0, 1, 'Default');
END;
"""  # noqa: S608

_MEMBER_SCHEMA = """
CREATE TABLE {0}_by_group (
    {0}_id INTEGER NOT NULL REFERENCES {0} (id),
    group_id INTEGER NOT NULL REFERENCES "group" (id),
    PRIMARY KEY ({0}_id, group_id)
);
CREATE TRIGGER {0}_begins_in_default AFTER INSERT ON {0} BEGIN
    INSERT INTO {0}_by_group ({0}_id, group_id) VALUES (NEW.id, 0);
END;
CREATE TRIGGER {0}_leaves_its_groups AFTER DELETE ON {0} BEGIN
    DELETE FROM {0}_by_group WHERE {0}_id = OLD.id;
END;
"""


class InvalidGravity(Exception):
    """Why a database cannot be imported."""


def import_tables(pihole: Pihole, data: bytes, chosen: Collection[str]) -> None:
    """Replace the chosen tables by those of an archive: all of them, or none."""
    if len(data) < _SMALLEST:
        raise InvalidGravity("The gravity database in the ZIP archive is empty")
    if not data.startswith(b"SQLite format 3"):
        raise InvalidGravity("The gravity database in the ZIP archive has no SQLite header")
    with closing(_database(pihole)) as database:
        try:
            _attach(database, data)
            _replace(database, [table for table in GRAVITY_TABLES if table in chosen])
        except sqlite3.Error as error:
            raise InvalidGravity(f"The gravity database cannot be imported: {error}") from error
        take_rows(pihole, {table: _rows(database, table) for table in GRAVITY_TABLES})


def _database(pihole: Pihole) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(_SCHEMA)
    for member in ("adlist", "domainlist", "client"):
        database.executescript(_MEMBER_SCHEMA.format(member))
    database.execute("BEGIN")
    for name, rows in gravity_tables(pihole).items():
        database.execute(f'DELETE FROM "{name}"')  # noqa: S608 - what triggers put there
        for row in rows:
            values = ",".join("?" * len(row))
            # The trigger has Default in the group's table already.
            database.execute(f'INSERT OR REPLACE INTO "{name}" VALUES ({values})', row)  # noqa: S608
    database.execute("COMMIT")
    return database


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


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[str | int | None, ...]]:
    return database.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall()  # noqa: S608
