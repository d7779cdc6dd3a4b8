"""How much is different on a Pi-hole from another one, as a sensor."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
import threading
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.pihole_checkpoint.const import DOMAIN, SCAN_INTERVAL
from custom_components.pihole_checkpoint.engine.aio import in_thread
from custom_components.pihole_checkpoint.engine.restore import drift
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents
from custom_components.pihole_checkpoint.manager import drift as manager_drift
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from pihole_simulator import Lease, Simulator
from tests.support.bad_sector import make_unreadable
from tests.support.flows import Options
from tests.support.home import AddPihole, Home
from tests.support.page import Page

DIFFERENT: Final = (
    *("dns.CNAMEdeepInspect", "dns.blockESNI", "dns.EDNS0ECS", "dns.showDNSSEC", "dns.bogusPriv"),
    *("dns.queryLogging", "dns.localise", "dns.domain.local", "dns.blocking.active"),
    *("dns.specialDomains.mozillaCanary", "dns.specialDomains.iCloudPrivateRelay"),
)


@dataclass(kw_only=True)
class Two:
    """Two Pi-holes that are alike."""

    kitchen: Home
    attic: Home
    sim: Simulator
    other: Simulator

    async def enable(self, home: Home) -> None:
        """Enable the sensor of a Pi-hole."""
        registry = er.async_get(home.hass)
        entry = registry.async_get(home.entity_id("differences"))
        assert entry is not None
        assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        registry.async_update_entity(entry.entity_id, disabled_by=None)
        await home.reload()
        await self.settle()

    async def settle(self) -> None:
        await self.kitchen.hass.async_block_till_done(wait_background_tasks=True)

    async def back_up(self, home: Home) -> None:
        await home.press()
        await self.settle()


@pytest.fixture
async def two(home: Home, sim: Simulator, add_pihole: AddPihole) -> AsyncIterator[Two]:
    async with Simulator(password="") as other:
        for each in (sim, other):
            each.auth.login_attempts_per_second = 1000
        attic = await add_pihole(other.url, password="", folder="attic", title="Attic")
        yield Two(kitchen=home, attic=attic, sim=sim, other=other)


def shown(state: State) -> tuple[str, object, object]:
    return state.state, state.attributes.get("compared_with"), state.attributes.get("summary")


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each time that two contents are compared, and that it is not in the event loop."""
    found: list[str] = []

    def noted(one: Contents, other: Contents) -> drift.Differences:
        found.append(threading.current_thread().name)
        return drift.find_differences(one, other)

    monkeypatch.setattr(manager_drift, "find_differences", noted)
    return found


async def test_a_pihole_says_how_much_is_different_on_it_and_what(two: Two) -> None:
    await two.enable(two.attic)

    def sensor() -> State:
        return two.attic.state("differences")

    assert sensor().state == STATE_UNKNOWN, "there is no backup yet"
    await two.back_up(two.kitchen)
    assert sensor().state == STATE_UNKNOWN, "there is none of this one yet"
    two.other.pihole.leases = [Lease(mac="00:11:22:33:44:66", ip="192.168.1.78")]
    two.other.pihole.settings["webserver.domain"] = "attic.lan"
    await two.back_up(two.attic)
    assert shown(sensor()) == ("0", "Kitchen", []), "what belongs to one machine is left out"

    two.other.pihole.hosts = [*two.other.pihole.hosts, "192.168.178.9 printer"]
    two.other.pihole.settings["dns.blockTTL"] = 60
    logins = two.sim.logins
    await two.back_up(two.attic)
    assert shown(sensor()) == (
        "2",
        "Kitchen",
        ["1 DNS host added: 192.168.178.9 printer.", "dns.blockTTL changed from 2 to 60."],
    )
    assert two.sim.logins == logins, "its backup was read, and it was not asked"

    two.sim.pihole.hosts = two.other.pihole.hosts
    await two.back_up(two.kitchen)
    assert sensor().state == "1", "it also changes with the backups of the other one"


async def test_two_backups_are_compared_once_and_in_a_thread(
    two: Two, comparisons: list[str]
) -> None:
    await two.enable(two.attic)
    two.other.pihole.settings["dns.blockTTL"] = 60
    await two.back_up(two.kitchen)
    await two.back_up(two.attic)
    assert two.attic.state("differences").state == "1"
    assert len(comparisons) == 1
    assert "MainThread" not in comparisons

    for home in (two.kitchen, two.attic):
        await home.poll()
        await two.settle()
    await two.attic.reload()
    await two.settle()
    assert two.attic.state("differences").state == "1"
    assert len(comparisons) == 1


