"""The archive for an import: what a Pi-hole holds after it, and what cannot be packed."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
import tomllib
from typing import Final

import aiohttp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.errors import RestoreTooLarge, StorageError
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import InvalidArchive
from custom_components.pihole_checkpoint.engine.restore.packing import pack as packing
from custom_components.pihole_checkpoint.engine.restore.packing.choice import ImportChoice
from custom_components.pihole_checkpoint.engine.restore.packing.pack import ImportPayload, pack
from custom_components.pihole_checkpoint.engine.teleporter import archive
from custom_components.pihole_checkpoint.engine.teleporter.contents import (
    Contents,
    Secret,
    Setting,
)
from custom_components.pihole_checkpoint.engine.teleporter.contents import (
    Lease as ArchivedLease,
)
from custom_components.pihole_checkpoint.engine.teleporter.diff import Subject
from pihole_simulator import Lease, Pihole, Simulator, broken, build_archive, unpack
from pihole_simulator.tables import GRAVITY_TABLES
from tests.engine.restore.databases import entries, expected, exported
from tests.support.example import NOW
from tests.support.passwords import PASSWORD
from tests.support.piholes import Two, become, copied, pairs

VERSIONS: Final = ("6.0", "6.2", "6.3", "6.4")
CONFIG, LEASES = "etc/pihole/pihole.toml", "etc/pihole/dhcp.leases"
ALL_TABLES: Final = {f"{broken.GRAVITY}->{table}" for table in GRAVITY_TABLES}
NOTHING: Final = ImportChoice(items=frozenset(), settings={}, leases=None)


@pytest.fixture
async def sim(socket_enabled: None, request: pytest.FixtureRequest) -> AsyncIterator[Simulator]:
    version = getattr(request, "param", "6.4")
    async with Simulator(password=PASSWORD, version=version) as simulator:
        simulator.auth.login_attempts_per_second = 100_000
        yield simulator


@pytest.fixture
def client(sim: Simulator, http: aiohttp.ClientSession) -> PiholeClient:
    return PiholeClient(http, URL(sim.url), PASSWORD)


def choice(
    items: set[tuple[Subject, str, str]] | None = None,
    settings: dict[str, Setting | None] | None = None,
    leases: tuple[ArchivedLease, ...] | None = None,
) -> ImportChoice:
    return ImportChoice(items=frozenset(items or ()), settings=settings or {}, leases=leases)


def stored(folder: Path, name: str, what: Pihole | bytes) -> Path:
    path = folder / name
    path.write_bytes(build_archive(what, NOW) if isinstance(what, Pihole) else what)
    return path


def read(pihole: Pihole | bytes) -> Contents:
    with TemporaryDirectory() as folder:
        path = stored(Path(folder), "read.zip", pihole)
        contents = archive.read(path, path.with_name("scratch"))
    assert contents is not None
    return contents


def packed(
    folder: Path, old: Pihole | bytes, now: Pihole | bytes, chosen: ImportChoice
) -> ImportPayload:
    made = pack(stored(folder, "a.zip", old), stored(folder, "b.zip", now), folder / "p", chosen)
    assert {path.name for path in folder.iterdir()} == {"a.zip", "b.zip", "p"}
    return made


async def sent(sim: Simulator, client: PiholeClient, made: ImportPayload) -> None:
    """Let the Pi-hole take the payload, all of it."""
    async with client.session() as session:
        with made.path.open("rb") as file:
            assert await session.import_archive(file, made.selection) == made.files
        await sim.start()  # it restarts, which is no concern here


def members(made: ImportPayload) -> dict[str, bytes]:
    return {entry.name: entry.data for entry in unpack(made.path.read_bytes())}


lasting = settings(
    max_examples=40,
    phases=set(Phase) - {Phase.explain},  # it takes longer than a test may
    suppress_health_check=[
        *(HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow)
    ],
)


@lasting
@given(two=pairs(), data=st.data())
async def test_a_pihole_is_as_the_backup_in_what_was_chosen_and_as_it_was_in_all_else(
    sim: Simulator, client: PiholeClient, two: Two, data: st.DataObject
) -> None:
    become(sim, two[0])
    old = copied(sim.pihole)
    become(sim, two[1])
    now = copied(sim.pihole)
    there, present = read(old), read(now)
    items = data.draw(st.sets(st.sampled_from(sorted({*keys(old), *keys(now)}))))
    names = data.draw(st.sets(st.sampled_from(sorted(there.settings.keys() - READ_ONLY))))
    known = sorted({*there.leases, *present.leases})
    some = st.sets(st.sampled_from(known)).map(tuple) if known else st.just(())
    leases = data.draw(st.none() | some)
    values: dict[str, Setting | None] = {
        name: None if isinstance(value := there.settings[name], Secret) else value for name in names
    }
    with_hosts = data.draw(st.booleans())
    if with_hosts:
        values |= {"dns.hosts": there.dns_hosts, "dns.cnameRecords": there.cnames}
    with TemporaryDirectory() as folder:
        made = packed(Path(folder), old, now, choice(items, values, leases))
        if not made.files:
            return

        await sent(sim, client, made)

    after = read(sim.pihole)
    assert entries(exported(sim.pihole)) == expected(exported(old), exported(now), items)
    assert after.settings == {**present.settings, **{name: there.settings[name] for name in names}}
    assert after.dns_hosts == (there if with_hosts else present).dns_hosts
    assert after.cnames == (there if with_hosts else present).cnames
    assert after.static_leases == present.static_leases
    assert set(after.leases) == set(present.leases if leases is None else leases)


READ_ONLY: Final = {"misc.readOnly", "files.gravity"}


def keys(pihole: Pihole) -> set[tuple[Subject, str, str]]:
    return set(entries(exported(pihole)))


@pytest.mark.parametrize("sim", VERSIONS, indirect=True)
async def test_each_version_takes_single_items_settings_and_leases(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    old = copied(sim.pihole)
    old.settings["dns.blockTTL"] = 77
    old.leases = [Lease(mac="00:11:22:33:44:55", ip="192.168.1.5", name="phone")]
    sim.pihole.upstreams = ["9.9.9.9"]
    sim.pihole.domains.pop(0)
    sim.pihole.clients[0].comment = "of today"
    sim.pihole.leases = None
    present, there = read(sim.pihole), read(old)
    items = {(Subject.DOMAINS, entry.kind, entry.name) for entry in there.domains}
    made = packed(tmp_path, old, sim.pihole, choice(items, {"dns.blockTTL": 77}, there.leases))

    await sent(sim, client, made)

    after = read(sim.pihole)
    assert after.domains == there.domains
    assert after.clients == present.clients
    assert after.settings == {**present.settings, "dns.blockTTL": 77}
    assert after.dns_hosts == present.dns_hosts
    assert after.leases == there.leases


@pytest.mark.parametrize("sim", VERSIONS, indirect=True)
async def test_no_leases_at_all_clear_those_of_the_pihole(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    sim.pihole.leases = [Lease(mac="00:11:22:33:44:55", ip="192.168.1.5")]
    old = copied(sim.pihole)
    old.leases = None
    made = packed(tmp_path, old, sim.pihole, choice(leases=()))

    await sent(sim, client, made)

    assert made.files == {LEASES}
    assert read(sim.pihole).leases == ()


async def test_the_database_goes_under_the_name_that_every_pihole_imports(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    old = copied(sim.pihole)
    sim.pihole.settings["files.gravity"] = "/data/gravity_v2.db"
    gone = sim.pihole.adlists.pop()
    chosen = choice({(Subject.LISTS, gone.type.name.lower(), gone.address)})
    made = packed(tmp_path, old, sim.pihole, chosen)

    await sent(sim, client, made)

    assert made.files == ALL_TABLES
    assert read(sim.pihole).lists == read(old).lists


def test_a_password_is_copied_although_only_its_hash_is_known(
    sim: Simulator, tmp_path: Path
) -> None:
    made = packed(tmp_path, sim.pihole, Pihole(), choice(settings={"webserver.api.pwhash": None}))

    [old] = [
        entry.data for entry in unpack((tmp_path / "a.zip").read_bytes()) if entry.name == CONFIG
    ]
    pwhash = tomllib.loads(old.decode())["webserver"]["api"]["pwhash"]
    assert pwhash
    assert tomllib.loads(members(made)[CONFIG].decode()) == {
        "webserver": {"api": {"pwhash": pwhash}}
    }


@pytest.mark.parametrize(
    ("chosen", "files"),
    [
        (NOTHING, set()),
        (choice(settings={"dns.blockTTL": 5}), {CONFIG}),
        (choice(settings={"dns.unknown": None}), set()),
        (choice(leases=()), {LEASES}),
        (choice({(Subject.GROUPS, "", "kids")}), ALL_TABLES),
    ],
    ids=["nothing", "a setting", "a setting of nobody", "no leases", "a group"],
)
def test_nothing_is_in_it_that_was_not_chosen(
    tmp_path: Path, chosen: ImportChoice, files: set[str]
) -> None:
    made = packed(tmp_path, Pihole.example(), Pihole.example(), chosen)

    assert made.files == files
    assert set(members(made)) == {name.partition("->")[0] for name in files}
    assert made.selection == {
        "config": CONFIG in files,
        "dhcp_leases": LEASES in files,
        "gravity": dict.fromkeys(GRAVITY_TABLES, files == ALL_TABLES),
    }


# What cannot be packed ----------------------------------------------------------------------------

EVERYTHING: Final = choice({(Subject.GROUPS, "", "kids")}, {"dns.blockTTL": None}, ())


def test_more_than_a_pihole_takes_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = Pihole.example()
    size = packed(tmp_path, example, Pihole(), EVERYTHING).path.stat().st_size
    assert packing.MAX_SIZE == 50 * 1024**2  # and not a byte more
    (tmp_path / "p").unlink()
    monkeypatch.setattr(packing, "MAX_SIZE", size)
    packed(tmp_path, example, Pihole(), EVERYTHING)
    (tmp_path / "p").unlink()
    monkeypatch.setattr(packing, "MAX_SIZE", size - 1)

    with pytest.raises(RestoreTooLarge):
        packed(tmp_path, example, Pihole(), EVERYTHING)

    assert left_in(tmp_path) <= {"p"}


def left_in(folder: Path) -> set[str]:
    """Name what is there apart from the two archives. The payload is for the caller to delete."""
    return {path.name for path in folder.iterdir()} - {"a.zip", "b.zip"}


@pytest.mark.parametrize("name", ["a.zip", "b.zip"])
@pytest.mark.parametrize(
    "damage", [broken.broken_sqlite, broken.broken_toml, lambda data: data[:-9]]
)
def test_an_archive_that_was_damaged_since_it_was_read_leaves_nothing_behind(
    tmp_path: Path, damage: Callable[[bytes], bytes], name: str
) -> None:
    old, now = (stored(tmp_path, side, Pihole.example()) for side in ("a.zip", "b.zip"))
    (tmp_path / name).write_bytes(damage((tmp_path / name).read_bytes()))

    with pytest.raises(InvalidArchive):
        pack(old, now, tmp_path / "p", EVERYTHING)

    assert left_in(tmp_path) <= {"p"}


def test_a_disk_that_refuses_is_reported_and_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()

    with pytest.raises(StorageError):
        packed(tmp_path, Pihole.example(), Pihole(), EVERYTHING)

    assert left_in(tmp_path) == {"p"}
