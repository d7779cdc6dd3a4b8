"""PATCH /api/config: what may be sent, and what becomes of it."""

from .conftest import Expect
from .pihole import Pihole
from .seen import seen
from .settings import Table, change, flat, outcomes, patch, refusal, value_of


async def test_bodies_without_a_configuration(pihole: Pihole, expect: Expect) -> None:
    bodies: tuple[object, ...] = ({}, [], {"config": None}, {"config": []}, {"config": "dns"})
    expect([seen(await pihole.ask("PATCH", "api/config", body)) for body in bodies])


async def test_bodies_that_are_no_json(pihole: Pihole, expect: Expect) -> None:
    bodies = (b"", b"nonsense", b'{"config": {"dns": {"blockTTL": 9}')
    shown = [seen(await pihole.ask("PATCH", "api/config", body)) for body in bodies]
    expect([*shown, await value_of(pihole, "dns.blockTTL")])


async def test_bodies_that_change_nothing(pihole: Pihole, expect: Expect) -> None:
    bodies: tuple[object, ...] = (
        *({}, {"dns": None}, {"dns": "x"}, {"dns": [1]}, {"dns": {}}),
        *({"nothing": 1}, {"dns": {"nothing": 1}}, {"dns": {"blockTTL": {"x": 1}, "nothing": 1}}),
    )
    answers = [await pihole.ask("PATCH", "api/config", {"config": body}) for body in bodies]
    expect([answer.status if answer.status == 200 else refusal(answer) for answer in answers])


async def test_the_answer_is_the_whole_configuration(pihole: Pihole, expect: Expect) -> None:
    answer = await change(pihole, "dns.blockTTL", 9)
    expect([answer.status, list(answer.json), len(list(flat(answer.json["config"])))])


async def test_the_answer_below_a_path(pihole: Pihole, expect: Expect) -> None:
    """A change can be sent to any path: it says what is answered, not what is changed."""
    body = {"config": {"dns": {"blockTTL": 9}}}
    answers = [
        await pihole.ask("PATCH", f"api/config/{path}", body)
        for path in ("dns/blocking/active", "dns/blockTTL", "nothing")
    ]
    expect([seen(answer) for answer in answers])


async def test_names_in_another_case(pihole: Pihole, expect: Expect) -> None:
    body = {"config": {"DNS": {"BlockTtl": 9, "BLOCKTTL": 10, "blockttl": 11}}}
    answer = await pihole.ask("PATCH", "api/config", body)
    expect([answer.status, await value_of(pihole, "dns.blockTTL")])


async def test_one_bad_value_among_good_ones(pihole: Pihole, expect: Expect) -> None:
    answer = await patch(
        pihole,
        {"dns.blockTTL": 9, "dns.blocking.mode": "nonsense", "dns.rateLimit.count": 999},
    )
    expect([refusal(answer), await value_of(pihole, "dns.blockTTL")])


async def test_of_two_bad_values_the_first_in_the_file_is_named(
    pihole: Pihole, expect: Expect
) -> None:
    answer = await patch(pihole, {"misc.check.disk": "x", "dns.blockTTL": "x"})
    expect(refusal(answer))


async def test_booleans(pihole: Pihole, expect: Expect) -> None:
    sent: tuple[object, ...] = (False, True, "true", 1, None, [])
    expect(await outcomes(pihole, "dns.showDNSSEC", sent))


async def test_whole_numbers(pihole: Pihole, expect: Expect) -> None:
    sent = (-1, 7.9, -7.9, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, "7", True, None)
    expect(await outcomes(pihole, "database.maxDBdays", sent))


async def test_unsigned_numbers(pihole: Pihole, expect: Expect) -> None:
    sent: list[object] = [9, 7.9, 0, -0.1, -1, 2**32 - 1, 2**32, "7", False, None, {}]
    expect(await outcomes(pihole, "dns.blockTTL", sent))


async def test_numbers_of_16_bit(pihole: Pihole, expect: Expect) -> None:
    expect(await outcomes(pihole, "webserver.api.maxClients", (65535, 11.5, 65536, -1, "7")))


async def test_texts(pihole: Pihole, expect: Expect) -> None:
    sent = ("/dev/conformance", " ä\t\"'\\ ", "", 7, None, ["x"])
    expect(await outcomes(pihole, "ntp.sync.rtc.device", sent))


async def test_one_of_some_words(pihole: Pihole, expect: Expect) -> None:
    sent = ("nx", "Ip_NoData_aaaa", "NULL", "nonsense", "", 1, None)
    expect(await outcomes(pihole, "dns.blocking.mode", sent))


async def test_one_of_some_numbers(pihole: Pihole, expect: Expect) -> None:
    """A text will do; only more privacy is asked for here, as less of it restarts."""
    sent = ("0", 1, "1", " 1x", 1.9, 2, 4, -1, "x", "", True, None)
    expect(await outcomes(pihole, "misc.privacylevel", sent))


async def test_addresses(pihole: Pihole, expect: Expect) -> None:
    nowhere = "0.0.0.0"  # noqa: S104 - sent, and nothing listens there
    four = ("203.0.113.1", nowhere, "", "203.0.113", "203.0.113.256", "2001:db8::1", 1, None)
    six = ("2001:DB8::0001", "::", "", "2001:db8::g", "203.0.113.1", 1)
    expect(
        [
            await outcomes(pihole, "dns.reply.host.IPv4", four),
            await outcomes(pihole, "dns.reply.host.IPv6", six),
        ]
    )


