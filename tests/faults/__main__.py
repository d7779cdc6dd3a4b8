"""Run the trials and print the table."""

# Before anything of Home Assistant is imported, which would hold on to the real time.
import pytest_homeassistant_custom_component.patch_time  # noqa: F401, I001

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from pathlib import Path
import random
import sys

from scripts import tables

from .oracle import Finding

type Trial = Callable[[int, int | None], Awaitable[Sequence[Finding]]]

_TRIALS = ("kill", "disk", "network", "hostile", "clock", "month")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--only", choices=_TRIALS, action="append", help="may be repeated")
    parser.add_argument("--seed", type=int, help="to try the same once more")
    parser.add_argument("--count", type=int, help="how often; each trial has a number of its own")
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="put the table into this document, too"
    )
    return parser.parse_args()


def main() -> int:
    """Try all, and return 1 when anything went wrong."""
    options = _parse()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    failed = False
    for name in options.only or _TRIALS:
        trial: Trial = import_module(f"{__package__}.{name}").run
        findings = asyncio.run(trial(seed, options.count))
        for finding in findings:
            failed |= bool(finding.failures)
            verdict = f"{len(finding.failures)} FAILED" if finding.failures else "good"
            print(f"{name:9} {finding.what:50} {finding.tried:5} {verdict}", flush=True)
            for line in (finding.detail, *(f"! {item}" for item in finding.failures)):
                if line:
                    print(f"{'':9} {line}", flush=True)
        if options.into is not None:
            rows = [
                (
                    item.what,
                    str(item.tried),
                    f"**{len(item.failures)}**" if item.failures else "0",
                    item.detail,
                )
                for item in findings
            ]
            heading = ("what", "tried", "failed", f"with seed {seed}")
            tables.put(options.into, name, heading, rows)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
