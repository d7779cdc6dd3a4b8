"""Reading the gravity database of an archive.

In an export it has seven tables and no indices: "Export" in `docs/pihole-api.md`. The one of a
running Pi-hole, in an archive that somebody packed by hand, has more.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
import sqlite3
from typing import Final

from .contents import DOMAIN_KINDS, ENTRIES_AT_ONCE, LIST_KINDS, Entry
from .limits import BudgetExceeded, Limits, MemoryBudget, or_default

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
BLOCKLIST: Final = "gravity"
"""The table with the compiled blocklist, which no export has."""
_NEEDED_COLUMNS: Final = frozenset(
    {
        *("id", "name", "address", "domain", "ip"),
        *("group_id", "adlist_id", "domainlist_id", "client_id"),
    }
)
_BYTES_PER_BYTE: Final = 4
"""That a text may take in memory for each of its bytes in the database."""
_BYTES_PER_WRITTEN_CHARACTER: Final = 6
"""That a character may take as JSON, which the fingerprint is made from."""
_POINTER: Final = 8
_DEFAULT_GROUP: Final = 0
"""The ID of the group that Pi-hole itself puts everything into, under any name."""
_BLOCK: Final = 0
"""The type of every list in a database from before lists had types."""
_ORDER: Final = attrgetter("name", "kind", "enabled", "comment", "groups")

type Cell = str | int | float | bytes | None
"""A value in a row, its text decoded."""


class UnknownSchemaError(Exception):
    """A table lacks a column without which its rows mean nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gravity:
    """The entries in a database; see `Contents`."""

    groups: tuple[Entry, ...]
    lists: tuple[Entry, ...]
    domains: tuple[Entry, ...]
    clients: tuple[Entry, ...]
    default_group: str
    """The name of the group with ID 0."""


def read(
    connection: sqlite3.Connection, budget: MemoryBudget, *, limits: Limits | None = None
) -> Gravity:
    """Return the entries in a database.

    Unknown columns are ignored, and columns that only describe an entry may be missing, as older
    and newer versions of FTL have others. Raises `BudgetExceeded`, `UnknownSchemaError` or
    `sqlite3.Error`.
    """
    reader = _Reader(connection, budget, or_default(limits))
    names = reader.group_names()
    return Gravity(
        groups=_unique(_groups(reader)),
        lists=_unique(_lists(reader, names)),
        domains=_unique(_domains(reader, names)),
        clients=_unique(_clients(reader, names)),
        default_group=names.get(_DEFAULT_GROUP, "Default"),
    )


class _Reader:
    """Reads tables within a memory budget."""

    def __init__(
        self, connection: sqlite3.Connection, budget: MemoryBudget, limits: Limits
    ) -> None:
        self._connection = connection
        self._budget = budget
        self._longest_text = limits.gravity_text

    def select(
        self, table: str, columns: tuple[str, ...], *, is_kept: bool = True
    ) -> Iterable[tuple[Cell, ...]]:
        """Read columns of a table; those that are missing and not needed are NULL.

        What the rows take in memory comes off the budget, if they are kept.
        """
        there = {row[1] for row in self._connection.execute(f'PRAGMA table_xinfo("{table}")')}
        if (_NEEDED_COLUMNS & set(columns)) - there:
            raise UnknownSchemaError
        sizes = [
            f'ifnull(length(CAST("{column}" AS BLOB)), 0)' for column in columns if column in there
        ]
        rows, total, longest = self._connection.execute(
            f"SELECT count(*), total({' + '.join(sizes)}), max(max(0, {', '.join(sizes)}))"  # noqa: S608 - names of ours
            f' FROM "{table}"'
        ).fetchone()
        if longest is not None and longest > self._longest_text:
            raise BudgetExceeded
        if is_kept:
            self._budget.take(int(total) * _BYTES_PER_BYTE, rows)
        chosen = ", ".join(f'"{column}"' if column in there else "NULL" for column in columns)
        return self._connection.execute(f'SELECT {chosen} FROM "{table}"')  # noqa: S608 - as above

    def group_names(self) -> dict[Cell, str]:
        """Return the names of the groups by their ids."""
        return group_names(self.select("group", ("id", "name")))

    def groups_of(
        self, table: str, id_column: str, names: Mapping[Cell, str]
    ) -> dict[Cell, tuple[str, ...]]:
        """Return the names of the groups of each entry. Groups that don't exist have no effect."""
        combinations = _Combinations(self._budget, names.values())
        found: dict[Cell, int] = {}
        for id_, group_id in self.select(table, (id_column, "group_id"), is_kept=False):
            if (name := names.get(group_id)) is not None:
                found[id_] = combinations.add(found.get(id_), name, id_)
        return {id_: combinations.names(bits) for id_, bits in found.items()}


