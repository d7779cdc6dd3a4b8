"""Changing single items: what is alike for groups, lists, domains and clients."""

from .conftest import Expect
from .items import GROUP, KINDS, MEMBERS, ONE_OF_EACH_TABLE, UNKNOWN_GROUP, Items, alike
from .pihole import Pihole


async def test_add_one_of_each_kind(items: Items, expect: Expect) -> None:
    group = await items.group()
    answers = {}
    for kind in KINDS:
        answer = await items.add(kind, kind.sample, comment="C", enabled=False, groups=[group])
        answers[kind.name] = items.seen(answer, "location")
    expect(answers)


async def test_add_one_of_each_kind_by_its_name_alone(items: Items, expect: Expect) -> None:
    answers = {}
    for kind in KINDS:
        answers[kind.name] = items.outcome(kind, await items.add(kind, kind.sample))
    expect(alike(answers))


async def test_add_one_that_is_there(items: Items, expect: Expect) -> None:
    answers = {}
    for kind in KINDS:
        await items.add(kind, kind.sample, comment="first")
        again = await items.add(kind, kind.sample, comment="second", enabled=False, groups=[])
        answers[kind.name] = items.outcome(kind, again)
    expect(alike(answers))


async def test_read_one_that_is_not_there(items: Items, expect: Expect) -> None:
    expect(alike({kind.name: items.seen(await items.get(kind, kind.sample)) for kind in KINDS}))


async def test_change_one_of_each_kind(items: Items, expect: Expect) -> None:
    group = await items.group()
    answers = {}
    for kind in KINDS:
        await items.add(kind, kind.sample, comment="first")
        before = await items.id_of(kind, kind.sample)
        fields = {"comment": "second", "enabled": False, "groups": [0, group]}
        answer = await items.put(kind, kind.sample, **fields)
        kept = await items.id_of(kind, kind.sample) == before
        answers[kind.name] = [*items.outcome(kind, answer), {"id kept": kept}]
    expect(alike(answers))


async def test_put_one_that_is_not_there(items: Items, expect: Expect) -> None:
    answers = {}
    for kind in KINDS:
        answer = await items.put(kind, kind.sample, comment="new")
        answers[kind.name] = items.outcome(kind, answer)
    expect(alike(answers))


async def test_put_nothing_on_one_that_is_there(items: Items, expect: Expect) -> None:
    group = await items.group()
    states = {}
    for kind in KINDS:
        await items.add(kind, kind.sample, comment="C", enabled=False, groups=[group])
        states[kind.name] = items.outcome(kind, await items.put(kind, kind.sample))
    expect(alike(states))


async def test_put_fields_of_wrong_types(items: Items, expect: Expect) -> None:
    states = {}
    for comment, enabled in (("", "false"), (5, 0), (None, None), (["C"], {})):
        after = {}
        for kind in (GROUP, *ONE_OF_EACH_TABLE):
            await items.put(kind, kind.sample, comment="C", enabled=False)
            answer = await items.put(kind, kind.sample, comment=comment, enabled=enabled)
            after[kind.name] = items.outcome(kind, answer)
        states[f"comment {comment!r}, enabled {enabled!r}"] = alike(after)
    expect(states)


async def test_put_into_groups_of_every_form(items: Items, expect: Expect) -> None:
    group = await items.group()
    forms = {
        "none": [],
        "null": None,
        "a number": group,
        "a text": "0",
        "texts": ["0"],
        "truth values": [True, False],
        "an object": {"a": group},
        "a fraction": [group + 0.9],
        "one twice": [group, group, 0],
        "an unknown one between": [group, UNKNOWN_GROUP, 0],
        "a number that is too large": [group, 10**12],
    }
    answers = {}
    for name, groups in forms.items():
        after = {}
        for kind in ONE_OF_EACH_TABLE:
            await items.put(kind, kind.sample, comment="before", groups=[0])
            answer = await items.put(kind, kind.sample, comment="after", groups=groups)
            after[kind.name] = items.outcome(kind, answer)
        answers[name] = alike(after)
    expect(answers)


async def test_add_to_an_unknown_group(items: Items, expect: Expect) -> None:
    answers = {}
    for kind in MEMBERS:
        answer = await items.add(kind, kind.sample, groups=[UNKNOWN_GROUP])
        again = await items.add(kind, kind.sample, groups=[0])
        answers[kind.name] = [items.brief(answer), *items.outcome(kind, again)]
    expect(alike(answers))


async def test_add_several_at_once(items: Items, expect: Expect) -> None:
    """Only the last one is shown, here the one that is named twice."""
    group = await items.group()
    answers = {}
    for kind in KINDS:
        names = [kind.sample, kind.other, kind.sample]
        answer = await items.add(kind, names, comment="C", groups=[group])
        shown = [row[kind.key] for row in items.rows(kind, answer)]
        answers[kind.name] = [
            items.brief(answer),
            {"shown": [name == kind.sample for name in shown]},
            await items.state(kind, kind.sample),
            await items.state(kind, kind.other),
        ]
    expect(alike(answers))


async def test_add_something_without_a_name(items: Items, expect: Expect) -> None:
    answers = {}
    for kind in KINDS:
        nameless: tuple[object, ...] = (None, "", 5, [], {"a": kind.sample})
        named = {repr(name): items.brief(await items.add(kind, name)) for name in nameless}
        answer = await items.add(kind, [kind.sample, 5])
        answers[kind.name] = {
            **alike(named),
            "one name, and a number": [
                items.brief(answer),
                answer.header("location"),
                await items.state(kind, kind.sample),
            ],
        }
    expect(answers)


async def test_add_one_with_an_empty_name(items: Items, expect: Expect) -> None:
    """An empty name is taken beside others; nothing can be put there, but it can be deleted."""
    answers = {}
    for kind in KINDS:
        answer = await items.add(kind, [kind.sample, ""])
        put = await items.put(kind, "")
        deleted = await items.delete(kind, "")
        answers[kind.name] = [items.brief(answer), items.brief(put), items.brief(deleted)]
    expect(alike(answers))


async def test_change_with_a_body_that_is_no_object(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    answers = {}
    for body in (b"", b"nonsense", b'{"name": "x"', b'{"name": }', b"[]", b"5", b"null"):
        for method, path in (("POST", "api/groups"), ("PUT", "api/groups/Conformance%20A")):
            key = f"{method} {body.decode()}"
            answers[key] = items.brief(await pihole.ask(method, path, body))
    body = b' \n{"name": "Conformance A"} and more'
    answers["behind an object"] = items.brief(await pihole.ask("POST", "api/groups", body))
    body = b'{"name": "Conformance B\\u0000, and more"}'
    answers["NUL"] = items.brief(await pihole.ask("POST", "api/groups", body))
    expect(alike(answers))


async def test_send_more_than_a_request_may_have(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    answers: dict[str, object] = {}
    for size in (65_534, 65_535, 100_000):
        body = b'{"comment":"%s"}' % (b"x" * (size - len('{"comment":""}')))
        answer = await pihole.ask("PUT", GROUP.path_of(GROUP.sample), body)
        row = await items.row(GROUP, GROUP.sample)
        comment = "" if row is None else str(row["comment"])
        answers[str(size)] = [items.brief(answer), {"comment": len(comment)}]
        await items.delete(GROUP, GROUP.sample)
    too_large = {"config": {"dns": {"hosts": [f"10.9.8.7 {'x' * 70_000}"]}}}
    patched = await pihole.ask("PATCH", "api/config", too_large)
    answers["settings"] = [items.brief(patched)]
    expect(answers)
