import asyncio
from dataclasses import replace

import pytest

from custom_components.pihole_checkpoint.engine.pihole.errors import (
    ConnectionLost,
    ItemRefused,
    PiholeFailed,
    ProxyChangesPaths,
    SessionEnded,
    WrongAddress,
)
from custom_components.pihole_checkpoint.engine.pihole.item_changes import delete_items, put_item
from custom_components.pihole_checkpoint.engine.pihole.items import (
    Item,
    ItemKind,
    can_be_put,
    read_groups,
    read_item,
)
from custom_components.pihole_checkpoint.engine.pihole.session import PiholeSession
from pihole_simulator import DomainType, ListType, Simulator, WriteFailure, faults

GROUP = Item(kind=ItemKind.GROUP, name="Guests", comment="Sundays", enabled=False)
BLOCK = Item(
    kind=ItemKind.LIST,
    name="https://lists.example/a,b?x=1&y=%25#z",
    variant="block",
    enabled=False,
    comment="häufig \N{GRINNING FACE}",
    groups=frozenset({1, 2}),
)
ALLOW = replace(BLOCK, variant="allow", enabled=True, comment="", groups=frozenset())
DENIED = Item(
    kind=ItemKind.DOMAIN, name="new.example", variant="deny_exact", groups=frozenset({0, 2})
)
ALLOWED = replace(DENIED, variant="allow_exact", enabled=False)
DENIED_REGEX = replace(DENIED, name=r"^a/b%2F%25+(\.|$);querytype=A", variant="deny_regex")
ALLOWED_REGEX = replace(DENIED_REGEX, variant="allow_regex", comment='why, "why"?\nWhy not?')
CLIENT = Item(kind=ItemKind.CLIENT, name="10.0.0.0/8", comment="all of them", groups=frozenset({1}))
ITEMS = (GROUP, BLOCK, ALLOW, DENIED, ALLOWED, DENIED_REGEX, ALLOWED_REGEX, CLIENT)
ODD_NAMES = (
    *("?", "#", "&", "%", "%25", "%2F", "+", "/", "\\", ",", "'", '"', ";", "`", "..", ".", "//"),
    *("a/../b", "a/./b", "a//b", " a ", "a\tb", "ü", "\N{GRINNING FACE}", "?#&%25+/\\,'\";`"),
)

STORED_DIFFERENTLY = (
    replace(DENIED, name="Foo.example"),
    replace(DENIED, name="bücher.example"),
    replace(DENIED, name="a b.example"),
    replace(BLOCK, name="https://lists.example/a b"),
    replace(CLIENT, name="my host"),
    replace(GROUP, name=""),
    replace(GROUP, name="a\nb"),
    replace(GROUP, name="a\0b"),
    replace(GROUP, name="x" * 8001),
    replace(GROUP, comment="a\0b"),
    replace(GROUP, comment="x" * 65_534),
)
STORED_AS_THEY_ARE = (
    replace(GROUP, name="x" * 8000),
    replace(GROUP, comment="x" * 65_000),
    replace(GROUP, comment="\N{GRINNING FACE}" * 5400),
    replace(CLIENT, name="FE80::1"),
    replace(DENIED, name="xn--bcher-kva.example."),
)

each_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item.kind} {item.variant}")


async def stored(session: PiholeSession, item: Item) -> Item | None:
    return await read_item(session, item.kind, item.name, item.variant)


def rows_of(pihole: Simulator) -> list[str]:
    """Write down everything that the Pi-hole has in its database."""
    state = pihole.pihole
    return [*map(str, (*state.groups, *state.adlists, *state.domains, *state.clients))]


@each_item
async def test_an_item_is_added_as_it_is_then_changed_in_all_it_has_and_deleted(
    session: PiholeSession, pihole: Simulator, item: Item
) -> None:
    is_client, is_group = item.kind is ItemKind.CLIENT, item.kind is ItemKind.GROUP
    other = replace(
        item,
        enabled=is_client or not item.enabled,
        comment="" if item.comment else "something",
        groups=frozenset() if is_group or item.groups else frozenset({0, 1}),
    )
    before = rows_of(pihole)

    assert await stored(session, item) is None
    await put_item(session, item)
    assert await stored(session, item) == item
    await put_item(session, other)
    assert await stored(session, other) == other
    await delete_items(session, item.kind, [(item.name, item.variant)])

    assert await stored(session, item) is None
    assert rows_of(pihole) == before, "nothing else has changed"


