"""What a verified archive becomes: a backup with its changes, or a confirmation of the newest one.

Everything here blocks: `Repository` calls it in a thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
import logging
from typing import Final

from ..errors import StorageError, Unexpected, catch_unexpected
from ..models import BackupRecord, BackupStatus, LastChange
from ..teleporter.contents import Contents, Counts, fingerprint
from ..teleporter.diff import compare, of_configuration
from ..teleporter.summary import sentences
from .folder import Folder
from .staging import StagedArchive

_LOGGER = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 20
"""How many backups are compared belatedly in one call; each needs two archives to be read."""

type Previous = tuple[BackupRecord, Contents | None]
"""A stored backup that was read, and what it holds."""

_MOST_HELD: Final = 1024 * 1024
"""In bytes: the largest archive whose contents are kept in memory while a Pi-hole exports."""


def read_previous(folder: Folder) -> Previous | None:
    """Return the newest good backup and its contents, for `commit`, if it is small.

    Raises `StorageError`.
    """
    newest = folder.index.newest
    if newest is None or newest.file_size > _MOST_HELD:
        return None
    return folder.read(newest)


def commit(  # noqa: PLR0913 - all of this is known only once the archive is here
    folder: Folder,
    staged: StagedArchive,
    record: BackupRecord,
    contents: Contents | None,
    *,
    skip_unchanged: bool,
    previous: Previous | None = None,
) -> BackupRecord:
    """Store a verified archive, or with `skip_unchanged` only confirm the newest backup.

    It is confirmed when nothing has changed since. The record returned then has `confirmed_at`,
    which a new backup never has. `previous` is what `read_previous` returned. Raises
    `StorageError`.
    """
    if contents is not None:
        record = replace(record, counts=Counts.of(contents), fingerprint=fingerprint(contents))
        if skip_unchanged and (confirmed := _confirm(folder, record)) is not None:
            staged.discard()  # now: the caller goes on without a wait after the change is published
            return confirmed
        record = _compared(folder, record, lambda: contents, folder.index.good, previous)
    elif earlier := folder.index.newest:
        record = replace(record, last_change=earlier.last_change)
    folder.commit(staged, record)
    return record


def backfill_changes(folder: Folder) -> bool:
    """Compare backups that have no changes noted: adopted ones, and those whose record was lost.

    Return whether all of them are done. Each call compares only a few.
    """
    good = folder.index.good
    late = [
        record.filename
        for record, before in pairwise(good)
        if record.changes is None
        and record.fingerprint
        and before.fingerprint
        and not record.is_of_later_version
    ]
    # The oldest first, because the last change of each builds on the one before.
    for filename in late[: -_MOST_AT_ONCE - 1 : -1]:
        try:
            with catch_unexpected(passing=(OSError,)):
                _backfill(folder, filename)
        except Unexpected:
            continue  # it stays a good backup, and is not tried again before something changes
        except StorageError as error:
            # They stay good backups; the next refresh tries again.
            _LOGGER.warning("The record of %s could not be written: %r", filename, error)
            return False
    return len(late) <= _MOST_AT_ONCE


def _backfill(folder: Folder, filename: str) -> None:
    good = folder.index.good  # as they are now: reading may have found some of them damaged
    index = next((i for i, other in enumerate(good) if other.filename == filename), None)
    if index is None:
        return
    record = good[index]
    compared = _compared(folder, record, partial(_contents, folder, record), good[index + 1 :])
    if compared != record and record in folder.index.records:
        folder.update(compared)


def _confirm(folder: Folder, record: BackupRecord) -> BackupRecord | None:
    newest = folder.index.newest
    if newest is None or newest.fingerprint != record.fingerprint or newest.is_of_later_version:
        return None
    # Confirm what is in the folder now, not what was there once.
    newest, _ = folder.read(newest)
    if newest.status is not BackupStatus.GOOD:
        return None
    confirmed = replace(newest, confirmed_at=record.created_at)
    folder.update(confirmed)
    return confirmed


def _compared(
    folder: Folder,
    record: BackupRecord,
    contents: Callable[[], Contents | None],
    earlier: Sequence[BackupRecord],
    previous: Previous | None = None,
) -> BackupRecord:
    """Note the changes since the newest earlier backup whose archive is still intact."""
    for candidate in earlier:
        if candidate.fingerprint == record.fingerprint:
            return replace(record, changes=(), last_change=candidate.last_change)
        known, old = previous if previous and previous[0] == candidate else folder.read(candidate)
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


def _contents(folder: Folder, record: BackupRecord) -> Contents | None:
    return folder.read(record)[1]
