"""The gravity database of a payload: the chosen items are the backup's, all others as they were.

To the byte, with any backup and any Pi-hole.
"""

from collections import Counter
from contextlib import closing
import sqlite3
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
import pytest

from custom_components.pihole_checkpoint.engine.errors import ArchiveDatabaseBroken
from custom_components.pihole_checkpoint.engine.restore.packing.choice import ItemKey
from custom_components.pihole_checkpoint.engine.teleporter.diff import Subject
from pihole_simulator import DomainType, ListType, Pihole, broken, build_archive
from pihole_simulator.rows import DEFAULT_GROUP
from pihole_simulator.tables import GRAVITY_TABLES
from tests.engine.restore.databases import (
    DATES,
    DEFAULT,
    NAMES,
    Restoring,
    Row,
    Stored,
    database,
    entries,
    expected,
    exported,
    gravity_of,
    imported,
    key_of,
    merged,
    restorings,
    stored_rows,
)
from tests.support.example import NOW

lasting = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    phases=set(Phase) - {Phase.explain},  # it takes longer than a test may
)
STATE = {"date_updated", "number", "status", "invalid_domains", "abp_entries"}


def frozen(rows: list[dict[str, Stored]]) -> Counter[frozenset[tuple[str, Stored]]]:
    return Counter(frozenset(row.items()) for row in rows)


def the_chosen_items_are_as_in_the_backup_and_all_others_as_they_were(
    case: Restoring, made: bytes
) -> None:
    assert entries(made) == expected(case.backup, case.live, case.chosen)


def a_pihole_takes_every_row_as_it_is(case: Restoring, made: bytes) -> None:
    after = imported(made)

    for table in GRAVITY_TABLES:
        assert frozen(stored_rows(after, table)) == frozen(stored_rows(made, table))


def rows_that_are_not_chosen_are_the_same_to_the_byte(case: Restoring, made: bytes) -> None:
    for subject, (table, _) in NAMES.items():
        before, after = (
            frozen([row for row in stored_rows(data, table) if key_of(subject, row) not in chosen])
            for data, chosen in ((case.live, case.chosen), (made, case.chosen))
        )
        assert after == before


def rows_of_the_backup_are_the_same_to_the_byte_but_for_the_id_and_the_counts(
    case: Restoring, made: bytes
) -> None:
    for subject, (table, _) in NAMES.items():
        live, old, new = (
            {key_of(subject, row): row for row in stored_rows(data, table)}
            for data in (case.live, case.backup, made)
        )
        for key in case.chosen & old.keys():
            kept = {"id", *STATE} if key in live else {"id"}
            for column, cell in new[key].items():
                if column not in kept:
                    assert cell == old[key][column]
                elif key in live:
                    assert cell == live[key][column]
        taken = {row["id"] for row in live.values()}
        for key in (case.chosen & old.keys()) - live.keys():
            assert new[key]["id"] not in taken or new[key]["id"] == ("integer", b"0")


def links_of_what_is_not_chosen_are_the_same_but_for_groups_that_go(
    case: Restoring, made: bytes
) -> None:
    groups = {row["id"]: key_of(Subject.GROUPS, row) for row in stored_rows(case.live, "group")}
    there = {key_of(Subject.GROUPS, row) for row in stored_rows(made, "group")}
    for subject in (Subject.LISTS, Subject.DOMAINS, Subject.CLIENTS):
        table, _ = NAMES[subject]
        chosen = {
            row["id"]
            for row in stored_rows(case.live, table)
            if key_of(subject, row) in case.chosen
        }
        before = {
            (row[f"{table}_id"], row["group_id"])
            for row in stored_rows(case.live, f"{table}_by_group")
            if row[f"{table}_id"] not in chosen
            and (row["group_id"] not in groups or groups[row["group_id"]] in there)
        }
        after = {
            (row[f"{table}_id"], row["group_id"]) for row in stored_rows(made, f"{table}_by_group")
        }
        come = {
            row["id"] for row in stored_rows(made, table) if key_of(subject, row) in case.chosen
        }
        assert before == {pair for pair in after if pair[0] not in come}


def there_is_always_a_default_group(case: Restoring, made: bytes) -> None:
    assert ("integer", b"0") in [row["id"] for row in stored_rows(made, "group")]


def the_same_choice_from_what_was_there_takes_it_back(case: Restoring, made: bytes) -> None:
    chosen = case.chosen | {key for key in entries(case.live) if key[0] is Subject.GROUPS}

    back = merged(case.live, made, {*chosen, *entries(case.live), *entries(made)})

    assert entries(back) == entries(case.live)


