"""Archives that somebody made to take a reader's time or memory, or to have a secret shown.

Each was once found to do so. They are as small as shows it: what was wrong took many seconds or
hundreds of megabytes, and what is right takes next to nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import product
import json
from pathlib import Path
import sqlite3
import struct
import time
import tracemalloc
from typing import Final

import pytest

from custom_components.pihole_checkpoint.engine.errors import (
    ArchiveConfigBroken,
    ArchiveDamaged,
    ArchiveDatabaseBroken,
)
from custom_components.pihole_checkpoint.engine.pihole import redaction
from custom_components.pihole_checkpoint.engine.repository.record_writing import changes_to_data
from custom_components.pihole_checkpoint.engine.teleporter import diff, layout
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents, fingerprint
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from pihole_simulator import broken, unpack
from tests.support.example import EXAMPLE
from tests.support.reading import Read
from tests.support.words import headline, sentences

TABLES: Final = (
    *("group", "adlist", "adlist_by_group", "domainlist", "domainlist_by_group"),
    *("client", "client_by_group"),
)
SECONDS: Final = 3
MEGABYTES: Final = 32
PARTS: Final = ".".join(["a"] * 990)
SHORT: Final = ".".join(["a"] * 64)
UNLOCKED: Final = "PRAGMA writable_schema = ON;"

# Ten seconds in one step of SQLite's machine, within which nothing can interrupt it.
SLOW: Final = (
    "(replace(hex(zeroblob(250000)), '00', 'aa')"
    " LIKE '%' || replace(hex(zeroblob(10000)), '00', 'aa') || 'b')"
)
# One megabyte in each of 700 registers, in a statement that is not long.
LARGE: Final = f"length(max({','.join(['hex(zeroblob(5e5))'] * 700)}))"
LARGER: Final = f"length(max({','.join(['hex(zeroblob(500000))'] * 990)}))"
# A gigabyte to sort, and for fts4 to read.
VIEW: Final = """
    CREATE VIEW v AS
    WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 1000)
    SELECT x AS rowid, x AS id, substr(y, 1, 9) AS ip, '' AS comment
    FROM (SELECT x, printf('%.*c', 1000000, 'a') || x AS y FROM c ORDER BY y DESC);
"""

# Half a gigabyte in a row.
SHADOW: Final = "WITH a(x) AS (SELECT hex(zeroblob(500000))) SELECT 1 AS {}, max(MANY) AS {} FROM a"
# Each is the one before eight times over: more columns than anybody can count.
OF_VIEWS: Final = (
    f"CREATE VIEW {{0}} AS SELECT 1 FROM {','.join(f'{{1}} b{number}' for number in range(8))}"  # noqa: S608 - ours
)
VIEWS: Final = "CREATE VIEW v0 AS VALUES(1);" + "".join(
    OF_VIEWS.format(f"v{number}", f"v{number - 1}") + ";" for number in range(1, 9)
)


type Refuse = Callable[[bytes], None]


@pytest.fixture
def read(read: Read) -> Read:
    def read_in_bounds(content: bytes, limits: Limits | None = None) -> Contents | None:
        with bounded():
            return read(content, limits)

    return read_in_bounds


@pytest.fixture
def refuse(read: Read) -> Refuse:
    def refuse(content: bytes) -> None:
        with pytest.raises(ArchiveDatabaseBroken):
            read(content)

    return refuse


@contextmanager
def bounded() -> Iterator[None]:
    """Hold what is done in it to little time and memory: Python's, and SQLite's too."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew here
    before, started = _peak(), time.process_time()
    try:
        yield
    finally:
        assert time.process_time() - started < SECONDS
        assert _peak() - before < MEGABYTES


def _peak() -> int:
    """Return the most memory that the process ever had, in megabytes."""
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


def with_toml(text: str) -> bytes:
    return broken.replace_member(EXAMPLE, broken.TOML, text.encode())


def with_schema(script: str, *changes: tuple[str, tuple[object, ...]]) -> bytes:
    """Have the schema say what no statement would make it say."""
    return broken.with_sql(EXAMPLE, f"{script} {UNLOCKED}", list(changes))


def says(sql: str, name: str) -> tuple[str, tuple[object, ...]]:
    return "UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, name)


def each(sql: str, rows: Iterable[tuple[object, ...]]) -> list[tuple[str, tuple[object, ...]]]:
    return [(sql, row) for row in rows]


