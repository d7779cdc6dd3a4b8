"""Sending the payload to the Pi-hole, and understanding its answer."""

import asyncio
from dataclasses import dataclass
from typing import BinaryIO, Final, Never

from ..aio import in_thread
from ..errors import RestoreNotBegun, RestoreRefused, RestoreUnproven
from ..export import time_limit
from ..models import BackupRecord, BackupTrigger
from ..pihole.errors import (
    AppPasswordReadOnly,
    CheckpointError,
    ConnectionFailed,
    Forbidden,
    ImportRefused,
    ProxyTooLarge,
    Refused,
    SessionEnded,
    WrongAddress,
)
from ..pihole.session import PiholeSession
from ..teleporter.diff import Subject, compare
from .exports import Exports, StagedExport
from .failures import RestorePartial
from .feasibility import setting_of
from .packing.choice import ImportChoice
from .packing.pack import ImportPayload
from .plan import Plan
from .selection import IN_GRAVITY
from .timings import RestoreTimings
from .verify import lasting

_PASSING: Final = ("syntax check OK", "database is locked")
"""Parts of refusals that pass, for which a Pi-hole has no key of its own: v6.0 sometimes fails in
its own check of a sound configuration, and each version while something else is writing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """A payload, and its file opened for reading."""

    payload: ImportPayload
    file: BinaryIO


def choice_of(plan: Plan) -> ImportChoice:
    """Return what an import takes from the backup to carry out a plan."""
    keys = {key for each in plan.differences if (key := setting_of(each)) is not None}
    values = plan.setting_values
    has_leases = any(each.subject is Subject.LEASES for each in plan.differences)
    return ImportChoice(
        items=frozenset(
            (each.subject, each.kind, each.item)
            for each in plan.differences
            if each.subject in IN_GRAVITY
        ),
        settings={key: values.get(key) for key in keys},
        leases=plan.expected.leases if has_leases else None,
    )


async def import_payload(
    session: PiholeSession, sending: Sending, *, deadline: float, timings: RestoreTimings
) -> frozenset[str] | None:
    """Import the payload, and return what the Pi-hole did not take of it.

    Return `None` when the answer was lost: the Pi-hole may have imported the payload or not. Raises
    `RestoreNotBegun` when the Pi-hole did not look at it, and `Refused` when it did not accept it,
    though it may have stopped halfway.
    """
    try:
        async with time_limit(deadline):
            taken = await _import_with_retries(session, sending, timings)
    except Forbidden:
        read_only = AppPasswordReadOnly()
        raise RestoreNotBegun(reason=read_only.key) from read_only
    except (SessionEnded, ProxyTooLarge) as error:
        raise RestoreNotBegun(reason=error.key) from error
    except ConnectionFailed, WrongAddress:
        return None
    return sending.payload.files - taken


async def _import_with_retries(
    session: PiholeSession, sending: Sending, timings: RestoreTimings
) -> frozenset[str]:
    """Import an archive, and try again when it was refused for a reason that passes."""
    file, selection = sending.file, sending.payload.selection
    for wait in timings.retries:
        try:
            return await session.import_archive(file, selection)
        except ImportRefused as error:
            if not any(words in error.placeholders["reason"] for words in _PASSING):
                raise
        await asyncio.sleep(wait)
    return await session.import_archive(file, selection)


async def raise_refusal(
    session: PiholeSession,
    refusal: Refused,
    before: StagedExport,
    safety: BackupRecord,
    exports: Exports,
) -> Never:
    """Find out what a refused restore changed all the same: it may have stopped halfway.

    Inside `writing`. Raises `RestoreRefused`, `RestorePartial` or `RestoreUnproven`.
    """
    reason = refusal.placeholders.get("reason", refusal.key)
    try:
        now = await exports.export(session, BackupTrigger.SERVICE)
    except CheckpointError as error:
        words = refusal.placeholders.get("reason", error.key)
        raise RestoreUnproven(safety=safety.filename, reason=words) from error
    changes = await in_thread(compare, lasting(before.contents), lasting(now.contents))
    if not changes:
        raise RestoreRefused(safety=safety.filename, reason=reason) from refusal
    raise RestorePartial(safety=safety.filename, reason=reason, changes=changes) from refusal
