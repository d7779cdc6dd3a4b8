from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
import hashlib
from itertools import permutations
import json
import tracemalloc

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.errors import ArchiveDatabaseBroken
from custom_components.pihole_checkpoint.engine.pihole.errors import InvalidArchive
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.record_writing import changes_to_data
from custom_components.pihole_checkpoint.engine.teleporter.contents import (
    Contents,
    Counts,
    Entry,
    Lease,
    Secret,
    fingerprint,
)
from custom_components.pihole_checkpoint.engine.teleporter.diff import compare
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from pihole_simulator import Adlist, Client, Credentials, Domain, Pihole, broken, build_archive
from pihole_simulator.configuration import configuration
from tests.support.example import COUNTS, EXAMPLE, NOW
from tests.support.mutations import MUTATIONS, Mutation, all_rows, dotted
from tests.support.reading import ContentsOf, Read
from tests.support.words import headline, sentences

LISTS = "https://lists.example.org"
TABLES = (
    *("group", "adlist", "adlist_by_group", "domainlist", "domainlist_by_group"),
    *("client", "client_by_group"),
)
PASSWORD = "hunter2"


# What is in an archive ----------------------------------------------------------------------------


def test_the_contents_are_what_the_pihole_is_set_up_to_do(contents_of: ContentsOf) -> None:
    def sha256(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    contents = contents_of(EXAMPLE)

    assert replace(contents, settings={}) == Contents(
        versions=Versions(core=None, web=None, ftl="v6.4.1"),
        settings={},
        groups=(
            Entry(name="Default", comment="The default group"),
            Entry(name="iot", comment="iot devices"),
            Entry(name="kids", comment="kids devices"),
        ),
        lists=(
            Entry(name=f"{LISTS}/ads.txt", kind="block", comment="Ads", groups=("Default",)),
            Entry(name=f"{LISTS}/allow.txt", kind="allow", enabled=False, groups=("Default",)),
            Entry(
                name=f"{LISTS}/malware.txt",
                kind="block",
                comment="Malware — häufig",
                groups=("Default",),
            ),
            Entry(
                name=f"{LISTS}/social.txt",
                kind="block",
                comment="Social networks",
                groups=("kids",),
            ),
        ),
        domains=(
            Entry(name=r"(^|\.)school\.example$", kind="allow_regex", groups=("kids",)),
            Entry(
                name=r"^ad[0-9]+\.", kind="deny_regex", comment="numbered ads", groups=("Default",)
            ),
            Entry(name="shop.example.com", kind="allow_exact", groups=("Default",)),
            Entry(
                name="tracker.example.com",
                kind="deny_exact",
                comment="seen on TV",
                groups=("Default",),
            ),
        ),
        clients=(
            Entry(name="192.168.1.50", comment="tablet", groups=("Default", "kids")),
            Entry(name="192.168.1.60", comment="camera", groups=("iot",)),
        ),
        dns_hosts=("192.168.1.10 nas.lan", "192.168.1.11 printer.lan"),
        cnames=("files.lan,nas.lan",),
        static_leases=("00:11:22:33:44:55,192.168.1.60,camera",),
        leases=(
            Lease(
                ip="192.168.1.77",
                mac="00:11:22:33:44:66",
                name="phone",
                client_id="01:00:11:22:33:44:66",
            ),
        ),
        files={
            "etc/dnsmasq.d/99-local.conf": sha256(
                "# local options\naddress=/lab.lan/192.168.1.99\n"
            ),
            "etc/hosts": sha256("127.0.0.1 localhost\n192.168.1.2 pi.hole\n"),
        },
    )


def test_every_setting_goes_by_its_full_name(contents_of: ContentsOf) -> None:
    settings = contents_of(EXAMPLE).settings

    things = {"dns.hosts", "dns.cnameRecords", "dhcp.hosts"}
    assert set(settings) == {name for name, _ in dotted(configuration(Pihole.example()))} - things
    assert settings["dns.upstreams"] == ("9.9.9.9", "149.112.112.112")
    assert settings["dns.revServers"] == ()
    assert settings["dns.blocking.active"] is True
    assert settings["webserver.threads"] == 50
    assert settings["webserver.api.temp.limit"] == 60.0
    assert settings["dns.piholePTR"] == "PI.HOLE"


def test_of_a_secret_only_a_digest_is_kept(contents_of: ContentsOf) -> None:
    pihole = Pihole.example()
    pihole.credentials = Credentials(password=PASSWORD, app_password="app", totp_secret="JBSWY3DP")
    contents = contents_of(pihole)

    secret = {
        f"webserver.api.{name}": contents.settings[f"webserver.api.{name}"]
        for name in ("pwhash", "app_pwhash", "totp_secret")
    }
    assert all(isinstance(value, Secret) for value in secret.values())
    assert not [item for item in pihole.credentials.secrets - {"app"} if item in repr(contents)]
    assert not [
        found_item.digest
        for found_item in secret.values()
        if isinstance(found_item, Secret) and found_item.digest in repr(contents)
    ]
    assert contents_of(pihole) == contents
    pihole.credentials = replace(pihole.credentials, password="another")
    assert contents_of(pihole) != contents


def test_all_there_is_is_counted_by_its_kind(contents_of: ContentsOf) -> None:
    assert Counts.of(contents_of(EXAMPLE)) == COUNTS


def test_a_pihole_as_it_comes_out_of_the_box_has_contents_too(contents_of: ContentsOf) -> None:
    contents = contents_of(Pihole())

    assert [entry.name for entry in contents.groups] == ["Default"]
    assert not [*contents.lists, *contents.domains, *contents.clients, *contents.leases]
    assert set(contents.files) == {"etc/hosts"}


def test_the_gravity_database_of_another_name_is_no_file_of_the_users(
    contents_of: ContentsOf,
) -> None:
    pihole = Pihole.example()
    pihole.settings["files.gravity"] = "/data/gravity_v2.db"
    pihole.settings["files.database"] = "/data/ftl.db"
    moved, example = contents_of(pihole), contents_of(EXAMPLE)

    assert (moved.lists, moved.groups, moved.files) == (
        example.lists,
        example.groups,
        example.files,
    )
    assert [change.item for change in compare(example, moved)] == [
        "files.database",
        "files.gravity",
    ]


def test_a_lease_file_with_lines_of_other_kinds_gives_its_leases(contents_of: ContentsOf) -> None:
    lines = (
        b"duid 00:01:00:01:2a:2b:2c:2d\n\n"
        b"1790000000 00:aa 10.0.0.1 \xff-tv *\r\n"
        b"1790000000 4242 fd00::1 tablet 00:01:00:01\n"
        b"1790009999 4242 fd00::1 tablet 00:01:00:01\n"
        b"cut short"
    )
    contents = contents_of(broken.replace_member(EXAMPLE, "etc/pihole/dhcp.leases", lines))

    assert contents.leases == (
        Lease(ip="10.0.0.1", mac="00:aa", name=r"\xff-tv", client_id="*"),
        Lease(ip="fd00::1", mac="4242", name="tablet", client_id="00:01:00:01"),
    )


# Databases of another make ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        "ALTER TABLE adlist DROP COLUMN abp_entries",
        "ALTER TABLE adlist DROP COLUMN invalid_domains; ALTER TABLE client DROP COLUMN date_added",
        "ALTER TABLE adlist ADD COLUMN etag TEXT DEFAULT 'of a newer one'",
        """ALTER TABLE "group" ADD COLUMN colour INT; UPDATE "group" SET colour = id""",
        "ALTER TABLE domainlist_by_group ADD COLUMN since INT",
        "CREATE TABLE of_a_newer_one (id INT)",
    ],
)
def test_columns_that_another_ftl_has_or_lacks_are_no_matter(
    contents_of: ContentsOf, script: str
) -> None:
    assert contents_of(broken.with_sql(EXAMPLE, script)) == contents_of(EXAMPLE)


