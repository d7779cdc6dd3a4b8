"""What becomes of the gravity database's tables in an import."""

from pihole_simulator import broken

from .archives import GRAVITY, exported, imported, only, opened_gravity, tables, with_own_rows
from .conftest import Expect
from .pihole import Pihole
from .seen import Plain

_MEMBERS = ("adlist", "domainlist", "client")


async def _after(pihole: Pihole, archive: bytes, *names: str) -> Plain:
    """Import all of an archive, then some tables of it once more."""
    await pihole.upload(archive, tables("group", *_pairs()))
    await pihole.restarts_now()
    return await imported(pihole, archive, tables(*names))


def _pairs() -> list[str]:
    return [name for member in _MEMBERS for name in (member, f"{member}_by_group")]


async def test_pairs_of_tables_keep_the_assignments(pihole: Pihole, expect: Expect) -> None:
    archive = await with_own_rows(pihole)
    expect([await _after(pihole, archive, name, f"{name}_by_group") for name in _MEMBERS])


async def test_a_table_alone_loses_the_assignments(pihole: Pihole, expect: Expect) -> None:
    archive = await with_own_rows(pihole)
    expect([await _after(pihole, archive, name) for name in _MEMBERS])


async def test_assignments_alone(pihole: Pihole, expect: Expect) -> None:
    """They are taken, also those of rows that do not exist."""
    archive = await with_own_rows(pihole)
    expect([await imported(pihole, archive, tables(f"{name}_by_group")) for name in _MEMBERS])


async def test_the_groups_alone(pihole: Pihole, expect: Expect) -> None:
    """No assignment is lost, not even of a group that goes."""
    archive = await with_own_rows(pihole)
    before = await exported(pihole)
    await pihole.upload(archive, tables("group", *_pairs()))
    await pihole.restarts_now()
    expect(await imported(pihole, before, tables("group")))


async def test_a_database_without_a_table_empties_it(pihole: Pihole, expect: Expect) -> None:
    archive = broken.without_table(await with_own_rows(pihole), "client")
    answer = await imported(pihole, archive, tables("client", "client_by_group"))
    with opened_gravity(await exported(pihole)) as database:
        left = database.execute("SELECT count(*) FROM client").fetchone()
    expect([answer, left])


async def test_a_database_without_a_table_that_nobody_asked_for(
    pihole: Pihole, expect: Expect
) -> None:
    archive = broken.without_table(await with_own_rows(pihole), "client")
    expect(await imported(pihole, archive, tables("group")))


async def test_no_groups_leave_the_default_one(pihole: Pihole, expect: Expect) -> None:
    archive = broken.with_sql(await exported(pihole), 'DELETE FROM "group"')
    answer = await imported(pihole, archive, tables("group"))
    with opened_gravity(await exported(pihole)) as database:
        left = database.execute('SELECT id, enabled, name, description FROM "group"').fetchall()
    expect([answer, left])


async def test_columns_are_taken_by_their_position(pihole: Pihole, expect: Expect) -> None:
    turned = broken.with_sql(
        await with_own_rows(pihole),
        """
        ALTER TABLE client RENAME TO other;
        CREATE TABLE client (a, b, c, d, e);
        INSERT INTO client SELECT id, comment, date_added, date_modified, ip FROM other;
        """,
    )
    expect(await imported(pihole, turned, tables("client", "client_by_group")))


async def test_rows_that_the_interface_would_refuse(pihole: Pihole, expect: Expect) -> None:
    odd = broken.with_sql(
        await exported(pihole),
        """
        INSERT INTO domainlist VALUES
            (900011, 1, 'Conformance.EXAMPLE', 1, 1, 2, 'conformance'),
            (900012, 0, 'a conformance', 1, 1, 2, ''),
            (900013, 3, '([conformance', 1, 1, 2, NULL);
        INSERT INTO client VALUES (900015, 'my conformance', 1, 2, '');
        INSERT INTO domainlist_by_group VALUES (900011, 0), (900012, 77), (900099, 0);
        """,
    )
    wanted = tables("domainlist", "domainlist_by_group", "client", "client_by_group")
    expect(await imported(pihole, odd, wanted))


async def test_two_rows_of_one_name(pihole: Pihole, expect: Expect) -> None:
    """The last one stays."""
    odd = broken.with_sql(
        await exported(pihole),
        """
        INSERT INTO domainlist VALUES
            (900021, 1, 'conformance.example', 1, 1, 2, 'the first'),
            (900022, 1, 'conformance.example', 0, 1, 2, 'the second');
        INSERT INTO domainlist_by_group VALUES (900021, 0), (900022, 0);
        """,
    )
    expect(await imported(pihole, odd, tables("domainlist", "domainlist_by_group")))


async def test_a_null_where_none_may_be(pihole: Pihole, expect: Expect) -> None:
    archive = await with_own_rows(pihole)
    odd = broken.with_sql(archive, "UPDATE client SET ip = NULL WHERE id = 900004")
    defaults = broken.with_sql(archive, "UPDATE client SET date_added = NULL WHERE id = 900004")
    wanted = tables("client", "client_by_group")
    expect([await imported(pihole, changed, wanted) for changed in (odd, defaults)])


async def test_ids_go_on_behind_the_highest(pihole: Pihole, expect: Expect) -> None:
    archive = only(await with_own_rows(pihole), GRAVITY)
    await pihole.upload(archive)
    await pihole.restarts_now()
    body = {"domain": "after.conformance.example"}
    answer = await pihole.ask("POST", "api/domains/deny/exact", body)
    rows = answer.json["domains"]
    assert isinstance(rows, list)
    expect(rows[0]["id"] > 900_003)
