"""Deleting groups, lists, domains and clients."""

from .conftest import Expect
from .items import DENY_EXACT, DENY_REGEX, GROUP, KINDS, Items, Kind, alike
from .pihole import Pihole


async def test_delete_one(items: Items, expect: Expect) -> None:
    answers = {}
    for kind in KINDS:
        await items.add(kind, [kind.sample, kind.other])
        first, again = [await items.delete(kind, kind.sample) for _ in range(2)]
        answers[kind.name] = [
            items.seen(first),
            items.seen(again),
            await items.state(kind, kind.sample),
            await items.state(kind, kind.other),
        ]
    expect(alike(answers))


async def test_delete_several_when_one_is_not_there(items: Items, expect: Expect) -> None:
    answers = {}
    for kind in KINDS:
        await items.add(kind, [kind.sample, kind.other])
        names = [kind.sample, "not there", kind.other, kind.sample]
        first, again = [await items.delete_several(kind, names) for _ in range(2)]
        left = [await items.state(kind, name) for name in (kind.sample, kind.other)]
        answers[kind.name] = [items.brief(first), items.brief(again), left]
    expect(alike(answers))


async def test_delete_domains_of_several_types(items: Items, expect: Expect) -> None:
    await items.add(DENY_EXACT, DENY_EXACT.sample)
    await items.add(DENY_REGEX, DENY_EXACT.sample)
    answers = {}
    for name, kinds in {"both": (DENY_EXACT, DENY_REGEX), "again": (DENY_EXACT,)}.items():
        entries = [kind.entry_of(DENY_EXACT.sample) for kind in kinds]
        answers[name] = items.brief(await items.delete_entries("domains", entries))
    expect(answers)


async def test_delete_several_with_a_body_that_is_wrong(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    """The first entry is a right one, and it stays where another one is refused."""
    answers = {}
    for kind in (GROUP, *{some.plural: some for some in KINDS if some is not GROUP}.values()):
        await items.add(kind, kind.sample)
        for body in _wrong_bodies(kind):
            entries = body if isinstance(body, bytes) else [kind.entry_of(kind.sample), body]
            answer = await pihole.ask("POST", f"api/{kind.plural}:batchDelete", entries)
            is_left = await items.row(kind, kind.sample) is not None
            key = f"{kind.plural}: {body.decode() if isinstance(body, bytes) else body}"
            answers[key] = [items.brief(answer), {"left": is_left}]
            await items.put(kind, kind.sample)
    expect(alike(answers))


def _wrong_bodies(kind: Kind) -> list[object]:
    bodies: list[object] = [{}, {"item": 5}, "text", None]
    if kind is GROUP:
        bodies += [b"", b"nonsense", b"[]", b"5", b'{"a": {"item": "a"}}', b'{"item": "a"}']
    if kind.plural in {"lists", "domains"}:
        bodies += [
            {"item": "a"},
            {"item": "a", "type": "block"},
            {"item": "a", "type": "nonsense", "kind": "exact"},
            {"item": "a", "type": 1, "kind": 1},
            {"item": "a", "type": "DENY", "kind": "EXACT"},
        ]
    return bodies
