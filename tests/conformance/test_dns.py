"""What its DNS answers, asked on loopback: the proof that a restore works."""

import asyncio
import secrets
from typing import cast

from tests.support.dns import REFUSED

from .conftest import Expect
from .items import ALLOW_EXACT, ALLOW_REGEX, CLIENT, DENY_EXACT, DENY_REGEX, GROUP, Items, alike
from .pihole import Pihole
from .plain_http import Answer
from .settings import Table, change, patch, refusal

_FORGIVES_WITHIN_SECONDS = 10.0
_BETWEEN_LOOKS = 0.2
_KNOWS_WITHIN_SECONDS = 3.0
_RANDOM = secrets.token_hex(8)
_UNASKED = f"{_RANDOM}.conformance.invalid"
_DENIED = "denied.conformance.example"
_MODES = ("NULL", "NX", "NODATA", "IP_NODATA_AAAA")


async def _answers(pihole: Pihole, *questions: tuple[str, str]) -> Table:
    return {f"{name} {type_}": await pihole.look_up(name, type_) for name, type_ in questions}


async def test_its_own_name(pihole: Pihole, expect: Expect) -> None:
    """A line of dns.hosts for it makes no difference."""
    before = [await pihole.look_up(name) for name in ("pi.hole", "PI.hole")]
    await change(pihole, "dns.hosts", ["203.0.113.1 pi.hole"])
    expect([before, await pihole.look_up("pi.hole")])


async def test_what_it_was_asked(pihole: Pihole, expect: Expect) -> None:
    """It knows of a question within a second, and passes a name below `invalid` on to nobody.

    A v6.0 that has just started forgets its first questions.
    """
    path = f"api/queries?domain={_UNASKED}&length=1"
    shown = [_domains(await pihole.ask("GET", path)), await pihole.look_up(_UNASKED)]
    async with asyncio.timeout(_KNOWS_WITHIN_SECONDS):
        while not (domains := _domains(await pihole.ask("GET", path))):
            await asyncio.sleep(_BETWEEN_LOOKS)
            await pihole.look_up(_UNASKED)
    expect([*shown, domains])


def _domains(answer: Answer) -> list[object]:
    """Return the domains of queries, without the random part."""
    queries = cast("list[dict[str, str]]", answer.json["queries"])
    return [query["domain"].removeprefix(_RANDOM) for query in queries]


async def test_local_records(pihole: Pihole, expect: Expect) -> None:
    """Asked for are only the families that are written: v6.0 passes the other question on."""
    lines = [
        "203.0.113.1 One.conformance.lan two.conformance.lan conformance",
        "203.0.113.2 several.conformance.lan",
        "203.0.113.3 several.conformance.lan",
        "2001:db8::A six.conformance.lan",
        "203.0.113.4 both.conformance.lan",
        "2001:0db8:0::0b both.conformance.lan",
    ]
    await change(pihole, "dns.hosts", lines)
    expect(
        await _answers(
            pihole,
            ("one.conformance.lan", "A"),
            ("ONE.conformance.LAN", "A"),
            ("two.conformance.lan", "A"),
            ("conformance", "A"),
            ("several.conformance.lan", "A"),
            ("six.conformance.lan", "AAAA"),
            ("both.conformance.lan", "A"),
            ("both.conformance.lan", "AAAA"),
            ("missing.conformance.lan", "A"),
            ("sub.one.conformance.lan", "A"),
        )
    )


async def test_unusual_lines_of_local_records(pihole: Pihole, expect: Expect) -> None:
    """Each is the only line; v6.0 and v6.2 refuse some."""
    answers: Table = {}
    for line in (
        "203.0.113.1  conformance.lan",
        "203.0.113.1\tconformance.lan",
        " 203.0.113.1 conformance.lan",
        "203.0.113.1 conformance-2.lan # conformance.lan",
        "203.0.113.1 conformance.lan#comment",
        "203.0.113.1 con_formance.lan conformance.lan",
        "203.0.113.1 conformance.lan.",
        "::ffff:203.0.113.1 conformance.lan",
        "fe80::1%eth0 conformance.lan",
        "203.0.113.01 conformance.lan",
        "203.0.113.1 *.lan conformance.lan",
    ):
        answer = await change(pihole, "dns.hosts", [line])
        type_ = "AAAA" if ":" in line else "A"
        answers[line] = (
            await pihole.look_up("conformance.lan", type_)
            if answer.status == 200
            else refusal(answer)
        )
    expect(answers)


async def test_aliases(pihole: Pihole, expect: Expect) -> None:
    settings: Table = {
        "dns.hosts": ["203.0.113.1 Target.conformance.lan"],
        "dns.cnameRecords": [
            "Alias.conformance.lan,target.conformance.lan",
            "first.conformance.lan,second.conformance.lan,target.conformance.lan,60",
            "chain.conformance.lan,alias.conformance.lan",
            "nowhere.conformance.lan,missing.conformance.lan",
            "elsewhere.conformance.lan,www.conformance.example",
        ],
    }
    answer = await patch(pihole, settings)
    restarts = await pihole.restarts_now()
    names = ("alias", "first", "second", "chain", "nowhere")
    questions = [(f"{name}.conformance.lan", "A") for name in names]
    questions += [(f"{name}.conformance.lan", "CNAME") for name in (*names, "elsewhere")]
    expect([answer.status, restarts, await _answers(pihole, *questions)])


async def test_a_name_that_is_a_record_and_an_alias(pihole: Pihole, expect: Expect) -> None:
    settings: Table = {
        "dns.hosts": ["203.0.113.1 both.conformance.lan", "203.0.113.2 target.conformance.lan"],
        "dns.cnameRecords": ["both.conformance.lan,target.conformance.lan"],
    }
    await patch(pihole, settings)
    await pihole.restarts_now()
    expect(await pihole.look_up("both.conformance.lan"))


