"""What pretends to be a Pi-hole and means harm."""

import asyncio
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
import json
from typing import Final, Self

from pihole_simulator.fault_plan import Place, place_of

from .rubbish import answer

type Talk = Callable[[StreamWriter], Awaitable[None]]
"""Says something, without an end perhaps."""
type Said = bytes | Talk

SID: Final = "AAAAAAAAAAAAAAAAAAAAAA=="


def as_json(value: object, status: str = "200 OK") -> bytes:
    """Answer with JSON."""
    return answer(status, "application/json", json.dumps(value).encode())


LOGGED_IN: Final = as_json(
    {"session": {"valid": True, "totp": False, "sid": SID, "validity": 1800}}
)

_SOUND: Final[Mapping[Place, Said]] = {
    "probe": as_json({"session": {"valid": False, "totp": False, "sid": None}}, "401 Unauthorized"),
    "login": LOGGED_IN,
    "logout": b"HTTP/1.1 204 No Content\r\n\r\n",
    "version": as_json({"version": {}}),
    "sessions": as_json({"sessions": [{"current_session": True, "app": False}]}),
    "import": as_json({"files": []}),
    "gravity": answer("200 OK", "text/plain", b"  [i] Done\n"),
}


def archived(content: bytes, *more: str) -> bytes:
    """Answer with an archive."""
    return answer("200 OK", "application/zip", content, *more)


@dataclass(slots=True)
class HostileServer:
    """Answers as it was told to, and else as a Pi-hole does."""

    exports: deque[Said]
    """One after the other; the last one stays."""
    answers: Mapping[Place, Said]
    port: int = 0
    asked: list[bytes] = field(default_factory=list)
    """The first lines of all requests."""
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            self._server.abort_clients()
            await self._server.wait_closed()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError, IncompleteReadError, LimitOverrunError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, *headers = head.split(b"\r\n")
                self.asked.append(line)
                for header in headers:
                    name, _, value = header.partition(b":")
                    if name.lower() == b"content-length":
                        await reader.readexactly(int(value))
                method, path, _ = line.decode().split(" ")
                said = self._find(place_of(method, path) or "everything")
                if not isinstance(said, bytes):
                    await said(writer)
                    break
                writer.write(said)
                await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def _find(self, place: Place) -> Said:
        if place == "export":
            return self.exports.popleft() if len(self.exports) > 1 else self.exports[0]
        return self.answers.get(place) or _SOUND.get(place, b"HTTP/1.1 404 Not Found\r\n\r\n")


def endlessly(head: bytes, chunk: bytes) -> Talk:
    """Say one thing, and then another for ever."""

    async def talk(writer: StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)

    return talk
