"""A Pi-hole that has moved is followed when the user says so, and a stranger gets no password."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant.config_entries import (
    SOURCE_DHCP,
    SOURCE_RECONFIGURE,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import CONF_MAC, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pihole_simulator import Simulator, faults
from tests.support.flows import Flow
from tests.support.holding import held
from tests.support.home import AddPihole, Home
from tests.support.network import MAC, OTHER_MAC, Network, discover, sighting
from tests.support.passwords import APP_PASSWORD, PASSWORD
from tests.support.timings import hurry_restores

OLD, NEW, NEWER = "192.168.1.2", "192.168.1.7", "192.168.1.9"


@pytest.fixture
async def stranger(socket_enabled: None) -> AsyncIterator[Simulator]:
    """Have somebody in the network who pretends to be a Pi-hole, and takes any password."""
    async with Simulator(password=PASSWORD, app_password=APP_PASSWORD) as stranger:
        yield stranger


@pytest.fixture
async def home(network: Network, add_pihole: AddPihole, sim: Simulator) -> Home:
    network[f"{OLD}:80"] = sim
    return await add_pihole(f"http://{OLD}")


class Repairs:
    """What stands under Repairs, and the dialogs there."""

    def __init__(self, hass: HomeAssistant, hass_client: ClientSessionGenerator) -> None:
        self.hass = hass
        self._hass_client = hass_client

    def _issues(self) -> list[ir.IssueEntry]:
        found = ir.async_get(self.hass).issues.values()
        return [
            item
            for item in found
            if item.domain == DOMAIN and item.translation_key == "new_address"
        ]

    @property
    def open(self) -> list[tuple[str, str]]:
        """The old and the new address of each offer that the user sees."""
        return [
            (issue.translation_placeholders["old"], issue.translation_placeholders["new"])
            for issue in self._issues()
            if issue.active and issue.dismissed_version is None and issue.translation_placeholders
        ]

    async def dialog(self, new: str) -> Dialog:
        """Open the dialog of an offer."""
        [issue] = [item for item in self._issues() if (item.data or {}).get("new") == new]
        assert await async_setup_component(self.hass, "repairs", {})
        await self.hass.async_block_till_done()
        dialog = Dialog(await self._hass_client(), self.hass)
        await dialog.post("", {"handler": DOMAIN, "issue_id": issue.issue_id})
        return dialog

    async def choose(self, new: str, option: str) -> str:
        """Open the dialog of an offer and choose; return how it ends."""
        return await (await self.dialog(new)).choose(option)


class Dialog:
    """A dialog under Repairs, in the browser."""

    def __init__(self, browser: Any, hass: HomeAssistant) -> None:  # noqa: ANN401 - a TestClient
        self.shown: dict[str, Any] = {}
        self._browser = browser
        self._hass = hass

    async def post(self, path: str, body: dict[str, str]) -> None:
        response = await self._browser.post(f"/api/repairs/issues/fix{path}", json=body)
        assert response.status == 200, await response.text()
        self.shown = dict(await response.json())

    async def choose(self, option: str) -> str:
        assert self.shown["menu_options"] == ["confirm", "ignore"]
        await self.post(f"/{self.shown['flow_id']}", {"next_step_id": option})
        await self._hass.async_block_till_done()
        return str(self.shown.get("reason", self.shown["type"]))


@pytest.fixture
def repairs(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Repairs:
    return Repairs(hass, hass_client)


def got_a_password(sim: Simulator) -> bool:
    return any(request.is_login for request in sim.requests)


async def moved(flow: Flow, network: Network, new: str = NEW) -> None:
    """Give the Pi-hole another IP address, and have it seen there."""
    await discover(flow)
    network[f"{new}:80"] = network.pop(f"{OLD}:80")
    await discover(flow, new)


@pytest.mark.parametrize(
    ("seen", "stranger_mac", "is_offered"),
    [
        ([(OLD, MAC), (OLD, OTHER_MAC)], OTHER_MAC, False),
        ([(OLD, OTHER_MAC)], OTHER_MAC, True),
        ([(OLD, MAC)], MAC, True),
    ],
    ids=["its address", "its address, seen first", "its hardware address"],
)
async def test_a_stranger_who_has_what_the_pihole_had_gets_no_password(
    flow: Flow,
    network: Network,
    home: Home,
    repairs: Repairs,
    stranger: Simulator,
    seen: list[tuple[str, str]],
    stranger_mac: str,
    *,
    is_offered: bool,
) -> None:
    for ip, mac in seen:
        await discover(flow, ip, mac=mac)
    del network[f"{OLD}:80"]
    network[f"{NEW}:80"] = stranger

    await discover(flow, NEW, mac=stranger_mac)
    await home.poll()

    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert home.entry.data[CONF_MAC] == seen[0][1]
    assert bool(repairs.open) is is_offered
    await home.fail_to_back_up()
    assert not got_a_password(stranger)


async def test_a_stranger_with_the_name_of_the_pihole_gets_no_password(
    flow: Flow, network: Network, add_pihole: AddPihole, sim: Simulator, stranger: Simulator
) -> None:
    network["pihole:80"] = sim
    home = await add_pihole("http://pihole")
    await discover(flow, NEW, mac=OTHER_MAC)
    network.clear()
    network[f"{NEW}:80"] = stranger

    await discover(flow, NEW, mac=OTHER_MAC)

    assert home.entry.data[CONF_URL] == "http://pihole"
    await home.fail_to_back_up()
    assert not got_a_password(stranger)


async def test_a_pihole_that_has_moved_gets_the_password_after_the_user_has_confirmed_it(
    flow: Flow, network: Network, home: Home, repairs: Repairs, sim: Simulator
) -> None:
    await home.press()
    sim.requests.clear()

    await moved(flow, network)

    assert flow.ended == "already_configured"
    assert repairs.open == [(f"http://{OLD}", f"http://{NEW}")]
    dialog = await repairs.dialog(f"http://{NEW}")
    assert (dialog.shown["type"], dialog.shown["step_id"]) == ("menu", "init")
    assert dialog.shown["description_placeholders"] == {
        "name": "Kitchen",
        "old": f"http://{OLD}",
        "new": f"http://{NEW}",
    }
    assert not got_a_password(sim)
    assert home.entry.data[CONF_URL] == f"http://{OLD}"

    assert await dialog.choose("confirm") == "create_entry"

    assert home.entry.data[CONF_URL] == f"http://{NEW}"
    assert home.entry.state is ConfigEntryState.LOADED
    assert repairs.open == []
    await home.press()
    assert home.count == 2, "its backups stay"
    assert sim.sessions == []


async def test_a_pihole_that_answers_at_its_new_address_only_later_is_offered_then(
    flow: Flow, network: Network, home: Home, repairs: Repairs, sim: Simulator
) -> None:
    """A Pi-hole that starts has an address before it answers."""
    await discover(flow)
    network.clear()
    await discover(flow, NEW)
    await home.poll()
    assert repairs.open == []
    network[f"{NEW}:80"] = sim

    await home.poll()

    assert repairs.open == [(f"http://{OLD}", f"http://{NEW}")]


async def test_seen_again_there_is_still_one_offer(
    flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await moved(flow, network)

    for _ in range(3):
        await discover(flow, NEW)
        await home.poll()

    assert repairs.open == [(f"http://{OLD}", f"http://{NEW}")]
    assert flow.hass.config_entries.flow.async_progress() == []


async def test_an_offer_stays_while_a_pihole_answers_there_although_another_one_is_seen(
    flow: Flow, network: Network, home: Home, repairs: Repairs, stranger: Simulator
) -> None:
    await moved(flow, network)
    network[f"{NEWER}:80"] = stranger

    await discover(flow, NEWER)

    assert repairs.open == [(f"http://{OLD}", f"http://{NEW}")]


async def test_two_sightings_at_once_make_one_offer(
    flow: Flow, network: Network, home: Home, repairs: Repairs, stranger: Simulator
) -> None:
    await discover(flow)
    network[f"{NEW}:80"] = network[f"{NEWER}:80"] = network.pop(f"{OLD}:80")

    await asyncio.gather(discover(flow, NEW), discover(flow, NEWER))

    assert len(repairs.open) == 1


async def test_a_newer_address_takes_the_place_of_one_where_nothing_answers_any_more(
    flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await moved(flow, network)
    stale = await repairs.dialog(f"http://{NEW}")
    network[f"{NEWER}:80"] = network.pop(f"{NEW}:80")

    await discover(flow, NEWER)

    assert repairs.open == [(f"http://{OLD}", f"http://{NEWER}")]
    assert await stale.choose("confirm") == "outdated"
    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert await repairs.choose(f"http://{NEWER}", "confirm") == "create_entry"
    assert home.entry.data[CONF_URL] == f"http://{NEWER}"


@pytest.mark.parametrize("way", ["poll", "backup", "sighting", "reload"])
async def test_an_offer_goes_away_when_the_pihole_answers_where_it_was(
    flow: Flow,
    network: Network,
    home: Home,
    repairs: Repairs,
    sim: Simulator,
    stranger: Simulator,
    way: str,
) -> None:
    await moved(flow, network)
    assert len(repairs.open) == 1
    network[f"{OLD}:80"], network[f"{NEW}:80"] = sim, stranger

    match way:
        case "poll":
            await home.poll()
        case "backup":
            await home.press()
        case "sighting":
            await discover(flow, NEW)
        case _:
            await home.hass.config_entries.async_reload(home.entry.entry_id)
            await home.hass.async_block_till_done(wait_background_tasks=True)

    assert repairs.open == []
    del network[f"{OLD}:80"]
    await home.poll()
    assert repairs.open == [], "it was its neighbour"


async def test_a_confirmed_move_is_not_made_when_the_pihole_answers_where_it_was(
    flow: Flow, network: Network, home: Home, repairs: Repairs, sim: Simulator, stranger: Simulator
) -> None:
    await moved(flow, network)
    network[f"{OLD}:80"], network[f"{NEW}:80"] = sim, stranger

    assert await repairs.choose(f"http://{NEW}", "confirm") == "answers_again"

    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert repairs.open == []
    assert not got_a_password(stranger)


async def test_an_offer_goes_away_with_its_pihole(
    flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await moved(flow, network)
    dialog = await repairs.dialog(f"http://{NEW}")

    await home.hass.config_entries.async_remove(home.entry.entry_id)
    await home.hass.async_block_till_done()

    assert repairs.open == []
    assert await dialog.choose("confirm") == "outdated"


async def test_a_pihole_that_is_removed_while_it_is_looked_for_is_offered_no_address(
    flow: Flow, network: Network, home: Home, repairs: Repairs, stranger: Simulator
) -> None:
    await discover(flow)
    del network[f"{OLD}:80"]
    network[f"{NEW}:80"] = stranger
    gate, seen = await held(stranger, "probe", flow.start(SOURCE_DHCP, sighting(NEW)))

    await home.hass.config_entries.async_remove(home.entry.entry_id)
    gate.open()
    await seen

    assert repairs.open == []


async def test_an_offer_goes_away_when_the_user_enters_another_address(
    flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await moved(flow, network)
    dialog = await repairs.dialog(f"http://{NEW}")
    network[f"{NEWER}:80"] = network.pop(f"{NEW}:80")

    await flow.start(SOURCE_RECONFIGURE, entry_id=home.entry.entry_id)
    await flow.enter_address(f"http://{NEWER}")
    await flow.enter()

    assert flow.ended == "reconfigure_successful"
    assert repairs.open == []
    assert await dialog.choose("confirm") == "outdated"
    assert home.entry.data[CONF_URL] == f"http://{NEWER}"


async def test_an_address_that_was_ignored_may_be_offered_after_another_one_was_entered(
    flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await moved(flow, network)
    await repairs.choose(f"http://{NEW}", "ignore")
    network[f"{OLD}:8080"] = network[f"{NEW}:80"]
    await flow.start(SOURCE_RECONFIGURE, entry_id=home.entry.entry_id)
    await flow.enter_address(f"http://{OLD}:8080")
    await flow.enter()
    network[f"{NEW}:8080"] = network.pop(f"{OLD}:8080")

    await discover(flow, NEW)

    assert repairs.open == [(f"http://{OLD}:8080", f"http://{NEW}:8080")]


async def test_an_offer_to_leave_an_address_that_is_not_used_any_more_changes_nothing(
    hass: HomeAssistant, flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await moved(flow, network)
    dialog = await repairs.dialog(f"http://{NEW}")
    hass.config_entries.async_update_entry(
        home.entry, data={**home.entry.data, CONF_URL: f"http://{NEWER}"}
    )

    assert await dialog.choose("confirm") == "outdated"

    assert home.entry.data[CONF_URL] == f"http://{NEWER}"
    assert repairs.open == []


async def test_a_pihole_that_is_removed_while_its_move_is_confirmed_is_not_moved(
    flow: Flow, network: Network, home: Home, repairs: Repairs, stranger: Simulator
) -> None:
    await moved(flow, network)
    dialog = await repairs.dialog(f"http://{NEW}")
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_request: web.Request, _proceed: object) -> web.StreamResponse:
        asked.set()
        await go_on.wait()
        return web.Response(text="No Pi-hole.")

    network[f"{OLD}:80"] = stranger
    stranger.faults.always("everything", hold)
    ending = asyncio.ensure_future(dialog.choose("confirm"))
    await asked.wait()
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    go_on.set()

    assert await ending == "outdated"


async def test_what_is_confirmed_is_what_the_dialog_showed(
    flow: Flow, network: Network, home: Home, repairs: Repairs, sim: Simulator
) -> None:
    await moved(flow, network)
    dialog = await repairs.dialog(f"http://{NEW}")
    network[f"{OLD}:8080"] = sim
    await flow.start(SOURCE_RECONFIGURE, entry_id=home.entry.entry_id)
    await flow.enter_address(f"http://{OLD}:8080")
    await flow.enter()
    network[f"{NEW}:8080"] = network.pop(f"{OLD}:8080")
    await discover(flow, NEW)
    assert repairs.open == [(f"http://{OLD}:8080", f"http://{NEW}:8080")]

    assert await dialog.choose("confirm") == "outdated"

    assert home.entry.data[CONF_URL] == f"http://{OLD}:8080"
    assert repairs.open == [(f"http://{OLD}:8080", f"http://{NEW}:8080")]


async def test_an_address_that_another_pihole_has_by_now_is_not_taken(
    hass: HomeAssistant, flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await moved(flow, network)
    MockConfigEntry(domain=DOMAIN, data={CONF_URL: f"http://{NEW}"}).add_to_hass(hass)

    assert await repairs.choose(f"http://{NEW}", "confirm") == "outdated"

    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert repairs.open == []


async def test_an_ignored_address_is_not_offered_again(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    flow: Flow,
    network: Network,
    home: Home,
    repairs: Repairs,
    sim: Simulator,
) -> None:
    await moved(flow, network)

    assert await repairs.choose(f"http://{NEW}", "ignore") == "ignored"

    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    await discover(flow, NEW)
    await home.poll()
    assert repairs.open == []

    network[f"{OLD}:80"] = sim
    await home.poll()
    del network[f"{OLD}:80"]
    await discover(flow, NEW)
    assert repairs.open == [], "also when the Pi-hole was there in between"

    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=1))  # it is saved
    await hass.async_block_till_done()
    hass.data.pop(ir.DATA_REGISTRY)
    await ir.async_load(hass)
    await discover(flow, NEW)
    assert repairs.open == [], "also after a restart"

    network[f"{NEWER}:80"] = sim
    await discover(flow, NEWER)
    assert repairs.open == [(f"http://{OLD}", f"http://{NEWER}")], "but another address is"
    del network[f"{NEWER}:80"]
    await discover(flow, NEW)
    assert repairs.open == [], "and it is still ignored after that"


async def test_an_offer_that_is_ignored_when_it_has_gone_away_changes_nothing(
    flow: Flow, network: Network, home: Home, repairs: Repairs, sim: Simulator
) -> None:
    await moved(flow, network)
    dialog = await repairs.dialog(f"http://{NEW}")
    network[f"{OLD}:80"] = sim
    await home.poll()

    assert await dialog.choose("ignore") == "ignored"

    assert home.entry.data[CONF_URL] == f"http://{OLD}"


async def test_each_pihole_of_a_host_that_has_moved_is_confirmed_on_its_own(
    flow: Flow, network: Network, home: Home, add_pihole: AddPihole, repairs: Repairs
) -> None:
    async with Simulator(password=PASSWORD) as second:
        network[f"{OLD}:8081"] = second
        other = await add_pihole(f"http://{OLD}:8081", password=PASSWORD, folder="two")
        await discover(flow)
        network[f"{NEW}:80"] = network.pop(f"{OLD}:80")
        network[f"{NEW}:8081"] = network.pop(f"{OLD}:8081")

        await discover(flow, NEW)

        assert sorted(repairs.open) == [
            (f"http://{OLD}", f"http://{NEW}"),
            (f"http://{OLD}:8081", f"http://{NEW}:8081"),
        ]
        await repairs.choose(f"http://{NEW}:8081", "confirm")
        assert home.entry.data[CONF_URL] == f"http://{OLD}"
        assert other.entry.data[CONF_URL] == f"http://{NEW}:8081"
        assert repairs.open == [(f"http://{OLD}", f"http://{NEW}")]
        assert not got_a_password(second)
        await other.press()
        assert other.count == 1


async def test_a_pihole_that_still_answers_where_it_was_has_not_moved(
    flow: Flow, network: Network, home: Home, repairs: Repairs, stranger: Simulator
) -> None:
    """Containers can share the hardware address of their host, each with an IP address."""
    network[f"{NEW}:80"] = stranger
    await discover(flow)

    await discover(flow, NEW)

    assert flow.ended == "already_configured"
    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert repairs.open == []


async def test_a_pihole_that_is_down_is_not_taken_for_its_neighbour(
    flow: Flow,
    network: Network,
    home: Home,
    add_pihole: AddPihole,
    repairs: Repairs,
    stranger: Simulator,
) -> None:
    network[f"{NEW}:80"] = stranger
    await add_pihole(f"http://{NEW}", folder="neighbour")
    await discover(flow)
    del network[f"{OLD}:80"]

    await discover(flow, NEW)

    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert repairs.open == []


async def test_a_pihole_is_not_offered_where_none_answers(
    flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await discover(flow)
    network.clear()

    await discover(flow, NEW)

    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert f"{NEW}:80" in network.asked
    assert repairs.open == []


async def test_a_pihole_that_comes_back_where_it_was_is_not_offered_elsewhere(
    flow: Flow, network: Network, home: Home, repairs: Repairs, stranger: Simulator
) -> None:
    await discover(flow)
    network.clear()
    await discover(flow, NEW)
    await discover(flow, OLD)
    network[f"{NEW}:80"] = stranger

    await home.poll()

    assert repairs.open == []


async def to_restore(home: Home, sim: Simulator) -> str:
    """Make a backup that can be restored."""
    sim.auth.login_attempts_per_second = 1000
    sim.pihole.settings["webserver.api.app_sudo"] = True
    [record] = await home.back_up()
    sim.pihole.add_domain("ads.example.net")
    return str(record["id"])


@asynccontextmanager
async def restore_under_way(home: Home, sim: Simulator, backup_id: str) -> AsyncIterator[None]:
    """Restore a backup, and be in the middle of it for as long as the context lasts."""
    gate = faults.gate()
    sim.faults.next("import", gate)
    order = {"backup_id": backup_id, "include": ["domains"], "way": "import"}
    restore = asyncio.ensure_future(
        home.call("restore", config_entry_id=home.entry.entry_id, dry_run=False, **order)
    )
    await gate.reached.wait()
    yield
    gate.open()
    await restore


@pytest.fixture
def quick_restores(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry_restores(monkeypatch)


@pytest.mark.usefixtures("quick_restores")
async def test_a_pihole_that_restarts_for_a_restore_has_not_moved(
    flow: Flow, network: Network, home: Home, repairs: Repairs, sim: Simulator, stranger: Simulator
) -> None:
    backup_id = await to_restore(home, sim)
    await discover(flow)
    network[f"{NEW}:80"] = stranger

    async with restore_under_way(home, sim, backup_id):
        del network[f"{OLD}:80"]
        await flow.start(SOURCE_DHCP, sighting(NEW))
        network[f"{OLD}:80"] = sim

    assert f"{NEW}:80" not in network.asked
    assert repairs.open == []
    assert not got_a_password(stranger)


@pytest.mark.usefixtures("quick_restores")
async def test_a_move_is_not_made_while_the_pihole_restarts_for_a_restore(
    flow: Flow, network: Network, home: Home, repairs: Repairs, sim: Simulator
) -> None:
    backup_id = await to_restore(home, sim)
    await moved(flow, network)
    dialog = await repairs.dialog(f"http://{NEW}")
    network[f"{OLD}:80"] = sim

    async with restore_under_way(home, sim, backup_id):
        del network[f"{OLD}:80"]
        await dialog.post(f"/{dialog.shown['flow_id']}", {"next_step_id": "confirm"})
        network[f"{OLD}:80"] = sim

    assert dialog.shown["reason"] == "answers_again"
    assert home.entry.data[CONF_URL] == f"http://{OLD}"


async def test_a_disabled_pihole_is_offered_no_other_address(
    hass: HomeAssistant, flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    await discover(flow)
    await hass.config_entries.async_set_disabled_by(home.entry.entry_id, ConfigEntryDisabler.USER)

    await moved(flow, network)

    assert flow.ended == "already_configured"
    assert home.entry.data[CONF_URL] == f"http://{OLD}"
    assert repairs.open == []


@pytest.mark.parametrize(
    ("new", "is_offered"),
    [("fd00::7", True), ("FD00:0::0:7", True), (NEW, False), ("fe80::7", False)],
    ids=["another", "the same, written differently", "an IPv4 address", "link-local"],
)
async def test_an_ipv6_address_is_followed_to_another_one_and_to_nothing_else(
    flow: Flow,
    network: Network,
    add_pihole: AddPihole,
    repairs: Repairs,
    sim: Simulator,
    new: str,
    *,
    is_offered: bool,
) -> None:
    network["fd00::2:8080"] = sim
    home = await add_pihole("http://[fd00::2]:8080")
    await discover(flow, "FD00::0:2")
    assert home.entry.data[CONF_MAC] == MAC
    del network["fd00::2:8080"]
    network[f"{ip_address(new)}:8080"] = sim

    await discover(flow, new)

    offered = [("http://[fd00::2]:8080", "http://[fd00::7]:8080")]
    assert repairs.open == (offered if is_offered else [])
    if is_offered:
        assert await repairs.choose("http://[fd00::7]:8080", "confirm") == "create_entry"
        await home.press()
        assert home.count == 1


async def test_a_discovered_pihole_is_known_by_the_hardware_address_it_was_added_with(
    hass: HomeAssistant, flow: Flow, network: Network, home: Home, repairs: Repairs
) -> None:
    hass.config_entries.async_update_entry(home.entry, unique_id=MAC)

    await discover(flow, OLD, mac=OTHER_MAC)
    await moved(flow, network)

    assert CONF_MAC not in home.entry.data
    assert repairs.open == [(f"http://{OLD}", f"http://{NEW}")]


async def test_a_pihole_that_is_removed_while_its_name_is_looked_up_is_forgotten(
    hass: HomeAssistant,
    flow: Flow,
    network: Network,
    add_pihole: AddPihole,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network["dns.example:80"] = sim
    home = await add_pihole("http://dns.example")

    async def names(*_: object, **__: object) -> list[tuple[object, ...]]:
        await hass.config_entries.async_remove(home.entry.entry_id)
        return [(2, 1, 6, "", (NEW, 0))]

    monkeypatch.setattr(hass.loop, "getaddrinfo", names)

    await discover(flow, NEW)

    assert flow.ended == "already_configured"
    assert hass.config_entries.async_entries(DOMAIN) == []


async def test_a_name_is_not_replaced_by_an_address(
    flow: Flow, network: Network, add_pihole: AddPihole, repairs: Repairs, sim: Simulator
) -> None:
    network["pihole:80"] = sim
    home = await add_pihole("http://pihole")
    await discover(flow)
    assert home.entry.data[CONF_MAC] == MAC
    network.clear()
    network[f"{NEW}:80"] = sim

    await discover(flow, NEW)

    assert repairs.open == []
    assert home.entry.data[CONF_URL] == "http://pihole"
