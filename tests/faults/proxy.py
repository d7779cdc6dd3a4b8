"""The way to a simulated Pi-hole, on which faults strike."""

import asyncio
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
import hashlib
import socket
import struct
from typing import Final, Self

from pihole_simulator.fault_plan import Place, place_of

from .strikes import RUBBISH, Fault, Said, Side, Strike

_PAUSE: Final = 0.03
_DRIP_SECONDS: Final = 0.05
_PIECES: Final = 400
_SLICE: Final = 40
_RESET: Final = struct.pack("ii", 1, 0)
_HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class _Message:
    """A request or an answer; a request's body is read later."""

    head: bytes
    body: bytes = b""

    def __getitem__(self, name: bytes) -> bytes | None:
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name:
                return value.strip()
        return None

    @property
    def place(self) -> Place:
        method, path, _ = self.head.split(b" ", 2)
        return place_of(method.decode(), path.decode()) or "everything"

    @property
    def length(self) -> int:
        return int(self[b"content-length"] or 0)

    @property
    def is_last(self) -> bool:
        return (self[b"connection"] or b"").lower() == b"close"

    @property
    def raw(self) -> bytes:
        return self.head + self.body


class _Gone(Exception):
    """The other side is gone."""


@dataclass(slots=True)
class Proxy:
    """Passes on what a client and a simulated Pi-hole send to each other, and spoils some of it."""

    upstream: int
    """The port of the Pi-hole."""
    strikes: Sequence[Strike] = ()
    struck: list[Strike] = field(default_factory=list)
    """What has happened so far."""
    archives: list[str] = field(default_factory=list)
    """The hashes of what the Pi-hole has exported, also of what was lost on the way."""
    instead: Callable[[Place, int], Said | None] = lambda _place, _number: None
    """Returns what is sent instead of the answer to the request of this number there."""
    port: int = 0
    _seen: Counter[Place] = field(default_factory=Counter)
    _server: asyncio.Server | None = None
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://{_HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._begin, _HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            self._server.abort_clients()
            await self._server.wait_closed()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def expect(self, strikes: Sequence[Strike]) -> None:
        """Let these happen from now on; none of those before."""
        self.strikes = strikes
        self.struck.clear()
        self.archives.clear()
        self._seen.clear()

    def _take(self, place: Place, number: int) -> Strike | None:
        for strike in self.strikes:
            if strike.place == place and (
                number == strike.number or (strike.lasting and number > strike.number)
            ):
                self.struck.append(strike)
                return strike
        return None

    def _begin(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(_Gone, OSError, IncompleteReadError):
            goes_on = True
            while goes_on:
                request = await _read_head(reader)
                passing = _Passing(self, request, reader, writer)
                place, number = request.place, self._seen[request.place]
                self._seen[place] += 1
                if (said := self.instead(place, number)) is not None:
                    goes_on = await passing.say(said)
                else:
                    goes_on = await passing.run(self._take(place, number))
                goes_on &= not request.is_last
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@dataclass(slots=True)
class _Passing:
    """One request and its answer on their way."""

    proxy: Proxy
    request: _Message
    reader: StreamReader
    """The client's, as is the writer."""
    writer: StreamWriter

    async def run(self, strike: Strike | None) -> bool:
        """Pass both on, and return whether the connection can be used again."""
        if strike is None:
            return await self._pass()
        if strike.fault is Fault.RUBBISH:
            return await self._send_rubbish(strike)
        if strike.side is Side.REQUEST:
            return await self._spoil_request(strike)
        return await self._spoil_answer(strike)

    async def say(self, said: Said) -> bool:
        """Answer something without asking the Pi-hole."""
        await self._whole_request()
        if isinstance(said, bytes):
            await self._send(said)
            return True
        await said(self.writer)
        return False

    async def _pass(self) -> bool:
        answer = await self._ask(await self._whole_request())
        await self._send(answer.raw)
        return not answer.is_last

    async def _whole_request(self) -> bytes:
        return self.request.head + await self.reader.readexactly(self.request.length)

    async def _ask(self, request: bytes) -> _Message:
        async with self._upstream() as (reader, writer):
            writer.write(request)
            return await self._answer(reader)

    async def _answer(self, reader: StreamReader) -> _Message:
        answer = await _read_answer(reader)
        if self.request.place == "export" and answer.body.startswith(b"PK"):
            self.proxy.archives.append(hashlib.sha256(answer.body).hexdigest())
        return answer

    @asynccontextmanager
    async def _upstream(self) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
        reader, writer = await asyncio.open_connection(_HOST, self.proxy.upstream)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def _send_rubbish(self, strike: Strike) -> bool:
        rubbish = RUBBISH[strike.rubbish]
        request = await self._whole_request()
        if rubbish.is_done:
            sound = await self._ask(request)
            head, body = sound.head, sound.body
        else:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
            body = b"{}"
        await self._send(rubbish.make(strike.random(), head, body))
        return not rubbish.closes

    # The request ----------------------------------------------------------------------------------

    async def _spoil_request(self, strike: Strike) -> bool:
        random = strike.random()
        cut = strike.position.offset(self.request.head, self.request.length, random)
        if strike.fault is Fault.TWICE:
            request = await self._whole_request()
            await self._ask(request)
            await self._send((await self._ask(request)).raw)
            return True
        begun = self.request.head[:cut]
        if (more := cut - len(self.request.head)) > 0:
            begun += await self.reader.readexactly(more)
        async with self._upstream() as (reader, writer):
            writer.write(begun)
            await writer.drain()
            match strike.fault:
                case Fault.DROP:
                    return False
                case Fault.RESET:
                    _reset(writer)
                    _reset(self.writer)
                    return False
                case Fault.HALF_CLOSE:
                    writer.write_eof()
                    with suppress(_Gone, OSError, IncompleteReadError):
                        await self._send((await self._answer(reader)).raw)
                    return False
                case Fault.HANG | Fault.DRIP:
                    await self._wait_until_gone()
            rest = self.request.head[cut:]
            rest += await self.reader.readexactly(self.request.length - max(more, 0))
            await asyncio.sleep(_PAUSE)
            await _trickle(writer, rest, 1 if strike.fault is Fault.DELAY else _PIECES)
            await self._send((await self._answer(reader)).raw)
        return True

    # The answer -----------------------------------------------------------------------------------

    async def _spoil_answer(self, strike: Strike) -> bool:
        answer = await self._ask(await self._whole_request())
        raw = answer.raw
        random = strike.random()
        cut = strike.position.offset(answer.head, len(answer.body), random)
        await self._send(raw[:cut])
        match strike.fault:
            case Fault.RESET:
                if random.random() < 0.5:
                    await asyncio.sleep(_PAUSE)
                _reset(self.writer)
            case Fault.HALF_CLOSE:
                self.writer.write_eof()
                await self._wait_until_gone()
            case Fault.HANG:
                await self._wait_until_gone()
            case Fault.DELAY:
                await asyncio.sleep(_PAUSE)
                await self._send(raw[cut:])
            case Fault.TRICKLE:
                await _trickle(self.writer, raw[cut:], _PIECES)
            case Fault.DRIP:
                for byte in raw[cut:]:
                    await self._send(bytes([byte]))
                    await asyncio.sleep(_DRIP_SECONDS)
            case Fault.TWICE:
                again = 0 if cut == len(raw) else max(0, cut - random.randint(1, _SLICE))
                await self._send(raw[again:cut] + raw[cut:])
        return strike.fault not in (Fault.DROP, Fault.RESET, Fault.HALF_CLOSE, Fault.HANG)

    async def _wait_until_gone(self) -> None:
        while await self.reader.read(65_536):
            pass
        raise _Gone


async def _read_head(reader: StreamReader) -> _Message:
    return _Message(await reader.readuntil(b"\r\n\r\n"))


async def _read_answer(reader: StreamReader) -> _Message:
    answer = await _read_head(reader)
    if answer[b"transfer-encoding"] == b"chunked":
        body = await reader.readuntil(b"0\r\n\r\n")
    elif answer[b"content-length"] is None and not answer.head.startswith(b"HTTP/1.1 204"):
        body = await reader.read()
    else:
        body = await reader.readexactly(answer.length)
    return replace(answer, body=body)


def _reset(writer: StreamWriter) -> None:
    held: socket.socket = writer.get_extra_info("socket")
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


async def _trickle(writer: StreamWriter, data: bytes, pieces: int) -> None:
    size = max(1, len(data) // pieces)
    for start in range(0, len(data), size):
        writer.write(data[start : start + size])
        await writer.drain()
        await asyncio.sleep(0)
