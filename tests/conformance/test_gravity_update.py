"""`POST /api/action/gravity`: the update of the blocklists."""

import asyncio
import json
import re
from typing import cast

from pihole_simulator import broken

from .archives import configured, exported, opened_gravity, own_rows, with_own_rows
from .conftest import Expect
from .credentials import set_webserver_api, use_app_password
from .lists import Lists
from .pihole import Pihole, item
from .plain_http import Answer
from .seen import Plain, seen

_TRIES = 5
_COUNT = re.compile(r"(?<=: )\d+(?: \(.*? unique domains.*?\))?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+")
_BLOCK = re.compile(r"  \[i\] Target: (?P<url>.*?)\n.*?\n\n", re.DOTALL)


async def _update(pihole: Pihole, query: str = "") -> Answer:
    """Update, and wait until changes are made in the new database.

    The first ones after an update may fail in the old one, "attempt to write a readonly database",
    or be lost in it.
    """
    answer = await pihole.ask("POST", f"api/action/gravity{query}")
    group = "api/groups/conformance-settles"
    for _ in range(_TRIES):
        await pihole.ask("PUT", group, {})
        if any("conformance-settles" in row for row in own_rows(await exported(pihole))["group"]):
            break
        await pihole.ask("DELETE", group)
        await pihole.wait_for_the_next_second()
    await pihole.ask("DELETE", group)
    return answer


async def _subscribe(pihole: Pihole, address: str, **fields: object) -> None:
    body = {"address": address, "comment": "conformance", "groups": [0], **fields}
    answer = await pihole.ask("POST", "api/lists?type=block", body)
    assert answer.status == 201


async def _unsubscribe(pihole: Pihole, address: str) -> None:
    await pihole.ask("DELETE", f"api/lists/{item(address)}?type=block")


def _lines(answer: Answer, lists: Lists | None = None) -> list[str]:
    """Return what was said: of the lists of a question, and of the whole."""
    url = lists.url if lists else "<none>"

    def own(block: re.Match[str]) -> str:
        return block[0] if block["url"].startswith((url, "conformance")) else ""

    text = _COUNT.sub("<count>", _BLOCK.sub(own, answer.body.decode()))
    return text.replace(url, "<lists>").splitlines()


def _of_list(answer: Answer, lists: Lists) -> list[str]:
    """Return what was said of the lists of a question."""
    lines = _lines(answer, lists)
    first = next(n for n, line in enumerate(lines) if "Target" in line)
    last = next(n for n, line in enumerate(lines) if "Building" in line)
    return lines[first : last - 1]


async def _own_lists(pihole: Pihole, lists: Lists) -> list[Plain]:
    rows = own_rows(await exported(pihole))["adlist"]
    names = ("type", "address", "enabled", "date_updated", "number", "invalid", "status", "abp")
    picked = [[row[n] for n in (1, 2, 3, 7, 8, 9, 10, 11)] for row in rows]
    shown = [dict(zip(names, row, strict=True)) for row in picked]
    for row in shown:
        row["address"] = str(row["address"]).replace(lists.url, "<lists>")
    return shown


async def test_the_answer_to_an_update(pihole: Pihole, expect: Expect) -> None:
    """A JSON object follows: it says that the update worked or, at random, that it failed."""
    answer = await _update(pihole)
    shown = seen(answer, "Content-Type", "Transfer-Encoding", "Content-Length")
    shown["behind the body"] = sorted(json.loads(answer.rest).keys() - {"error", "status"})
    expect([shown, _lines(answer)])


async def test_an_update_in_colour(pihole: Pihole, expect: Expect) -> None:
    queries = ("", "?color=true", "?color=1", "?color=false", "?colour=true")
    answers = [(await _update(pihole, query)).body.decode() for query in queries]
    expect(
        {
            query: sorted(set(re.findall(r"\x1b\[\d+m", text)))
            for query, text in zip(queries, answers, strict=True)
        }
    )


async def test_what_is_coloured(pihole: Pihole, expect: Expect) -> None:
    async with pihole.lists() as lists:
        await _subscribe(pihole, f"{lists.url}/few.txt")
        await _subscribe(pihole, f"{lists.url}/401.txt")
        expect(_lines(await _update(pihole, "?color=true"), lists))


async def test_a_list(pihole: Pihole, expect: Expect) -> None:
    async with pihole.lists() as lists:
        await _subscribe(pihole, f"{lists.url}/few.txt")
        expect([_lines(await _update(pihole), lists), await _own_lists(pihole, lists)])


async def test_lists_of_other_kinds(pihole: Pihole, expect: Expect) -> None:
    async with pihole.lists() as lists:
        for name in ("hosts", "odd", "empty"):
            await _subscribe(pihole, f"{lists.url}/{name}.txt")
        await _subscribe(pihole, f"{lists.url}/few.txt", enabled=False)
        body = {"address": f"{lists.url}/few.txt", "comment": "conformance"}
        await pihole.ask("POST", "api/lists?type=allow", body)
        expect([_of_list(await _update(pihole), lists), await _own_lists(pihole, lists)])


async def test_lists_that_cannot_be_had(pihole: Pihole, expect: Expect) -> None:
    async with pihole.lists() as lists:
        for name in ("401.txt", "not-there.txt", 'with"quotes.txt'):
            await _subscribe(pihole, f"{lists.url}/{name}")
        await _subscribe(pihole, "conformance://list.txt")
        expect([_of_list(await _update(pihole), lists), await _own_lists(pihole, lists)])


