"""The tables that a restore imports: with any backup and any Pi-hole, everything is right by name.

What becomes of them is not computed here but left to the simulator's own import, with a database
that has the real keys, conflict clauses and triggers.
"""

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
import sqlite3
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.models import RestorePart
from custom_components.pihole_checkpoint.engine.restore.merge import Merged, merge
from pihole_simulator import (
    ListType,
    Pihole,
    broken,
    build_archive,
    configuration_of,
    import_gravity,
    unpack,
)
from pihole_simulator.rows import DEFAULT_GROUP
from pihole_simulator.tables import GRAVITY_TABLES
from tests.support.example import NOW
from tests.support.piholes import (
    GRAVITY_PARTS,
    PAIRS,
    Parts,
    Two,
    copied,
    group_names,
    pairs,
    piholes,
    rename_the_default_group,
    renumber,
    restored,
)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A Pi-hole after the merged tables were imported."""

    pihole: Pihole
    merged: Merged
    database: bytes


def exported(pihole: Pihole) -> bytes:
    """Give the gravity database of an export."""
    return gravity_of(build_archive(pihole, NOW))


def gravity_of(archive: bytes) -> bytes:
    return next(entry.data for entry in unpack(archive) if entry.name == broken.GRAVITY)


def merge_bytes(backup: bytes, live: bytes, parts: Collection[RestorePart]) -> tuple[Merged, bytes]:
    with TemporaryDirectory() as folder:
        old, now, target = (Path(folder) / name for name in ("old", "now", "target"))
        old.write_bytes(backup)
        now.write_bytes(live)
        merged = merge(old, now, target, parts)
        assert target.stat().st_mode & 0o777 == 0o600
        assert {path.name for path in Path(folder).iterdir()} == {"old", "now", "target"}
        return merged, target.read_bytes()


def import_merged(
    a: Pihole | bytes, b: Pihole, parts: Collection[RestorePart], *, live: bytes | None = None
) -> Imported:
    backup = exported(a) if isinstance(a, Pihole) else a
    merged, database = merge_bytes(backup, live or exported(b), parts)
    pihole = copied(b)
    import_gravity.import_tables(pihole, database, merged.tables)
    return Imported(pihole=pihole, merged=merged, database=database)


def changed(a: Pihole, script: str) -> bytes:
    """Have another FTL's columns."""
    return gravity_of(broken.with_sql(build_archive(a, NOW), script))


lasting = settings(
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    phases=set(Phase) - {Phase.explain},  # it takes longer than a test may
)
some_parts = st.sets(st.sampled_from(sorted(GRAVITY_PARTS)))
any_two = given(pairs(), some_parts)


@lasting
@any_two
def test_what_is_restored_is_as_in_the_backup_and_all_else_as_it_was(
    two: Two, parts: Parts
) -> None:
    a, b = two

    after = import_merged(a, b, parts)

    assert configuration_of(after.pihole) == configuration_of(restored(a, b, parts))


@lasting
@any_two
def test_no_table_is_imported_that_need_not_be(two: Two, parts: Parts) -> None:
    a, b = two

    merged = import_merged(a, b, parts).merged

    expected = set[str]().union(*(PAIRS[part] for part in parts if part in PAIRS))
    brings = configuration_of(restored(a, b, parts))["groups"] != configuration_of(b)["groups"]
    if RestorePart.GROUPS in parts or brings:
        expected.add("group")
    assert merged.tables == expected


@lasting
@any_two
def test_groups_are_kept_or_brought_only_when_something_is_in_them_and_are_named(
    two: Two, parts: Parts
) -> None:
    a, b = two

    merged = import_merged(a, b, parts).merged

    extra = configuration_of(restored(a, b, parts))["groups"].keys() - {
        group.name for group in (a if RestorePart.GROUPS in parts else b).groups
    }
    assert merged.kept_groups == (extra if RestorePart.GROUPS in parts else set())
    assert merged.brought_groups == (set() if RestorePart.GROUPS in parts else extra)


