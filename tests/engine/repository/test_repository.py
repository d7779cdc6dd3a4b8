"""The repository on the event loop: one operation at a time, one publication after each."""

import asyncio
from contextlib import AsyncExitStack, nullcontext
from datetime import UTC
import gc
from pathlib import Path

import pytest

from custom_components.pihole_checkpoint.engine.errors import BackupNotFound, StorageMissing
from custom_components.pihole_checkpoint.engine.models import BackupStatus, BackupTrigger
from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.repository.gate import WriteGate
from custom_components.pihole_checkpoint.engine.repository.index import IndexChange
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from tests.support.repository import ARCHIVE


@pytest.fixture
def gate() -> WriteGate:
    return WriteGate()


@pytest.fixture
async def repository(tmp_path: Path, gate: WriteGate) -> Repository:
    repository = Repository(tmp_path / "backups" / "kitchen", lambda: UTC, gate=gate)
    await repository.open(None)
    return repository


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "upload.zip"
    path.write_bytes(ARCHIVE)
    return path


async def test_a_change_is_published_before_the_caller_goes_on(
    repository: Repository, archive: Path
) -> None:
    published: list[IndexChange] = []
    repository.subscribe(published.append)

    record = (await repository.adopt(lambda: nullcontext(archive))).record
    assert [change.after.records for change in published] == [(record,)]
    assert repository.index is published[0].after

    await repository.verify(record.id)
    await repository.refresh()
    assert len(published) == 1, "nothing has changed"

    await repository.delete(record.id)
    assert [change.removed for change in published] == [[], [record]]


async def test_damage_is_published_once(repository: Repository, archive: Path) -> None:
    published: list[IndexChange] = []
    record = (await repository.adopt(lambda: nullcontext(archive))).record
    repository.subscribe(published.append)
    path = repository.path / record.filename
    path.write_bytes(bytes(path.stat().st_size))

    for _ in range(2):
        found = await repository.verify(record.id)
        assert found.status is BackupStatus.DAMAGED

    assert [[item.id for item in change.damaged] for change in published] == [[record.id]]


async def test_what_was_done_before_an_operation_failed_is_published(
    repository: Repository, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = (await repository.adopt(lambda: nullcontext(archive))).record
    published: list[IndexChange] = []
    repository.subscribe(published.append)
    path = repository.path / record.filename
    path.unlink()

    with pytest.raises(BackupNotFound):
        await repository.delete("unknown")
    repository.path.rename(repository.path.parent / "away")
    with pytest.raises(StorageMissing):
        await repository.refresh()
    assert published == [], "a folder that is away has lost no backup"

    (repository.path.parent / "away").rename(repository.path)
    await repository.refresh()
    assert [item.status for item in published[0].after.records] == [BackupStatus.MISSING]


async def test_no_operation_begins_while_the_gate_is_closed(
    repository: Repository, gate: WriteGate, archive: Path
) -> None:
    gate.close()
    adopting = asyncio.ensure_future(repository.adopt(lambda: nullcontext(archive)))
    refreshing = asyncio.ensure_future(repository.refresh())
    await asyncio.sleep(0.05)
    assert not adopting.done()
    assert not list(repository.path.glob("*.zip"))
    assert gate.writers == []

    gate.open()
    await asyncio.gather(adopting, refreshing)
    assert len(repository.index.records) == 1


async def test_a_change_that_has_begun_may_end_after_the_gate_has_closed(
    repository: Repository, gate: WriteGate
) -> None:
    async with repository.writing(), repository.stage(BackupTrigger.SERVICE) as staged:
        gate.close()
        waiting = asyncio.ensure_future(gate.wait_for_writers())
        await asyncio.to_thread(staged.write, ARCHIVE)
        contents = await asyncio.to_thread(staged.read)
        await repository.commit(staged, staged.record(Versions()), contents)
        assert not waiting.done()
    await waiting

    assert len(repository.index.records) == 1
    assert not list((repository.path / ".staging").iterdir())


async def test_a_staged_file_that_is_left_behind_is_not_deleted_by_itself_in_a_freeze(
    repository: Repository, gate: WriteGate
) -> None:
    context = AsyncExitStack()
    async with repository.writing():
        staged = await context.enter_async_context(repository.stage(BackupTrigger.SERVICE))
    gate.close()
    del context
    gc.collect()
    await asyncio.sleep(0.05)

    assert staged.path.exists()
    await asyncio.to_thread(staged.discard)


async def test_a_step_outside_of_writing_is_a_bug_and_says_so(repository: Repository) -> None:
    with pytest.raises(RuntimeError, match="writing"):
        await repository.read_previous()


async def test_two_repositories_are_entered_at_once_so_that_neither_waits_for_the_other(
    tmp_path: Path, repository: Repository, gate: WriteGate
) -> None:
    other = Repository(tmp_path / "backups" / "attic", lambda: UTC, gate=gate)
    async with repository.writing(other):
        gate.close()
        assert gate.writers == ["attic", "kitchen"]
    assert gate.writers == []
