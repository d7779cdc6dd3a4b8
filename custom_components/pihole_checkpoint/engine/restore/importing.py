"""Sending the payload to the Pi-hole, and understanding its answer."""

import asyncio
from collections.abc import Mapping
from typing import BinaryIO, Final

from ..errors import RestoreNotBegun
from ..export import time_limit
from ..pihole.errors import (
    AppPasswordReadOnly,
    ConnectionFailed,
    Forbidden,
    ImportRefused,
    ProxyTooLarge,
    SessionEnded,
    WrongAddress,
)
from ..pihole.session import PiholeSession
from .payload import ImportPayload
from .timings import RestoreTimings

_PASSING: Final = ("syntax check OK", "database is locked")
"""Parts of refusals that pass, for which a Pi-hole has no key of its own: v6.0 sometimes fails in
its own check of a sound configuration, and each version while something else is writing."""


async def import_payload(
    session: PiholeSession,
    payload: ImportPayload,
    file: BinaryIO,
    *,
    deadline: float,
    timings: RestoreTimings,
) -> frozenset[str] | None:
    """Import the payload, and return what the Pi-hole did not take of it.

    Return `None` when the answer was lost: the Pi-hole may have imported the payload or not. Raises
    `RestoreNotBegun` when the Pi-hole did not look at it, and `Refused` when it did not accept it,
    though it may have stopped halfway.
    """
    try:
        async with time_limit(deadline):
            taken = await _import_with_retries(session, file, payload.selection, timings)
    except Forbidden:
        read_only = AppPasswordReadOnly()
        raise RestoreNotBegun(reason=read_only.key) from read_only
    except (SessionEnded, ProxyTooLarge) as error:
        raise RestoreNotBegun(reason=error.key) from error
    except ConnectionFailed, WrongAddress:
        return None
    return payload.files - taken


async def _import_with_retries(
    session: PiholeSession,
    file: BinaryIO,
    selection: Mapping[str, object],
    timings: RestoreTimings,
) -> frozenset[str]:
    """Import an archive, and try again when it was refused for a reason that passes."""
    for wait in timings.retries:
        try:
            return await session.import_archive(file, selection)
        except ImportRefused as error:
            if not any(words in error.placeholders["reason"] for words in _PASSING):
                raise
        await asyncio.sleep(wait)
    return await session.import_archive(file, selection)
