"""What is being done with one Pi-hole at the moment, as far as users are shown it."""

from collections.abc import Callable
import time
from typing import Final

from homeassistant.core import callback

from ..engine.models import Stage

_SECONDS_BETWEEN_LOOKS: Final = 1.0


class Progress:
    """What is being done, and how far it is."""

    def __init__(self, show: Callable[[], None]) -> None:
        self.stage: Stage | None = None
        self.progress = ""
        """The bytes of an export, or a line of a gravity update."""
        self._show = show
        self._shown_at = 0.0

    @callback
    def note(self, stage: Stage, progress: str) -> None:
        """Show a new stage at once, and progress in it now and then."""
        is_new = stage is not self.stage
        self.stage, self.progress = stage, progress
        now = time.monotonic()
        if is_new or now - self._shown_at > _SECONDS_BETWEEN_LOOKS:
            self._shown_at = now
            self._show()

    @callback
    def show_end(self) -> None:
        """Show that nothing is done any more."""
        self.end()
        self._show()

    @callback
    def end(self) -> None:
        """Take note that nothing is done any more, for the next time that something is shown."""
        self.stage, self.progress = None, ""
