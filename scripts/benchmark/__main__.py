"""Measure how fast and how lean the integration is, print a table, and fail for a missed goal."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
import json
import os
from pathlib import Path
import platform
import sys

from homeassistant.const import __version__
from scripts import tables
from scripts.demo_home.arranging import Target
from scripts.demo_home.real_pihole import RealPihole
from scripts.demo_home.real_pihole import parse as parse_with_real_pihole
from scripts.in_browser.chromium import find_chromium

from .measuring import Figure

_MEASUREMENTS = (
    "contents",
    "press",
    "many",
    "stall",
    "memory",
    "scale",
    "start",
    "screen",
    "restoring",
    "planning",
)
_AT_A_REAL_PIHOLE = ("press",)
"""Those that need only one Pi-hole, which may be a real one."""
_EPILOG = """\
exit codes: 0 every goal is met, 1 one is missed or could not be measured, 2 wrong usage

Ratios are medians of runs that alternate with what they are compared with. Figures in ms and MB
say something on a quiet machine only."""


class _Options(RealPihole):
    """The options as they were given."""

    only: list[str] | None
    json: Path | None
    into: Path | None


def _parse() -> _Options:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measures how fast and how lean the integration is, and prints a table.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", choices=_MEASUREMENTS, action="append", help="measure this; may be repeated"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there, too")
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="put the table into this document, too"
    )
    use = "to measure with, instead of simulated ones. It is backed up many times; nothing on it is"
    return parse_with_real_pihole(parser, _Options(), used_for=f"{use} changed")


def _machine() -> dict[str, str | int]:
    """Return what one has to know to compare figures."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "home_assistant": __version__,
        "system": platform.platform(),
        "cores": os.process_cpu_count() or 0,
        "load": f"{os.getloadavg()[0]:.2f}",
    }


def _obstacle(name: str, target: Target | None) -> str | None:
    """Return why something cannot be measured, if it cannot."""
    if name == "screen" and find_chromium() is None:
        return "it takes Chromium, see scripts/chromium-from-debian"
    if target is not None and name not in _AT_A_REAL_PIHOLE:
        return "it takes simulated Pi-holes"
    return None


def _measure(name: str, target: Target | None) -> Sequence[Figure]:
    module = import_module(f"{__package__}.{name}")
    figures: Sequence[Figure] = module.measure() if target is None else module.measure_at(target)
    for figure in figures:
        verdict = "met" if figure.is_met else "MISSED"
        value, goal = (f"{item:8.2f} {figure.unit:2}" for item in (figure.value, figure.goal))
        print(f"{figure.name:20} {value}  goal {goal}  {verdict}\n{'':20} {figure.detail}")
        sys.stdout.flush()
    return figures


def _put(path: Path, name: str, figures: Sequence[Figure]) -> None:
    rows = [
        (
            item.name,
            f"{item.value:.2f} {item.unit}",
            f"{item.goal:.2f} {item.unit}",
            "met" if item.is_met else "**missed**",
            item.detail,
        )
        for item in figures
    ]
    tables.put(path, name, ("what", "figure", "goal", "", "in detail"), rows)
    machine = [(name, str(value)) for name, value in _machine().items()]
    tables.put(path, "machine", ("what", ""), machine)


def main() -> int:
    """Measure, and return 1 when a goal is missed."""
    options = _parse()
    left_out: list[str] = []
    figures: list[Figure] = []
    print(", ".join(f"{name} {value}" for name, value in _machine().items()), flush=True)
    for name in options.only or _MEASUREMENTS:
        if (obstacle := _obstacle(name, options.target)) is not None:
            left_out.append(f"{name}: {obstacle}")
            continue
        found = _measure(name, options.target)
        if options.into is not None:
            _put(options.into, name, found)
        figures += found
    for line in left_out:
        print(f"LEFT OUT {line}")
    if options.json is not None:
        shown = [asdict(figure) | {"is_met": figure.is_met} for figure in figures]
        content = {"machine": _machine(), "figures": shown, "left_out": left_out}
        options.json.write_text(json.dumps(content, indent=2) + "\n")
    return 0 if all(figure.is_met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
