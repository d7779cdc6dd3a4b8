"""One Pi-hole's backups, for the event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
)
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path

from ..aio import in_thread
from ..errors import (
    BackupDamaged,
    ContentsUnknown,
    HomeAssistantBackupRunning,
    StorageError,
    StorageSilent,
)
from ..models import BackupRecord, BackupStatus, BackupTrigger, Policy
from ..pihole.errors import CheckpointError
from ..policy import retention
from ..teleporter.contents import Contents
from . import commit, relocate
from .adopt import Adopted
from .catching_up import SECONDS_BETWEEN_STEPS, CatchingUp
from .folder import Folder
from .gate import WriteGate
from .index import Index, IndexChange
from .naming import BackupName
from .prune import prune
from .staging import StagedArchive, Staging
from .upload import upload

type Listener = Callable[[IndexChange], None]


class Repository:
    """The backups of one Pi-hole. This is the only owner of what is known about them.

    One operation uses the folder at a time. When it has ended, successfully or not, the index is
    what is there, and listeners hear of the change before the caller goes on. Each operation raises
    `StorageError`, and what else it says. Those that say "inside `writing`" are steps of a longer
    change, for which the caller enters that context once; the others wait for the gate themselves.
    """

    def __init__(
        self,
        path: Path,
        zone: Callable[[], tzinfo],
        *,
        gate: WriteGate | None = None,
        name: str = "",
    ) -> None:
        """Take the time zone in which names without one are, and the name for the gate.

        Repositories that are used together share a gate.
        """
        self.path = path
        self.index = Index()
        self.refused: Mapping[str, CheckpointError] = {}
        """Why archives in the folder are no backups or cannot be read, by name."""
        self._folder = Folder(path, zone)
        self._catching_up = CatchingUp(self._folder)
        self._unread = self._folder.unread
        self._gate = gate or WriteGate()
        self._name = name or path.name
        self._in_use = self._gate.lock_of(path)
        self.id: str | None = None
        """The folder's ID, once it is known."""
        self.is_behind = False
        """Whether there are archives that are not adopted yet, or not compared."""
        self._listeners: list[Listener] = []

    @property
    def unread(self) -> CheckpointError | None:
        """Why the last look at the folder failed. As long as it is set, `index` may be untrue."""
        is_silent = isinstance(self._unread, StorageSilent)
        if is_silent and self._gate.is_closed and not self._in_use.locked():
            return HomeAssistantBackupRunning()  # the folder has not even been asked
        return self._unread

    def subscribe(self, listener: Listener) -> None:
        """Call a listener after each operation that changed anything known, on the event loop."""
        self._listeners.append(listener)

    def unsubscribe_all(self) -> None:
        """Call no listener any more: nobody is there for what ends later."""
        self._listeners.clear()

    @asynccontextmanager
    async def writing(self, *others: Repository) -> AsyncIterator[None]:
        """Wait until files may change here and in the others, and keep a freeze waiting."""
        async with self._gate.writing(*{repository._name for repository in (self, *others)}):  # noqa: SLF001 - its own
            yield

    # Steps of a longer change -------------------------------------------------------------------

    def stage(self, trigger: BackupTrigger) -> AbstractAsyncContextManager[StagedArchive]:
        """Have a file for an archive, inside `writing`. What is not committed goes at the end."""
        staged = self._folder.stage(BackupName.new(datetime.now(UTC), trigger))
        return Staging(staged, partial(self._use, self._folder.access.check))

    async def read_previous(self) -> commit.Previous | None:
        """Read the current backup for `commit`, inside `writing`."""
        return await self._use(commit.read_previous, self._folder)

    async def commit(
        self,
        staged: StagedArchive,
        record: BackupRecord,
        contents: Contents | None,
        *,
        skip_unchanged: bool = False,
        previous: commit.Previous | None = None,
    ) -> BackupRecord:
        """Store a verified archive, inside `writing`; see `commit.commit`."""
        return await self._use(
            commit.commit,
            self._folder,
            staged,
            record,
            contents,
            skip_unchanged=skip_unchanged,
            previous=previous,
        )

    def stored(self, record: BackupRecord) -> BackupRecord | None:
        """Return what `commit` made of a record: a backup, or a confirmation of the newest one."""
        for known in self.index.records:
            if known.id == record.id or known.confirmed_at == record.created_at:
                return known
        return None

    async def copy_out(
        self, backup_id: str, target: StagedArchive
    ) -> tuple[BackupRecord, Contents]:
        """Copy a stored archive, inside `writing`, and return what it holds.

        Raises `BackupNotFound`, `BackupDamaged` or `ContentsUnknown`.
        """

        def copy() -> tuple[BackupRecord, Contents | None]:
            record, contents = self._folder.read(self._folder.index.find(backup_id))
            if record.status is BackupStatus.GOOD:
                target.copy(self.path / record.filename)
                target.close()
            return record, contents

        record, contents = await self._use(copy)
        if record.status is not BackupStatus.GOOD or target.sha256 != record.sha256:
            raise BackupDamaged(id=backup_id)
        return record, known(contents)

    # Whole operations ---------------------------------------------------------------------------

    async def open(self, repository_id: str | None) -> str:
        """Make the folder ready, and return its ID; call this before anything else.

        If the folder is away, every later operation tries it again. See `Folder.prepare`.
        """
        # What made the folder meanwhile knows its ID before it is remembered anywhere.
        self._folder.access.repository_id = repository_id or self._folder.access.repository_id
        async with self.writing():
            return await self._use(self._folder.ready)

    async def restore_id(self) -> None:
        """Take the folder for this repository again, although its ID file was lost."""
        async with self.writing(), self._in_use:
            await in_thread(self._folder.access.restore_id)

    async def refresh(self) -> None:
        """Look at the folder again, for what came and went by hand.

        Much that came takes `catch_up` afterwards. If the folder can be read but not written, this
        raises its error after the look.
        """

        def refresh() -> bool:
            self._folder.scan(adopt=False)
            self._folder.access.check_writable()
            self._folder.access.presence.look()
            return self._catching_up.begin()

        async with self.writing():
            self.is_behind = await self._use(refresh)

    async def catch_up(self) -> None:
        """Adopt and compare what is left, in small steps between which others use the folder."""
        while self.is_behind:
            try:
                async with self.writing():
                    self.is_behind = await self._use(self._catching_up.step)
            except StorageError:
                self.is_behind = False  # the next refresh tries again
                raise
            await asyncio.sleep(SECONDS_BETWEEN_STEPS)

    async def read(self, backup_id: str) -> Contents:
        """Read what a backup holds.

        Raises `BackupNotFound`, `BackupDamaged` or `ContentsUnknown`.
        """
        async with self.writing():
            record, contents = await self._use(self._read, backup_id)
        if record.status is not BackupStatus.GOOD:
            raise BackupDamaged(id=backup_id)
        return known(contents)

    async def verify(self, backup_id: str) -> BackupRecord:
        """Read an archive again, and note what it is like. Raises `BackupNotFound`."""
        async with self.writing():
            record, _ = await self._use(self._read, backup_id)
        return record

    def _read(self, backup_id: str) -> tuple[BackupRecord, Contents | None]:
        return self._folder.read(self._folder.index.find(backup_id))

    async def update(
        self, backup_id: str, *, pinned: bool | None = None, note: str | None = None
    ) -> BackupRecord:
        """Change a backup's pin or note; `None` leaves it.

        Raises `BackupNotFound` or `RecordOfLaterVersion`.
        """

        def update() -> BackupRecord:
            record = self._folder.index.find(backup_id)
            self._folder.read_again([record])  # what somebody else has chosen meanwhile counts
            record = self._folder.index.find(backup_id)
            return self._folder.update(
                replace(
                    record,
                    pinned=record.pinned if pinned is None else pinned,
                    note=record.note if note is None else note,
                )
            )

        async with self.writing():
            return await self._use(update)

    async def delete(self, backup_id: str) -> BackupRecord:
        """Delete a backup for good. Raises `BackupNotFound`."""

        def delete() -> BackupRecord:
            record = self._folder.index.find(backup_id)
            self._folder.delete([record])
            return record

        async with self.writing():
            return await self._use(delete)

    async def delete_refused(self, names: Collection[str]) -> None:
        """Delete files that are no backups or cannot be read, as far as they still are that."""
        async with self.writing():
            await self._use(self._folder.delete_refused, names)

    async def prune(self, policy: Policy, *, dry_run: bool) -> retention.Plan:
        """Delete what no rule keeps, or only return what that would be."""
        async with self.writing():
            return await self._use(prune, self._folder, policy, dry_run=dry_run)

    async def adopt(self, opened: Callable[[], AbstractContextManager[Path]]) -> Adopted:
        """Store an archive that came from outside, unless it is stored. Raises `UnusableFile`."""
        async with self.writing(), self.stage(BackupTrigger.ADOPTED) as staged:
            return await self._use(upload, self._folder, staged, opened)

    async def move(self, target: Path, begin: Callable[[], Awaitable[None]]) -> tuple[str, ...]:
        """Move all files to another folder. See `relocate.move`; this is of no use afterwards.

        `begin` is called when from now on there may be files in the new place.
        """
        async with self.writing(), self._in_use:
            await in_thread(self._folder.access.check)
            await in_thread(relocate.check, target)
            await begin()
            return await in_thread(relocate.move, self.path, target)

    @property
    def of_v5(self) -> frozenset[str]:
        """The names of archives of a Pi-hole v5 in the folder, as last seen."""
        return self._folder.of_v5

    @property
    def is_shared(self) -> bool:
        """Whether another Home Assistant uses the folder, too."""
        return self._folder.access.presence.is_shared

    async def free_space(self) -> int:
        """Return how many bytes are free on the folder's disk."""
        return await in_thread(self._folder.free_space)

    async def wait_until_unused(self) -> None:
        """Wait until what is using the folder has ended: `open` of another one disturbs it."""
        async with self._in_use:
            pass

    async def _use[**P, T](self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._name not in self._gate.writers:
            raise RuntimeError("files change only inside Repository.writing")

        def use() -> T:
            self._folder.ready()
            return function(*args, **kwargs)

        async with self._in_use:
            try:
                return await in_thread(use)
            finally:
                self._publish()  # also what was done before it failed or was cancelled

    def _publish(self) -> None:
        before, refused = self.index, self.refused
        repository_id = self.id
        self._unread = self._folder.unread  # now, and not before `index` is what was read
        self.refused, self.id = self._folder.refused, self._folder.access.repository_id
        if (self._folder.index.records, self.refused, self.id) == (
            before.records,
            refused,
            repository_id,
        ):
            return
        self.index = self._folder.index
        change = IndexChange(before=before, after=self.index)
        for listener in self._listeners:
            listener(change)


def known(contents: Contents | None) -> Contents:
    """Return the contents. Raises `ContentsUnknown` when there is more than can be read."""
    if contents is None:
        raise ContentsUnknown
    return contents
