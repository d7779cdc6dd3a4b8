"""Run the trials and print the table."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
import random
import sys

from .finding import Finding

type Trial = Callable[[int, int | None], Awaitable[Sequence[Finding]]]

_TRIALS = ("kill", "disk", "network", "hostile", "month")


def _trial(name: str) -> Trial:
    trial: Trial = import_module(f"{__package__}.{name}").run
    return trial


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--only", choices=_TRIALS, action="append", help="may be repeated")
    parser.add_argument("--seed", type=int, help="to try the same once more")
    parser.add_argument("--count", type=int, help="how often; each trial has a number of its own")
    return parser.parse_args()


def main() -> int:
    """Try all, and give 1 when anything went wrong."""
    options = _parse()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    failed = False
    for name in options.only or _TRIALS:
        for finding in asyncio.run(_trial(name)(seed, options.count)):
            failed |= bool(finding.failures)
            verdict = f"{len(finding.failures)} FAILED" if finding.failures else "good"
            print(f"{finding.trial:9} {finding.what:50} {finding.tried:5} {verdict}", flush=True)
            if finding.detail:
                print(f"{'':9} {finding.detail}")
            for failure in finding.failures:
                print(f"{'':9} ! {failure}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
