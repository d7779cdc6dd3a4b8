import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient

OPEN = b'{"session":{"valid":true,"totp":false,"sid":null,"csrf":null,"validity":-1},"took":0.1}'
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
BEHIND_THE_END = b'{"status":"success","took":0.8}'


@pytest.fixture
async def url(socket_enabled: None) -> AsyncIterator[str]:
    """Serve a Pi-hole without a password whose gravity update arrives in one piece."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if b"api/auth" in request:
            length = b"\r\nContent-Length: %d\r\n\r\n" % len(OPEN)
            writer.write(HEAD + b"application/json" + length + OPEN)
        else:
            text = b"text/plain\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nDone.\n\r\n0\r\n\r\n"
            writer.write(HEAD + text + BEHIND_THE_END)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_gravity_update_whose_answer_arrives_at_once_with_what_follows_it_has_ended(
    url: str,
) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        client = PiholeClient(http, URL(url))
        async with client.session() as session:
            await session.update_gravity(lambda _line: None)
