from collections.abc import AsyncIterator, Mapping

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pihole_checkpoint.const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.const import CONF_MAC, CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pihole_simulator import Credentials, Simulator, Versions, tls
from tests.support.flows import Flow
from tests.support.home import AddPihole, Home
from tests.support.network import Network
from tests.support.passwords import APP_PASSWORD, PASSWORD


@pytest.fixture
async def elsewhere(socket_enabled: None) -> AsyncIterator[Simulator]:
    """Have the Pi-hole at another address."""
    async with Simulator(password=PASSWORD, app_password=APP_PASSWORD) as simulator:
        simulator.pihole.versions = Versions(core="v6.9", web="v6.9", ftl="v6.9")
        yield simulator


@pytest.fixture
async def flow(refused_handshakes_are_fine: None, hass: HomeAssistant, home: Home) -> Flow:
    flow = Flow(hass)
    await flow.start(SOURCE_RECONFIGURE, entry_id=home.entry.entry_id)
    assert flow.at == ("reconfigure", {})
    return flow


async def test_another_address_is_taken_with_the_stored_password(
    hass: HomeAssistant, home: Home, flow: Flow, sim: Simulator, elsewhere: Simulator
) -> None:
    await home.press()
    assert flow.suggested == {CONF_URL: sim.url, CONF_VERIFY_SSL: True}
    await flow.enter_address(f"{elsewhere.url}/admin")
    assert flow.at == ("reconfigure_password", {})
    assert elsewhere.logins == 0

    await flow.enter()
    await hass.async_block_till_done()

    assert flow.ended == "reconfigure_successful"
    assert home.entry.data == {
        CONF_URL: elsewhere.url,
        CONF_VERIFY_SSL: True,
        CONF_PASSWORD: APP_PASSWORD,
        CONF_FOLDER: "kitchen",
        CONF_VERSIONS: {"core": "v6.9", "web": "v6.9", "ftl": "v6.9"},
    }
    assert home.entry.title == "Kitchen"
    assert home.entry.state is ConfigEntryState.LOADED
    await home.press()
    assert home.count == 2, "its backups stay"
    assert elsewhere.logins == 2
    assert (sim.sessions, elsewhere.sessions) == ([], [])


async def test_another_password_can_be_given_with_the_address(
    home: Home, flow: Flow, sim: Simulator
) -> None:
    sim.change_credentials(Credentials(password="another"))
    await flow.enter_address(sim.url)

    await flow.enter()
    assert flow.at == ("reconfigure_password", {CONF_PASSWORD: "wrong_password"})
    assert home.entry.data[CONF_PASSWORD] == APP_PASSWORD

    await flow.enter(password="another")
    assert flow.ended == "reconfigure_successful"
    assert home.entry.data[CONF_PASSWORD] == "another"


async def test_no_password_is_kept_when_there_is_none_at_the_new_address(
    home: Home, flow: Flow, socket_enabled: None
) -> None:
    async with Simulator(password="") as open_one:
        await flow.enter_address(open_one.url)

        assert flow.ended == "reconfigure_successful"
        assert home.entry.data[CONF_URL] == open_one.url
        assert home.entry.data[CONF_PASSWORD] == ""


async def test_what_is_wrong_with_the_new_address_is_reported_and_changes_nothing(
    home: Home, flow: Flow, sim: Simulator
) -> None:
    async with Simulator(password=PASSWORD, tls=tls.out_of_the_box()) as secure:
        await flow.enter_address(secure.url)
        assert flow.at == ("reconfigure", {CONF_VERIFY_SSL: "tls_not_trusted"})
        assert flow.suggested == {CONF_URL: secure.url, CONF_VERIFY_SSL: True}
        assert home.entry.data[CONF_URL] == sim.url

        await flow.enter_address(secure.url, verify_ssl=False)
        await flow.enter(password=PASSWORD)

        assert flow.ended == "reconfigure_successful"
        assert home.entry.data[CONF_VERIFY_SSL] is False


async def test_the_address_of_another_pihole_is_not_taken(
    hass: HomeAssistant, flow: Flow, elsewhere: Simulator
) -> None:
    MockConfigEntry(domain=DOMAIN, data={CONF_URL: elsewhere.url}).add_to_hass(hass)

    await flow.enter_address(elsewhere.url)

    assert flow.ended == "already_configured"


@pytest.mark.parametrize(
    ("url", "mac"),
    [("http://192.168.1.2/dns", "aa:bb:cc:dd:ee:ff"), ("http://192.168.1.3/dns", None)],
    ids=["same", "new"],
)
async def test_the_machine_of_before_is_forgotten_when_it_is_another_host(
    hass: HomeAssistant,
    add_pihole: AddPihole,
    socket_enabled: None,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    mac: str | None,
) -> None:
    known = "aa:bb:cc:dd:ee:ff"
    network = Network(monkeypatch)
    home = await add_pihole("http://192.168.1.2")
    hass.config_entries.async_update_entry(
        home.entry, data={**home.entry.data, CONF_MAC: known}, unique_id=known
    )
    flow = Flow(hass)
    await flow.start(SOURCE_RECONFIGURE, entry_id=home.entry.entry_id)

    async with Simulator(password=PASSWORD, prefix="/dns") as sim:
        network["192.168.1.2:80"] = network["192.168.1.3:80"] = sim
        await flow.enter_address(url)
        await flow.enter(password=PASSWORD)

    assert flow.ended == "reconfigure_successful"
    assert (home.entry.data.get(CONF_MAC), home.entry.unique_id) == (mac, mac)


@pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")  # not ours
async def test_the_stored_password_never_reaches_the_browser(
    hass: HomeAssistant, home: Home, hass_client: ClientSessionGenerator, sim: Simulator
) -> None:
    assert await async_setup_component(hass, "config", {})
    browser = await hass_client()
    flows = "/api/config/config_entries/flow"
    start = {"handler": DOMAIN, "entry_id": home.entry.entry_id}
    answers = []

    async def post(url: str, body: Mapping[str, object]) -> dict[str, object]:
        async with browser.post(url, json=body) as response:
            answers.append(await response.text())
            shown: dict[str, object] = await response.json()
            return shown

    shown = await post(flows, start)
    flow = f"{flows}/{shown['flow_id']}"
    assert shown["step_id"] == "reconfigure"
    shown = await post(flow, {"url": sim.url, "verify_ssl": True})
    assert shown["step_id"] == "reconfigure_password"
    shown = await post(flow, {"password": "wrong"})
    assert shown["errors"] == {"password": "wrong_password"}
    sim.clock.advance(1)
    shown = await post(flow, {})
    assert shown["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()  # the entry is reloaded
    assert not [answer for answer in answers if APP_PASSWORD in answer]


async def test_for_a_port_with_https_that_was_typed_without_it_https_is_offered(
    flow: Flow, socket_enabled: None
) -> None:
    async with Simulator(password=PASSWORD, tls=tls.out_of_the_box()) as sim:
        await flow.enter_address(f"127.0.0.1:{sim.port}", verify_ssl=False)

        assert flow.at == ("reconfigure", {CONF_URL: "https_needed"})
        assert flow.suggested == {CONF_URL: sim.url, CONF_VERIFY_SSL: False}
        assert not any(request.is_login for request in sim.requests)
