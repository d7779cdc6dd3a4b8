"""The simulator is held to what was measured of a real Pi-hole, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
import io
import zipfile

import aiohttp
import pytest

from pihole_simulator import Credentials, Fault, Pihole, Simulator, build_archive, faults
from tests.simulator.asking import APP_PASSWORD, PASSWORD, Answer, ask, log_in


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(password=PASSWORD, app_password=APP_PASSWORD) as simulator:
        simulator.clock.stop()
        yield simulator


async def export(http: aiohttp.ClientSession, sim: Simulator) -> Answer:
    sid = (await log_in(http, sim)).sid
    return await ask(http, sim, "GET /api/teleporter", sid=sid)


# --- Sessions


async def test_a_session_lasts_half_an_hour_from_its_last_use(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    sid = (await log_in(http, sim)).sid
    for _ in range(3):
        sim.clock.advance(1799)
        assert (await ask(http, sim, "GET /api/info/host", sid=sid)).status == 200
    sim.clock.advance(1801)
    answer = await ask(http, sim, "GET /api/info/host", sid=sid)
    assert (answer.status, answer.key) == (401, "unauthorized")


async def test_changing_the_password_ends_every_session(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    sid = (await log_in(http, sim)).sid
    sim.change_credentials(Credentials(password="another"))
    assert (await ask(http, sim, "GET /api/auth", sid=sid)).status == 401
    assert {PASSWORD, "another", sid} < sim.secrets


# --- What else is served


async def test_below_a_prefix_there_is_nothing_beside_it(http: aiohttp.ClientSession) -> None:
    async with Simulator(prefix="/pihole") as sim, http.get(f"{sim.origin}/api/auth") as response:
        assert (response.status, response.content_type) == (404, "text/html")


async def test_requests_are_remembered_without_their_secrets(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    await export(http, sim)
    login, download = sim.requests
    assert (login.is_login, login.has_sid, login.body_size > 0) == (True, False, True)
    assert (download.path, download.is_login) == ("/api/teleporter", False)
    assert download.has_sid
    assert not [secret for secret in sim.secrets if secret in repr((sim.requests, sim.auth))]


# --- The archive


async def test_two_exports_of_an_unchanged_pihole_differ(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    first = (await export(http, sim)).body
    sim.clock.advance(2)
    assert (await export(http, sim)).body != first


def test_the_names_of_the_databases_follow_the_settings_and_leases_may_be_missing() -> None:
    pihole = Pihole(settings={"files.gravity": "/data/blocking.db"})
    archive = build_archive(pihole, Simulator().clock.datetime())
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == [
        *("etc/pihole/pihole.toml", "etc/hosts", "data/blocking.db", "etc/pihole/pihole-FTL.db")
    ]


# --- Faults


async def test_faults_of_the_body_change_just_what_they_say(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    healthy = (await export(http, sim)).body
    for fault, body in (
        (faults.chunked(), healthy),
        (faults.gzip(), healthy),
        (faults.trickle(1000, 0), healthy),
        (faults.replace(b"PK?"), b"PK?"),
        (faults.headers({"Content-Type": "text/plain"}), healthy),
    ):
        sim.faults.next("export", fault)
        answer = await export(http, sim)
        assert (answer.status, answer.body) == (200, body)
    assert answer.headers["Content-Type"] == "text/plain"


async def test_a_lasting_fault_lasts_until_it_is_cleared(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    calls: list[int] = []
    sim.faults.always("everything", faults.html("Sign in", 403))
    sim.faults.next("probe", faults.call(lambda: calls.append(1)))
    answers = [await ask(http, sim, "GET /api/auth") for _ in range(3)]
    assert ([answer.status for answer in answers], calls) == ([401, 403, 403], [1])
    sim.faults.clear()
    assert (await ask(http, sim, "GET /api/auth")).status == 401


async def test_a_login_that_the_client_gave_up_takes_a_seat_all_the_same(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    gate = faults.gate()
    sim.faults.next("login", gate)
    login = asyncio.create_task(log_in(http, sim))
    await gate.reached.wait()
    login.cancel()
    with pytest.raises(asyncio.CancelledError):
        await login
    assert len(sim.sessions) == 1


# --- Going off and coming back


@pytest.mark.parametrize("turns", range(4))
async def test_a_stop_breaks_off_connections_that_are_just_being_accepted(
    sim: Simulator, turns: int
) -> None:
    failures: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: failures.append(context)
    )
    for _ in range(3):
        coming = [
            asyncio.create_task(asyncio.open_connection("127.0.0.1", sim.port)) for _ in range(5)
        ]
        for _ in range(turns):
            await asyncio.sleep(0)

        await sim.stop()

        for connection in coming:
            with suppress(OSError):
                (await connection)[1].close()
        await sim.start()
    assert failures == []


@pytest.mark.parametrize(
    "fault", [faults.hang(), faults.stall(10), faults.endless(), faults.gate()]
)
async def test_the_server_can_stop_while_a_request_hangs(
    sim: Simulator, http: aiohttp.ClientSession, fault: Fault
) -> None:
    sid = (await log_in(http, sim)).sid
    arrived = asyncio.Event()

    async def noticed(*request: object) -> object:
        arrived.set()
        return await fault(*request)  # type: ignore[arg-type]

    sim.faults.always("export", noticed)  # type: ignore[arg-type]
    download = asyncio.create_task(ask(http, sim, "GET /api/teleporter", sid=sid))
    await arrived.wait()
    async with asyncio.timeout(10):
        await sim.stop()
        with pytest.raises(aiohttp.ClientError):
            await download


async def test_a_pihole_goes_off_and_comes_back_with_its_sessions(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    sid, url = (await log_in(http, sim)).sid, sim.url
    await sim.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(http, sim, "GET /api/auth")
    await sim.start()
    assert sim.url == url
    assert (await ask(http, sim, "GET /api/auth", sid=sid)).status == 200
