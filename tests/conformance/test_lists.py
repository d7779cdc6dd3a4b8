"""Lists: their type and their addresses."""

from .conftest import Expect
from .items import ALLOW_LIST, BLOCK_LIST, Items, alike
from .pihole import Pihole, item

_ADDRESS = BLOCK_LIST.sample
_PATH = f"api/lists/{item(_ADDRESS)}"


async def test_block_and_allow_by_one_address(items: Items, expect: Expect) -> None:
    both = (BLOCK_LIST, ALLOW_LIST)
    answers = [items.brief(await items.add(kind, _ADDRESS, comment=kind.name)) for kind in both]
    put = await items.put(ALLOW_LIST, _ADDRESS, comment="changed", groups=[])
    before = [await items.state(kind, _ADDRESS) for kind in both]
    deleted = await items.delete(BLOCK_LIST, _ADDRESS)
    after = [await items.state(kind, _ADDRESS) for kind in both]
    expect([answers, items.brief(put), before, items.brief(deleted), after])


async def test_change_a_list_without_its_type(pihole: Pihole, items: Items, expect: Expect) -> None:
    """Old versions read it from the body, then set the groups of the other list."""
    group = await items.group()
    for kind in (BLOCK_LIST, ALLOW_LIST):
        await items.add(kind, _ADDRESS, comment="before")
    answers = {}
    for method, path, body in (
        ("POST", "api/lists", {"address": f"{_ADDRESS}?new", "groups": [group]}),
        ("POST", "api/lists", {"address": f"{_ADDRESS}?new", "groups": [group], "type": "allow"}),
        ("PUT", _PATH, {"comment": "after", "groups": [group]}),
        ("PUT", _PATH, {"comment": "after", "groups": [group], "type": "allow"}),
        ("DELETE", _PATH, {"type": "allow"}),
        ("DELETE", _PATH, None),
    ):
        answer = await pihole.ask(method, path, body)
        states = [
            await items.state(kind, address)
            for address in (_ADDRESS, f"{_ADDRESS}?new")
            for kind in (BLOCK_LIST, ALLOW_LIST)
        ]
        typed = "no type" if not body or "type" not in body else "type in the body"
        answers[f"{method}, {typed}"] = [items.brief(answer), *states]
    expect(answers)


async def test_name_the_type_of_a_list_in_odd_ways(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    answers = {}
    for query in (
        "type=ALLOW",
        "type=nonsense",
        "type=",
        "type=%61llow",
        f"type={'a' * 16}",
        "x=1",
    ):
        for method in ("GET", "POST"):
            body = {"address": _ADDRESS, "type": "block"} if method == "POST" else None
            answer = await pihole.ask(method, f"api/lists?{query}", body)
            added = [
                row["type"] for row in (await pihole.items("lists")) if row["address"] == _ADDRESS
            ]
            answers[f"{method} {query}"] = (
                [answer.status, added] if answer.status < 400 else items.brief(answer)
            )
            await items.delete(BLOCK_LIST, _ADDRESS)
            await items.delete(ALLOW_LIST, _ADDRESS)
    expect(answers)


async def test_read_the_lists_of_an_address(pihole: Pihole, items: Items, expect: Expect) -> None:
    for kind in (BLOCK_LIST, ALLOW_LIST):
        await items.add(kind, _ADDRESS)
    answers = {}
    for query in ("", "?type=block", "?type=allow", "?x=1"):
        answer = await pihole.ask("GET", f"{_PATH}{query}")
        answers[query] = [row["type"] for row in items.rows(BLOCK_LIST, answer)]
    expect(answers)


async def test_addresses_of_lists(items: Items, expect: Expect) -> None:
    """They are kept as they are, but for spaces."""
    answers = {}
    for address in (
        *("nonsense conformance", "conformance\tx", "conformance\nx", " https://x.example/c"),
        *("conformance", "HTTPS://Conformance.Example/A", "file:///conformance"),
        *("https://user:secret@conformance.example/", "https://bücher.example/conformance"),
        "https://conformance.example/?a=b&c=%20#d",
    ):
        answer = await items.add(BLOCK_LIST, address)
        stored = await items.row(BLOCK_LIST, address) if "\n" not in address else None
        answers[address] = [
            items.brief(answer),
            {"kept": stored is not None and stored["address"] == address},
        ]
    expect(answers)


async def test_change_a_list_that_was_downloaded(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    counts = ("date_updated", "number", "invalid_domains", "abp_entries", "status")
    async with pihole.lists() as lists:
        url = lists.url
        await items.add(BLOCK_LIST, f"{url}/few.txt")
        await pihole.ask("POST", "api/action/gravity")
        await items.add_until_it_is_there(ALLOW_LIST, _ADDRESS)
        before = await items.row(BLOCK_LIST, f"{url}/few.txt")
        states: dict[str, object] = {}
        for fields in ({"enabled": False}, {"enabled": True, "comment": "C", "groups": []}):
            await items.put(BLOCK_LIST, f"{url}/few.txt", **fields)
            after = await items.row(BLOCK_LIST, f"{url}/few.txt")
            assert before is not None
            assert after is not None
            states[str(fields)] = {name: before[name] == after[name] for name in counts}
        await items.delete(BLOCK_LIST, f"{url}/few.txt")
        await items.add(BLOCK_LIST, f"{url}/few.txt")
        anew = await items.row(BLOCK_LIST, f"{url}/few.txt")
        assert anew is not None
        states["added anew"] = {name: anew[name] for name in counts}
    expect(alike(states))
