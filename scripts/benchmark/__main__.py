"""Print the table."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
import sys

from .measuring import Figure

type Measurement = Callable[[], Sequence[Figure]]

_MEASUREMENTS = ("contents", "stall", "memory", "scale")


def _measurement(name: str) -> Measurement:
    measurement: Measurement = import_module(f"{__package__}.{name}").measure
    return measurement


def main() -> int:
    """Measure, and give 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "--only", choices=_MEASUREMENTS, action="append", help="measure this; may be repeated"
    )
    missed = False
    for name in parser.parse_args().only or _MEASUREMENTS:
        for figure in _measurement(name)():
            missed |= not figure.is_met
            verdict = "met" if figure.is_met else "MISSED"
            value, goal = (f"{it:8.2f} {figure.unit:2}" for it in (figure.value, figure.goal))
            print(f"{figure.name:24} {value}  goal {goal}  {verdict}", flush=True)
            print(f"{'':24} {figure.detail}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