ADD_GROUP: Final = 'INSERT INTO "group"(id, enabled, name) VALUES(?, 1, ?)'
ADD_DOMAIN: Final = (
    "INSERT INTO domainlist(id, type, domain, enabled) VALUES(?, 0, CAST(? AS TEXT), 1)"
)


def with_domains(*cells: bytes) -> bytes:
    return broken.with_sql(EXAMPLE, "DELETE FROM domainlist", each(ADD_DOMAIN, enumerate(cells)))


def gravity_of(content: bytes) -> bytes:
    [gravity] = [entry.data for entry in unpack(content) if entry.name == broken.GRAVITY]
    return gravity


def with_gravity(gravity: bytes) -> bytes:
    return broken.replace_member(EXAMPLE, broken.GRAVITY, gravity)


def with_schema_named_often(*, itself: bool) -> bytes:
    """Have the first page name the one with the schema, or itself, 500 times."""
    gravity = bytearray(gravity_of(EXAMPLE))
    [size] = struct.unpack_from(">H", gravity, 16)
    number = len(gravity) // size + 1
    # A page's cells lie at its end, so they stay where they are.
    begin, header, times = 100, 8, 500
    [cells] = struct.unpack_from(">H", gravity, begin + 3)
    schema = bytearray(gravity[:size])
    schema[: header + 2 * cells] = gravity[begin : begin + header + 2 * cells]
    named = 1 if itself else number
    cell = struct.pack(">IB", named, 1)
    page = struct.pack(">BHHHBI", 5, 0, times, size - len(cell), 0, named)
    page += struct.pack(">H", size - len(cell)) * times
    gravity[28:32] = struct.pack(">I", number)
    gravity[begin:size] = page + bytes(size - begin - len(page) - len(cell)) + cell
    return with_gravity(bytes(gravity + schema))


def test_a_sound_archive_is_read_within_the_bounds(read: Read) -> None:
    assert read(EXAMPLE) is not None


# What is shared in memory, and was written out for each that shares it.


def test_a_group_name_that_is_too_long_is_not_read(read: Read) -> None:
    hostile = broken.with_sql(
        EXAMPLE, "", [('UPDATE "group" SET name = ? WHERE id = 0', ("g" * 1_000_000,))]
    )

    assert read(hostile) is None


def test_a_long_group_name_is_never_written_out_for_all_that_are_in_it_at_once(read: Read) -> None:
    number = 500
    add_list = "INSERT INTO adlist(id, type, address, enabled) VALUES(?, 0, ?, 1)"
    hostile = broken.with_sql(
        EXAMPLE,
        "DELETE FROM adlist; DELETE FROM adlist_by_group",
        [
            ('UPDATE "group" SET name = ? WHERE id = 0', ("g" * 15_000,)),
            *each(add_list, ((index, f"https://{index}") for index in range(number))),
            *each("INSERT INTO adlist_by_group VALUES(?, 0)", ((item,) for item in range(number))),
        ],
    )

    contents = read(hostile)

    assert contents is not None
    assert len(contents.lists) == number
    tracemalloc.start()
    fingerprint(contents)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert highest < 5_000_000


def test_long_names_of_groups_that_differ_in_their_ends_are_not_compared_over_and_over(
    read: Read,
) -> None:
    groups, ids = 8, 5_000  # in other groups each, so that each had its own to sort
    pairs = (
        (id_, 100 + group) for id_ in range(ids) for group in range(groups) if group != id_ % groups
    )
    hostile = broken.with_sql(
        EXAMPLE,
        "DELETE FROM domainlist_by_group",
        [
            *each(ADD_GROUP, ((100 + item, "g" * 1_000_000 + str(item)) for item in range(groups))),
            *each("INSERT INTO domainlist_by_group VALUES(?, ?)", pairs),
        ],
    )

    assert read(hostile) is None


def test_many_long_names_of_groups_that_many_rows_share_are_not_read(read: Read) -> None:
    groups, domains = range(1_000, 1_100), range(1_000, 1_064)
    name = "\x01" * 16_000  # each is written out in six characters
    hostile = broken.with_sql(
        EXAMPLE,
        "",
        [
            *each(ADD_GROUP, ((group, f"{name}{group}") for group in groups)),
            *each(ADD_DOMAIN, ((domain, f"d{domain}") for domain in domains)),
            *each("INSERT INTO domainlist_by_group VALUES(?, ?)", product(domains, groups)),
        ],
    )

    assert read(hostile) is None


