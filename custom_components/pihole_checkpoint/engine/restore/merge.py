"""A gravity database from which a Pi-hole can import some tables, so that all others stay right.

An import replaces whole tables, row for row and by the position of their columns, and rows speak of
groups by number. So the tables to import are made anew: what is restored is from the backup, with
the columns and the numbers that the Pi-hole has now.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
import sqlite3
from typing import Final

from .. import files
from ..models import RestorePart
from ..teleporter.gravity import TABLES
from ..teleporter.sqlite import check, open_database, quote_name

type _Cell = str | int | float | bytes | None
type _Row = dict[str, _Cell]

_DEFAULT_GROUP: Final = 0
"""The ID of Pi-hole's default group, which may have any name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """A table of items that are in groups."""

    part: RestorePart
    table: str
    link: str
    """The table that says which item is in which group."""
    key: tuple[str, ...]
    """The columns that identify an item."""
    current: frozenset[str] = frozenset()
    """The columns with the Pi-hole's own state, such as counts; the Pi-hole's values stay."""

    @property
    def link_id(self) -> str:
        return f"{self.table}_id"


_KINDS: Final = (
    _Kind(
        part=RestorePart.LISTS,
        table="adlist",
        link="adlist_by_group",
        key=("address", "type"),
        current=frozenset({"date_updated", "number", "invalid_domains", "status", "abp_entries"}),
    ),
    _Kind(
        part=RestorePart.DOMAINS,
        table="domainlist",
        link="domainlist_by_group",
        key=("domain", "type"),
    ),
    _Kind(part=RestorePart.CLIENTS, table="client", link="client_by_group", key=("ip",)),
)


@dataclass(kw_only=True, slots=True)
class Merged:
    """What is to be imported."""

    tables: set[str] = field(default_factory=set)
    kept_groups: set[str] = field(default_factory=set)
    """Groups that are not in the backup, but have items that are not restored."""
    brought_groups: set[str] = field(default_factory=set)
    """Groups that were not asked for, but have items that are restored."""
    renamed_groups: dict[str, str] = field(default_factory=dict)
    """Items of the one group are in the other afterwards."""


def merge(backup: Path, live: Path, target: Path, parts: Iterable[RestorePart]) -> Merged:
    """Write a new database at `target`, with the tables to import; the others are empty.

    Blocks. Raises `ArchiveDatabaseBroken` or `OSError`.
    """
    files.create(target).close()  # with our permissions; SQLite would let others read it
    with (
        open_database(backup) as stored,
        open_database(live) as present,
        closing(sqlite3.connect(target)) as made,
    ):
        for connection in (stored, present):
            check(connection, TABLES)
        return _Merge(stored, present, made, frozenset(parts)).run()


class _Numbers:
    """Gives IDs to items that have none yet."""

    def __init__(self, taken: set[_Cell], others: Iterable[_Cell]) -> None:
        self._taken = taken
        self._highest = max(
            (number for number in (*taken, *others) if isinstance(number, int)), default=0
        )

    def free(self, wanted: _Cell) -> _Cell:
        """Return an ID that is free, if possible the wanted one."""
        if wanted in self._taken:
            self._highest += 1
            wanted = self._highest
        self._taken.add(wanted)
        return wanted


