"""The same as a user of Home Assistant meets it: a button, a few states, a sentence."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import aiohttp
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.pihole_checkpoint.const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import aiohttp_client
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pihole_simulator import Lease, Pihole, Simulator, configuration_of
from scripts.soaking.engine import Engine
from tests.support.home import Home
from tests.support.kitchen import mess_up
from tests.support.piholes import become

from . import network_backups, network_restores
from .finding import Finding
from .network_scene import APP_PASSWORD, SENTENCES, Scene, time_flies
from .proxy import Proxy
from .strike import Strike, make_plan

_FAR_OFF: Final = 4_000_000_000
_ALL: Final = ("settings", "dhcp_leases", "groups", "lists", "domains", "clients")


class _Resolver(aiohttp.ThreadedResolver):
    """Looks for no names of the local network, for which Home Assistant would listen on it."""

    async def real_close(self) -> None:
        """Be closed with Home Assistant."""
        await self.close()


@asynccontextmanager
async def _at_home() -> AsyncIterator[tuple[Home, Scene]]:
    with TemporaryDirectory() as config, time_flies(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(aiohttp_client, "_async_make_resolver", lambda _hass: _Resolver())
        async with (
            Simulator(password="main", app_password=APP_PASSWORD) as sim,  # noqa: S106 - it opens nothing
            Proxy(sim.port) as proxy,
            async_test_home_assistant(config_dir=config) as hass,
        ):
            sim.auth.login_attempts_per_second = 1_000_000
            sim.pihole.settings["webserver.api.app_sudo"] = True
            hass.data.pop(DATA_CUSTOM_COMPONENTS)  # it says that there are none
            entry = MockConfigEntry(
                domain=DOMAIN,
                title="Kitchen",
                data={
                    CONF_URL: proxy.url,
                    CONF_VERIFY_SSL: True,
                    CONF_PASSWORD: APP_PASSWORD,
                    CONF_FOLDER: "kitchen",
                    CONF_VERSIONS: {"core": None, "web": None, "ftl": None},
                },
            )
            entry.add_to_hass(hass)
            try:
                if not await hass.config_entries.async_setup(entry.entry_id):
                    raise ValueError("the integration was not set up")
                await hass.async_block_till_done()
                manager = entry.runtime_data.manager
                engine = Engine(manager.pihole.client, manager.repository)
                home = Home(hass=hass, entry=entry)
                yield (
                    home,
                    Scene(
                        sim=sim,
                        proxy=proxy,
                        client=engine.client,
                        engine=engine,
                        folder=Path(home.store),
                    ),
                )
            finally:
                await hass.async_stop(force=True)


type _Try = Callable[[Home, Scene, Sequence[Strike]], Coroutine[object, object, list[str]]]


async def _run(
    what: str, seed: int, count: int, places: network_backups.Places, try_one: _Try
) -> Finding:
    failures: list[str] = []
    tally = Counter[str]()
    async with _at_home() as (home, scene):
        scene.tally = tally
        for number in range(count):
            plan = make_plan(Random(f"home {what} {seed} {number}"), places)  # noqa: S311 - a trial
            try:
                complaints = await try_one(home, scene, plan)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                complaints = [f"{type(error).__name__}: {error}"]
            told = "; ".join(map(str, plan))
            failures += [f"seed {seed}, plan {number} ({told}): {it}" for it in complaints]
            await scene.tidy()
            await home.poll()
    return Finding(
        trial="network",
        what=f"{what} in Home Assistant with faults",
        tried=count,
        failures=tuple(failures),
        detail=", ".join(f"{what}: {many}" for what, many in sorted(tally.items())),
    )


async def try_buttons(seed: int, count: int) -> Finding:
    """Press the button, and look at what the states say."""
    return await _run("backups", seed, count, network_backups.PLACES, _press)


async def try_actions(seed: int, count: int) -> Finding:
    """Call the action that restores, and the one that takes it back."""
    return await _run("restores", seed, count, network_restores.PLACES, _restore)


async def _press(home: Home, scene: Scene, plan: Sequence[Strike]) -> list[str]:
    scene.proxy.expect(plan)
    before = home.count, home.last_backup, scene.files()
    complaints = []
    try:
        await home.press()
    except HomeAssistantError as error:
        scene.tally[str(error.translation_key)] += 1
        complaints += _not_fitting(error, str(error.translation_key), scene)
        attempt = home.state("last_attempt")
        if attempt.state != "failed" or attempt.attributes["message"] != str(error):
            complaints.append(f"the state says {attempt.state}: {attempt.attributes['message']}")
        if (home.count, home.last_backup, scene.files()) != before:
            complaints.append("something is there all the same")
    else:
        scene.tally["backed up"] += 1
        if home.state("last_attempt").state != "completed" or home.count != before[0] + 1:
            complaints.append("the states do not say so")
        if scene.stored(scene.engine.records[0]) not in scene.proxy.archives:
            complaints.append("what is stored is not what was sent")
    complaints += scene.left_open()
    scene.sim.auth.end_all_sessions()
    scene.proxy.expect(())
    count = home.count
    await home.press()
    if home.state("last_attempt").state != "completed" or home.count != count + 1:
        complaints.append("the next backup did not show")
    return complaints


def _not_fitting(error: HomeAssistantError, reason: str, scene: Scene) -> list[str]:
    fitting = frozenset[str]().union(*(it.fitting for it in scene.proxy.struck))
    complaints = []
    if reason not in fitting:
        complaints.append(f"{reason} is told of what is one of {sorted(fitting)}")
    return complaints + _no_sentence(error)


def _no_sentence(error: HomeAssistantError) -> list[str]:
    if error.translation_key not in SENTENCES or "{" in str(error) or " " not in str(error):
        return [f"there is no sentence: {error}"]
    return []


async def _restore(home: Home, scene: Scene, plan: Sequence[Strike]) -> list[str]:
    pihole = scene.sim.pihole
    become(scene.sim, Pihole.example())
    pihole.settings["webserver.api.app_sudo"] = True
    pihole.leases = [Lease(mac="00:11:22:33:44:66", ip="192.168.1.77", expires=_FAR_OFF)]
    wanted = configuration_of(pihole, counts=False)
    await home.press()
    backup_id = scene.engine.records[0].id
    mess_up(pihole)
    before = configuration_of(pihole, counts=False)
    entry_id = home.entry.entry_id
    scene.proxy.expect(plan)
    complaints = []
    can_be_undone = True
    try:
        answer = await home.call(
            "restore", config_entry_id=entry_id, backup_id=backup_id, include=list(_ALL)
        )
    except HomeAssistantError as error:
        scene.tally[str(error.translation_key)] += 1
        complaints += _no_sentence(error)
        can_be_undone = "Undo restore" in str(error)
        if "nothing on the Pi-hole was changed" in str(error) and (
            configuration_of(pihole, counts=False) != before
        ):
            complaints.append("something was changed")
    else:
        scene.tally["restored"] += 1
        if not answer["proven"] or configuration_of(pihole, counts=False) != wanted:
            complaints.append("it is not restored")
    complaints += scene.left_open()
    scene.sim.auth.end_all_sessions()
    scene.proxy.expect(())
    await network_restores.wait_until_back(scene)
    if can_be_undone:
        await home.call("undo_restore", config_entry_id=entry_id)
        if configuration_of(pihole, counts=False) != before:
            complaints.append("it was not taken back")
    if home.state("activity").state != "idle":
        complaints.append("something goes on")
    return complaints