# A schema that is large, or computes.


def triggers(number: int, statement: str) -> list[tuple[str, tuple[object, ...]]]:
    create = "CREATE TRIGGER t{} AFTER INSERT ON client BEGIN {} END"
    return each(
        "INSERT INTO sqlite_master VALUES('trigger', ?, 'client', 0, ?)",
        ((f"t{item}", create.format(item, statement)) for item in range(number)),
    )


def test_a_schema_that_is_huge_is_refused_before_sqlite_reads_it(refuse: Refuse) -> None:
    columns = ",".join(["1"] * 1900)
    body = f"SELECT {columns};" * 235  # 0.9 MB, for which SQLite takes sixty times as much

    refuse(with_schema("", *triggers(8, body)))


@pytest.mark.parametrize("expression", [SLOW, LARGE, LARGER], ids=["slow", "large", "larger"])
@pytest.mark.parametrize("how", ["VIRTUAL", "STORED"])
def test_a_column_that_computes_is_refused_before_it_does(
    refuse: Refuse, expression: str, how: str
) -> None:
    # The row is put in before the column computes, or making this would take as long as reading it.
    refuse(
        with_schema(
            f"DROP TABLE client; CREATE TABLE client (id, comment, ip AS (1) {how});"
            "INSERT INTO client(id) VALUES(1);",
            says(f"CREATE TABLE client (id, comment, ip AS ({expression}) {how})", "client"),
        )
    )


@pytest.mark.parametrize("kind", ["index", "INDEX", "table", "trigger"])
@pytest.mark.parametrize("expression", [SLOW, LARGE], ids=["slow", "large"])
def test_an_index_that_computes_is_refused_before_it_does(
    refuse: Refuse, kind: str, expression: str
) -> None:
    refuse(
        with_schema(
            "CREATE INDEX i ON client(ifnull(id, 0));",
            says(f"CREATE INDEX i ON client({expression})", "i"),
            ("UPDATE sqlite_master SET type = ? WHERE name = 'i'", (kind,)),
        )
    )


@pytest.mark.parametrize("expression", [SLOW, LARGE], ids=["slow", "large"])
def test_a_constraint_that_computes_is_not_looked_at(read: Read, expression: str) -> None:
    columns = "id, ip, comment"
    hostile = with_schema(
        f"DROP TABLE client; CREATE TABLE client ({columns}); INSERT INTO client(id) VALUES(1);",
        says(f"CREATE TABLE client ({columns}, CHECK({expression}))", "client"),
    )

    assert read(hostile) is not None


@pytest.mark.parametrize("table", ["other", *TABLES])
@pytest.mark.parametrize("has_page", [False, True])
def test_a_virtual_table_is_refused_before_it_reads_a_view_that_computes(
    refuse: Refuse, table: str, *, has_page: bool
) -> None:
    take_page = (
        """UPDATE sqlite_master SET rootpage =
           (SELECT max(rootpage) FROM sqlite_master WHERE type = 'table' AND sql LIKE '%(%id%')
           WHERE name = ?""",
        (table,),
    )
    refuse(
        with_schema(
            f"""{VIEW} DROP TABLE IF EXISTS "{table}";
            CREATE VIRTUAL TABLE "{table}" USING fts4(id, ip, comment, content='v');""",
            *[take_page] * has_page,  # of a table, so that it looks like one
        )
    )


@pytest.mark.parametrize("kind", ["TABLE", "view", "trigger"])
@pytest.mark.parametrize("has_shadows", [False, True])
def test_a_virtual_table_that_says_it_is_something_else_is_refused_before_it_computes(
    refuse: Refuse, kind: str, *, has_shadows: bool
) -> None:
    refuse(
        with_schema(
            f"{VIEW} CREATE VIRTUAL TABLE other USING fts4(id, ip, comment, content='v');",
            (
                "UPDATE sqlite_master SET type = ? WHERE type = 'table' AND name LIKE ?",
                (kind, "other%" if has_shadows else "other"),
            ),
        )
    )


