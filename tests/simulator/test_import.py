"""The simulator is held to what a real Pi-hole makes of an import, over real HTTP."""

import asyncio
import io
import json

import aiohttp
import pytest

from pihole_simulator import (
    DomainType,
    Lease,
    Pihole,
    Simulator,
    broken,
    build_archive,
    configuration_of,
    faults,
)
from tests.simulator.asking import Answer, ask, log_in
from tests.support.passwords import APP_PASSWORD, PASSWORD

TOML, LEASES, GRAVITY = "etc/pihole/pihole.toml", "etc/pihole/dhcp.leases", "etc/pihole/gravity.db"
TABLES = (
    *("group", "adlist", "adlist_by_group", "domainlist", "domainlist_by_group"),
    *("client", "client_by_group"),
)


@pytest.fixture
async def sid(sim: Simulator, http: aiohttp.ClientSession) -> str:
    return (await log_in(http, sim, PASSWORD)).sid


@pytest.fixture
def archive(sim: Simulator) -> bytes:
    return exported(sim)


def exported(sim: Simulator) -> bytes:
    return build_archive(sim.pihole, sim.clock.datetime())


async def upload(
    http: aiohttp.ClientSession,
    sim: Simulator,
    archive: bytes | io.BytesIO,
    *,
    sid: str | None = None,
    name: str = "backup.zip",
    chosen: object = None,
) -> Answer:
    form = aiohttp.FormData()
    form.add_field("file", archive, filename=name, content_type="application/zip")
    if chosen is not None:
        form.add_field("import", chosen if isinstance(chosen, str) else json.dumps(chosen))
    headers = {"X-FTL-SID": sid} if sid else {}
    async with http.post(f"{sim.url}/api/teleporter", data=form, headers=headers) as response:
        return Answer(response.status, response.headers, await response.read())