def to_restore_twice_is_to_restore_once(case: Restoring, made: bytes) -> None:
    twice = merged(case.backup, made, case.chosen)

    for table in GRAVITY_TABLES:
        assert frozen(stored_rows(twice, table)) == frozen(stored_rows(made, table))


def nothing_chosen_is_nothing_changed(case: Restoring, _made: bytes) -> None:
    made = merged(case.backup, case.live, ())

    for table in GRAVITY_TABLES:
        assert frozen(stored_rows(made, table)) == frozen(stored_rows(case.live, table))


HOLDS: Final = (
    the_chosen_items_are_as_in_the_backup_and_all_others_as_they_were,
    a_pihole_takes_every_row_as_it_is,
    rows_that_are_not_chosen_are_the_same_to_the_byte,
    rows_of_the_backup_are_the_same_to_the_byte_but_for_the_id_and_the_counts,
    links_of_what_is_not_chosen_are_the_same_but_for_groups_that_go,
    there_is_always_a_default_group,
    the_same_choice_from_what_was_there_takes_it_back,
    to_restore_twice_is_to_restore_once,
    nothing_chosen_is_nothing_changed,
)


@lasting
@given(restorings())
def test_of_each_payload_holds_what_is_promised(case: Restoring) -> None:
    made = merged(case.backup, case.live, case.chosen)

    for holds in HOLDS:
        holds(case, made)


# Groups -------------------------------------------------------------------------------------------


def group(name: str) -> ItemKey:
    return Subject.GROUPS, "", name


def a_list(address: str) -> ItemKey:
    return Subject.LISTS, "block", address


def client(ip: str) -> ItemKey:
    return Subject.CLIENTS, "", ip


def groups_by_id(data: bytes) -> dict[int, str]:
    return {int(row["id"][1]): row["name"][1].decode() for row in stored_rows(data, "group")}


def test_groups_that_have_swapped_their_ids_are_distinguished_by_name() -> None:
    old, now = Pihole(), Pihole()
    kids, iot = old.add_group("kids"), old.add_group("iot")
    old.add_client("192.168.1.5", groups={kids.id})
    old.add_client("192.168.1.6", groups={iot.id})
    now.add_group("iot")
    now.add_group("kids")
    now.add_client("192.168.1.5")

    made = merged(exported(old), exported(now), {client("192.168.1.5"), client("192.168.1.6")})

    after = entries(made)
    assert after[client("192.168.1.5")].groups == ("kids",)
    assert after[client("192.168.1.6")].groups == ("iot",)
    assert groups_by_id(made) == groups_by_id(exported(now))


def test_a_chosen_group_takes_its_id_if_that_is_free_and_another_one_if_not() -> None:
    old, now = Pihole(), Pihole()
    old.add_group("kids")
    old.add_group("iot")
    now.add_group("guests")

    made = merged(exported(old), exported(now), {group("kids"), group("iot")})

    assert groups_by_id(made) == {0: "Default", 1: "guests", 2: "iot", 3: "kids"}


def test_a_group_that_is_not_chosen_and_not_there_is_not_brought() -> None:
    old, now = Pihole(), Pihole()
    old.add_client("192.168.1.5", groups={DEFAULT_GROUP, old.add_group("kids").id})

    made = merged(exported(old), exported(now), {client("192.168.1.5")})

    assert entries(made)[client("192.168.1.5")].groups == ("Default",)
    assert groups_by_id(made) == {0: "Default"}


def test_a_removed_group_leaves_its_members_in_their_other_groups() -> None:
    old, now = Pihole(), Pihole()
    now.add_client("192.168.1.5", groups={DEFAULT_GROUP, now.add_group("kids").id})

    made = merged(exported(old), exported(now), {group("kids")})

    assert groups_by_id(made) == {0: "Default"}
    assert entries(made)[client("192.168.1.5")].groups == ("Default",)


def test_a_default_group_with_another_name_is_replaced_by_the_one_of_the_backup() -> None:
    old, now = Pihole(), Pihole()
    old.groups[0].name = "Everyone"
    old.add_client("192.168.1.5", groups={DEFAULT_GROUP})

    made = merged(
        exported(old),
        exported(now),
        {group("Everyone"), group("Default"), client("192.168.1.5")},
    )

    assert groups_by_id(made) == {0: "Everyone"}
    assert entries(made)[client("192.168.1.5")].groups == ("Everyone",)