@pytest.mark.parametrize("kind", ["table", "TABLE", "trigger"])
@pytest.mark.parametrize(
    ("module", "shadow", "columns"),
    [("rtree(id, a, b)", "other_node", ("nodeno", "data")), ("fts5(a)", "other_config", "kv")],
    ids=["rtree", "fts5"],
)
def test_a_virtual_table_whose_own_tables_compute_is_refused_before_they_do(
    refuse: Refuse, kind: str, module: str, shadow: str, columns: tuple[str, str]
) -> None:
    computed = SHADOW.format(*columns).replace("MANY", ",".join(["x||1"] * 990))
    refuse(
        with_schema(
            f"CREATE VIRTUAL TABLE other USING {module};",
            ("UPDATE sqlite_master SET type = ? WHERE name = 'other'", (kind,)),
            says(f"CREATE VIEW {shadow} AS {computed}", shadow),
            ("UPDATE sqlite_master SET type = 'view', rootpage = 0 WHERE name = ?", (shadow,)),
        )
    )


def test_views_of_views_are_never_looked_at(read: Read) -> None:
    tables = "".join(f"CREATE TABLE t{number}(a);" for number in range(80))

    assert read(broken.with_sql(EXAMPLE, VIEWS + tables)) == read(EXAMPLE)


def test_very_many_tables_are_refused(refuse: Refuse) -> None:
    tables = "".join(f"CREATE TABLE t{number}(a);" for number in range(200))

    refuse(broken.with_sql(EXAMPLE, VIEWS + tables))


@pytest.mark.parametrize("page_size", [512, 65_536])  # with which it is in pages of pages of pages
def test_a_schema_that_is_huge_is_refused_however_its_pages_lie(
    refuse: Refuse, page_size: int
) -> None:
    body = f"SELECT {','.join(['1'] * 1900)};" * 4
    with closing(sqlite3.connect(":memory:")) as sound, closing(sqlite3.connect(":memory:")) as big:
        sound.deserialize(gravity_of(EXAMPLE))
        big.execute(f"PRAGMA page_size = {page_size}")
        big.executescript("\n".join(sound.iterdump()) + UNLOCKED)
        for statement, values in triggers(600, body):
            big.execute(statement, values)
        big.commit()
        gravity = big.serialize()
    assert gravity[16:18] == {512: b"\2\0", 65_536: b"\0\1"}[page_size]

    refuse(with_gravity(gravity))


@pytest.mark.parametrize("itself", [False, True])
def test_a_page_of_the_schema_that_is_named_over_and_over_is_refused(
    refuse: Refuse, *, itself: bool
) -> None:
    refuse(with_schema_named_often(itself=itself))


def test_what_the_schema_says_of_itself_is_not_read_when_it_is_long(refuse: Refuse) -> None:
    cell = b"\xff" * (4092 * 245 + 300) + "\U0001f600".encode()
    long = (
        """INSERT INTO sqlite_master SELECT CAST(? AS TEXT), name, tbl_name, rootpage, ''
           FROM sqlite_master WHERE type = 'index'""",
        (cell,),
    )

    refuse(with_schema("CREATE TABLE other(a UNIQUE);", long, long, long))


def test_the_database_does_not_say_how_much_of_it_is_held_in_memory(read: Read) -> None:
    gravity = gravity_of(
        broken.with_sql(
            EXAMPLE,
            "CREATE TABLE extra(x)",
            [("INSERT INTO extra VALUES(zeroblob(990000))", ())] * 50,
        )
    )
    pages = struct.pack(">I", 1_000_000)
    hostile = with_gravity(gravity[:48] + pages + gravity[52:])

    assert read(hostile) is not None


def test_an_error_that_cannot_be_read_is_an_error_as_any(refuse: Refuse) -> None:
    unreadable = (
        "UPDATE sqlite_master SET sql = CAST(? AS TEXT) WHERE name = 'client'",
        (b"CREATE TABLE \xff\xfe\xfd\xfc(((",),
    )

    refuse(with_schema("", unreadable))


# Cells.


@pytest.mark.parametrize(
    "cell",
    [
        b"\0" + b"a" * 1_000_000,  # whose length() is 0
        b"\0" + "\xe9".encode() * 500_000,
        b"\xff" * 1_000_000,  # each is four characters
        "\U0001f600".encode() + b"a" * 990_000,  # and so each takes four bytes
        b"?" + b"&" * 990_000,
        b"a b" * 330_000,
    ],
    ids=["NUL", "NUL and letters", "no UTF-8", "astral", "parameters", "words"],
)
def test_cells_that_take_more_memory_than_it_seems_are_not_read(read: Read, cell: bytes) -> None:
    assert read(with_domains(*(cell + str(index).encode() for index in range(30)))) is None


