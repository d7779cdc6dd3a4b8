"""Run the trials and print the table."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from pathlib import Path
import random
import sys

from scripts import tables

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
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="put the table into this document, too"
    )
    return parser.parse_args()


def main() -> int:
    """Try all, and give 1 when anything went wrong."""
    options = _parse()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}", flush=True)
    failed = False
    for name in options.only or _TRIALS:
        findings = asyncio.run(_trial(name)(seed, options.count))
        for finding in findings:
            failed |= bool(finding.failures)
            verdict = f"{len(finding.failures)} FAILED" if finding.failures else "good"
            print(f"{finding.trial:9} {finding.what:50} {finding.tried:5} {verdict}", flush=True)
            if finding.detail:
                print(f"{'':9} {finding.detail}")
            for failure in finding.failures:
                print(f"{'':9} ! {failure}", flush=True)
        if options.into is not None:
            _write(options.into, name, seed, findings)
    return 1 if failed else 0


def _write(path: Path, name: str, seed: int, findings: Sequence[Finding]) -> None:
    rows = [
        (
            it.what,
            str(it.tried),
            f"**{len(it.failures)}**" if it.failures else "0",
            it.detail,
        )
        for it in findings
    ]
    heading = ("what", "tried", "failed", f"with seed {seed}")
    tables.put(path, name, heading, rows)


if __name__ == "__main__":
    sys.exit(main())
