"""What is being done with one Pi-hole at the moment, as far as users are shown it."""

from collections.abc import Callable
import time
from typing import Final

from homeassistant.core import callback

from ..engine.models import Stage

_SECONDS_BETWEEN_UPDATES: Final = 1.0


class Progress:
    """The stage of what is being done, and how far it is."""

    def __init__(self, publish: Callable[[], None]) -> None:
        self.stage: Stage | None = None
        self.progress = ""
        """The bytes of an export, or a line of a gravity update."""
        self._publish = publish
        self._published_at = 0.0

    @callback
    def report(self, stage: Stage, progress: str) -> None:
        """Publish a new stage at once, and progress in it now and then."""
        is_new = stage is not self.stage
        self.stage, self.progress = stage, progress
        now = time.monotonic()
        if is_new or now - self._published_at > _SECONDS_BETWEEN_UPDATES:
            self._published_at = now
            self._publish()

    @callback
    def end(self) -> None:
        """Take note that nothing is done any more; the caller publishes it."""
        self.stage, self.progress = None, ""
