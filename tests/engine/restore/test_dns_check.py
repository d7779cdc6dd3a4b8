"""Whether a restored Pi-hole answers DNS questions as it should, asked over real UDP and TCP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from dataclasses import replace
from pathlib import Path
import socket

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.restore.dns_check import (
    DnsCheck,
    DnsOutcome,
    check_dns,
)
from custom_components.pihole_checkpoint.engine.restore.local_records import (
    Identity,
    denied_name,
    local_records,
)
from custom_components.pihole_checkpoint.engine.restore.timings import DnsTimings
from custom_components.pihole_checkpoint.engine.teleporter import archive
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents
from custom_components.pihole_checkpoint.engine.teleporter.diff import Subject
from pihole_simulator import DomainType, Pihole, Simulator, build_archive
from tests.support.example import NOW

QUICK = DnsTimings(settle=0.0, again=0.02, query=1.0, total=10.0)
"""An answer is waited for as long as a busy machine may need."""
BRIEF = replace(QUICK, query=0.1, total=0.5)
HOSTS = ["192.168.1.10 nas.lan nas", "192.168.1.11 printer.lan", "2001:db8::5 tv.lan"]
CNAMES = ["files.lan,nas.lan", "music.lan,photos.lan,nas.lan,60"]
ALL_RIGHT = DnsCheck(outcome=DnsOutcome.ANSWERS, records=7, asked=7)

type Check = Callable[..., Coroutine[object, object, DnsCheck]]


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(pihole=Pihole()) as simulator:
        simulator.pihole.hosts = [*HOSTS]
        simulator.pihole.cnames = [*CNAMES]
        yield simulator


@pytest.fixture
def contents(sim: Simulator, tmp_path: Path) -> Callable[[], Contents]:
    """Read what the simulated Pi-hole holds at the moment."""

    def contents() -> Contents:
        path = tmp_path / "archive.zip"
        path.write_bytes(build_archive(sim.pihole, NOW))
        found = archive.read(path, tmp_path / "scratch")
        assert found is not None
        return found

    return contents


@pytest.fixture
def check(sim: Simulator, contents: Callable[[], Contents]) -> Check:
    async def knows(name: str) -> bool:
        return name in names_asked(sim)

    async def check(
        expected: Contents | None = None,
        *,
        changed: Collection[Identity] | None = None,
        timings: DnsTimings = QUICK,
        host: str = "127.0.0.1",
    ) -> DnsCheck:
        return await check_dns(
            host,
            sim.dns.port,
            expected or contents(),
            was_asked=knows,
            changed=changed,
            timings=timings,
        )

    return check


async def nobody_knows(_name: str) -> bool:
    return False


def names_asked(sim: Simulator) -> list[str]:
    return [question.name for question in sim.dns.asked if question.name != "pi.hole"]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what changes is elsewhere
            await asyncio.sleep(0)


# --- Records


async def test_local_records_and_aliases_answer_as_written(sim: Simulator, check: Check) -> None:
    assert await check() == ALL_RIGHT
    assert len(names_asked(sim)) == 7, "each once"


async def test_a_host_is_looked_up_first(check: Check) -> None:
    assert await check(host="localhost") == ALL_RIGHT


async def test_only_what_was_restored_is_asked_for(sim: Simulator, check: Check) -> None:
    changed = {
        (Subject.DNS_HOSTS, "", HOSTS[1]),
        (Subject.CNAMES, "", CNAMES[0]),
        (Subject.DNS_HOSTS, "", "192.168.1.99 deleted.lan"),
        (Subject.GROUPS, "", "nas.lan"),
    }
    assert (await check(changed=changed)).records == 2
    assert sorted(names_asked(sim)) == ["files.lan", "printer.lan"]


async def test_without_a_restored_record_only_the_pihole_itself_is_asked_for(
    sim: Simulator, check: Check
) -> None:
    assert await check(changed=()) == DnsCheck(outcome=DnsOutcome.ANSWERS)
    assert names_asked(sim) == []


async def test_what_answers_otherwise_twice_is_wrong(
    sim: Simulator, contents: Callable[[], Contents], check: Check
) -> None:
    expected = contents()
    sim.pihole.hosts = ["192.168.1.99 nas.lan", *HOSTS[1:]]
    result = await check(expected)
    assert (result.outcome, result.wrong) == (DnsOutcome.WRONG, ("nas.lan", "nas"))
    assert (result.records, result.asked) == (5, 7)
    assert names_asked(sim).count("nas.lan") == 2


async def test_an_alias_of_something_else_is_wrong(
    sim: Simulator, contents: Callable[[], Contents], check: Check
) -> None:
    expected = contents()
    sim.pihole.cnames = ["files.lan,printer.lan"]
    assert (await check(expected)).wrong == ("files.lan", "music.lan", "photos.lan")


async def test_at_most_ten_names_are_listed(
    sim: Simulator, contents: Callable[[], Contents], check: Check
) -> None:
    sim.pihole.hosts = [f"192.0.2.1 name-{number}.lan" for number in range(50)]
    expected = contents()
    sim.pihole.hosts = []
    result = await check(expected)
    assert len(result.wrong) == 10
    assert result.outcome is DnsOutcome.WRONG


async def test_an_answer_that_becomes_right_is_right(
    sim: Simulator, contents: Callable[[], Contents], check: Check
) -> None:
    expected = contents()
    sim.pihole.hosts = []
    asking = asyncio.create_task(check(expected, timings=replace(QUICK, again=0.3)))
    await until(lambda: len(names_asked(sim)) == 7)
    sim.pihole.hosts = [*HOSTS]
    assert await asking == ALL_RIGHT


async def test_a_lost_question_is_asked_again(sim: Simulator, check: Check) -> None:
    sim.dns.lose = 3
    assert await check() == ALL_RIGHT
    assert sim.dns.unanswered == 3


async def test_one_of_several_addresses_is_enough(
    sim: Simulator, contents: Callable[[], Contents], check: Check
) -> None:
    """A Pi-hole leaves those out that are in other networks than who asks."""
    sim.pihole.hosts = ["192.168.1.10 nas.lan", "10.0.0.1 nas.lan"]
    expected = contents()
    sim.pihole.hosts = sim.pihole.hosts[1:]
    assert (await check(expected, changed=[(Subject.DNS_HOSTS, "", "10.0.0.1 nas.lan")])).records


async def test_many_records_are_sampled(sim: Simulator, check: Check) -> None:
    sim.pihole.cnames = []
    sim.pihole.hosts = [f"192.0.2.1 name-{number}.lan" for number in range(1000)]
    result = await check()
    assert (result.records, result.asked) == (100, 100)
    assert {"name-0.lan", "name-500.lan", "name-990.lan"} <= {*names_asked(sim)}


async def test_static_leases_are_not_asked_for(sim: Simulator, check: Check) -> None:
    sim.pihole.static_leases = ["00:11:22:33:44:55,192.168.1.60,camera"]
    assert await check() == ALL_RIGHT
    assert "camera" not in names_asked(sim)


async def test_a_long_answer_comes_over_tcp(sim: Simulator, check: Check) -> None:
    sim.pihole.cnames = []
    sim.pihole.hosts = [f"192.0.2.{last} many.lan" for last in range(1, 250)]
    assert (await check()).records == 1


# --- What else may be the reason


async def test_the_names_of_the_pihole_itself_are_not_wrong(sim: Simulator, check: Check) -> None:
    """It answers them by itself, with its own address."""
    sim.pihole.hosts = ["192.168.1.2 pihole pihole.lan pi.hole"]
    sim.pihole.cnames = []
    assert await check() == DnsCheck(outcome=DnsOutcome.ANSWERS, records=0, asked=2)


@pytest.mark.parametrize("mode", ["NULL", "IP", "NX", "NODATA", "IP_NODATA_AAAA"])
async def test_a_record_that_is_denied_itself_is_not_wrong(
    sim: Simulator, check: Check, mode: str
) -> None:
    sim.pihole.settings["dns.blocking.mode"] = mode
    sim.pihole.add_domain("printer.lan")
    sim.pihole.add_domain(r"^tv\.", DomainType.DENY_REGEX)
    result = await check()
    assert (result.outcome, result.records, result.asked) == (DnsOutcome.ANSWERS, 5, 6)


# --- Blocking


async def test_a_denied_domain_is_blocked(sim: Simulator, check: Check) -> None:
    sim.pihole.add_domain("tracker.example")
    result = await check()
    assert result == replace(ALL_RIGHT, blocked=True, denied="tracker.example")


async def test_a_denied_domain_that_is_not_blocked_is_wrong(
    sim: Simulator, contents: Callable[[], Contents], check: Check
) -> None:
    sim.pihole.add_domain("tracker.example")
    expected = contents()
    sim.pihole.domains.clear()
    result = await check(expected)
    assert (result.outcome, result.blocked, result.wrong) == (DnsOutcome.WRONG, False, ())
    assert names_asked(sim).count("tracker.example") == 2


async def test_a_restored_domain_is_preferred(sim: Simulator, check: Check) -> None:
    sim.pihole.add_domain("old.example")
    sim.pihole.add_domain("new.example")
    sim.pihole.add_domain("older.example")
    changed = [(Subject.DOMAINS, "deny_exact", "new.example")]
    assert (await check(changed=changed)).denied == "new.example"


@pytest.mark.parametrize("mode", ["IP", "IP_NODATA_AAAA"])
async def test_blocked_may_be_the_address_of_the_pihole(
    sim: Simulator, check: Check, mode: str
) -> None:
    sim.pihole.settings["dns.blocking.mode"] = mode
    sim.pihole.add_domain("tracker.example")
    assert (await check()).blocked is True


@pytest.mark.parametrize("mode", ["NX", "NODATA"])
async def test_where_blocked_looks_like_missing_it_is_not_asked(
    sim: Simulator, check: Check, mode: str
) -> None:
    sim.pihole.settings["dns.blocking.mode"] = mode
    sim.pihole.add_domain("tracker.example")
    assert await check() == ALL_RIGHT
    assert "tracker.example" not in names_asked(sim)


def _is_disabled(sim: Simulator) -> None:
    sim.pihole.add_domain("tracker.example", enabled=False)


def _is_in_another_group(sim: Simulator) -> None:
    sim.pihole.add_domain("tracker.example", groups={sim.pihole.add_group("kids").id})


def _is_in_a_disabled_group(sim: Simulator) -> None:
    sim.pihole.add_domain("tracker.example")
    sim.pihole.groups[0].enabled = False


def _is_allowed(sim: Simulator) -> None:
    sim.pihole.add_domain("tracker.example")
    sim.pihole.add_domain("tracker.example", DomainType.ALLOW_EXACT)


def _blocking_is_off(sim: Simulator) -> None:
    sim.pihole.add_domain("tracker.example")
    sim.pihole.settings["dns.blocking.active"] = False


@pytest.mark.parametrize(
    "arrange",
    [_is_disabled, _is_in_another_group, _is_in_a_disabled_group, _is_allowed, _blocking_is_off],
)
async def test_what_need_not_be_blocked_is_not_asked_for(
    sim: Simulator, check: Check, arrange: Callable[[Simulator], None]
) -> None:
    arrange(sim)
    assert await check() == ALL_RIGHT
    assert "tracker.example" not in names_asked(sim)


@pytest.mark.parametrize("client", ["127.0.0.1", "127.0.0.0/8", "00:11:22:33:44:55", "laptop"])
async def test_not_blocked_says_nothing_where_home_assistant_may_be_a_client_with_other_groups(
    sim: Simulator, contents: Callable[[], Contents], check: Check, client: str
) -> None:
    sim.pihole.add_domain("tracker.example")
    sim.pihole.add_client(client, groups=())
    expected = contents()
    sim.pihole.domains.clear()
    assert await check(expected) == replace(ALL_RIGHT, denied="tracker.example")


async def test_not_blocked_says_nothing_where_a_regular_expression_may_allow_it(
    sim: Simulator, check: Check
) -> None:
    sim.pihole.add_domain("tracker.example")
    sim.pihole.add_domain("ack", DomainType.ALLOW_REGEX)
    assert await check() == replace(ALL_RIGHT, denied="tracker.example")


async def test_the_default_group_may_have_another_name(sim: Simulator, check: Check) -> None:
    sim.pihole.groups[0].name = "Everybody"
    sim.pihole.add_domain("tracker.example")
    assert (await check()).blocked is True


# --- No answers


async def test_no_answer_is_waited_for_no_longer_than_the_limit(
    sim: Simulator, check: Check
) -> None:
    sim.dns.is_silent = True
    begun = asyncio.get_running_loop().time()
    assert await check(timings=BRIEF) == DnsCheck(outcome=DnsOutcome.SILENT)
    assert asyncio.get_running_loop().time() - begun < QUICK.total


async def test_a_closed_port_is_silence(sim: Simulator, check: Check) -> None:
    await sim.dns.stop()
    assert await check(timings=BRIEF) == DnsCheck(outcome=DnsOutcome.SILENT)


async def test_a_pihole_that_restarts_is_waited_for(sim: Simulator, check: Check) -> None:
    sim.dns.is_up = False
    asking = asyncio.create_task(check())
    await until(lambda: sim.dns.unanswered > 0)
    sim.dns.is_up = True
    assert await asking == ALL_RIGHT


async def test_records_without_answers_are_neither_right_nor_wrong(
    sim: Simulator, check: Check
) -> None:
    sim.pihole.cnames = []
    asking = asyncio.create_task(check(timings=replace(QUICK, query=0.1, again=0.3)))
    await until(lambda: len(names_asked(sim)) == 4)
    sim.dns.is_silent = True
    assert await asking == DnsCheck(outcome=DnsOutcome.ANSWERS, records=4, asked=4)


async def test_the_rate_limit_is_not_wrong(sim: Simulator, check: Check) -> None:
    sim.dns.refuses = True
    result = await check()
    assert (result.outcome, result.records, result.wrong) == (DnsOutcome.REFUSED, 0, ())


async def test_the_rate_limit_is_not_wrong_in_the_middle(
    sim: Simulator, contents: Callable[[], Contents], check: Check
) -> None:
    sim.pihole.settings["dns.rateLimit.count"] = 5
    expected = replace(contents(), settings={})
    result = await check(expected)
    assert (result.outcome, result.records, result.wrong) == (DnsOutcome.REFUSED, 5, ())


@pytest.mark.parametrize(("limit", "asked"), [(1000, 7), (20, 5), (3, 0), (0, 7)])
async def test_most_of_the_rate_limit_is_left_to_others(
    sim: Simulator, check: Check, limit: int, asked: int
) -> None:
    sim.pihole.settings["dns.rateLimit.count"] = limit
    assert (await check()).asked == asked


# --- Not asked


@pytest.mark.parametrize("port", [0, -1, 65536])
async def test_without_a_port_nothing_is_asked(
    sim: Simulator, contents: Callable[[], Contents], port: int
) -> None:
    found = await check_dns("127.0.0.1", port, contents(), was_asked=nobody_knows)
    assert found == DnsCheck(outcome=DnsOutcome.NOT_ASKED)


@pytest.mark.parametrize("error", [socket.gaierror(), UnicodeError()])
async def test_a_host_that_cannot_be_found_is_not_asked(
    check: Check, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert await check(host="pi.hole") == DnsCheck(outcome=DnsOutcome.NOT_ASKED)


async def test_an_address_that_cannot_be_asked_is_not_asked(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("no address", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert await check() == DnsCheck(outcome=DnsOutcome.NOT_ASKED)


async def test_another_dns_server_is_no_pihole(
    sim: Simulator, contents: Callable[[], Contents]
) -> None:
    """As behind a proxy, whose own DNS is at that port."""

    class Other(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: object) -> None:
            assert isinstance(self.transport, asyncio.DatagramTransport)
            question = data[12 : data.index(b"\0", 12) + 5]
            head = data[:2] + b"\x81\x83" + b"\0\1" + b"\0" * 6
            self.transport.sendto(head + question, addr)  # type: ignore[arg-type]  # as it came

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Other, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    result = await check_dns("127.0.0.1", port, contents(), was_asked=nobody_knows, timings=QUICK)
    transport.close()
    assert result == DnsCheck(outcome=DnsOutcome.NOT_ASKED)


# --- What backups may hold


def holding(hosts: Collection[str], cnames: Collection[str]) -> Contents:
    return Contents(
        versions=Versions(),
        settings={},
        groups=(),
        lists=(),
        domains=(),
        clients=(),
        dns_hosts=(*hosts,),
        cnames=(*cnames,),
        static_leases=(),
        leases=(),
        files={},
    )


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("192.0.2.1\tone.lan  two.lan # three.lan", ["one.lan", "two.lan"]),
        (" 192.0.2.1 One.LAN.", ["one.lan"]),
        ("192.0.2.1 one.lan#two.lan", ["one.lan"]),
        ("192.0.2.1 *.lan bücher.lan a..b -x.lan one_two.lan", ["one_two.lan"]),
        ("192.0.2.1 localhost x.localhost pi.hole a.onion", []),
        ("192.0.2.1 " + "a" * 64, []),
        ("192.0.2.1 " + ".".join(["abcdefgh"] * 29), []),
        ("fe80::1%eth0 one.lan", []),
        ("192.0.2.01 one.lan", []),
        ("3221225985 one.lan", []),
        ("192.0.2.1", []),
        ("", []),
        ("# 192.0.2.1 one.lan", []),
    ],
)
def test_lines_mean_what_they_mean_to_a_pihole(line: str, names: list[str]) -> None:
    assert [record.name for record in local_records(holding([line], []), None)] == names


@pytest.mark.parametrize(
    ("lines", "aliases"),
    [
        (["a.lan,b.lan"], [("a.lan", "b.lan")]),
        (["a.lan, B.lan. ,c.lan,60"], [("a.lan", "c.lan"), ("b.lan", "c.lan")]),
        (["a.lan,60"], [("a.lan", "60")]),
        (["a.lan,b.lan", "a.lan,c.lan"], []),
        (["a.lan", ",", "", "*.lan,b.lan", "a b,c.lan"], []),
    ],
)
def test_aliases_mean_what_they_mean_to_a_pihole(
    lines: list[str], aliases: list[tuple[str, str]]
) -> None:
    records = local_records(holding([], lines), None)
    assert [(record.name, record.target) for record in records] == aliases


def test_a_name_that_is_also_an_alias_is_asked_for_as_that() -> None:
    records = local_records(holding(["192.0.2.1 a.lan"], ["a.lan,b.lan"]), None)
    assert [record.target for record in records] == ["b.lan"]


@given(st.lists(st.text() | st.text("0123456789.:ab %#,\t\0-", min_size=10)))
def test_no_line_is_too_odd(lines: list[str]) -> None:
    contents = holding(lines, lines)
    changed = [(Subject.DNS_HOSTS, "", line) for line in lines]
    for record in (*local_records(contents, None), *local_records(contents, changed)):
        assert record.name.isascii()
    assert denied_name(contents, changed) is None
