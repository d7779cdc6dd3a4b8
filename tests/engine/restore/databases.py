"""Gravity databases with anything in them, and what an import of chosen items makes of two."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
import sqlite3
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from custom_components.pihole_checkpoint.engine.restore.packing.choice import ItemKey
from custom_components.pihole_checkpoint.engine.restore.packing.database import write_database
from custom_components.pihole_checkpoint.engine.teleporter import archive, gravity
from custom_components.pihole_checkpoint.engine.teleporter.contents import Entry
from custom_components.pihole_checkpoint.engine.teleporter.diff import Subject
from custom_components.pihole_checkpoint.engine.teleporter.sqlite import decode, open_database
from pihole_simulator import Pihole, broken, build_archive, unpack
from pihole_simulator.database import open_gravity
from pihole_simulator.rows import DEFAULT_GROUP
from pihole_simulator.tables import GRAVITY_TABLES
from tests.support.example import NOW

type Cell = bytes | bytearray | int | None
"""A text is given by its bytes, and a blob as a `bytearray`."""
type Row = Mapping[str, Cell]
type Stored = tuple[str, bytes]
"""The type of a cell, and its bytes."""
type Tables = Mapping[str, list[Row]]

NAMES = {
    Subject.GROUPS: ("group", "name"),
    Subject.LISTS: ("adlist", "address"),
    Subject.DOMAINS: ("domainlist", "domain"),
    Subject.CLIENTS: ("client", "ip"),
}
ITEM_TABLES = ("adlist", "domainlist", "client")
DATES: Row = {"date_added": 1, "date_modified": 1}
DEFAULT: Row = {**DATES, "id": DEFAULT_GROUP, "enabled": 1, "name": b"Default"}


# What is in them ----------------------------------------------------------------------------------


def exported(pihole: Pihole) -> bytes:
    """Give the gravity database of an export."""
    return gravity_of(build_archive(pihole, NOW))


def gravity_of(zipped: bytes) -> bytes:
    return next(entry.data for entry in unpack(zipped) if entry.name == broken.GRAVITY)


def database(tables: Tables) -> bytes:
    """Make the database of an export."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.deserialize(exported(Pihole()))
        made.execute('DELETE FROM "group"')
        for table, rows in tables.items():
            for row in rows:
                values = (
                    "CAST(? AS TEXT)" if isinstance(cell, bytes) else "?" for cell in row.values()
                )
                made.execute(
                    f'INSERT INTO "{table}" ({", ".join(row)}) VALUES ({", ".join(values)})',  # noqa: S608
                    [*row.values()],
                )
        made.commit()
        return made.serialize()


def stored_rows(data: bytes, table: str) -> list[dict[str, Stored]]:
    """Read each cell as it is stored, to the byte."""
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(data)
        columns = [row[1] for row in opened.execute(f'PRAGMA table_xinfo("{table}")')]
        cells = ", ".join(f'typeof("{name}"), CAST("{name}" AS BLOB)' for name in columns)
        return [
            dict(zip(columns, zip(row[::2], row[1::2], strict=True), strict=True))
            for row in opened.execute(f'SELECT {cells} FROM "{table}"')  # noqa: S608
        ]