async def test_arrays(pihole: Pihole, expect: Expect) -> None:
    """They are replaced as a whole, and may hold anything twice."""
    sent: tuple[object, ...] = (
        ["b", "a"],
        ["a", "b"],
        ["a", "a"],
        [""],
        [],
        [1],
        [None],
        "a",
        {},
        None,
    )
    expect(await outcomes(pihole, "webserver.api.excludeDomains", sent))


async def test_values_that_are_checked(pihole: Pihole, expect: Expect) -> None:
    sent: dict[str, tuple[object, ...]] = {
        "webserver.domain": ("", "a b", "a.-example", "a..example", "ä.example"),
        "webserver.paths.webhome": ("/ad;min/",),
        "webserver.tls.validity": (6, 0, 8),
        "webserver.api.excludeClients": (["["], ["a", "(b"], ["a;b"], ["^a/b$", "\\"]),
        "files.macvendor": ("a;b", "/a b/c-d_e.f", ""),
        "files.log.dnsmasq": ("a:b",),
        "ntp.sync.server": ("a b", "", "203.0.113.1", "2001:db8::1", "ntp.example"),
        "dns.revServers": (
            ["x"],
            ["yes,203.0.113.0/24,203.0.113.1"],
            ["true,nonsense,203.0.113.1"],
            ["true,203.0.113.0/33,203.0.113.1"],
            ["true,2001:db8::/129,203.0.113.1"],
            ["true,203.0.113.0/24"],
        ),
        "dns.cnameRecords": (["a"], ["a,,b"], [",b"], ["a,"]),
    }
    expect({name: await outcomes(pihole, name, values) for name, values in sent.items()})


async def test_dns_hosts(pihole: Pihole, expect: Expect) -> None:
    names = "203.0.113.1 a.example"
    lines = (
        *(names, f"{names} b", names.upper(), "2001:DB8::1 a"),
        *("203.0.113.1  a", f"{names}  b", f" {names}", f"{names} ", "203.0.113.1\ta\tb"),
        *(f"{names} # a  comment", f"{names} #", f"{names} # a # b", f"{names}#b", f"# {names}"),
        *("", " ", "203.0.113.1", "203.0.113.1 ", "203.0.113.256 a", "a b", "203.0.113.1 ä"),
        *("203.0.113.1 a/b", "203.0.113.1 *.a", "203.0.113.1 -a", "203.0.113.1 a..b", f"{names},b"),
    )
    expect(await outcomes(pihole, "dns.hosts", ([line] for line in lines)))


async def test_dns_hosts_twice_and_in_another_order(pihole: Pihole, expect: Expect) -> None:
    a, b = "203.0.113.1 a", "203.0.113.2 b"
    expect(await outcomes(pihole, "dns.hosts", ([a, b], [b, a], [a, a], [a, ""])))


async def test_the_domain_as_a_text_and_in_two_parts(pihole: Pihole, expect: Expect) -> None:
    """Up to 6.2 it is one text; what there is not is ignored, what is another type is refused."""
    name = "conformance.example"
    shown = []
    for settings in ({"dns.domain": name}, {"dns.domain.name": name, "dns.domain.local": False}):
        answer = await patch(pihole, settings)
        restarts = await pihole.restarts_now()
        shown.append([answer.status if answer.status == 200 else refusal(answer), restarts])
    answer = await pihole.ask("GET", "api/config/dns/domain")
    expect([*shown, answer.json["config"]])


async def test_what_the_dns_server_refuses(pihole: Pihole, expect: Expect) -> None:
    sent = {
        "dns.upstreams": ["203.0.113.1#nonsense"],
        "dns.cnameRecords": ["a.example,b.example", "b.example,a.example"],
    }
    shown = {name: refusal(await change(pihole, name, value)) for name, value in sent.items()}
    twice = ["a.example,b.example", "a.example,c.example"]
    answer = await change(pihole, "dns.cnameRecords", twice)
    expect([shown, refusal(answer), await pihole.restarts_now()])


async def test_dhcp_that_cannot_work(pihole: Pihole, expect: Expect) -> None:
    good: Table = {
        "dhcp.active": True,
        "dhcp.start": "203.0.113.10",
        "dhcp.end": "203.0.113.20",
        "dhcp.router": "203.0.113.1",
    }
    changes: list[Table] = [
        {"dhcp.start": ""},
        {"dhcp.end": "203.0.113.255"},
        {"dhcp.router": ""},
        {"dhcp.end": "203.0.113.9"},
        {"dhcp.router": "203.0.113.15"},
        {"dhcp.hosts": ["02:00:00:00:00:01,203.0.113.12", "02:00:00:00:00:02,203.0.113.12"]},
    ]
    expect([refusal(await patch(pihole, {**good, **wrong})) for wrong in changes])


async def test_values_that_are_taken_although_they_do_nothing(
    pihole: Pihole, expect: Expect
) -> None:
    sent = {
        "dns.upstreams": [],
        "dhcp.hosts": ["nonsense", "02:00:00:00:00:01,300.1.1.1", "02:00:00:00:00:01,203.0.113.9"],
        "dns.interface": "nonsense0",
    }
    answer = await patch(pihole, {**sent})
    restarts = await pihole.restarts_now()
    expect([answer.status, restarts, [await value_of(pihole, name) for name in sent]])


async def test_an_empty_text_in_an_array(pihole: Pihole, expect: Expect) -> None:
    """It is lost when the file is written: the next start does not have it."""
    answer = await change(pihole, "dns.upstreams", ["", "203.0.113.1", ""])
    before = dict(flat(answer.json["config"]))["dns.upstreams"]
    restarts = await pihole.restarts_now()
    expect([answer.status, before, restarts, await value_of(pihole, "dns.upstreams")])
