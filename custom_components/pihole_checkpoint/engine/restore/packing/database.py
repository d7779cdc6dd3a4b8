"""Making the gravity database for an import.

An import replaces whole tables, row for row and by the position of their columns, and rows speak of
groups by number. So all tables are sent: the rows that the Pi-hole has now, with the chosen ones
from the backup in its columns and with its ids.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
import sqlite3

from ... import files
from ...teleporter import gravity
from ...teleporter.gravity import Cell
from ...teleporter.sqlite import open_database
from .choice import ItemKey
from .exchange import GROUPS, ITEMS, Exchange, Kind, plan_exchange
from .rows import Row, Source, Target, Text, plain


def write_database(backup: Path, live: Path, target: Path, chosen: Collection[ItemKey]) -> None:
    """Write a new database at `target`, from those of the backup and of a fresh export.

    Blocks. Raises `ArchiveDatabaseBroken` or `OSError`.
    """
    files.create(target).close()  # with our permissions; SQLite would let others read it
    with (
        open_database(backup) as stored,
        open_database(live) as present,
        closing(sqlite3.connect(target)) as made,
    ):
        _Database(Source(present), Source(stored), Target(made), chosen).write()


class _Database:
    def __init__(
        self, live: Source, backup: Source, target: Target, chosen: Collection[ItemKey]
    ) -> None:
        self._live, self._backup, self._target, self._chosen = live, backup, target, chosen
        for source in (live, backup):
            source.need(GROUPS.table, "id", GROUPS.name)
            for kind in ITEMS:
                source.need(kind.table, "id", kind.name)
                source.need(kind.link, kind.link_id, "group_id")

    def write(self) -> None:
        exchange = plan_exchange(GROUPS, self._live, self._backup, self._chosen)
        self._write_rows(GROUPS, exchange)
        removed, group_of = set(exchange.removed().values()), self._group_ids(exchange)
        for kind in ITEMS:
            exchange = plan_exchange(kind, self._live, self._backup, self._chosen)
            id_of = self._write_rows(kind, exchange)
            self._write_links(kind, set(exchange.gone.values()), removed, id_of, group_of)
        self._target.commit()

    def _write_rows(self, kind: Kind, exchange: Exchange) -> Mapping[Cell, Cell]:
        """Write a table, and return the new ids of the backup's rows."""
        columns = self._live.columns[kind.table]
        where = {column: index for index, column in enumerate(columns)}
        state = [where[column] for column in kind.state if column in where]
        replaced = {row for _, row in exchange.taken.values() if row is not None} if state else ()
        states: dict[int, list[tuple[int, Cell]]] = {}
        id_of: dict[Cell, Cell] = {}

        def stay() -> Iterator[Row]:
            for position, row in enumerate(self._live.read_raw(kind.table, columns)):
                if position not in exchange.gone:
                    yield row
                elif position in replaced:
                    states[position] = [(index, row[index]) for index in state]

        def come() -> Iterator[Row]:
            for position, row in enumerate(self._backup.read_raw(kind.table, columns)):
                if position not in exchange.taken:
                    continue
                id_, other = exchange.taken[position]
                cells = list(row)
                id_of[plain(cells[where["id"]])] = id_
                cells[where["id"]] = id_
                cells[where[kind.name]] = _as_name(cells[where[kind.name]])
                for index, cell in () if other is None else states.get(other, ()):
                    cells[index] = cell
                yield tuple(cells)

        self._target.create(kind.table, columns)
        self._target.write(kind.table, stay())
        self._target.write(kind.table, come())
        return id_of

    def _group_ids(self, exchange: Exchange) -> Mapping[Cell, Cell]:
        """Return the new ids of the backup's groups; those that will not be there have none."""
        ids: dict[str, Cell] = {}
        for position, (id_, name) in enumerate(self._live.read("group", ("id", "name"))):
            if position not in exchange.gone:
                ids.setdefault(gravity.text(name), id_)
        for position, (_, name) in enumerate(self._backup.read("group", ("id", "name"))):
            if position in exchange.taken:
                ids[gravity.text(name)] = exchange.taken[position][0]
        names = gravity.group_names(self._backup.read("group", ("id", "name")))
        return {id_: ids[name] for id_, name in names.items() if name in ids}

    def _write_links(
        self,
        kind: Kind,
        gone: Collection[Cell],
        removed_groups: Collection[Cell],
        id_of: Mapping[Cell, Cell],
        group_of: Mapping[Cell, Cell],
    ) -> None:
        columns = self._live.columns[kind.link]
        item, group = columns.index(kind.link_id), columns.index("group_id")

        def stay() -> Iterator[Row]:
            for row in self._live.read_raw(kind.link, columns):
                if plain(row[item]) not in gone and plain(row[group]) not in removed_groups:
                    yield row

        def come() -> Iterator[Row]:
            for row in self._backup.read_raw(kind.link, columns):
                id_, group_id = plain(row[item]), plain(row[group])
                if id_ in id_of and group_id in group_of:
                    cells = list(row)
                    cells[item], cells[group] = id_of[id_], group_of[group_id]
                    yield tuple(cells)

        # The same pair twice is no harm: a Pi-hole has each only once.
        self._target.create(kind.link, columns, key=(kind.link_id, "group_id"))
        self._target.write(kind.link, stay())
        self._target.write(kind.link, come())


def _as_name(cell: Cell) -> Cell:
    """Return a name as a Pi-hole would store it, which is not a number."""
    return cell if isinstance(cell, bytes) else Text(gravity.text(cell).encode())
