"""Backups and restores in Home Assistant over a network on which anything may go wrong."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
import json
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.pihole_checkpoint.const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from custom_components.pihole_checkpoint.engine.errors import RestoreFailed, RestoreNotBegun
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from custom_components.pihole_checkpoint.engine.restore.plan import Way
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.exceptions import HomeAssistantError
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pihole_simulator import Lease, Pihole, Simulator, configuration_of
from tests.support.home import Home, enable_as_before
from tests.support.kitchen import mess_up, undated
from tests.support.piholes import become

from . import hooks
from .deeds import ALL_PARTS, Backups
from .oracle import Finding, Folder, fits, is_true, outcome_of, sentence
from .proxy import Proxy
from .strikes import Places, Strike, make_plan
from .world import PASSWORD, until_back

_DEADLINE: Final = 4.0
_CLOSING_SECONDS: Final = 2.0
BACKUPS: Final[Places] = (
    ("probe", 1),
    *(("login", 1), ("login", 1), ("login", 2)),
    *(("export", 1), ("export", 1), ("export", 1)),
    ("version", 1),
    *(("logout", 1), ("logout", 2)),
)
RESTORES: Final[Places] = (
    ("login", 1),
    *(("export", 3), ("export", 3)),
    ("sessions", 2),
    *(("import", 1), ("import", 1), ("import", 1), ("import", 1)),
    ("probe", 8),
    ("gravity", 1),
    ("logout", 1),
)
LIVE_RESTORES: Final[Places] = (
    ("login", 1),
    *(("export", 3), ("export", 3)),
    *(("sessions", 2), ("settings", 1)),
    *(("change of an item", 9), ("change of an item", 9), ("change of an item", 9)),
    *(("deletion of items", 3), ("deletion of items", 3)),
    *(("change of settings", 1), ("change of settings", 1)),
    ("gravity", 1),
    ("logout", 1),
)
_TO_NO_HARM: Final = {"version", "logout", "probe"}
"""Places that a backup does not need."""
_FAR_OFF: Final = 4_000_000_000


@dataclass(kw_only=True, slots=True)
class Scene:
    """Home Assistant, and a simulated Pi-hole behind a network with faults."""

    home: Home
    sim: Simulator
    proxy: Proxy
    client: Backups
    """To look whether the Pi-hole answers; it stores nothing."""
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def held(self) -> Mapping[str, object]:
        return undated({**configuration_of(self.sim.pihole, counts=False)})

    @property
    def shown(self) -> tuple[int, str | None, Folder]:
        """What users see of the backups, and what is in the folder."""
        return self.home.count, self.home.last_backup, Folder.read(self.home.folder)

    async def start_over(self) -> None:
        """Set the Pi-hole up as at first, without backups, and let nothing go wrong."""
        for path in self.home.folder.iterdir():
            if path.suffix in (".zip", ".json"):
                path.unlink()
        await self.home.poll()
        become(self.sim, Pihole.example())
        self.sim.pihole.settings["webserver.api.app_sudo"] = True
        lease = Lease(mac="00:11:22:33:44:66", ip="192.168.1.77", expires=_FAR_OFF)
        self.sim.pihole.leases = [lease]
        await self.be_well()

    async def be_well(self) -> None:
        self.proxy.expect(())
        self.sim.auth.end_all_sessions()
        self.sim.requests.clear()
        await until_back(self.client)

    def fitting(self, harmless: Collection[str] = ()) -> frozenset[str]:
        """Return the keys of all sentences that are true of what happened."""
        struck = [item for item in self.proxy.struck if item.place not in harmless]
        return frozenset[str]().union(*(item.fitting for item in struck))

    async def left_open(self) -> list[str]:
        """Count the open sessions, and complain of those that could have been closed.

        A logout that a restart interrupts goes on in the background, and is waited for.

        When the answer to a login does not arrive, nobody can close what it opened; nor can
        a client whose request to close it is lost.
        """
        self.tally["not struck"] += not self.proxy.struck
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_SECONDS):
                while self.sim.sessions:  # noqa: ASYNC110 - a Pi-hole does not tell
                    await asyncio.sleep(0.02)
        if not (left := len(self.sim.sessions)):
            return []
        for place in ("login", "logout"):
            struck = [item.lasting for item in self.proxy.struck if item.place == place]
            if struck:
                often = "again and again" if any(struck) else "once"
                self.tally[f"sessions left by a {place} struck {often}"] += left
                return []
        return [f"{left} sessions are open"]

    def not_as_sent(self, before: Folder, stored: Collection[str] = ()) -> list[str]:
        """Return what is wrong unless one backup, or those named, were added as they were sent."""
        found = Folder.read(self.home.folder)
        wrong = found.complaints()
        new = found.archives.keys() - before.archives.keys()
        if new != set(stored) if stored else len(new) != 1:
            wrong.append(f"there are other files than a backup and its record: {sorted(new)}")
        if not {found.archives[name] for name in new} <= set(self.proxy.archives):
            wrong.append("what is stored is not what was sent")
        return wrong


@asynccontextmanager
async def _scene() -> AsyncIterator[Scene]:
    """Have Home Assistant, and a Pi-hole behind the faults."""
    with TemporaryDirectory() as config, hooks.short_times(), hooks.home_assistant_offline():
        async with (
            Simulator(password=PASSWORD[::-1], app_password=PASSWORD) as sim,
            Proxy(sim.port) as proxy,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
            async_test_home_assistant(config_dir=config) as hass,
        ):
            sim.auth.login_attempts_per_second = 1_000_000
            hass.data.pop(DATA_CUSTOM_COMPONENTS)  # it lists no custom integration
            entry = MockConfigEntry(
                domain=DOMAIN,
                title="Kitchen",
                data={
                    CONF_URL: proxy.url,
                    CONF_VERIFY_SSL: True,
                    CONF_PASSWORD: PASSWORD,
                    CONF_FOLDER: "kitchen",
                    CONF_VERSIONS: {"core": None, "web": None, "ftl": None},
                },
                options={"backup": {"deadline": _DEADLINE}},
            )
            entry.add_to_hass(hass)
            enable_as_before(hass, entry)
            try:
                assert await hass.config_entries.async_setup(entry.entry_id)
                await hass.async_block_till_done()
                home = Home(hass=hass, entry=entry)
                client = Backups(http, proxy.url, PASSWORD, home.folder)
                yield Scene(home=home, sim=sim, proxy=proxy, client=client)
            finally:
                await hass.config_entries.async_unload(entry.entry_id)
                await hass.async_stop(force=True)


type _Attempt = Callable[[Scene, Sequence[Strike]], Awaitable[list[str]]]


async def _tried(what: str, seed: int, count: int, attempt: _Attempt, places: Places) -> Finding:
    """Make so many attempts, each with other faults on the way."""
    finding = Finding(what)
    async with _scene() as scene:
        for number in range(count):
            plan = make_plan(Random(f"{what} {seed} {number}"), places)  # noqa: S311 - a trial
            await scene.start_over()
            try:
                wrong = await attempt(scene, plan)
            except Exception as error:  # noqa: BLE001 - any error is a finding
                wrong = [f"{type(error).__name__}: {error}"]
            struck = "; ".join(map(str, plan))
            finding.note(f"seed {seed}, plan {number} ({struck})", wrong)
    finding.detail = ", ".join(f"{item}: {many}" for item, many in sorted(scene.tally.items()))
    return finding


# What is tried ------------------------------------------------------------------------------------


async def _back_up(scene: Scene, plan: Sequence[Strike]) -> list[str]:
    """Press the button, and look at what the states say."""
    home, before = scene.home, scene.shown
    scene.proxy.expect(plan)
    wrong: list[str] = []
    try:
        await scene.client.probe()
    except CheckpointError as error:
        wrong += sentence(error) + fits(error.key, scene.fitting())
    try:
        await home.press()
    except HomeAssistantError as error:
        key = str(error.translation_key)
        scene.tally[key] += 1
        wrong += fits(key, scene.fitting(_TO_NO_HARM)) + _not_whole(error)
        attempt = home.state("last_attempt")
        if attempt.state != "failed" or attempt.attributes["message"] != str(error):
            wrong.append(f"the state says {attempt.state}: {attempt.attributes['message']}")
        if scene.shown != before:
            wrong.append("something was left in the folder")
    else:
        scene.tally["backed up"] += 1
        wrong += _not_backed_up(scene, before)
    wrong += await scene.left_open()
    await scene.be_well()
    before = scene.shown
    try:
        await home.press()
    except HomeAssistantError as error:
        wrong.append(f"the next backup failed: {error}")
    else:
        wrong += _not_backed_up(scene, before)
    if scene.sim.sessions:
        wrong.append("the next backup left a session")
    return wrong


def _not_backed_up(scene: Scene, before: tuple[int, str | None, Folder]) -> list[str]:
    count, _, folder = before
    wrong = scene.not_as_sent(folder)
    if scene.home.state("last_attempt").state != "completed" or scene.home.count != count + 1:
        wrong.append("the states do not say that it was backed up")
    return wrong


def _not_whole(error: HomeAssistantError) -> list[str]:
    """Return what is wrong with an error's sentence."""
    cause = error.__cause__
    if not isinstance(cause, CheckpointError) or "{" in str(error) or " " not in str(error):
        return [f"there is no sentence: {error!r}"]
    return sentence(cause)