def test_cells_that_are_no_text_take_a_byte_for_each_of_their_characters(read: Read) -> None:
    number, length = 220, 16_000
    cell = b"\xff" * length + "\U0001f600".encode()  # which made each character take four

    contents = read(with_domains(*(cell + b"%03d" % index for index in range(number))))

    assert contents is not None
    assert [domain.name for domain in contents.domains] == [
        r"\xff" * length + rf"\xf0\x9f\x98\x80{index:03}" for index in range(number)
    ]


def test_leases_that_are_no_text_take_a_byte_for_each_of_their_characters(read: Read) -> None:
    length = 1_500_000
    name = b"\xff" * length + "\U0001f600".encode()

    contents = read(broken.replace_member(EXAMPLE, layout.LEASES, b"1 mac ip " + name + b" id\n"))

    assert contents is not None
    [lease] = contents.leases
    assert (lease.mac, lease.ip, lease.client_id) == ("mac", "ip", "id")
    assert lease.name == r"\xff" * length + r"\xf0\x9f\x98\x80"


@pytest.mark.parametrize(
    "text",
    [
        "?" + "&" * 990_000,
        "?pw=a" + "&" * 990_000,
        "://" * 330_000,
        "://" + ":" * 990_000,
        "://u@" * 200_000,
        "?a=" * 330_000,
        "a@b://" * 160_000,
        "://a:b" * 160_000,
        "a:" * 500_000,
        "pw=" * 330_000,
        'pw="' * 250_000,
        "$a" * 500_000,
        "a" * 990_000,
        "a " * 490_000,
    ],
    ids=[
        *("delimiters", "password", "schemes", "colons", "users", "parameters", "hosts", "ports"),
        *("names", "assignments", "quotes", "dollars", "letters", "words"),
    ],
)
def test_passwords_are_looked_for_in_any_text_in_a_moment(text: str) -> None:
    with bounded():
        redaction.redact(text)
        redaction.redact_strictly(text)


# The configuration.


@pytest.mark.parametrize(
    "text",
    [
        f"[{PARTS}]\n" + "".join(f"b{number:x} = 1\n" for number in range(10_000)),
        f"[{PARTS}]\n" + "".join(f"b{number:x}.c = 1\n" for number in range(10_000)),
        f"[[{PARTS}]]\n" + "".join(f"b{number:x}.c = 1\n" for number in range(10_000)),
        f"  [ {PARTS} ]\n" + "".join(f"b{number:x}.c = 1\n" for number in range(10_000)),
        "".join(f"{PARTS}.b{number:x} = 1\n" for number in range(100)),
        "".join(f"[{PARTS}.b{number:x}]\nc = 1\n" for number in range(100)),
        f"a = [\n{{{PARTS} = 1}},\n]\n",
        # What looks as though a key ended where it does not, or a line.
        "".join(f'"={number:x}".{PARTS} = 1\n' for number in range(1_000)),
        f"[{'.'.join([SHORT, *[f"'\u2028'.{SHORT}"] * 15])}]\n"
        + "".join(f"b{number:x} = 0\n" for number in range(150_000)),
        f"x = {{{', '.join(f'b{number:x}.{PARTS} = []' for number in range(1_000))}}}\n",
        f"x = [{', '.join(f'{{b{number:x}.{PARTS} = 1}}' for number in range(1_000))}]\n",
        # Each part is few enough, and all of them are not.
        f"[a.{SHORT}]\n" + "".join(f"b{number:x}.{SHORT} = 1\n" for number in range(10_000)),
        f"[a.{SHORT}]\n" + "".join(f"b{number:x} = 1\n" for number in range(50_000)),
        "".join(f"b{number:x}.{'.'.join('a' * 16)} = 1\n" for number in range(50_000)),
    ],
    ids=[
        *("section", "keys in it", "array", "spaces", "keys", "sections", "table in an array"),
        *("equals sign", "line separator", "inline table", "array of inline tables"),
        *("a few and a few", "a few and many lines", "few and many lines"),
    ],
)
def test_keys_of_very_many_parts_are_refused_before_they_are_looked_up(
    read: Read, text: str
) -> None:
    with pytest.raises(ArchiveConfigBroken):
        read(with_toml(text))


