"""One more look at a restored Pi-hole, some minutes later.

A gravity update that was running during a restore throws away what was changed meanwhile: at its
end it puts the lists, domains, clients and groups back that it copied at its beginning. Nothing
tells that one is running, so its effect is looked for.
"""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_call_later

from ..engine.pihole.errors import CheckpointError
from ..engine.repository.repository import Repository
from ..engine.restore.differences import Difference
from ..engine.restore.models import RestoreRequest
from ..engine.restore.verify import lost_again
from ..engine.teleporter.contents import Contents
from .context import Context

LOOK_AFTER: Final = timedelta(minutes=5)
"""Longer than most gravity updates take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LostChanges:
    """Restored changes that the Pi-hole does not have any more."""

    differences: tuple[Difference, ...]
    request: RestoreRequest
    """The request that restores them again."""
    source: Repository


class SecondLook:
    """Looks at the Pi-hole after a restore, and remembers what was lost until it is settled."""

    def __init__(
        self, context: Context, read: Callable[[], Coroutine[object, object, Contents]]
    ) -> None:
        self.lost: LostChanges | None = None
        self._context = context
        self._read = read
        self._changes: tuple[Difference, ...] = ()
        """Those of the restore that is looked after; one that has ended since replaces them."""
        self._cancel_look: CALLBACK_TYPE | None = None

    @callback
    def begin(
        self, request: RestoreRequest, source: Repository, changes: tuple[Difference, ...]
    ) -> None:
        """Look in some minutes whether these changes are still there."""
        self.end()
        self._changes = changes

        @callback
        def look(_now: datetime) -> None:
            self._cancel_look = None
            with suppress(CheckpointError):  # everything is being stopped
                _ = self._context.jobs.start(self._look(request, source, changes), "second look")

        self._cancel_look = async_call_later(self._context.hass, LOOK_AFTER, look)

    def is_repeated_by(self, request: RestoreRequest) -> bool:
        """Return whether a request is the one that restores lost changes again."""
        return self.lost is not None and self.lost.request is request

    @callback
    def end(self) -> None:
        """Do not look any more, and forget what was lost."""
        self.lost = None
        self._changes = ()
        if self._cancel_look is not None:
            self._cancel_look()
            self._cancel_look = None

    async def _look(
        self, request: RestoreRequest, source: Repository, changes: tuple[Difference, ...]
    ) -> None:
        with suppress(CheckpointError):  # a Pi-hole that is away is reported elsewhere
            lost = lost_again(changes, await self._read())
            if not lost or changes is not self._changes:
                return
            selection = replace(request.selection, only=frozenset(each.id for each in lost))
            again = replace(request, selection=selection, plan=None, way=None)
            self.lost = LostChanges(differences=lost, request=again, source=source)
            self._context.publish()