async def test_items_of_one_name_are_kept_apart(session: PiholeSession) -> None:
    for item in ITEMS:
        await put_item(session, item)

    assert [await stored(session, item) for item in ITEMS] == list(ITEMS)


async def test_a_group_with_an_odd_name_is_changed_like_any_other(
    session: PiholeSession, pihole: Simulator
) -> None:
    for name in ODD_NAMES:
        group = Item(kind=ItemKind.GROUP, name=name, comment=name)
        await put_item(session, Item(kind=ItemKind.GROUP, name=name))
        await put_item(session, group)

        assert await stored(session, group) == group
        await delete_items(session, ItemKind.GROUP, [(name, "")])
        assert [group.name for group in pihole.pihole.groups] == ["Default", "kids", "iot"]


async def test_the_ids_of_groups_are_read_by_name(session: PiholeSession) -> None:
    assert await read_groups(session) == {"Default": 0, "kids": 1, "iot": 2}


async def test_reading_waits_for_a_moment_until_the_database_can_be_read(
    session: PiholeSession, impatient: PiholeSession, pihole: Simulator
) -> None:
    pihole.gravity_file = "locked"
    asyncio.get_running_loop().call_later(0.1, setattr, pihole, "gravity_file", "sound")
    assert len(await read_groups(session)) == 3

    pihole.gravity_file = "locked"
    with pytest.raises(PiholeFailed) as raised:
        await stored(impatient, DENIED)
    assert raised.value.placeholders == {"status": "400", "reason": "database is locked"}


async def test_a_pihole_that_has_closed_its_database_is_made_to_open_it_again(
    session: PiholeSession, pihole: Simulator
) -> None:
    before = rows_of(pihole)

    pihole.gravity_is_closed = True
    assert len(await read_groups(session)) == 3
    pihole.gravity_is_closed = True
    await delete_items(session, ItemKind.CLIENT, [("10.9.9.9", "")])
    assert rows_of(pihole) == before

    pihole.gravity_is_closed = True
    await put_item(session, DENIED)
    assert await stored(session, DENIED) == DENIED


async def test_an_item_keeps_its_id_and_date_when_it_is_changed(
    session: PiholeSession, pihole: Simulator
) -> None:
    row = pihole.pihole.add_domain(DENIED.name)
    row.date_added = 5

    await put_item(session, replace(DENIED, comment="other"))

    [now] = [domain for domain in pihole.pihole.domains if domain.domain == DENIED.name]
    assert (now.id, now.date_added, now.comment) == (row.id, 5, "other")


@each_item
async def test_a_change_is_made_although_the_database_is_locked_for_a_moment(
    session: PiholeSession, pihole: Simulator, item: Item
) -> None:
    problems = (
        *("database is locked", "attempt to write a readonly database"),
        *("no such table: gravity", "Database not available"),
    )

    pihole.write_failures = [*map(WriteFailure, problems)]
    await put_item(session, item)
    assert await stored(session, item) == item

    pihole.write_failures = [*map(WriteFailure, problems)]
    await delete_items(session, item.kind, [(item.name, item.variant)])
    assert await stored(session, item) is None
    assert pihole.write_failures == []


async def test_a_change_whose_answer_cannot_be_read_is_made_again(
    session: PiholeSession, pihole: Simulator
) -> None:
    locked = faults.error(
        400, "database_error", "Could not read from gravity database", "database is locked"
    )
    pihole.faults.next("change of an item", locked, times=2)

    await put_item(session, DENIED)

    assert await stored(session, DENIED) == DENIED


