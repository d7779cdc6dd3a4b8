"""What the command line says."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from scripts.demo_home.real_pihole import RealPihole
from scripts.demo_home.real_pihole import parse as parse_with_real_pihole

_EPILOG = """\
exit codes: 0 every goal is met, 1 one is missed or could not be measured, 2 wrong usage

Ratios are medians of runs that alternate with what they are compared with. Figures in ms and MB
say something on a quiet machine only."""


class Options(RealPihole):
    """The options as they were given."""

    only: list[str] | None
    json: Path | None
    into: Path | None


def parse(names: Iterable[str]) -> Options:
    """Read the command line, or end with its help or what is wrong with it."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures how fast and how lean the integration is, and prints a table.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", choices=list(names), action="append", help="measure this; may be repeated"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="put the table into this document, too"
    )
    return parse_with_real_pihole(
        parser,
        Options(),
        used_for="to measure with, instead of simulated ones. It is backed up many times; nothing "
        "on it is changed",
    )
