"""Reading the gravity database as it is in an archive: seven tables, no indices."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
import sqlite3
from typing import Final

from .contents import DOMAIN_KINDS, LIST_KINDS, Entry
from .limits import BudgetExceeded, MemoryBudget

TABLES: Final = frozenset(
    {
        "group",
        "adlist",
        "adlist_by_group",
        "domainlist",
        "domainlist_by_group",
        "client",
        "client_by_group",
    }
)
_MAX_TEXT = 16 * 1024  # in bytes, of a name or comment that is read
_BYTES_PER_BYTE = 4  # that a text may take in memory for each byte in the database
_BYTES_PER_WRITTEN_CHARACTER = 6
_BLOCK = 0  # the only kind of list there was before they had kinds

type _Cell = str | int | float | bytes | None
type _Row = tuple[str, str, bool, str, tuple[str, ...]]


class UnknownSchemaError(Exception):
    """A column is not there without which a row says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gravity:
    """What is in the database; see `Contents`."""

    groups: tuple[Entry, ...]
    lists: tuple[Entry, ...]
    domains: tuple[Entry, ...]
    clients: tuple[Entry, ...]


def read(connection: sqlite3.Connection, memory_budget: MemoryBudget) -> Gravity:
    """Read what is in it.

    Raises `BudgetExceeded`, `UnknownSchemaError` or `sqlite3.Error`. Other columns than ours, of a
    newer or older FTL, do not matter, nor does it when others than the name are missing.
    """
    # Should two have one id, the order of rows is no matter.
    numbered = _select(connection, "group", ("id", "name"), memory_budget)
    names: dict[_Cell, _Cell] = {row[0]: row[1] for row in sorted(numbered, key=str)}
    groups = _select(connection, "group", ("name", "enabled", "description"), memory_budget)
    lists = _select(
        connection, "adlist", ("id", "address", "type", "enabled", "comment"), memory_budget
    )
    domains = _select(
        connection, "domainlist", ("id", "domain", "type", "enabled", "comment"), memory_budget
    )
    clients = _select(connection, "client", ("id", "ip", "comment"), memory_budget)
    groups_of = partial(_groups_of, connection, names, memory_budget)
    list_groups = groups_of("adlist_by_group", "adlist_id")
    domain_groups = groups_of("domainlist_by_group", "domainlist_id")
    client_groups = groups_of("client_by_group", "client_id")
    return Gravity(
        groups=_entries(
            (_text(name), "", _is_on(enabled), _text(comment), ())
            for name, enabled, comment in groups
        ),
        lists=_entries(
            (
                _text(name),
                _kind(_BLOCK if type_ is None else type_, LIST_KINDS),
                _is_on(enabled),
                _text(comment),
                list_groups.get(id_, ()),
            )
            for id_, name, type_, enabled, comment in lists
        ),
        domains=_entries(
            (
                _text(name),
                _kind(type_, DOMAIN_KINDS),
                _is_on(enabled),
                _text(comment),
                domain_groups.get(id_, ()),
            )
            for id_, name, type_, enabled, comment in domains
        ),
        clients=_entries(
            (_text(name), "", True, _text(comment), client_groups.get(id_, ()))
            for id_, name, comment in clients
        ),
    )


def _select(
    connection: sqlite3.Connection,
    table: str,
    columns: tuple[str, ...],
    memory_budget: MemoryBudget,
) -> Iterable[tuple[_Cell, ...]]:
    """Read columns of a table; one that is not there is empty, but for the name or the ids."""
    there = {row[1] for row in connection.execute(f'PRAGMA table_xinfo("{table}")')}
    needed = {"id", "name", "address", "domain", "ip"} & set(columns)
    needed |= {column for column in columns if column.endswith("_id")}
    if needed - there:
        raise UnknownSchemaError
    chosen = ", ".join(f'"{column}"' if column in there else "NULL" for column in columns)
    sizes = [
        f'ifnull(length(CAST("{column}" AS BLOB)), 0)' for column in columns if column in there
    ]
    rows, total, longest = connection.execute(
        f"SELECT count(*), total({' + '.join(sizes)}), max(max(0, {', '.join(sizes)}))"  # noqa: S608 - names of ours
        f' FROM "{table}"'
    ).fetchone()
    if longest is not None and longest > _MAX_TEXT:
        raise BudgetExceeded
    memory_budget.take(int(total) * _BYTES_PER_BYTE, rows)
    return connection.execute(f'SELECT {chosen} FROM "{table}"')  # noqa: S608 - as above


def _groups_of(
    connection: sqlite3.Connection,
    names: Mapping[_Cell, _Cell],
    memory_budget: MemoryBudget,
    table: str,
    id_column: str,
) -> dict[_Cell, tuple[str, ...]]:
    """Give the names of the groups of each row. Those that do not exist have no effect."""
    found: defaultdict[_Cell, set[str]] = defaultdict(set)
    for id_, group_id in _select(connection, table, (id_column, "group_id"), memory_budget):
        if group_id in names:
            name = _text(names[group_id])
            # Held once, but written out for each row that is in it.
            memory_budget.take(len(name) * _BYTES_PER_WRITTEN_CHARACTER, 0)
            found[id_].add(name)
    # Most rows are in the same groups: one object for all of them.
    shared: dict[frozenset[str], tuple[str, ...]] = {}
    groups_of: dict[_Cell, tuple[str, ...]] = {}
    for id_, in_groups in found.items():
        key = frozenset(in_groups)
        if key not in shared:
            shared[key] = tuple(sorted(key))
        groups_of[id_] = shared[key]
    return groups_of


def _entries(rows: Iterable[_Row]) -> tuple[Entry, ...]:
    # A real database has no two rows of one name and kind. Where one has, the order is no matter.
    by_key = {(row[0], row[1]): row for row in sorted(rows)}
    return tuple(
        Entry(name=name, kind=kind, enabled=enabled, comment=comment, groups=groups)
        for name, kind, enabled, comment, groups in by_key.values()
    )


def _text(cell: _Cell) -> str:
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bytes():
            return cell.hex()
        case _:
            return str(cell)


def _kind(type_: _Cell, kinds: Mapping[int, str]) -> str:
    known = kinds.get(type_) if isinstance(type_, int) else None
    return known or f"type {_text(type_)}"


def _is_on(enabled: _Cell) -> bool:
    return enabled not in (0, "0")
