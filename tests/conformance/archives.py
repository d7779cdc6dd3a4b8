"""Archives: what an export holds, and what is made for an import.

What is imported is the Pi-hole's own export with some of it changed, so that nothing else differs.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
import io
import re
import sqlite3
import tomllib
from typing import Final, cast
import zipfile
import zlib

from pihole_simulator import Entry, broken, pack, unpack

from .pihole import Pihole
from .seen import Plain, seen

TOML: Final = "etc/pihole/pihole.toml"
LEASES: Final = "etc/pihole/dhcp.leases"
GRAVITY: Final = "etc/pihole/gravity.db"

OWN_ROWS: Final = """
INSERT INTO "group" VALUES (900001, 1, 'conformance', 1700000001, 1700000002, 'a group');
INSERT INTO adlist (id, type, address, enabled, date_added, date_modified, comment,
        date_updated, number, invalid_domains, status, abp_entries)
    VALUES (900002, 0, 'https://conformance.example/ads.txt', 0, 1700000003, 1700000004, 'a list',
        1700000005, 6, 7, 2, 8);
INSERT INTO domainlist VALUES (900003, 1, 'conformance.example', 0, 1700000009, 1700000010, 'it');
INSERT INTO client VALUES (900004, '203.0.113.77', 1700000011, 1700000012, 'conformance');
INSERT INTO adlist_by_group VALUES (900002, 0), (900002, 900001);
INSERT INTO domainlist_by_group VALUES (900003, 900001);
INSERT INTO client_by_group VALUES (900004, 0), (900004, 900001);
"""
"""A row of each kind, with a group of its own."""

_OWN_NAME: Final = "conformance"
_OWN_IDS: Final = 900_000
_LONG_AGO: Final = 1_710_000_000
_COLUMNS: Final = {
    "group": "id, enabled, name, date_added, date_modified, description",
    "adlist": "id, type, address, enabled, date_added, date_modified, comment,"
    " date_updated, number, invalid_domains, status, abp_entries",
    "domainlist": "id, type, domain, enabled, date_added, date_modified, comment",
    "client": "id, ip, date_added, date_modified, comment",
}
_UNREADABLE: Final = (
    *(KeyError, MemoryError, RuntimeError),  # no member, an empty one, an encrypted one
    *(sqlite3.Error, zipfile.BadZipFile, zlib.error),
)
_SECRETS: Final = ("pwhash", "totp_secret")


async def exported(pihole: Pihole) -> bytes:
    """Export. Raises `ValueError` where there is no archive."""
    answer = await pihole.ask("GET", "api/teleporter")
    if answer.status != 200:
        raise ValueError(f"no archive: {answer.status} {answer.body!r}")
    return answer.body


async def with_own_rows(pihole: Pihole) -> bytes:
    """Export, and add a row of each kind to that archive."""
    return broken.with_sql(await exported(pihole), OWN_ROWS)


def configured(text: str) -> bytes:
    """Return an archive of nothing but a configuration file."""
    return pack([Entry(name=TOML, data=text.encode())])


def only(archive: bytes, *names: str) -> bytes:
    """Return an archive with only some of the members."""
    return pack(entry for entry in unpack(archive) if entry.name in names)


def renamed(archive: bytes, name: str, new: str) -> bytes:
    """Give a member another name."""
    return broken.with_member(broken.without(archive, name), new, member(archive, name))


def tables(*names: str) -> Plain:
    """Return what asks for tables of the gravity database, and for nothing else."""
    return {"gravity": dict.fromkeys(names, True)}


def member(archive: bytes, name: str) -> bytes:
    """Return a member's data."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name)


def written(archive: bytes, *names: str) -> list[str | None]:
    """Return how the configuration file writes some settings, with the marks behind them."""
    text = member(archive, TOML).decode()
    shown = []
    for name in names:
        section, _, key = name.rpartition(".")
        _, _, behind = text.partition(f"[{section}]\n")
        found = re.search(rf"^ *{key} = .*?(?=\n\n)", behind, re.MULTILINE | re.DOTALL)
        shown.append(found and found[0])
    return shown


