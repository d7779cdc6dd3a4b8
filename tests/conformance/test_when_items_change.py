"""Who may change groups, lists, domains and clients, and when."""

import asyncio
from typing import cast

from .conftest import Expect
from .credentials import use_app_password
from .items import DENY_EXACT, GROUP, KINDS, ONE_OF_EACH_TABLE, Items, Kind, alike
from .pihole import Host, Pihole
from .settings import change, refusal, value_of

_NOTICES_WITHIN_SECONDS = 10.0
_BETWEEN_LOOKS = 0.1


async def _change_in_all_ways(items: Items, kind: Kind) -> list[object]:
    """Add, change and delete; return what came of each."""
    return [
        items.brief(await items.add(kind, kind.sample)),
        items.brief(await items.put(kind, kind.sample, comment="C")),
        items.brief(await items.put(kind, kind.other, comment="C")),
        await items.state(kind, kind.sample),
        items.brief(await items.delete(kind, kind.sample)),
        items.brief(await items.delete_several(kind, [kind.other])),
    ]


async def test_by_a_session_of_an_app_password(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    """Settings are not for it, but these are."""
    password = await use_app_password(pihole)
    by_password, pihole.sid = pihole.sid, await pihole.session(password)
    setting = refusal(await change(pihole, "dns.blockTTL", 7))
    answers = {kind.name: await _change_in_all_ways(items, kind) for kind in KINDS}
    pihole.sid = by_password
    expect([setting, alike(answers)])


async def test_while_settings_are_read_only(
    pihole: Pihole, host: Host, items: Items, expect: Expect
) -> None:
    async def notices(*, read_only: bool) -> None:
        async with asyncio.timeout(_NOTICES_WITHIN_SECONDS):
            while await value_of(pihole, "misc.readOnly") is not read_only:  # noqa: ASYNC110 - it is elsewhere
                await asyncio.sleep(_BETWEEN_LOOKS)

    with host.read_only_settings():
        await notices(read_only=True)
        setting = refusal(await change(pihole, "dns.blockTTL", 7))
        answers = {kind.name: await _change_in_all_ways(items, kind) for kind in KINDS}
    await notices(read_only=False)
    expect([setting, alike(answers)])


async def test_it_goes_on_without_a_restart(pihole: Pihole, items: Items, expect: Expect) -> None:
    group = await items.group()
    for kind in KINDS:
        await _change_in_all_ways(items, kind)
        await items.put(kind, kind.sample, groups=[group], enabled=False)
    await items.put(GROUP, "Conformance members", name="Conformance C")
    await items.delete(GROUP, "Conformance C")
    expect({"restarts": await pihole.restarts_now()})


async def test_while_another_process_writes(host: Host, items: Items, expect: Expect) -> None:
    """Nothing waits for it, and nothing is done."""
    answers = {}
    kinds = (GROUP, *ONE_OF_EACH_TABLE)
    for kind in kinds:
        await items.add(kind, kind.sample)
    with host.written_gravity():
        for kind in kinds:
            answers[kind.name] = {
                "read": items.brief(await items.get(kind, kind.sample)),
                "add": items.brief(await items.add(kind, [kind.other, kind.sample])),
                "change": items.outcome(kind, await items.put(kind, kind.sample, comment="C")),
                "delete": items.brief(await items.delete(kind, kind.sample)),
                "delete several": items.brief(await items.delete_several(kind, [kind.sample])),
            }
    left = {kind.name: await items.state(kind, kind.other) for kind in kinds}
    expect([alike(answers), alike(left)])


async def test_while_another_process_has_locked_the_database(
    host: Host, items: Items, expect: Expect
) -> None:
    """What the error says depends on whether the Pi-hole had the database open."""
    answers = {}
    kinds = (GROUP, *ONE_OF_EACH_TABLE)
    with host.locked_gravity():
        for kind in kinds:
            asked = [
                await items.get(kind, kind.sample),
                await items.add(kind, kind.sample),
                await items.put(kind, kind.sample),
                await items.delete(kind, kind.sample),
                await items.delete_several(kind, [kind.sample]),
            ]
            answers[kind.name] = [
                [answer.status, cast("dict[str, object]", answer.json["error"])["key"]]
                for answer in asked
            ]
    expect(alike(answers))


async def test_after_the_database_was_locked_when_it_was_to_be_opened_again(
    host: Host, items: Items, expect: Expect
) -> None:
    """It stays closed until another change, or until somebody asks DNS."""
    with host.locked_gravity():
        await items.put(GROUP, GROUP.sample)
        while not await _is_closed(items):
            pass
    before = await items.delete_several(GROUP, ["Conformance C"])
    renamed = await items.put(GROUP, GROUP.sample, name=GROUP.sample)
    while await _is_closed(items):
        pass
    after = [await items.delete_several(GROUP, ["Conformance C"])]
    after.append(await items.get(GROUP, GROUP.sample))
    expect([items.brief(before), items.brief(renamed), *map(items.brief, after)])


async def _is_closed(items: Items) -> bool:
    body = (await items.get(GROUP, GROUP.sample)).json
    return "Database not available" in str(body.get("error"))


async def test_which_dates_a_change_sets(pihole: Pihole, items: Items, expect: Expect) -> None:
    """Every PUT sets the second one, even if nothing is different then."""
    group = await items.group()
    changes: dict[str, dict[str, object]] = {
        "to the same": {"comment": "C"},
        "of groups": {"comment": "C", "groups": [group]},
        "of the comment": {"comment": "D"},
    }
    dates: dict[str, object] = {}
    for kind in (GROUP, *ONE_OF_EACH_TABLE):
        await items.add(kind, kind.sample, comment="C")
    for name, fields in changes.items():
        await pihole.wait_for_the_next_second()
        set_by: dict[str, object] = {}
        for kind in (GROUP, *ONE_OF_EACH_TABLE):
            before = await items.row(kind, kind.sample)
            await items.put(kind, kind.sample, **fields)
            after = await items.row(kind, kind.sample)
            assert before is not None
            assert after is not None
            set_by[kind.name] = [
                date for date in ("date_added", "date_modified") if before[date] != after[date]
            ]
        dates[name] = alike(set_by)
    expect(dates)


async def test_a_group_keeps_its_date_when_its_members_change(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    group = await items.group()
    before = await items.row(GROUP, "Conformance members")
    await pihole.wait_for_the_next_second()
    await items.add(DENY_EXACT, DENY_EXACT.sample, groups=[group])
    await items.delete(DENY_EXACT, DENY_EXACT.sample)
    expect({"kept": before == await items.row(GROUP, "Conformance members")})
