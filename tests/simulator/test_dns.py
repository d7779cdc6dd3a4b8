"""The DNS of the simulator, where `tests/conformance` does not ask."""

import asyncio
from collections.abc import AsyncIterator
from typing import override

import aiohttp
import pytest

from pihole_simulator import Simulator
from tests.simulator.asking import PASSWORD, ask, log_in
from tests.support.dns import NO_SUCH_NAME, REFUSED, SILENCE, look_up

BLOCKED = ["0.0.0.0 (2 s)"]
NAS = ["192.168.1.10 (0 s)"]
QUESTION = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03nas\x03lan\x00\x00\x01\x00\x01"
NOT_ANSWERED = {
    "nothing": b"",
    "half a head": QUESTION[:11],
    "an answer": QUESTION[:2] + b"\x81" + QUESTION[3:],
}
BAD = {
    "no question": QUESTION[:5] + b"\x00" + QUESTION[6:],
    "1000 questions": QUESTION[:4] + b"\x03\xe8" + QUESTION[6:],
    "half a name": QUESTION[:14],
    "a name without an end": QUESTION[:12] + b"\x01a" * 400,
    "a pointer to itself": QUESTION[:12] + b"\xc0\x0c\x00\x01\x00\x01",
    "half a question": QUESTION[:-1],
    "no text": QUESTION[:12] + b"\x02\xff\xfe\x00\x00\x01\x00\x01",
}


class _Answers(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.received: asyncio.Queue[bytes] = asyncio.Queue()

    @override
    def datagram_received(self, data: bytes, addr: object) -> None:
        self.received.put_nowait(data)


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(password=PASSWORD) as simulator:
        yield simulator


async def is_found(sim: Simulator, name: str = "nas.lan") -> list[str]:
    return await look_up(sim.dns.port, name)


async def first_answer(sim: Simulator, *messages: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        _Answers, remote_addr=("127.0.0.1", sim.dns.port)
    )
    for message in messages:
        transport.sendto(message)
    async with asyncio.timeout(5):
        answer = await protocol.received.get()
    transport.close()
    return answer


@pytest.mark.parametrize("what", NOT_ANSWERED)
async def test_what_is_no_question_is_not_answered(sim: Simulator, what: str) -> None:
    assert (await first_answer(sim, NOT_ANSWERED[what], QUESTION))[3] & 0xF == 0


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_question_is_answered_with_an_error(sim: Simulator, what: str) -> None:
    answer = await first_answer(sim, BAD[what])
    assert (answer[:2], answer[3] & 0xF, len(answer)) == (QUESTION[:2], 1, 12)


async def test_too_many_records_come_over_tcp(sim: Simulator) -> None:
    sim.pihole.hosts = [f"192.0.2.{last} many.lan" for last in range(1, 101)]
    assert len(await is_found(sim, "many.lan")) == 100
    assert len(sim.dns.asked) == 2, "first over UDP"


async def test_a_change_of_domains_counts_a_moment_later(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    sim.dns.old_answers_seconds = 60
    sid = (await log_in(http, sim)).sid
    body = {"domain": "nas.lan"}
    await ask(http, sim, "POST /api/domains/deny/exact", sid=sid, body=body)
    assert await is_found(sim) == NAS
    sim.dns.forget_old_answers()
    assert await is_found(sim) == BLOCKED


async def test_what_the_test_itself_changes_counts_at_once(sim: Simulator) -> None:
    sim.pihole.add_domain("nas.lan")
    assert await is_found(sim) == BLOCKED


async def test_it_is_silent_while_the_pihole_restarts(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    sim.restart_seconds = None
    sid = (await log_in(http, sim)).sid
    await ask(http, sim, "POST /api/action/restartdns", sid=sid)
    while sim.dns.is_up:  # noqa: ASYNC110 - it goes away in a moment
        await asyncio.sleep(0)
    assert await is_found(sim) == [SILENCE]
    assert sim.dns.unanswered == len(sim.dns.asked) > 0
    await sim.start()
    assert await is_found(sim) == NAS


async def test_its_port_outlives_a_stop(sim: Simulator) -> None:
    port = sim.dns.port
    await sim.stop()
    assert await look_up(port, "nas.lan") == [SILENCE]
    await sim.start()
    assert await look_up(port, "nas.lan") == NAS


async def test_it_can_be_silent_refuse_or_lose_questions(sim: Simulator) -> None:
    sim.dns.is_silent = True
    assert await is_found(sim) == [SILENCE]
    sim.dns.is_silent, sim.dns.refuses = False, True
    assert await is_found(sim) == [REFUSED]
    sim.dns.refuses, sim.dns.lose = False, 1
    assert await is_found(sim) == [SILENCE]
    assert await is_found(sim) == NAS


async def test_other_names_are_what_upstream_says(sim: Simulator) -> None:
    assert await is_found(sim, "www.example.org") == [NO_SUCH_NAME]
    sim.dns.upstream = "198.51.100.1"
    assert await is_found(sim, "www.example.org") == ["198.51.100.1 (300 s)"]