def test_a_list_is_for_blocking_where_lists_have_no_kinds(contents_of: ContentsOf) -> None:
    contents = contents_of(broken.with_sql(EXAMPLE, "ALTER TABLE adlist DROP COLUMN type"))

    assert {entry.kind for entry in contents.lists} == {"block"}
    assert len(contents.lists) == 4


def test_what_has_no_switch_is_on_and_what_has_no_comment_has_an_empty_one(
    contents_of: ContentsOf,
) -> None:
    contents = contents_of(
        broken.with_sql(
            EXAMPLE,
            """ALTER TABLE adlist DROP COLUMN enabled;
            ALTER TABLE domainlist DROP COLUMN comment;
            ALTER TABLE "group" DROP COLUMN description""",
        )
    )

    assert all(entry.enabled for entry in contents.lists)
    assert {entry.comment for entry in (*contents.domains, *contents.groups)} == {""}
    assert {entry.comment for entry in contents.clients} == {"tablet", "camera"}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("group", "id"),
        ("group", "name"),
        ("adlist", "id"),
        ("adlist", "address"),
        ("adlist_by_group", "adlist_id"),
        ("domainlist", "domain"),
        ("domainlist_by_group", "group_id"),
        ("client", "ip"),
    ],
)
def test_an_archive_without_a_column_of_names_is_sound_but_unknown(
    read: Read, table: str, column: str
) -> None:
    script = f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO of_a_newer_one'

    assert read(broken.with_sql(EXAMPLE, script)) is None


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "instead",
    [
        'CREATE VIEW "{}" AS SELECT 1 AS id, 1 AS group_id, 2 AS name',
        'CREATE VIRTUAL TABLE "{}" USING fts5(id, name)',
        'CREATE VIRTUAL TABLE "{}" USING rtree(id, low, high)',
        # With a page claimed, that it has not.
        """CREATE VIRTUAL TABLE "{}" USING fts5(id, name); PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET rootpage = 2 WHERE name = '{}'""",
    ],
    ids=["view", "fts5", "rtree", "with a page"],
)
def test_what_is_a_table_in_name_only_is_refused(read: Read, table: str, instead: str) -> None:
    script = f'DROP TABLE "{table}"; {instead.replace("{}", table)}'

    with pytest.raises(ArchiveDatabaseBroken):
        read(broken.with_sql(EXAMPLE, script))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("x'c0a8'", "c0a8"),
        ("5", "5"),
        ("-1.5", "-1.5"),
        ("9223372036854775807", "9223372036854775807"),
        ("NULL", ""),
        ("CAST(x'ff41' AS TEXT)", r"\xffA"),
        ("CAST(x'eda080' AS TEXT)", r"\xed\xa0\x80"),
        ("'h' || char(228) || 'ufig' || char(10)", "häufig\n"),
        ("'a' || char(0) || 'b'", "a\0b"),
    ],
)
def test_a_cell_of_any_type_is_read_as_text(contents_of: ContentsOf, cell: str, text: str) -> None:
    script = """ALTER TABLE client DROP COLUMN ip; ALTER TABLE client ADD COLUMN ip;
    ALTER TABLE client DROP COLUMN comment; ALTER TABLE client ADD COLUMN comment;
    DELETE FROM client WHERE id <> (SELECT max(id) FROM client);
    UPDATE client SET ip = CELL, comment = CELL"""
    contents = contents_of(broken.with_sql(EXAMPLE, script.replace("CELL", cell)))

    assert contents.clients == (Entry(name=text, comment=text, groups=("iot",)),)
    assert fingerprint(contents)


