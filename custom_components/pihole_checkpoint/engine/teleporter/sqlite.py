"""Opening an SQLite database that may be hostile.

A schema can make SQLite compute, and no limit of SQLite's covers everything that it can compute. So
a schema that does not consist of plain tables is refused before SQLite acts on it.
"""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
import errno
import os
from pathlib import Path
import re
import sqlite3
import struct
import time
from typing import BinaryIO, Final

from ..errors import ArchiveDatabaseBroken
from .limits import Limits, or_default

_STEPS_BETWEEN_CHECKS: Final = 10_000
"""Instructions of SQLite's machine between two checks of the time."""
_HARMLESS: Final = ("table", "view", "trigger")
"""Objects that may be in a schema: nothing reads the views or fires the triggers."""
_PLAIN_INDEX: Final = re.compile(
    r"CREATE (?:UNIQUE )?INDEX {0} ON {0}\s*\(\s*{0}(?:\s*,\s*{0})*\s*\)".format(r'(?:\w+|"\w+")'),
    re.ASCII,
)
"""An index over columns, such as the one of Pi-hole's blocklist. It computes nothing."""
_DISK_ERRORS: Final = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO}
"""SQLite's errors that say nothing about the database, with the system's."""
_PRIMARY_CODE: Final = 0xFF
"""The bits of an error code that name its kind."""

# As SQLite's file format defines it.
_PAGE_SIZES: Final = range(512, 4096 + 1)
_HEADER_SIZE: Final = 100
_PAGE_SIZE: Final = struct.Struct(">16xH")
_PAGE_HEADER: Final = struct.Struct(">B2xH3xI")
_PAGE_NUMBER: Final = struct.Struct(">I")
_LEAF, _LEAF_HEADER_SIZE = 13, 8
_INTERIOR, _INTERIOR_HEADER_SIZE = 5, 12
_VARINT_SIZE: Final = 9


@contextmanager
def open_database(database: Path, *, limits: Limits | None = None) -> Iterator[sqlite3.Connection]:
    """Open a database from an archive, read-only.

    It is opened as a file, because in memory it would take as much as it has bytes. Raises
    `ArchiveDatabaseBroken` for errors of SQLite in the context, and `OSError` for those of the
    disk, also when they concern another database.
    """
    limits = or_default(limits)
    _check_schema_size(database, limits)
    try:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            _restrict(connection, limits)
            yield connection
    except sqlite3.Error as error:
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if (number := _DISK_ERRORS.get(code & _PRIMARY_CODE)) is not None:
            raise OSError(number, os.strerror(number)) from error
        raise ArchiveDatabaseBroken from error


def _restrict(connection: sqlite3.Connection, limits: Limits) -> None:
    """Limit the time and memory that SQLite may use, and what a schema may do."""
    end = time.monotonic() + limits.sqlite_seconds
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.sqlite_value)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, limits.sqlite_statement)
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS_BETWEEN_CHECKS)
    connection.text_factory = decode
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(f"PRAGMA cache_size = {limits.sqlite_cached_pages}")


def check(connection: sqlite3.Connection, needed: Collection[str]) -> set[str]:
    """Check that a database has the needed tables, and is whole. Return the names of its tables.

    Where there are others as well, only the needed ones are read, and so only these are checked.
    Raises `ArchiveDatabaseBroken` or `sqlite3.Error`.
    """
    tables = _plain_tables(connection)
    if not set(needed) <= tables:
        raise ArchiveDatabaseBroken
    checked = sorted(needed) if tables > set(needed) else [None]
    for table in checked:
        what = "1" if table is None else quote_name(table)
        if connection.execute(f"PRAGMA integrity_check({what})").fetchone() != ("ok",):
            raise ArchiveDatabaseBroken
    return tables


def quote_name(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _plain_tables(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the tables.

    Raises `ArchiveDatabaseBroken` if there is an index or a column that computes, or might, or a
    virtual table.
    """
    tables: set[str] = set()
    for kind, name, statement in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        if kind == "index" and statement is None:
            continue  # it belongs to a constraint, and so consists of columns
        # Another name than a plain text could be taken for another object's.
        if not (isinstance(statement, str) and isinstance(name, str) and name.isidentifier()):
            raise ArchiveDatabaseBroken
        if kind == "index" and _PLAIN_INDEX.fullmatch(statement):
            continue
        # The type in a row may be false; SQLite goes by the statement.
        if kind not in _HARMLESS or not statement.upper().startswith(f"CREATE {kind.upper()} "):
            raise ArchiveDatabaseBroken
        if kind == "table":
            tables.add(name)
    for name in tables:
        columns = connection.execute(f"PRAGMA table_xinfo({quote_name(name)})")
        if any(hidden for *_, hidden in columns):  # a generated column
            raise ArchiveDatabaseBroken
    return tables


def _check_schema_size(database: Path, limits: Limits) -> None:
    """Measure the schema in the file, as SQLite needs sixty times its size in memory.

    Raises `ArchiveDatabaseBroken` if it is too large, or cannot be found.
    """
    with database.open("rb") as file:
        try:
            size = sum(_schema_row_sizes(file, limits))
        except (struct.error, IndexError) as error:
            raise ArchiveDatabaseBroken from error
    if size > limits.sqlite_schema:
        raise ArchiveDatabaseBroken


def _schema_row_sizes(file: BinaryIO, limits: Limits) -> Iterator[int]:
    """Walk the tree of pages that holds the schema; its root is the first page."""
    [page_size] = _PAGE_SIZE.unpack(file.read(_PAGE_SIZE.size))
    if page_size not in _PAGE_SIZES:
        raise ArchiveDatabaseBroken
    rows, pages = 0, [1]
    for number in pages:  # the loop appends the children
        if len(pages) > limits.sqlite_schema_pages or number == 0:
            raise ArchiveDatabaseBroken
        file.seek((number - 1) * page_size)
        page = file.read(page_size)
        start = _HEADER_SIZE if number == 1 else 0
        kind, cells, last = _PAGE_HEADER.unpack_from(page, start)
        begin = start + (_LEAF_HEADER_SIZE if kind == _LEAF else _INTERIOR_HEADER_SIZE)
        offsets = struct.unpack_from(f">{cells}H", page, begin)
        if kind == _INTERIOR:
            pages += [_PAGE_NUMBER.unpack_from(page, offset)[0] for offset in offsets] + [last]
            continue
        rows += cells
        if kind != _LEAF or rows > limits.sqlite_objects:
            raise ArchiveDatabaseBroken
        yield from (_varint(page[offset : offset + _VARINT_SIZE]) for offset in offsets)


def _varint(content: bytes) -> int:
    """Return the number at the start, in SQLite's encoding of variable length."""
    number = 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            return number
    raise ArchiveDatabaseBroken


def decode(text: bytes) -> str:
    """Decode a text; one that is no UTF-8 is escaped, so that a character takes one byte."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1").encode("ascii", "backslashreplace").decode("ascii")
