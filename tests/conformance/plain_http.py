"""HTTP with nothing hidden: one request on one connection, and all bytes until its end.

Clients tidy up what a server sends. Here a body behind a 204 or a second answer on the same
connection has to be seen.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
import json
import ssl
from typing import cast

from yarl import URL

_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer as it came over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case, in the order of the wire."""
    body: bytes
    """As long as announced; all of it where nothing was announced."""
    rest: bytes
    """The bytes behind the body."""

    def header(self, name: str) -> str | None:
        """Return a header's value, the first one if there are several."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    @property
    def json(self) -> dict[str, object]:
        """The body as a JSON object."""
        return cast("dict[str, object]", json.loads(self.body))


class ConnectionCut(Exception):
    """The connection ended without an answer."""


async def send(
    method: str, url: URL, *, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Send a request on a connection of its own and read until the server closes it.

    Raises `ConnectionCut`, or `OSError` when nobody listens.
    """
    async with asyncio.timeout(_TIMEOUT_SECONDS):
        reader, writer = await asyncio.open_connection(
            url.host, url.port, ssl=_trusting_all() if url.scheme == "https" else None
        )
        try:
            writer.write(_request(method, url, headers or {}, body))
            await writer.drain()
            received = await reader.read(-1)
        except ConnectionResetError as error:
            raise ConnectionCut from error
        finally:
            writer.close()
    return _answer(received)


def _trusting_all() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _request(method: str, url: URL, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = {"Host": url.authority, "Connection": "close"}
    if body or method in {"POST", "PUT", "PATCH"}:
        lines["Content-Length"] = str(len(body))
    lines |= headers
    head = [f"{method} {url.raw_path_qs} HTTP/1.1"]
    head += [f"{name}: {value}" for name, value in lines.items()]
    return "\r\n".join([*head, "", ""]).encode() + body


def _answer(received: bytes) -> Answer:
    head, separator, rest = received.partition(b"\r\n\r\n")
    if not separator:
        raise ConnectionCut
    status_line, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
    fields = dict(headers)
    status = int(status_line.split(" ")[1])
    if fields.get("transfer-encoding") == "chunked":
        body, rest = _unchunked(rest)
    elif status == HTTPStatus.NO_CONTENT:
        body = b""
    else:
        length = int(fields.get("content-length", len(rest)))
        body, rest = rest[:length], rest[length:]
    return Answer(status=status, headers=headers, body=body, rest=rest)


def _unchunked(data: bytes) -> tuple[bytes, bytes]:
    body = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        length = int(size.partition(b";")[0] or b"0", 16)
        if not length:
            return body, data.removeprefix(b"\r\n")
        body, data = body + data[:length], data[length + 2 :]
