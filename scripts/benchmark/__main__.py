"""Measure how fast and how lean the integration is, print a table, and fail for a missed goal."""

from collections.abc import Callable, Sequence
import sys

from scripts.demo_home.arranging import Target

from . import contents, many, memory, press, scale, screen, stall, start
from .measuring import Figure
from .options import parse
from .report import print_figures, print_left_out, print_machine, write_json, write_table

_MEASUREMENTS: dict[str, Callable[[], Sequence[Figure]]] = {
    "contents": contents.measure,
    "press": press.measure,
    "many": many.measure,
    "stall": stall.measure,
    "memory": memory.measure,
    "scale": scale.measure,
    "start": start.measure,
    "screen": screen.measure,
}
_AT_A_REAL_PIHOLE: dict[str, Callable[[Target], Sequence[Figure]]] = {"press": press.measure_at}
"""Those that need only one Pi-hole, which may be a real one."""


def main() -> int:
    """Measure, and give 1 when a goal is missed."""
    options = parse(_MEASUREMENTS)
    left_out: list[str] = []
    figures: list[Figure] = []
    print_machine()
    for name in options.only or list(_MEASUREMENTS):
        if name == "screen" and not screen.is_possible():
            left_out.append(f"{name}: it takes Chromium, see scripts/chromium-from-debian")
            continue
        if options.target is None:
            found = _MEASUREMENTS[name]()
        elif name in _AT_A_REAL_PIHOLE:
            found = _AT_A_REAL_PIHOLE[name](options.target)
        else:
            left_out.append(f"{name}: it takes simulated Pi-holes")
            continue
        print_figures(found)
        if options.into is not None:
            write_table(options.into, name, found)
        figures += found
    print_left_out(left_out)
    if options.json is not None:
        write_json(options.json, figures, left_out)
    return 0 if all(figure.is_met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