async def test_a_list_once_more(pihole: Pihole, expect: Expect) -> None:
    """The same; then it cannot be had any more, and what was downloaded before is used."""
    async with pihole.lists() as lists:
        await _subscribe(pihole, f"{lists.url}/few.txt")
        await _update(pihole)
        same = [_of_list(await _update(pihole), lists), await _own_lists(pihole, lists)]
    gone = [_of_list(await _update(pihole), lists), await _own_lists(pihole, lists)]
    expect([same, gone])


async def test_an_export_during_an_update(pihole: Pihole, expect: Expect) -> None:
    await _have_threads(pihole)
    async with pihole.lists() as lists:
        await _subscribe(pihole, f"{lists.url}/slow.txt")
        before = own_rows(await exported(pihole))
        update = asyncio.create_task(_update(pihole))
        await lists.slow_is_asked.wait()
        meanwhile = await pihole.ask("GET", "api/teleporter")
        lists.let_slow_go_on()
        await update
        expect([meanwhile.status, own_rows(meanwhile.body) == before])


async def test_what_is_changed_during_an_update_is_lost(pihole: Pihole, expect: Expect) -> None:
    """It is confirmed, it holds, and it is gone at the end."""
    domain = {"domain": "conformance.example", "comment": "conformance"}
    await _have_threads(pihole)
    async with pihole.lists() as lists:
        await _subscribe(pihole, f"{lists.url}/slow.txt")
        update = asyncio.create_task(_update(pihole))
        await lists.slow_is_asked.wait()
        added = await pihole.ask("POST", "api/domains/deny/exact", domain)
        meanwhile = await _deny_entries(pihole)
        lists.let_slow_go_on()
        end = _lines(await update, lists)[-1]
        expect([added.status, meanwhile, end, await _deny_entries(pihole)])


async def test_what_is_there_before_an_update_stays(pihole: Pihole, expect: Expect) -> None:
    """Only assignments of rows that do not exist are gone."""
    archive = broken.with_sql(
        await with_own_rows(pihole), "INSERT INTO domainlist_by_group VALUES (900098, 0)"
    )
    await pihole.upload(archive)
    await pihole.restarts_now()
    before = own_rows(await exported(pihole))
    await _update(pihole)
    expect([before, own_rows(await exported(pihole))])


async def test_an_assignment_to_a_group_that_is_not_there(pihole: Pihole, expect: Expect) -> None:
    """The database cannot be copied then. One of an earlier update is taken instead."""
    await _update(pihole)  # there is an earlier one from now on
    archive = broken.with_sql(
        await with_own_rows(pihole), "INSERT INTO adlist_by_group VALUES (900002, 900097)"
    )
    await pihole.upload(archive)
    await pihole.restarts_now()
    lines = "\n".join(_lines(await _update(pihole)))
    expect([_TIME.sub("<time>", lines).splitlines(), own_rows(await exported(pihole))])


async def test_ids_after_an_update(pihole: Pihole, expect: Expect) -> None:
    """An id of what was deleted is given once more after an update, and not before."""
    first = await _add(pihole, "first.conformance.example")
    second = await _add(pihole, "second.conformance.example")
    await _update(pihole)
    with opened_gravity(await exported(pihole)) as database:
        (highest,) = database.execute("SELECT max(id) FROM domainlist").fetchone()
    third = await _add(pihole, "third.conformance.example")
    expect([second - first, third - highest])


async def test_an_update_that_nobody_listens_to(pihole: Pihole, expect: Expect) -> None:
    async with pihole.lists() as lists:
        await _subscribe(pihole, f"{lists.url}/slow.txt")
        update = asyncio.create_task(_update(pihole))
        await lists.slow_is_asked.wait()
        update.cancel()
        lists.let_slow_go_on()
        await asyncio.wait([update])
        for _ in range(100):
            shown = await _own_lists(pihole, lists)
            if shown[0]["number"]:
                break
            await asyncio.sleep(0.1)
        expect(shown)


async def test_who_may_update(pihole: Pihole, expect: Expect) -> None:
    app_password = await use_app_password(pihole)
    await pihole.wait_for_the_next_second()
    sids = {"nobody": None, "an app": await pihole.session(app_password)}
    expect(
        {
            who: (await pihole.ask("POST", "api/action/gravity", sid=sid)).status
            for who, sid in sids.items()
        }
    )


async def test_an_update_where_nothing_destructive_is_allowed(
    pihole: Pihole, expect: Expect
) -> None:
    await set_webserver_api(pihole, allow_destructive=False)
    answer = await _update(pihole)
    expect([answer.status, answer.body.decode().splitlines()[-1]])


async def test_other_methods(pihole: Pihole, expect: Expect) -> None:
    methods = ("GET", "PUT", "DELETE")
    expect({method: seen(await pihole.ask(method, "api/action/gravity")) for method in methods})


async def _have_threads(pihole: Pihole) -> None:
    """Have it answer others during an update: v6.0 has few threads on small hosts, others 50."""
    await pihole.upload(configured("[webserver]\nthreads = 49\n"))
    await pihole.restarts_now()


async def _add(pihole: Pihole, domain: str) -> int:
    """Add a domain and delete it; return the id that it had."""
    answer = await pihole.ask("POST", "api/domains/deny/exact", {"domain": domain})
    rows = cast("list[dict[str, int]]", answer.json["domains"])
    await pihole.ask("DELETE", f"api/domains/deny/exact/{domain}")
    return rows[0]["id"]


async def _deny_entries(pihole: Pihole) -> list[object]:
    """Return the domains of this question."""
    with opened_gravity(await exported(pihole)) as database:
        sql = "SELECT domain FROM domainlist WHERE comment = 'conformance'"
        return [domain for (domain,) in database.execute(sql)]
