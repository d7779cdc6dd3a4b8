"""The gravity database as it is on a Pi-hole's disk: its keys, its triggers, its counters.

What becomes of a change or of an import follows from them. So both are left to a SQLite database
that has them: made of the state before, and read back into the state after.
"""

from collections.abc import Callable
from contextlib import closing
from functools import cache
import sqlite3
import time

from .state import Pihole
from .tables import GRAVITY_TABLES, gravity_tables, take_rows
from .texts import insert, rows_of

_DATES = """
    date_added INTEGER NOT NULL DEFAULT (unixepoch()),
    date_modified INTEGER NOT NULL DEFAULT (unixepoch())"""

_TABLES = f"""
CREATE TABLE "group" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enabled BOOLEAN NOT NULL DEFAULT 1,
    name TEXT UNIQUE NOT NULL,
    {_DATES},
    description TEXT
);
CREATE TABLE adlist (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT 1,
    {_DATES},
    comment TEXT,
    date_updated INTEGER,
    number INTEGER NOT NULL DEFAULT 0,
    invalid_domains INTEGER NOT NULL DEFAULT 0,
    status INTEGER NOT NULL DEFAULT 0,
    abp_entries INTEGER NOT NULL DEFAULT 0,
    type INTEGER NOT NULL DEFAULT 0,
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
"""

_MEMBERSHIP = """
CREATE TABLE {0}_by_group (
    {0}_id INTEGER NOT NULL REFERENCES {0} (id) {on_delete},
    group_id INTEGER NOT NULL REFERENCES "group" (id) {on_delete},
    PRIMARY KEY ({0}_id, group_id)
);
"""

# A change of one domain dates all rows with its text, of any type, as on a real Pi-hole.
_TRIGGERS = """
CREATE TRIGGER group_zero_stays AFTER DELETE ON "group" BEGIN
    INSERT OR IGNORE INTO "group" (id, enabled, name) VALUES (0, 1, 'Default');
END;
CREATE TRIGGER group_changes AFTER UPDATE ON "group" BEGIN
    UPDATE "group" SET date_modified = unixepoch() WHERE id = NEW.id;
END;
CREATE TRIGGER adlist_changes AFTER UPDATE OF address, enabled, comment ON adlist BEGIN
    UPDATE adlist SET date_modified = unixepoch() WHERE id = NEW.id;
END;
CREATE TRIGGER domainlist_changes AFTER UPDATE ON domainlist BEGIN
    UPDATE domainlist SET date_modified = unixepoch() WHERE domain = NEW.domain;
END;
CREATE TRIGGER client_changes AFTER UPDATE ON client BEGIN
    UPDATE client SET date_modified = unixepoch() WHERE ip = NEW.ip;
END;
"""

_MEMBER_TRIGGERS = """
CREATE TRIGGER {0}_begins_in_group_zero AFTER INSERT ON {0} BEGIN
    INSERT INTO {0}_by_group ({0}_id, group_id) VALUES (NEW.id, 0);
END;
CREATE TRIGGER {0}_leaves_its_groups AFTER DELETE ON {0} BEGIN
    DELETE FROM {0}_by_group WHERE {0}_id = OLD.id;
END;
"""

_MEMBERS = ("adlist", "domainlist", "client")
_COUNTED = ("group", *_MEMBERS)


def open_gravity(
    pihole: Pihole, *, cascades: bool = True, now: Callable[[], float] = time.time
) -> sqlite3.Connection:
    """Make the database of a state.

    `cascades`: whether a group that is deleted is taken from its members; else it is refused.
    """
    database = empty_gravity(cascades=cascades, now=now)
    try:
        _fill(database, pihole)
    except sqlite3.Error:
        database.close()
        raise
    database.execute("PRAGMA foreign_keys = 1")
    return database


def empty_gravity(
    *, cascades: bool = True, now: Callable[[], float] = time.time
) -> sqlite3.Connection:
    """Make a database with nothing in it, not even a group. No key is checked yet."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.deserialize(_empty(cascades))
    database.create_function("unixepoch", 0, lambda: int(now()))
    return database


def read_back(pihole: Pihole, database: sqlite3.Connection) -> None:
    """Let the state be what the database holds."""
    take_rows(pihole, {table: list(rows_of(database, table)) for table in GRAVITY_TABLES})
    pihole.counters.update(database.execute("SELECT name, seq FROM sqlite_sequence").fetchall())


@cache
def _empty(cascades: bool) -> bytes:  # noqa: FBT001 - the key of the cache
    on_delete = "ON DELETE CASCADE" if cascades else ""
    script = [_TABLES, *(_MEMBERSHIP.format(name, on_delete=on_delete) for name in _MEMBERS)]
    script += [_TRIGGERS, *map(_MEMBER_TRIGGERS.format, _MEMBERS)]
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript("".join(script))
        return database.serialize()


def _fill(database: sqlite3.Connection, pihole: Pihole) -> None:
    database.execute("BEGIN")
    for name, rows in gravity_tables(pihole).items():
        database.execute(f'DELETE FROM "{name}"')  # noqa: S608 - what triggers put there
        for row in rows:
            insert(database, name, row)
    highest = dict(database.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    database.execute("DELETE FROM sqlite_sequence")
    for name in _COUNTED:
        seq = max(highest.get(name, 0), pihole.counters.get(name, 0))
        database.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, seq))
    database.execute("COMMIT")
