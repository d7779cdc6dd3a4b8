"""What the integration adds to Home Assistant's start.

Importing it is compared with importing what it stands on, in the same fresh interpreter: only what
our package adds to that counts. It shall be a twentieth at most, so that nobody finds us in a list
of what made the start slow.

Its set-up is what Home Assistant itself measures (as under System, Repairs, Integration startup
time), with ten Pi-holes. It looks at the repositories and must not wait for any Pi-hole, so the
goal is the same when they answer as when they take connections and say nothing: where a person
begins to notice a wait.
"""

import asyncio
from collections.abc import Sequence
import os
from statistics import median
import subprocess
import sys
from tempfile import TemporaryDirectory
from typing import Final, TypedDict, cast

from scripts.demo_home.arranging import DOMAIN
from scripts.demo_home.home import ROOT

from .measuring import Figure
from .world import World, home_with, simulated_piholes

_RUNS = 5
_STARTS = 11
"""Home Assistant sets up much else at the same time, so one start is not like the next."""
_MOST_OF_IMPORT = 0.05
_LONGEST_SETUP = 250.0
_PIHOLES = 10

_FOUNDATION: Final = (
    "bootstrap",
    "components.backup",
    "components.binary_sensor",
    "components.button",
    "components.diagnostics",
    "components.event",
    "components.file_upload",
    "components.frontend",
    "components.http",
    "components.logbook.models",
    "components.media_source",
    "components.repairs",
    "components.sensor",
    "components.system_health",
    "components.websocket_api",
)
_IMPORT: Final = """
import importlib, pathlib, sys, time
names = sys.argv[1:]
began = time.perf_counter()
for name in names:
    importlib.import_module(f"homeassistant.{name}")
between = time.perf_counter()
import custom_components
package = "custom_components.pihole_checkpoint"
for path in sorted(pathlib.Path("custom_components/pihole_checkpoint").glob("*.py")):
    importlib.import_module(package if path.stem == "__init__" else f"{package}.{path.stem}")
print(between - began, time.perf_counter() - between)
"""


class _Setup(TypedDict):
    domain: str
    seconds: float


def measure() -> Sequence[Figure]:
    """Measure both."""
    return [_imports(), *asyncio.run(_setups())]


def _imports() -> Figure:
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a Home Assistant has it compiled, too
        _import(environment)
        runs = [_import(environment) for _ in range(_RUNS)]
    base, added = (median(times) for times in zip(*runs, strict=True))
    return Figure(
        name="start: import",
        value=added / base,
        unit="x",
        goal=_MOST_OF_IMPORT,
        detail=f"all of our modules {added * 1000:.0f} ms, after those of Home Assistant in "
        f"{base * 1000:.0f} ms",
    )


def _import(environment: dict[str, str]) -> tuple[float, float]:
    done = subprocess.run(  # noqa: S603 - what is run is written above
        [sys.executable, "-c", _IMPORT, *_FOUNDATION],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    base, added = done.stdout.split()
    return float(base), float(added)


async def _setups() -> Sequence[Figure]:
    answering: list[float] = []
    dumb: list[float] = []
    async with simulated_piholes(_PIHOLES) as piholes, home_with(piholes.targets) as world:
        for _ in range(_STARTS):
            await world.house.restart()
            answering.append(await _setup_seconds(world))
            with piholes.struck_dumb():
                await world.house.restart()
                dumb.append(await _setup_seconds(world))
    return [
        Figure(
            name=f"start: {what}",
            value=median(times) * 1000,
            unit="ms",
            goal=_LONGEST_SETUP,
            detail=f"set-up of {_PIHOLES} Pi-holes that {what}, as Home Assistant measures it: "
            f"median of {_STARTS} ({min(times) * 1000:.0f} to {max(times) * 1000:.0f})",
        )
        for what, times in (("answer", answering), ("are silent", dumb))
    ]


async def _setup_seconds(world: World) -> float:
    setups = cast("list[_Setup]", await world.house.api.command("integration/setup_info"))
    return next(setup["seconds"] for setup in setups if setup["domain"] == DOMAIN)
