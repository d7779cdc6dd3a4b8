"""The state of one Pi-hole's backups, for entities and doors."""

import asyncio
from functools import partial
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .const import CONF_VERSIONS, DOMAIN, EVENT_BACKUP, LOGGER, SCAN_INTERVAL, signal_event
from .data import BackupEvent, BackupEventType, CheckpointData
from .engine.errors import HomeAssistantBackupRunning
from .engine.pihole.errors import CheckpointError
from .engine.pihole.models import Versions
from .engine.policy.current import last_seen
from .engine.repository.index import IndexChange
from .exceptions import translation
from .freeze import async_get_freeze
from .manager.manager import Manager
from .options import Options, read_options
from .overdue import OverdueWatch
from .repeats import Repeats
from .responses import backup_event, overdue_event
from .wording import async_get_words

_PROVES_THE_FOLDER: Final = {BackupEventType.COMPLETED, BackupEventType.UNCHANGED}
"""What can only happen while the folder can be used."""


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


type PiholeCheckpointConfigEntry = ConfigEntry[PiholeCheckpointCoordinator]

_PROBE_SECONDS_AT_START: Final = 0.05
"""For a Pi-hole to answer while its entry is set up; one that is up takes milliseconds."""
FIRST_LOOK_SECONDS: Final = 10
"""For the folder to answer while its entry is set up; a dead network share takes minutes."""


class PiholeCheckpointCoordinator(DataUpdateCoordinator[CheckpointData]):
    """Holds what entities show: polls the manager, and hears of each change."""

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
        self.options: Options = read_options(hass, entry)
        self.manager = Manager(hass, entry, self.options, self._publish)
        self.manager.repository.subscribe(self._index_changed)
        self._gate = async_get_freeze(hass).gate
        self._storage_error: CheckpointError | None = None
        self._has_entities = False
        self._repeats = Repeats()
        self._to_fire: list[BackupEvent] = []
        """Events that wait until there are entities to be seen with them."""
        self.data = self._current_data()

    async def async_first_look(self) -> None:
        """Look at the folder, and for the Pi-hole, before there are entities.

        The entry is set up although the folder is away, or does not answer: what can be read is
        needed most when something is broken. Raises `ConfigEntryError`.
        """
        await self.manager.state.load()
        # Not a task of the entry, whose unloading would wait for it.
        look = self.hass.async_create_background_task(
            self.async_refresh(), f"{DOMAIN} {self.name} first look"
        )
        self.config_entry.async_on_unload(partial(_cancel, look))
        await asyncio.wait([look], timeout=FIRST_LOOK_SECONDS)

    @callback
    def start(self) -> None:
        """Fire events from now on, and begin with the schedule: the entities exist."""
        self._has_entities = True
        watch = OverdueWatch(self.hass, lambda: self.data, self._report_overdue)
        self.config_entry.async_on_unload(self.async_add_listener(watch.look))
        self.config_entry.async_on_unload(watch.stop)
        watch.look()
        self.manager.scheduler.start()

    @override
    async def _async_update_data(self) -> CheckpointData:
        # A Pi-hole that is away is no failure: the backups are here, not there.
        await self._async_probe()
        self.manager.correct_times()
        was_known = self.data.is_known
        if not self._gate.is_closed and not self.manager.jobs.have_stopped:
            try:
                await self.manager.async_refresh()
            except CheckpointError as error:
                self._storage_error = error
                self.data = self._current_data()
                self.async_update_listeners()  # the base class does it for the first failure only
                raise UpdateFailed(**translation(error)) from error
            self._storage_error = None
        if self._has_entities and not was_known:
            self._update_device()
            self.manager.scheduler.make_up()
        return self._current_data()

    async def _async_probe(self) -> None:
        if self.manager.jobs.have_stopped:
            return
        # A task of its own: it has to end before Home Assistant takes the connections away.
        probe = self.config_entry.async_create_background_task(
            self.hass, self.manager.pihole.async_probe(), f"{DOMAIN} {self.name} probe"
        )
        patience: float | None = None
        if not self._has_entities:  # Home Assistant starts without waiting for a silent Pi-hole
            patience = _PROBE_SECONDS_AT_START
        await asyncio.wait([probe], timeout=patience)

    @property
    def device_info(self) -> dr.DeviceInfo:
        """The Pi-hole as a device, with the versions that were last seen."""
        history = self.manager.repository.index.history(dt_util.utcnow())
        versions = next(
            (record.versions for record in history if record.versions != Versions()),
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

    def _current_data(self) -> CheckpointData:
        manager, now = self.manager, dt_util.utcnow()
        index, unread = manager.repository.index, manager.repository.unread
        current = index.current(now)
        return CheckpointData(
            index=index,
            current=current,
            last_backup=last_seen(current, now) if current else None,
            last_change=index.last_change(now),
            refused=manager.repository.refused,
            is_shared=manager.repository.is_shared,
            of_v5=manager.repository.of_v5,
            reachable=manager.pihole.is_reachable,
            attempt=manager.state.attempt,
            next_run=manager.scheduler.next_run,
            overdue=manager.scheduler.is_overdue(),
            stage=manager.progress.stage,
            progress=manager.progress.progress,
            restoring=manager.restores.is_running,
            unfinished=None if manager.restores.is_running else manager.state.unfinished,
            lost=manager.restores.lost_names(),
            restore_refused=manager.restores.was_refused,
            free_space=manager.free_space,
            unread=unread,
            storage_error=self._storage_error
            or (None if isinstance(unread, HomeAssistantBackupRunning) else unread),
        )

    @callback
    def _index_changed(self, change: IndexChange) -> None:
        words = async_get_words(self.hass)
        damaged = [
            backup_event(BackupEventType.DAMAGED, record, change.after, words)
            for record in change.damaged
        ]
        removed = [
            backup_event(BackupEventType.DELETED, record, change.before, words)
            for record in change.removed
        ]
        self._publish(*damaged, *removed)

    @callback
    def _report_overdue(self) -> None:
        self._publish(overdue_event(self.data, async_get_words(self.hass)))

    @callback
    def _publish(self, *events: BackupEvent) -> None:
        """Show what is known now, and then fire the events: nobody hears of what is not shown."""
        self._to_fire += events
        if not self._has_entities:
            return
        events, self._to_fire = tuple(self._to_fire), []
        if any(event.type in _PROVES_THE_FOLDER for event in events):
            self._storage_error = None
            self.async_set_updated_data(self._current_data())
            self._update_device()
        else:
            # This does not prove that the folder can be used, so a failed update stays failed.
            self.data = self._current_data()
            self.async_update_listeners()
        for event in events:
            self._fire(self._repeats.marked(event))

    @callback
    def _update_device(self) -> None:
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id, **self.device_info
        )

    @callback
    def _fire(self, event: BackupEvent) -> None:
        """Send the event to the event entity, and over the bus to logbook and automations."""
        entry = self.config_entry
        async_dispatcher_send(self.hass, signal_event(entry.entry_id), event)
        devices = dr.async_entries_for_config_entry(dr.async_get(self.hass), entry.entry_id)
        self.hass.bus.async_fire(
            EVENT_BACKUP,
            {
                "type": event.type.value,
                "config_entry_id": entry.entry_id,
                "device_id": devices[0].id if devices else None,
                "name": entry.title,
                **event.data,
            },
        )