def test_a_default_group_that_would_go_without_another_stays() -> None:
    old, now = Pihole(), Pihole()
    old.groups[0].name = "Everyone"
    now.add_client("192.168.1.5")

    made = merged(exported(old), exported(now), {group("Default")})

    assert groups_by_id(made) == {0: "Default"}
    assert entries(made)[client("192.168.1.5")].groups == ("Default",)


def test_the_default_group_of_the_backup_is_another_one_where_that_id_is_taken() -> None:
    old, now = Pihole(), Pihole()
    old.groups[0].name = "Everyone"

    made = merged(exported(old), exported(now), {group("Everyone")})

    assert groups_by_id(made) == {0: "Default", 1: "Everyone"}


def test_a_pihole_that_has_lost_its_default_group_gets_the_one_of_the_backup() -> None:
    now = database({"group": [{**DEFAULT, "id": 3}]})
    old = Pihole()
    old.groups[0].name = "Everyone"

    made = merged(exported(old), now, {group("Everyone")})

    assert groups_by_id(made) == {0: "Everyone", 3: "Default"}


# Items --------------------------------------------------------------------------------------------


def test_what_a_pihole_has_found_out_about_a_list_stays() -> None:
    old, now = Pihole.example(), Pihole.example()
    old.update_gravity(1_700_000_000)
    now.update_gravity(1_800_000_000)
    address = now.adlists[0].address
    old.adlists[0].comment = "of the backup"

    made = merged(exported(old), exported(now), {a_list(address)})

    [row] = [row for row in stored_rows(made, "adlist") if row["address"][1] == address.encode()]
    assert row["comment"] == ("text", b"of the backup")
    assert row["date_updated"] == ("integer", b"1800000000")


def test_one_address_may_be_on_a_list_to_block_and_on_one_to_allow() -> None:
    address = "https://lists.example.org/a.txt"
    old, now = Pihole(), Pihole()
    for pihole, types in ((old, list(ListType)), (now, list(ListType)[::-1])):
        for type_ in types:
            pihole.add_adlist(address, type_, comment=f"{type_.name} of {pihole is old}")

    after = entries(merged(exported(old), exported(now), {a_list(address)}))

    assert after[a_list(address)].comment == "BLOCK of True"
    assert after[Subject.LISTS, "allow", address].comment == "ALLOW of False"


def test_one_domain_may_be_there_in_four_ways() -> None:
    old, now = Pihole(), Pihole()
    for type_ in DomainType:
        old.add_domain("a.example", type_, comment="old")
        now.add_domain("a.example", type_, comment="now")
    chosen = {(Subject.DOMAINS, "allow_regex", "a.example")}

    after = entries(merged(exported(old), exported(now), chosen))

    assert {key[1]: entry.comment for key, entry in after.items() if key[2] == "a.example"} == {
        "allow_exact": "now",
        "deny_exact": "now",
        "deny_regex": "now",
        "allow_regex": "old",
    }


def test_no_id_that_the_compiled_lists_know_becomes_another_list() -> None:
    old, now = Pihole(), Pihole()
    old.add_adlist("https://old.example/a.txt")
    now.add_adlist("https://now.example/b.txt")

    made = merged(
        exported(old),
        exported(now),
        {a_list("https://old.example/a.txt"), a_list("https://now.example/b.txt")},
    )

    assert [row["id"] for row in stored_rows(made, "adlist")] == [("integer", b"2")]


# What no Pi-hole would make -----------------------------------------------------------------------


def clients(*rows: Row) -> bytes:
    return database({"group": [DEFAULT], "client": [{**DATES, **row} for row in rows]})


def comments(data: bytes) -> set[tuple[bytes, bytes]]:
    return {(row["ip"][1], row["comment"][1]) for row in stored_rows(data, "client")}


def test_texts_that_look_the_same_stay_as_they_are() -> None:
    now = clients(
        {"id": 1, "ip": b"caf\xe9", "comment": b"one"},
        {"id": 2, "ip": rb"caf\xe9", "comment": b"two"},
    )
    old = clients({"id": 1, "ip": b"caf\xe9", "comment": b"old"})

    assert comments(merged(old, now, {client(r"caf\xe9")})) == comments(now)


def test_texts_that_look_the_same_are_removed_when_the_backup_has_neither() -> None:
    now = clients(
        {"id": 1, "ip": b"caf\xe9", "comment": b"one"},
        {"id": 2, "ip": rb"caf\xe9", "comment": b"two"},
    )

    assert not comments(merged(clients(), now, {client(r"caf\xe9")}))