@pytest.mark.parametrize(
    ("cell", "enabled"),
    [("0", False), ("'0'", False), ("0.0", False), ("1", True), ("2", True), ("NULL", True)],
)
def test_only_a_zero_is_off(contents_of: ContentsOf, cell: str, *, enabled: bool) -> None:
    script = "UPDATE adlist SET enabled = CELL".replace("CELL", cell)

    assert {item.enabled for item in contents_of(broken.with_sql(EXAMPLE, script)).lists} == {
        enabled
    }


def test_a_kind_that_is_not_known_is_kept_apart_by_its_number(contents_of: ContentsOf) -> None:
    contents = contents_of(
        broken.with_sql(EXAMPLE, "UPDATE domainlist SET type = 7; UPDATE adlist SET type = 'x'")
    )

    assert {entry.kind for entry in contents.domains} == {"type 7"}
    assert {entry.kind for entry in contents.lists} == {"type x"}


def test_assignments_to_groups_or_of_things_that_do_not_exist_do_not_matter(
    contents_of: ContentsOf,
) -> None:
    dangling = broken.with_sql(
        EXAMPLE,
        """INSERT INTO adlist_by_group SELECT id, 777 FROM adlist;
        INSERT INTO domainlist_by_group VALUES (888, 0), (NULL, NULL);
        INSERT INTO client_by_group SELECT id, 'kids' FROM client""",
    )

    assert contents_of(dangling) == contents_of(EXAMPLE)


