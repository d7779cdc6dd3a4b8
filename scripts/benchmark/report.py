"""The table, for people and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import platform

from homeassistant.const import __version__
from scripts import tables

from .measuring import Figure


def machine() -> dict[str, str | int]:
    """Tell what one has to know to compare figures."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "home_assistant": __version__,
        "system": platform.platform(),
        "cores": os.process_cpu_count() or 0,
        "load": f"{os.getloadavg()[0]:.2f}",
    }


def print_machine() -> None:
    """Print on what is measured."""
    print(", ".join(f"{name} {value}" for name, value in machine().items()), flush=True)


def print_figures(figures: Sequence[Figure]) -> None:
    """Print lines of the table."""
    for figure in figures:
        verdict = "met" if figure.is_met else "MISSED"
        value, goal = (f"{item:8.2f} {figure.unit:2}" for item in (figure.value, figure.goal))
        print(
            f"{figure.name:20} {value}  goal {goal}  {verdict}\n{'':20} {figure.detail}", flush=True
        )


def print_left_out(left_out: Sequence[str]) -> None:
    """Print what was not measured, and why."""
    for line in left_out:
        print(f"LEFT OUT {line}")


def write_table(path: Path, name: str, figures: Sequence[Figure]) -> None:
    """Put it into a document."""
    rows = [
        (
            figure.name,
            f"{figure.value:.2f} {figure.unit}",
            f"{figure.goal:.2f} {figure.unit}",
            "met" if figure.is_met else "**missed**",
            figure.detail,
        )
        for figure in figures
    ]
    tables.put(path, name, ("what", "figure", "goal", "", "in detail"), rows)
    on = ("what", "")
    tables.put(path, "machine", on, [(name, str(value)) for name, value in machine().items()])


def write_json(path: Path, figures: Sequence[Figure], left_out: Sequence[str]) -> None:
    """Write it."""
    content = {
        "machine": machine(),
        "figures": [asdict(figure) | {"is_met": figure.is_met} for figure in figures],
        "left_out": list(left_out),
    }
    path.write_text(json.dumps(content, indent=2) + "\n")
