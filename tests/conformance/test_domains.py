"""Domains: which are taken, what is stored of them, and how one becomes of another type."""

from .conftest import Expect
from .items import ALLOW_EXACT, ALLOW_REGEX, DENY_EXACT, DENY_REGEX, Items, alike
from .pihole import Pihole

_DOMAINS = (ALLOW_EXACT, ALLOW_REGEX, DENY_EXACT, DENY_REGEX)
_EXACT, _REGEX = DENY_EXACT.sample, DENY_REGEX.sample


async def test_what_is_stored_of_a_domain(items: Items, expect: Expect) -> None:
    stored = {}
    for name in (
        *("Conformance.EXAMPLE", "conformance.example.", "conformance", "1.2.3.4"),
        *("_dmarc.conformance.example", "conformance_", "a" * 63),
        *("Bücher.Conformance.Example", "faß.conformance.example", "ς.conformance.example"),
        *("İ.conformance.example", "ba\u0308r.conformance.example", "א1.conformance.example"),
        *(
            "\N{FULLWIDTH LATIN CAPITAL LETTER C}onformance.example",
            "conformance。example",
            "日本.conformance.example",
        ),
        *("xn--bcher-kva.conformance.example", "XN--Bcher-KVA.conformance.example"),
    ):
        answer = await items.add(DENY_EXACT, name)
        [row] = items.rows(DENY_EXACT, answer)
        stored[name] = [items.brief(answer), {key: row[key] for key in ("domain", "unicode")}]
        await items.delete(DENY_EXACT, str(row["domain"]))
    expect(stored)


async def test_texts_that_are_not_domains(items: Items, expect: Expect) -> None:
    answers = {}
    for name in (
        *(
            "*.conformance.example",
            "conform{ance",
            "con/formance",
            "con..formance",
            ".",
            ".example",
        ),
        *("con formance", "conformance ", "con\tformance", "conformance\n", "con:formance"),
        *("-conformance.example", "conformance-.example", "conformance.-example", "co--nformance"),
        *("xn--a.example", "xn--conformance", "\N{SNOWMAN}.example", "a\u200db.example"),
        *("\u0301conformance.example", "\ufffd.example", "b" * 64, f"{'b' * 60}." * 5),
    ):
        answers[name] = items.brief(await items.add(DENY_EXACT, name))
    expect(answers)


async def test_name_a_domain_in_another_way_than_it_is_stored(items: Items, expect: Expect) -> None:
    answers = {}
    for name, stored in (
        ("Conformance.EXAMPLE", "conformance.example"),
        ("bücher.conformance.example", "xn--bcher-kva.conformance.example"),
    ):
        put = await items.put(DENY_EXACT, name, comment="put")
        answers[name] = {
            "put": [row["domain"] for row in items.rows(DENY_EXACT, put)],
            "put location": put.header("location") == f"/api/domains/deny/exact/{stored}",
            "get": items.seen(await items.get(DENY_EXACT, name)),
            "delete": items.brief(await items.delete(DENY_EXACT, name)),
            "delete several": items.brief(await items.delete_several(DENY_EXACT, [name])),
            "still there": await items.state(DENY_EXACT, stored),
        }
    expect(answers)


async def test_regexes_that_are_taken(pihole: Pihole, items: Items, expect: Expect) -> None:
    """They are stored as they are.

    All in one request would end FTL (all versions): one with options after another one is freed
    twice.
    """
    regexes = (
        *(r"(\.|^)conformance\.example$", "Conformance.A", "conformance [b ]", "conformance)"),
        *("*conformance", "?conformance", "conformance|", "(conformance|)", "conformance{,2}"),
        *(
            "conformance()",
            "(?:conformance)",
            "(?i)conformance",
            r"\<conformance\>",
            "conformance*?",
        ),
        *("[]conformance]", "[[:alnum:]]conformance", "[a-]conformance", r"\Qconformance[\E"),
        *(
            "conformance{0}",
            "conformance+{2}",
            "conformance{-1}",
            r"(conformance)\1",
            "conformance\\\\",
        ),
        *("conformance;querytype=A,AAAA", "conformance;querytype=!A", "conformance;invert"),
        *("conformance;reply=1.2.3.4", "conformance;reply=NXDOMAIN", "conformance;reply=cname,a.b"),
        *(";invert", "conformance;;invert", "BÜCHER.conformance", "xn--bcher-kva.conformance"),
    )
    answers = {regex: items.brief(await items.add(DENY_REGEX, regex)) for regex in regexes}
    stored = {row["domain"]: row["unicode"] for row in await pihole.items("domains")}
    for regex, answer in answers.items():
        assert answer == {
            "status": 201,
            "processed": {"errors": [], "success": [{"item": regex}]},
        }
    expect([regex for regex in regexes if stored[regex] == regex])