def test_of_texts_that_look_the_same_in_the_backup_the_first_is_taken() -> None:
    old = clients(
        {"id": 1, "ip": b"caf\xe9", "comment": b"one"},
        {"id": 2, "ip": rb"caf\xe9", "comment": b"two"},
    )

    assert comments(merged(old, clients(), {client(r"caf\xe9")})) == {(b"caf\xe9", b"one")}


@pytest.mark.parametrize(
    "row",
    [
        {"id": 2**63 - 1, "ip": b"x"},
        {"id": -5, "ip": b"x"},
        {"id": 0, "ip": b"x"},
        {"id": None, "ip": b"x"},
        {"id": b"one", "ip": b"x"},
    ],
    ids=["the last one", "negative", "nought", "none", "text"],
)
def test_an_id_that_would_do_harm_is_not_taken_over(row: Row) -> None:
    made = merged(clients(row), clients({"id": 4, "ip": b"y"}), {client("x")})

    assert {row["id"][1]: row["ip"][1] for row in stored_rows(made, "client")} == {
        b"4": b"y",
        b"5": b"x",
    }


def test_names_that_are_no_texts_become_texts() -> None:
    blob = clients({"id": 1, "ip": bytearray(b"5"), "comment": b"blob"})
    with_number = gravity_of(
        broken.with_sql(
            build_archive(Pihole(), NOW),
            """DROP TABLE client; CREATE TABLE client (id, ip, date_added, date_modified, comment);
            INSERT INTO client VALUES (1, 5, 1, 1, 'number'), (2, '5', 1, 1, 'text'),
            (3, NULL, 1, 1, 'none')""",
        )
    )

    made = merged(with_number, blob, {client("5"), client("")})

    assert {(row["id"][1], row["ip"]) for row in stored_rows(made, "client")} == {
        (b"1", ("blob", b"5")),
        (b"4", ("text", b"5")),
        (b"3", ("text", b"")),
    }
    assert frozen(stored_rows(imported(made), "client")) == frozen(stored_rows(made, "client"))


def test_a_type_that_a_pihole_would_change_is_not_taken() -> None:
    old = gravity_of(
        broken.with_sql(
            build_archive(Pihole(), NOW),
            """DROP TABLE domainlist; CREATE TABLE domainlist (id, type, domain, enabled,
            date_added, date_modified, comment);
            INSERT INTO domainlist VALUES (1, '1', 'a.example', 1, 1, 1, NULL),
            (2, NULL, 'a.example', 1, 1, 1, NULL), (3, 1.5, 'a.example', 1, 1, 1, NULL)""",
        )
    )
    now = Pihole()
    now.add_domain("a.example", DomainType.DENY_EXACT)

    made = merged(old, exported(now), entries(old).keys())

    assert frozen(stored_rows(made, "domainlist")) == frozen(
        stored_rows(exported(now), "domainlist")
    )


def test_a_link_that_is_there_twice_is_written_once() -> None:
    link: Row = {"client_id": 1, "group_id": 0}
    old = database(
        {
            "group": [DEFAULT],
            "client": [{**DATES, "id": 1, "ip": b"x"}],
            "client_by_group": [link, link],
        }
    )

    made = merged(old, clients(), {client("x")})

    assert len(stored_rows(made, "client_by_group")) == 1


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
@pytest.mark.parametrize("is_backup", [True, False], ids=["of the backup", "of the Pi-hole"])
def test_either_may_have_other_columns_or_another_order(script: str, *, is_backup: bool) -> None:
    old, now = (exported(pihole) for pihole in (Pihole.example(), Pihole()))
    other = gravity_of(
        broken.with_sql(build_archive(Pihole.example() if is_backup else Pihole(), NOW), script)
    )
    backup, live = (other, now) if is_backup else (old, other)

    made = merged(backup, live, entries(old).keys())

    assert entries(made) == entries(old)
    for table in GRAVITY_TABLES:
        assert columns(made, table) == columns(live, table)


def columns(data: bytes, table: str) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(data)
        return [row[1] for row in opened.execute(f'PRAGMA table_info("{table}")')]


@pytest.mark.parametrize("is_backup", [True, False], ids=["of the backup", "of the Pi-hole"])
def test_a_database_that_says_nothing_of_names_is_refused(*, is_backup: bool) -> None:
    sound = exported(Pihole())
    other = gravity_of(
        broken.with_sql(build_archive(Pihole(), NOW), "ALTER TABLE client DROP COLUMN ip")
    )

    with pytest.raises(ArchiveDatabaseBroken):
        merged(*((other, sound) if is_backup else (sound, other)), {client("x")})
