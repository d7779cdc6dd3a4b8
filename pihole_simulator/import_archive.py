"""What becomes of an archive that is imported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import io
from typing import Final
import zipfile
import zlib

from aiohttp import web

from .auth_api import AuthApi
from .clock import Clock
from .credentials import Credentials
from .import_files import InvalidConfiguration, adopt_configuration, adopt_leases
from .import_form import Wanted, read_upload
from .import_gravity import InvalidGravity, closed_because, import_tables
from .responses import ApiError, json_answer
from .rules import Rules
from .state import Pihole
from .switches import Switches

_TOML: Final = "etc/pihole/pihole.toml"
_LEASES: Final = "etc/pihole/dhcp.leases"
_UNPARSED: Final = "Failed to parse received ZIP archive"
_GRAVITY: Final = "etc/pihole/gravity.db"  # wherever the database is


class _InvalidArchive(Exception):
    """Why an archive cannot be opened."""


@dataclass(slots=True, kw_only=True)
class Importer:
    """POST /api/teleporter."""

    pihole: Pihole
    rules: Rules
    door: AuthApi
    switches: Switches
    clock: Clock
    adopt_credentials: Callable[[Credentials], None]
    restart_after: Callable[[], None]

    async def answer(self, request: web.Request) -> web.Response:
        """Import, and restart when all of it went well, even if nothing was taken."""
        if not self.rules.app_imports:
            self.door.refuse_app_session(request)
        upload = await read_upload(request, self.rules)
        try:
            files = list(self._take(upload.archive, upload.wanted))
        except (InvalidConfiguration, InvalidGravity, _InvalidArchive) as error:
            raise ApiError(400, "bad_request", "Invalid request", str(error)) from error
        self.restart_after()
        return json_answer({"files": files})

    def _take(self, archive: bytes, wanted: Wanted) -> Iterator[str]:
        """Take one member after the other over, at once, and yield its name.

        One that cannot be unpacked is passed over without a word.
        """
        with _opened(archive) as opened:
            for info in opened.infolist():
                try:
                    data = opened.read(info)
                except zipfile.BadZipFile, zlib.error, RuntimeError:
                    continue
                yield from self._take_member(info.filename, data, wanted)

    def _take_member(self, name: str, data: bytes, wanted: Wanted) -> Iterator[str]:
        if name == _TOML and self._wants("config", wanted):
            self.adopt_credentials(adopt_configuration(self.pihole, self.rules, data))
            yield name
        elif name == _LEASES and self._wants("dhcp_leases", wanted):
            adopt_leases(self.pihole, data)
            yield name
        elif name == _GRAVITY and wanted.tables is not None:
            tables = [table for table in wanted.tables if table not in self.switches.skips]
            closed = closed_because(self.pihole, self.switches)
            import_tables(self.pihole, data, tables, closed=closed, now=self.clock)
            yield from (f"{name}->{table}" for table in tables)

    def _wants(self, name: str, wanted: Wanted) -> bool:
        return wanted.wants(name) and name not in self.switches.skips


def _opened(archive: bytes) -> zipfile.ZipFile:
    try:
        opened = zipfile.ZipFile(io.BytesIO(archive))
    except zipfile.BadZipFile as error:
        raise _InvalidArchive(f"{_UNPARSED}: failed finding central directory") from error
    if any(info.header_offset < 0 for info in opened.infolist()):
        raise _InvalidArchive(f"{_UNPARSED}: invalid header or archive is corrupted")
    return opened
