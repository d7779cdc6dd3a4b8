"""Which rows of a table come from the backup, under which ids, and which of the Pi-hole's go."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from ...teleporter import gravity
from ...teleporter.diff import Subject
from ...teleporter.gravity import Cell
from .choice import ItemKey
from .rows import Source

DEFAULT_GROUP: Final = 0
"""The id of Pi-hole's default group, which may have any name."""
_IDS: Final = range(1, 2**31)
"""Ids that are taken over from a backup. After SQLite's highest, a Pi-hole could add nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A table of items."""

    subject: Subject
    table: str
    name: str
    """The column with the name of an item."""
    kind_of: Callable[[Cell], str] | None = None
    """Returns the kind of an item by its type; `None` where there are no types."""
    state: tuple[str, ...] = ()
    """The columns with the Pi-hole's own findings, such as counts, which stay."""

    @property
    def link(self) -> str:
        """The table that says which item is in which group."""
        return f"{self.table}_by_group"

    @property
    def link_id(self) -> str:
        """The column of that table with the id of the item."""
        return f"{self.table}_id"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns with an item's id and what identifies it."""
        return "id", self.name, *(() if self.kind_of is None else ("type",))

    def key(self, name: Cell, type_: Cell = None) -> ItemKey:
        """Return the identity of an item, as in `Contents`."""
        kind = "" if self.kind_of is None else self.kind_of(type_)
        return self.subject, kind, gravity.text(name)

    def is_known(self, type_: Cell = None) -> bool:
        """Return whether a Pi-hole can have an item of this type: others it would change."""
        return (
            self.kind_of is None
            or isinstance(type_, int)
            or (type_ is None and self.subject is Subject.LISTS)
        )


GROUPS: Final = Kind(subject=Subject.GROUPS, table="group", name="name")
ITEMS: Final = (
    Kind(
        subject=Subject.LISTS,
        table="adlist",
        name="address",
        kind_of=gravity.list_kind,
        state=("date_updated", "number", "invalid_domains", "status", "abp_entries"),
    ),
    Kind(subject=Subject.DOMAINS, table="domainlist", name="domain", kind_of=gravity.domain_kind),
    Kind(subject=Subject.CLIENTS, table="client", name="ip"),
)


@dataclass(kw_only=True, slots=True)
class Exchange:
    """The rows of a table that an import changes, named by their positions in it."""

    gone: dict[int, Cell] = field(default_factory=dict)
    """The Pi-hole's rows that are removed or replaced, with their ids."""
    taken: dict[int, tuple[Cell, int | None]] = field(default_factory=dict)
    """The backup's rows that are written: their new ids, and the Pi-hole's rows they replace."""

    def removed(self) -> dict[int, Cell]:
        """Return the Pi-hole's rows that nothing replaces, with their ids."""
        replaced = {position for _, position in self.taken.values()}
        return {position: id_ for position, id_ in self.gone.items() if position not in replaced}


def plan_exchange(
    kind: Kind, live: Source, backup: Source, chosen: Collection[ItemKey]
) -> Exchange:
    """Find out which rows are exchanged, so that just the chosen items are as in the backup.

    What the Pi-hole has keeps its id. Two items may look the same, as texts that are no UTF-8 are
    escaped: of the backup's the first is taken, and the Pi-hole's stay, unless the backup has none.
    """
    exchange = Exchange()
    used = set(_linked(kind, live))
    present: dict[ItemKey, tuple[int, Cell] | None] = {}  # None: the backup has it, too
    alike: dict[ItemKey, dict[int, Cell]] = {}
    for position, (id_, *cells) in enumerate(live.read(kind.table, kind.columns)):
        used.add(id_)
        if (key := kind.key(*cells)) not in chosen:
            continue
        if key in present:
            alike.setdefault(key, {})[position] = id_
        else:
            present[key] = position, id_
    new: dict[int, Cell] = {}
    for position, (id_, *cells) in enumerate(backup.read(kind.table, kind.columns)):
        if (key := kind.key(*cells)) not in chosen or not kind.is_known(*cells[1:]):
            continue
        if key not in present:
            new[position] = id_
        elif (known := present[key]) is not None and alike.pop(key, None) is None:
            exchange.gone[known[0]] = known[1]
            exchange.taken[position] = known[1], known[0]
        present[key] = None
    exchange.gone.update(known for known in present.values() if known is not None)
    for rows in alike.values():
        exchange.gone.update(rows)
    if kind is GROUPS:
        _keep_a_default_group(exchange, new, used)
    _give_ids(exchange, new, used)
    return exchange


def _linked(kind: Kind, live: Source) -> Iterator[Cell]:
    """Yield the ids in use in the tables that say what is in which group."""
    if kind is GROUPS:
        links = [(item.link, "group_id") for item in ITEMS]
    else:
        links = [(kind.link, kind.link_id)]
    for table, column in links:
        for (id_,) in live.read(table, (column,)):
            yield id_


def _keep_a_default_group(exchange: Exchange, new: dict[int, Cell], used: set[Cell]) -> None:
    """Put the backup's default group in the place of one that is removed, or that there is not.

    Without another one the Pi-hole's stays.
    """
    removed = [row for row, id_ in exchange.removed().items() if id_ == DEFAULT_GROUP]
    if not removed and DEFAULT_GROUP in used:
        return
    successor = next((row for row, id_ in new.items() if id_ == DEFAULT_GROUP), None)
    if successor is not None:
        del new[successor]
        exchange.taken[successor] = DEFAULT_GROUP, None
    elif removed:
        del exchange.gone[removed[0]]


def _give_ids(exchange: Exchange, new: Mapping[int, Cell], used: set[Cell]) -> None:
    """Give new items the ids that they have in the backup, or others where these are in use."""
    without: list[int] = []
    for position, id_ in new.items():
        if isinstance(id_, int) and id_ in _IDS and id_ not in used:
            used.add(id_)
            exchange.taken[position] = id_, None
        else:
            without.append(position)
    highest = max((id_ for id_ in used if isinstance(id_, int) and id_ in _IDS), default=0)
    free = (id_ for id_ in count(highest + 1) if id_ not in used)
    exchange.taken.update((position, (next(free), None)) for position in without)
