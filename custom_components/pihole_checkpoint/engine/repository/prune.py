"""Carrying out what retention decides. Everything here blocks."""

from datetime import UTC, datetime
from typing import Final

from ..models import Policy
from ..policy import retention
from .folder import Folder

_SECONDS_TO_ADOPT: Final = 0.2
"""Where more than that is not adopted yet, only more is kept."""


def prune(folder: Folder, policy: Policy, *, dry_run: bool) -> retention.Plan:
    """Delete what no rule keeps, or only return what that would be. Raises `StorageError`."""
    # A stale view of the folder must never decide: look before deleting.
    folder.scan(adopt=False)
    folder.adopt_waiting(_SECONDS_TO_ADOPT)
    plan = _planned(folder, policy)
    # Another Home Assistant may have pinned one a moment ago.
    while plan.removed and folder.read_again(plan.removed):
        plan = _planned(folder, policy)
    if plan.removed and not dry_run:
        folder.delete(plan.removed)
    return plan


def _planned(folder: Folder, policy: Policy) -> retention.Plan:
    # What cannot be read may be pinned, or the only one that can be rescued.
    readable = [
        record for record in folder.index.records if record.filename not in folder.unreadable
    ]
    return retention.plan(readable, policy, now=datetime.now(UTC), zone=folder.zone())
