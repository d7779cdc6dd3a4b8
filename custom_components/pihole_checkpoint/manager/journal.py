"""The journal of one restore: what is on the disk before changes are made on the Pi-hole."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from homeassistant.core import callback

from ..data import Undo, UnfinishedRestore
from ..engine.models import BackupRecord
from ..engine.restore.plan import Plan
from ..engine.restore.selection import PART_OF
from .storage import PersistentState

MOST_REMEMBERED: Final = 20_000
"""Items that an undo names one by one, 380 kB of them; a restore of more is taken back by its
parts."""


@dataclass(kw_only=True, slots=True)
class Journal:
    """Notes which changes of a restore may have been made, and with it what can be undone."""

    state: PersistentState
    begun: UnfinishedRestore
    plan: Plan
    safety: BackupRecord
    undo: Undo | None
    """How the restore is taken back; `None`: the undo stays as it was."""
    _noted: set[str] = field(default_factory=set)
    _undo_before: Undo | None = field(init=False)
    _unfinished_before: UnfinishedRestore | None = field(init=False)

    def __post_init__(self) -> None:
        self._undo_before = self.state.undo
        self._unfinished_before = self.state.unfinished

    async def note(self, ids: Collection[str]) -> None:
        """Put on the disk that these changes may be made from now on, too."""
        self._noted.update(ids)
        self._set()
        await self.state.save()

    @callback
    def take_back(self) -> None:
        """Forget all that was noted: nothing was changed."""
        self.state.undo = self._undo_before
        self.state.unfinished = self._unfinished_before

    @callback
    def end(self, sent: Collection[str]) -> None:
        """Forget changes that were noted, but not sent after all."""
        if not self.plan.changes:
            return
        if not sent:
            self.take_back()
            return
        self._noted.intersection_update(sent)
        self._set()

    def _set(self) -> None:
        self.state.unfinished = replace(
            self.begun,
            safety=self.safety.filename,
            changes=len(self._noted),
            planned=len(self.plan.changes),
        )
        if self.undo is not None:
            self.state.undo = replace(self.undo, only=self._only())

    def _only(self) -> tuple[str, ...] | None:
        if len(self.plan.changes) > MOST_REMEMBERED:
            return None
        return tuple(each.id for each in self.plan.differences if each.id in self._noted)


def undo_of(plan: Plan, safety: BackupRecord, *, restored_id: str, is_redo: bool) -> Undo:
    """Return how a plan is taken back: its items become again what they were."""
    return Undo(
        backup_id=safety.id,
        parts=tuple(sorted({PART_OF[each.subject] for each in plan.differences})),
        restored_id=restored_id,
        is_redo=is_redo,
    )
