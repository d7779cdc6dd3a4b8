from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import hashlib
import json
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    Trigger,
    Versions,
)
from custom_components.pihole_checkpoint.engine.naming import BackupName, record_filename
from custom_components.pihole_checkpoint.engine.records import (
    InvalidRecordError,
    from_json,
    to_json,
)
from custom_components.pihole_checkpoint.engine.store import Store
from tests.simulator import Pihole, build_archive

NOW = datetime(2026, 1, 20, 3, 24, 15, 123000, tzinfo=UTC)
ARCHIVE = build_archive(Pihole.example(), NOW)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "pihole_checkpoint" / "kitchen", UTC)
    store.prepare(None)
    return store


def opened_again(store: Store) -> Store:
    """Be the next start of Home Assistant."""
    fresh = Store(store.folder, UTC)
    fresh.prepare((store.folder / ".store").read_text())
    return fresh


def put(store: Store, created_at: datetime = NOW) -> BackupRecord:
    """Store an archive, as the engine does."""
    name = BackupName.new(created_at, Trigger.BUTTON)
    staged = store.stage(name)
    staged.write(ARCHIVE)
    staged.verify()
    record = BackupRecord(
        id=name.id,
        filename=name.filename,
        file_size=staged.size,
        sha256=staged.sha256,
        created_at=name.created_at,
        trigger=name.trigger,
        duration=0.25,
        versions=Versions(core="v6.1", web=None, ftl="v6.3"),
    )
    store.commit(staged, record)
    staged.discard()
    return record


def files(store: Store) -> set[str]:
    return {path.name for path in store.folder.rglob("*") if path.is_file()} - {".store"}


def test_what_was_stored_is_there_for_the_next_start(store: Store) -> None:
    record = put(store)

    assert store.records == (record,)
    assert opened_again(store).list() == (record,)
    assert files(store) == {record.filename, record_filename(record.filename)}


def test_backups_are_listed_newest_first_whatever_their_order(store: Store) -> None:
    records = [put(store, NOW + timedelta(minutes=minute)) for minute in (3, 1, 2)]

    expected = tuple(sorted(records, key=lambda it: it.created_at, reverse=True))
    assert store.records == expected
    assert opened_again(store).list() == expected


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"[1, 2"),
        lambda path: path.write_bytes(b"[" * 100_000),
        lambda path: path.write_text(path.read_text().replace("2026-01-20", "2026-01-21")),
        lambda path: path.write_text(path.read_text().replace("+00:00", "")),
        lambda path: path.write_text(path.read_text().replace('"button"', '"nobody"')),
        lambda path: path.write_text(path.read_text().replace("file_size", "size")),
    ],
)
def test_a_lost_or_unreadable_record_is_made_anew_from_its_archive(
    store: Store, spoil: Callable[[Path], object]
) -> None:
    record = put(store)
    path = store.folder / record_filename(record.filename)
    spoil(path)

    [rebuilt] = opened_again(store).list()

    assert (rebuilt.id, rebuilt.created_at, rebuilt.trigger) == (record.id, NOW, record.trigger)
    assert (rebuilt.file_size, rebuilt.sha256) == (record.file_size, record.sha256)
    assert rebuilt.duration is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert opened_again(store).list() == (rebuilt,)


def test_an_archive_that_does_not_verify_is_no_backup_and_is_left_alone(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    bad = store.folder / BackupName.new(NOW, Trigger.BUTTON).filename
    bad.write_bytes(ARCHIVE[:-100])

    assert store.list() == ()
    assert store.list() == ()

    assert bad.exists()
    assert caplog.text.count(bad.name) == 1, "it is named, and named once"
    bad.unlink()
    assert store.list() == ()


def test_files_of_others_are_left_alone(store: Store) -> None:
    (store.folder / "notes.txt").write_text("mine")
    (store.folder / "pi-hole_pihole_teleporter_2026-01-20_03-24-15_CET.zip").write_bytes(ARCHIVE)
    (store.folder / BackupName.new(NOW, Trigger.BUTTON).filename).mkdir()
    before = files(store)

    assert store.list() == ()
    assert files(store) == before


def test_what_a_kill_left_unfinished_is_gone_after_the_next_start(store: Store) -> None:
    staged = store.stage(BackupName.new(NOW, Trigger.BUTTON))
    staged.write(ARCHIVE[:1000])
    record = put(store)

    fresh = opened_again(store)

    assert fresh.list() == (record,)
    assert files(store) == {record.filename, record_filename(record.filename)}
    staged.discard()


def test_a_kill_between_archive_and_record_loses_neither(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kill(BaseException):
        pass

    renames: list[Path] = []
    rename = Path.rename

    def killed_at_the_second(path: Path, target: Path) -> Path:
        renames.append(target)
        if len(renames) == 2:
            raise Kill
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed_at_the_second)
        with pytest.raises(Kill):
            put(store)

    fresh = opened_again(store)
    [record] = fresh.list()
    assert record.sha256 == hashlib.sha256(ARCHIVE).hexdigest()


@pytest.mark.parametrize("number", [22, 95])
def test_a_share_that_cannot_sync_a_folder_is_still_good_for_backups(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fsync = os.fsync

    def only_files(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").resolve().is_dir():
            raise OSError(number, "no")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)

    assert store.list() == ()
    put(store)
    assert len(store.list()) == 1


times = st.datetimes(timezones=st.just(UTC)).filter(lambda time: 1 < time.year < 9999)
names = st.builds(BackupName.new, times, st.sampled_from(Trigger))


@given(
    name=names,
    size=st.integers(0, 2**40),
    sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    duration=st.none() | st.floats(0, 1e6),
    versions=st.builds(Versions, core=st.none() | st.text(max_size=64)),
    status=st.sampled_from(BackupStatus),
    pinned=st.booleans(),
    note=st.text(),
)
def test_a_record_reads_as_it_was_written(
    name: BackupName,
    size: int,
    sha256: str,
    duration: float | None,
    versions: Versions,
    status: BackupStatus,
    pinned: bool,  # noqa: FBT001
    note: str,
) -> None:
    record = BackupRecord(
        id=name.id,
        filename=name.filename,
        file_size=size,
        sha256=sha256,
        created_at=name.created_at,
        trigger=name.trigger,
        duration=duration,
        versions=versions,
        status=status,
        pinned=pinned,
        note=note,
    )

    assert from_json(to_json(record), name.filename) == record
    with pytest.raises(InvalidRecordError):
        from_json(to_json(record), BackupName.new(name.created_at, name.trigger).filename)


def test_what_a_later_release_adds_to_a_record_is_no_reason_to_refuse_it(store: Store) -> None:
    record = put(store)
    path = store.folder / record_filename(record.filename)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"contents": {"lists": 3}}))

    assert opened_again(store).list() == (record,)
