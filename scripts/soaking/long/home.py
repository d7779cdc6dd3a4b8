"""A home with Pi-holes, seen by those who live in it."""

from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
import random

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupRecord, BackupStatus
from custom_components.pihole_checkpoint.repairs import ISSUES, UNFINISHED
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import CONF_PASSWORD
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from tests.support.flows import Flow

from . import troubles
from .core import Core, Log
from .passing import Time
from .pihole import Inmate


@dataclass(kw_only=True)
class Home:
    """All that there is, and what of it turned out to be wrong."""

    time: Time
    rng: random.Random
    folder: Path
    piholes: Sequence[Inmate]
    log: Log
    core: Core = field(init=False)
    wrong: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    is_crowded: bool = False
    """Whether several things are done at once, so that one may be refused because of another."""

    @property
    def hass(self) -> HomeAssistant:
        """Home Assistant."""
        return self.core.hass

    def say(self, what: str) -> None:
        """Note what is wrong, and when."""
        self.wrong.append(f"{datetime.now(UTC):%m-%d %H:%M:%S} {what}")

    @callback  # else it would be heard in a thread, some time after it was told
    def hear(self, event: Event) -> None:
        """Take note of what is told on the bus."""
        self.figures[event.data["type"]] += 1
        for pihole in self.piholes:
            if pihole.entry_id == event.data["config_entry_id"]:
                pihole.hear(event)
                while pihole.told.wrong:
                    self.say(f"{pihole.name}: {pihole.told.wrong.pop()}")

    def records(self, pihole: Inmate) -> list[BackupRecord]:
        """Give the good backups of one, the newest first."""
        records = pihole.coordinator(self.hass).data.records
        return [it for it in records if it.status is BackupStatus.GOOD]

    async def settle(self) -> None:
        """Let all come to its end; a session that is open then is one that nobody could close."""
        await self.core.settle()
        for pihole in self.piholes:
            pihole.sim.lost_sessions = len(pihole.sim.sessions)

    async def poll(self, pihole: Inmate) -> None:
        """Have the integration look."""
        await pihole.coordinator(self.hass).async_refresh()
        await self.settle()

    async def call(self, service: str, **data: object) -> None:
        """Call one of our services."""
        await self.hass.services.async_call(
            DOMAIN, service, data, blocking=True, return_response=True
        )

    async def press(self, pihole: Inmate) -> None:
        """Press the button."""
        data = {"entity_id": pihole.entity_id(self.hass, "backup_now")}
        await self.hass.services.async_call("button", "press", data, blocking=True)

    async def expect[T](
        self, work: Awaitable[T], *piholes: Inmate, may_fail: bool = False
    ) -> T | None:
        """Do what has to succeed when those Pi-holes are well; what fails is told in our words."""
        well = all(it.is_well and not self.has_wrong_password(it) for it in piholes)
        try:
            return await work
        except HomeAssistantError as error:
            self.figures["refused or failed"] += 1
            if error.translation_domain != DOMAIN:
                self.say(f"an error that is not ours: {error!r}")
            elif well and not may_fail and not self.is_crowded:
                self.say(f"{', '.join(it.name for it in piholes)} well, but: {error}")
        return None

    async def restore_something(self, pihole: Inmate) -> None:
        """Restore lists, of any backup."""
        if records := self.records(pihole):
            record = self.rng.choice(records)
            data = {"backup_id": record.id, "include": ["lists", "domains"]}
            await self.call("restore", config_entry_id=pihole.entry_id, **data)

    def has_issue(self, pihole: Inmate, *keys: str) -> bool:
        """Tell whether one of those issues, or any, is told about a Pi-hole."""
        registry = ir.async_get(self.hass)
        return any(
            registry.async_get_issue(DOMAIN, f"{key}_{pihole.entry_id}") is not None
            for key in keys or ISSUES
        )

    def look_at_stores(self) -> dict[str, tuple[int, int, int]]:
        """List all files of all stores, with what would change when one is touched."""
        return {
            str(path): (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            for path in (self.folder / "config" / DOMAIN).rglob("*")
            for stat in [path.stat()]
        }

    async def look_around_after_a_break(self) -> None:
        """Take what lies there as given: what Home Assistant was stopped in, it could not tell."""
        for pihole in self.piholes:
            coordinator = pihole.coordinator(self.hass)
            told, now = pihole.told, {it.id for it in coordinator.data.records}
            self.figures["stored in the moment of a stop"] += len(now - told.stored)
            self.figures["deleted in the moment of a stop"] += len(told.stored - now)
            told.stored = now
            told.ever |= now
            told.pruned = False
            told.last_failure = None
            if self.has_issue(pihole, *UNFINISHED):
                self.figures["restores that a stop broke off"] += 1
                await coordinator.manager.async_forget_unfinished_restore()

    # Adding, and troubles -------------------------------------------------------------------------

    async def add(self, pihole: Inmate) -> None:
        """Add a Pi-hole as a user does, and choose its options."""
        flow = Flow(self.hass)
        await flow.begin()
        await flow.enter_address(pihole.sim.url)
        if pihole.password:
            await flow.enter(password=pihole.password)
        pihole.entry_id = flow.result["result"].entry_id
        pihole.checked_until = pihole.well_since = datetime.now(UTC)
        options = {name: dict(values) for name, values in pihole.options.items()}
        self.hass.config_entries.async_update_entry(pihole.entry(self.hass), options=options)
        await self.hass.config_entries.async_reload(pihole.entry_id)
        await self.settle()

    async def trouble(self) -> None:
        """Let some become ill, and others well."""
        for pihole in self.piholes:
            if pihole.trouble:
                if datetime.now(UTC) >= pihole.trouble_until:
                    await self.heal(pihole)
            elif self.rng.random() < 1 / 40:
                name = self.rng.choice(list(troubles.TROUBLES))
                minutes = self.rng.choice((1, 10, 45, 200, 600))
                self.figures["troubles"] += 1
                await troubles.TROUBLES[name](pihole, self.time, self.rng)
                pihole.trouble = name
                pihole.trouble_until = datetime.now(UTC) + timedelta(minutes=minutes)

    async def heal(self, pihole: Inmate) -> None:
        """Let one be well again: where a password was changed, the user enters the new one."""
        had_wrong_password = pihole.trouble == "wrong password"
        if pihole.trouble:
            pihole.well_since = datetime.now(UTC)
        await troubles.end(pihole)
        if had_wrong_password and self.has_wrong_password(pihole):
            await self.expect(self.press(pihole), pihole, may_fail=True)
            await self.settle()
            if not self.asks_for_password(pihole):
                self.say(f"{pihole.name}: nobody asked for the new password")
        await self.enter_password(pihole)

    def has_wrong_password(self, pihole: Inmate) -> bool:
        """Tell whether the stored one has been wrong since it was changed or restored."""
        return bool(pihole.entry(self.hass).data[CONF_PASSWORD] != pihole.password)

    def asks_for_password(self, pihole: Inmate) -> bool:
        """Tell whether Home Assistant asks for the password of one."""
        flows = self.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        return [it["context"].get("entry_id") for it in flows].count(pihole.entry_id) == 1

    async def enter_password(self, pihole: Inmate) -> None:
        """Do what Home Assistant asks for."""
        for asked in self.hass.config_entries.flow.async_progress_by_handler(DOMAIN):
            if asked["context"].get("entry_id") != pihole.entry_id:
                continue
            if asked["context"]["source"] != SOURCE_REAUTH:
                self.say(f"{pihole.name}: a flow that nobody began: {asked['context']}")
            if not self.has_wrong_password(pihole):
                self.say(f"{pihole.name}: its password is asked for, but it is right")
            self.time.jump(timedelta(seconds=5))  # a Pi-hole counts logins by the second
            flow = Flow(self.hass)
            flow.result = asked
            await flow.enter(password=pihole.password)
            self.figures["passwords entered"] += 1
            pihole.well_since = datetime.now(UTC)
            await self.settle()
            if flow.result["type"] != "abort":
                self.say(f"{pihole.name}: the new password is not taken: {flow.result['errors']}")

    async def recover(self) -> None:
        """Let all be well."""
        for pihole in self.piholes:
            await self.heal(pihole)
        await self.settle()
