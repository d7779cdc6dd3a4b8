"""Opening a stranger's SQLite database.

A schema may compute things, without a limit that holds for every kind of it: so one that is not
plain is refused, before SQLite has looked at it any closer.
"""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
import errno
import os
from pathlib import Path
import sqlite3
import struct
import time
from typing import BinaryIO, Final

from ..errors import ArchiveDatabaseBroken

_MAX_SECONDS = 60
_STEPS_BETWEEN_LOOKS = 10_000
_MAX_CELL = 1024 * 1024  # in bytes, of a value or a row
_CACHE_PAGES = 500  # whatever the database itself asks for

# A real schema has seven tables and about a kilobyte.
_MAX_STATEMENT = 16 * 1024  # in bytes
_MAX_SCHEMA = 64 * 1024  # in bytes
_MOST_OBJECTS = 100
_MOST_SCHEMA_PAGES = 40
_PAGE_SIZES = range(512, 4096 + 1)
_PLAIN = ("table", "view", "trigger")

# What is the disk's fault tells nothing about the database.
_OF_THE_DISK: Final = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO}
_PRIMARY_CODE = 0xFF  # the rest of a code says more of the same

# As the file format of SQLite lays it out.
_HEADER_SIZE = 100
_PAGE_SIZE: Final = struct.Struct(">16xH")
_PAGE_HEADER: Final = struct.Struct(">B2xH3xI")
_PAGE_NUMBER: Final = struct.Struct(">I")
_LEAF, _LEAF_HEADER_SIZE = 13, 8
_INTERIOR, _INTERIOR_HEADER_SIZE = 5, 12
_VARINT_SIZE = 9


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a database from an archive, and have what is wrong told as `ArchiveDatabaseBroken`.

    It lies in a file that nobody else has, and not in memory, which would grow with it. What the
    disk fails with is raised as `OSError`, also when it is another database in the same context.
    """
    _check_schema_size(database)
    give_up_at = time.monotonic() + _MAX_SECONDS
    try:
        with closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_CELL)
            connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _MAX_STATEMENT)
            connection.set_progress_handler(
                lambda: time.monotonic() > give_up_at, _STEPS_BETWEEN_LOOKS
            )
            connection.text_factory = decoded
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(f"PRAGMA cache_size = {_CACHE_PAGES}")
            yield connection
    except sqlite3.Error as error:
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if (number := _OF_THE_DISK.get(code & _PRIMARY_CODE)) is not None:
            raise OSError(number, os.strerror(number)) from error
        raise ArchiveDatabaseBroken from error


def check(connection: sqlite3.Connection, needed: Collection[str]) -> None:
    """Be sure that the database is whole, and has these tables.

    Raises `ArchiveDatabaseBroken` or `sqlite3.Error`.
    """
    if not set(needed) <= _plain_tables(connection):
        raise ArchiveDatabaseBroken
    if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
        raise ArchiveDatabaseBroken


def quoted(name: str) -> str:
    """Write a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _plain_tables(connection: sqlite3.Connection) -> set[str]:
    """Name the tables, when no table, column or index computes."""
    tables: set[str] = set()
    for kind, name, statement in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        if kind == "index" and statement is None:
            continue  # of a constraint, and so of columns
        # A name that is no text, or no plain one, could be taken for another's.
        if not (isinstance(statement, str) and isinstance(name, str) and name.isidentifier()):
            raise ArchiveDatabaseBroken
        # What a row says of itself may be false; what its statement begins with is what it is.
        if kind not in _PLAIN or not statement.upper().startswith(f"CREATE {kind.upper()} "):
            raise ArchiveDatabaseBroken
        if kind == "table":
            tables.add(name)
    for name in tables:
        columns = connection.execute(f"PRAGMA table_xinfo({quoted(name)})")
        if any(hidden for *_, hidden in columns):  # it is generated
            raise ArchiveDatabaseBroken
    return tables


def _check_schema_size(database: Path) -> None:
    """Look at the schema as it lies in the file: SQLite needs sixty times its size in memory."""
    with database.open("rb") as file:
        try:
            size = sum(_sizes_of_schema_rows(file))
        except (struct.error, IndexError) as error:
            raise ArchiveDatabaseBroken from error
    if size > _MAX_SCHEMA:
        raise ArchiveDatabaseBroken


def _sizes_of_schema_rows(file: BinaryIO) -> Iterator[int]:
    """Walk the tree of pages which begins at the first one, behind the header."""
    [page_size] = _PAGE_SIZE.unpack(file.read(_PAGE_SIZE.size))
    if page_size not in _PAGE_SIZES:
        raise ArchiveDatabaseBroken
    rows, pages = 0, [1]
    for number in pages:  # which grows meanwhile
        if len(pages) > _MOST_SCHEMA_PAGES or number == 0:
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
        if kind != _LEAF or rows > _MOST_OBJECTS:
            raise ArchiveDatabaseBroken
        yield from (_varint(page[offset : offset + _VARINT_SIZE]) for offset in offsets)


def _varint(content: bytes) -> int:
    number = 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            return number
    raise ArchiveDatabaseBroken


def decoded(text: bytes) -> str:
    """Decode a text; what is no UTF-8 takes one byte for each of its characters."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1").encode("ascii", "backslashreplace").decode("ascii")