def test_rows_that_are_there_twice_count_once_in_any_order(contents_of: ContentsOf) -> None:
    insert = "INSERT INTO client (id, ip, comment) VALUES (?, '10.0.0.1', ?)"
    assign = "INSERT INTO client_by_group VALUES (91, 0)"
    every = [
        contents_of(broken.with_sql(EXAMPLE, assign, [(insert, row) for row in order]))
        for order in permutations([(91, "a"), (92, "b"), (93, None)])
    ]

    assert [entry.name for entry in every[0].clients].count("10.0.0.1") == 1
    assert all(contents == every[0] for contents in every)
    again = 'INSERT INTO adlist SELECT * FROM adlist; INSERT INTO "group" SELECT * FROM "group"'
    assert contents_of(broken.with_sql(EXAMPLE, again)) == contents_of(EXAMPLE)


def test_two_groups_of_one_id_are_read_the_same_in_any_order(contents_of: ContentsOf) -> None:
    insert = 'INSERT INTO "group" (id, enabled, name) VALUES (?, 1, ?)'
    one, other = (
        contents_of(
            broken.with_sql(EXAMPLE, 'DELETE FROM "group"', [(insert, row) for row in order])
        )
        for order in permutations([(0, "Default"), (0, "Defaults")])
    )

    assert one == other


cells = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.integers(-1, 4)
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[cells] * 7), max_size=5))
def test_contents_with_any_cells_can_be_compared_and_described(
    contents_of: ContentsOf, drawn: list[tuple[str | float | bytes | None, ...]]
) -> None:
    contents = contents_of(
        broken.with_sql(
            EXAMPLE,
            "CREATE TABLE lists (id, type, address, enabled, comment);"
            'DROP TABLE adlist; ALTER TABLE lists RENAME TO adlist; DROP TABLE "group";'
            'CREATE TABLE "group" (id, name, enabled, description)',
            [
                statement
                for row in drawn
                for statement in (
                    ("INSERT INTO adlist VALUES (?, ?, ?, ?, ?)", row[:5]),
                    ("INSERT INTO adlist_by_group VALUES (?, ?)", (row[0], row[5])),
                    ('INSERT INTO "group" VALUES (?, ?, ?, ?)', (row[5], *row[2:4], row[6])),
                )
            ],
        )
    )

    changes = compare(replace(contents, lists=(), groups=()), contents)
    json.dumps(changes_to_data(changes)).encode()
    assert all("\n" not in sentence for sentence in sentences(changes))
    assert fingerprint(contents)


# More than is ever held in memory -----------------------------------------------------------------


def test_an_archive_with_more_in_it_than_is_ever_held_in_memory_is_good_all_the_same(
    read: Read,
) -> None:
    whole = read(EXAMPLE)
    assert whole is not None
    seen = [read(EXAMPLE, Limits(memory=limit)) for limit in range(0, 100_000, 997)]

    enough = seen.index(whole)
    assert enough > 5
    assert seen[:enough] == [None] * enough
    assert seen[enough:] == [whole] * (len(seen) - enough)
    with pytest.raises(InvalidArchive):
        read(broken.flipped(EXAMPLE, "etc/hosts"), Limits(memory=0))


