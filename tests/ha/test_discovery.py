from collections.abc import Callable
from fnmatch import fnmatch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pihole_checkpoint.const import DOMAIN
from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.const import CONF_MAC, CONF_PASSWORD, CONF_URL, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_dhcp
from pihole_simulator import Credentials, PiholeV5, Simulator, faults, tls
from tests.support.flows import Flow
from tests.support.home import AddPihole
from tests.support.network import MAC, OTHER_MAC, Network, discover
from tests.support.passwords import APP_PASSWORD


async def test_a_discovered_pihole_is_offered_and_added_with_its_password(
    hass: HomeAssistant, flow: Flow, network: Network, sim: Simulator
) -> None:
    network["192.168.1.2:80"] = sim
    await discover(flow)
    assert flow.at == ("discovery_confirm", {})
    assert flow.placeholders["address"] == "http://192.168.1.2"
    [offer] = hass.config_entries.flow.async_progress()
    assert offer["context"]["title_placeholders"] == {"name": "pihole (192.168.1.2)"}
    assert sim.logins == 0

    await flow.enter()
    assert flow.at == ("password", {})
    await flow.enter(password=APP_PASSWORD)

    assert flow.added[CONF_URL] == "http://192.168.1.2"
    assert flow.added[CONF_MAC] == MAC
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert (entry.unique_id, entry.state) == (MAC, ConfigEntryState.LOADED)
    await flow.settle()
    assert sim.sessions == []


async def test_a_discovered_pihole_that_redirects_to_https_is_offered_with_that_address(
    flow: Flow, network: Network, socket_enabled: None
) -> None:
    async with (
        Simulator(password="", tls=tls.out_of_the_box()) as secure,
        Simulator(password="") as plain,
    ):
        plain.faults.always("everything", faults.redirect("https://pi.hole"))
        network |= {"192.168.1.2:80": plain, "192.168.1.2:443": secure}
        await discover(flow)
        assert flow.at == ("discovery_confirm", {})
        assert flow.placeholders["address"] == "https://192.168.1.2"

        await flow.enter()
        assert flow.at == ("user", {})
        assert flow.suggested[CONF_URL] == "https://192.168.1.2"
        await flow.enter_address("https://192.168.1.2", verify_ssl=False)

        assert flow.added[CONF_URL] == "https://192.168.1.2"
        assert flow.added[CONF_MAC] == MAC


async def test_another_address_than_the_discovered_one_is_not_followed_as_if_it_were_that_machine(
    hass: HomeAssistant, flow: Flow, network: Network, socket_enabled: None
) -> None:
    async with (
        Simulator(password="", tls=tls.out_of_the_box()) as secure,
        Simulator(password="") as plain,
        Simulator(password="") as mine,
    ):
        plain.faults.always("everything", faults.redirect("https://pi.hole"))
        network |= {"192.168.1.2:80": plain, "192.168.1.2:443": secure, "192.168.1.9:80": mine}
        await discover(flow)
        await flow.enter()

        await flow.enter_address("http://192.168.1.9")

        assert flow.added[CONF_URL] == "http://192.168.1.9"
        assert CONF_MAC not in flow.added
        [entry] = hass.config_entries.async_entries(DOMAIN)
        assert entry.unique_id is None


@pytest.mark.parametrize(
    ("hostname", "title"),
    [
        ("pi-hole2.lan", "pi-hole2.lan (192.168.1.2)"),
        ("pihole-kitchen", "pihole-kitchen (192.168.1.2)"),
        ("pihole (192.168.1.1)", "Pi-hole (192.168.1.2)"),
        ("pihole-192.168.1.1", "Pi-hole (192.168.1.2)"),
        ("pihole-192-168-1-1", "Pi-hole (192.168.1.2)"),
        ("pihole" + "-kitchen" * 20, "Pi-hole (192.168.1.2)"),
    ],
)
async def test_a_host_name_does_not_pretend_to_be_an_address(
    hass: HomeAssistant, flow: Flow, network: Network, sim: Simulator, hostname: str, title: str
) -> None:
    network["192.168.1.2:80"] = sim

    await discover(flow, hostname=hostname)

    [offer] = hass.config_entries.flow.async_progress()
    assert offer["context"]["title_placeholders"] == {"name": title}


async def test_a_discovered_pihole_without_a_password_is_added_when_that_is_confirmed(
    flow: Flow, network: Network, sim: Simulator
) -> None:
    sim.change_credentials(Credentials(password=""))
    network["192.168.1.2:80"] = sim
    await discover(flow)
    assert flow.at == ("discovery_confirm", {})

    await flow.enter()

    assert flow.added[CONF_PASSWORD] == ""


async def test_a_discovered_pihole_that_is_gone_is_reported_and_can_be_tried_again(
    flow: Flow, network: Network, sim: Simulator
) -> None:
    network["192.168.1.2:80"] = sim
    await discover(flow)
    sim.faults.always("everything", faults.drop())

    await flow.enter()
    assert flow.at == ("discovery_confirm", {"base": "connection_lost"})

    sim.faults.clear()
    await flow.enter()
    assert flow.at == ("password", {})


async def test_the_same_pihole_is_offered_once(
    hass: HomeAssistant, flow: Flow, network: Network, sim: Simulator
) -> None:
    network["192.168.1.2:80"] = network["192.168.1.3:80"] = sim
    await discover(flow)

    await discover(flow, "192.168.1.3")

    assert flow.ended == "already_in_progress"
    assert len(hass.config_entries.flow.async_progress()) == 1


