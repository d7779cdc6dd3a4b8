"""Restores by a plan, on a real Pi-hole: what is chosen is restored, and nothing else.

`--pihole-archives` names a folder with archives of Pi-holes of other versions.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median
import sys
import time
from typing import cast

import pytest

from pihole_simulator import Simulator
from scripts.demo_home.telling import DemoError
from tests.conformance.archives import configured
from tests.conformance.credentials import set_webserver_api, use_app_password
from tests.conformance.real import RealPihole

from .changes import (
    OLD_DOMAIN,
    Answer,
    Leases,
    Once,
    add_domains,
    add_list,
    as_after_an_upgrade,
    asking_all_the_while,
    asks_for_a_password,
    change_bare,
    confirm,
    dateless,
    export,
    failed_items,
    gravity_moved,
    has_restarted,
    huge_list,
    import_bare,
    issue,
    issue_within,
    kill,
    last_start,
    left_out,
    look,
    nginx_before,
    restore,
    update_gravity,
    upload,
    verified_at,
    with_line,
    with_moved_gravity,
)
from .conftest import AddPihole, Past, a_past
from .holdings import change, fill, held, set_dns, with_parts
from .kitchen import Kitchen
from .proxy import proxy_to

IN_GRAVITY = ("groups", "lists", "domains", "clients")
_LATER = "password-of-later"
_LEASE = "4102444800 02:00:5e:10:00:02 192.168.7.77 live-phone 01:02:00:5e:10:00:02\n"
_HUGE = 500_000
_LOOKS_AGAIN_WITHIN = 330.0
_TWENTY = 20
_RUNS = 5
_MOST_OF_THE_BARE_TIME = 2.0
"""Loosely: Home Assistant, the Pi-hole and these tests may share a machine."""
type Say = Callable[[str], None]
BOTH_WAYS = pytest.mark.parametrize("way", ["live", "import"])


@pytest.fixture
def root(pihole: RealPihole, pytestconfig: pytest.Config) -> Path:
    """Give where its file system is seen from here."""
    del pihole  # it is put back after what is done here
    given = pytestconfig.getoption("--pihole-root") or pytest.skip("it needs --pihole-root")
    return Path(given)


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Say:
    """Give what puts a line onto the screen, also when the test passes."""

    def say(line: str) -> None:
        with capfd.disabled():
            sys.stdout.write(f"\n{line}\n")

    return say


@pytest.fixture
def leases(root: Path) -> Iterator[Leases]:
    made = Leases(root / "etc/pihole/dhcp.leases")
    before = made.read()
    yield made
    made.write(before)


@pytest.fixture
async def moved_gravity(pihole: RealPihole, root: Path, past: Past) -> AsyncIterator[str]:
    """Have the database of this moment elsewhere."""
    del past
    async with gravity_moved(pihole, root, "/etc/pihole/moved.db") as path:
        yield path


@pytest.fixture
def others(pihole: RealPihole, pytestconfig: pytest.Config) -> dict[str, bytes]:
    """Give archives of Pi-holes of other versions."""
    folder = pytestconfig.getoption("--pihole-archives") or pytest.skip(
        "it needs --pihole-archives"
    )
    return {
        path.stem: path.read_bytes()
        for path in sorted(Path(folder).glob("*.zip"))
        if not path.stem.startswith(pihole.version)
    }


@asynccontextmanager
async def other_pihole(add: AddPihole) -> AsyncIterator[Kitchen]:
    """Have another Pi-hole in Home Assistant, for whose archives nobody has to be asked."""
    simulator = Simulator(app_password="other")
    await simulator.start()
    try:
        yield await add(simulator.url, "other")
    finally:
        await simulator.stop()


@BOTH_WAYS
@pytest.mark.parametrize("part", [*IN_GRAVITY, "settings"])
async def test_a_part_is_restored_and_taken_back(
    kitchen: Kitchen, pihole: RealPihole, past: Past, part: str, way: str
) -> None:
    since = await last_start(pihole)
    done = await restore(kitchen, past.record, include=[part], way=way)
    assert done["way"] == way
    assert await has_restarted(pihole, since) is (way == "import")
    wanted = with_parts(past.before, past.now, [part])
    assert dateless(await held(pihole)) == dateless(wanted)

    assert (await kitchen.undo())["proven"] is True
    assert dateless(await held(pihole)) == dateless(past.now)


async def test_leases_are_restored_also_when_the_backup_has_none(
    kitchen: Kitchen, pihole: RealPihole, leases: Leases
) -> None:
    with_none = await kitchen.back_up()
    leases.write(_LEASE)
    with_one = await kitchen.back_up()
    for record, text in ((with_none, ""), (with_one, _LEASE)):
        before = leases.read()
        assert set(left_out(await look(kitchen, record)).values()) <= {"leases"}
        done = await restore(kitchen, record, include=["dhcp_leases"])
        assert (done["way"], leases.read()) == ("import", text)
        assert (await kitchen.undo())["proven"] is True
        assert leases.read() == before
        leases.write(text)


async def test_each_change_is_restored_by_itself(
    kitchen: Kitchen, pihole: RealPihole, past: Past
) -> None:
    since = await last_start(pihole)
    preview = await look(kitchen, past.record)
    # A group goes as soon as nothing is in it.
    wanted = sorted(preview["items"], key=lambda each: each["subject"] == "groups")
    brought: set[str] = set()
    for each in wanted:
        if each["id"] in brought:
            continue
        before = _ids(preview)
        done = await kitchen.restore(
            past.record, plan=preview["plan"], only=[each["id"]], update_gravity=False
        )
        made = _ids(cast("Answer", done))
        assert (done["proven"], each["id"] in made) == (True, True), done
        preview = await look(kitchen, past.record)
        assert _ids(preview) == before - made
        brought |= made - {each["id"]}
    assert dateless(await held(pihole)) == dateless(past.before)
    assert not await has_restarted(pihole, since)


def _ids(answer: Answer) -> set[str]:
    return {each["id"] for each in answer["items"]}


async def test_a_plan_is_refused_when_something_has_changed_since(
    kitchen: Kitchen, pihole: RealPihole, past: Past
) -> None:
    preview = await look(kitchen, past.record)
    await set_dns(pihole, blockTTL=33)
    now = await held(pihole)
    with pytest.raises(DemoError, match="Create a new preview"):
        await kitchen.restore(past.record, plan=preview["plan"])
    assert await held(pihole) == now


@BOTH_WAYS
@pytest.mark.parametrize(
    ("settings", "restored", "restarts"),
    [
        (["dns.hosts"], ["dns.hosts"], False),
        (["dns.blockTTL"], ["dns.blockTTL"], False),
        (["dns.cnameRecords"], ["dns.cnameRecords"], True),
        (["dns"], ["dns.hosts", "dns.blockTTL", "dns.cnameRecords", "dns.domainNeeded"], True),
        (["dhcp", "webserver"], [], False),
    ],
)
async def test_settings_are_restored_by_key(
    kitchen: Kitchen,
    pihole: RealPihole,
    settings: list[str],
    restored: list[str],
    restarts: bool,  # noqa: FBT001 - a parameter
    way: str,
) -> None:
    await set_dns(pihole, hosts=["192.0.2.1 live-a.example"], blockTTL=5)
    before = await held(pihole)
    record = await kitchen.back_up()
    aliases = ["live-b.example,live-a.example"]
    hosts = ["192.0.2.2 live-a.example"]
    await set_dns(pihole, hosts=hosts, blockTTL=7, cnameRecords=aliases, domainNeeded=True)
    assert await pihole.restarts_now()
    now = await held(pihole)
    since = await last_start(pihole)
    done = await restore(kitchen, record, settings=settings, way=way)
    wanted = {key: before["settings"][key] for key in restored}
    assert await held(pihole) == now | {"settings": now["settings"] | wanted}
    restarted = restarts or (way == "import" and bool(restored))
    assert await has_restarted(pihole, since) is restarted
    assert {"restart" in each["needs"] for each in done["items"]} <= {restarts, False}


@BOTH_WAYS
@pytest.mark.parametrize(
    ("line", "value", "key", "reason"),
    [
        ("limit", "62.000000", "webserver.api.temp.limit", "forced"),
        ("macvendor", '"/nowhere/macvendor.db"', "files.macvendor", "installation"),
        ("cert", '"/nowhere/tls.pem"', "webserver.tls.cert", "locks_out"),
        ("port", '"nonsense"', "webserver.port", "locks_out"),
    ],
)
async def test_a_setting_that_cannot_come_is_left_out_and_the_others_come(
    kitchen: Kitchen,
    pihole: RealPihole,
    line: str,
    value: str,
    key: str,
    reason: str,
    way: str,
) -> None:
    record = await upload(kitchen, with_line(await export(pihole), line, value))
    before = await held(pihole)
    await set_dns(pihole, blockTTL=9)
    done = await restore(kitchen, record, include=["settings"], way=way)
    assert left_out(done) == {key: reason}
    assert any(key in remark for remark in done["remarks"])
    assert await held(pihole) == before


@BOTH_WAYS
async def test_a_backup_with_its_database_elsewhere_is_restored(
    kitchen: Kitchen, pihole: RealPihole, past: Past, way: str
) -> None:
    archive = await export(pihole)
    record = await upload(kitchen, with_moved_gravity(archive, "/nowhere/gravity.db"))
    now = await held(pihole)
    await restore(kitchen, past.record, include=IN_GRAVITY)
    done = await restore(kitchen, record, way=way, update_gravity=False)
    assert left_out(done)["files.gravity"] == "installation"
    assert dateless(await held(pihole))["lists"] == dateless(now)["lists"]
    assert dateless(await held(pihole)) == dateless(now | {"settings": past.now["settings"]})


@BOTH_WAYS
async def test_a_backup_is_restored_on_a_pihole_with_its_database_elsewhere(
    kitchen: Kitchen, pihole: RealPihole, past: Past, moved_gravity: str, way: str
) -> None:
    done = await restore(kitchen, past.record, way=way, update_gravity=False)
    assert left_out(done)["files.gravity"] == "installation"
    assert (await held(pihole))["settings"]["files.gravity"] == moved_gravity
    for kind in IN_GRAVITY:
        assert dateless(await held(pihole))[kind] == dateless(past.before)[kind]
    assert (await kitchen.undo())["proven"] is True
    for kind in IN_GRAVITY:
        assert dateless(await held(pihole))[kind] == dateless(past.now)[kind]


async def test_the_backup_of_another_version_is_restored_after_an_upgrade(
    kitchen: Kitchen, pihole: RealPihole, others: dict[str, bytes]
) -> None:
    own = await export(pihole)
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
        now = await held(pihole)
        for archive in others.values():
            record = await upload(kitchen, as_after_an_upgrade(archive, own))
            preview = await look(kitchen, record)
            assert set(left_out(preview).values()) <= {"installation", "unknown"}
            await restore(kitchen, record, update_gravity=False)
            assert (await look(kitchen, record))["items"] == []
            settings = (await held(pihole))["settings"]
            assert OLD_DOMAIN in {settings.get("dns.domain"), settings.get("dns.domain.name")}
            assert OLD_DOMAIN in str(settings["dns.revServers"])
            assert (await kitchen.undo())["proven"] is True
            assert dateless(await held(pihole)) == dateless(now)


@BOTH_WAYS
async def test_the_backup_of_another_pihole_of_another_version_is_restored(
    kitchen: Kitchen, pihole: RealPihole, add: AddPihole, others: dict[str, bytes], way: str
) -> None:
    async with other_pihole(add) as other, pihole.lists() as lists:
        await fill(pihole, lists.url)
        now = await held(pihole)
        for archive in others.values():
            record = await upload(other, archive)
            source = {"source_config_entry_id": other.entry_id}
            preview = await look(kitchen, record, **source)
            assert set(left_out(preview).values()) <= {"installation", "machine", "unknown"}
            await restore(kitchen, record, **source, way=way, update_gravity=False)
            assert (await look(kitchen, record, **source))["items"] == []
            assert (await kitchen.undo())["proven"] is True
            assert dateless(await held(pihole)) == dateless(now)


@pytest.mark.parametrize("app_sudo", [True, False])
async def test_an_app_password_restores_what_it_may(
    add: AddPihole,
    pihole: RealPihole,
    app_sudo: bool,  # noqa: FBT001 - a parameter
) -> None:
    app_password = await use_app_password(pihole)
    await set_webserver_api(pihole, app_sudo=app_sudo)
    kitchen = await add(pihole.url, app_password)
    async with pihole.lists() as lists:
        before = await held(pihole)
        record = await kitchen.back_up()
        await fill(pihole, lists.url)
        now = await held(pihole)
        since = await last_start(pihole)
        imports_unasked = pihole.version == "6.0"
        preview = await look(kitchen, record)
        needing = {each["subject"] for each in preview["items"] if "permission" in each["needs"]}
        assert needing == (set() if app_sudo or imports_unasked else {"settings", "dns_hosts"})
        if app_sudo or imports_unasked:
            done = await restore(kitchen, record)
            assert done["way"] == ("live" if app_sudo else "import")
            assert dateless(await held(pihole)) == dateless(before)
        else:
            with pytest.raises(DemoError, match=r"nothing on the Pi-hole was changed.*app_sudo"):
                await kitchen.restore(record)
            assert await held(pihole) == now
            done = await restore(kitchen, record, include=IN_GRAVITY)
            assert dateless(await held(pihole)) == dateless(before | {"settings": now["settings"]})
        assert await has_restarted(pihole, since) is (done["way"] == "import")
        assert (await kitchen.undo())["proven"] is True
        assert dateless(await held(pihole)) == dateless(now)


async def test_a_password_that_has_changed_stays_unless_it_is_chosen(
    add: AddPihole, pihole: RealPihole
) -> None:
    first = await add(pihole.url)
    await set_dns(pihole, blockTTL=5)
    record = await first.back_up()
    await first.go()
    await set_webserver_api(pihole, password=_LATER)
    pihole.sid = await pihole.session(_LATER)
    await set_dns(pihole, blockTTL=7)
    kitchen = await add(pihole.url, _LATER)
    done = await restore(kitchen, record, settings=["dns"])
    assert (done["way"], done["remarks"]) == ("live", [])
    assert not await asks_for_a_password(kitchen)

    done = await restore(kitchen, record, settings=["webserver.api.pwhash"])
    assert done["way"] == "import"
    assert [remark.startswith("The backup brought back") for remark in done["remarks"]] == [True]
    assert await asks_for_a_password(kitchen)


async def test_a_proxy_that_takes_no_long_bodies_is_blamed_for_it(
    add: AddPihole, pihole: RealPihole, tmp_path: Path
) -> None:
    async with nginx_before(pihole.url, tmp_path, body="1k", keeps_paths=True) as url:
        kitchen = await add(url)
        async with a_past(kitchen, pihole) as past:
            since = await last_start(pihole)
            with pytest.raises(DemoError, match=r"didn't start.*client_max_body_size"):
                await kitchen.restore(past.record, way="import")
            assert await held(pihole) == past.now
            done = await restore(kitchen, past.record)
            assert (done["way"], await has_restarted(pihole, since)) == ("live", False)
            assert dateless(await held(pihole)) == dateless(past.before)


async def test_names_that_a_proxy_changes_are_imported(
    add: AddPihole, pihole: RealPihole, tmp_path: Path
) -> None:
    async with nginx_before(pihole.url, tmp_path) as url, pihole.lists() as lists:
        kitchen = await add(url)
        without = await kitchen.back_up()
        await fill(pihole, lists.url)
        before = await held(pihole)
        record = await kitchen.back_up()
        # What goes is named in no path.
        assert (await restore(kitchen, without, include=IN_GRAVITY))["way"] == "live"
        now = await held(pihole)
        with pytest.raises(DemoError, match=r"didn't start.*proxy.*changes request paths"):
            await kitchen.restore(record, way="live")
        assert await held(pihole) == now
        done = await restore(kitchen, record)
        assert done["way"] == "import"
        assert dateless(await held(pihole)) == dateless(before)


@pytest.mark.parametrize(
    "place",
    [
        ("PUT", "/api/groups/Live kids"),
        ("PUT", "/api/domains/allow/exact/live-allowed.example"),
        ("POST", "/api/clients:batchDelete"),
        ("PATCH", "/api/config"),
    ],
    ids=lambda place: place[1].rpartition("/")[2],
)
async def test_a_restore_goes_on_after_the_pihole_was_killed(
    add: AddPihole, pihole: RealPihole, root: Path, place: tuple[str, str]
) -> None:
    killed = Once(lambda: kill(root))
    async with proxy_to(pihole.url, place, killed.during) as url:
        kitchen = await add(url)
        async with a_past(kitchen, pihole) as past:
            preview = await look(kitchen, past.record)
            killed.is_wanted = True
            done = await kitchen.restore(past.record, plan=preview["plan"])
            assert (done["proven"], killed.is_wanted) == (True, False)
            pihole.sid = await pihole.session()
            assert dateless(await held(pihole)) == dateless(past.before)
            assert (await kitchen.undo())["proven"] is True
            assert dateless(await held(pihole)) == dateless(past.now)


async def test_a_restore_that_breaks_off_says_which_changes_were_made(
    add: AddPihole, pihole: RealPihole, root: Path
) -> None:
    """FTL is killed whenever the same change is to come."""
    is_wanted = False

    @contextmanager
    def killed() -> Iterator[None]:
        if is_wanted:
            kill(root)
        yield

    place = ("PUT", "/api/domains/allow/exact/live-allowed.example")
    async with proxy_to(pihole.url, place, killed) as url:
        kitchen = await add(url)
        async with a_past(kitchen, pihole) as past:
            preview = await look(kitchen, past.record)
            is_wanted = True
            with pytest.raises(DemoError, match="The restore was interrupted") as raised:
                await kitchen.restore(past.record, plan=preview["plan"])
            is_wanted = False
            await pihole.is_back()
            pihole.sid = await pihole.session()
            items = await failed_items(kitchen)
            assert {each["id"] for each in items} == _ids(preview)
            made = {each["id"] for each in items if each["outcome"] == "done"}
            [unknown] = [each for each in items if each["outcome"] == "unknown"]
            assert unknown["item"] == "live-allowed.example"
            assert f"Changes made: {len(made)} of {len(items)} (" in str(raised.value)
            left = _ids(await look(kitchen, past.record))
            assert left - {unknown["id"]} == _ids(preview) - made - {unknown["id"]}
            assert (await kitchen.undo())["proven"] is True
            assert dateless(await held(pihole)) == dateless(past.now)


async def test_garbage_that_the_api_refuses_comes_back_by_an_import(
    kitchen: Kitchen, pihole: RealPihole
) -> None:
    record = await kitchen.back_up()
    await pihole.upload(configured('[dns]\nrevServers = ["false,nonsense"]\nblockTTL = 9\n'))
    assert await pihole.restarts_now()
    now = await held(pihole)
    assert now["settings"]["dns.revServers"] == ["false,nonsense"]
    assert (await restore(kitchen, record, settings=["dns"]))["way"] == "live"

    undone = cast("Answer", await kitchen.undo())

    assert (undone["proven"], undone["way"]) == (True, "live"), undone
    assert any("imported" in remark for remark in undone["remarks"])
    assert await held(pihole) == now


@pytest.mark.timeout(480)
async def test_what_a_gravity_update_threw_away_is_offered_again(
    kitchen: Kitchen, pihole: RealPihole
) -> None:
    if pihole.version == "6.0":
        pytest.skip("it answers nobody during a gravity update that its API began")
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
        before = await held(pihole)
        record = await kitchen.back_up()
        await change(pihole, lists.url)
        await add_list(pihole, f"{lists.url}/slow.txt")
        now = await held(pihole)
        updating = asyncio.create_task(update_gravity(pihole))
        await lists.slow_is_asked.wait()
        await restore(kitchen, record, include=["domains"])
        assert dateless(await held(pihole))["domains"] == dateless(before)["domains"]
        lists.let_slow_go_on()
        await updating
        assert dateless(await held(pihole)) == dateless(now)
        found = await issue_within(kitchen, "restore_lost", _LOOKS_AGAIN_WITHIN)
        assert await confirm(kitchen, found) == "create_entry"
        assert dateless(await held(pihole))["domains"] == dateless(before)["domains"]
        assert await issue(kitchen, "restore_lost") is None


@pytest.mark.timeout(420)
async def test_no_dns_query_is_lost_by_twenty_changes_with_a_huge_list(
    kitchen: Kitchen, pihole: RealPihole, say: Say
) -> None:
    async with a_past(kitchen, pihole) as past, huge_list(_HUGE) as url:
        await add_list(pihole, url)
        with_list = await kitchen.back_up()
        await update_gravity(pihole)
        since = await last_start(pihole)
        for record, parts in (
            (past.record, IN_GRAVITY),
            (with_list, IN_GRAVITY),
        ):
            preview = await look(kitchen, record, include=parts)
            assert len(preview["items"]) >= _TWENTY
            async with asking_all_the_while(pihole) as queries:
                done = await kitchen.restore(record, include=parts, plan=preview["plan"])
            what = f"{len(preview['items'])} changes, gravity updated: {done['gravity_updated']}"
            say(f"{pihole.version}: {what}: {queries}")
            assert (done["proven"], queries.lost) == (True, 0)
        assert not await has_restarted(pihole, since)


@BOTH_WAYS
async def test_a_restore_takes_hardly_longer_than_its_requests(
    kitchen: Kitchen, pihole: RealPihole, say: Say, way: str
) -> None:
    without = await kitchen.back_up()
    await add_domains(pihole, _TWENTY)
    archive = await export(pihole)
    record = await kitchen.back_up()
    restored: list[float] = []
    bare: list[float] = []
    for _ in range(_RUNS):
        await kitchen.restore(without, way="live")
        await pihole.wait_for_the_next_second()  # or a login may have to wait
        began = time.time()
        assert (await kitchen.restore(record, way=way))["proven"] is True
        restored.append(await verified_at(kitchen) - began)
        await kitchen.restore(without, way="live")
        bare.append(
            await (change_bare(pihole, _TWENTY) if way == "live" else import_bare(pihole, archive))
        )
    ratio = median(restored) / median(bare)
    times = f"{_in_seconds(restored)} against {_in_seconds(bare)}"
    say(f"{pihole.version}, {way}: {times}: {ratio:.2f}")
    assert ratio < _MOST_OF_THE_BARE_TIME


def _in_seconds(times: list[float]) -> str:
    each = " ".join(f"{seconds:.2f}" for seconds in sorted(times))
    return f"{median(times):.2f} s ({each})"
