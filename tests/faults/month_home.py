"""A home with Pi-holes: what ails them, what was reported of their backups, and what users see."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import random
from typing import Final, cast, override

from aiohttp import web
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.coordinator import PiholeCheckpointCoordinator
from custom_components.pihole_checkpoint.data import BackupEventType
from custom_components.pihole_checkpoint.engine.models import (
    BackupRecord,
    BackupStatus,
    BackupTrigger,
)
from custom_components.pihole_checkpoint.repairs import ISSUES, UNFINISHED
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.const import CONF_PASSWORD
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from pihole_simulator import Credentials, Fault, Simulator, faults
from pihole_simulator.fault_plan import Place, Proceed
from pihole_simulator.wire import forever
from tests.support.flows import Flow
from tests.support.home import Home, enable_as_before

from .month_core import Core, Log, Time

NEVER: Final = datetime.max.replace(tzinfo=UTC)


class WatchedSimulator(Simulator):
    """Counts how many sessions are open at once."""

    most_sessions = 0
    lost_sessions = 0
    """Sessions that nobody could close, because the Pi-hole was away: it ends them by itself."""

    @override
    async def answer(self, request: web.Request) -> web.StreamResponse:
        answer = await super().answer(request)
        open_now = len(self.sessions) - self.lost_sessions
        self.most_sessions = max(self.most_sessions, open_now)
        return answer


@dataclass(kw_only=True)
class WatchedPihole:
    """One Pi-hole: its simulator, its entry, and what there should be by what was reported."""

    name: str
    sim: WatchedSimulator
    options: Mapping[str, Mapping[str, object]]
    core: Core = field(init=False)
    entry_id: str = ""
    trouble: str = ""
    """What ails it at the moment."""
    trouble_until: datetime = NEVER
    well_since: datetime = NEVER
    checked_until: datetime = NEVER
    """The time up to which the fate of each scheduled backup is known."""
    stored: set[str] = field(default_factory=set)
    """The ids of all backups."""
    ever: set[str] = field(default_factory=set)
    pinned: set[str] = field(default_factory=set)
    may_go: set[str] = field(default_factory=set)
    """What somebody asked to delete."""
    damaged: set[str] = field(default_factory=set)
    successes: list[datetime] = field(default_factory=list)
    pruned: bool = False
    """Whether the last event was a backup, after which nothing is left to be deleted."""
    last_failure: str | None = None
    """Why the last attempt failed, if it did."""

    @property
    def entry(self) -> ConfigEntry[PiholeCheckpointCoordinator]:
        entry = self.core.hass.config_entries.async_get_entry(self.entry_id)
        if entry is None:
            raise LookupError(f"{self.name} has no entry")
        return entry

    @property
    def coordinator(self) -> PiholeCheckpointCoordinator:
        return self.entry.runtime_data

    @property
    def home(self) -> Home:
        """What a user does and sees there."""
        return Home(hass=self.core.hass, entry=cast("MockConfigEntry", self.entry))

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        """All backups, the newest first."""
        return self.coordinator.data.records

    @property
    def good(self) -> list[BackupRecord]:
        return [item for item in self.records if item.status is BackupStatus.GOOD]

    def has_issue(self, *keys: str) -> bool:
        """Return whether there is one of these issues about it, or any."""
        registry = ir.async_get(self.core.hass)
        return any(
            registry.async_get_issue(DOMAIN, f"{key}_{self.entry_id}") is not None
            for key in keys or ISSUES
        )

    async def call(self, service: str, **data: object) -> object:
        return await self.home.call(service, config_entry_id=self.entry_id, **data)

    @property
    def password(self) -> str:
        credentials = self.sim.pihole.credentials
        return credentials.app_password or credentials.password

    @property
    def has_wrong_password(self) -> bool:
        """Whether the stored password has been wrong since it was changed or restored."""
        return bool(self.entry.data[CONF_PASSWORD] != self.password)

    def change_password(self, new: str) -> None:
        """Let the password that Home Assistant has be wrong from now on."""
        old = self.sim.pihole.credentials
        name = "app_password" if old.app_password else "password"
        changed: Credentials = replace(old, **{name: new})
        self.sim.change_credentials(changed)

    def hear(self, event: str, data: Mapping[str, object]) -> list[str]:
        """Note what the bus reports, and complain of what cannot be."""
        wrong: list[str] = []
        backup_id = str(data.get("backup_id"))
        match event:
            case BackupEventType.COMPLETED:
                wrong += self._add(backup_id)
                self._succeed(adopted=data["trigger"] == BackupTrigger.ADOPTED)
            case BackupEventType.UNCHANGED:
                if backup_id not in self.stored:
                    wrong.append(f"{backup_id} confirmed, but not stored")
                self._succeed(adopted=False)
            case BackupEventType.FAILED:
                self.last_failure = str(data["reason"])
            case BackupEventType.DELETED:
                wrong += self._remove(backup_id)
            case BackupEventType.DAMAGED:
                wrong += self._note_damage(backup_id)
            case BackupEventType.RESTORED | BackupEventType.RESTORE_FAILED:
                if (safety := data["safety_backup_id"]) is not None:
                    wrong += self._add(str(safety))
                    self.pruned = False
                self._find_verifying()
            case BackupEventType.OVERDUE:
                wrong += self._check_overdue()
            case _:
                wrong.append(f"{event} is unknown")
        return wrong

    def _note_damage(self, backup_id: str) -> list[str]:
        wrong = [f"{backup_id} reported as damaged twice"] if backup_id in self.damaged else []
        self.damaged.add(backup_id)
        return wrong

    def _check_overdue(self) -> list[str]:
        is_shown = self.has_issue("overdue")
        return [] if is_shown else ["reported as overdue, but not under Repairs"]

    def _find_verifying(self) -> None:
        """Note the backups that verify restores, about which no event is fired."""
        for record in self.records:
            if record.trigger is BackupTrigger.AFTER_RESTORE and record.id not in self.ever:
                self._add(record.id)

    def _add(self, backup_id: str) -> list[str]:
        wrong = [f"{backup_id} was reported twice"] if backup_id in self.ever else []
        self.ever.add(backup_id)
        self.stored.add(backup_id)
        return wrong

    def _remove(self, backup_id: str) -> list[str]:
        wrong: list[str] = []
        if backup_id not in self.stored:
            wrong.append(f"{backup_id} deleted, but not stored")
        if backup_id in self.pinned - self.may_go:
            wrong.append(f"{backup_id} deleted, although it is pinned")
        self.stored.discard(backup_id)
        self.damaged.discard(backup_id)
        return wrong

    def _succeed(self, *, adopted: bool) -> None:
        if adopted:
            self.pruned = False
            return
        self.pruned, self.last_failure = True, None
        self.successes.append(datetime.now(UTC))


# Troubles -----------------------------------------------------------------------------------------


def _late(time: Time, seconds: float, *, answers: bool = True) -> Fault:

    async def fault(_request: web.Request, proceed: Proceed) -> web.StreamResponse:
        await time.race(timedelta(seconds=seconds))
        return await (proceed() if answers else forever())

    return fault


def _flaky(rng: random.Random) -> Fault:

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        if rng.random() < 1 / 4:
            return await faults.drop()(request, proceed)
        return await proceed()

    return fault


def _restarting(pihole: WatchedPihole, rng: random.Random) -> Fault:
    """Restart in the middle of a conversation."""

    async def fault(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        pihole.sim.restart_after(rng.choice((0.0, 0.05)))
        return await faults.drop()(request, proceed)

    return fault


async def _ail(pihole: WatchedPihole, trouble: str, time: Time, rng: random.Random) -> None:
    """Let something be wrong with a Pi-hole until it is healed."""
    match trouble:
        case "away" | "blink":
            await pihole.sim.stop()
            if trouble == "blink":
                await pihole.sim.start()
        case "wrong password":
            pihole.change_password(f"changed-to-{rng.getrandbits(64):x}")
        case "restarting":
            times = rng.randrange(1, 4)
            pihole.sim.faults.next("export", _restarting(pihole, rng), times=times)
        case _:
            place, fault = _LASTING[trouble]
            pihole.sim.faults.always(place, fault(time, rng))


_LASTING: Final[Mapping[str, tuple[Place, Callable[[Time, random.Random], Fault]]]] = {
    "seats full": (
        "login",
        lambda *_: faults.error(429, "api_seats_exceeded", "API seats exceeded"),
    ),
    "cut export": ("export", lambda _, rng: faults.cut(rng.randrange(4000))),
    "nonsense": ("export", lambda _, rng: faults.replace(rng.randbytes(rng.randrange(2000)))),
    "slow export": ("export", lambda time, rng: _late(time, rng.choice((3, 10, 40, 70)))),
    "silent login": ("login", lambda time, _: _late(time, 61, answers=False)),
    "flaky": ("everything", lambda _, rng: _flaky(rng)),
}
_TROUBLES: Final = ("away", "blink", "wrong password", "restarting", *_LASTING)


# The home -----------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class House:
    """All that there is, and what of it turned out to be wrong."""

    time: Time
    rng: random.Random
    folder: Path
    piholes: Sequence[WatchedPihole]
    log: Log
    core: Core = field(init=False)
    wrong: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    is_crowded: bool = False
    """Whether several things are done at once, so that one may be refused because of another."""

    @property
    def hass(self) -> HomeAssistant:
        return self.core.hass

    def say(self, what: str) -> None:
        self.wrong.append(f"{datetime.now(UTC):%m-%d %H:%M:%S} {what}")

    @callback  # in a thread, it would hear some time after the event
    def hear(self, event: Event) -> None:
        self.figures[event.data["type"]] += 1
        for pihole in self.piholes:
            if pihole.entry_id == event.data["config_entry_id"]:
                for wrong in pihole.hear(event.data["type"], event.data):
                    self.say(f"{pihole.name}: {wrong}")

    async def settle(self) -> None:
        """Let all come to its end; a session that is open then could not be closed."""
        await self.core.settle()
        for pihole in self.piholes:
            pihole.sim.lost_sessions = len(pihole.sim.sessions)

    async def poll(self, pihole: WatchedPihole) -> None:
        await pihole.coordinator.async_refresh()
        await self.settle()

    async def call(self, service: str, **data: object) -> object:
        return await self.hass.services.async_call(
            DOMAIN, service, data, blocking=True, return_response=True
        )

    async def expect[T](
        self, work: Awaitable[T], *piholes: WatchedPihole, may_fail: bool = False
    ) -> T | None:
        """Do what has to succeed when these Pi-holes are well; any error has a sentence of ours."""
        well = not any(item.trouble or item.has_wrong_password for item in piholes)
        try:
            return await work
        except HomeAssistantError as error:
            self.figures["refused or failed"] += 1
            if error.translation_domain != DOMAIN:
                self.say(f"an error that is not ours: {error!r}")
            elif well and not may_fail and not self.is_crowded:
                self.say(f"{', '.join(item.name for item in piholes)} well, but: {error}")
        return None

    async def look_around_after_a_break(self) -> None:
        """Take what lies there as given: nothing was reported of what a stop broke off."""
        for pihole in self.piholes:
            now = {item.id for item in pihole.records}
            self.figures["stored in the moment of a stop"] += len(now - pihole.stored)
            self.figures["deleted in the moment of a stop"] += len(pihole.stored - now)
            for backup_id in (pihole.stored & pihole.pinned) - pihole.may_go - now:
                self.say(f"{pihole.name}: {backup_id} is gone, although it is pinned")
            pihole.stored = now
            pihole.ever |= now
            pihole.pruned = False
            pihole.last_failure = None
            if pihole.has_issue(*UNFINISHED):
                self.figures["restores that a stop broke off"] += 1
                await pihole.coordinator.manager.async_forget_unfinished_restore()

    async def add(self, pihole: WatchedPihole) -> None:
        """Add a Pi-hole as a user does, and choose its options."""
        flow = Flow(self.hass)
        await flow.begin()
        await flow.enter_address(pihole.sim.url)
        if pihole.password:
            await flow.enter(password=pihole.password)
        pihole.entry_id = flow.result["result"].entry_id
        pihole.checked_until = pihole.well_since = datetime.now(UTC)
        options = {name: dict(values) for name, values in pihole.options.items()}
        self.hass.config_entries.async_update_entry(pihole.entry, options=options)
        enable_as_before(self.hass, pihole.entry)
        await self.hass.config_entries.async_reload(pihole.entry_id)
        await self.settle()

    async def trouble(self) -> None:
        for pihole in self.piholes:
            if pihole.trouble:
                if datetime.now(UTC) >= pihole.trouble_until:
                    await self.heal(pihole)
            elif self.rng.random() < 1 / 40:
                trouble = self.rng.choice(_TROUBLES)
                minutes = self.rng.choice((1, 10, 45, 200, 600))
                self.figures["troubles"] += 1
                await _ail(pihole, trouble, self.time, self.rng)
                pihole.trouble = trouble
                pihole.trouble_until = datetime.now(UTC) + timedelta(minutes=minutes)

    async def heal(self, pihole: WatchedPihole) -> None:
        """Let one be well again: where its password was changed, the user enters the new one."""
        trouble, pihole.trouble = pihole.trouble, ""
        pihole.sim.faults.clear()
        if trouble:
            pihole.well_since = datetime.now(UTC)
        if trouble == "away":
            await pihole.sim.start()
        if trouble == "wrong password" and pihole.has_wrong_password:
            await self.expect(pihole.home.press(), pihole, may_fail=True)
            await self.settle()
            flows = self.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
            if [item["context"].get("entry_id") for item in flows].count(pihole.entry_id) != 1:
                self.say(f"{pihole.name}: nobody asked for the new password")
        await self.enter_password(pihole)

    async def enter_password(self, pihole: WatchedPihole) -> None:
        for asked in self.hass.config_entries.flow.async_progress_by_handler(DOMAIN):
            if asked["context"].get("entry_id") != pihole.entry_id:
                continue
            if asked["context"]["source"] != SOURCE_REAUTH:
                self.say(f"{pihole.name}: a flow that nobody began: {asked['context']}")
            if not pihole.has_wrong_password:
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
        for pihole in self.piholes:
            await self.heal(pihole)
        await self.settle()
