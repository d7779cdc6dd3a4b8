"""A Home Assistant that opens the installation of an older release.

This imports no module of the integration, and asks Home Assistant as a user does.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
import json
import os
from pathlib import Path
import re
import shutil
from typing import Any, Final, Protocol

from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.config import async_hass_config_yaml
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pihole_simulator import Pihole, Simulator, tls
from tests.support.passwords import APP_PASSWORD, PASSWORD

FIXTURE: Final = Path(__file__).parents[1] / "fixtures" / "installation_0_1_0"
DOMAIN: Final = "pihole_checkpoint"
KITCHEN: Final = "01M1R9E5R93J5KCQGPYWV3D9T4"
ATTIC: Final = "01M1R9E7VCS43781B71FZDV9S7"
NOW: Final = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
"""When it is opened."""
_URLS: Final = {KITCHEN: "http://127.0.0.1:8053", ATTIC: "https://127.0.0.1:8443"}
_COMPONENTS: Final = ("homeassistant", "persistent_notification", "repairs", "diagnostics", DOMAIN)

type Json = dict[str, Any]


class Clock(Protocol):
    """The time of the test."""

    def move_to(self, target_datetime: datetime) -> None:
        """Let it be another time."""


def kitchen_pihole() -> Pihole:
    """Return the Pi-hole in the kitchen, as it was at the end."""
    pihole = Pihole.example()
    pihole.hostname = "kitchen"
    pihole.add_client("192.168.1.61", comment="doorbell")
    pihole.hosts.append("192.168.1.12 tv.lan")
    pihole.upstreams = ["1.1.1.1"]
    pihole.settings |= {"dns.blockTTL": 60, "dns.dnssec": True}
    return pihole


def attic_pihole() -> Pihole:
    """Return the Pi-hole in the attic, which was about to be restored."""
    pihole = Pihole.example()
    pihole.hostname = "attic"
    pihole.settings["webserver.api.app_sudo"] = True
    pihole.add_domain("telemetry.example.org", comment="the television")
    pihole.add_domain("more.example.org")
    return pihole


@asynccontextmanager
async def old_piholes() -> AsyncIterator[dict[str, Simulator]]:
    """Run both Pi-holes, by their entries' IDs."""
    kitchen = Simulator(password=PASSWORD, pihole=kitchen_pihole())
    attic = Simulator(
        password="another-password-of-the-simulator",
        app_password=APP_PASSWORD,
        pihole=attic_pihole(),
        tls=tls.out_of_the_box(),
    )
    async with kitchen, attic:
        for sim in (kitchen, attic):
            sim.auth.login_attempts_per_second = 1000
        yield {KITCHEN: kitchen, ATTIC: attic}


@dataclass(kw_only=True)
class OldHome:
    """The installation, and what its owner does and sees there."""

    hass: HomeAssistant
    piholes: dict[str, Simulator]
    storage: dict[str, Json]
    """What is in Home Assistant's `.storage`."""

    @property
    def folders(self) -> dict[str, Path]:
        """The folders with the backups, by entry."""
        return {
            KITCHEN: Path(self.hass.config.path(DOMAIN, "127.0.0.1_port_8053")),
            ATTIC: Path(self.hass.config.path("nas", "127.0.0.1_port_8443")),
        }

    def put_there(self) -> None:
        """Copy the installation into Home Assistant's folder, before the start."""
        config = Path(self.hass.config.config_dir)
        shutil.copytree(FIXTURE / "config", config, dirs_exist_ok=True)
        for path in config.glob("*/127.0.0.1_port_*/*.zip"):
            os.utime(path, (NOW.timestamp() - 3600,) * 2)  # a checkout has made it just now
        for path in (config / ".storage").iterdir():
            self.storage[path.name] = json.loads(self.at_home(path.read_text()))

    def at_home(self, text: str) -> str:
        """Replace addresses and folders with those of this test."""
        for entry_id, url in _URLS.items():
            text = text.replace(url, self.piholes[entry_id].url)
        return re.sub(r'(?<=")/config(?=[/"])', self.hass.config.config_dir, text)

    async def start(self) -> None:
        """Start Home Assistant with its configuration.yaml."""
        hass = self.hass
        await async_load_base_functionality(hass)
        config = await async_hass_config_yaml(hass)
        await async_process_ha_core_config(hass, config["homeassistant"])
        for component in (*_COMPONENTS, "automation", "script"):
            assert await async_setup_component(hass, component, config), component
        await hass.async_block_till_done()

    def entry(self, entry_id: str) -> ConfigEntry:
        entry = self.hass.config_entries.async_get_entry(entry_id)
        assert entry is not None
        return entry

    def entities(self) -> Iterator[er.RegistryEntry]:
        """Yield our entities."""
        for entry_id in (KITCHEN, ATTIC):
            yield from er.async_entries_for_config_entry(er.async_get(self.hass), entry_id)

    def entity_id(self, entry_id: str, key: str) -> str:
        unique_id = f"{entry_id}_{key}"
        return next(entity.entity_id for entity in self.entities() if entity.unique_id == unique_id)

    def state(self, entry_id: str, key: str) -> State:
        state = self.hass.states.get(self.entity_id(entry_id, key))
        assert state is not None
        return state

    @property
    def issues(self) -> dict[str, ir.IssueEntry]:
        """The active repair issues, by ID."""
        return {
            issue_id: issue
            for (domain, issue_id), issue in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN and issue.active
        }

    async def call(self, action: str, **fields: object) -> Json:
        """Perform one of our actions."""
        answer = await self.hass.services.async_call(
            DOMAIN, action, fields, blocking=True, return_response=True
        )
        assert answer is not None
        return dict(answer)

    async def listed(self, entry_id: str) -> list[Json]:
        backups: list[Json] = (await self.call("list", config_entry_id=entry_id))["backups"]
        return backups

    def notification(self, notification_id: str) -> str | None:
        """Return the text of a notification."""
        notifications: dict[str, Json] = self.hass.data["persistent_notification"]
        found = notifications.get(notification_id)
        return None if found is None else str(found["message"])

    async def live_until(self, end: datetime, clock: Clock) -> None:
        """Move the clock from one scheduled backup to the next until the end."""
        while (due := min(map(self._next, (KITCHEN, ATTIC)))) < end:
            clock.move_to(due)
            async_fire_time_changed(self.hass, due)
            await self.hass.async_block_till_done(wait_background_tasks=True)

    def _next(self, entry_id: str) -> datetime:
        return datetime.fromisoformat(self.state(entry_id, "next_backup").state)
