"""What FTL does in the gravity database for a single change, and how it shows what is there."""

from collections.abc import Iterator, Mapping, Sequence
import sqlite3

from .domain_names import shown_name
from .item_kinds import DOMAIN_TYPES, DOMAINS, GROUPS, LIST_TYPES, LISTS, RENAME_GROUP, Place
from .item_requests import Fields, InvalidOldType

type Shown = dict[str, object]


def show(database: sqlite3.Connection, place: Place, item: str | None) -> Iterator[Shown]:
    """Show an item, or all of a place where none is named."""
    kind, conditions = place.kind, ["TRUE"]
    if place.types:
        conditions.append(f"type IN ({', '.join(map(str, place.types))})")
    if item:
        conditions.append(f"{kind.column} = :item")
    cursor = database.execute(
        f'SELECT {kind.select} FROM "{kind.table}" WHERE {" AND ".join(conditions)}',  # noqa: S608
        {"item": item},
    )
    names = [name for name, *_ in cursor.description]
    for values in cursor:
        row: Shown = dict(zip(names, values, strict=True))
        yield row | _written_out(row, place)


def _written_out(row: Shown, place: Place) -> Shown:
    """Return the fields that an answer shows in another form than the database."""
    changed: Shown = {}
    if "enabled" in row:
        changed["enabled"] = bool(row["enabled"])
    if "groups" in row:
        changed["groups"] = [int(id_) for id_ in str(row["groups"] or "").split(",") if id_]
    if place.kind is LISTS:
        changed["type"] = LIST_TYPES[int(str(row["type"]))]
    elif place.kind is DOMAINS:
        changed["type"], changed["kind"] = DOMAIN_TYPES[int(str(row["type"]))]
        changed["unicode"] = shown_name(str(row["domain"]))
    return changed


def write(
    database: sqlite3.Connection, place: Place, item: str | None, fields: Fields, *, adds: bool
) -> str | None:
    """Add an item, or add or change it; return what went wrong.

    There is no transaction: where the groups fail, the rest of the item is written.
    """
    statement = place.kind.insert if adds else place.kind.upsert
    if place.kind is GROUPS and not adds and fields.text("name"):
        statement = RENAME_GROUP
    moves = place.kind is DOMAINS and not adds
    type_ = fields.list_type if place.kind is LISTS and place.type is None else place.type
    try:
        values = {
            "item": item,
            "name": fields.text("name"),
            "comment": fields.text("comment"),
            "enabled": fields.enabled,
            "type": type_,
            "old_type": fields.old_domain_type(type_) if moves else None,
        }
        database.execute(statement, values)
        if place.kind is not GROUPS and fields.groups is not None:
            _set_groups(database, place, values, fields.groups)
    except (sqlite3.Error, InvalidOldType) as error:
        return str(error)
    return None


def _set_groups(
    database: sqlite3.Connection, place: Place, item: Mapping[str, object], groups: Sequence[int]
) -> None:
    """Take an item out of its groups, then put it into one after the other."""
    table = place.kind.table
    # Without a type in the URL, old versions take the first row of that address.
    of_type = "" if place.type is None else "AND type = :type"
    [id_] = database.execute(
        f"SELECT id FROM {table} WHERE {place.kind.column} = :item {of_type}",  # noqa: S608
        item,
    ).fetchone()
    database.execute(f"DELETE FROM {table}_by_group WHERE {table}_id = ?", (id_,))  # noqa: S608
    for group in groups:
        database.execute(f"INSERT INTO {table}_by_group VALUES (?, ?)", (id_, group))  # noqa: S608


def delete(
    database: sqlite3.Connection, place: Place, items: Sequence[tuple[str, int | None]]
) -> int:
    """Delete all of these or, with a `sqlite3.Error`, none; return how many were there."""
    typed = " AND type IS ?2" if place.kind in {LISTS, DOMAINS} else ""
    statement = f'DELETE FROM "{place.kind.table}" WHERE {place.kind.column} = ?1{typed}'  # noqa: S608
    database.execute("BEGIN")
    try:
        deleted = sum(
            database.execute(statement, item if typed else item[:1]).rowcount for item in items
        )
    except sqlite3.Error:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
    return deleted