@lasting
@any_two
def test_what_is_there_already_keeps_its_number(two: Two, parts: Parts) -> None:
    a, b = two

    after = import_merged(a, b, parts).pihole

    for there, then in zip(numbers(b), numbers(after), strict=True):
        assert {name: then[name] for name in there.keys() & then.keys()}.items() <= there.items()
        # No number that the compiled lists know is another thing's now.
        assert not set(there.values()) & {then[name] for name in then.keys() - there.keys()}
    assert DEFAULT_GROUP in group_names(after)


def numbers(pihole: Pihole) -> tuple[dict[object, int], ...]:
    """Give the number of everything by its name."""
    return (
        {name: id_ for id_, name in group_names(pihole).items()},
        {(row.address, row.type): row.id for row in pihole.adlists},
        {(row.domain, row.type): row.id for row in pihole.domains},
        {row.ip: row.id for row in pihole.clients},
    )


@lasting
@any_two
def test_with_the_groups_the_same_parts_of_what_was_there_take_it_back(
    two: Two, parts: Parts
) -> None:
    a, b = two
    # The default group is matched by its number: what is not restored stays in it under any name.
    changed_pihole = import_merged(a, b, parts).pihole

    back = import_merged(b, changed_pihole, {*parts, RestorePart.GROUPS}).pihole

    assert configuration_of(back, counts=False) == configuration_of(b, counts=False)


@lasting
@any_two
def test_to_restore_twice_is_to_restore_once(two: Two, parts: Parts) -> None:
    a, b = two
    once = import_merged(a, b, parts).pihole

    twice = import_merged(a, once, parts).pihole

    assert configuration_of(twice) == configuration_of(once)
    assert numbers(twice) == numbers(once)


@lasting
@given(piholes(), some_parts)
def test_onto_a_pihole_out_of_the_box_all_comes_as_it_was(a: Pihole, parts: Parts) -> None:
    after = import_merged(a, Pihole(), parts).pihole

    assert configuration_of(after) == configuration_of(restored(a, Pihole(), parts))
    everything = import_merged(a, Pihole(), GRAVITY_PARTS).pihole
    assert numbers(everything) == numbers(a)


# Groups -------------------------------------------------------------------------------------------


def test_groups_that_have_swapped_their_numbers_are_distinguished_by_name() -> None:
    a, b = Pihole.example(), Pihole.example()
    renumber(b, lambda count: range(count, 0, -1))

    after = import_merged(a, b, {RestorePart.GROUPS, RestorePart.LISTS}).pihole

    assert configuration_of(after) == configuration_of(a)
    assert numbers(after) == numbers(b)


def test_what_is_in_a_group_that_the_backup_does_not_have_stays_there() -> None:
    a, b = Pihole.example(), Pihole.example()
    guests, unused = b.add_group("guests", "of this house"), b.add_group("unused")
    b.add_client("192.168.1.99", groups={guests.id})
    b.add_domain("guests.example", groups={guests.id, unused.id})

    after = import_merged(a, b, {RestorePart.GROUPS, RestorePart.DOMAINS})

    assert after.merged.kept_groups == {"guests"}
    assert {group.name for group in after.pihole.groups} == {"Default", "kids", "iot", "guests"}
    assert after.pihole.clients == b.clients
    assert configuration_of(after.pihole)["domains"] == configuration_of(a)["domains"]


def test_the_groups_that_restored_things_need_come_with_them() -> None:
    a, b = Pihole.example(), Pihole()
    a.groups[1].enabled = False

    after = import_merged(a, b, {RestorePart.LISTS})

    assert after.merged.brought_groups == {"kids"}
    assert after.merged.tables == {"group", "adlist", "adlist_by_group"}
    assert [group.name for group in after.pihole.groups] == ["Default", "kids"]
    assert configuration_of(after.pihole)["adlists"] == configuration_of(a)["adlists"]
    assert [group.enabled for group in after.pihole.groups] == [True, False]


