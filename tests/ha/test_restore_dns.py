"""After a restore the Pi-hole's DNS is asked, and during a live one it goes on answering."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from custom_components.pihole_checkpoint.engine.restore.timings import DNS_TIMINGS
from pihole_simulator import DomainType, ListType, Pihole, Simulator, faults
from tests.support.dns import look_up
from tests.support.kitchen import Kitchen
from tests.support.timings import change_restore_timings

NAS, PRINTER, FILES = "192.168.1.10 nas.lan", "192.168.1.11 printer.lan", "files.lan,nas.lan"
ANSWERS = "The Pi-hole's DNS answers as restored. Records checked: {}"
WRONG = (
    "The Pi-hole's data is correct, but its DNS doesn't answer as restored for: {}. Restart DNS in"
    " the Pi-hole's web interface and check for errors there"
)
ELSEWHERE = (
    "The Pi-hole's DNS couldn't be checked: another DNS server may be answering at"
    " 127.0.0.1, for example on the machine of a proxy"
)
SILENT = "The Pi-hole's DNS couldn't be checked because it doesn't answer Home Assistant"
REFUSED = "The Pi-hole's DNS couldn't be checked because it limits Home Assistant's queries"


@pytest.fixture(autouse=True)
def dns(kitchen: Kitchen) -> None:
    """Have a Pi-hole whose settings say where its DNS is."""
    use_dns_of(kitchen.sim, kitchen)
    kitchen.sim.dns.old_answers_seconds = 0.0


@pytest.fixture
async def other(kitchen: Kitchen) -> AsyncIterator[Simulator]:
    """Have another Pi-hole, which knows nothing of this one's records."""
    async with Simulator(password="", pihole=Pihole(hostname="attic")) as simulator:
        yield simulator


def use_dns_of(sim: Simulator, kitchen: Kitchen, *, knows: bool = True) -> None:
    """Have the DNS at another port, for whose questions the Pi-hole knows, or not."""
    kitchen.sim.pihole.settings["dns.port"] = sim.dns.port
    if knows:
        kitchen.sim.dns.asked = sim.dns.asked


def be_impatient(patch: pytest.MonkeyPatch) -> None:
    dns = replace(DNS_TIMINGS, settle=0.0, again=0.01, query=0.05, total=0.3, known=0.3)
    change_restore_timings(patch, lambda usual: replace(usual, dns=dns))


async def restore_records(kitchen: Kitchen, **data: object) -> dict[str, Any]:
    """Restore the local records and the alias of the example."""
    stored = await kitchen.back_up()
    kitchen.sim.pihole.hosts = []
    kitchen.sim.pihole.cnames = []
    kitchen.sim.dns.asked.clear()
    answer = await kitchen.restore(stored, **data)
    assert kitchen.sim.pihole.hosts == [NAS, PRINTER]
    assert kitchen.sim.pihole.cnames == [FILES]
    assert answer["proven"] is True
    return answer


@pytest.mark.parametrize("way", ["live", "import"])
async def test_restored_records_are_asked_for_and_counted(kitchen: Kitchen, way: str) -> None:
    answer = await restore_records(kitchen, way=way)

    assert answer["way"] == way
    assert answer["remarks"] == [ANSWERS.format(3)]
    assert kitchen.events[-1].data["remarks"] == answer["remarks"]
    asked = {question.name for question in kitchen.sim.dns.asked}
    assert asked - {"tracker.example.com"} == {"pi.hole", "nas.lan", "printer.lan", "files.lan"}


