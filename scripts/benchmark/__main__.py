"""Measure how fast and how lean the integration is, print a table, and fail for a missed goal."""

from collections.abc import Callable, Sequence
import sys

from . import contents
from .measuring import Figure
from .options import parse
from .report import print_table, write_json

_MEASUREMENTS: dict[str, Callable[[], Sequence[Figure]]] = {
    "contents": contents.measure,
}
_AT_A_REAL_PIHOLE: dict[str, Callable[[str, str], Sequence[Figure]]] = {}
"""Those that can be measured with a Pi-hole's address and password."""


def main() -> int:
    """Measure, and give 1 when a goal is missed."""
    options = parse(_MEASUREMENTS)
    wanted = options.only or list(_MEASUREMENTS)
    left_out: list[str] = []
    figures: list[Figure] = []
    for name in wanted:
        if options.url is None:
            figures += _MEASUREMENTS[name]()
        elif name in _AT_A_REAL_PIHOLE:
            figures += _AT_A_REAL_PIHOLE[name](options.url, options.password)
        else:
            left_out.append(name)
    print_table(figures, left_out)
    if options.json is not None:
        write_json(options.json, figures, left_out)
    return 0 if all(figure.is_met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
