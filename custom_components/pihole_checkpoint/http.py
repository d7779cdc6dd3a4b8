"""Downloads of archives: for administrators, by id, and as they were stored."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
import re
from typing import BinaryIO, Final, override
from urllib.parse import quote

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from multidict import CIMultiDict

from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.helpers.service import async_get_config_entry

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry
from .engine.errors import BackupDamaged, BackupNotFound
from .engine.files import open_regular
from .engine.models import BackupRecord, BackupStatus
from .exceptions import translated, translated_errors

CONTENT_TYPE: Final = "application/zip"
_LINKS_LAST: Final = timedelta(seconds=30)
_NOT_PLAIN: Final = re.compile(r"[^\w. ()+@-]")
_NOT_PLAIN_ASCII: Final = re.compile(r"[^\w. ()+@-]", re.ASCII)


@callback
def async_setup_http(hass: HomeAssistant) -> None:
    """Register the view."""
    hass.http.register_view(ArchiveView)


def download_url(entry_id: str, backup_id: str) -> str:
    """Return the path of an archive. A request needs a token or a signature of an administrator."""
    return f"/api/{DOMAIN}/{quote(entry_id, safe='')}/{quote(backup_id, safe='')}"


@callback
def async_signed_url(hass: HomeAssistant, entry_id: str, backup_id: str) -> str:
    """Return the path with a signature of the current user that expires soon."""
    return async_sign_path(hass, download_url(entry_id, backup_id), _LINKS_LAST)


class ArchiveView(HomeAssistantView):
    """Sends archives to administrators."""

    url = f"/api/{DOMAIN}/{{entry_id}}/{{backup_id}}"
    name = f"api:{DOMAIN}:archive"

    async def get(self, request: web.Request, entry_id: str, backup_id: str) -> web.FileResponse:
        """Send the archive of a backup."""
        if not request[KEY_HASS_USER].is_admin:
            raise web.HTTPForbidden  # a 401 would count as a failed login
        hass = request.app[KEY_HASS]
        try:
            path, record = _find(hass, entry_id, backup_id)
            try:
                file = await hass.async_add_executor_job(open_regular, path)
            except OSError as error:
                raise translated(BackupDamaged(id=backup_id)) from error
        except HomeAssistantError as error:
            raise web.HTTPNotFound(text=str(error)) from error
        headers = {
            hdrs.CONTENT_TYPE: CONTENT_TYPE,
            hdrs.CONTENT_DISPOSITION: _disposition(record),
            hdrs.CACHE_CONTROL: "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return _StoredFile(file, headers)


class _StoredFile(web.FileResponse):
    """Sends an open file itself, and never a compressed one that lies beside it."""

    def __init__(self, file: BinaryIO, headers: Mapping[str, str]) -> None:
        # By its name, the system could find a link in its place by now.
        super().__init__(f"/proc/self/fd/{file.fileno()}", headers=headers)
        self._opened = file

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        headers = CIMultiDict(request.headers)
        headers.popall(hdrs.ACCEPT_ENCODING, None)
        try:
            return await super().prepare(request.clone(headers=headers))
        finally:
            self._opened.close()  # nothing has to be written for that


def _find(hass: HomeAssistant, entry_id: str, backup_id: str) -> tuple[Path, BackupRecord]:
    """Find a backup. Values of a request are only compared, and never part of the path."""
    entry: PiholeCheckpointConfigEntry = async_get_config_entry(hass, DOMAIN, entry_id)
    coordinator = entry.runtime_data
    with translated_errors():
        records = coordinator.data.known_records()
        record = next((record for record in records if record.id == backup_id), None)
        if record is None:
            raise BackupNotFound(id=backup_id)
    return coordinator.options.store / record.filename, record


def _disposition(record: BackupRecord) -> str:
    """Return the name for the download. That of an adopted archive may be anybody's."""
    name = _NOT_PLAIN.sub("_", record.filename)
    if record.status is not BackupStatus.GOOD:
        # A damaged archive can be downloaded, as what is left of it may be wanted. Afterwards only
        # its name can say that it is damaged.
        name = f"damaged_{name}"
    plain = _NOT_PLAIN_ASCII.sub("_", name)
    exact = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{plain}"{exact}'
