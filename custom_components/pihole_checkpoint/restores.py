"""Restores of one Pi-hole, and what is remembered of them until their end is known."""

from collections.abc import Awaitable, Coroutine
from typing import Protocol

from homeassistant.util import dt as dt_util

from .engine.engine import Engine
from .engine.errors import CheckpointError, NothingToUndo, RestoreFailed, RestoreRefused
from .engine.models import BackupRecord, Part
from .engine.restoring import Order, Restored
from .memory import Memory, Undo, UnfinishedRestore


class WithFiles(Protocol):
    """Does work that changes files, when that may be."""

    def __call__[T](self, work: Coroutine[object, object, T]) -> Awaitable[T]:
        """Do it."""


class Restores:
    """Carries out restores of one Pi-hole. It is the `Guide` of the engine's restoration."""

    def __init__(self, engine: Engine, memory: Memory, with_files: WithFiles) -> None:
        self._engine = engine
        self._memory = memory
        self._with_files = with_files
        self._order: Order | None = None

    async def run(self, order: Order, source: Engine) -> Restored:
        """Restore. Raises a `CheckpointError`, and remembers what a stop in the middle leaves."""
        if order.dry_run:
            return await self._engine.restore(order, source, self)
        undo = self._memory.undo
        self._order = order
        self._memory.unfinished = UnfinishedRestore(at=dt_util.utcnow(), backup_id=order.backup_id)
        await self._memory.save()
        try:
            restored = await self._engine.restore(order, source, self)
        except CheckpointError as error:
            if not isinstance(error, RestoreFailed) or isinstance(error, RestoreRefused):
                self._memory.undo = undo  # the Pi-hole is as it was
            await self._end()
            raise
        await self._end()
        return restored

    def undoing(self) -> Order:
        """Give the order that takes the last restore back. Raises `NothingToUndo`."""
        if (undo := self._memory.undo) is None:
            raise NothingToUndo
        parts = frozenset(undo.parts)
        if any(part.is_in_gravity for part in parts):
            parts |= {Part.GROUPS}  # some may have been brought along
        return Order(backup_id=undo.backup_id, parts=parts)

    async def forget_unfinished(self) -> None:
        """Take note that the user knows of a restore that a stop of Home Assistant broke off."""
        await self._end()

    async def with_files[T](self, work: Coroutine[object, object, T]) -> T:
        """See `Guide`."""
        return await self._with_files(work)

    async def begin(self, safety: BackupRecord) -> None:
        """See `Guide`. It is on the disk before the Pi-hole is changed."""
        if self._order is None or self._memory.unfinished is None:
            raise ValueError("no restore was ordered")
        self._memory.unfinished = UnfinishedRestore(
            at=self._memory.unfinished.at,
            backup_id=self._memory.unfinished.backup_id,
            safety=safety.filename,
        )
        self._memory.undo = Undo(backup_id=safety.id, parts=tuple(sorted(self._order.parts)))
        await self._memory.save()

    async def _end(self) -> None:
        self._memory.unfinished = None
        await self._memory.save()