class _Combinations:
    """Combinations of groups. Entries in the same groups share one tuple of names.

    A combination is a number with a bit for each group, so that the order of rows is of no
    importance and most combinations take no more than a number.
    """

    _ENTRY_SIZE: Final = 100
    """Bytes that an entry's place in a dictionary takes, with its id and a small number."""

    def __init__(self, budget: MemoryBudget, names: Iterable[str]) -> None:
        self._budget = budget
        self._names = sorted(set(names))
        self._position = {name: position for position, name in enumerate(self._names)}
        self._tuples: dict[int, tuple[str, ...]] = {}
        self._longest = 0
        """Bytes of the longest combination's names, written for as many entries as are written at
        the same time. The names are objects of their own only there."""

    def add(self, bits: int | None, name: str, id_: Cell) -> int:
        """Return a combination with one more group; `None` is an entry that is not in any yet."""
        if bits is None:
            size = len(id_) * _BYTES_PER_BYTE if isinstance(id_, (str, bytes)) else 0
            self._budget.take(self._ENTRY_SIZE + size, 0)
            bits = 0
        together = bits | 1 << self._position[name]
        self._budget.take((together.bit_length() - bits.bit_length()) // 8, 0)
        return together

    def names(self, bits: int) -> tuple[str, ...]:
        """Return the names of a combination's groups, sorted."""
        if (known := self._tuples.get(bits)) is None:
            known = tuple(self._names[position] for position in _positions(bits))
            self._budget.take(len(known) * _POINTER)
            written = sum(map(len, known)) * _BYTES_PER_WRITTEN_CHARACTER * ENTRIES_AT_ONCE
            self._budget.take(max(written - self._longest, 0), 0)
            self._longest = max(written, self._longest)
            self._tuples[bits] = known
        return known


def _positions(bits: int) -> Iterator[int]:
    """Return the positions of the bits that are set, from the lowest on."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _groups(reader: _Reader) -> Iterator[Entry]:
    for name, enabled, comment in reader.select("group", ("name", "enabled", "description")):
        yield Entry(name=text(name), enabled=_is_on(enabled), comment=text(comment))


def _lists(reader: _Reader, names: Mapping[Cell, str]) -> Iterator[Entry]:
    groups = reader.groups_of("adlist_by_group", "adlist_id", names)
    columns = ("id", "address", "type", "enabled", "comment")
    for id_, address, type_, enabled, comment in reader.select("adlist", columns):
        yield Entry(
            name=text(address),
            kind=list_kind(type_),
            enabled=_is_on(enabled),
            comment=text(comment),
            groups=groups.get(id_, ()),
        )


def _domains(reader: _Reader, names: Mapping[Cell, str]) -> Iterator[Entry]:
    groups = reader.groups_of("domainlist_by_group", "domainlist_id", names)
    columns = ("id", "domain", "type", "enabled", "comment")
    for id_, domain, type_, enabled, comment in reader.select("domainlist", columns):
        yield Entry(
            name=text(domain),
            kind=domain_kind(type_),
            enabled=_is_on(enabled),
            comment=text(comment),
            groups=groups.get(id_, ()),
        )


def _clients(reader: _Reader, names: Mapping[Cell, str]) -> Iterator[Entry]:
    groups = reader.groups_of("client_by_group", "client_id", names)
    for id_, client, comment in reader.select("client", ("id", "ip", "comment")):
        yield Entry(name=text(client), comment=text(comment), groups=groups.get(id_, ()))


def _unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Sort entries, and keep one for each name and kind.

    A real database has no two. Sorting first makes the choice independent of the order of rows.
    """
    return tuple(
        {(entry.name, entry.kind): entry for entry in sorted(entries, key=_ORDER)}.values()
    )


def group_names(rows: Iterable[tuple[Cell, ...]]) -> dict[Cell, str]:
    """Return the names of groups by their ids."""
    # Sorted, so that the order of rows does not matter even if two have the same id.
    return {row[0]: text(row[1]) for row in sorted(rows, key=str)}


def list_kind(type_: Cell) -> str:
    """Return the kind of a list of that type."""
    return _kind(_BLOCK if type_ is None else type_, LIST_KINDS)


def domain_kind(type_: Cell) -> str:
    """Return the kind of a domain of that type."""
    return _kind(type_, DOMAIN_KINDS)


def text(cell: Cell) -> str:
    """Return a name or a comment as it is shown, also where a database has something else."""
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bytes():
            return cell.hex()
        case _:
            return str(cell)


def _kind(type_: Cell, kinds: Mapping[int, str]) -> str:
    known = kinds.get(type_) if isinstance(type_, int) else None
    return known or f"type {text(type_)}"


def _is_on(enabled: Cell) -> bool:
    return enabled not in (0, "0")
