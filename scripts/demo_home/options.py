"""What the command line says."""

import argparse

from .real_pihole import RealPihole
from .real_pihole import parse as parse_with_real_pihole

_DESCRIPTION = """\
Shows Pi-hole Checkpoint at work: sets up everything this project needs, then runs a real
Home Assistant with the integration in it and a simulated Pi-hole beside it, both reachable
from this computer only, until Ctrl+C.

Everything lies below .demo, which is emptied at the next start, backups included: copy what
you want to keep."""
_EPILOG = """\
examples:
  scripts/demo           try it in the browser
  scripts/demo --once    prove that a backup works, and exit (needs no browser and no terminal)
  PIHOLE_PASSWORD=... scripts/demo --url http://pi.hole
                         back up a real Pi-hole; nothing on it is changed

exit codes: 0 all is well, 1 it failed and said why, 2 wrong usage, 130 interrupted"""


class Options(RealPihole):
    """The options as they were given."""

    port: int
    once: bool


def parse() -> Options:
    """Read the command line, or end with its help or what is wrong with it."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="press the button, look at the stored archive, and exit: 0 when the backup is good",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=8123,
        help="of Home Assistant (default: %(default)s); a free one is used when it is taken",
    )
    return parse_with_real_pihole(parser, Options(), used_for="instead of the simulated one")
