"""What becomes of an archive that is imported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import io
import zipfile
import zlib

from aiohttp import web

from .adopting import InvalidConfiguration, adopt_configuration, adopt_leases
from .answers import ApiError, json_answer
from .configuration import database_names
from .credentials import Credentials
from .door import Door
from .form import Wanted, read_upload
from .gravity import InvalidGravity, import_tables
from .state import Pihole
from .switches import Switches

_TOML = "etc/pihole/pihole.toml"
_LEASES = "etc/pihole/dhcp.leases"


@dataclass(slots=True)
class Importer:
    """POST /api/teleporter."""

    pihole: Pihole
    door: Door
    switches: Switches
    change_credentials: Callable[[Credentials], None]
    restart_after: Callable[[], None]

    async def answer(self, request: web.Request) -> web.Response:
        """Import, and restart when all of it went well."""
        self.door.refuse_app_session(request)
        upload = await read_upload(request)
        try:
            files = list(self._take(upload.archive, upload.wanted))
        except (InvalidConfiguration, InvalidGravity, zipfile.BadZipFile) as error:
            raise ApiError(400, "bad_request", "Invalid ZIP archive", str(error)) from error
        self.restart_after()
        return json_answer({"files": files})

    def _take(self, archive: bytes, wanted: Wanted) -> Iterator[str]:
        """Take one member after the other over, at once, and tell of it.

        One that cannot be unpacked is passed over without a word.
        """
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for info in opened.infolist():
                try:
                    data = opened.read(info)
                except zipfile.BadZipFile, zlib.error, RuntimeError:
                    continue
                yield from self._take_member(info.filename, data, wanted)

    def _take_member(self, name: str, data: bytes, wanted: Wanted) -> Iterator[str]:
        # What was imported just now may have renamed the database.
        gravity, _ = database_names(self.pihole)
        if name == _TOML and self._wants("config", wanted):
            credentials = adopt_configuration(self.pihole, data)
            if credentials != self.pihole.credentials:
                self.change_credentials(credentials)
            yield name
        elif name == _LEASES and self._wants("dhcp_leases", wanted):
            adopt_leases(self.pihole, data)
            yield name
        elif name == gravity and wanted.tables is not None:
            tables = [table for table in wanted.tables if table not in self.switches.skips]
            import_tables(self.pihole, data, tables)
            yield from (f"{name}->{table}" for table in tables)

    def _wants(self, name: str, wanted: Wanted) -> bool:
        return wanted.wants(name) and name not in self.switches.skips
