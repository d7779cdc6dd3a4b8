"""The tables of the gravity database: made of a Pi-hole's state, and the state made of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .rows import Adlist, Client, Domain, DomainType, Group, ListType, Member
from .state import Pihole
from .texts import Cell

type Table = Iterable[Sequence[Cell]]

# In the order in which FTL takes them over.
GRAVITY_TABLES = (
    *("group", "adlist", "adlist_by_group", "domainlist", "domainlist_by_group"),
    *("client", "client_by_group"),
)


def gravity_tables(pihole: Pihole) -> dict[str, Table]:
    """Return all rows, the columns in the order of the database."""
    return {
        "group": map(_group, pihole.groups),
        "adlist": map(_adlist, pihole.adlists),
        "adlist_by_group": _by_group(pihole, "adlist", pihole.adlists),
        "domainlist": map(_domain, pihole.domains),
        "domainlist_by_group": _by_group(pihole, "domainlist", pihole.domains),
        "client": map(_client, pihole.clients),
        "client_by_group": _by_group(pihole, "client", pihole.clients),
    }


def take_rows(pihole: Pihole, tables: Mapping[str, Table]) -> None:
    """Let the state be what the tables say."""
    assigned = {name: _Assigned(tables[f"{name}_by_group"]) for name in _MEMBERS}
    groups = [_read_group(row) for row in tables["group"]]
    adlists = [_read_adlist(row, assigned["adlist"]) for row in tables["adlist"]]
    domains = [_read_domain(row, assigned["domainlist"]) for row in tables["domainlist"]]
    clients = [_read_client(row, assigned["client"]) for row in tables["client"]]
    pihole.groups, pihole.adlists = groups, adlists
    pihole.domains, pihole.clients = domains, clients
    rows: dict[str, Sequence[Member]] = {
        "adlist": adlists,
        "domainlist": domains,
        "client": clients,
    }
    pihole.strays = {name: set(assigned[name].without(rows[name])) for name in _MEMBERS}


_MEMBERS = ("adlist", "domainlist", "client")


class _Assigned(dict[Cell, set[int]]):
    """The groups of each id."""

    def __init__(self, rows: Table) -> None:
        super().__init__()
        for member, group in rows:
            self.setdefault(member, set()).add(_int(group))

    def __missing__(self, member: Cell) -> set[int]:
        return set()

    def without(self, rows: Iterable[Member]) -> Iterator[tuple[int, int]]:
        """Yield the pairs whose first half is not the ID of a row."""
        for member in self.keys() - {row.id for row in rows}:
            for group in self[member]:
                yield _int(member), group


def _group(row: Group) -> Sequence[Cell]:
    return row.id, row.enabled, row.name, row.date_added, row.date_modified, row.description


def _adlist(row: Adlist) -> Sequence[Cell]:
    return (
        *(row.id, row.address, row.enabled, row.date_added, row.date_modified),
        *(row.comment, row.date_updated, row.number),
        *(row.invalid_domains, row.status, row.abp_entries, row.type),
    )


def _domain(row: Domain) -> Sequence[Cell]:
    dates = row.date_added, row.date_modified
    return row.id, row.type, row.domain, row.enabled, *dates, row.comment


def _client(row: Client) -> Sequence[Cell]:
    return row.id, row.ip, row.date_added, row.date_modified, row.comment


def _by_group(pihole: Pihole, name: str, rows: Iterable[Member]) -> Iterator[Sequence[Cell]]:
    yield from ((row.id, group) for row in rows for group in sorted(row.groups))
    yield from sorted(pihole.strays.get(name, ()))


def _read_group(row: Sequence[Cell]) -> Group:
    id_, enabled, name, added, modified, description = row
    return Group(
        id=_int(id_),
        enabled=bool(enabled),
        name=str(name),
        date_added=_int(added),
        date_modified=_int(modified),
        description=_text(description),
    )


def _read_adlist(row: Sequence[Cell], groups: Mapping[Cell, set[int]]) -> Adlist:
    id_, address, enabled, added, modified, comment, updated, *counts = row
    number, invalid, status, abp, type_ = map(_int, counts)
    return Adlist(
        id=_int(id_),
        type=ListType(type_),
        address=str(address),
        enabled=bool(enabled),
        date_added=_int(added),
        date_modified=_int(modified),
        comment=_text(comment),
        date_updated=None if updated is None else _int(updated),
        number=number,
        invalid_domains=invalid,
        status=status,
        abp_entries=abp,
        groups=groups[id_],
    )


def _read_domain(row: Sequence[Cell], groups: Mapping[Cell, set[int]]) -> Domain:
    id_, type_, domain, enabled, added, modified, comment = row
    return Domain(
        id=_int(id_),
        type=DomainType(_int(type_)),
        domain=str(domain),
        enabled=bool(enabled),
        date_added=_int(added),
        date_modified=_int(modified),
        comment=_text(comment),
        groups=groups[id_],
    )


def _read_client(row: Sequence[Cell], groups: Mapping[Cell, set[int]]) -> Client:
    id_, ip, added, modified, comment = row
    return Client(
        id=_int(id_),
        ip=str(ip),
        date_added=_int(added),
        date_modified=_int(modified),
        comment=_text(comment),
        groups=groups[id_],
    )


def _int(cell: Cell) -> int:
    if not isinstance(cell, int):
        raise TypeError(f"the state cannot hold {cell!r} for a number")
    return cell


def _text(cell: Cell) -> str | None:
    return None if cell is None else str(cell)
