"""Conversations with what may be hostile, each in a process of its own that watches itself.

It reads a line for each: the URL, the folder and whether to restore, as JSON; and writes one for
each, with what came of it.
"""

import asyncio
from collections.abc import Coroutine
import json
import os
from pathlib import Path
import resource
import sys
import time
from typing import Final

import aiohttp
from yarl import URL

from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupTrigger,
    RestorePart,
)
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.restore.restore import RestoreRequest
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings
from scripts.soaking.engine import Engine

_DEADLINE_SECONDS: Final = 8.0
_QUICK: Final = limits.Timings(
    connect=2.0, read=3.0, request=4.0, import_read=3.0, gravity_read=3.0, login_retry=0.0
)
_SHORTER: Final = (
    (limits, "TIMINGS", _QUICK),
    (Engine, "timings", RestoreTimings(restart=4.0, gravity=6.0, settle=0.2)),
)
"""All times are shorter than in life, in the same order."""
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES: Final = frozenset(
    f"os.{name}"
    for name in ("remove", "rename", "mkdir", "rmdir", "chmod", "link", "symlink", "truncate")
)
_FORBIDDEN: Final = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn"}
)


class _Watch:
    """Sees what the process does to the world."""

    def __init__(self, store: Path, port: int) -> None:
        self._store = f"{store}{os.sep}"
        self._folder = str(store)
        self._port = port
        self.seen: list[str] = []

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if isinstance(path, int):
                return  # it was opened before, by its name
            writes = isinstance(flags, int) and flags & _WRITES
            if (writes or "bait" in str(path)) and not self._is_inside(path):
                self.seen.append(f"{event} {path!r}")
        elif event in _CHANGES or event == "sqlite3.connect":
            paths = [it for it in args if isinstance(it, str | bytes | os.PathLike)]
            self.seen += [f"{event} {it!r}" for it in paths if not self._is_inside(it)]
        elif event in _FORBIDDEN:
            self.seen.append(event)
        elif event == "socket.connect" and args[1] != ("127.0.0.1", self._port):
            self.seen.append(f"{event} {args[1]!r}")

    def _is_inside(self, path: object) -> bool:
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        name = name.removeprefix("file:").partition("?")[0]
        return name == self._folder or os.path.normpath(name).startswith(self._store)


class _Guide:
    async def with_files[T](self, work: Coroutine[object, object, T]) -> T:
        return await work

    async def begin(self, safety: BackupRecord) -> None:
        """Nothing depends on it here."""


async def _converse(engine: Engine, *, restores: bool) -> str | None:
    """Give the key of what went wrong."""
    try:
        record = await engine.back_up(BackupTrigger.BUTTON)
        if restores:
            order = RestoreRequest(
                backup_id=record.id, parts=frozenset(RestorePart), update_gravity=True
            )
            await engine.restore(order, engine, _Guide())
    except CheckpointError as error:
        json.dumps(error.placeholders).encode()  # it is told, and so it has to be text
        "".join(error.placeholders.values()).encode()
        return error.key
    return None


async def _run(url: URL, store: Path, *, restores: bool) -> dict[str, object]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        pihole = PiholeClient(http, url, "the-password")
        engine = Engine(pihole, store, deadline=_DEADLINE_SECONDS)
        await engine.open(None)
        Path("/proc/self/clear_refs").write_text("5")  # noqa: ASYNC240 - the peak is what it is now
        before, started = _peak(), time.monotonic()
        watch = _Watch(store, url.port or 0)
        sys.addaudithook(watch)
        key = await _converse(engine, restores=restores)
        seconds = time.monotonic() - started
        seen = list(watch.seen)
        return {
            "key": key,
            "seconds": round(seconds, 1),
            "megabytes": _peak() - before,
            "most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "seen": seen,
            "records": len(engine.records),
        }


def _peak() -> int:
    """Tell the most memory that the process ever had, in megabytes."""
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


def _try(url: str, store: str, *, restores: bool) -> None:
    print(json.dumps(asyncio.run(_run(URL(url), Path(store), restores=restores))), flush=True)


def main() -> None:
    """Have one conversation after the other."""
    for owner, name, value in _SHORTER:
        setattr(owner, name, value)
    for line in sys.stdin:
        url, store, restores = json.loads(line)
        if (process := os.fork()) == 0:  # to import Home Assistant takes longer than all the rest
            _try(url, store, restores=restores)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]):
            print("null", flush=True)


if __name__ == "__main__":
    main()
