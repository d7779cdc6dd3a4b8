"""What an import is sent as: a form with a file, and perhaps what to take of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import json

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.base_protocol import BaseProtocol

from .answers import ApiError
from .tables import GRAVITY_TABLES

_LARGEST = 50 * 1024**2
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The value of the field "import". Without that field, everything is wanted."""

    chosen: Mapping[str, object] | None = None

    def wants(self, name: str) -> bool:
        """Tell whether to take a file, by its name in that field."""
        return self.chosen is None or self.chosen.get(name) is True

    @property
    def tables(self) -> tuple[str, ...] | None:
        """The tables to take, or None when the database is not to be looked at."""
        if self.chosen is None:
            return GRAVITY_TABLES
        if not isinstance(gravity := self.chosen.get("gravity"), dict):
            return None
        return tuple(table for table in GRAVITY_TABLES if gravity.get(table) is True)


@dataclass(frozen=True, slots=True)
class Upload:
    """What came."""

    archive: bytes
    wanted: Wanted


async def read_upload(request: web.Request) -> Upload:
    """Read the form, and refuse what is none or has no archive in it."""
    if (request.content_length or 0) > _LARGEST:
        raise ApiError(400, "bad_request", "ZIP archive too large")
    if not request.content_type.startswith("multipart/"):
        raise ApiError(400, "bad_request", "Invalid form request")
    archive, wanted = b"", Wanted()
    try:
        async for part in _form(request.headers, await request.read()):
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == "file" and part.filename:
                archive = _zip(part.filename, bytes(await part.read()))
            elif part.name == "import":
                wanted = Wanted(_object(bytes(await part.read())))
    except ValueError as error:
        raise ApiError(400, "bad_request", "Invalid form request", str(error)) from error
    if not archive:
        raise ApiError(400, "bad_request", "No ZIP archive received")
    return Upload(archive, wanted)


def _form(headers: Mapping[str, str], body: bytes) -> MultipartReader:
    loop = asyncio.get_running_loop()
    stream = StreamReader(BaseProtocol(loop), 2**16, loop=loop)
    stream.feed_data(body)
    stream.feed_eof()
    return MultipartReader(headers, stream)


def _zip(name: str, data: bytes) -> bytes:
    if not name.endswith(".zip"):
        raise ApiError(400, "bad_request", "Invalid file", "The name does not end in .zip")
    if data and not data.startswith(_ZIP):
        raise ApiError(400, "bad_request", "Invalid file", "The file is no ZIP archive")
    return data


def _object(text: bytes) -> Mapping[str, object]:
    try:
        chosen = json.loads(text)
    except ValueError:
        chosen = None
    if not isinstance(chosen, dict):
        raise ApiError(400, "bad_request", "Invalid request: import is not a JSON object")
    return chosen
