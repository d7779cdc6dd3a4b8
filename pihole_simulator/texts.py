"""Texts of a database, which need not be UTF-8: in the state, such bytes are surrogates."""

from collections.abc import Iterator, Sequence
import sqlite3

type Cell = str | int | None


def insert(database: sqlite3.Connection, table: str, row: Sequence[Cell]) -> None:
    """Insert a row, with each text just as it is."""
    cells = list(map(_bound, row))
    values = ",".join("CAST(? AS TEXT)" if isinstance(cell, bytes) else "?" for cell in cells)
    database.execute(f'INSERT INTO "{table}" VALUES ({values})', cells)  # noqa: S608


def rows_of(database: sqlite3.Connection, table: str) -> Iterator[Sequence[Cell]]:
    """Yield all rows, with each text just as it is."""
    usual = database.text_factory
    database.text_factory = lambda data: data.decode(errors="surrogateescape")
    yield from database.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall()  # noqa: S608
    database.text_factory = usual


def _bound(cell: Cell) -> bytes | Cell:
    if isinstance(cell, str) and not cell.isascii():
        return cell.encode(errors="surrogateescape")
    return cell