async def test_an_ignored_pihole_stays_ignored(
    hass: HomeAssistant, flow: Flow, network: Network, sim: Simulator
) -> None:
    network["192.168.1.2:80"] = sim
    await discover(flow)
    await flow.start(SOURCE_IGNORE, {"unique_id": MAC, "title": "Pi-hole"})
    sim.requests.clear()

    await discover(flow)

    assert flow.ended == "already_configured"
    assert sim.requests == []


async def test_a_pihole_that_was_added_by_hand_meanwhile_is_not_added_twice(
    hass: HomeAssistant, flow: Flow, network: Network, sim: Simulator
) -> None:
    network["192.168.1.2:80"] = sim
    await discover(flow)
    MockConfigEntry(domain=DOMAIN, data={CONF_URL: "http://192.168.1.2"}).add_to_hass(hass)

    await flow.enter()

    assert flow.ended == "already_configured"


type Spoil = Callable[[Simulator], None]


@pytest.mark.parametrize(
    ("ip", "spoil"),
    [
        ("192.168.1.99", lambda _: None),
        ("fe80::1%eth0", lambda _: None),
        ("192.168.1.2", lambda sim: sim.faults.always("everything", faults.html())),
        (
            "192.168.1.2",
            lambda sim: sim.faults.always("everything", faults.redirect("https://pi.hole")),
        ),
    ],
    ids=["nothing", "no address", "a web server", "elsewhere"],
)
async def test_what_is_only_called_like_a_pihole_is_not_offered(
    hass: HomeAssistant, flow: Flow, network: Network, sim: Simulator, ip: str, spoil: Spoil
) -> None:
    network["192.168.1.2:80"] = sim
    spoil(sim)

    await discover(flow, ip)

    assert flow.ended == "not_a_pihole"
    assert hass.config_entries.flow.async_progress() == []


async def test_a_pihole_v5_is_not_offered(
    flow: Flow, network: Network, socket_enabled: None
) -> None:
    async with PiholeV5() as old:
        network["192.168.1.2:80"] = old

        await discover(flow)

    assert flow.ended == "not_a_pihole"


async def test_however_often_a_pihole_is_seen_nothing_stays_behind_until_home_assistant_stops(
    hass: HomeAssistant, flow: Flow, network: Network, add_pihole: AddPihole, sim: Simulator
) -> None:
    network["192.168.1.2:80"] = network["192.168.1.3:80"] = sim
    await add_pihole("http://192.168.1.2")
    await discover(flow, "192.168.1.2")
    await discover(flow, "192.168.1.3")
    before = hass.bus.async_listeners()[EVENT_HOMEASSISTANT_CLOSE]

    for _ in range(3):
        await discover(flow, "192.168.1.3")

    assert hass.bus.async_listeners()[EVENT_HOMEASSISTANT_CLOSE] == before


@pytest.mark.parametrize(
    ("url", "hostname"),
    [
        ("http://pihole", "pihole"),
        ("http://pihole.home.example", "pihole"),
        ("http://pihole:8080", "pihole.home.example"),
        ("https://pi.hole", "pihole-kitchen"),
    ],
)
async def test_a_pihole_that_is_known_by_name_is_neither_offered_nor_changed(
    hass: HomeAssistant,
    flow: Flow,
    network: Network,
    add_pihole: AddPihole,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    hostname: str,
) -> None:
    async def names(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        assert host == "pi.hole"
        return [(2, 1, 6, "", ("192.168.1.2", 0))]

    monkeypatch.setattr(hass.loop, "getaddrinfo", names)
    network["192.168.1.2:80"] = network["192.168.1.7:80"] = sim
    home = await add_pihole(url)

    await discover(flow, hostname=hostname)
    assert flow.ended == "already_configured"
    await discover(flow, "192.168.1.7", hostname="pihole-elsewhere")

    assert flow.ended == "already_configured"
    assert home.entry.data[CONF_URL] == url


@pytest.mark.parametrize("known", ["http://192.168.1.3", "http://dns.example"])
async def test_another_pihole_than_the_known_one_is_offered(
    hass: HomeAssistant,
    flow: Flow,
    network: Network,
    add_pihole: AddPihole,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    known: str,
) -> None:
    async def no_names(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(hass.loop, "getaddrinfo", no_names)
    network["192.168.1.2:80"] = network["192.168.1.3:80"] = sim
    home = await add_pihole(known)

    await discover(flow)

    assert flow.at == ("discovery_confirm", {})
    assert CONF_MAC not in home.entry.data


async def test_a_pihole_on_a_new_machine_at_the_old_address_is_known(
    flow: Flow, network: Network, add_pihole: AddPihole, sim: Simulator
) -> None:
    network["192.168.1.2:80"] = sim
    home = await add_pihole("http://192.168.1.2")
    await discover(flow)

    await discover(flow, mac=OTHER_MAC)

    assert flow.ended == "already_configured"
    assert home.entry.data[CONF_MAC] == MAC, "anybody can claim the address"


@pytest.mark.parametrize(
    ("hostname", "is_asked_about"),
    [
        ("pihole", True),
        ("pihole-kitchen", True),
        ("pi-hole", True),
        ("pi-hole2.lan", True),
        ("pi.hole", True),
        ("printer", False),
        ("raspberrypi", False),
    ],
)
async def test_home_assistant_tells_of_hosts_that_are_called_like_a_pihole(
    hass: HomeAssistant, hostname: str, *, is_asked_about: bool
) -> None:
    matchers = [matcher for matcher in await async_get_dhcp(hass) if matcher["domain"] == DOMAIN]

    assert any(fnmatch(hostname, item["hostname"]) for item in matchers) is is_asked_about
