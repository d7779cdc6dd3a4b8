"""The DNS of a simulated Pi-hole, over UDP and TCP on one port of 127.0.0.1."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from socket import AF_INET, SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET, socket
from typing import Final, cast, override

from .configuration import values
from .dns_answers import Gravity, is_own_name, reply_to
from .dns_message import Message, NoQuestion, Outcome, Question, Reply
from .state import Pihole

_HOST: Final = "127.0.0.1"
_MOST_ATTEMPTS: Final = 100
_LENGTH: Final = 2


@dataclass(kw_only=True, eq=False)
class DnsServer:
    """Answers from the state of a Pi-hole while that is up. Its port outlives a stop."""

    pihole: Pihole
    port: int = 0
    is_up: bool = False
    """Whether the Pi-hole runs: it is silent while that restarts."""
    is_silent: bool = False
    """Whether it leaves every question unanswered: this network may not ask."""
    refuses: bool = False
    """Whether the rate limit is reached."""
    lose: int = 0
    """How many of the next questions get lost."""
    upstream: str | None = None
    """The address of every name that is neither local nor blocked. `None`: no such name."""
    old_answers_seconds: float = 0.1
    """How long a change of the gravity database takes to be seen here."""
    asked: list[Question] = field(default_factory=list)
    """All questions, with those that were left unanswered."""
    unanswered: int = 0
    _next_interval: float = 0.0
    _in_interval: int = 0
    _before: Gravity | None = None
    _until: float = 0.0
    _udp: _Udp | None = None
    _tcp: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen: on any free port the first time, on the same one ever after."""
        if self._udp is not None:
            return
        loop = asyncio.get_running_loop()
        udp, tcp = _two_sockets(self.port)
        self.port = udp.getsockname()[1]
        _, self._udp = await loop.create_datagram_endpoint(lambda: _Udp(self), sock=udp)
        self._tcp = await asyncio.start_server(self._serve_tcp, sock=tcp)

    async def stop(self) -> None:
        """Stop listening."""
        self.is_up = False
        if self._udp is not None:
            await self._udp.close()
            self._udp = None
        if self._tcp is not None:
            self._tcp.close()
            self._tcp.close_clients()
            await self._tcp.wait_closed()
            self._tcp = None

    def was_changed(self, before: Gravity) -> None:
        """Go on with what was before for a moment, if a request changed the gravity database."""
        now = asyncio.get_running_loop().time()
        if not before.is_what(Gravity.of(self.pihole)):
            if now >= self._until:
                self._before = before
            self._until = now + self.old_answers_seconds

    def forget_old_answers(self) -> None:
        """Let the last change be seen from now on."""
        self._until = 0.0

    def answer(self, data: bytes, *, over_udp: bool) -> bytes | None:
        """Return the answer to what was sent; `None` for silence."""
        try:
            message = Message.read(data)
        except NoQuestion:
            return None
        if message.question is None:
            return message.answer(Reply(outcome=message.problem))
        self.asked.append(message.question)
        if not self.is_up or self.is_silent or self.lose:
            self.lose = max(0, self.lose - 1)
            self.unanswered += 1
            return None
        return message.answer(
            self._reply(message.question), most=message.size if over_udp else None
        )

    def _reply(self, question: Question) -> Reply:
        if not is_own_name(question.name, self.pihole) and (self._is_limited() or self.refuses):
            return Reply(outcome=Outcome.REFUSED)
        gravity = Gravity.of(self.pihole)
        if self._before is not None and asyncio.get_running_loop().time() < self._until:
            gravity = self._before
        return reply_to(question, self.pihole, gravity, self.upstream)

    def _is_limited(self) -> bool:
        """Count a question; return whether it is one too many."""
        settings, now = values(self.pihole), asyncio.get_running_loop().time()
        if now >= self._next_interval:
            self._next_interval = now + int(str(settings["dns.rateLimit.interval"]))
            self._in_interval = 0
        self._in_interval += 1
        return 0 < int(str(settings["dns.rateLimit.count"])) < self._in_interval

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int.from_bytes(await reader.readexactly(_LENGTH))
                answer = self.answer(await reader.readexactly(length), over_udp=False)
                if answer is None:
                    break
                writer.write(len(answer).to_bytes(_LENGTH) + answer)
                await writer.drain()
        writer.close()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        if (answer := self._server.answer(data, over_udp=True)) and self._transport:
            self._transport.sendto(answer, addr)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()

    async def close(self) -> None:
        """Close the port: it is free in a later turn of the event loop."""
        if self._transport:
            self._transport.close()
        await self._closed.wait()
        await asyncio.sleep(0)


def _two_sockets(port: int) -> tuple[socket, socket]:
    """Return one for UDP and one for TCP with the same port."""
    for _ in range(_MOST_ATTEMPTS):
        with suppress(OSError):
            return _bound(port)
    return _bound(port)


def _bound(port: int) -> tuple[socket, socket]:
    udp, tcp = socket(AF_INET, SOCK_DGRAM), socket(AF_INET, SOCK_STREAM)
    try:
        udp.setblocking(False)  # noqa: FBT003 - has no name
        tcp.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        udp.bind((_HOST, port))
        tcp.bind(udp.getsockname())
    except OSError:
        udp.close()
        tcp.close()
        raise
    return udp, tcp
