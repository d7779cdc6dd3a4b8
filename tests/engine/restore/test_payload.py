"""What is sent to restore, and what is expected of it: held against a Pi-hole that imports it."""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from pathlib import Path
from tempfile import TemporaryDirectory
import tomllib
from typing import Any, Final

import aiohttp
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.errors import (
    ContentsUnknown,
    RestoreTooLarge,
    StorageError,
)
from custom_components.pihole_checkpoint.engine.models import RestorePart
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import InvalidArchive
from custom_components.pihole_checkpoint.engine.restore import payload
from custom_components.pihole_checkpoint.engine.restore.payload import (
    ImportPayload,
    ParsedArchive,
    pack,
)
from custom_components.pihole_checkpoint.engine.teleporter import archive, limits
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents
from custom_components.pihole_checkpoint.engine.teleporter.diff import compare
from pihole_simulator import (
    Lease,
    Pihole,
    Simulator,
    broken,
    build_archive,
    configuration_of,
    unpack,
)
from tests.support.example import NOW
from tests.support.passwords import PASSWORD
from tests.support.piholes import (
    PAIRS,
    Parts,
    Two,
    become,
    copied,
    default_group,
    pairs,
    piholes,
    rename_the_default_group,
    restored,
)

EVERYTHING: Final = frozenset(RestorePart)
some_parts = st.sets(st.sampled_from(sorted(RestorePart)), min_size=1)
lasting = settings(
    max_examples=60,
    phases=set(Phase) - {Phase.explain},  # it takes longer than a test may
    suppress_health_check=[
        *(HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow)
    ],
)


@pytest.fixture
def client(sim: Simulator, http: aiohttp.ClientSession) -> PiholeClient:
    sim.auth.login_attempts_per_second = 100_000
    return PiholeClient(http, URL(sim.url), PASSWORD)


def side(folder: Path, name: str, what: Pihole | bytes) -> ParsedArchive:
    path = folder / name
    path.write_bytes(build_archive(what, NOW) if isinstance(what, Pihole) else what)
    return ParsedArchive(path=path, contents=read(path))


def read(path: Path) -> Contents:
    contents = archive.read(path, path.with_name("scratch"))
    assert contents is not None
    return contents


def contents_of(folder: Path, pihole: Pihole) -> Contents:
    return side(folder, "after.zip", pihole).contents


def packed(folder: Path, a: Pihole, b: Pihole, parts: Collection[RestorePart]) -> ImportPayload:
    made = pack(side(folder, "a.zip", a), side(folder, "b.zip", b), folder / "payload", parts)
    assert {path.name for path in folder.iterdir()} == {"a.zip", "b.zip", "payload"}
    return made


async def sent(sim: Simulator, client: PiholeClient, made: ImportPayload) -> frozenset[str]:
    """Let the Pi-hole take the payload, and give what it says that it took."""
    try:
        async with client.session() as session:
            # It is no concern of this test that the Pi-hole restarts.
            with made.path.open("rb") as file:
                taken = await session.import_archive(file, made.selection)
            await sim.start()
            return taken
    finally:
        assert not sim.sessions


def has_something(a: Pihole, parts: Collection[RestorePart]) -> bool:
    """Whether there is anything to send: leases need not be in a backup."""
    return bool(set(parts) - {RestorePart.DHCP_LEASES}) or a.leases is not None


@lasting
@given(two=pairs(), parts=some_parts)
async def test_the_pihole_takes_all_of_it_and_is_what_was_expected(
    sim: Simulator, client: PiholeClient, two: Two, parts: Parts
) -> None:
    a, b = two
    assume(has_something(a, parts))
    # See the end of this module.
    assume(RestorePart.GROUPS not in parts or default_group(a).name == default_group(b).name)
    become(sim, a)
    stored = copied(sim.pihole)
    become(sim, b)
    live = copied(sim.pihole)
    with TemporaryDirectory() as folder:
        made = packed(Path(folder), stored, live, parts)

        taken = await sent(sim, client, made)

        assert taken == made.files
        after = contents_of(Path(folder), sim.pihole)
        assert after == made.expected
        assert compare(made.expected, after) == ()
        assert configuration_of(sim.pihole) == configuration_of(restored(stored, live, parts))


def without_paths(config: dict[str, Any]) -> dict[str, Any]:
    """Leave out what belongs to a Pi-hole's installation."""
    del config["files"], config["misc"]["readOnly"]
    return config


