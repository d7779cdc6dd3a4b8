"""Run commands at the same time. What each one says is shown whole, when it has ended."""

import argparse
import asyncio
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
import os
import shlex
import signal
import sys
import tempfile
import time
from typing import BinaryIO, Final

_ENDING_SECONDS: Final = 30.0
"""For what a command that is interrupted has to tidy up."""


async def run(commands: Sequence[str], at_once: int) -> list[str]:
    """Run all of them, begun in this order, and return those that failed."""
    free = asyncio.Semaphore(at_once)
    async with asyncio.TaskGroup() as group:
        codes = [group.create_task(_run(command, free)) for command in commands]
    return [command for command, code in zip(commands, codes, strict=True) if code.result()]


async def _run(command: str, free: asyncio.Semaphore) -> int:
    async with free:
        began = time.monotonic()
        with tempfile.TemporaryFile() as said:
            process = await asyncio.create_subprocess_exec(
                *shlex.split(command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                await _end(process)
                _show(command, "was interrupted after", time.monotonic() - began, said)
                raise
            how = f"FAILED with {code} after" if code else "took"
            _show(command, how, time.monotonic() - began, said)
        return code


async def _end(process: Process) -> None:
    """End a command and all that it started, as Ctrl+C would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        try:
            async with asyncio.timeout(_ENDING_SECONDS):
                await process.wait()
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)


def _show(command: str, how: str, seconds: float, said: BinaryIO) -> None:
    print(f"\n===== {command} ===== {how} {seconds:.0f} seconds\n", flush=True)
    said.seek(0)
    sys.stdout.buffer.write(said.read())
    sys.stdout.buffer.flush()


async def _until_interrupted(commands: Sequence[str], at_once: int) -> list[str]:
    work = asyncio.ensure_future(run(commands, at_once))

    def interrupt(number: signal.Signals) -> None:
        print(f"Interrupted by {number.name}.", file=sys.stderr)
        work.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, interrupt, number)
    return await work


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m scripts.together", description=__doc__)
    parser.add_argument("commands", nargs="+", metavar="COMMAND", help="with its arguments")
    parser.add_argument("--at-once", type=int, help="how many run at the same time (all of them)")
    options = parser.parse_args()
    commands: list[str] = options.commands
    print("Running, to be shown one after the other: " + ", ".join(commands), flush=True)
    try:
        failed = asyncio.run(_until_interrupted(commands, options.at_once or len(commands)))
    except asyncio.CancelledError:
        return 130
    if failed:
        print("\nFAILED: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
