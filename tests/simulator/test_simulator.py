"""The simulator is held to what was measured of a real Pi-hole, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
import io
import sqlite3
import zipfile
import zlib

import aiohttp
import pytest

from pihole_simulator import (
    Credentials,
    Fault,
    Pihole,
    PiholeV5,
    Simulator,
    broken,
    build_archive,
    faults,
    tls,
)
from tests.simulator.asking import APP_PASSWORD, PASSWORD, Answer, ask, log_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
GRAVITY = "etc/pihole/gravity.db"


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


# --- Passwords


# --- Cookies


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


async def test_a_pihole_v5_has_no_session_api(http: aiohttp.ClientSession) -> None:
    async with PiholeV5() as old:
        assert (await ask(http, old, "GET /api/auth")).status == 404
        answer = await ask(http, old, "GET /admin/api.php?version")
        assert (answer.status, answer.body) == (200, b'{"version": 3}')
        assert "Web interface" in answer.headers["X-Pi-hole"]


async def test_the_certificate_out_of_the_box_is_not_trusted_and_an_installed_one_is(
    http: aiohttp.ClientSession,
) -> None:
    async with Simulator(tls=tls.out_of_the_box()) as sim:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.get(f"{sim.url}/api/auth")
        async with http.get(f"{sim.url}/api/auth", ssl=False) as response:
            assert response.status == 401
    certificate = tls.installed_by_the_user()
    async with (
        Simulator(tls=certificate) as sim,
        http.get(f"{sim.url}/api/auth", ssl=certificate.client_context()) as response,
    ):
        assert response.status == 401


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
        *("etc/pihole/pihole.toml", "etc/hosts", "data/blocking.db", "etc/pihole/pihole-FTL.db"),
    ]


# --- Broken archives


def tables(archive: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        data = opened.read(GRAVITY)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


@pytest.fixture
def archive() -> bytes:
    return build_archive(Pihole.example(), Simulator().clock.datetime())


def test_what_breaks_the_zip_breaks_it(archive: bytes) -> None:
    for damaged, reason in (
        (broken.flipped(archive, GRAVITY), (zipfile.BadZipFile, zlib.error)),
        (broken.truncated(archive, 1000), zipfile.BadZipFile),
        (broken.encrypted(archive), RuntimeError),
        (broken.lying_about_size(archive, GRAVITY, 10), zipfile.BadZipFile),
    ):
        with pytest.raises(reason), zipfile.ZipFile(io.BytesIO(damaged)) as opened:
            opened.read(GRAVITY)


def test_what_breaks_only_the_contents_leaves_the_zip_sound(archive: bytes) -> None:
    damaged = [
        broken.without(archive, GRAVITY),
        broken.with_member(archive, "../evil", b"!"),
        broken.replace_member(archive, GRAVITY, b"no database"),
        broken.duplicate_member(archive, GRAVITY),
        broken.many_members(archive, 1000),
        broken.bomb(archive, 10_000_000),
        broken.broken_sqlite(archive),
        broken.without_table(archive, "client"),
        broken.broken_toml(archive),
    ]
    assert len(damaged[5]) < 50_000
    for data in damaged:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            assert opened.testzip() is None
    with pytest.raises(sqlite3.DatabaseError):
        tables(damaged[6])
    assert "client" not in tables(damaged[7])


# --- Faults


@pytest.mark.parametrize(
    "fault",
    [
        faults.drop(),
        faults.raw(b"SSH-2.0-OpenSSH\r\n"),
        faults.cut(100),
    ],
)
async def test_a_broken_connection_is_an_error_to_the_client(
    sim: Simulator, http: aiohttp.ClientSession, fault: Fault
) -> None:
    # Always: aiohttp itself asks again when a connection that it kept is closed without a word.
    sim.faults.always("export", fault)
    with pytest.raises(aiohttp.ClientError):
        await export(http, sim)
    sim.faults.clear()
    assert (await export(http, sim)).status == 200


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


@pytest.mark.parametrize(
    ("fault", "announced", "sent"),
    [(faults.overrun(b"more"), 0, 4), (faults.announce_less(9), -9, 0), (faults.cut(9), 0, -9)],
)
async def test_more_or_less_can_be_sent_than_is_announced(
    http: aiohttp.ClientSession, fault: Fault, announced: int, sent: int
) -> None:
    async with Simulator(password="") as sim:
        healthy = len((await ask(http, sim, "GET /api/teleporter")).body)
        sim.faults.next("export", fault)
        # aiohttp's client would not show what comes beyond the announced length.
        reader, writer = await asyncio.open_connection("127.0.0.1", sim.port)
        writer.write(b"GET /api/teleporter HTTP/1.1\r\nHost: pi.hole\r\n\r\n")
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
    assert f"Content-Length: {healthy + announced}".encode() in head
    assert len(body) == (healthy + sent if sent >= 0 else -sent)


async def test_faults_of_the_answer_take_its_place(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    sim.faults.next("login", faults.error(503, "busy", "Come back later"))
    sim.faults.next("login", faults.html())
    sim.faults.next("login", faults.redirect("https://pi.hole:443"))
    sim.faults.next("login", faults.redirect_to("/sign-in"))
    busy, page, moved, elsewhere = [await log_in(http, sim) for _ in range(4)]
    assert (busy.status, busy.key) == (503, "busy")
    assert page.headers["Content-Type"].startswith("text/html")
    assert (moved.status, moved.headers["Location"]) == (308, "https://pi.hole:443/api/auth")
    assert (elsewhere.status, elsewhere.headers["Location"]) == (302, "/sign-in")
    assert sim.logins == 0


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


@pytest.mark.parametrize("fault", [faults.stall(10), faults.endless()])
async def test_an_answer_without_an_end_can_be_given_up(
    sim: Simulator, http: aiohttp.ClientSession, fault: Fault
) -> None:
    sid = (await log_in(http, sim)).sid
    sim.faults.always("export", fault)
    async with http.get(f"{sim.url}/api/teleporter", headers={"X-FTL-SID": sid}) as response:
        assert response.status == 200
        assert len(await response.content.readexactly(10)) == 10
        response.close()


async def test_a_gate_holds_an_answer_until_it_is_opened(
    sim: Simulator, http: aiohttp.ClientSession
) -> None:
    gate = faults.gate()
    sim.faults.always("login", gate)
    login = asyncio.create_task(log_in(http, sim))
    await gate.reached.wait()
    assert (len(sim.sessions), login.done()) == (1, False)
    gate.open()
    assert (await login).status == 200


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