@pytest.mark.parametrize(
    "problem", ["UNIQUE constraint failed: domainlist.domain", "database is locked"]
)
async def test_an_item_that_is_left_without_its_groups_gets_them(
    session: PiholeSession, pihole: Simulator, problem: str
) -> None:
    pihole.write_failures = [WriteFailure(problem, half_done=True)]

    await put_item(session, DENIED)

    assert await stored(session, DENIED) == DENIED


async def test_a_database_that_stays_locked_is_what_is_reported(
    impatient: PiholeSession, pihole: Simulator
) -> None:
    pihole.gravity_is_written = True

    with pytest.raises(ItemRefused) as raised:
        await put_item(impatient, DENIED)
    assert raised.value.placeholders == {"reason": "database is locked"}
    with pytest.raises(ItemRefused) as raised:
        await delete_items(impatient, ItemKind.DOMAIN, [("tracker.example.com", "deny_exact")])

    assert "database is locked" in raised.value.placeholders["reason"]
    assert len(pihole.pihole.domains) == 4


async def test_a_change_whose_answer_is_lost_can_be_made_again(
    session: PiholeSession, pihole: Simulator
) -> None:
    # aiohttp itself sends a PUT again, once.
    pihole.faults.next("change of an item", faults.drop_answer(), times=2)
    with pytest.raises(ConnectionLost):
        await put_item(session, DENIED)
    # What the Pi-hole had not written yet, when it was killed.
    next(row for row in pihole.pihole.domains if row.domain == DENIED.name).groups.clear()

    await put_item(session, DENIED)

    assert await stored(session, DENIED) == DENIED


async def test_a_deletion_whose_answer_is_lost_can_be_made_again(
    session: PiholeSession, pihole: Simulator
) -> None:
    await put_item(session, DENIED)
    pihole.faults.next("deletion of items", faults.drop_answer())
    with pytest.raises(ConnectionLost):
        await delete_items(session, ItemKind.DOMAIN, [(DENIED.name, DENIED.variant)])

    await delete_items(session, ItemKind.DOMAIN, [(DENIED.name, DENIED.variant)])

    assert await stored(session, DENIED) is None


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (replace(DENIED, groups=frozenset({0, 999})), "FOREIGN KEY constraint failed"),
        (replace(DENIED_REGEX, name="(["), "Regex validation failed: Missing ']'"),
        (replace(DENIED, name="..a"), "Invalid domain: ..a"),
    ],
)
async def test_what_the_pihole_refuses_for_good_is_reported_at_once_in_its_words(
    session: PiholeSession, pihole: Simulator, item: Item, reason: str
) -> None:
    with pytest.raises(ItemRefused) as raised:
        await put_item(session, item)

    assert raised.value.placeholders == {"reason": reason}
    assert [request.method for request in pihole.requests].count("PUT") == 1


async def test_an_item_that_a_pihole_would_store_differently_is_not_sent(
    session: PiholeSession, pihole: Simulator
) -> None:
    before = rows_of(pihole)

    for item in STORED_DIFFERENTLY:
        assert not can_be_put(item)
        with pytest.raises(ItemRefused):
            await put_item(session, item)

    assert rows_of(pihole) == before


async def test_what_can_be_put_is_stored_as_it_is(session: PiholeSession) -> None:
    for item in STORED_AS_THEY_ARE:
        assert can_be_put(item)
        await put_item(session, item)
        assert await stored(session, item) == item


async def test_all_of_many_items_are_deleted_and_no_other(
    session: PiholeSession, pihole: Simulator
) -> None:
    gone = [(f"{number}.{'x' * 60}.example", "deny_exact") for number in range(120)]
    for name, _ in gone:
        pihole.pihole.add_domain(name)
        pihole.pihole.add_domain(name, DomainType.ALLOW_EXACT)
    long = [(f"{number}{'x' * 7000}", "deny_regex") for number in range(20)]
    for name, _ in long:
        pihole.pihole.add_domain(name, DomainType.DENY_REGEX)
    not_there = ("not-there.example", "deny_exact")

    await delete_items(session, ItemKind.DOMAIN, [not_there, *gone, *long])

    left = {(row.domain, row.type) for row in pihole.pihole.domains}
    assert {(name, DomainType.ALLOW_EXACT) for name, _ in gone} < left
    assert len(left) == 4 + len(gone)