def test_groups_that_are_there_are_not_changed_by_what_is_put_in_them() -> None:
    a, b = Pihole.example(), Pihole.example()
    for group in b.groups:
        group.enabled, group.description = False, "as it is here"

    after = import_merged(a, b, {RestorePart.LISTS, RestorePart.DOMAINS, RestorePart.CLIENTS})

    assert "group" not in after.merged.tables
    assert after.pihole.groups == b.groups


def test_what_is_in_no_group_that_exists_is_in_none_afterwards() -> None:
    a, b = Pihole.example(), Pihole.example()
    a.adlists[0].groups = {77}
    a.adlists[1].groups = {77, DEFAULT_GROUP}
    b.add_group("seventy-seven").id = 77

    after = import_merged(a, b, {RestorePart.LISTS})

    assert [row.groups for row in after.pihole.adlists[:2]] == [set(), {DEFAULT_GROUP}]


def test_what_a_pihole_has_found_out_about_a_list_stays() -> None:
    a, b = Pihole.example(), Pihole.example()
    a.update_gravity(1_700_000_000)
    b.adlists.reverse()
    b.update_gravity(1_800_000_000)
    b.adlists[0].comment = "of today"

    after = import_merged(a, b, {RestorePart.LISTS}).pihole

    assert configuration_of(after, counts=False) == configuration_of(a, counts=False)
    b.adlists[0].comment = a.adlists[-1].comment
    assert configuration_of(after) == configuration_of(b)


def test_one_address_may_be_on_a_list_to_block_and_on_one_to_allow() -> None:
    a, b = Pihole(), Pihole()
    for pihole, types in ((a, list(ListType)), (b, list(ListType)[::-1])):
        for type_ in types:
            pihole.add_adlist("https://lists.example.org/a.txt", type_, comment=type_.name)

    after = import_merged(a, b, {RestorePart.LISTS}).pihole

    assert configuration_of(after) == configuration_of(a)
    assert numbers(after) == numbers(b)


# Columns ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        "ALTER TABLE adlist DROP COLUMN abp_entries",
        "ALTER TABLE adlist DROP COLUMN invalid_domains; ALTER TABLE adlist DROP COLUMN status",
        "ALTER TABLE adlist ADD COLUMN etag TEXT DEFAULT 'of a newer one'",
        """ALTER TABLE "group" ADD COLUMN colour INT; UPDATE "group" SET colour = id""",
        "ALTER TABLE domainlist_by_group ADD COLUMN since INT",
        """CREATE TABLE other AS SELECT comment, address, abp_entries, status, invalid_domains,
        number, date_updated, date_modified, date_added, enabled, id, type FROM adlist;
        DROP TABLE adlist; ALTER TABLE other RENAME TO adlist""",
        """CREATE TABLE other AS SELECT group_id, client_id FROM client_by_group;
        DROP TABLE client_by_group; ALTER TABLE other RENAME TO client_by_group""",
        """CREATE TABLE other AS SELECT description, name, id, enabled, date_modified, date_added
        FROM "group"; DROP TABLE "group"; ALTER TABLE other RENAME TO "group" """,
    ],
    ids=["older", "much older", "newer", "coloured", "since", "order", "pair order", "group order"],
)
@settings(lasting, max_examples=20)
@given(two=pairs(), parts=some_parts)
def test_the_columns_of_the_backup_may_be_others_or_in_another_order(
    script: str, two: Two, parts: Parts
) -> None:
    a, b = two
    expected = restored(a, b, parts)
    now = {(row.address, row.type) for row in b.adlists}
    for row in expected.adlists:
        # What the backup does not say, and is new here, begins at nought.
        if RestorePart.LISTS in parts and (row.address, row.type) not in now:
            row.abp_entries *= "DROP COLUMN abp_entries" not in script
            row.invalid_domains *= "DROP COLUMN invalid_domains" not in script
            row.status *= "DROP COLUMN status" not in script

    after = import_merged(changed(a, script), b, parts)

    assert configuration_of(after.pihole) == configuration_of(expected)