class _Merge:
    def __init__(
        self,
        backup: sqlite3.Connection,
        live: sqlite3.Connection,
        made: sqlite3.Connection,
        parts: frozenset[RestorePart],
    ) -> None:
        self._backup, self._live, self._made, self._parts = backup, live, made, parts
        self._merged = Merged()
        self._live_groups = {row["id"]: row for row in _rows(live, "group")}
        self._backup_groups = {row["id"]: row for row in _rows(backup, "group")}

    def run(self) -> Merged:
        group_of = self._merge_groups()
        for kind in _KINDS:
            if kind.part in self._parts:
                self._merge_things(kind, group_of)
                self._merged.tables |= {kind.table, kind.link}
            else:
                self._write(kind.table, ())
                self._write(kind.link, ())
        self._made.commit()
        return self._merged

    def _merge_groups(self) -> Mapping[_Cell, _Cell]:
        """Write the groups, and return the new ID of each group of the backup."""
        number_of = self._numbers()
        used = self._used_by_what_stays()
        needed = self._needed_by_what_comes()
        if RestorePart.GROUPS in self._parts:
            groups = {
                number_of[id_]: {**row, "id": number_of[id_]}
                for id_, row in self._backup_groups.items()
            }
            for id_, row in self._live_groups.items():
                if id_ not in groups and id_ in used:
                    groups[id_] = row
                    self._merged.kept_groups.add(str(row["name"]))
        else:
            groups = dict(self._live_groups)
            for id_ in needed:
                if number_of[id_] not in groups:
                    groups[number_of[id_]] = {**self._backup_groups[id_], "id": number_of[id_]}
                    self._merged.brought_groups.add(str(self._backup_groups[id_]["name"]))
        if RestorePart.GROUPS in self._parts or self._merged.brought_groups:
            self._merged.tables.add("group")
        _name_apart(groups)
        self._merged.renamed_groups = {
            str(row["name"]): str(groups[id_]["name"])
            for id_, row in self._live_groups.items()
            if id_ in groups and groups[id_]["name"] != row["name"]
        }
        self._write("group", groups.values())
        return number_of

    def _numbers(self) -> Mapping[_Cell, _Cell]:
        """Give each group of the backup its ID: the present one, else its own if free."""
        now = {row["name"]: id_ for id_, row in self._live_groups.items()}
        if RestorePart.GROUPS in self._parts:
            now = {name: id_ for name, id_ in now.items() if id_ != _DEFAULT_GROUP}
        numbers = _Numbers(
            taken={*self._live_groups, *self._used_by(_KINDS)}, others=self._backup_groups
        )
        number_of: dict[_Cell, _Cell] = {}
        for id_, row in self._backup_groups.items():
            if id_ == _DEFAULT_GROUP:
                number_of[id_] = id_
            elif row["name"] in now:
                number_of[id_] = now[row["name"]]
            else:
                number_of[id_] = numbers.free(id_)
        return number_of

    def _used_by_what_stays(self) -> set[_Cell]:
        return self._used_by(kind for kind in _KINDS if kind.part not in self._parts)

    def _used_by(self, kinds: Iterable[_Kind]) -> set[_Cell]:
        return {row["group_id"] for kind in kinds for row in _rows(self._live, kind.link)}

    def _needed_by_what_comes(self) -> set[_Cell]:
        return {
            row["group_id"]
            for kind in _KINDS
            if kind.part in self._parts
            for row in _rows(self._backup, kind.link)
            if row["group_id"] in self._backup_groups
        }

    def _merge_things(self, kind: _Kind, group_of: Mapping[_Cell, _Cell]) -> None:
        """Write a table from the backup. Present items keep their IDs, as gravity needs."""
        now = {
            _key(row, kind): {name: row[name] for name in {"id", *kind.current} & row.keys()}
            for row in _rows(self._live, kind.table)
        }
        [highest] = self._backup.execute(f'SELECT max(id) FROM "{kind.table}"').fetchone()  # noqa: S608 - a name of ours
        numbers = _Numbers(taken={row["id"] for row in now.values()}, others=[highest])
        number_of: dict[_Cell, _Cell] = {}

        def things() -> Iterator[_Row]:
            for row in _rows(self._backup, kind.table):
                known = now.get(_key(row, kind))
                number = known["id"] if known is not None else numbers.free(row["id"])
                number_of[row["id"]] = number
                yield {**row, **(known or {}), "id": number}

        self._write(kind.table, things())
        self._write(
            kind.link,
            (
                {kind.link_id: number_of[row[kind.link_id]], "group_id": group_of[row["group_id"]]}
                for row in _rows(self._backup, kind.link)
                if row[kind.link_id] in number_of and row["group_id"] in group_of
            ),
        )

    def _write(self, table: str, rows: Iterable[_Row]) -> None:
        """Write a table with the columns that the Pi-hole has, in their order.

        A column that the backup does not know is NULL, for which the Pi-hole puts its default.
        """
        columns = [row[1] for row in self._live.execute(f'PRAGMA table_xinfo("{table}")')]
        names = ", ".join(map(quote_name, columns))
        self._made.execute(f"CREATE TABLE {quote_name(table)} ({names})")
        self._made.executemany(
            f"INSERT INTO {quote_name(table)} VALUES ({', '.join('?' * len(columns))})",  # noqa: S608 - quoted
            ([row.get(column) for column in columns] for row in rows),
        )


def _name_apart(groups: dict[_Cell, _Row]) -> None:
    """Rename a group that would have the name of another one."""
    taken = {groups[_DEFAULT_GROUP]["name"]} if _DEFAULT_GROUP in groups else set()
    for id_, row in groups.items():
        if id_ == _DEFAULT_GROUP:
            continue
        name = row["name"]
        while name in taken:
            name = f"{name!s} ({id_!s})"
        taken.add(name)
        groups[id_] = {**row, "name": name}


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[_Row]:
    cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of ours
    columns = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(columns, row, strict=True))


def _key(row: _Row, kind: _Kind) -> tuple[_Cell, ...]:
    return tuple(row.get(column) for column in kind.key)
