"""The backups in the media browser: by Pi-hole and by month, or by searching.

Every user may look. The archives themselves are for administrators, which `http` sees to.
"""

from collections.abc import Iterable, Sequence
from typing import Final, override

from homeassistant.components.media_player.browse_media import (
    BrowseMedia,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.components.media_player.const import MediaClass
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry
from .engine.errors import BackupNotFound
from .engine.models import BackupRecord, BackupStatus, Compared
from .engine.repository.index import Index
from .engine.teleporter.headline import headline
from .exceptions import translated_errors, translation
from .http import CONTENT_TYPE, async_signed_url
from .wording import Words, async_get_words

_NAME: Final = "Pi-hole Checkpoint"
_SEPARATOR: Final = " · "
_MOST_FOUND: Final = 100
_CAN_SEARCH: Final = hasattr(MediaSource, "async_search_media")
"""Older releases of Home Assistant have no search for media sources."""


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
            folders = [_folder(entry.entry_id, entry.title) for entry in self._loaded()]
            return _folder(None, _NAME, folders)
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
        words = async_get_words(self._hass)
        index = entry.runtime_data.data.index
        files = [_file(entry_id, record, _title(record, index, words)) for record in found]
        return _folder(item.identifier, month, files)

    @override
    async def async_search_media(
        self, item: MediaSourceItem, query: SearchMediaQuery
    ) -> SearchMedia:
        """Return the newest backups that hold all words of a text in what everybody may see."""
        if query.media_filter_classes and MediaClass.URL not in query.media_filter_classes:
            return SearchMedia(result=[])
        entry_id, _, month = (item.identifier or "").partition("/")
        try:
            entries = [self._entry(entry_id)] if entry_id else self._loaded()
            with translated_errors():
                candidates = [
                    (record, entry)
                    for entry in entries
                    # While one of all Pi-holes cannot be read, the others can be searched.
                    if entry_id or entry.runtime_data.data.is_known
                    for record in _stored(entry)
                    if month in ("", _month(record))
                ]
        except HomeAssistantError as error:
            raise _same(BrowseError, error) from error
        candidates.sort(key=lambda pair: pair[0].created_at, reverse=True)
        return SearchMedia(result=self._found(candidates, query.search_query, named=not entry_id))

    def _found(
        self,
        candidates: Iterable[tuple[BackupRecord, PiholeCheckpointConfigEntry]],
        text: str,
        *,
        named: bool,
    ) -> list[BrowseMedia]:
        words, wanted = async_get_words(self._hass), set(text.casefold().split())
        found: list[BrowseMedia] = []
        for record, entry in candidates:
            title = _title(record, entry.runtime_data.data.index, words)
            shown = f"{entry.title}{_SEPARATOR}{title}" if named else title
            searched = f"{shown} {record.note or ''} {record.filename}".casefold()
            if all(word in searched for word in wanted):
                found.append(_file(entry.entry_id, record, shown))
            if len(found) == _MOST_FOUND:
                break
        return found

    def _loaded(self) -> list[PiholeCheckpointConfigEntry]:
        return self._hass.config_entries.async_loaded_entries(DOMAIN)

    def _entry(self, entry_id: str) -> PiholeCheckpointConfigEntry:
        return async_get_config_entry(self._hass, DOMAIN, entry_id)


def _file(entry_id: str, record: BackupRecord, title: str) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{entry_id}/{record.id}",
        media_class=MediaClass.URL,
        media_content_type=CONTENT_TYPE,
        title=title,
        can_play=False,
        can_expand=False,
    )


def _title(record: BackupRecord, index: Index, words: Words) -> str:
    """Return when a backup was made, what had changed, and what else tells it from others."""
    parts = [f"{dt_util.as_local(record.created_at):%Y-%m-%d %H:%M}"]
    match index.compared(record):
        case Compared.DIFFERENT:
            parts.append(words.headline(headline(record.changes or (), record.changes_left_out)))
        case Compared.SAME:
            parts.append(words.say("changes_none"))
        case Compared.FIRST:
            parts.append(words.say("changes_first"))
    parts += [words.say(f"trigger_{record.trigger}"), f"{record.file_size / 1000:.1f} kB"]
    if record.status is not BackupStatus.GOOD:
        parts.append(words.say(f"status_{record.status}"))
    return _SEPARATOR.join(parts)


def _same[E: HomeAssistantError](kind: type[E], error: HomeAssistantError) -> E:
    """Return an error as another kind with the same sentence."""
    return kind(
        str(error),
        translation_domain=error.translation_domain,
        translation_key=error.translation_key,
        translation_placeholders=error.translation_placeholders,
    )


def _stored(entry: PiholeCheckpointConfigEntry) -> Sequence[BackupRecord]:
    """Return the backups that have an archive, the newest first. Raises `CheckpointError`."""
    records = entry.runtime_data.data.known_records()
    return [record for record in records if record.status is not BackupStatus.MISSING]


def _month(record: BackupRecord) -> str:
    return f"{dt_util.as_local(record.created_at):%Y-%m}"


def _folder(
    identifier: str | None, title: str, children: Sequence[BrowseMediaSource] | None = None
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
        can_search=_CAN_SEARCH,
        # Shown as a list: as tiles, names end after a few letters, also those that a search finds.
        children_media_class=None if children is None else MediaClass.URL,
        children=children,
    )