def test_rows_in_the_same_groups_take_little_memory(read: Read) -> None:
    number, groups = 58_750, 3
    script = f"""
        DELETE FROM domainlist;
        DELETE FROM domainlist_by_group;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number})
        INSERT INTO domainlist(id, type, domain, enabled, comment)
        SELECT i, 1, 'host' || i || '.ads.example.com', 1, 'Blocked by hand' FROM n;
        INSERT INTO "group"(id, enabled, name)
        SELECT 100 + id, 1, 'Group number ' || id FROM domainlist WHERE id <= {groups};
        INSERT INTO domainlist_by_group(domainlist_id, group_id)
        SELECT domainlist.id, "group".id FROM domainlist, "group" WHERE "group".id > 100"""  # noqa: S608 - numbers of ours
    large = broken.with_sql(EXAMPLE, script)

    tracemalloc.start()
    contents = read(large)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert contents is not None
    assert len(contents.domains) == number
    assert {domain.groups for domain in contents.domains} == {
        ("Group number 1", "Group number 2", "Group number 3")
    }
    assert highest < 25_000_000  # Limits().memory has 67 million


def test_more_leases_than_are_ever_held_in_memory_are_no_damage(read: Read) -> None:
    assert read(EXAMPLE, Limits(leases=10)) is None


# Configurations that no Pi-hole would write -------------------------------------------------------


@pytest.mark.parametrize(
    "toml",
    [
        "x = nan",
        "x = [inf, -inf, nan, {y = nan}]",
        "x = -inf",
        f"x = 0x{'f' * 10_000}",
        f"x = [0x{'f' * 10_000}]",
        f"x = {'9' * 10_000}",
        f"x = {2**63}\ny = {-(2**63)}\nz = {2**63 - 1}",
        "x = 1979-05-27T07:32:00Z\ny = 1979-05-27\nz = [07:32:00]",
        f'[[webserver.users]]\nname = "a"\npassword = "{PASSWORD}"',
        f'x = [[["password", "{PASSWORD}"]]]',
        f'x = [{{y = [{{PW = "{PASSWORD}"}}]}}]',
        f'password = ["{PASSWORD}"]',
        f'[a.tokens]\nb = "{PASSWORD}"',
        f'"my\\nsecret" = "{PASSWORD}"',
        f'{".".join("a" * 1000)} = "b"',
        f'{".".join("a" * 1000)}.password = "{PASSWORD}"',
        f'password.{".".join("a" * 1000)} = "{PASSWORD}"',
        f"x = {'[' * 1000}{']' * 1000}",
        f"x = {'{a = ' * 500}1{'}' * 500}",
        '"" = 1\n"." = 2\n[""]\n"" = 3',
        "[dns]\nhosts = 5\ncnameRecords = [1, 2]\n[dhcp.hosts]\nx = 1",
        "dns = 5\nfiles = 6\nwebserver = []",
        "files.gravity = 5\nfiles.database = ['x']",
        'x = "\\u0000\\u001b[31m\\u202e\\r\\n"',
    ],
    ids=lambda toml: toml[:20],
)
def test_a_hostile_configuration_is_refused_or_unknown_or_shown_without_its_passwords(
    read: Read, toml: str
) -> None:
    with suppress(InvalidArchive):
        if (contents := read(broken.replace_member(EXAMPLE, broken.TOML, toml.encode()))) is None:
            return
        usual = read(EXAMPLE)
        assert usual is not None
        for changes in (compare(usual, contents), compare(contents, usual)):
            data = json.dumps(changes_to_data(changes), allow_nan=False)
            said = [headline(changes), *sentences(changes)]
            assert PASSWORD not in f"{contents} {data} {said}"
            assert all(len(line.splitlines()) == 1 for line in said)
        assert fingerprint(contents) != fingerprint(usual)


# The fingerprint ----------------------------------------------------------------------------------


def some_home(data: st.DataObject) -> Pihole:
    """Have a Pi-hole with a history."""
    pihole = Pihole.example()
    for mutate in data.draw(st.lists(st.sampled_from(MUTATIONS), max_size=4)):
        mutate(pihole, data)
    return pihole


