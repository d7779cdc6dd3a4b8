"""The process that gives birth to the victims, one for each line that it reads, and kills them.

It has one thread and has imported everything before it forks, so a victim costs milliseconds.
"""

import asyncio
from importlib import import_module
import json
import os
from pathlib import Path
import signal
import sys
import traceback
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .deeds import Plan

_PACKAGE = "custom_components.pihole_checkpoint"


def _without_home_assistant() -> None:
    """Let the engine be imported without the package around it, which wants Home Assistant."""
    package = ModuleType(_PACKAGE)
    package.__path__ = [str(Path(__file__).parents[2].joinpath(*_PACKAGE.split(".")))]
    sys.modules[_PACKAGE] = package


def _tell(what: str, **values: object) -> None:
    """Say it so that it is said, whatever happens next."""
    os.write(sys.stdout.fileno(), json.dumps({"what": what, **values}).encode() + b"\n")


def _live(plan: Plan) -> None:
    deeds = import_module(f"{__package__}.deeds")
    steps = import_module(f"{__package__}.steps")
    taken = 0

    def hear(step: object) -> None:
        nonlocal taken
        taken += 1
        if taken == plan.kill_at:
            _tell("step", name=str(step))
            os.kill(os.getpid(), signal.SIGKILL)

    with steps.heard(Path(plan.root), hear):
        asyncio.run(deeds.do(plan, _tell))


def _give_birth(plan: Plan) -> int:
    if child := os.fork():
        return child
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        _live(plan)
    except BaseException:  # noqa: BLE001 - whatever it is, a victim never goes on as its mother
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    """Go on until nothing more is to be read."""
    _without_home_assistant()
    plans = import_module(f"{__package__}.deeds").Plan
    import_module(f"{__package__}.steps")
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    _tell("ready")
    for line in sys.stdin:
        plan = plans.from_line(line)
        child = _give_birth(plan)
        # As long as nobody has asked for its end, no other process gets its number.
        if plan.kill_after is not None and not signal.sigtimedwait(
            {signal.SIGCHLD}, plan.kill_after
        ):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        signal.sigtimedwait({signal.SIGCHLD}, 0)  # it was of this one
        _tell("ended", code=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