async def test_only_what_was_restored_is_asked_for(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    kitchen.sim.pihole.hosts = [PRINTER]

    answer = await kitchen.restore(stored)

    assert answer["remarks"] == [ANSWERS.format(1)]
    assert "printer.lan" not in {question.name for question in kitchen.sim.dns.asked}


async def test_a_record_that_is_answered_otherwise_is_named_and_the_data_are_right(
    kitchen: Kitchen, other: Simulator
) -> None:
    other.pihole.hosts = ["192.168.1.99 nas.lan", PRINTER]
    other.pihole.cnames = [FILES]
    use_dns_of(other, kitchen)

    answer = await restore_records(kitchen)

    assert answer["remarks"] == [WRONG.format("nas.lan")]
    assert kitchen.events[-1].data["type"] == "restored"
    assert kitchen.events[-1].data["remarks"] == answer["remarks"]


async def test_the_dns_of_another_machine_at_the_address_of_a_proxy_is_not_called_wrong(
    kitchen: Kitchen, other: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_dns_of(other, kitchen, knows=False)
    be_impatient(monkeypatch)

    answer = await restore_records(kitchen)

    assert answer["remarks"] == [ELSEWHERE]
    assert answer["dns_check"] == {"outcome": "elsewhere", "asked": 3, "answered": 0, "wrong": []}
    [asked] = {each.name for each in other.dns.asked if each.name.endswith(".invalid")}
    assert len(asked) > len(".invalid")


async def test_a_pihole_that_does_not_say_what_it_was_asked_is_not_called_wrong(
    kitchen: Kitchen, other: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_dns_of(other, kitchen)
    be_impatient(monkeypatch)
    kitchen.sim.faults.always("queries", faults.error(403, "forbidden", "No"))

    answer = await restore_records(kitchen)

    assert answer["remarks"] == [ELSEWHERE]


async def test_a_record_that_is_not_answered_at_all_is_named(
    kitchen: Kitchen, other: Simulator
) -> None:
    other.pihole.hosts = [NAS]
    use_dns_of(other, kitchen)

    answer = await restore_records(kitchen)

    assert answer["remarks"] == [WRONG.format("files.lan, printer.lan")]


async def test_a_dns_that_answers_the_new_only_after_a_moment_is_not_called_wrong(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As FTL, which reads its database anew some time after a change."""
    only_the_name_is_denied(kitchen.sim.pihole)
    kitchen.sim.dns.old_answers_seconds = 0.35
    kitchen.sim.dns.upstream = "203.0.113.9"
    change_restore_timings(monkeypatch, lambda usual: replace(usual, dns=DNS_TIMINGS))
    stored = await kitchen.back_up()
    kitchen.sim.pihole.domains = []

    answer = await kitchen.restore(stored)

    assert answer["remarks"] == []
    assert "denied.example.com" in {question.name for question in kitchen.sim.dns.asked}


async def test_a_denied_domain_that_is_not_blocked_is_named(
    kitchen: Kitchen, other: Simulator
) -> None:
    only_the_name_is_denied(kitchen.sim.pihole)
    other.dns.upstream = "203.0.113.9"
    use_dns_of(other, kitchen)
    stored = await kitchen.back_up()
    kitchen.sim.pihole.domains = []

    answer = await kitchen.restore(stored)

    assert answer["remarks"] == [WRONG.format("denied.example.com")]
    assert answer["proven"] is True


async def test_while_blocking_is_off_nobody_expects_it(kitchen: Kitchen, other: Simulator) -> None:
    only_the_name_is_denied(kitchen.sim.pihole)
    kitchen.sim.pihole.settings["dns.blocking.active"] = False
    other.dns.upstream = "203.0.113.9"
    use_dns_of(other, kitchen)
    stored = await kitchen.back_up()
    kitchen.sim.pihole.domains = []

    answer = await kitchen.restore(stored)

    assert answer["remarks"] == []


async def test_a_dns_that_is_silent_is_said(
    kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_impatient(monkeypatch)
    kitchen.sim.dns.is_silent = True

    answer = await restore_records(kitchen)

    assert answer["remarks"] == [SILENT]


async def test_a_dns_whose_rate_limit_is_reached_is_said(kitchen: Kitchen) -> None:
    kitchen.sim.dns.refuses = True

    answer = await restore_records(kitchen)

    assert answer["remarks"] == [REFUSED]


async def test_of_a_dns_that_is_off_nothing_is_said(kitchen: Kitchen) -> None:
    kitchen.sim.pihole.settings["dns.port"] = 0

    answer = await restore_records(kitchen)

    assert answer["remarks"] == []
    assert kitchen.sim.dns.asked == []


async def test_of_a_dns_at_this_port_that_is_no_piholes_nothing_is_said(kitchen: Kitchen) -> None:
    async with no_pihole() as port:
        kitchen.sim.pihole.settings["dns.port"] = port

        answer = await restore_records(kitchen)

    assert answer["remarks"] == []


async def test_a_preview_asks_no_dns(kitchen: Kitchen) -> None:
    stored = await kitchen.back_up()
    kitchen.sim.pihole.hosts = []

    await kitchen.restore(stored, dry_run=True)

    assert kitchen.sim.dns.asked == []


# Meanwhile ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["live", "import"])
async def test_no_query_is_lost_during_a_live_restore_and_some_are_during_an_import(
    kitchen: Kitchen, way: str
) -> None:
    pihole = kitchen.sim.pihole
    kitchen.sim.restart_seconds = 0.3
    stored = await kitchen.back_up()
    change_twenty(pihole)

    async with asking_all_the_while(kitchen.sim.dns.port) as answers:
        answer = await kitchen.restore(stored, way=way)

    assert len(answer["items"]) == 20
    assert (answer["proven"], answer["way"]) == (True, way)
    assert len(answers) >= 5
    lost = [found for found in answers if found != ["192.168.1.10 (0 s)"]]
    assert (len(lost) == 0) is (way == "live")
    assert (kitchen.sim.dns.unanswered == 0) is (way == "live")
    assert kitchen.sim.restarts == (way == "import")


def only_the_name_is_denied(pihole: Pihole) -> None:
    """Have nothing that could explain another answer for it."""
    pihole.clients.clear()
    pihole.domains.clear()
    pihole.add_domain("denied.example.com")


def change_twenty(pihole: Pihole) -> None:
    """Make 20 changes of lists, domains, clients and groups that a restore takes back."""
    for number in range(5):
        pihole.add_group(f"group {number}")
        pihole.add_adlist(f"https://lists.example.org/{number}.txt", ListType.BLOCK)
        pihole.add_client(f"10.0.0.{number}")
    for number in range(3):
        pihole.add_domain(f"{number}.example.com", DomainType.DENY_EXACT)
    pihole.domains[0].comment = "another"
    pihole.adlists.pop(0)


@asynccontextmanager
async def asking_all_the_while(port: int) -> AsyncIterator[list[list[str]]]:
    """Ask 50 times a second for a record that nothing changes; each answer counts, in the end."""
    answers: list[list[str]] = []
    is_over = asyncio.Event()

    async def ask() -> None:
        answers.append(await look_up(port, "nas.lan", patience=2.0))

    async def go_on() -> None:
        async with asyncio.TaskGroup() as questions:
            while not is_over.is_set():
                questions.create_task(ask())
                await asyncio.sleep(1 / 50)

    asking = asyncio.create_task(go_on())
    yield answers
    is_over.set()
    await asking


@asynccontextmanager
async def no_pihole() -> AsyncIterator[int]:
    """Have another DNS server, which knows no name: as a router's."""

    class Router(asyncio.DatagramProtocol):
        transport: asyncio.DatagramTransport

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.DatagramTransport)
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
            self.transport.sendto(data[:2] + b"\x81\x83" + data[4:], addr)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        Router, local_addr=("127.0.0.1", 0)
    )
    yield int(transport.get_extra_info("sockname")[1])
    transport.close()
    await asyncio.sleep(0)
