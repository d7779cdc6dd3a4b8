"""What a Pi-hole does for a client that is logged in."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http import HTTPMethod, HTTPStatus
import json
import os
import re
from typing import BinaryIO, Final

import aiohttp

from .answer import Answer, error_of_proxy
from .errors import (
    AnswerGarbled,
    ArchiveIncomplete,
    ArchiveTooLarge,
    ConnectionLost,
    ImportRefused,
    NotAPihole,
)
from .models import OwnSession, Versions
from .redaction import redact_strictly
from .transport import Transport

_CHUNK: Final = 256 * 1024
_LINE_END: Final = re.compile(rb"[\r\n]+")
_LONGEST_SHOWN_LINE: Final = 1000
"""In characters."""
_TERMINAL_CODE: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_VERSION: Final = re.compile(r"[\w.+-]{1,64}", re.ASCII)


class PiholeSession:
    """One session on a Pi-hole. Each method raises `ConnectionFailed`, `WrongAddress` or `Refused`.

    `SessionEnded`, one of the refusals, is raised when somebody ended the session meanwhile.
    """

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.sid: str | None = None
        """The session's secret; `None` before the login, and where no password is set."""
        self.keeps_paths: bool | None = None
        """Whether a path reaches the Pi-hole as it was sent; `None` before it is known."""

    async def request(
        self,
        method: HTTPMethod,
        path: str,
        *,
        body: object = None,
        seconds: float | None = None,
        max_size: int | None = None,
    ) -> Answer:
        """Send a request as `Transport.request` does, and return its answer or refusal."""
        return await self.transport.request(
            method, path, sid=self.sid, body=body, seconds=seconds, max_size=max_size
        )

    async def versions(self) -> Versions:
        """Return the versions of the Pi-hole's parts. See `read_versions`.

        A host that does not know its own sends a second body behind its answer: "Versions and host"
        in `docs/pihole-api.md`.
        """
        answer = await self.request(HTTPMethod.GET, "api/info/version")
        return Versions(
            core=_local_version(answer, "core"),
            web=_local_version(answer, "web"),
            ftl=_local_version(answer, "ftl"),
        )

    async def host_name(self) -> str | None:
        """Return the name that the Pi-hole's host has for itself, if the Pi-hole says it."""
        answer = await self.request(HTTPMethod.GET, "api/info/host")
        name = answer.object_at("host", "uname").get("nodename")
        return name if isinstance(name, str) else None

    async def export(self, write: Callable[[bytes], Awaitable[None]], *, max_size: int) -> None:
        """Have the Pi-hole make a Teleporter archive, and pass it to `write` piece by piece.

        Raises `ArchiveIncomplete` when it is shorter than announced, and `ArchiveTooLarge` when it
        is longer than `max_size` bytes.
        """
        received = 0
        async with self.transport.stream(
            HTTPMethod.GET, "api/teleporter", sid=self.sid
        ) as response:
            await self._check_content(
                response, is_expected=response.content_type == "application/zip"
            )
            announced = response.content_length
            if announced is not None and announced > max_size:
                raise ArchiveTooLarge(max_size)
            try:
                async for chunk in response.content.iter_chunked(_CHUNK):
                    received += len(chunk)
                    if received > max_size:
                        raise ArchiveTooLarge(max_size)
                    await write(chunk)
            except aiohttp.ClientPayloadError as error:
                if announced is None:
                    raise ConnectionLost from error
                raise ArchiveIncomplete(received=str(received), expected=str(announced)) from error

    async def uses_app_password(self) -> bool:
        """Return whether an app password opened the session."""
        return (await self.own_session()).is_app

    async def own_session(self) -> OwnSession:
        """Return what the Pi-hole knows of this session; nothing where no password is set."""
        answer = await self.request(HTTPMethod.GET, "api/auth/sessions")
        answer.raise_for_refusal()
        for session in answer.objects_at("sessions"):
            if session.get("current_session") is True:
                address = session.get("remote_addr")
                return OwnSession(
                    is_app=session.get("app") is True,
                    address=address if isinstance(address, str) else None,
                )
        return OwnSession()

    async def import_archive(
        self, file: BinaryIO, selection: Mapping[str, object]
    ) -> frozenset[str]:
        """Send an archive, and return the names that the Pi-hole says it took.

        `selection` names what to take, as the API has it: "Import" in `docs/pihole-api.md`, which
        also says why the returned names prove nothing. `file` is read from its beginning and stays
        open. Raises `ImportRefused` when the Pi-hole does not accept the archive.
        """
        form = aiohttp.FormData()
        form.add_field("import", json.dumps(selection))
        # A descriptor of its own, because aiohttp closes what it has sent.
        with os.fdopen(os.dup(file.fileno()), "rb") as sent:
            sent.seek(0)
            form.add_field("file", sent, filename="backup.zip", content_type="application/zip")
            async with self.transport.stream(
                HTTPMethod.POST,
                "api/teleporter",
                sid=self.sid,
                body=form,
                read_seconds=self.transport.timings.import_read,
            ) as response:
                answer = await self.transport.read(response)
        if answer.status == HTTPStatus.BAD_REQUEST and answer.error_key is not None:
            raise ImportRefused(reason=answer.reason)
        answer.raise_for_refusal()
        taken = answer.body.get("files")
        names = taken if isinstance(taken, list) else ()
        return frozenset(name for name in names if isinstance(name, str))

    async def update_gravity(self, on_line: Callable[[str], None]) -> None:
        """Have the Pi-hole download its lists, and call `on_line` with each line it prints.

        The status says nothing about the result: "Gravity update" in `docs/pihole-api.md`. Raises
        `NotAPihole` when the text does not end.
        """
        # A Pi-hole writes more behind the end of the answer, and so not before the update has
        # ended. If all of it arrives at once, none of it can be read.
        with suppress(AnswerGarbled):
            await self._read_gravity(on_line)

    async def _read_gravity(self, on_line: Callable[[str], None]) -> None:
        sizes = self.transport.sizes
        rest = b""
        received = 0
        async with self.transport.stream(
            HTTPMethod.POST,
            "api/action/gravity",
            sid=self.sid,
            read_seconds=self.transport.timings.gravity_read,
        ) as response:
            await self._check_content(response, is_expected=response.content_type != "text/html")
            async for chunk in response.content.iter_any():
                received += len(chunk)
                if received > sizes.gravity:
                    raise NotAPihole
                *lines, rest = _LINE_END.split(rest + chunk)
                for line in lines:
                    on_line(self._shown(line))
                rest = rest[: sizes.gravity_line]
        on_line(self._shown(rest))

    async def _check_content(self, response: aiohttp.ClientResponse, *, is_expected: bool) -> None:
        """Raise what a response means that is not the expected content."""
        if response.status != HTTPStatus.OK or not is_expected:
            (await self.transport.read(response)).raise_for_refusal()
            raise error_of_proxy(response.status)

    def _shown(self, line: bytes) -> str:
        """Return a line for a terminal as one that may be shown to anybody."""
        text = line[: self.transport.sizes.gravity_line].decode(errors="replace")
        text = redact_strictly(_TERMINAL_CODE.sub("", text), self.transport.secrets)
        return text[:_LONGEST_SHOWN_LINE].strip()


def _local_version(answer: Answer, part: str) -> str | None:
    """Return the installed version of a part, if it looks like one."""
    version = answer.object_at("version", part, "local").get("version")
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else None
