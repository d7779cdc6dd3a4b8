"""From the engine to Home Assistant: the state of one Pi-hole's backups, and its errors."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, override

import aiohttp
from yarl import URL

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .const import CONF_FOLDER, CONF_VERSIONS, DOMAIN, LOGGER, SCAN_INTERVAL
from .engine.client import PiholeClient
from .engine.engine import Engine
from .engine.errors import CheckpointError, Stopping
from .engine.models import BackupRecord, Trigger, Versions
from .engine.store import Store

type PiholeCheckpointConfigEntry = ConfigEntry[PiholeCheckpointCoordinator]


@dataclass(frozen=True, kw_only=True, slots=True)
class PiholeSnapshot:
    """What is known about one Pi-hole's backups at one moment."""

    records: tuple[BackupRecord, ...]
    """The newest first."""
    reachable: bool

    @property
    def newest(self) -> BackupRecord | None:
        """The newest stored backup."""
        return self.records[0] if self.records else None


class PiholeCheckpointCoordinator(DataUpdateCoordinator[PiholeSnapshot]):
    """Carries out what is asked for, and tells the entities what came of it."""

    config_entry: PiholeCheckpointConfigEntry

    def __init__(self, hass: HomeAssistant, entry: PiholeCheckpointConfigEntry) -> None:
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=SCAN_INTERVAL,
            always_update=False,
        )
        self._engine = Engine(
            async_create_client(
                hass,
                url=URL(entry.data[CONF_URL]),
                verify_ssl=entry.data[CONF_VERIFY_SSL],
                password=entry.data[CONF_PASSWORD],
            ),
            Store(Path(hass.config.path(DOMAIN, entry.data[CONF_FOLDER]))),
        )
        self._backup: asyncio.Task[BackupRecord] | None = None
        self._stopping = False
        self._reachable = True

    @override
    async def _async_setup(self) -> None:
        try:
            await self._engine.open()
        except CheckpointError as error:
            raise UpdateFailed(**_translation(error)) from error

    @override
    async def _async_update_data(self) -> PiholeSnapshot:
        # A Pi-hole that is away is no failure: the backups are here, not there.
        self._note_reachable(reachable := await self._engine.is_reachable())
        try:
            await self._engine.refresh()
        except CheckpointError as error:
            raise UpdateFailed(**_translation(error)) from error
        # What was backed up while this waited is in the engine already.
        return PiholeSnapshot(records=self._engine.records, reachable=reachable)

    @callback
    def _note_reachable(self, reachable: bool) -> None:  # noqa: FBT001 - it is the news itself
        """Log once when the Pi-hole goes away, and once when it is back."""
        if reachable is self._reachable:
            return
        self._reachable = reachable
        if reachable:
            LOGGER.info("%s answers again", self.name)
        else:
            LOGGER.warning("%s does not answer; what is stored stays at hand", self.name)

    async def async_back_up(self, trigger: Trigger) -> BackupRecord:
        """Back up now; while one is running, wait for that one and share its result."""
        if self._stopping:
            raise translated(Stopping())
        if self._backup is None or self._backup.done():
            # A task of its own: one who asked and went away takes it from nobody else.
            self._backup = self.config_entry.async_create_background_task(
                self.hass, self._async_back_up(trigger), f"{DOMAIN} {self.name} {trigger}"
            )
            # When nobody is left who waits for it, its failure is nobody's surprise.
            self._backup.add_done_callback(lambda task: task.cancelled() or task.exception())
        backup = self._backup
        try:
            await asyncio.wait([backup])
            return backup.result()
        except CheckpointError as error:
            raise translated(error) from error
        except asyncio.CancelledError:
            if not backup.cancelled() or _is_being_cancelled():
                raise
            raise translated(Stopping()) from None

    async def _async_back_up(self, trigger: Trigger) -> BackupRecord:
        record = await self._engine.back_up(trigger)
        self._note_reachable(True)  # noqa: FBT003
        # No await from here to the listeners: whoever hears of the backup sees it in the states.
        self.async_set_updated_data(PiholeSnapshot(records=self._engine.records, reachable=True))
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id, **self.device_info
        )
        return record

    async def async_stop(self) -> None:
        """End a running backup, leaving nothing half done here and no session on the Pi-hole."""
        self._stopping = True
        if self._backup is not None:
            self._backup.cancel()
            await asyncio.wait([self._backup])

    @property
    def device_info(self) -> dr.DeviceInfo:
        """The Pi-hole as a device, with the versions that were last heard of."""
        versions = next(
            (record.versions for record in self.data.records if record.versions != Versions()),
            Versions(**self.config_entry.data[CONF_VERSIONS]),
        )
        parts = (("Core", versions.core), ("Web", versions.web), ("FTL", versions.ftl))
        return dr.DeviceInfo(
            entry_type=dr.DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, self.config_entry.entry_id)},
            name=self.config_entry.title,
            manufacturer="Pi-hole",
            sw_version=", ".join(f"{name} {version}" for name, version in parts if version) or None,
            configuration_url=f"{self.config_entry.data[CONF_URL]}/admin/settings/teleporter",
        )


@callback
def async_create_client(
    hass: HomeAssistant, *, url: URL, verify_ssl: bool, password: str
) -> PiholeClient:
    """Make a client whose connections Home Assistant looks after."""
    http = async_create_clientsession(
        hass, verify_ssl=verify_ssl, cookie_jar=aiohttp.DummyCookieJar()
    )
    return PiholeClient(http, url, password)


class _Translation(TypedDict):
    translation_domain: str
    translation_key: str
    translation_placeholders: dict[str, str]


def _translation(error: CheckpointError) -> _Translation:
    return {
        "translation_domain": DOMAIN,
        "translation_key": error.key,
        "translation_placeholders": error.placeholders,
    }


def translated(error: CheckpointError) -> HomeAssistantError:
    """Say it as Home Assistant does."""
    return HomeAssistantError(**_translation(error))


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