# `assume` may give up on some examples.
lasting = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much]
)


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
@settings(lasting, max_examples=15)
@given(st.data())
def test_any_change_of_a_user_gives_another_fingerprint_and_is_named(
    contents_of: ContentsOf, mutate: Mutation, data: st.DataObject
) -> None:
    pihole = some_home(data)
    before = contents_of(pihole)

    expected = mutate(pihole, data)

    after = contents_of(pihole)
    assert fingerprint(after) != fingerprint(before)
    changes = compare(before, after)
    assert expected in {(change.subject, change.how, change.item) for change in changes}
    assert headline(changes)
    assert sentences(changes)


@lasting
@given(st.data())
def test_what_changes_by_itself_is_the_same_fingerprint_and_no_change(
    read: Read, data: st.DataObject
) -> None:
    pihole = some_home(data)
    times = st.integers(0, 2**40)
    before = read(build_archive(pihole, NOW))
    assert before is not None

    pihole.update_gravity(data.draw(times))
    pihole.renew_leases(data.draw(times))
    renumber(pihole, data)
    for row in (*pihole.groups, *all_rows(pihole)):
        row.date_added, row.date_modified = data.draw(times), data.draw(times)
    pihole.groups = data.draw(st.permutations(pihole.groups))
    pihole.adlists = data.draw(st.permutations(pihole.adlists))
    pihole.domains = data.draw(st.permutations(pihole.domains))
    pihole.clients = data.draw(st.permutations(pihole.clients))
    pihole.leases = pihole.leases and data.draw(st.permutations(pihole.leases))

    moments = st.datetimes(datetime(1980, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them so
    after = read(build_archive(pihole, data.draw(moments)))
    assert after == before
    assert fingerprint(after) == fingerprint(before)
    assert compare(before, after) == ()


def renumber(pihole: Pihole, data: st.DataObject) -> None:
    """Give everything but group 0 another id, as deleting and adding again would."""

    def drawn(count: int) -> list[int]:
        return data.draw(
            st.lists(st.integers(1, 9999), min_size=count, max_size=count, unique=True)
        )

    others = [group.id for group in pihole.groups if group.id != 0]
    ids = {0: 0, **dict(zip(others, drawn(len(others)), strict=True))}
    for group in pihole.groups:
        group.id = ids[group.id]
    tables: tuple[list[Adlist] | list[Domain] | list[Client], ...] = (
        pihole.adlists,
        pihole.domains,
        pihole.clients,
    )
    for table in tables:
        for row, id_ in zip(table, drawn(len(table)), strict=True):
            row.id, row.groups = id_, {ids[group] for group in row.groups}


def test_a_newer_ftl_with_the_same_configuration_is_no_change(contents_of: ContentsOf) -> None:
    pihole = Pihole.example()
    pihole.versions = None
    other = contents_of(pihole)

    assert other.versions != contents_of(EXAMPLE).versions
    assert fingerprint(other) == fingerprint(contents_of(EXAMPLE))


@pytest.mark.parametrize(("old", "new"), [(1, True), (0, False), (1, 1.0), ("1", 1), ("", [])])
def test_a_setting_of_another_type_is_another_setting(
    contents_of: ContentsOf, old: str | float, new: str | float | list[str]
) -> None:
    pihole = Pihole.example()
    pihole.settings["dns.port"] = old
    before = contents_of(pihole)
    pihole.settings["dns.port"] = new
    after = contents_of(pihole)

    changed = [change.item for change in compare(before, after)]
    assert (fingerprint(before) == fingerprint(after)) == (not changed)
    assert changed == ["dns.port"]


def test_groups_with_each_others_ids_are_not_mistaken_for_each_other(
    contents_of: ContentsOf,
) -> None:
    pihole = Pihole.example()
    before = contents_of(pihole)
    kids, iot = pihole.groups[1:]
    kids.name, iot.name = iot.name, kids.name

    changed = {change.item for change in compare(before, contents_of(pihole))}

    assert changed >= {f"{LISTS}/social.txt", "192.168.1.50", "192.168.1.60"}