@lasting
@given(two=pairs(), parts=some_parts)
def test_nothing_is_in_it_that_is_not_asked_for(two: Two, parts: Parts) -> None:
    a, b = two
    with TemporaryDirectory() as folder:
        made = packed(Path(folder), a, b, parts)
        members = {entry.name: entry.data for entry in unpack(made.path.read_bytes())}
        stored = {entry.name: entry.data for entry in unpack(build_archive(a, NOW))}

    tables = set[str]().union(*(PAIRS[part] for part in parts if part in PAIRS))
    if made.merged.kept_groups or made.merged.brought_groups or RestorePart.GROUPS in parts:
        tables.add("group")
    expected = {
        "etc/pihole/pihole.toml": RestorePart.SETTINGS in parts,
        "etc/pihole/dhcp.leases": RestorePart.DHCP_LEASES in parts and a.leases is not None,
        "etc/pihole/gravity.db": bool(tables),
    }
    assert members.keys() == {name for name, is_there in expected.items() if is_there}
    leases, config = "etc/pihole/dhcp.leases", "etc/pihole/pihole.toml"
    assert members.get(leases, stored.get(leases)) == stored.get(leases)
    assert tomllib.loads(members.get(config, b"").decode()) in (
        {},
        without_paths(tomllib.loads(stored[config].decode())),
    )
    assert made.selection == {
        "config": expected["etc/pihole/pihole.toml"],
        "dhcp_leases": expected["etc/pihole/dhcp.leases"],
        "gravity": {table: table in tables for table in {"group"}.union(*PAIRS.values())},
    }


@lasting
@given(a=piholes(), parts=some_parts)
def test_a_pihole_that_is_as_the_backup_says_is_expected_to_stay_so(
    a: Pihole, parts: Parts
) -> None:
    with TemporaryDirectory() as folder:
        made = packed(Path(folder), a, a, parts)

        assert made.expected == contents_of(Path(folder), a)
        assert not made.merged.kept_groups | made.merged.brought_groups
        assert not made.unknown_settings


# Of another version -------------------------------------------------------------------------------


def with_setting(pihole: Pihole, line: str) -> bytes:
    """Have a configuration file with one setting more in its first section, dns."""
    exported = build_archive(pihole, NOW)
    toml = next(entry.data for entry in unpack(exported) if entry.name == broken.TOML)
    changed = toml.replace(b"[dns]\n", b"[dns]\n" + line.encode() + b"\n", 1)
    assert changed != toml
    return broken.replace_member(exported, broken.TOML, changed)


