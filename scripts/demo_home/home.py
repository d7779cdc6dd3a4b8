"""The Home Assistant of the demo: its folder below `.demo`, and its process."""

import asyncio
from asyncio.subprocess import Process
from contextlib import suppress
import fcntl
import json
import os
from pathlib import Path
import re
import shutil
import socket
import sys
from typing import BinaryIO, Self

from .telling import DemoError, say

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / ".demo"
_HOST = "127.0.0.1"
_STOP_TIMEOUT = 60
_RESTART = 100  # what Home Assistant exits with when it wants to be started again

_DONE_ALREADY = {
    "version": 4,
    "minor_version": 1,
    "key": "onboarding",
    # configuration.yaml says all that this step asks for. Done in the browser, it would also add
    # a weather service and others that want the internet.
    "data": {"done": ["core_config"]},
}


class Home:
    """Begins with an empty folder, runs while it is entered, and leaves the folder to look at."""

    def __init__(self, wanted_port: int, folder: Path = DEMO) -> None:
        self.config = folder / "config"
        self.log = folder / "home-assistant.log"
        self._folder = folder
        self.port = _free_port(wanted_port)
        if self.port != wanted_port:
            say(f"Port {wanted_port} is in use; using {self.port}.")
        self._process: Process | None = None
        self._lock: BinaryIO | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{_HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        self._claim()
        self._furnish()
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        if self._lock is not None:
            self._lock.close()

    async def stop(self) -> None:
        """Have it end, as for a shutdown."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        say("Stopping Home Assistant ...")
        process.terminate()
        try:
            async with asyncio.timeout(_STOP_TIMEOUT):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def kill(self) -> None:
        """End it without a word to it."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def has_ended(self) -> bool:
        """Whether it ended, which it should not do by itself."""
        return self._process is None or self._process.returncode is not None

    async def ended(self) -> None:
        """Wait until it ends. It is started again when it asks for that."""
        while self._process is not None:
            if await self._process.wait() != _RESTART:
                return
            say("Restarting Home Assistant.")
            await self.start()

    def errors(self) -> list[str]:
        """Return the lines of its log that tell of errors."""
        return [line for line in self._lines() if re.match(r"\S+ \S+ (ERROR|CRITICAL) ", line)]

    def log_end(self, lines: int = 15) -> str:
        """Return the last lines of its log."""
        return "\n".join(self._lines()[-lines:])

    def _lines(self) -> list[str]:
        with suppress(FileNotFoundError):
            return self.log.read_text(errors="replace").splitlines()
        return []

    def _claim(self) -> None:
        """Keep a second demo from emptying the folder below this one."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._lock = (self._folder / "lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise DemoError("A demo is already running: stop it first.") from None

    def _furnish(self) -> None:
        if self.config.exists():
            shutil.rmtree(self.config)
        (self.config / ".storage").mkdir(parents=True)
        (self.config / ".storage/onboarding").write_text(json.dumps(_DONE_ALREADY))
        (self.config / "custom_components").mkdir()
        (self.config / "custom_components/pihole_checkpoint").symlink_to(
            ROOT / "custom_components/pihole_checkpoint"
        )
        shutil.copy(Path(__file__).with_name("configuration.yaml"), self.config)
        for included in ("automations.yaml", "rest_commands.yaml"):
            (self.config / included).touch()
        self.log.unlink(missing_ok=True)

    async def start(self) -> None:
        """Start it, with what it kept if it ran before."""
        environment = {
            **os.environ,
            "DEMO_PORT": str(self.port),
            "HA_DISABLE_LOG_FILE": "1",  # what it prints is the log
        }
        environment.pop("PIHOLE_PASSWORD", None)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                Path(__file__).with_name("run_home_assistant.py"),
                *("--config", self.config, "--skip-pip", "--log-no-color"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,  # Ctrl+C is for the demo, which then stops it
            )


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((_HOST, port))
            found: int = probe.getsockname()[1]
            return found
    raise DemoError("No free port found.")
