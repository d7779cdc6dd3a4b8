"""What a Pi-hole keeps lists of and lets others change one by one, and the statements for it.

The statements are FTL's. What they do with a row that is there already, or with a group that is
not, follows from the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Groups, lists, domains or clients."""

    plural: str
    """Their field in an answer."""
    key: str
    """The field of an item by which it is named, in requests and answers."""
    table: str
    column: str
    """The column with that name."""
    select: str
    insert: str
    upsert: str


def _members(table: str) -> str:
    return (
        f"(SELECT group_concat(group_id) FROM {table}_by_group"  # noqa: S608
        f" WHERE {table}_id = {table}.id) AS groups"
    )


GROUPS: Final = Kind(
    plural="groups",
    key="name",
    table="group",
    column="name",
    select="name, description AS comment, enabled, id, date_added, date_modified",
    insert='INSERT INTO "group" (name, enabled, description) VALUES (:item, :enabled, :comment)',
    upsert='INSERT INTO "group" (name, enabled, description) VALUES (:item, :enabled, :comment)'
    " ON CONFLICT (name) DO UPDATE SET enabled = :enabled, description = :comment",
)
RENAME_GROUP: Final = (
    'UPDATE "group" SET name = :name, enabled = :enabled, description = :comment WHERE name = :item'
)
LISTS: Final = Kind(
    plural="lists",
    key="address",
    table="adlist",
    column="address",
    select=f"address, comment, {_members('adlist')}, enabled, id, date_added, date_modified, type,"
    " ifnull(date_updated, 0) AS date_updated, number, invalid_domains, abp_entries, status",
    insert="INSERT INTO adlist (address, enabled, comment, type)"
    " VALUES (:item, :enabled, :comment, :type)",
    upsert="INSERT INTO adlist (address, enabled, comment, type)"
    " VALUES (:item, :enabled, :comment, :type)"
    " ON CONFLICT (address, type) DO UPDATE SET enabled = :enabled, comment = :comment",
)
DOMAINS: Final = Kind(
    plural="domains",
    key="domain",
    table="domainlist",
    column="domain",
    select=f"domain, type, comment, {_members('domainlist')}, enabled, id, date_added,"
    " date_modified",
    insert="INSERT INTO domainlist (domain, type, enabled, comment)"
    " VALUES (:item, :type, :enabled, :comment)",
    upsert="INSERT INTO domainlist (domain, type, enabled, comment)"
    " VALUES (:item, :old_type, :enabled, :comment) ON CONFLICT (domain, type)"
    " DO UPDATE SET type = :type, enabled = :enabled, comment = :comment",
)
CLIENTS: Final = Kind(
    plural="clients",
    key="client",
    table="client",
    column="ip",
    select=f"ip AS client, comment, {_members('client')}, id, date_added, date_modified",
    insert="INSERT INTO client (ip, comment) VALUES (:item, :comment)",
    upsert="INSERT INTO client (ip, comment) VALUES (:item, :comment)"
    " ON CONFLICT (ip) DO UPDATE SET comment = :comment",
)

LIST_TYPES: Final = ("block", "allow")
"""Their position is the number in the database."""
DOMAIN_TYPES: Final = (("allow", "exact"), ("deny", "exact"), ("allow", "regex"), ("deny", "regex"))
"""Their position is the number in the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a path names: all items of a kind, or those of some types."""

    kind: Kind
    types: tuple[int, ...] = ()
    """Empty for all items, and for kinds without them."""
    is_exact: bool = True
    """Whether one can be added: false for the domains of several types."""

    @property
    def type(self) -> int | None:
        """The type, where there is just one."""
        return self.types[0] if len(self.types) == 1 else None

    @property
    def holds_regexes(self) -> bool:
        """Whether its items are regular expressions."""
        return self.kind is DOMAINS and "regex" in DOMAIN_TYPES[self.types[0]]

    def of_list_type(self, type_: str) -> Place | None:
        """Return the lists of one type, if that is one."""
        known = type_.lower() in LIST_TYPES
        return replace(self, types=(LIST_TYPES.index(type_.lower()),)) if known else None


def _domain_places() -> Iterator[tuple[str, Place]]:
    """Yield paths and what they name: the more a path says, the earlier it comes."""
    for number, (type_, kind) in enumerate(DOMAIN_TYPES):
        yield f"{type_}/{kind}", Place(kind=DOMAINS, types=(number,))
    for word in ("allow", "deny", "exact", "regex"):
        types = tuple(number for number, pair in enumerate(DOMAIN_TYPES) if word in pair)
        yield word, Place(kind=DOMAINS, types=types, is_exact=False)


PLACES: Final = {
    "/api/groups": Place(kind=GROUPS),
    "/api/lists": Place(kind=LISTS),
    "/api/clients": Place(kind=CLIENTS),
    **{f"/api/domains/{path}": place for path, place in _domain_places()},
    "/api/domains": Place(kind=DOMAINS, types=(0, 1, 2, 3), is_exact=False),
}


def place_of(path: str) -> tuple[str, Place, str] | None:
    """Return the part of a path that names a place, the place, and the item behind it."""
    for prefix, place in PLACES.items():
        if path == prefix:
            return prefix, place, ""
        if path.startswith(f"{prefix}/"):
            return prefix, place, path.removeprefix(f"{prefix}/").partition("\0")[0]
    return None


def batch_of(path: str) -> Place | None:
    """Return of what the path of a `:batchDelete` deletes several."""
    for name in ("groups", "lists", "clients", "domains"):
        if f"{path}/".startswith(f"/api/{name}:batchDelete/"):
            return PLACES[f"/api/{name}"]
    return None
