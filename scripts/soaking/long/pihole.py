"""One simulated Pi-hole of a long time: what ails it, and what was told of its backups."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, override

from aiohttp import web

from custom_components.pihole_checkpoint.const import CONF_FOLDER, DOMAIN
from custom_components.pihole_checkpoint.coordinator import PiholeCheckpointCoordinator
from custom_components.pihole_checkpoint.data import BackupEventType
from custom_components.pihole_checkpoint.engine.models import BackupTrigger
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
from pihole_simulator import Credentials, Simulator

APP_SUDO: Final = "webserver.api.app_sudo"
NEVER: Final = datetime.max.replace(tzinfo=UTC)


class WatchedSimulator(Simulator):
    """Notes how many sessions were open at once."""

    most_sessions = 0
    lost_sessions = 0
    """Which nobody could close, because it was away: it ends them by itself."""

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        answer = await super().answer(request)
        open_now = len(self.sessions) - self.lost_sessions
        self.most_sessions = max(self.most_sessions, open_now)
        return answer


@dataclass
class Told:
    """What was told of the backups of one Pi-hole, and what there should be according to that."""

    wrong: list[str]
    """What was told that cannot be."""
    stored: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    successes: list[datetime] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    pruned: bool = False
    """Whether the last that happened was a backup, after which nothing is left to be deleted."""
    last_failure: str | None = None
    """Why the last attempt came to nothing, if it did."""

    def hear(self, happening: str, data: Mapping[str, object]) -> None:
        """Take note of what is told on the bus."""
        backup_id = str(data.get("backup_id"))
        match happening:
            case BackupEventType.COMPLETED:
                self._add(backup_id)
                self._succeeded(adopted=data["trigger"] == BackupTrigger.ADOPTED)
            case BackupEventType.UNCHANGED:
                self._expect(backup_id in self.stored, f"{backup_id} confirmed, but not stored")
                self._succeeded(adopted=False)
            case BackupEventType.FAILED:
                self.last_failure = str(data["reason"])
            case BackupEventType.DELETED:
                self._expect(backup_id in self.stored, f"{backup_id} deleted, but not stored")
                self.stored.discard(backup_id)
                self.damaged.discard(backup_id)
            case BackupEventType.DAMAGED:
                self._expect(backup_id not in self.damaged, f"{backup_id} told damaged twice")
                self.damaged.add(backup_id)
            case BackupEventType.RESTORED | BackupEventType.RESTORE_FAILED:
                if (safety := data["safety_backup_id"]) is not None:
                    self._add(str(safety))
                    self.pruned = False
            case _:
                self._expect(False, f"{happening} is unknown")  # noqa: FBT003

    def _add(self, backup_id: str) -> None:
        self._expect(backup_id not in self.ever, f"{backup_id} was told twice")
        self.ever.add(backup_id)
        self.stored.add(backup_id)

    def _succeeded(self, *, adopted: bool) -> None:
        if adopted:
            self.pruned = False
            return
        self.pruned, self.last_failure = True, None
        self.successes.append(datetime.now(UTC))

    def _expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001
        if not holds:
            self.wrong.append(otherwise)


@dataclass(kw_only=True)
class Inmate:
    """A Pi-hole of the home, for the harness: simulator, entry and expectations."""

    name: str
    sim: WatchedSimulator
    options: Mapping[str, Mapping[str, object]]
    told: Told
    entry_id: str = ""
    checked_until: datetime = NEVER
    """Up to when it is known what became of each scheduled backup."""
    trouble: str = ""
    """What ails it at the moment."""
    trouble_until: datetime = NEVER
    well_since: datetime = NEVER

    def entry(self, hass: HomeAssistant) -> ConfigEntry[PiholeCheckpointCoordinator]:
        """Give its entry."""
        entry = hass.config_entries.async_get_entry(self.entry_id)
        if entry is None:
            raise LookupError(f"{self.name} has no entry")
        return entry

    def coordinator(self, hass: HomeAssistant) -> PiholeCheckpointCoordinator:
        """Give what its entities look at."""
        return self.entry(hass).runtime_data

    def folder(self, hass: HomeAssistant) -> Path:
        """Give the folder of its store."""
        return Path(hass.config.path(DOMAIN, self.entry(hass).data[CONF_FOLDER]))

    def entity_id(self, hass: HomeAssistant, key: str) -> str:
        """Find one of its entities."""
        entries = er.async_entries_for_config_entry(er.async_get(hass), self.entry_id)
        unique_id = f"{self.entry_id}_{key}"
        return next(it.entity_id for it in entries if it.unique_id == unique_id)

    def state(self, hass: HomeAssistant, key: str) -> str:
        """Tell what one of its entities shows."""
        state = hass.states.get(self.entity_id(hass, key))
        return "no state" if state is None else state.state

    def hear(self, event: Event) -> None:
        """Take note of what is told."""
        self.told.hear(event.data["type"], event.data)

    @property
    def password(self) -> str:
        """The one to be entered now."""
        credentials = self.sim.pihole.credentials
        return credentials.app_password or credentials.password

    def change_password(self, new: str) -> None:
        """Let the one that Home Assistant has be wrong from now on."""
        old = self.sim.pihole.credentials
        name = "app_password" if old.app_password else "password"
        changed: Credentials = replace(old, **{name: new})
        self.sim.change_credentials(changed)

    @property
    def is_well(self) -> bool:
        """Whether nothing ails it, so that everything has to succeed."""
        return not self.trouble
