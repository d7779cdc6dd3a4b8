"""Figures, and measuring side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
import time


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One line of the table: what was measured, and the most that it may be."""

    name: str
    value: float
    unit: str
    """Of the value and the goal: "x" (a ratio), "ms", "MB"."""
    goal: float
    detail: str

    @property
    def is_met(self) -> bool:
        """Whether it is as good as it shall be."""
        return self.value <= self.goal


def side_by_side(
    measured: Callable[[], object], bare: Callable[[], object], *, runs: int
) -> tuple[float, float]:
    """Give the median seconds of both; they alternate, so that a busy moment meets both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + 1):
        for times, work in zip(taken, (measured, bare), strict=True):
            started = time.perf_counter()
            work()
            if run:  # the first one warms up
                times.append(time.perf_counter() - started)
    return median(taken[0]), median(taken[1])
