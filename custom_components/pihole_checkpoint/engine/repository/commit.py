"""What a verified archive becomes: a backup with its changes, or a confirmation of the current one.

Everything here blocks: `Repository` calls it in a thread.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
import logging
import time
from typing import Final

from ..errors import (
    BackupNotFound,
    RecordOfLaterVersion,
    StorageError,
    StorageUnreadable,
    Unexpected,
    catch_unexpected,
)
from ..models import BackupRecord, BackupStatus, BackupTrigger, LastChange
from ..policy import current
from ..teleporter.contents import Contents, Counts, fingerprint
from ..teleporter.diff import compare, of_configuration
from ..teleporter.excerpt import Excerpt
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
    """Return the current backup and its contents, for `commit`, if it is small.

    Raises `StorageError`.
    """
    previous = folder.index.current(datetime.now(UTC))
    if previous is None or previous.file_size > _MOST_HELD:
        return None
    return folder.read(previous)


def commit(  # noqa: PLR0913 - all of this is known only once the archive is here
    folder: Folder,
    staged: StagedArchive,
    record: BackupRecord,
    contents: Contents | None,
    *,
    skip_unchanged: bool,
    previous: Previous | None = None,
) -> BackupRecord:
    """Store a verified archive, or with `skip_unchanged` only confirm the current backup.

    It is confirmed when nothing has changed since. The record returned then has `confirmed_at`,
    which a new backup never has. `previous` is what `read_previous` returned. Raises
    `StorageError`.
    """
    if contents is not None:
        record = replace(record, counts=Counts.of(contents), fingerprint=fingerprint(contents))
        if skip_unchanged and (confirmed := _confirm(folder, record)) is not None:
            staged.discard()  # now: the caller goes on without a wait after the change is published
            return confirmed
        record = _compared(folder, record, lambda: contents, _earlier(folder, record), previous)
    elif earlier := next(_earlier(folder, record), None):
        record = replace(record, last_change=folder.index.described(earlier.last_change))
    folder.commit(staged, record)
    return record


def backfill_changes(
    folder: Folder, tried: set[str] | None = None, *, seconds: float | None = None
) -> bool:
    """Compare backups that have no changes noted: adopted ones, and those whose record was lost.

    Return whether all of them are done. Each call compares only a few, and with `seconds` no more
    when that time is over. Those in `tried` are left out, and come to be in it.
    """
    tried = set() if tried is None else tried
    end = None if seconds is None else time.monotonic() + seconds
    left = (name for name in _not_compared(folder.index.good) if name not in tried)
    late = list(islice(left, _MOST_AT_ONCE + 1))
    last: Previous | None = None
    for number, filename in enumerate(late[:_MOST_AT_ONCE]):
        if end is not None and number and time.monotonic() > end:
            return False
        tried.add(filename)
        try:
            with catch_unexpected(passing=(OSError,)):
                last = _backfill(folder, filename, last)
        except Unexpected:
            continue  # it stays a good backup, and is not tried again before something changes
        except BackupNotFound:
            continue  # another Home Assistant has deleted it
        except StorageUnreadable:
            continue  # it keeps no other one from being compared
        except StorageError as error:
            # They stay good backups; the next refresh tries again.
            tried.discard(filename)
            _LOGGER.warning("Could not write the record of %r: %r", filename, error)
            return False
    return len(late) <= _MOST_AT_ONCE


def _not_compared(newest_first: Sequence[BackupRecord]) -> Iterator[str]:
    """Yield the names of those with no changes noted, the oldest first.

    The last change of each builds on the one before.
    """
    own: BackupRecord | None = None
    anything: BackupRecord | None = None
    for record in reversed(newest_first):
        before = own if current.is_own(record) else anything
        if (
            before is not None
            and record.changes is None
            and record.fingerprint
            and before.fingerprint
            and not record.is_of_later_version
        ):
            yield record.filename
        own, anything = record if current.is_own(record) else own, record


def _backfill(folder: Folder, filename: str, previous: Previous | None) -> Previous | None:
    good = folder.index.good  # as they are now: reading may have found some of them damaged
    record = next((other for other in good if other.filename == filename), None)
    if record is None:
        return None
    read: list[Contents | None] = []

    def contents() -> Contents | None:
        read.append(folder.read(record)[1])
        return read[0]

    compared = _compared(folder, record, contents, folder.index.before(record), previous)
    if compared != record and record in folder.index.records:
        compared = folder.update(compared)
    # The next one is compared with this one.
    is_small = record.file_size <= _MOST_HELD
    return (compared, read[0]) if read and read[0] is not None and is_small else None


def _confirm(folder: Folder, record: BackupRecord) -> BackupRecord | None:
    known = folder.index.current(record.created_at)
    if known is None or known.fingerprint != record.fingerprint or known.is_of_later_version:
        return None
    # Confirm what is in the folder now, not what was there once.
    try:
        known, _ = folder.read(known)
    except StorageError as error:
        _LOGGER.warning("Could not read %r: %r", known.filename, error)
        return None
    if known.status is not BackupStatus.GOOD:
        return None
    confirmed = replace(known, confirmed_at=record.created_at)
    try:
        return folder.update(confirmed)
    except BackupNotFound, RecordOfLaterVersion:
        return None  # another Home Assistant has changed it in this moment


def _earlier(folder: Folder, record: BackupRecord) -> Iterator[BackupRecord]:
    """Yield the backups with which a new one is compared: the first that is intact counts."""
    if record.trigger is BackupTrigger.ADOPTED:
        return folder.index.before(record)
    return folder.index.history(record.created_at)


def _compared(
    folder: Folder,
    record: BackupRecord,
    contents: Callable[[], Contents | None],
    earlier: Iterable[BackupRecord],
    previous: Previous | None = None,
) -> BackupRecord:
    """Note the changes since the newest earlier backup whose archive is still intact."""
    for candidate in earlier:
        earlier_change = folder.index.described(candidate.last_change)
        if candidate.fingerprint == record.fingerprint:
            return replace(record, changes=(), last_change=earlier_change)
        try:
            known, old = (
                previous if previous and previous[0] == candidate else folder.read(candidate)
            )
        except StorageError as error:
            # A disk that cannot read one archive any more may well store another.
            _LOGGER.warning("Could not read %r: %r", candidate.filename, error)
            continue
        if known.status is not BackupStatus.GOOD:
            continue
        new = contents()
        if old is None or new is None:
            return replace(record, last_change=earlier_change)
        changes = compare(old, new)
        excerpt = Excerpt.of(changes)
        return replace(
            record,
            changes=excerpt.changes,
            changes_left_out=excerpt.left_out,
            last_change=LastChange.of(record.created_at, changes)
            if of_configuration(changes)
            else earlier_change,
        )
    return record
