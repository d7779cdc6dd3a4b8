"""Reading stored archives again, a few at each refresh."""

from contextlib import suppress

from homeassistant.util import dt as dt_util

from ..engine.errors import BackupNotFound, StorageUnreadable, Unexpected
from ..engine.policy import scrub
from .context import Context


async def async_scrub(context: Context) -> None:
    """Read the archives that are due, so that damage is known before it hurts."""
    state, now = context.state, dt_util.utcnow()
    last_at = state.scrubbed_at or now
    state.scrubbed_at = last_at
    for record in scrub.due(
        context.repository.index.records, last_id=state.scrubbed_id, last_at=last_at, now=now
    ):
        if context.gate.is_closed:
            break
        # One that fails, or is deleted meanwhile, does not keep the others from being read.
        with suppress(BackupNotFound, StorageUnreadable, Unexpected), context.catch_unexpected():
            await context.repository.verify(record.id)
        state.scrubbed_id, state.scrubbed_at = record.id, now