@settings(lasting, max_examples=30)
@any_two
def test_the_tables_have_the_columns_of_the_pihole_in_their_order(two: Two, parts: Parts) -> None:
    a, b = two
    live = changed(
        b,
        """CREATE TABLE other AS SELECT comment, ip, 'new' AS "of a ""newer"" one", date_added, id,
        date_modified FROM client; DROP TABLE client; ALTER TABLE other RENAME TO client;
        ALTER TABLE adlist ADD COLUMN etag TEXT;
        ALTER TABLE adlist DROP COLUMN abp_entries""",
    )

    merged, database = merge_bytes(exported(a), live, parts)

    with closing(sqlite3.connect(":memory:")) as made, closing(sqlite3.connect(":memory:")) as now:
        made.deserialize(database)
        now.deserialize(live)
        for table in GRAVITY_TABLES:
            assert columns(made, table) == columns(now, table)
            assert table in merged.tables or not rows(made, table) or table == "group"
        if RestorePart.CLIENTS in parts:
            stored = {(row.ip, row.comment, row.date_added) for row in a.clients}
            assert {(ip, comment, at) for comment, ip, _, at, *_ in rows(made, "client")} == stored


@settings(lasting, max_examples=30)
@any_two
def test_a_column_that_only_the_pihole_has_gets_its_default(two: Two, parts: Parts) -> None:
    """The import is done here, for the simulator's Pi-hole has no such column."""
    a, b = two
    live = changed(b, "ALTER TABLE adlist ADD COLUMN priority INT DEFAULT 5")

    merged, data = merge_bytes(exported(a), live, parts)

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as pihole:
        pihole.deserialize(exported(b))
        schema = "id INTEGER PRIMARY KEY, address, type, priority INTEGER NOT NULL DEFAULT 5"
        pihole.execute(f"CREATE TABLE newer ({schema})")
        pihole.execute("ATTACH ':memory:' AS archive")
        pihole.deserialize(data, name="archive")
        pihole.execute(
            "INSERT OR REPLACE INTO newer SELECT id, address, type, priority FROM archive.adlist"
        )
        taken = rows(pihole, "newer")
    expected = {(row.address, row.type, 5) for row in a.adlists}
    assert {row[1:] for row in taken} == (expected if RestorePart.LISTS in parts else set())
    assert ("adlist" in merged.tables) == (RestorePart.LISTS in parts)


def columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]


def rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return database.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608


# Default groups that are mistaken for another -----------------------------------------------------


def test_a_kept_group_of_the_name_that_the_default_group_gets_is_no_harm() -> None:
    a, b = Pihole(), Pihole()
    rename_the_default_group(a, "Home")
    home = b.add_group("Home")
    b.add_client("192.168.1.5", groups={home.id})

    after = import_merged(a, b, {RestorePart.GROUPS}).pihole

    assert after.clients == b.clients
    assert {group.id for group in after.groups} == {DEFAULT_GROUP, home.id}


def test_a_brought_group_of_the_name_that_the_default_group_has_is_no_harm() -> None:
    a, b = Pihole(), Pihole()
    rename_the_default_group(a, "Home")
    a.add_adlist("https://lists.example.org/a.txt", groups={a.add_group("Default").id})
    b.add_client("192.168.1.5")

    after = import_merged(a, b, {RestorePart.LISTS}).pihole

    assert configuration_of(after)["adlists"] == configuration_of(a)["adlists"]
    assert configuration_of(after)["clients"] == configuration_of(b)["clients"]
    assert DEFAULT_GROUP in {group.id for group in after.groups}


def test_what_is_not_restored_and_in_a_group_that_does_not_exist_is_not_put_in_one() -> None:
    a, b = Pihole(), Pihole()
    a.add_group("kids").id = 7
    b.add_client("192.168.1.5").groups = {7}

    after = import_merged(a, b, {RestorePart.GROUPS}).pihole

    assert "kids" not in str(configuration_of(after)["clients"])