def entries(data: bytes) -> dict[ItemKey, Entry]:
    """Read everything by its identity."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gravity.db"
        path.write_bytes(data)
        with open_database(path) as connection:
            read = gravity.read(connection, archive.memory_budget())
    return {
        (subject, entry.kind, entry.name): entry
        for subject, found in (
            (Subject.GROUPS, read.groups),
            (Subject.LISTS, read.lists),
            (Subject.DOMAINS, read.domains),
            (Subject.CLIENTS, read.clients),
        )
        for entry in found
    }


def key_of(subject: Subject, row: Mapping[str, Stored]) -> ItemKey:
    """Say which item a row is."""
    kinds = {Subject.LISTS: gravity.list_kind, Subject.DOMAINS: gravity.domain_kind}
    kind = kinds[subject](int(row["type"][1])) if subject in kinds else ""
    return subject, kind, decode(row[NAMES[subject][1]][1])


# Generated ones -----------------------------------------------------------------------------------

texts = st.sampled_from(
    [b"kids", b"iot", b"a.example", b"caf\xe9", "café".encode(), b"x\0y", b"\xff", b""]
) | st.binary(min_size=1, max_size=3)
comments = st.none() | texts | st.binary(max_size=2).map(bytearray)
ids = st.integers(1, 6)
_times = st.integers(0, 2)


def _rows(name: str, **columns: st.SearchStrategy[Cell]) -> st.SearchStrategy[list[Row]]:
    row: st.SearchStrategy[Row] = st.fixed_dictionaries(
        {"id": ids, name: texts, "date_added": _times, "date_modified": _times, **columns}
    )

    def identity(row: Row) -> tuple[str, str]:
        text = row[name]
        assert isinstance(text, bytes)
        return decode(text), str(row.get("type"))

    return st.lists(row, max_size=4, unique_by=(lambda row: str(row["id"]), identity))


def _links(table: str) -> st.SearchStrategy[list[Row]]:
    """Have some that lead nowhere, too."""
    pairs = st.sets(st.tuples(ids, st.integers(0, 6)), max_size=6)
    return pairs.map(
        lambda found: [{f"{table}_id": id_, "group_id": group} for id_, group in sorted(found)]
    )


_on = st.integers(0, 1)
_default: st.SearchStrategy[list[Row]] = texts.map(lambda name: [{**DEFAULT, "name": name}])
_groups = st.builds(
    lambda default, others: [
        *default,
        *(row for row in others if decode(row["name"]) != decode(default[0]["name"])),
    ],
    _default,
    _rows("name", enabled=_on, description=comments),
)
databases: st.SearchStrategy[Tables] = st.fixed_dictionaries(
    {
        "group": _groups,
        "adlist": _rows(
            "address",
            type=_on,
            enabled=_on,
            comment=comments,
            date_updated=st.none() | _times,
            number=_times,
            status=_times,
            invalid_domains=_times,
            abp_entries=_times,
        ),
        "domainlist": _rows("domain", type=st.integers(0, 4), enabled=_on, comment=comments),
        "client": _rows("ip", comment=comments),
        **{f"{table}_by_group": _links(table) for table in ITEM_TABLES},
    }
)


@dataclass(frozen=True, kw_only=True)
class Restoring:
    """A backup, a Pi-hole, and the items that the one is to take from the other."""

    of_backup: Tables
    of_live: Tables
    chosen: frozenset[ItemKey]

    @cached_property
    def backup(self) -> bytes:
        return database(self.of_backup)

    @cached_property
    def live(self) -> bytes:
        return database(self.of_live)


@st.composite
def restorings(draw: st.DrawFn) -> Restoring:
    case = Restoring(of_backup=draw(databases), of_live=draw(databases), chosen=frozenset())
    keys = sorted({*entries(case.backup), *entries(case.live)})
    return replace(case, chosen=frozenset(draw(st.sets(st.sampled_from(keys)))))


# What becomes of them -----------------------------------------------------------------------------


def merged(backup: bytes, live: bytes, chosen: Collection[ItemKey]) -> bytes:
    """Make the database of a payload."""
    with TemporaryDirectory() as folder:
        old, now, target = (Path(folder) / name for name in ("old", "now", "target"))
        old.write_bytes(backup)
        now.write_bytes(live)
        write_database(old, now, target, frozenset(chosen))
        assert target.stat().st_mode & 0o777 == 0o600
        assert {path.name for path in Path(folder).iterdir()} == {"old", "now", "target"}
        return target.read_bytes()


def expected(backup: bytes, live: bytes, chosen: AbstractSet[ItemKey]) -> dict[ItemKey, Entry]:
    """Say what the Pi-hole has afterwards: the backup's inside the choice, its own outside."""
    of_backup, of_live = entries(backup), entries(live)
    after = {key: entry for key, entry in of_live.items() if key not in chosen} | {
        key: entry for key, entry in of_backup.items() if key in chosen
    }
    if (default := _staying_default(backup, live, chosen)) is not None:
        after[default] = of_live[default]
    groups = {name for subject, _, name in after if subject is Subject.GROUPS}
    return {
        key: replace(entry, groups=tuple(name for name in entry.groups if name in groups))
        for key, entry in after.items()
    }


def _staying_default(backup: bytes, live: bytes, chosen: AbstractSet[ItemKey]) -> ItemKey | None:
    """Return the Pi-hole's default group if it would go without another one in its place."""
    of_backup, of_live = entries(backup), entries(live)
    default, successor = _default_group(live), _default_group(backup)
    if default not in chosen or default in of_backup:
        return None
    return None if successor in chosen and successor not in of_live else default


def _default_group(data: bytes) -> ItemKey:
    return next(
        key_of(Subject.GROUPS, row)
        for row in stored_rows(data, "group")
        if row["id"] == ("integer", b"0")
    )


def imported(payload: bytes) -> bytes:
    """Import all tables as FTL does, into a database with a Pi-hole's keys and triggers."""
    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as taken,
        closing(open_gravity(Pihole.example())) as disk,
    ):
        taken.deserialize(payload)
        taken.create_function("unixepoch", 0, lambda: 0)
        taken.execute("ATTACH ':memory:' AS disk")
        taken.deserialize(disk.serialize(), name="disk")
        for table in GRAVITY_TABLES:
            taken.execute(f'DELETE FROM disk."{table}"')  # noqa: S608
            taken.execute(f'INSERT OR REPLACE INTO disk."{table}" SELECT * FROM main."{table}"')  # noqa: S608
        return taken.serialize(name="disk")
