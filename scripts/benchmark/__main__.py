"""Print the table."""

import argparse
import sys

from . import contents

_MEASUREMENTS = {"contents": contents.measure}


def main() -> int:
    """Measure, and give 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "--only", choices=_MEASUREMENTS, action="append", help="measure this; may be repeated"
    )
    wanted = parser.parse_args().only or list(_MEASUREMENTS)
    figures = [_MEASUREMENTS[name]() for name in wanted]
    for figure in figures:
        verdict = "met" if figure.is_met else "MISSED"
        print(f"{figure.name:12} {figure.value:6.2f}  goal {figure.goal:5.2f}  {verdict:6}")
        print(f"{'':12} {figure.detail}")
    return 0 if all(figure.is_met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