async def _restore(scene: Scene, plan: Sequence[Strike], *, way: Way) -> list[str]:
    """Call the action that restores, and then the one that undoes it, or that restores again."""
    home, wanted = scene.home, scene.held
    [record] = await home.back_up()
    mess_up(scene.sim.pihole)
    before, files = scene.held, Folder.read(home.folder)
    scene.proxy.expect(plan)
    safety = ""
    can_be_undone = True
    try:
        answer = await _call_restore(home, record["id"], way=way)
    except HomeAssistantError as error:
        can_be_undone = "Undo restore" in str(error)
        wrong = _not_whole(error)
        if isinstance(error.__cause__, CheckpointError):
            safety = error.__cause__.placeholders.get("safety", "")
            wrong += _about_error(scene, error.__cause__, before=before, wanted=wanted)
        if "nothing on the Pi-hole was changed" in str(error) and scene.held != before:
            wrong.append("something was changed")
    else:
        scene.tally["restored"] += 1
        wrong = [] if answer["proven"] else [f"not verified: {answer['remarks']}"]
        if answer["proven"] and scene.held != wanted:
            wrong.append("said to be restored, but is not")
        safety = answer["safety_backup"]["filename"]
    if safety:
        wrong += scene.not_as_sent(files, {safety, *_made_by(home, "after_restore")})
    elif Folder.read(home.folder) != files:
        # Right before the first change the Pi-hole is read again, after the safety backup.
        wrong += scene.not_as_sent(files, _made_by(home, "before_restore"))
    wrong += await scene.left_open()
    # Undo it, or do what could not begin: now that all is well it works.
    await scene.be_well()
    wrong += await _undo_or_restore(scene, safety, record["id"], undoes=can_be_undone)
    if scene.held != (before if safety else wanted):
        wrong.append("the next restore did not bring back what it should")
    if home.state("activity").state != "idle":
        wrong.append("something goes on")
    return wrong


