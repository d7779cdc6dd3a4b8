"""The time as the simulated Pi-hole sees it."""

from dataclasses import dataclass
from datetime import UTC, datetime
import time


@dataclass(slots=True)
class Clock:
    """The real time, until a test moves it or stops it."""

    offset: float = 0.0
    stopped_at: float | None = None

    def __call__(self) -> float:
        """Seconds since the epoch."""
        now = time.time() if self.stopped_at is None else self.stopped_at
        return now + self.offset

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.offset += seconds

    def stop(self) -> None:
        """Let no time pass but by `advance`: what is limited per second can be counted then."""
        self.stopped_at = time.time()

    def datetime(self) -> datetime:
        """Return the time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self(), UTC)
