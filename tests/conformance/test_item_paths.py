"""Where groups, lists, domains and clients are found: what stands in the path."""

from typing import cast

from .conftest import Expect
from .items import DENY_EXACT, GROUP, KINDS, Items, alike
from .pihole import Pihole, item

_ODD_NAMES = (
    *("?", "#", "&", "%", "%25", "%2F", "+", "/", "\\", ",", "'", '"', ";invert", ":", "=", "@"),
    *("..", ".", "a/../b", "//", " ", "\t", "ü", "\N{GRINNING FACE}", "\x7f", "\x01", "x" * 900),
)


async def test_find_an_odd_name_by_its_encoded_path(items: Items, expect: Expect) -> None:
    answers = {}
    for odd in _ODD_NAMES:
        name = f"Conformance{odd}A"
        put, got = await items.put(GROUP, name), await items.get(GROUP, name)
        found = [row["name"] == name for row in items.rows(GROUP, got)]
        deleted = await items.delete(GROUP, name)
        shown = odd if len(odd) < len("900 letters") else "900 letters"
        answers[shown] = [put.status, {"found": found}, deleted.status]
    expect(alike(answers))


async def test_find_a_name_that_leads_to_another_folder(items: Items, expect: Expect) -> None:
    answers = {}
    for name in (".", "..", "../Default", "/", "Conformance/"):
        put, got = await items.put(GROUP, name), await items.get(GROUP, name)
        found = [row["name"] == name for row in items.rows(GROUP, got)]
        deleted = await items.delete(GROUP, name)
        answers[name] = [put.status, {"found": found}, deleted.status]
    expect(alike(answers))


async def test_ask_for_an_odd_path_that_is_nowhere(pihole: Pihole, expect: Expect) -> None:
    """The answer names the path that has arrived."""
    answers = {}
    for odd in (*_ODD_NAMES, "https://a//b/../c/./d?e=f&g#%25%2F+h", "x" * 3000, "a\0b"):
        answer = await pihole.ask("GET", f"api/none/{item(odd)}")
        error = cast("dict[str, object]", answer.json["error"])
        arrived = error.pop("hint") == f"/api/none/{odd}"
        shown = odd if len(odd) < len("900 letters") else f"{len(odd)} letters"
        answers[shown] = [answer.status, error, {"named": arrived}]
    expect(alike(answers))


async def test_find_a_name_with_a_line_end(items: Items, expect: Expect) -> None:
    """No path finds it, but it can be added and deleted."""
    answers = {}
    for name in ("Conformance\nA", "Conformance\rA"):
        added = await items.add(GROUP, name)
        asked = [await items.get(GROUP, name), await items.put(GROUP, name)]
        asked += [await items.delete(GROUP, name), await items.delete_several(GROUP, [name])]
        answers[repr(name)] = [items.brief(added), *map(items.brief, asked)]
    expect(answers)


async def test_find_a_group_by_paths_that_are_written_in_other_ways(
    pihole: Pihole, items: Items, expect: Expect
) -> None:
    for name in ("Conformance A", "Conformance+A"):
        await items.add(GROUP, name)
    answers = {}
    for path in (
        *("/Conformance%20A", "/Conformance+A", "/Conformance%2BA", "/%43onformance%20%41"),
        *("%2FConformance%20A", "//Conformance%20A", "/Conformance%20A/", "/conformance%20a"),
        *("/Conformance%20A%00", "/x/../Conformance%20A", "/Conformance%20A?x=1", "/Conf%zz"),
    ):
        answer = await pihole.ask("GET", f"api/groups{path}")
        answers[path] = items.seen(answer)
    expect(alike({path: _without_dates(answer) for path, answer in answers.items()}))


async def test_ask_in_a_way_that_is_not_there(pihole: Pihole, items: Items, expect: Expect) -> None:
    answers = {}
    for request in (
        *("PATCH /groups/Default", "PUT /groups", "PUT /groups/", "POST /groups/Default"),
        *("DELETE /groups", "GET /groupsx", "GET /groups:batchDelete", "DELETE /lists:batchDelete"),
        *("PUT /domains:batchDelete", "POST /domains", "POST /domains/deny", "POST /domains/exact"),
        *("PUT /domains/deny/nonsense/a", "PUT /domains/allow/a", "DELETE /domains/deny"),
        *("DELETE /domains/regex/a", "DELETE /domains", "GET /domains/nonsense/a"),
        *(
            "GET /domains/deny/nonsense",
            "GET /domains/deny/exact/a/b",
            "POST /domains/deny/exact/a",
        ),
        *("PUT /domains/deny/exact", "DELETE /clients/_suggestions"),
        *("POST /groups:batchDelete/a",),
    ):
        method, _, path = request.partition(" ")
        answer = await pihole.ask(method, f"api{path}", {} if method != "GET" else None)
        answers[request] = items.brief(answer)
    expect(answers)


async def test_ask_without_a_session(pihole: Pihole, items: Items, expect: Expect) -> None:
    answers = {}
    for kind in KINDS:
        for method, path in (
            ("GET", kind.path),
            ("POST", kind.path),
            ("PUT", kind.path_of(kind.sample)),
            ("DELETE", kind.path_of(kind.sample)),
            ("POST", f"api/{kind.plural}:batchDelete"),
        ):
            answer = await pihole.ask(method, path, sid=None)
            answers[f"{method} {kind.name} {path.partition(':')[2]}"] = items.brief(answer)
    expect(alike(answers))


async def test_read_domains_of_several_types(pihole: Pihole, items: Items, expect: Expect) -> None:
    for kind in KINDS:
        if kind.plural == "domains":
            await items.add(kind, DENY_EXACT.sample)
    answers = {}
    for path in ("", "/allow", "/deny", "/exact", "/regex", "/deny/regex"):
        found = [
            await pihole.ask("GET", f"api/domains{path}{behind}")
            for behind in ("", "/", f"/{DENY_EXACT.sample}")
        ]
        answers[path] = [
            [
                f"{row['type']} {row['kind']}"
                for row in items.rows(DENY_EXACT, answer)
                if row["domain"] == DENY_EXACT.sample
            ]
            for answer in found
        ]
    expect(answers)


def _without_dates(answer: object) -> object:
    match answer:
        case {"body": {"groups": [{"name": name}]}}:
            return {"found": name}
    return answer
