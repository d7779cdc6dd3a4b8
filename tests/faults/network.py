"""Backups and restores over a network on which anything may go wrong."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import aiohttp
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.pihole_checkpoint.const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from custom_components.pihole_checkpoint.engine.errors import RestoreFailed, RestoreNotBegun
from custom_components.pihole_checkpoint.engine.models import BackupRecord
from custom_components.pihole_checkpoint.engine.pihole.errors import CheckpointError
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.exceptions import HomeAssistantError
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pihole_simulator import Lease, Pihole, Simulator, configuration_of
from tests.support.home import Home
from tests.support.kitchen import mess_up
from tests.support.piholes import become

from . import hooks
from .deeds import ALL_PARTS, Backups
from .oracle import SENTENCES, Finding, Folder, fits, is_true, outcome_of, sentence
from .proxy import Proxy
from .strikes import Places, Strike, make_plan
from .world import PASSWORD, until_back

_DEADLINE: Final = 4.0
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
_TO_NO_HARM: Final = {"version", "logout", "probe"}
"""Places that a backup does not need."""
_FAR_OFF: Final = 4_000_000_000


@dataclass(kw_only=True, slots=True)
class Scene:
    """A simulated Pi-hole behind a network with faults, and the folder of its backups."""

    sim: Simulator
    proxy: Proxy
    backups: Backups
    folder: Path
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def held(self) -> Mapping[str, object]:
        return configuration_of(self.sim.pihole, counts=False)

    def start_over(self) -> None:
        """Set the Pi-hole up as at first, and let nothing go wrong."""
        become(self.sim, Pihole.example())
        self.sim.pihole.settings["webserver.api.app_sudo"] = True
        lease = Lease(mac="00:11:22:33:44:66", ip="192.168.1.77", expires=_FAR_OFF)
        self.sim.pihole.leases = [lease]
        self.be_well()

    def be_well(self) -> None:
        self.proxy.expect(())
        self.sim.auth.end_all_sessions()
        self.sim.requests.clear()

    def fitting(self, harmless: Collection[str] = ()) -> frozenset[str]:
        """Return the keys of all sentences that are true of what happened."""
        struck = [item for item in self.proxy.struck if item.place not in harmless]
        return frozenset[str]().union(*(item.fitting for item in struck))

    def left_open(self) -> list[str]:
        """Count the open sessions, and complain of those that could have been closed.

        When the answer to a login does not arrive, nobody can close what it opened; nor can
        a client whose request to close it is lost.
        """
        if not (left := len(self.sim.sessions)):
            return []
        for place in ("login", "logout"):
            struck = [item.lasting for item in self.proxy.struck if item.place == place]
            if struck:
                often = "again and again" if any(struck) else "once"
                self.tally[f"sessions left by a {place} struck {often}"] += left
                return []
        return [f"{left} sessions are open"]

    def not_as_sent(self, record: BackupRecord, before: Folder) -> list[str]:
        """Complain of a stored backup that is not what was sent, and of anything beside it."""
        found = Folder.read(self.folder)
        wrong = found.complaints()
        if found.archives.keys() - before.archives.keys() != {record.filename}:
            wrong.append("there are other files than an archive and its record")
        if record.sha256 not in self.proxy.archives:
            wrong.append("what is stored is not what was sent")
        return wrong


@asynccontextmanager
async def _scene() -> AsyncIterator[tuple[Scene, Scene]]:
    """Have the engine alone. What acts comes first, as in `_at_home`."""
    with TemporaryDirectory() as parent, hooks.short_times():
        async with (
            Simulator(password=PASSWORD[::-1], app_password=PASSWORD) as sim,
            Proxy(sim.port) as proxy,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        ):
            sim.auth.login_attempts_per_second = 1_000_000
            folder = Path(parent, DOMAIN, "kitchen")
            backups = Backups(http, proxy.url, PASSWORD, folder, deadline=_DEADLINE)
            folder.parent.mkdir()
            await backups.open(None)
            scene = Scene(sim=sim, proxy=proxy, backups=backups, folder=folder)
            yield scene, scene


@asynccontextmanager
async def _at_home() -> AsyncIterator[tuple[Home, Scene]]:
    """Have Home Assistant; what `scene.backups` stores is elsewhere, and it only looks."""
    async with _scene() as (scene, _):
        config = scene.folder.parents[1]
        with hooks.home_assistant_offline():
            async with async_test_home_assistant(config_dir=str(config)) as hass:
                hass.data.pop(DATA_CUSTOM_COMPONENTS)  # it lists no custom integration
                entry = MockConfigEntry(
                    domain=DOMAIN,
                    title="Kitchen",
                    data={
                        CONF_URL: scene.proxy.url,
                        CONF_VERIFY_SSL: True,
                        CONF_PASSWORD: PASSWORD,
                        CONF_FOLDER: "kitchen",
                        CONF_VERSIONS: {"core": None, "web": None, "ftl": None},
                    },
                    options={"backup": {"deadline": _DEADLINE}},
                )
                entry.add_to_hass(hass)
                try:
                    if not await hass.config_entries.async_setup(entry.entry_id):
                        raise ValueError("the integration was not set up")
                    await hass.async_block_till_done()
                    yield Home(hass=hass, entry=entry), scene
                finally:
                    await hass.async_stop(force=True)


type _Attempt[U] = Callable[[U, Scene, Sequence[Strike]], Awaitable[list[str]]]


async def _tried[U](
    what: str,
    seed: int,
    count: int,
    stage: AbstractAsyncContextManager[tuple[U, Scene]],
    attempt: _Attempt[U],
    places: Places,
) -> Finding:
    """Make so many attempts, each with other faults on the way."""
    failures: list[str] = []
    async with stage as (user, scene):
        for number in range(count):
            plan = make_plan(Random(f"{what} {seed} {number}"), places)  # noqa: S311 - a trial
            scene.start_over()
            try:
                wrong = await attempt(user, scene, plan)
            except Exception as error:  # noqa: BLE001 - any error is a finding
                wrong = [f"{type(error).__name__}: {error}"]
            struck = "; ".join(map(str, plan))
            failures += [f"seed {seed}, plan {number} ({struck}): {item}" for item in wrong]
            for path in scene.folder.iterdir():
                if path.suffix in (".zip", ".json"):
                    path.unlink()
            await (user.poll() if isinstance(user, Home) else scene.backups.look())
    return Finding(
        what=what,
        tried=count,
        failures=tuple(failures),
        detail=", ".join(f"{item}: {many}" for item, many in sorted(scene.tally.items())),
    )


# The engine alone ---------------------------------------------------------------------------------


async def _back_up(_: Scene, scene: Scene, plan: Sequence[Strike]) -> list[str]:
    before = Folder.read(scene.folder)
    scene.proxy.expect(plan)
    wrong: list[str] = []
    try:
        await scene.backups.probe()
    except CheckpointError as error:
        wrong += sentence(error) + fits(error.key, scene.fitting())
    try:
        record = await scene.backups.back_up()
    except CheckpointError as error:
        wrong += sentence(error) + fits(error.key, scene.fitting(_TO_NO_HARM))
        scene.tally[error.key] += 1
        if Folder.read(scene.folder) != before:
            wrong.append("something was left in the folder")
        if scene.backups.records:
            wrong.append("there is a record")
    else:
        scene.tally["backed up"] += 1
        wrong += scene.not_as_sent(record, before)
    wrong += scene.left_open()
    scene.tally["not struck"] += not scene.proxy.struck
    scene.be_well()
    await scene.backups.probe()
    before = Folder.read(scene.folder)
    try:
        wrong += scene.not_as_sent(await scene.backups.back_up(), before)
    except CheckpointError as error:
        wrong.append(f"the next backup failed: {error.key}")
    if scene.sim.sessions:
        wrong.append("the next backup left a session")
    return wrong


async def _restore(_: Scene, scene: Scene, plan: Sequence[Strike]) -> list[str]:
    wanted = scene.held
    backup = await scene.backups.back_up()
    mess_up(scene.sim.pihole)
    before, files = scene.held, Folder.read(scene.folder)
    scene.proxy.expect(plan)
    safety: list[BackupRecord] = []
    try:
        result = await scene.backups.restore(backup.id, safety.append)
    except CheckpointError as error:
        wrong = _about_error(scene, error, safety, before=before, wanted=wanted)
    else:
        scene.tally["restored"] += 1
        wrong = [] if result.proven else [f"not verified: {[item.key for item in result.remarks]}"]
        if result.proven and scene.held != wanted:
            wrong.append("said to be restored, but is not")
        if [result.safety] != safety:
            wrong.append("there is no safety backup")
    if safety:
        wrong += scene.not_as_sent(safety[0], files)
    elif Folder.read(scene.folder) != files:
        wrong.append("something was left in the folder")
    wrong += scene.left_open()
    scene.tally["not struck"] += not scene.proxy.struck
    # Undo it, or do what could not begin: now that all is well it works.
    scene.be_well()
    await until_back(scene.backups)
    now = before if safety else wanted
    return wrong + await _restore_without_faults(scene, (safety or [backup])[0], now)


def _about_error(
    scene: Scene,
    error: CheckpointError,
    safety: Sequence[BackupRecord],
    *,
    before: Mapping[str, object],
    wanted: Mapping[str, object],
) -> list[str]:
    name = outcome_of(error)
    scene.tally[name] += 1
    wrong = sentence(error)
    if isinstance(error, RestoreNotBegun):
        wrong += fits(error.placeholders["reason"], scene.fitting())
    if not is_true(error, scene.held, before=before, wanted=wanted):
        wrong.append(f"{name} is not true")
    names = [item.filename for item in safety]
    if isinstance(error, RestoreFailed) and [error.placeholders["safety"]] != names:
        wrong.append(f"{name} names a safety backup that there is not")
    return wrong


async def _restore_without_faults(
    scene: Scene, backup: BackupRecord, wanted: Mapping[str, object]
) -> list[str]:
    try:
        done = await scene.backups.restore(backup.id)
    except CheckpointError as error:
        return [f"the next restore failed: {outcome_of(error)}"]
    if not done.proven or scene.held != wanted:
        return ["the next restore did not bring back what it should"]
    return ["the next restore left a session"] if scene.sim.sessions else []


# As a user of Home Assistant meets it: a button, a few states, a sentence -------------------------


def _shown(error: HomeAssistantError) -> list[str]:
    if error.translation_key not in SENTENCES or "{" in str(error) or " " not in str(error):
        return [f"there is no sentence: {error}"]
    return []


async def _press(home: Home, scene: Scene, plan: Sequence[Strike]) -> list[str]:
    scene.proxy.expect(plan)
    before = home.count, home.last_backup, Folder.read(scene.folder)
    wrong: list[str] = []
    try:
        await home.press()
    except HomeAssistantError as error:
        scene.tally[str(error.translation_key)] += 1
        wrong += fits(str(error.translation_key), scene.fitting()) + _shown(error)
        attempt = home.state("last_attempt")
        if attempt.state != "failed" or attempt.attributes["message"] != str(error):
            wrong.append(f"the state says {attempt.state}: {attempt.attributes['message']}")
        if (home.count, home.last_backup, Folder.read(scene.folder)) != before:
            wrong.append("something is there all the same")
    else:
        scene.tally["backed up"] += 1
        if home.state("last_attempt").state != "completed" or home.count != before[0] + 1:
            wrong.append("the states do not say so")
        if not set(Folder.read(scene.folder).archives.values()) <= set(scene.proxy.archives):
            wrong.append("what is stored is not what was sent")
    wrong += scene.left_open()
    scene.be_well()
    count = home.count
    await home.press()
    if home.state("last_attempt").state != "completed" or home.count != count + 1:
        wrong.append("the next backup did not show")
    return wrong


async def _call(home: Home, scene: Scene, plan: Sequence[Strike]) -> list[str]:
    """Call the action that restores, and the one that undoes it."""
    wanted = scene.held
    [record] = await home.back_up()
    mess_up(scene.sim.pihole)
    before = scene.held
    one = {"config_entry_id": home.entry.entry_id}
    scene.proxy.expect(plan)
    wrong: list[str] = []
    can_be_undone = True
    try:
        answer = await home.call(
            "restore", **one, backup_id=record["id"], include=sorted(ALL_PARTS)
        )
    except HomeAssistantError as error:
        scene.tally[str(error.translation_key)] += 1
        wrong += _shown(error)
        can_be_undone = "Undo restore" in str(error)
        if "nothing on the Pi-hole was changed" in str(error) and scene.held != before:
            wrong.append("something was changed")
    else:
        scene.tally["restored"] += 1
        if not answer["proven"] or scene.held != wanted:
            wrong.append("it is not restored")
    wrong += scene.left_open()
    scene.be_well()
    await until_back(scene.backups)
    if can_be_undone:
        await home.call("undo_restore", **one)
        if scene.held != before:
            wrong.append("it was not undone")
    if home.state("activity").state != "idle":
        wrong.append("something goes on")
    return wrong


# All of it ----------------------------------------------------------------------------------------


async def try_backups(seed: int, count: int) -> Finding:
    """Back up, and look each time at what is left."""
    what = "backups with faults on the way"
    return await _tried(what, seed, count, _scene(), _back_up, BACKUPS)


async def try_restores(seed: int, count: int) -> Finding:
    """Restore, and look each time at what the Pi-hole holds."""
    what = "restores with faults on the way"
    return await _tried(what, seed, count, _scene(), _restore, RESTORES)


async def try_buttons(seed: int, count: int) -> Finding:
    """Press the button, and look at what the states say."""
    what = "backups in Home Assistant with faults"
    return await _tried(what, seed, count, _at_home(), _press, BACKUPS)


async def try_actions(seed: int, count: int) -> Finding:
    """Call the action that restores, and the one that undoes it."""
    what = "restores in Home Assistant with faults"
    return await _tried(what, seed, count, _at_home(), _call, RESTORES)


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Try fault plans, each with a random source of its own; `count` is the number of backups."""
    share = 1.0 if count is None else count / 1000
    return [
        await attempt(seed, max(1, round(number * share)))
        for attempt, number in (
            *((try_backups, 1000), (try_restores, 150)),
            *((try_buttons, 100), (try_actions, 30)),
        )
    ]
