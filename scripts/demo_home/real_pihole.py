"""The options that give a script a real Pi-hole, in place of simulated ones."""

import argparse
import os

from .arranging import Target


class RealPihole(argparse.Namespace):
    """The options as they were given."""

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


def parse[T: RealPihole](parser: argparse.ArgumentParser, options: T, *, used_for: str) -> T:
    """Read the command line, with these options, or end with what is wrong with it."""
    parser.add_argument("--url", help=f"of a real Pi-hole {used_for}")
    parser.add_argument(
        "--password",
        help="of the real Pi-hole, preferably an app password. To hide it from the list of "
        "processes, use the environment variable PIHOLE_PASSWORD",
    )
    parser.add_argument(
        "--no-verify-ssl", action="store_true", help="don't verify the real Pi-hole's certificate"
    )
    parser.parse_args(namespace=options)
    if options.url is None and (options.password is not None or options.no_verify_ssl):
        parser.error("--password and --no-verify-ssl go with --url")
    return options
