"""An answer that comes bit by bit, while what was asked for is being done."""

import asyncio
from collections.abc import AsyncIterator
from typing import Self

from aiohttp import web

from .wire import start, write_raw


class StreamedText(web.Response):
    """Text that is sent while it is made.

    It is read once: by the client as it comes, or as a whole by a fault that spoils it.
    """

    def __init__(self, text: AsyncIterator[str]) -> None:
        super().__init__(content_type="text/plain")
        self._text = text
        self._said = asyncio.Queue[bytes | None]()

    async def speak(self) -> None:
        """Do what was asked, whether or not anybody listens: FTL does not notice."""
        try:
            async for part in self._text:
                self._said.put_nowait(part.encode())
        finally:
            self._said.put_nowait(None)

    async def whole(self) -> Self:
        """Wait until all is said; the answer is an ordinary one then."""
        self.body = b"".join([part async for part in self._parts()])
        return self

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Send it as it comes. FTL has something to add behind the end, and it is no HTTP."""
        response = await start(request, self, length=None)
        async for part in self._parts():
            await response.write(part)
        await response.write_eof()
        return write_raw(request, b'{"status":"success","took":0.8}')

    async def _parts(self) -> AsyncIterator[bytes]:
        while (part := await self._said.get()) is not None:
            yield part