def _made_by(home: Home, trigger: str) -> set[str]:
    """Return the names of the backups with this trigger."""
    records = Folder.read(home.folder).records
    return {name for name, text in records.items() if json.loads(text)["trigger"] == trigger}


async def _call_restore(home: Home, backup_id: object, way: Way | None = None) -> dict[str, Any]:
    data = {} if way is None else {"way": way}
    return await home.call(
        "restore",
        config_entry_id=home.entry.entry_id,
        backup_id=backup_id,
        include=sorted(ALL_PARTS),
        **data,
    )


def _about_error(
    scene: Scene,
    error: CheckpointError,
    *,
    before: Mapping[str, object],
    wanted: Mapping[str, object],
) -> list[str]:
    name = outcome_of(error)
    scene.tally[name] += 1
    wrong: list[str] = []
    if isinstance(error, RestoreNotBegun):
        wrong += fits(error.placeholders["reason"], scene.fitting())
    if not is_true(error, scene.held, before=before, wanted=wanted):
        wrong.append(f"{name} is not true")
    if isinstance(error, RestoreFailed) is not bool(error.placeholders.get("safety")):
        wrong.append(f"{name} names a safety backup that there is not, or none")
    return wrong


async def _undo_or_restore(
    scene: Scene, safety: str, backup_id: object, *, undoes: bool
) -> list[str]:
    """Undo a restore without faults; where nothing says that this is possible, restore."""
    home = scene.home
    if safety:
        record = json.loads(Folder.read(home.folder).records[safety])
        if record["trigger"] != "before_restore":
            return [f"the safety backup was made by {record['trigger']}"]
        backup_id = record["id"]
    try:
        if safety and undoes:
            answer = await home.call("undo_restore", config_entry_id=home.entry.entry_id)
        else:
            answer = await _call_restore(home, backup_id)
    except HomeAssistantError as error:
        return [f"the next restore failed: {error}"]
    wrong = [] if answer["proven"] else ["the next restore is not verified"]
    return [*wrong, "the next restore left a session"] if scene.sim.sessions else wrong


# All of it ----------------------------------------------------------------------------------------


async def try_backups(seed: int, count: int) -> Finding:
    """Back up, and look each time at what is left."""
    return await _tried("backups with faults on the way", seed, count, _back_up, BACKUPS)


async def try_restores(seed: int, count: int) -> Finding:
    """Restore by imports, and look each time at what the Pi-hole holds."""
    restore = partial(_restore, way=Way.IMPORT)
    return await _tried("restores with faults on the way", seed, count, restore, RESTORES)


async def try_live_restores(seed: int, count: int) -> Finding:
    """Restore by single changes, and look each time at what the Pi-hole holds."""
    restore = partial(_restore, way=Way.LIVE)
    return await _tried("live restores with faults on the way", seed, count, restore, LIVE_RESTORES)


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Try fault plans, each with a random source of its own; `count` is the number of backups."""
    backups = 1100 if count is None else count
    restores = max(1, round(backups * 0.16))
    return [
        await try_backups(seed, backups),
        await try_restores(seed, restores),
        await try_live_restores(seed, restores),
    ]
