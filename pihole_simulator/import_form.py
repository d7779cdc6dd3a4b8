"""What an import is sent as: a form with a file, and perhaps what to take of it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
import json
import re

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.base_protocol import BaseProtocol

from .responses import ApiError
from .rules import Rules
from .tables import GRAVITY_TABLES
from .web_server import announces_too_much

_SMALLEST = 40
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_FORM = re.compile(r"multipart/form-data;.*boundary=.{4,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The value of the field "import". Without that field, everything is wanted."""

    chosen: Mapping[str, object] | None = None

    def wants(self, name: str) -> bool:
        """Return whether to take a file, by its name in that field."""
        return self.chosen is None or self.chosen.get(name) is True

    @property
    def tables(self) -> tuple[str, ...] | None:
        """The tables to take, or None when the database is not to be looked at."""
        if self.chosen is None:
            return GRAVITY_TABLES
        gravity = next(
            (item for key, item in self.chosen.items() if key.lower() == "gravity"), None
        )
        if not isinstance(gravity, dict):
            return None
        return tuple(table for table in GRAVITY_TABLES if gravity.get(table) is True)


@dataclass(frozen=True, slots=True)
class Upload:
    """What came."""

    archive: bytes
    wanted: Wanted


async def read_upload(request: web.Request, rules: Rules) -> Upload:
    """Read the form, and refuse other bodies and forms without an archive."""
    if announces_too_much(request):
        raise _bad_request("ZIP archive too large")
    if not _FORM.match(request.headers.get("Content-Type", "")):
        raise _bad_request("Invalid form request")
    name, data, wanted = "", b"", Wanted()
    try:
        async for field, file_name, value in _fields(request.headers, await request.read()):
            is_lost = " " in file_name and rules.loses_names_with_spaces
            if field == "file" and file_name and not is_lost:
                name, data = file_name, value
            elif field == "import":
                if (chosen := _object(value)) is None:
                    break  # nothing behind it is read
                wanted = Wanted(chosen)
    except ValueError as error:
        raise _bad_request("Invalid form request") from error
    if not data:
        raise _bad_request("No ZIP archive received")
    _check(name, data)
    return Upload(data, wanted)


async def _fields(headers: Mapping[str, str], body: bytes) -> AsyncIterator[tuple[str, str, bytes]]:
    """Yield the name of each field, its file's name and its value."""
    async for part in _form(headers, body):
        if isinstance(part, BodyPartReader):
            yield (part.name or "").lower(), part.filename or "", bytes(await part.read())


def _form(headers: Mapping[str, str], body: bytes) -> MultipartReader:
    loop = asyncio.get_running_loop()
    # Above its limit it would pause the connection, which there is not.
    stream = StreamReader(BaseProtocol(loop), max(len(body), 2**16), loop=loop)
    stream.feed_data(body)
    stream.feed_eof()
    return MultipartReader(headers, stream)


def _check(name: str, data: bytes) -> None:
    if len(data) >= _SMALLEST and name.endswith(".tar.gz") and data.startswith(_GZIP):
        hint = "does not appear to be a valid gzip archive - decompression failed"
        raise _bad_request("Invalid GZIP archive", f"The uploaded file {hint}")
    is_zip = name.endswith(".zip") and name != ".zip" and data.startswith(_ZIP)
    if len(data) < _SMALLEST or not is_zip:
        hint = "The uploaded file does not appear to be a valid Pi-hole Teleporter archive"
        raise _bad_request("Invalid file", hint)


def _object(text: bytes) -> Mapping[str, object] | None:
    """Read a JSON object, and ignore what stands behind it."""
    try:
        chosen, _ = json.JSONDecoder().raw_decode(text.decode().lstrip())
    except ValueError:
        return None
    return chosen if isinstance(chosen, dict) else None


def _bad_request(message: str, hint: str | None = None) -> ApiError:
    return ApiError(400, "bad_request", message, hint)