@pytest.mark.parametrize("digits", ["9", "9_9", "0x9", "1.9", "1e9"])
def test_a_number_of_very_many_digits_is_refused_before_it_is_read(read: Read, digits: str) -> None:
    with pytest.raises(ArchiveConfigBroken):
        read(with_toml(f"a = {digits}{'9' * 1_500_000}"))


def test_the_name_of_a_section_is_not_written_out_for_each_of_its_many_settings(read: Read) -> None:
    section = '["' + "k" * 1_000_000 + '"]\n'

    assert (
        read(with_toml(section + "".join(f"a{number} = {{}}\n" for number in range(5_000)))) is None
    )
    assert read(with_toml(section + "".join(f"a{item} = 1\n" for item in range(5_000)))) is None


def test_the_long_name_of_a_section_counts_for_what_it_takes_in_memory(read: Read) -> None:
    others = with_domains(*(b"%03d" % item + b"a" * 16_000 for item in range(850)))  # most of it
    section = '["\U0001f600' + "k" * 980 + '"]\n'  # four bytes for each character
    settings = "".join(f"k{number:x} = 0\n" for number in range(3_400))

    assert read(broken.replace_member(others, broken.TOML, (section + settings).encode())) is None


# The zip.


def test_a_second_directory_that_only_a_newer_reader_knows_is_refused(read: Read) -> None:
    end = struct.Struct("<4s4H2LH")
    *_, members, size, offset, _ = end.unpack(EXAMPLE[-end.size :])
    body, directory = EXAMPLE[:offset], EXAMPLE[offset : offset + size]
    added, names = 20_000, b""
    for index in range(added):
        name = b"%06x" % index
        header = (b"PK\x01\x02", 20, 0, 20, 0, *(0,) * 7, len(name), *(0,) * 6)
        names += struct.pack("<4s4B4H3L5H2L", *header) + name
    directory += names
    zip64 = struct.pack(
        "<4sQ2H2L4Q",
        *(b"PK\x06\x06", 44, 45, 45, 0, 0),
        *(members + added, members + added, len(directory), offset),
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + len(directory), 1)
    content = body + directory + zip64 + locator
    # The plain end speaks of an empty directory, and all is in the other one.
    hostile = content + end.pack(b"PK\x05\x06", 0, 0, 0, 0, 0, len(content), 0)

    with pytest.raises(ArchiveDamaged):
        read(hostile)


# What is shown.


def test_a_login_is_blotted_out_wherever_it_stands_and_words_stay_short(read: Read) -> None:
    login = "https://u:secretpw@h/\r\n\u2028"
    add = "INSERT INTO {}(id, type, {}, enabled, comment) VALUES(900, ?, ?, 1, ?)"
    hostile = broken.with_sql(
        broken.replace_member(
            EXAMPLE,
            broken.TOML,
            f"{json.dumps(login)} = 1\n[{json.dumps(login + 'b')}]\nc = 'x'\n".encode(),
        ),
        "",
        [
            (add.format("domainlist", "domain"), (login + "k" * 9_000, login + "d", login)),
            (add.format("adlist", "address"), (login + "k" * 9_000, login + "l", login)),
            (ADD_GROUP, (900, login)),
            ("INSERT INTO client(id, ip) VALUES(900, ?)", (login,)),
            ("UPDATE adlist SET comment = ? WHERE id != 900", (login,)),
            ("INSERT OR REPLACE INTO adlist_by_group SELECT id, 900 FROM adlist", ()),
        ],
    )
    old, new = read(EXAMPLE), read(hostile)
    assert old is not None
    assert new is not None

    for before, after in ((old, new), (new, old)):
        found = diff.compare(before, after)
        lines = sentences(found)

        assert {diff.Subject.DOMAINS, diff.Subject.LISTS, diff.Subject.GROUPS} <= {
            change.subject for change in found
        }
        assert "secretpw" not in json.dumps(changes_to_data(found))
        assert "secretpw" not in repr(found)
        assert "secretpw" not in "".join(lines) + headline(found)
        assert all(len(sentence.splitlines()) == 1 for sentence in lines)
        assert all(len(sentence) < 1_000 for sentence in lines)