async def test_regexes_that_are_refused(items: Items, expect: Expect) -> None:
    answers = {}
    for regex in (
        *("[conformance", "(conformance", "(con(formance)", "conformance**", "conformance?+"),
        *("conformance\\", "[z-a]", "[[:conformance:]]", "[[.a.]]", "conformance{2,1}"),
        *("conformance{a}", "conformance{1", "conformance{256}", "conformance{1,256}", r"\x{zz}"),
        *(r"\1conformance", "(?<=conformance)", "conformance;querytype=B", "conformance;b"),
        *(
            "conformance;querytype=A;querytype=AAAA",
            "conformance;reply=b",
            "conformance;reply=CNAME",
        ),
    ):
        answers[regex] = items.brief(await items.add(DENY_REGEX, regex))
    expect(answers)


async def test_add_several_when_one_is_invalid(items: Items, expect: Expect) -> None:
    answers = {}
    for kind, invalid in ((DENY_EXACT, "a b"), (DENY_EXACT, "*"), (DENY_REGEX, "[")):
        answer = await items.add(kind, [kind.sample, invalid, kind.other])
        answers[f"{kind.name}: {invalid}"] = [
            items.brief(answer),
            await items.state(kind, kind.sample),
        ]
    expect(answers)


async def test_one_domain_of_every_type(items: Items, expect: Expect) -> None:
    for kind in _DOMAINS:
        await items.add(kind, _EXACT, comment=kind.name)
    before = [await items.state(kind, _EXACT) for kind in _DOMAINS]
    await items.put(DENY_EXACT, _EXACT, enabled=False)
    await items.delete(ALLOW_REGEX, _EXACT)
    expect([before, [await items.state(kind, _EXACT) for kind in _DOMAINS]])


async def test_move_a_domain(items: Items, expect: Expect) -> None:
    group = await items.group()
    await items.add(DENY_EXACT, _EXACT, comment="C", enabled=False, groups=[group])
    before = await items.row(DENY_EXACT, _EXACT)
    moved = await items.put(ALLOW_EXACT, _EXACT, type="deny", kind="exact", comment="D")
    after = await items.row(ALLOW_EXACT, _EXACT)
    assert before is not None
    assert after is not None
    expect(
        {
            "answer": items.outcome(ALLOW_EXACT, moved),
            "old place": await items.state(DENY_EXACT, _EXACT),
            "kept": {name: before[name] == after[name] for name in ("id", "date_added")},
        }
    )


async def test_move_a_domain_in_odd_ways(items: Items, expect: Expect) -> None:
    ways: dict[str, dict[str, object]] = {
        "type alone": {"type": "deny"},
        "kind alone": {"kind": "exact"},
        "from nowhere": {"type": "nonsense", "kind": "exact"},
        "from numbers": {"type": 1, "kind": 1},
        "from where it is not": {"type": "allow", "kind": "regex"},
        "from where it is": {"type": "allow", "kind": "exact"},
        "in capitals": {"type": "DENY", "kind": "Exact"},
    }
    answers = {}
    for way, fields in ways.items():
        for there in ("one is there", "none is there"):
            await items.put(DENY_EXACT, _EXACT, comment="deny", groups=[])
            if there == "one is there":
                await items.put(ALLOW_EXACT, _EXACT, comment="allow", groups=[])
            answer = await items.put(ALLOW_EXACT, _EXACT, comment="moved", **fields)
            kinds = (DENY_EXACT, ALLOW_EXACT)
            states = [await items.state(kind, _EXACT) for kind in kinds]
            answers[f"{way}, {there}"] = [items.brief(answer), *states]
            for kind in kinds:
                await items.delete(kind, _EXACT)
    expect(answers)


async def test_add_a_domain_with_the_fields_of_a_move(items: Items, expect: Expect) -> None:
    answer = await items.add(DENY_EXACT, _EXACT, type="allow", kind="regex")
    states = [await items.state(kind, _EXACT) for kind in _DOMAINS]
    expect([items.brief(answer), states])


async def test_move_a_text_that_is_no_regex(items: Items, expect: Expect) -> None:
    await items.add(DENY_EXACT, _EXACT)
    to_regex = await items.put(DENY_REGEX, _EXACT, type="deny", kind="exact")
    await items.add(DENY_REGEX, _REGEX)
    to_exact = await items.put(DENY_EXACT, _REGEX, type="deny", kind="regex")
    expect([items.brief(to_regex), items.brief(to_exact)])


async def test_a_change_sets_the_date_of_all_rows_of_a_domain(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    for kind in _DOMAINS:
        await items.add(kind, _EXACT)
    before = {kind.name: await items.row(kind, _EXACT) for kind in _DOMAINS}
    await pihole.wait_for_the_next_second()
    await items.put(DENY_EXACT, _EXACT)
    changed = {}
    for kind in _DOMAINS:
        row, old = await items.row(kind, _EXACT), before[kind.name]
        assert row is not None
        assert old is not None
        changed[kind.name] = {
            name: row[name] != old[name] for name in ("date_added", "date_modified")
        }
    expect(alike(changed))
