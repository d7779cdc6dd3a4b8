"""What becomes of a new archive: a backup with its story, or the confirmation of the one before.

Everything here blocks: call it in a thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
import logging
from typing import Final

from ..errors import StorageError, Unexpected
from ..models import BackupRecord, BackupStatus, LastChange
from ..teleporter.contents import Contents, Counts, fingerprint
from ..teleporter.diff import compare, of_configuration
from ..unexpected import catch_unexpected
from ..wording import sentences
from .repository import Repository
from .staging import StagedArchive

_LOGGER = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 20
"""So many backups are compared belatedly at once; each takes the reading of two archives."""


type Before = tuple[BackupRecord, Contents | None]
"""A stored backup that was read, and what it holds."""

_MOST_HELD: Final = 1024 * 1024
"""In bytes, of an archive whose contents are held while a Pi-hole works; most are far smaller."""


def read_previous(store: Repository) -> Before | None:
    """Read the newest good backup, for `commit`, when it is small. Raises `StorageError`."""
    newest = store.stock.newest
    if newest is None or newest.file_size > _MOST_HELD:
        return None
    return store.read(newest)


def commit(  # noqa: PLR0913 - all of it is known only when the archive is here
    store: Repository,
    staged: StagedArchive,
    record: BackupRecord,
    contents: Contents | None,
    *,
    skip_unchanged: bool,
    before: Before | None = None,
) -> BackupRecord:
    """Store a verified archive, or with `skip_unchanged` only confirm the newest backup.

    That is when nothing has changed since. What is given back then has `confirmed_at`, which a
    new backup never has. `before` is what `read_previous` gave. Raises `StorageError`.
    """
    if contents is not None:
        record = replace(record, counts=Counts.of(contents), fingerprint=fingerprint(contents))
        if skip_unchanged and (confirmed := _confirm(store, record)) is not None:
            return confirmed
        record = _compared(store, record, lambda: contents, store.stock.good, before)
    elif earlier := store.stock.newest:
        record = replace(record, last_change=earlier.last_change)
    store.commit(staged, record)
    return record


def backfill_changes(store: Repository) -> bool:
    """Compare those that came without: put there by the user, or with their record lost.

    Gives whether all is done that could be; it may take a few times.
    """
    good = store.stock.good
    late = [
        record.filename
        for record, before in pairwise(good)
        if record.changes is None
        and record.fingerprint
        and before.fingerprint
        and not record.is_of_later_version
    ]
    # The oldest first, because each goes on from the story of the one before.
    for filename in late[: -_MOST_AT_ONCE - 1 : -1]:
        try:
            with catch_unexpected(passing=(OSError,)):
                _catch_up_with(store, filename)
        except Unexpected:
            continue  # it is a good backup all the same, and not tried before something changes
        except StorageError as error:
            # They are good backups all the same; the next look at the folder tries again.
            _LOGGER.warning("The record of %s could not be written: %r", filename, error)
            return False
    return len(late) <= _MOST_AT_ONCE


def _catch_up_with(store: Repository, filename: str) -> None:
    good = store.stock.good  # as they are now: reading may have found some of them damaged
    index = next((i for i, it in enumerate(good) if it.filename == filename), None)
    if index is None:
        return
    record = good[index]
    compared = _compared(store, record, partial(_contents, store, record), good[index + 1 :])
    if compared != record and record in store.records:
        store.update(compared)


def _confirm(store: Repository, record: BackupRecord) -> BackupRecord | None:
    newest = store.stock.newest
    if newest is None or newest.fingerprint != record.fingerprint or newest.is_of_later_version:
        return None
    # What is confirmed is what lies there now, not what lay there once.
    newest, _ = store.read(newest)
    if newest.status is not BackupStatus.GOOD:
        return None
    confirmed = replace(newest, confirmed_at=record.created_at)
    store.update(confirmed)
    return confirmed


def _compared(
    store: Repository,
    record: BackupRecord,
    contents: Callable[[], Contents | None],
    earlier: Sequence[BackupRecord],
    before: Before | None = None,
) -> BackupRecord:
    """Note what has changed since the last one before that is still what was stored."""
    for candidate in earlier:
        if candidate.fingerprint == record.fingerprint:
            return replace(record, changes=(), last_change=candidate.last_change)
        known, old = before if before and before[0] == candidate else store.read(candidate)
        if known.status is not BackupStatus.GOOD:
            continue
        new = contents()
        if old is None or new is None:
            return replace(record, last_change=candidate.last_change)
        changes = compare(old, new)
        changed = of_configuration(changes)
        return replace(
            record,
            changes=changes,
            last_change=LastChange(at=record.created_at, summary=tuple(sentences(changed)))
            if changed
            else candidate.last_change,
        )
    return record


def _contents(store: Repository, record: BackupRecord) -> Contents | None:
    return store.read(record)[1]
