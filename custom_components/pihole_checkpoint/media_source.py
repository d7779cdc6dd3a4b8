"""The backups in the media browser: by Pi-hole, and by month.

Every user may look. The archives themselves are for administrators, which `http` sees to.
"""

from collections.abc import Iterable
from typing import override

from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry
from .engine.errors import BackupNotFound
from .engine.models import BackupRecord, BackupStatus
from .exceptions import translated_errors, translation
from .http import CONTENT_TYPE, async_signed_url

_NAME = "Pi-hole Checkpoint"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the media source."""
    return CheckpointMediaSource(hass)


class CheckpointMediaSource(MediaSource):
    """The archives, as `<entry>`, `<entry>/<month>` and `<entry>/<backup>`."""

    name = _NAME

    def __init__(self, hass: HomeAssistant) -> None:
        super().__init__(DOMAIN)
        self._hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return a link to an archive that only the current user can use, if an administrator."""
        # The source itself has the identifier `None`, although its type does not allow that.
        entry_id, _, backup_id = (item.identifier or "").partition("/")
        try:
            entry = self._entry(entry_id)
            with translated_errors():
                if backup_id not in {record.id for record in _stored(entry)}:
                    raise BackupNotFound(id=backup_id)
        except HomeAssistantError as error:
            raise _same(Unresolvable, error) from error
        return PlayMedia(async_signed_url(self._hass, entry_id, backup_id), CONTENT_TYPE)

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return what is in a folder."""
        if not item.identifier:
            entries: list[PiholeCheckpointConfigEntry] = (
                self._hass.config_entries.async_loaded_entries(DOMAIN)
            )
            return _folder(None, _NAME, [_folder(entry.entry_id, entry.title) for entry in entries])
        entry_id, _, month = item.identifier.partition("/")
        try:
            entry = self._entry(entry_id)
            with translated_errors():
                stored = _stored(entry)
        except HomeAssistantError as error:
            raise _same(BrowseError, error) from error
        if not month:
            months = dict.fromkeys(map(_month, stored))
            folders = [_folder(f"{entry_id}/{month_name}", month_name) for month_name in months]
            return _folder(entry_id, entry.title, folders)
        if not (found := [record for record in stored if _month(record) == month]):
            raise BrowseError(**translation(BackupNotFound(id=month)))
        return _folder(item.identifier, month, [self._file(entry_id, record) for record in found])

    def _entry(self, entry_id: str) -> PiholeCheckpointConfigEntry:
        return async_get_config_entry(self._hass, DOMAIN, entry_id)

    def _file(self, entry_id: str, record: BackupRecord) -> BrowseMediaSource:
        parts = [
            f"{dt_util.as_local(record.created_at):%Y-%m-%d %H:%M}",
            f"{record.file_size / 1000:.1f} kB",
            self._word("trigger", record.trigger),
        ]
        if record.status is not BackupStatus.GOOD:
            parts.append(self._word("status", record.status))
        return BrowseMediaSource(
            domain=DOMAIN,
            identifier=f"{entry_id}/{record.id}",
            media_class=MediaClass.URL,
            media_content_type=CONTENT_TYPE,
            title=", ".join(parts),
            can_play=False,
            can_expand=False,
        )

    @callback
    def _word(self, kind: str, value: str) -> str:
        """Return a translated word, the one that the card uses."""
        words = async_get_cached_translations(
            self._hass, self._hass.config.language, "common", DOMAIN
        )
        slug = f"component.{DOMAIN}.common.{kind}_{value}"
        return words.get(slug, value.replace("_", " "))


def _same[E: HomeAssistantError](kind: type[E], error: HomeAssistantError) -> E:
    """Return an error as another kind with the same sentence."""
    return kind(
        str(error),
        translation_domain=error.translation_domain,
        translation_key=error.translation_key,
        translation_placeholders=error.translation_placeholders,
    )


def _stored(entry: PiholeCheckpointConfigEntry) -> Iterable[BackupRecord]:
    """Return the backups that have an archive, the newest first. Raises `CheckpointError`."""
    records = entry.runtime_data.data.known_records()
    return [record for record in records if record.status is not BackupStatus.MISSING]


def _month(record: BackupRecord) -> str:
    return f"{dt_util.as_local(record.created_at):%Y-%m}"


def _folder(
    identifier: str | None, title: str, children: list[BrowseMediaSource] | None = None
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
    )
