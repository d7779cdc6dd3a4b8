from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
import os
from pathlib import Path
import resource
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
from tests.support.example import EXAMPLE
from tests.support.reading import Read


def test_what_an_earlier_look_could_not_delete_is_in_nobodys_way(
    read: Read, tmp_path: Path
) -> None:
    (tmp_path / "scratch").write_bytes(b"left behind")
    read(EXAMPLE)


def test_two_archives_are_read_side_by_side_and_never_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.zip"
    path.write_bytes(EXAMPLE)
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
    read: Read, name: str
) -> None:
    pihole = Pihole.example()
    pihole.settings["files.gravity"] = name
    moved = build_archive(pihole, datetime.now(UTC))
    assert broken.GRAVITY not in {entry.name for entry in unpack(moved)}

    read(moved)
    spoiled = broken.replace_member(moved, name.lstrip("/"), b"not a database")
    with pytest.raises(ArchiveDatabaseBroken):
        read(spoiled)


def test_members_that_are_not_known_are_no_error(read: Read) -> None:
    read(broken.with_member(EXAMPLE, "etc/pihole/something-new", b"of a newer Pi-hole"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value[:-1],
        lambda item: b"\0" + item,
        lambda found_item: found_item * 2,
        lambda value: value + bytes(70_000),
    ],
)
def test_an_archive_is_refused_without_its_end_or_behind_other_bytes_as_a_pihole_refuses_it(
    read: Read, spoil: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(ArchiveDamaged):
        read(spoil(EXAMPLE))


def test_a_link_is_refused(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    path.write_bytes(EXAMPLE)
    with zipfile.ZipFile(path, "a") as opened:
        link = zipfile.ZipInfo("etc/link")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/shadow")

    with pytest.raises(ArchiveUnsafe):
        read(path.read_bytes())


def test_a_database_with_views_and_triggers_runs_none_of_them(read: Read) -> None:
    script = """CREATE VIEW v AS SELECT load_extension('/evil.so');
    CREATE TRIGGER t AFTER INSERT ON client BEGIN SELECT randomblob(9e9); END"""

    assert read(broken.with_sql(EXAMPLE, script)) is not None


def test_a_schema_that_computes_something_huge_is_refused_at_once(read: Read) -> None:
    hostile = broken.with_sql(
        EXAMPLE,
        """CREATE INDEX i ON client (length(hex(zeroblob(id))));
        PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET sql = replace(sql, '(id)', '(id*400000000)')""",
    )

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ArchiveDatabaseBroken):
        read(hostile)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 100_000, "in KB"


def test_a_bomb_is_refused_before_it_goes_off(read: Read) -> None:
    bomb = broken.bomb(EXAMPLE, Limits().unpacked + 1)
    started = time.process_time()

    with pytest.raises(ArchiveTooLarge):
        read(bomb)

    assert time.process_time() - started < 1  # unpacking it takes several times that


def test_memory_does_not_grow_with_the_archive(read: Read) -> None:
    def peak(content: bytes) -> int:
        tracemalloc.start()
        read(content)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    large = broken.with_member(EXAMPLE, "etc/dnsmasq.d/large.conf", os.urandom(20_000_000))

    assert peak(large) < peak(EXAMPLE) + 2_000_000


usual = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def damaged(content: bytes, data: st.DataObject) -> bytes:
    spoiled = bytearray(content)
    positions = st.integers(0, len(content) - 1)
    for position, byte in data.draw(st.lists(st.tuples(positions, st.integers(0, 255)))):
        spoiled[position] = byte
    return bytes(spoiled)


@usual
@given(st.data())
def test_any_damage_gives_a_verdict_and_nothing_else(read: Read, data: st.DataObject) -> None:
    cut = data.draw(st.none() | st.integers(0, len(EXAMPLE) - 1))
    verdict(read, damaged(EXAMPLE, data)[:cut])


@usual
@given(st.sampled_from([broken.TOML, broken.GRAVITY]), st.data())
def test_any_damage_inside_a_sound_zip_gives_a_verdict_and_nothing_else(
    read: Read, name: str, data: st.DataObject
) -> None:
    [member] = [entry.data for entry in unpack(EXAMPLE) if entry.name == name]
    verdict(read, broken.replace_member(EXAMPLE, name, damaged(member, data)))


@usual
@given(st.binary(max_size=2000))
def test_any_bytes_give_a_verdict_and_nothing_else(read: Read, content: bytes) -> None:
    verdict(read, content)
    verdict(read, EXAMPLE[:30] + content + EXAMPLE[-400:])


def verdict(read: Read, content: bytes) -> None:
    with suppress(InvalidArchive):
        read(content)
