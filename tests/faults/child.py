"""A process that does deeds in children of its own, one for each line that it reads.

It has one thread and has imported everything before it forks, so a child costs milliseconds.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
import json
import os
from pathlib import Path
import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .deeds import Plan
    from .hooks import Step

KILLED: Final = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Nursery:
    """Passes plans to that process, and hears from it."""

    _input: StreamWriter
    _output: StreamReader

    async def live(self, plan: Plan) -> AsyncIterator[dict[str, str]]:
        """Do what is planned in a child, and pass on what it says; the last is how it ended."""
        self._input.write(f"{json.dumps(asdict(plan))}\n".encode())
        said: dict[str, str] = {}
        while said.get("what") != "ended":
            said = json.loads(await self._output.readline())
            yield said


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Start that process, and let it end."""
    command = (sys.executable, "-B", "-m", f"{__package__}.child")
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=root)
    assert process.stdin is not None
    assert process.stdout is not None
    await process.stdout.readline()  # it is ready
    try:
        yield Nursery(process.stdin, process.stdout)
    finally:
        process.stdin.close()
        await process.wait()


def _report(what: str, **values: object) -> None:
    """Report something at once, before anything else can happen."""
    os.write(sys.stdout.fileno(), json.dumps({"what": what, **values}).encode() + b"\n")


def _live_to_be_killed(plan: Plan) -> None:
    from . import deeds, hooks  # noqa: PLC0415 - the package was replaced before

    taken = 0

    def hear(step: Step) -> None:
        nonlocal taken
        taken += step.kind.changes
        if step.kind.changes and taken == plan.kill_at:
            _report("step", name=str(step))
            os.kill(os.getpid(), signal.SIGKILL)

    with hooks.short_times(), hooks.watched_disk(Path(plan.root), hear):
        asyncio.run(deeds.live(plan, _report))


def _live_watched(plan: Plan) -> None:
    from . import deeds, hooks  # noqa: PLC0415 - as above

    seen: list[str] = []
    began, memory = 0.0, 0

    def begin() -> None:
        nonlocal seen, began, memory
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew here
        memory = _peak()
        began = time.monotonic()
        seen = hooks.watched_process(plan.folder, int(plan.url.rpartition(":")[2]))

    with hooks.short_times(2):
        asyncio.run(deeds.live(plan, _report, begin))
    seconds = round(time.monotonic() - began, 1)
    _report("watched", seconds=seconds, megabytes=_peak() - memory, seen=json.dumps(seen))


def _peak() -> int:
    """Return the most memory that the process has had, in megabytes."""
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


def _give_birth(plan: Plan) -> int:
    if child := os.fork():
        return child
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        (_live_watched if plan.is_hostile else _live_to_be_killed)(plan)
    except BaseException:  # noqa: BLE001 - a child never goes on as its mother
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    from . import hooks  # noqa: PLC0415 - as above

    hooks.forget_home_assistant()
    from .deeds import Plan  # noqa: PLC0415 - only now without Home Assistant

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    _report("ready")
    for line in sys.stdin:
        plan = Plan(**json.loads(line))
        child = _give_birth(plan)
        # As long as nobody has asked for its end, no other process gets its number.
        if plan.kill_after is not None and not signal.sigtimedwait(
            {signal.SIGCHLD}, plan.kill_after
        ):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        signal.sigtimedwait({signal.SIGCHLD}, 0)  # it was of this one
        _report("ended", code=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