def files(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    taken: list[str] = json.loads(answer.body)["files"]
    return taken


def change_everything(pihole: Pihole) -> None:
    pihole.groups[1].name = "children"
    pihole.add_group("guests")
    pihole.adlists.pop(0)
    pihole.adlists[0].groups = {0, pihole.groups[-1].id}
    pihole.add_adlist("https://lists.example.org/more.txt")
    pihole.domains[0].enabled = False
    pihole.domains.pop()
    pihole.add_domain("new.example.com", DomainType.ALLOW_EXACT, groups=())
    pihole.clients[0].comment = "changed"
    pihole.add_client("192.168.1.99")
    pihole.upstreams, pihole.hosts = ["1.1.1.1"], []
    pihole.cnames, pihole.static_leases = [], []
    pihole.settings |= {"dns.interface": "eth1", "webserver.api.temp.limit": 70.5}
    pihole.leases = [Lease(mac="00:11:22:33:44:77", ip="192.168.1.78", client_id="*")]
    pihole.update_gravity(1_800_000_000)


# --- What is taken over


async def test_an_import_makes_it_what_it_was(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    before = configuration_of(sim.pihole)
    change_everything(sim.pihole)
    changed = configuration_of(sim.pihole)
    assert all(changed[part] != before[part] for part in before)
    assert files(await upload(http, sim, archive, sid=sid)) == [
        *(TOML, LEASES),
        *(f"{GRAVITY}->{table}" for table in TABLES),
    ]
    assert configuration_of(sim.pihole) == before
    await sim.start()
    again = exported(sim)
    change_everything(sim.pihole)
    await upload(http, sim, again, sid=sid)
    assert configuration_of(sim.pihole) == before


async def test_tests_can_have_things_skipped_in_silence(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    before = configuration_of(sim.pihole)
    change_everything(sim.pihole)
    changed = configuration_of(sim.pihole)
    sim.skips = {"config", "dhcp_leases", *TABLES[3:]}
    assert files(await upload(http, sim, archive, sid=sid)) == [
        f"{GRAVITY}->{table}" for table in TABLES[:3]
    ]
    after = configuration_of(sim.pihole)
    assert after["adlists"] == before["adlists"]
    assert (after["settings"], after["leases"]) == (changed["settings"], changed["leases"])


# --- Credentials


async def test_a_password_can_come_that_nobody_knows(
    sim: Simulator, http: aiohttp.ClientSession, sid: str
) -> None:
    text = b"[webserver.api]\npwhash = '$BALLOON-SHA256$foreign'\n"
    archive = broken.replace_member(exported(sim), TOML, text)
    files(await upload(http, sim, archive, sid=sid))
    assert sim.pihole.credentials.pwhash == "$BALLOON-SHA256$foreign"
    assert {"$BALLOON-SHA256$foreign", sim.pihole.credentials.password} < sim.secrets
    await sim.start()
    assert (await log_in(http, sim, PASSWORD)).status == 401
    sim.clock.advance(1)
    assert (await log_in(http, sim, APP_PASSWORD)).status == 200


# --- The restart


async def test_nobody_is_there_during_the_restart_and_sessions_survive_it(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    url = sim.url
    sim.restart_seconds = None
    waiting = faults.gate()
    sim.faults.next("host", waiting)
    other = asyncio.create_task(ask(http, sim, "GET /api/info/host", sid=sid))
    await waiting.reached.wait()
    assert files(await upload(http, sim, archive, sid=sid))
    with pytest.raises(aiohttp.ClientError):
        await other
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(http, sim, "GET /api/auth")
    assert sim.restarts == 1
    await sim.start()
    assert sim.url == url
    assert (await ask(http, sim, "GET /api/auth", sid=sid)).status == 200


async def test_the_answer_is_there_before_the_restart(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    gate = faults.gate()
    sim.faults.next("import", gate)
    held = asyncio.create_task(upload(http, sim, archive, sid=sid))
    await gate.reached.wait()
    assert (await ask(http, sim, "GET /api/auth", sid=sid)).status == 200
    assert sim.restarts == 0
    gate.open()
    assert files(await held)
    await sim.start()
    assert sim.restarts == 1


@pytest.mark.parametrize("pause", [0.0, 0.001, 0.01])
async def test_it_can_be_stopped_at_any_moment_of_a_restart(
    http: aiohttp.ClientSession, pause: float
) -> None:
    before = asyncio.all_tasks()
    for seconds in (None, 0.0, 0.01):
        async with Simulator(password="") as sim:
            sim.restart_seconds = seconds
            files(await upload(http, sim, exported(sim)))
            await asyncio.sleep(pause)
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask(http, sim, "GET /api/auth")
    assert asyncio.all_tasks() == before


async def test_it_can_be_stopped_while_the_answer_to_an_import_is_held(
    http: aiohttp.ClientSession,
) -> None:
    gate = faults.gate()
    before = asyncio.all_tasks()
    async with Simulator(password="") as sim:
        sim.faults.next("import", gate)
        held = asyncio.create_task(upload(http, sim, exported(sim)))
        await gate.reached.wait()
    with pytest.raises(aiohttp.ClientError):
        await held
    assert asyncio.all_tasks() == before


# --- The update of the blocklists


async def test_a_list_may_be_out_of_reach(
    sim: Simulator, http: aiohttp.ClientSession, sid: str
) -> None:
    sim.unreachable_lists = {sim.pihole.adlists[0].address}
    text = (await ask(http, sim, "POST /api/action/gravity", sid=sid)).body.decode()
    assert "\r\x1b[K  [✗] Status: Not found\n" in text
    assert "  [✗] List download failed: no cached list available\n" in text
    gone, fine = sim.pihole.adlists[:2]
    assert ((gone.status, gone.number), fine.status) == ((4, 0), 1)
    assert fine.number > 0
    assert text.endswith("  [✓] Done.\n")


async def begin_update(
    http: aiohttp.ClientSession, sim: Simulator, sid: str
) -> aiohttp.ClientResponse:
    response = await http.post(f"{sim.url}/api/action/gravity", headers={"X-FTL-SID": sid})
    assert await response.content.readline() != b""
    return response


async def test_nothing_has_changed_before_the_end_of_an_update(
    sim: Simulator, http: aiohttp.ClientSession, sid: str
) -> None:
    sim.gravity_delay = 0.005
    before = configuration_of(sim.pihole)
    without_counts = configuration_of(sim.pihole, counts=False)
    response = await begin_update(http, sim, sid)
    assert configuration_of(sim.pihole) == before
    await response.read()
    assert configuration_of(sim.pihole) != before
    assert configuration_of(sim.pihole, counts=False) == without_counts


async def test_an_update_goes_on_when_nobody_listens_but_not_when_it_is_stopped(
    sim: Simulator, http: aiohttp.ClientSession, sid: str
) -> None:
    sim.gravity_delay = 0.001
    (await begin_update(http, sim, sid)).close()
    async with asyncio.timeout(10):
        while not sim.gravity_updates:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
    sim.gravity_delay = 1
    response = await begin_update(http, sim, sid)
    await sim.stop()
    with pytest.raises(aiohttp.ClientError):
        await response.read()
    assert sim.gravity_updates == 1
