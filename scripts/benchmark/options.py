"""What the command line says."""

import argparse
from collections.abc import Iterable
import os
from pathlib import Path

from scripts.demo_home.arranging import Target

_EPILOG = """\
exit codes: 0 every goal is met, 1 one is missed or could not be measured, 2 wrong usage

Ratios are medians of runs that alternate with what they are compared with. Figures in ms and MB
say something on a quiet machine only."""


class Options(argparse.Namespace):
    """The options as they were given."""

    only: list[str] | None
    json: Path | None
    into: Path | None
    url: str | None
    password: str | None
    no_verify_ssl: bool

    @property
    def target(self) -> Target | None:
        """The real Pi-hole, if there is one."""
        if self.url is None:
            return None
        password = self.password or os.environ.get("PIHOLE_PASSWORD", "")
        return Target(url=self.url, password=password, verify_ssl=not self.no_verify_ssl)


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
    parser.add_argument(
        "--url",
        help="of a real Pi-hole to measure with, instead of simulated ones. It is backed up many "
        "times; nothing on it is changed",
    )
    parser.add_argument(
        "--password",
        help="of the real Pi-hole, best an app password. Others can see it in the list of "
        "processes: the environment variable PIHOLE_PASSWORD hides it",
    )
    parser.add_argument(
        "--no-verify-ssl",
        action="store_true",
        help="do not check the real Pi-hole's certificate",
    )
    options = parser.parse_args(namespace=Options())
    if options.url is None and (options.password is not None or options.no_verify_ssl):
        parser.error("--password and --no-verify-ssl go with --url")
    return options
