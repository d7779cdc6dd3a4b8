"""Rows copied from one database to another, byte for byte.

A text in a database need not be UTF-8. Decoded and written again, it would be another text.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
import sqlite3
from typing import Final

from ...errors import ArchiveDatabaseBroken
from ...teleporter.gravity import TABLES, Cell
from ...teleporter.sqlite import check, decode, quote_name

type Row = tuple[Cell, ...]


class Text(bytes):
    """The bytes of a text, which are not to be taken for a blob."""

    __slots__ = ()


def plain(cell: Cell) -> Cell:
    """Return a raw cell as `Source.read` has it."""
    return decode(cell) if isinstance(cell, Text) else cell


class Source:
    """A gravity database that is read, with its texts decoded or raw.

    Only one query may be read at a time. The order of rows is always the same.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        check(connection, TABLES)
        self._connection = connection
        self.columns: Final = {
            table: tuple(
                row[1] for row in connection.execute(f"PRAGMA table_xinfo({quote_name(table)})")
            )
            for table in TABLES
        }
        """The names of each table's columns, in their order."""

    def need(self, table: str, *columns: str) -> None:
        """Raise `ArchiveDatabaseBroken` if a table lacks a column."""
        if set(columns) - set(self.columns[table]):
            raise ArchiveDatabaseBroken

    def read(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Return columns of all rows, their texts decoded; a missing column is NULL."""
        self._connection.text_factory = decode
        return self._select(table, columns)

    def read_raw(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Return columns of all rows, their texts as `Text`; a missing column is NULL."""
        self._connection.text_factory = Text
        return self._select(table, columns)

    def _select(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        there = self.columns[table]
        # With the table's name: without it, SQLite may take an unknown column for a text.
        chosen = ", ".join(
            f"{quote_name(table)}.{quote_name(column)}" if column in there else "NULL"
            for column in columns
        )
        return self._connection.execute(f"SELECT {chosen} FROM {quote_name(table)}")  # noqa: S608 - quoted


class Target:
    """The database that is made. Its columns have no types, so that each cell keeps its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # A broken file is of no use to anybody, and so needs no journal beside it.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")

    def create(self, table: str, columns: Sequence[str], key: Sequence[str] = ()) -> None:
        """Create a table; of rows with the same key, only the first is written."""
        names = ", ".join(map(quote_name, columns))
        if key:
            names += f", PRIMARY KEY ({', '.join(map(quote_name, key))})"
        options = "WITHOUT ROWID" if key else ""
        self._connection.execute(f"CREATE TABLE {quote_name(table)} ({names}) {options}")

    def write(self, table: str, rows: Iterable[Row]) -> None:
        """Append raw rows to a table."""
        for are_texts, batch in groupby(rows, _are_texts):
            values = ", ".join("CAST(? AS TEXT)" if is_text else "?" for is_text in are_texts)
            self._connection.executemany(
                f"INSERT OR IGNORE INTO {quote_name(table)} VALUES ({values})",  # noqa: S608 - quoted
                batch,
            )

    def commit(self) -> None:
        """Write everything to the file."""
        self._connection.commit()


def _are_texts(row: Row) -> tuple[bool, ...]:
    return tuple([isinstance(cell, Text) for cell in row])
