from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
import os
from pathlib import Path
import resource
import sqlite3
import threading
import time
import tracemalloc
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.errors import (
    ArchiveDamaged,
    ArchiveDatabaseBroken,
    ArchiveUnsafe,
)
from custom_components.pihole_checkpoint.engine.pihole.errors import ArchiveTooLarge, InvalidArchive
from custom_components.pihole_checkpoint.engine.teleporter import archive, config
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from pihole_simulator import Pihole, broken, build_archive, unpack

HEALTHY = build_archive(Pihole.example(), datetime(2026, 1, 20, 3, 24, tzinfo=UTC))

type Verify = Callable[[bytes], None]


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    def verify(content: bytes) -> None:
        path, scratch = tmp_path / "archive.zip", tmp_path / "scratch"
        path.write_bytes(content)
        try:
            archive.read(path, scratch)
        finally:
            assert not scratch.exists()

    return verify


def test_a_sound_archive_passes(verify: Verify) -> None:
    verify(HEALTHY)


def test_what_an_earlier_look_could_not_delete_is_in_nobodys_way(
    verify: Verify, tmp_path: Path
) -> None:
    (tmp_path / "scratch").write_bytes(b"left behind")
    verify(HEALTHY)


def test_two_archives_are_read_side_by_side_and_never_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.zip"
    path.write_bytes(HEALTHY)
    two = threading.Barrier(2, timeout=10)
    counting = threading.Lock()
    at_once: list[int] = []
    running = 0

    def parse(_text: bytes, **_limits: object) -> dict[str, object]:
        nonlocal running
        with counting:
            running += 1
            at_once.append(running)
        two.wait()
        with counting:
            running -= 1
        two.wait()  # both have been counted, before the next may come
        return {}

    monkeypatch.setattr(config, "parse", parse)
    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(archive.read, path, tmp_path / f"scratch{number}")

    assert sorted(at_once) == [1, 1, 1, 1, 2, 2, 2, 2]


@pytest.mark.parametrize("name", ["/etc/pihole/custom.db", "/data/gravity_v2.db", "gravity.db"])
def test_the_gravity_database_is_found_where_the_configuration_puts_it(
    verify: Verify, name: str
) -> None:
    pihole = Pihole.example()
    pihole.settings["files.gravity"] = name
    moved = build_archive(pihole, datetime.now(UTC))
    assert broken.GRAVITY not in {entry.name for entry in unpack(moved)}

    verify(moved)
    spoiled = broken.replace_member(moved, name.lstrip("/"), b"not a database")
    with pytest.raises(ArchiveDatabaseBroken):
        verify(spoiled)


def test_members_that_are_not_known_are_no_error(verify: Verify) -> None:
    verify(broken.with_member(HEALTHY, "etc/pihole/something-new", b"of a newer Pi-hole"))


@pytest.mark.parametrize("spoil", [lambda it: it + b"\0", lambda it: b"\0" + it, lambda it: it * 2])
def test_bytes_before_or_after_the_archive_are_refused(
    verify: Verify, spoil: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(ArchiveDamaged):
        verify(spoil(HEALTHY))


def test_a_link_is_refused(verify: Verify, tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    path.write_bytes(HEALTHY)
    with zipfile.ZipFile(path, "a") as opened:
        link = zipfile.ZipInfo("etc/link")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/shadow")

    with pytest.raises(ArchiveUnsafe):
        verify(path.read_bytes())


def test_a_database_with_views_and_triggers_runs_none_of_them(verify: Verify) -> None:
    [gravity] = [entry.data for entry in unpack(HEALTHY) if entry.name == broken.GRAVITY]
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gravity)
        database.execute("CREATE VIEW v AS SELECT load_extension('/evil.so')")
        database.execute(
            "CREATE TRIGGER t AFTER INSERT ON client BEGIN SELECT randomblob(9e9); END"
        )
        database.commit()
        hostile = database.serialize()

    verify(broken.replace_member(HEALTHY, broken.GRAVITY, hostile))


def test_a_schema_that_computes_something_huge_is_refused_at_once(verify: Verify) -> None:
    [gravity] = [entry.data for entry in unpack(HEALTHY) if entry.name == broken.GRAVITY]
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gravity)
        database.execute("CREATE INDEX i ON client (length(hex(zeroblob(id))))")
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = replace(sql, '(id)', '(id*400000000)')")
        database.commit()
        hostile = database.serialize()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ArchiveDatabaseBroken):
        verify(broken.replace_member(HEALTHY, broken.GRAVITY, hostile))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 100_000, "in KB"


def test_a_view_in_the_place_of_a_table_is_refused(verify: Verify) -> None:
    [gravity] = [entry.data for entry in unpack(HEALTHY) if entry.name == broken.GRAVITY]
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gravity)
        database.execute("DROP TABLE client")
        database.execute("CREATE VIEW client AS SELECT 1")
        database.commit()
        hostile = database.serialize()

    with pytest.raises(ArchiveDatabaseBroken):
        verify(broken.replace_member(HEALTHY, broken.GRAVITY, hostile))


def test_a_bomb_is_refused_before_it_goes_off(verify: Verify) -> None:
    bomb = broken.bomb(HEALTHY, Limits().unpacked + 1)
    started = time.process_time()

    with pytest.raises(ArchiveTooLarge):
        verify(bomb)

    assert time.process_time() - started < 1  # unpacking it takes several times that


def test_memory_does_not_grow_with_the_archive(verify: Verify) -> None:
    def peak(content: bytes) -> int:
        tracemalloc.start()
        verify(content)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    large = broken.with_member(HEALTHY, "etc/dnsmasq.d/large.conf", os.urandom(20_000_000))

    assert peak(large) < peak(HEALTHY) + 2_000_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_gives_a_verdict_and_nothing_else(verify: Verify, data: st.DataObject) -> None:
    damaged = bytearray(HEALTHY)
    positions = st.integers(0, len(HEALTHY) - 1)
    for position, byte in data.draw(st.lists(st.tuples(positions, st.integers(0, 255)))):
        damaged[position] = byte
    cut = data.draw(st.none() | positions)
    verdict(verify, bytes(damaged[:cut]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([broken.TOML, broken.GRAVITY]), st.data())
def test_any_damage_inside_a_sound_zip_gives_a_verdict_and_nothing_else(
    verify: Verify, name: str, data: st.DataObject
) -> None:
    [member] = [entry.data for entry in unpack(HEALTHY) if entry.name == name]
    damaged = bytearray(member)
    positions = st.integers(0, len(member) - 1)
    for position, byte in data.draw(st.lists(st.tuples(positions, st.integers(0, 255)))):
        damaged[position] = byte
    verdict(verify, broken.replace_member(HEALTHY, name, bytes(damaged)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000))
def test_any_bytes_give_a_verdict_and_nothing_else(verify: Verify, content: bytes) -> None:
    verdict(verify, content)
    verdict(verify, HEALTHY[:30] + content + HEALTHY[-400:])


def verdict(verify: Verify, content: bytes) -> None:
    with suppress(InvalidArchive):
        verify(content)