async def test_what_cannot_be_read_for_a_moment_is_compared_later(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two.enable(two.attic)
    two.other.pihole.settings["dns.blockTTL"] = 60
    await two.back_up(two.kitchen)
    [archive] = two.kitchen.archives
    with monkeypatch.context() as patch:
        make_unreadable(patch, archive)
        await two.back_up(two.attic)
        assert two.attic.state("differences").state == STATE_UNKNOWN
    async_fire_time_changed(two.attic.hass, dt_util.utcnow() + SCAN_INTERVAL * 1.1)
    await two.settle()
    assert two.attic.state("differences").state == "1"


async def test_a_backup_that_is_made_during_a_comparison_is_compared_after_it(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two.enable(two.attic)
    await two.back_up(two.kitchen)
    begun, go_on = threading.Event(), threading.Event()

    def slow(one: Contents, other: Contents) -> drift.Differences:
        begun.set()
        go_on.wait(30)
        return drift.find_differences(one, other)

    monkeypatch.setattr(manager_drift, "find_differences", slow)
    seen: list[str] = []
    async_track_state_change_event(
        two.attic.hass,
        two.attic.entity_id("differences"),
        lambda event: seen.append(str(event.data["new_state"] and event.data["new_state"].state)),
    )
    for ttl, domains in ((60, 0), (60, 1)):
        two.other.pihole.settings["dns.blockTTL"] = ttl
        for number in range(domains):
            two.other.pihole.add_domain(f"d{number}.example.net")
        await two.attic.press()
        await in_thread(begun.wait, 30)
    go_on.set()
    await two.settle()
    assert two.attic.state("differences").state == "2"
    assert seen == ["2"], "what was found about the backup before is out of date"


async def test_the_card_gets_its_answer_although_a_pihole_is_unloaded_meanwhile(
    two: Two, monkeypatch: pytest.MonkeyPatch, hass_ws_client: WebSocketGenerator
) -> None:
    for home in (two.kitchen, two.attic):
        two.other.pihole.settings["dns.blockTTL"] = 60
        await two.back_up(home)
    begun, go_on = threading.Event(), threading.Event()

    def slow(one: Contents, other: Contents) -> drift.Differences:
        begun.set()
        go_on.wait(30)
        return drift.find_differences(one, other)

    monkeypatch.setattr(manager_drift, "find_differences", slow)
    page = Page(await hass_ws_client(two.attic.hass))
    answer = asyncio.create_task(page.result(f"{DOMAIN}/differences"))
    await in_thread(begun.wait, 30)
    await two.attic.hass.config_entries.async_unload(two.attic.entry.entry_id)
    go_on.set()

    assert [each["differences"] for each in (await answer)["piholes"]] == [0, 1]


async def test_while_the_other_pihole_is_not_there_nothing_is_known(two: Two) -> None:
    await two.enable(two.attic)
    await two.back_up(two.kitchen)
    await two.back_up(two.attic)
    entries, entry_id = two.kitchen.hass.config_entries, two.kitchen.entry.entry_id
    assert two.attic.state("differences").state == "0"

    await entries.async_unload(entry_id)
    await two.settle()
    assert shown(two.attic.state("differences")) == (STATE_UNKNOWN, None, None)
    await entries.async_setup(entry_id)
    await two.settle()
    assert two.attic.state("differences").state == "0"
    entries.async_update_entry(two.kitchen.entry, title="Cellar")
    await two.settle()
    assert shown(two.attic.state("differences")) == ("0", "Cellar", [])
    await entries.async_remove(entry_id)
    await two.settle()
    assert two.attic.state("differences").state == STATE_UNKNOWN


async def test_at_most_ten_lines_say_what_is_different_and_none_is_recorded(two: Two) -> None:
    await two.enable(two.attic)
    for setting in DIFFERENT:
        two.other.pihole.settings[setting] = False
    two.other.pihole.hosts = []
    await two.back_up(two.kitchen)
    await two.back_up(two.attic)

    state = two.attic.state("differences")
    assert int(state.state) == len(DIFFERENT) + 2, "two hosts are gone"
    assert len(state.attributes["summary"]) == 10
    assert state.state_info is not None
    assert "summary" in state.state_info["unrecorded_attributes"]


async def test_which_pihole_is_compared_with_can_be_chosen(two: Two, add_pihole: AddPihole) -> None:
    async with Simulator(password="") as third:
        third.pihole.settings["dns.blockTTL"] = 60
        cellar = await add_pihole(third.url, password="", folder="cellar", title="Cellar")
        await two.enable(two.attic)
        for home in (two.kitchen, two.attic, cellar):
            await two.back_up(home)
        assert shown(two.attic.state("differences"))[:2] == ("0", "Kitchen")

        flows = two.attic.hass.config_entries.options
        await choose(two.attic.hass, two.attic, {"compare_with": cellar.entry.entry_id})
        await two.settle()
        assert shown(two.attic.state("differences"))[:2] == ("1", "Cellar")
        await choose(two.attic.hass, two.attic, {})
        await two.settle()
        assert shown(two.attic.state("differences"))[:2] == ("0", "Kitchen")
        await choose(two.attic.hass, two.attic, {"compare_with": cellar.entry.entry_id})
        await two.attic.hass.config_entries.async_remove(cellar.entry.entry_id)
        await two.settle()
        assert shown(two.attic.state("differences"))[:2] == ("0", "Kitchen")
        assert not flows.async_progress()


async def choose(hass: HomeAssistant, home: Home, values: dict[str, str]) -> None:
    flows = hass.config_entries.options
    step: Any = await flows.async_init(home.entry.entry_id)
    assert "compare" in step["menu_options"]
    step = await flows.async_configure(step["flow_id"], {"next_step_id": "compare"})
    step = await flows.async_configure(step["flow_id"], values)
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_a_chosen_pihole_that_is_gone_is_not_in_the_form_any_more(
    two: Two, add_pihole: AddPihole
) -> None:
    cellar = await add_pihole("http://127.0.0.1:9", folder="cellar", title="Cellar")
    await choose(two.attic.hass, two.attic, {"compare_with": cellar.entry.entry_id})
    await two.attic.hass.config_entries.async_remove(cellar.entry.entry_id)
    page = Options(two.attic)
    await page.open("compare")
    assert page.suggested == {}


async def test_with_one_pihole_there_is_nothing_to_choose(home: Home) -> None:
    flows = home.hass.config_entries.options
    step: Any = await flows.async_init(home.entry.entry_id)
    assert "compare" not in step["menu_options"]