async def test_denied_names_in_each_mode(pihole: Pihole, items: Items, expect: Expect) -> None:
    """Also one that is a local record. IPv6 addresses of its own are only some Pi-holes'."""
    record = "record.conformance.lan"
    await change(pihole, "dns.hosts", [f"203.0.113.1 {record}"])
    for name in (_DENIED, record):
        await items.add(DENY_EXACT, name)
    await items.add(DENY_REGEX, r"^conformance[0-9]\.example$")
    await pihole.dns_sees_changes()
    answers: Table = {}
    for mode in _MODES:
        await change(pihole, "dns.blocking.mode", mode)
        names = (_DENIED, record, "conformance1.example")
        questions = [(name, type_) for name in names for type_ in ("A", "AAAA")]
        answers[mode] = alike(await _answers(pihole, *questions))
    await change(pihole, "dns.blocking.mode", "IP")
    answers["IP"] = await pihole.look_up(_DENIED)
    expect(answers)


async def test_what_is_allowed_is_not_blocked(pihole: Pihole, items: Items, expect: Expect) -> None:
    answers: Table = {}
    await change(pihole, "dns.hosts", [f"203.0.113.1 {_DENIED}"])
    await items.add(DENY_EXACT, _DENIED)
    for kind, name in ((ALLOW_EXACT, _DENIED), (ALLOW_REGEX, r"conformance\.example")):
        await items.add(kind, name)
        await pihole.dns_sees_changes()
        answers[kind.name] = await pihole.look_up(_DENIED)
        await items.delete(kind, name)
    await pihole.dns_sees_changes()
    expect([answers, await pihole.look_up(_DENIED)])


async def test_whom_it_blocks_a_name_for(pihole: Pihole, items: Items, expect: Expect) -> None:
    """Where it is not blocked, a local record shows that."""
    await change(pihole, "dns.hosts", [f"203.0.113.1 {_DENIED}"])
    group = await items.group()

    async def answer() -> list[str]:
        await pihole.dns_sees_changes()
        return await pihole.look_up(_DENIED)

    answers: Table = {}
    await items.add(DENY_EXACT, _DENIED)
    answers["all who have no groups of their own"] = await answer()
    await items.put(DENY_EXACT, _DENIED, groups=[group])
    answers["a group that is not ours"] = await answer()
    await items.add(CLIENT, "127.0.0.0/8", groups=[group])
    answers["a group of our network"] = await answer()
    await items.add(CLIENT, "127.0.0.1", groups=[0])
    answers["a group of our network, but not of our address"] = await answer()
    await items.put(CLIENT, "127.0.0.1", groups=[0, group])
    await items.put(GROUP, "Conformance members", enabled=False)
    answers["a group of ours that is disabled"] = await answer()
    await items.put(DENY_EXACT, _DENIED, groups=[0], enabled=False)
    answers["nobody"] = await answer()
    expect(answers)


async def test_while_blocking_is_off(pihole: Pihole, items: Items, expect: Expect) -> None:
    await change(pihole, "dns.hosts", [f"203.0.113.1 {_DENIED}"])
    await items.add(DENY_EXACT, _DENIED)
    await change(pihole, "dns.blocking.active", value=False)
    await pihole.dns_sees_changes()
    expect(await pihole.look_up(_DENIED))


async def test_aliases_of_denied_names(pihole: Pihole, items: Items, expect: Expect) -> None:
    """Asked for the address, and for the alias itself."""
    settings: Table = {
        "dns.hosts": [f"203.0.113.1 {_DENIED}", "203.0.113.2 target.conformance.lan"],
        "dns.cnameRecords": [
            f"alias.conformance.lan,{_DENIED}",
            "denied.conformance.lan,target.conformance.lan",
        ],
    }
    await patch(pihole, settings)
    await pihole.restarts_now()
    for name in (_DENIED, "denied.conformance.lan"):
        await items.add_until_it_is_there(DENY_EXACT, name)
    await pihole.dns_sees_changes()
    names = ("alias.conformance.lan", "denied.conformance.lan")
    expect(await _answers(pihole, *((name, type_) for name in names for type_ in ("A", "CNAME"))))


async def test_too_many_questions(pihole: Pihole, expect: Expect) -> None:
    """Its own name is answered all the same, and changes make no difference."""
    settings: Table = {
        "dns.hosts": ["203.0.113.1 conformance.lan"],
        "dns.rateLimit.count": 5,
        "dns.rateLimit.interval": 2,
    }
    before = await patch(pihole, settings)
    answers = [await pihole.look_up("conformance.lan") for _ in range(12)]
    questions = (("conformance.lan", "A"), ("missing.conformance.lan", "A"), ("pi.hole", "A"))
    shown = await _answers(pihole, *questions)
    await patch(pihole, {"dns.rateLimit.count": 1000})
    async with asyncio.timeout(_FORGIVES_WITHIN_SECONDS):
        while await pihole.look_up("conformance.lan") == [REFUSED]:  # noqa: ASYNC110 - it is elsewhere
            await asyncio.sleep(_BETWEEN_LOOKS)
    expect([before.status, answers[0], answers[-1], shown])


async def test_static_leases_have_no_names(pihole: Pihole, expect: Expect) -> None:
    """Until the device asks for its address."""
    lease = "02:00:00:00:00:01,203.0.113.7,conformance"
    await change(pihole, "dhcp.hosts", [lease])
    await pihole.restarts_now()
    expect(await pihole.look_up("conformance.lan"))