async def test_settings_that_the_pihole_does_not_know_are_named_and_not_expected(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    stored = side(tmp_path, "a.zip", with_setting(sim.pihole, "ofANewerOne = 5"))
    sim.pihole.settings["dns.blockTTL"] = 77
    live = side(tmp_path, "b.zip", sim.pihole)

    made = pack(stored, live, tmp_path / "payload", {RestorePart.SETTINGS})

    assert made.unknown_settings == ("dns.ofANewerOne",)
    assert await sent(sim, client, made) == made.files
    assert contents_of(tmp_path, sim.pihole) == made.expected


async def test_settings_that_the_backup_does_not_know_stay(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    exported = build_archive(sim.pihole, NOW)
    toml = next(entry.data for entry in unpack(exported) if entry.name == broken.TOML)
    older = b"\n".join(line for line in toml.split(b"\n") if b"blockTTL" not in line)
    assert older != toml
    stored = side(tmp_path, "a.zip", broken.replace_member(exported, broken.TOML, older))
    sim.pihole.settings |= {"dns.blockTTL": 77, "dns.domainNeeded": True}
    live = side(tmp_path, "b.zip", sim.pihole)

    made = pack(stored, live, tmp_path / "payload", {RestorePart.SETTINGS})

    assert not made.unknown_settings
    assert await sent(sim, client, made) == made.files
    assert contents_of(tmp_path, sim.pihole) == made.expected
    assert sim.pihole.settings["dns.blockTTL"] == 77


@pytest.mark.parametrize("parts", [{RestorePart.LISTS, RestorePart.GROUPS}, EVERYTHING])
async def test_the_database_goes_under_the_name_that_every_pihole_imports(
    sim: Simulator, client: PiholeClient, tmp_path: Path, parts: AbstractSet[RestorePart]
) -> None:
    stored = copied(sim.pihole)
    sim.pihole.settings["files.gravity"] = "/data/gravity_v2.db"
    sim.pihole.adlists.pop()
    made = packed(tmp_path, stored, sim.pihole, parts)

    assert f"{broken.GRAVITY}->adlist" in made.files
    assert await sent(sim, client, made) == made.files
    assert contents_of(tmp_path, sim.pihole) == made.expected


async def test_what_belongs_to_an_installation_stays(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    stored = copied(sim.pihole)
    stored.settings |= {"files.gravity": "/data/gravity.db", "misc.readOnly": True}
    made = packed(tmp_path, stored, sim.pihole, {RestorePart.SETTINGS})

    assert made.own_settings == ("files.gravity", "misc.readOnly")
    assert await sent(sim, client, made) == made.files
    assert contents_of(tmp_path, sim.pihole) == made.expected


async def test_leases_that_the_backup_does_not_have_stay(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    stored = copied(sim.pihole)
    stored.leases = None
    sim.pihole.leases = [Lease(mac="00:11", ip="192.168.1.5")]
    made = packed(tmp_path, stored, sim.pihole, EVERYTHING)

    assert made.selection["dhcp_leases"] is False
    assert await sent(sim, client, made) == made.files
    assert contents_of(tmp_path, sim.pihole) == made.expected
    assert sim.pihole.leases == [Lease(mac="00:11", ip="192.168.1.5")]


# What cannot be packed ----------------------------------------------------------------------------


def test_more_than_a_pihole_takes_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = Pihole.example()
    size = packed(tmp_path, example, Pihole(), EVERYTHING).path.stat().st_size
    assert payload.MAX_SIZE == 50 * 1024**2  # and not a byte more
    (tmp_path / "payload").unlink()
    monkeypatch.setattr(payload, "MAX_SIZE", size)
    packed(tmp_path, example, Pihole(), EVERYTHING)
    (tmp_path / "payload").unlink()
    monkeypatch.setattr(payload, "MAX_SIZE", size - 1)

    with pytest.raises(RestoreTooLarge):
        packed(tmp_path, example, Pihole(), EVERYTHING)

    assert left_in(tmp_path) <= {"payload"}


def left_in(folder: Path) -> set[str]:
    """Return the names of the files other than the two archives. The caller deletes the payload."""
    return {path.name for path in folder.iterdir()} - {"a.zip", "b.zip"}


def test_more_than_is_ever_held_in_memory_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = side(tmp_path, "a.zip", Pihole.example()), side(tmp_path, "b.zip", Pihole())
    monkeypatch.setattr(limits, "DEFAULT", limits.Limits(memory=10))

    with pytest.raises(ContentsUnknown):
        pack(a, b, tmp_path / "payload", {RestorePart.LISTS})

    assert left_in(tmp_path) <= {"payload"}


@pytest.mark.parametrize("name", ["a.zip", "b.zip"])
@pytest.mark.parametrize(
    "damage", [broken.broken_sqlite, broken.broken_toml, lambda data: data[:-9]]
)
def test_an_archive_that_was_damaged_since_it_was_read_leaves_nothing_behind(
    tmp_path: Path, damage: Callable[[bytes], bytes], name: str
) -> None:
    a, b = side(tmp_path, "a.zip", Pihole.example()), side(tmp_path, "b.zip", Pihole.example())
    (tmp_path / name).write_bytes(damage((tmp_path / name).read_bytes()))

    with pytest.raises(InvalidArchive):
        pack(a, b, tmp_path / "payload", EVERYTHING)

    assert left_in(tmp_path) <= {"payload"}


def test_a_disk_that_refuses_is_reported_and_nothing_is_left_behind(tmp_path: Path) -> None:
    a, b = side(tmp_path, "a.zip", Pihole.example()), side(tmp_path, "b.zip", Pihole())
    (tmp_path / "payload").mkdir()

    with pytest.raises(StorageError):
        pack(a, b, tmp_path / "payload", EVERYTHING)

    assert left_in(tmp_path) == {"payload"}


# Where what is expected is not what comes ---------------------------------------------------------


async def test_another_name_of_the_default_group_is_expected_everywhere(
    sim: Simulator, client: PiholeClient, tmp_path: Path
) -> None:
    stored = copied(sim.pihole)
    rename_the_default_group(stored, "Everyone")
    made = packed(tmp_path, stored, sim.pihole, {RestorePart.GROUPS})

    await sent(sim, client, made)

    assert contents_of(tmp_path, sim.pihole) == made.expected