def empty(archive: bytes, *names: str) -> list[str]:
    """Return which of some settings have nothing in them."""
    settings = _settings(archive)
    return [name for name in names if not settings[name]]


def changed_settings(before: bytes, after: bytes) -> Plain:
    """Return the settings that differ, as the second of two archives has them.

    Lists that become empty are left out: v6.0 empties those that a file lacks, if there are any.
    """
    old, new = (_settings(archive) for archive in (before, after))
    return {
        name: "<secret>" if name.endswith(_SECRETS) else new.get(name, "<gone>")
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name) != []
    }


def own_rows(archive: bytes) -> dict[str, list[list[object]]]:
    """Return the rows that belong to a question: with its name in a text, or with its ids."""
    with opened_gravity(archive) as database:
        return dict(_own_rows(database))


def opened_gravity(archive: bytes) -> AbstractContextManager[sqlite3.Connection]:
    """Open the gravity database of an archive."""
    return opened_database(archive, GRAVITY)


@contextmanager
def opened_database(archive: bytes, name: str) -> Iterator[sqlite3.Connection]:
    """Open a database of an archive."""
    content = member(archive, name)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(content)
        yield database


async def imported(
    pihole: Pihole,
    archive: bytes,
    wanted: object = None,
    *,
    file_first: bool = False,
    sid: str | None = "mine",
) -> Plain:
    """Import; return the answer, whether a restart follows, and all that has changed by it."""
    before = await exported(pihole)
    answer = await pihole.upload(archive, wanted, file_first=file_first, sid=sid)
    shown: Plain = {**seen(answer), "restarts": await pihole.restarts_now()}
    after = await exported(pihole)
    if changed := changed_settings(before, after):
        shown["settings"] = changed
    if rows := _changed_rows(before, after, archive):
        shown["rows"] = rows
    if (leases := _leases(after)) != _leases(before):
        shown["leases"] = leases
    return shown


def _changed_rows(before: bytes, after: bytes, archive: bytes) -> Plain:
    """Return the rows of a question in the tables where these have changed."""
    old, new, sent = own_rows(before), own_rows(after), _own_rows_if_any(archive)
    return {
        table: "as in the archive" if new[table] == sent.get(table) else new[table]
        for table in old
        if old[table] != new[table]
    }


def _own_rows_if_any(archive: bytes) -> dict[str, list[list[object]]]:
    try:
        return own_rows(archive)
    except _UNREADABLE:
        return {}


def _own_rows(database: sqlite3.Connection) -> Iterator[tuple[str, list[list[object]]]]:
    for table, columns in _COLUMNS.items():
        rows = database.execute(f'SELECT {columns} FROM "{table}" ORDER BY id')  # noqa: S608
        own = [[_without_now(cell) for cell in row] for row in rows if _is_own(row)]
        yield table, own
        if table != "group":
            ids = {row[0] for row in own}
            pairs = database.execute(f"SELECT * FROM {table}_by_group ORDER BY 1, 2")  # noqa: S608
            yield (
                f"{table}_by_group",
                [list(pair) for pair in pairs if pair[0] in ids or max(pair) > _OWN_IDS],
            )


def _is_own(row: tuple[object, ...]) -> bool:
    return any(isinstance(value, str) and _OWN_NAME in value for value in row)


def _without_now(cell: object) -> object:
    """Mask a time of today; those that a question sets are long ago."""
    return "<now>" if isinstance(cell, int) and cell > _LONG_AGO else cell


def _leases(archive: bytes) -> str | None:
    names = {entry.name for entry in unpack(archive)}
    return member(archive, LEASES).decode(errors="replace") if LEASES in names else None


def _settings(archive: bytes) -> dict[str, object]:
    return dict(_flat(tomllib.loads(member(archive, TOML).decode()), ""))


def _flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(cast("Mapping[str, object]", value), f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
