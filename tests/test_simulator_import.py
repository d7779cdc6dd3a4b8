"""The simulator is held to what a real Pi-hole makes of an import, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
import io
import json

import aiohttp
import pytest

from .conftest import APP_PASSWORD, PASSWORD
from .simulator import (
    Credentials,
    DomainType,
    Fault,
    Lease,
    Pihole,
    Simulator,
    broken,
    build_archive,
    configuration_of,
    faults,
)
from .simulator.rows import Member
from .test_simulator import Answer, ask, log_in

TOML, LEASES, GRAVITY = "etc/pihole/pihole.toml", "etc/pihole/dhcp.leases", "etc/pihole/gravity.db"
TABLES = (
    *("group", "adlist", "adlist_by_group", "domainlist", "domainlist_by_group"),
    *("client", "client_by_group"),
)


@pytest.fixture
async def http(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


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


def hint(answer: Answer) -> str:
    assert (answer.status, answer.key) == (400, "bad_request")
    return str(answer.json["error"]["hint"])


def only(*tables: str) -> object:
    return {"gravity": dict.fromkeys(tables, True)}


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


async def test_an_import_undoes_an_import(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    change_everything(sim.pihole)
    changed, safety_net = configuration_of(sim.pihole), exported(sim)
    for data in (archive, safety_net):
        files(await upload(http, sim, data, sid=sid))
        await sim.start()
    assert configuration_of(sim.pihole) == changed


async def test_no_id_is_given_twice(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    far = broken.with_sql(archive, "UPDATE client SET id = 1000 WHERE ip = '192.168.1.60'")
    await upload(http, sim, far, sid=sid)
    assert sim.pihole.add_client("192.168.1.61").id > 1000


async def test_only_what_is_chosen_is_taken(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    before = configuration_of(sim.pihole)
    change_everything(sim.pihole)
    changed = configuration_of(sim.pihole)
    for chosen, taken in (
        ({}, []),
        ({"config": 1, "dhcp_leases": "yes", "gravity": True}, []),
        ({"config": False, "gravity": {"client": 1}}, []),
        ({"dhcp_leases": True}, [LEASES]),
        (only("client_by_group", "client"), [f"{GRAVITY}->client", f"{GRAVITY}->client_by_group"]),
    ):
        assert files(await upload(http, sim, archive, sid=sid, chosen=chosen)) == taken
        await sim.start()
    after = configuration_of(sim.pihole)
    # The group "kids" is called "children" now.
    before["clients"]["192.168.1.50"]["groups"] = ["Default", "children"]  # type: ignore[index]
    assert [after[part] for part in ("leases", "clients")] == [
        before[part] for part in ("leases", "clients")
    ]
    for part in ("settings", "groups", "adlists", "domains"):
        assert after[part] == changed[part]


@pytest.mark.parametrize("table", ["adlist", "domainlist", "client"])
async def test_a_table_without_its_pair_loses_the_assignments(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes, table: str
) -> None:
    pihole = sim.pihole
    before = configuration_of(pihole)
    await upload(http, sim, archive, sid=sid, chosen=only(table))
    members: dict[str, Sequence[Member]] = {
        "adlist": pihole.adlists,
        "domainlist": pihole.domains,
        "client": pihole.clients,
    }
    rows = members[table]
    assert rows
    assert {group for row in rows for group in row.groups} == {0}
    assert configuration_of(pihole) != before
    await sim.start()
    await upload(http, sim, archive, sid=sid, chosen=only(table, f"{table}_by_group"))
    assert configuration_of(pihole) == before


async def test_the_default_group_cannot_be_lost(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    bare = broken.with_sql(archive, 'DELETE FROM "group"')
    await upload(http, sim, bare, sid=sid, chosen=only("group"))
    assert [(group.id, group.name, group.enabled) for group in sim.pihole.groups] == [
        (0, "Default", True)
    ]


async def test_columns_are_taken_by_their_position(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    columns = "id, ip, date_added, date_modified, comment"
    turned = broken.with_sql(
        archive,
        f"CREATE TABLE other AS SELECT id, comment, date_added, date_modified, ip FROM client;"  # noqa: S608
        f"DROP TABLE client; CREATE TABLE client ({columns});"
        f"INSERT INTO client SELECT * FROM other",
    )
    await upload(http, sim, turned, sid=sid, chosen=only("client", "client_by_group"))
    assert [(row.ip, row.comment) for row in sim.pihole.clients] == [
        ("tablet", "192.168.1.50"),
        ("camera", "192.168.1.60"),
    ]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("ALTER TABLE client ADD COLUMN extra", "has 5 columns but 6 values were supplied"),
        ("ALTER TABLE client DROP COLUMN comment", "has 5 columns but 4 values were supplied"),
        ("DROP TABLE client", "no such table: archive.client"),
        ("UPDATE client SET ip = NULL", "NOT NULL constraint failed"),
    ],
)
async def test_of_the_database_all_is_taken_or_nothing(
    sim: Simulator,
    http: aiohttp.ClientSession,
    sid: str,
    archive: bytes,
    script: str,
    reason: str,
) -> None:
    change_everything(sim.pihole)
    changed = configuration_of(sim.pihole)
    odd = broken.with_sql(archive, script)
    assert reason in hint(await upload(http, sim, odd, sid=sid, chosen=only(*TABLES)))
    assert configuration_of(sim.pihole) == changed


async def test_what_came_before_a_failure_stays_taken(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    before = configuration_of(sim.pihole)
    change_everything(sim.pihole)
    changed = configuration_of(sim.pihole)
    hint(await upload(http, sim, broken.broken_sqlite(archive), sid=sid))
    after = configuration_of(sim.pihole)
    for part, was in before.items():
        assert after[part] == (was if part in {"settings", "leases"} else changed[part])
    assert sim.restarts == 0


async def test_a_member_that_cannot_be_unpacked_is_passed_over(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    change_everything(sim.pihole)
    changed = configuration_of(sim.pihole)
    taken = files(await upload(http, sim, broken.flipped(archive, GRAVITY), sid=sid))
    assert taken == [TOML, LEASES]
    assert configuration_of(sim.pihole)["adlists"] == changed["adlists"]


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


async def test_the_name_of_the_database_follows_what_was_imported_just_now(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    sim.pihole.settings["files.gravity"] = "/data/blocking.db"
    elsewhere = exported(sim)
    chosen = only("group")
    assert files(await upload(http, sim, archive, sid=sid, chosen=chosen)) == []
    await sim.start()
    assert files(await upload(http, sim, archive, sid=sid))[-1] == f"{GRAVITY}->client_by_group"
    await sim.start()
    taken = files(await upload(http, sim, elsewhere, sid=sid))
    assert taken[-1] == "data/blocking.db->client_by_group"


# --- The configuration file and the leases


async def test_what_the_configuration_lacks_stays_and_what_is_unknown_is_dropped(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    sim.pihole.settings["dns.interface"] = "eth1"
    before = configuration_of(sim.pihole)["settings"]
    text = b'[dns]\nupstreams = ["1.1.1.1"]\nnews = 1\n[nothing]\nat = "all"\n'
    short = broken.replace_member(archive, TOML, text)
    await upload(http, sim, short, sid=sid, chosen={"config": True})
    assert configuration_of(sim.pihole)["settings"] == before | {"dns.upstreams": ["1.1.1.1"]}
    assert sim.sessions != []


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[unclosed = ",
        b"\xff\xfe",
        b"[dns]\nport = '53'",
        b"[dns]\nport = true",
        b"[dns]\nhosts = [1]",
        b"[dns]\nhosts = []\n[webserver.api]\npwhash = 0",
    ],
)
async def test_of_an_invalid_configuration_nothing_is_taken(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes, text: bytes
) -> None:
    before = configuration_of(sim.pihole)
    odd = broken.replace_member(archive, TOML, text)
    assert TOML in hint(await upload(http, sim, odd, sid=sid))
    assert configuration_of(sim.pihole) == before


async def test_the_leases_may_be_empty_and_may_be_missing(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    leases = sim.pihole.leases
    missing = files(await upload(http, sim, broken.without(archive, LEASES), sid=sid))
    assert LEASES not in missing
    assert sim.pihole.leases == leases
    await sim.start()
    empty = broken.replace_member(archive, LEASES, b"")
    assert LEASES in files(await upload(http, sim, empty, sid=sid))
    assert sim.pihole.leases == []


# --- Credentials


async def test_other_credentials_end_every_session(
    sim: Simulator, http: aiohttp.ClientSession, archive: bytes
) -> None:
    sim.change_credentials(Credentials(password="another"))
    sid = (await log_in(http, sim, "another")).sid
    files(await upload(http, sim, archive, sid=sid))
    await sim.start()
    assert (await ask(http, sim, "GET /api/auth", sid=sid)).status == 401
    assert (await log_in(http, sim, "another")).status == 401
    sim.clock.advance(1)
    assert (await log_in(http, sim, PASSWORD)).status == 200
    assert (await log_in(http, sim, APP_PASSWORD)).session["message"] == "app-password correct"


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


async def test_the_password_can_go(sim: Simulator, http: aiohttp.ClientSession, sid: str) -> None:
    text = b"[webserver.api]\npwhash = ''\n"
    await upload(http, sim, broken.replace_member(exported(sim), TOML, text), sid=sid)
    await sim.start()
    assert (await ask(http, sim, "GET /api/auth")).session["message"] == "no password set"


# --- What is refused


async def test_who_may_import(sim: Simulator, http: aiohttp.ClientSession, archive: bytes) -> None:
    assert (await upload(http, sim, archive)).status == 401
    sid = (await log_in(http, sim, APP_PASSWORD)).sid
    refused = await upload(http, sim, archive, sid=sid)
    assert (refused.status, refused.key) == (403, "forbidden")
    assert refused.json["error"]["message"] == "Unable to change configuration (read-only)"
    assert "webserver.api.app_sudo is false" in str(refused.json["error"]["hint"])
    assert sim.restarts == 0
    sim.pihole.settings["webserver.api.app_sudo"] = True
    assert files(await upload(http, sim, archive, sid=sid))
    await sim.start()
    sim.change_credentials(Credentials(password=""))
    assert files(await upload(http, sim, exported(sim)))


@pytest.mark.parametrize(
    ("name", "broken_by", "chosen"),
    [
        ("backup.tar", bytes, None),
        ("backup.zip", lambda _: b"", None),
        ("backup.zip", lambda _: b"PK\x05\x06" + bytes(18), None),
        ("backup.zip", lambda archive: archive[:1000], None),
        ("backup.zip", bytes, "[]"),
        ("backup.zip", bytes, "{"),
        ("backup.zip", lambda it: broken.replace_member(it, GRAVITY, b""), only("client")),
        ("backup.zip", lambda it: broken.replace_member(it, GRAVITY, bytes(200)), only()),
        ("backup.zip", broken.broken_sqlite, only()),
    ],
)
async def test_what_is_no_archive_is_refused(
    sim: Simulator,
    http: aiohttp.ClientSession,
    sid: str,
    archive: bytes,
    name: str,
    broken_by: Callable[[bytes], bytes],
    chosen: object,
) -> None:
    before = configuration_of(sim.pihole)
    hint(await upload(http, sim, broken_by(archive), sid=sid, name=name, chosen=chosen))
    assert configuration_of(sim.pihole) == before
    assert sim.restarts == 0


@pytest.mark.parametrize("type_", ["application/json", "multipart/form-data; boundary=x"])
async def test_what_is_no_form_is_refused(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, type_: str
) -> None:
    headers = {"X-FTL-SID": sid, "Content-Type": type_}
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n'
    for body in (b"", b"{}", b"--x", head, head + b"\r\n", head + b"\r\nPK\x03\x04 and no end"):
        url = f"{sim.url}/api/teleporter"
        async with http.post(url, data=body, headers=headers) as response:
            answer = Answer(response.status, response.headers, await response.read())
        hint(answer)


async def test_more_than_50_mib_are_refused(
    sim: Simulator, http: aiohttp.ClientSession, sid: str
) -> None:
    answer = await upload(http, sim, io.BytesIO(b"PK\x03\x04" + bytes(50 * 1024**2)), sid=sid)
    assert (answer.status, answer.key) == (400, "bad_request")
    assert answer.json["error"]["message"] == "ZIP archive too large"


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


async def test_it_comes_back_by_itself(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes
) -> None:
    for number in (1, 2):
        assert files(await upload(http, sim, archive, sid=sid))
        refused = 0
        async with asyncio.timeout(10):
            while True:
                try:
                    answer = await ask(http, sim, "GET /api/auth", sid=sid)
                except aiohttp.ClientError:
                    refused += 1
                    await asyncio.sleep(0.01)
                else:
                    break
        assert (answer.status, sim.restarts) == (200, number)
        assert refused > 0


@pytest.mark.parametrize("fault", [faults.drop_answer(), faults.cut(10)])
async def test_it_restarts_although_the_answer_is_lost(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes, fault: Fault
) -> None:
    sim.faults.always("import", fault)
    change_everything(sim.pihole)
    before = configuration_of(sim.pihole)
    with pytest.raises(aiohttp.ClientError):
        await upload(http, sim, archive, sid=sid)
    await sim.start()
    assert sim.restarts == 1
    assert configuration_of(sim.pihole) != before


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


@pytest.mark.parametrize("fault", [faults.hang(), faults.drop(), faults.error(500, "x", "y")])
async def test_a_fault_can_prevent_an_import(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, archive: bytes, fault: Fault
) -> None:
    sim.faults.always("import", fault)
    change_everything(sim.pihole)
    changed = configuration_of(sim.pihole)
    try:
        async with asyncio.timeout(0.1):
            assert (await upload(http, sim, archive, sid=sid)).status == 500
    except TimeoutError, aiohttp.ClientError:
        pass
    assert configuration_of(sim.pihole) == changed
    assert sim.restarts == 0


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


async def test_an_update_is_told_line_by_line(sim: Simulator, http: aiohttp.ClientSession) -> None:
    sid = (await log_in(http, sim, APP_PASSWORD)).sid
    sim.clock.stop()
    answer = await ask(http, sim, "POST /api/action/gravity", sid=sid)
    text = answer.body.decode()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert text.startswith("  [i] Neutrino emissions detected...\n")
    assert text.endswith("  [✓] Done.\n")
    subscribed = [row for row in sim.pihole.adlists if row.enabled]
    assert text.count("\r\x1b[K  [✓] Status: Retrieval successful\n") == len(subscribed) == 3
    for row in subscribed:
        assert f"  [i] Target: {row.address}\n" in text
        assert (row.status, row.date_updated) == (1, int(sim.clock()))
    assert sim.gravity_updates == 1
    sim.gravity_in_colour = True
    coloured = await ask(http, sim, "POST /api/action/gravity", sid=sid)
    assert coloured.body.decode().endswith("  [\x1b[32m✓\x1b[0m] Done.\n")


async def test_a_list_may_be_out_of_reach(
    sim: Simulator, http: aiohttp.ClientSession, sid: str
) -> None:
    gone, fine = sim.pihole.adlists[:2]
    sim.unreachable_lists = {gone.address}
    text = (await ask(http, sim, "POST /api/action/gravity", sid=sid)).body.decode()
    assert "\r\x1b[K  [✗] Status: Not found\n" in text
    assert "  [✗] List download failed: no cached list available\n" in text
    assert ((gone.status, gone.number), fine.status) == ((4, 0), 1)
    assert fine.number > 0
    assert text.endswith("  [✓] Done.\n")


async def test_who_may_update(sim: Simulator, http: aiohttp.ClientSession, sid: str) -> None:
    assert (await ask(http, sim, "POST /api/action/gravity")).status == 401
    sim.pihole.settings["webserver.api.allow_destructive"] = False
    refused = await ask(http, sim, "POST /api/action/gravity", sid=sid)
    assert (refused.status, refused.key) == (403, "forbidden")
    assert sim.gravity_updates == 0


async def begin_update(
    http: aiohttp.ClientSession, sim: Simulator, sid: str
) -> aiohttp.ClientResponse:
    response = await http.post(f"{sim.url}/api/action/gravity", headers={"X-FTL-SID": sid})
    assert await response.content.readline() == b"  [i] Neutrino emissions detected...\n"
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


@pytest.mark.parametrize("fault", [faults.cut(100), faults.trickle(7, 0), faults.stall(100)])
async def test_faults_of_an_update_can_spoil_it_in_the_middle(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, fault: Fault
) -> None:
    sim.faults.always("gravity", fault)
    response = await begin_update(http, sim, sid)
    try:
        async with asyncio.timeout(0.5):
            assert (await response.read()).decode().endswith("Done.\n")
    except TimeoutError, aiohttp.ClientError:
        response.close()


@pytest.mark.parametrize("what", ["POST /api/action/gravity", "GET /api/auth/sessions"])
async def test_faults_have_their_places(
    sim: Simulator, http: aiohttp.ClientSession, sid: str, what: str
) -> None:
    place = "gravity" if "gravity" in what else "sessions"
    sim.faults.next(place, faults.error(503, "busy", "Later"))  # type: ignore[arg-type]
    assert [(await ask(http, sim, what, sid=sid)).status for _ in range(2)] == [503, 200]
    sim.faults.always(place, faults.drop_answer())  # type: ignore[arg-type]
    with pytest.raises(aiohttp.ClientError):
        await ask(http, sim, what, sid=sid)