async def test_deleting_what_is_not_there_is_no_error(session: PiholeSession) -> None:
    await delete_items(session, ItemKind.CLIENT, [("10.9.9.9", "")])
    await delete_items(session, ItemKind.LIST, [])


async def test_only_the_list_of_the_type_is_deleted(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.pihole.add_adlist(BLOCK.name, ListType.BLOCK)
    pihole.pihole.add_adlist(BLOCK.name, ListType.ALLOW)

    await delete_items(session, ItemKind.LIST, [(BLOCK.name, "allow")])

    assert [row.type for row in pihole.pihole.adlists if row.address == BLOCK.name] == [
        ListType.BLOCK
    ]


async def test_a_group_with_members_is_deleted_or_that_is_refused_and_others_go_all_the_same(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.pihole.add_group("empty")
    if pihole.rules.deleted_group_leaves_members:
        await delete_items(session, ItemKind.GROUP, [("empty", ""), ("kids", "")])
        assert [group.name for group in pihole.pihole.groups] == ["Default", "iot"]
        [social] = [row for row in pihole.pihole.adlists if "social" in row.address]
        assert social.groups == set()
    else:
        with pytest.raises(ItemRefused) as raised:
            await delete_items(session, ItemKind.GROUP, [("empty", ""), ("kids", "")])
        assert "FOREIGN KEY constraint failed" in raised.value.placeholders["reason"]
        assert [group.name for group in pihole.pihole.groups] == ["Default", "kids", "iot"]


async def test_an_app_password_may_change_items(
    app_session: PiholeSession, pihole: Simulator
) -> None:
    await put_item(app_session, BLOCK)
    await delete_items(app_session, ItemKind.LIST, [(BLOCK.name, BLOCK.variant)])

    assert all(row.address != BLOCK.name for row in pihole.pihole.adlists)


async def test_a_session_that_was_ended_is_reported_as_that(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.auth.end_all_sessions()

    with pytest.raises(SessionEnded):
        await put_item(session, DENIED)


async def test_behind_a_proxy_that_changes_paths_no_other_item_is_changed(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.proxy_changes_paths = True
    pihole.pihole.add_domain("b", DomainType.DENY_REGEX)
    before = rows_of(pihole)

    for item in (BLOCK, replace(DENIED_REGEX, name="a/../b"), replace(DENIED_REGEX, name="b//")):
        with pytest.raises(ProxyChangesPaths):
            await put_item(session, item)
        with pytest.raises(ProxyChangesPaths):
            await stored(session, item)

    assert rows_of(pihole) == before


async def test_behind_such_a_proxy_items_whose_names_it_leaves_alone_are_changed(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.proxy_changes_paths = True

    for item in (GROUP, DENIED, CLIENT, replace(DENIED_REGEX, name=r"^ad[0-9]\.(\w|x)?$")):
        await put_item(session, item)
        assert await stored(session, item) == item


async def test_no_proxy_costs_one_request_for_all_odd_names(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.requests.clear()
    for number in range(10):
        await put_item(session, replace(BLOCK, name=f"{BLOCK.name}{number}"))

    assert len(pihole.requests) == 11


async def test_each_change_has_a_connection_of_its_own(
    session: PiholeSession, pihole: Simulator
) -> None:
    pihole.requests.clear()
    for item in ITEMS:
        await put_item(session, item)

    ports = [request.remote_port for request in pihole.requests]
    assert len(ports) == len(set(ports))


@pytest.mark.parametrize(
    "answer", [b'{"groups":[{"name":"Guests","groups":[[1]]}]}', b'{"groups":1}', b"[]"]
)
async def test_an_answer_that_makes_no_sense_is_no_success(
    impatient: PiholeSession, pihole: Simulator, answer: bytes
) -> None:
    pihole.faults.always("change of an item", faults.replace(answer))

    with pytest.raises((ItemRefused, WrongAddress)):
        await put_item(impatient, GROUP)
