from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.pihole_checkpoint.const import (
    CONF_BACK_UP_FIRST,
    CONF_FOLDER,
    CONF_VERSIONS,
    DOMAIN,
)
from custom_components.pihole_checkpoint.engine.pihole import limits
from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import Selector
from pihole_simulator import Credentials, Fault, PiholeV5, Simulator, Versions, faults, tls
from tests.support.flows import Flow
from tests.support.passwords import APP_PASSWORD, PASSWORD, TOTP_SECRET


@pytest.fixture
async def flow(refused_handshakes_are_fine: None, hass: HomeAssistant) -> Flow:
    flow = Flow(hass)
    await flow.begin()
    return flow


async def test_a_pihole_is_added_with_its_address_and_an_app_password(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    sim.pihole.versions = Versions(core="v6.1", web="v6.2", ftl="v6.3")
    await flow.enter_address(f"{sim.url}/admin/login")
    assert flow.at == ("password", {})
    assert sim.logins == 0

    await flow.enter(password=APP_PASSWORD)

    assert flow.added == {
        CONF_URL: sim.url,
        CONF_VERIFY_SSL: True,
        CONF_PASSWORD: APP_PASSWORD,
        CONF_FOLDER: f"127.0.0.1_port_{sim.port}",
        CONF_VERSIONS: {"core": "v6.1", "web": "v6.2", "ftl": "v6.3"},
        CONF_BACK_UP_FIRST: True,
    }
    assert flow.result["title"] == "Pi-hole"
    assert flow.result["result"].unique_id is None
    await flow.settle()
    assert sim.sessions == []
    await hass.async_block_till_done()
    assert hass.states.get("sensor.pi_hole_backups") is not None


@pytest.mark.parametrize(
    ("sim", "password", "settings", "ready"),
    [
        ("6.4", APP_PASSWORD, {}, "settings_not_allowed"),
        ("6.4", APP_PASSWORD, {"webserver.api.app_sudo": True}, "settings_allowed"),
        ("6.4", PASSWORD, {}, "settings_allowed"),
        ("6.0", APP_PASSWORD, {}, "settings_allowed"),
    ],
    indirect=["sim"],
)
async def test_the_last_step_says_what_is_ready_and_how_to_allow_the_rest(
    flow: Flow, sim: Simulator, password: str, settings: dict[str, bool], ready: str
) -> None:
    sim.pihole.settings.update(settings)
    await flow.enter_address(sim.url)
    await flow.enter(password=password)

    assert flow.result["description"] == ready
    assert flow.placeholders == {"all_settings": f"{sim.url}/admin/settings/all"}
    await flow.settle()
    assert sim.sessions == []


@pytest.mark.parametrize("fault", [faults.error(500, "internal_error", "No"), faults.hang()])
async def test_what_cannot_be_found_out_about_settings_keeps_nobody_from_adding_a_pihole(
    flow: Flow, sim: Simulator, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, versions=0.2))
    sim.faults.always("sessions", fault)
    await flow.enter_address(sim.url)
    await flow.enter(password=APP_PASSWORD)

    assert flow.result["description"] == "settings_unknown"


async def test_a_pihole_without_a_password_is_added_at_once(
    flow: Flow, socket_enabled: None
) -> None:
    async with Simulator(password="") as sim:
        await flow.enter_address(sim.url)

        assert flow.added[CONF_PASSWORD] == ""


async def test_a_pihole_with_its_own_certificate_is_added_when_it_is_not_verified(
    flow: Flow, socket_enabled: None
) -> None:
    async with Simulator(password=PASSWORD, tls=tls.out_of_the_box()) as sim:
        await flow.enter_address(sim.url)
        assert flow.at == ("user", {CONF_VERIFY_SSL: "tls_not_trusted"})
        assert flow.suggested == {CONF_URL: sim.url, CONF_VERIFY_SSL: True}

        await flow.enter_address(sim.url, verify_ssl=False)
        await flow.enter(password=PASSWORD)

        assert flow.added[CONF_VERIFY_SSL] is False
        await flow.settle()
        assert sim.sessions == []


async def test_a_pihole_behind_a_proxy_with_a_path_is_added(
    flow: Flow, socket_enabled: None
) -> None:
    async with Simulator(password=PASSWORD, prefix="/pihole") as sim:
        await flow.enter_address(f"{sim.url}/admin/")
        await flow.enter(password=PASSWORD)

        assert flow.added[CONF_URL] == sim.url
        assert sim.url.endswith("/pihole")


async def test_no_pihole_is_added_twice(hass: HomeAssistant, flow: Flow, sim: Simulator) -> None:
    MockConfigEntry(domain=DOMAIN, data={CONF_URL: sim.url}).add_to_hass(hass)

    await flow.enter_address(f"{sim.url}/admin")

    assert flow.ended == "already_configured"
    assert sim.requests == []


async def test_two_windows_that_add_the_same_pihole_add_it_once(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    other = Flow(hass)
    await other.begin()
    for window in (flow, other):
        await window.enter_address(sim.url)
    for window in (flow, other):
        await window.enter(password=PASSWORD)

    assert other.ended == "already_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_a_taken_folder_is_not_shared_with_another_pihole(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    folder = f"127.0.0.1_port_{sim.port}"
    other = {CONF_URL: "http://other", CONF_FOLDER: folder}
    MockConfigEntry(domain=DOMAIN, data=other).add_to_hass(hass)

    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)

    assert flow.added[CONF_FOLDER] == f"{folder}_2"


async def test_one_who_adds_a_pihole_again_finds_its_backups(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)
    await hass.services.async_call(DOMAIN, "backup", blocking=True)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_remove(entry.entry_id)

    await flow.begin()
    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)
    await hass.async_block_till_done()

    count = hass.states.get("sensor.pi_hole_backups")
    assert count is not None
    assert count.state == "1"


@pytest.mark.parametrize(
    ("host_name", "name"),
    [
        ("attic-pi", "attic-pi"),
        ("pi-hole", "Pi-hole 2"),
        ("4f1c0a9b7d2e", "Pi-hole 2"),
        ("localhost", "Pi-hole 2"),
        ("192.168.1.2", "Pi-hole 2"),
        ("your bank", "Pi-hole 2"),
        ("", "Pi-hole 2"),
    ],
)
@pytest.mark.parametrize("known_as", [("Kitchen", "Pi-hole"), ("PI-HOLE", None)])
async def test_where_a_device_is_called_pi_hole_another_one_has_the_name_of_its_host(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    flow: Flow,
    sim: Simulator,
    host_name: str,
    name: str,
    known_as: tuple[str, str | None],
) -> None:
    own = _own_integration()
    own.add_to_hass(hass)
    device = device_registry.async_get_or_create(
        config_entry_id=own.entry_id, identifiers={("pi_hole", "it")}, name=known_as[0]
    )
    device_registry.async_update_device(device.id, name_by_user=known_as[1])
    sim.pihole.hostname = host_name
    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)

    assert flow.result["title"] == name


async def test_the_address_of_a_pihole_is_in_its_device_and_not_in_its_name(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, flow: Flow, sim: Simulator
) -> None:
    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)

    [device] = dr.async_entries_for_config_entry(device_registry, flow.result["result"].entry_id)
    assert device.name == "Pi-hole"
    assert str(device.configuration_url).startswith(sim.url)


async def test_piholes_that_do_not_say_the_name_of_their_hosts_are_numbered(
    hass: HomeAssistant, flow: Flow, sim: Simulator, socket_enabled: None
) -> None:
    async with Simulator(password="") as other:
        other.faults.always("host", faults.html())
        await flow.enter_address(sim.url)
        await flow.enter(password=PASSWORD)
        await flow.begin()
        await flow.enter_address(other.url)

    assert flow.result["title"] == "Pi-hole 2"


type Spoil = Callable[[Simulator], None]


def _everywhere(fault: Fault) -> Spoil:
    return lambda sim: sim.faults.always("everything", fault)


@pytest.mark.parametrize(
    ("spoil", "errors"),
    [
        (_everywhere(faults.drop()), {"base": "connection_lost"}),
        (_everywhere(faults.hang()), {"base": "answer_timeout"}),
        (_everywhere(faults.html()), {"base": "not_a_pihole"}),
        (_everywhere(faults.raw(b"no HTTP\r\n\r\n")), {"base": "answer_garbled"}),
        (_everywhere(faults.html("Not Found", 404)), {"base": "not_a_pihole"}),
        (_everywhere(faults.html("Bad Gateway", 502)), {"base": "proxy_cannot_reach"}),
        (_everywhere(faults.html("Authorization Required", 401)), {"base": "proxy_answered"}),
        (_everywhere(faults.html("Too Many Requests", 429)), {"base": "proxy_answered"}),
        (_everywhere(faults.redirect("https://pi.hole:8443")), {CONF_URL: "redirected"}),
        (_everywhere(faults.error(403, "forbidden", "No")), {"base": "forbidden"}),
        (_everywhere(faults.error(404, "not_found", "No")), {"base": "pihole_failed"}),
    ],
    ids=lambda value: next(iter(value.values())) if isinstance(value, dict) else None,
)
async def test_what_is_wrong_with_the_address_is_reported_and_can_be_corrected(
    flow: Flow,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Spoil,
    errors: dict[str, str],
) -> None:
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, read=0.2))
    spoil(sim)
    await flow.enter_address(sim.url, verify_ssl=False)
    assert flow.at == ("user", errors)
    assert flow.suggested == {CONF_URL: sim.url, CONF_VERIFY_SSL: False}

    sim.faults.clear()
    await flow.enter_address(sim.url)
    assert flow.at == ("password", {})


async def test_the_address_to_use_after_a_redirect_is_named(flow: Flow, sim: Simulator) -> None:
    sim.faults.always("everything", faults.redirect("https://proxy.example:8443/x"))

    await flow.enter_address(sim.url)

    assert flow.placeholders["url"] == "https://proxy.example:8443/x"


@pytest.mark.parametrize("domain", ["pi.hole", "pihole.lan"])
async def test_the_address_that_is_offered_for_a_port_that_redirects_works(
    flow: Flow, socket_enabled: None, domain: str
) -> None:
    """It redirects to a name of its own, which resolves only for those who use it for DNS."""
    async with Simulator(password=PASSWORD, also_tls=tls.out_of_the_box()) as sim:
        sim.pihole.settings["webserver.domain"] = domain
        await flow.enter_address(f"http://127.0.0.1:{sim.redirecting_port}/admin/login")
        assert flow.at == ("user", {CONF_URL: "redirected"})
        address = f"https://127.0.0.1:{sim.tls_port}"
        assert flow.placeholders["url"] == address
        assert flow.suggested == {CONF_URL: address, CONF_VERIFY_SSL: True}

        await flow.enter_address(address, verify_ssl=False)

        assert flow.at == ("password", {})
        assert flow.placeholders["address"] == address


async def test_for_a_port_with_https_that_was_typed_without_it_https_is_offered(
    flow: Flow, socket_enabled: None
) -> None:
    async with Simulator(password=PASSWORD, tls=tls.out_of_the_box()) as sim:
        await flow.enter_address(f"127.0.0.1:{sim.port}", verify_ssl=False)
        assert flow.at == ("user", {CONF_URL: "https_needed"})
        assert flow.placeholders["url"] == sim.url
        assert flow.suggested == {CONF_URL: sim.url, CONF_VERIFY_SSL: False}

        await flow.enter_address(f"127.0.0.1:{sim.port}", verify_ssl=False)
        assert flow.at == ("user", {CONF_URL: "https_needed"}), "it is not taken unasked"
        assert not any(request.is_login for request in sim.requests)
        await flow.enter_address(sim.url, verify_ssl=False)

        assert flow.at == ("password", {})


async def test_no_address_is_offered_where_no_pihole_answers_to_https(
    flow: Flow, sim: Simulator
) -> None:
    async with Simulator(password=PASSWORD, tls=tls.out_of_the_box()) as other:
        other.faults.always("everything", faults.html())
        await flow.enter_address(f"127.0.0.1:{other.port}")

    assert flow.at == ("user", {"base": "connection_lost"})
    assert flow.suggested[CONF_URL] == f"127.0.0.1:{other.port}"


@pytest.mark.parametrize(
    "typed", ["", "http://", "http://user:pass@pi.hole", "ftp://pi.hole", "a b"]
)
async def test_text_that_is_not_an_address_is_reported(flow: Flow, typed: str) -> None:
    await flow.enter_address(typed)

    assert flow.at == ("user", {CONF_URL: "invalid_url"})
    assert flow.suggested[CONF_URL] == typed


async def test_nothing_that_answers_is_reported(flow: Flow, sim: Simulator) -> None:
    await sim.stop()

    await flow.enter_address(sim.url)

    assert flow.at == ("user", {"base": "cannot_connect"})


async def test_a_pihole_v5_is_recognized(flow: Flow, socket_enabled: None) -> None:
    async with PiholeV5() as old:
        await flow.enter_address(f"{old.url}/admin/")

    assert flow.at == ("user", {"base": "pihole_v5"})


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (faults.error(429, "api_seats_exceeded", "API seats exceeded"), {"base": "no_free_seat"}),
        (faults.error(429, "rate_limiting", "Rate-limiting"), {"base": "rate_limited"}),
        (faults.error(500, "internal_error", "Cannot"), {"base": "pihole_failed"}),
        (faults.drop(), {"base": "connection_lost"}),
    ],
    ids=lambda value: next(iter(value.values())) if isinstance(value, dict) else None,
)
async def test_what_fails_at_the_login_is_reported_and_can_be_tried_again(
    flow: Flow, sim: Simulator, fault: Fault, errors: dict[str, str]
) -> None:
    await flow.enter_address(sim.url)
    sim.faults.always("login", fault)
    await flow.enter(password=PASSWORD)
    assert flow.at == ("password", errors)

    sim.faults.clear()
    await flow.enter(password=PASSWORD)
    assert flow.added[CONF_PASSWORD] == PASSWORD
    await flow.settle()
    assert sim.sessions == []


async def test_a_wrong_password_is_reported_after_the_second_try(
    flow: Flow, sim: Simulator
) -> None:
    await flow.enter_address(sim.url)
    sim.requests.clear()

    await flow.enter(password="wrong")

    assert flow.at == ("password", {CONF_PASSWORD: "wrong_password"})
    assert sum(request.is_login for request in sim.requests) == 2
    assert flow.suggested == {}, "a password is sent back to nobody"


async def test_with_2fa_an_app_password_is_asked_for(flow: Flow, sim: Simulator) -> None:
    sim.change_credentials(
        Credentials(password=PASSWORD, app_password=APP_PASSWORD, totp_secret=TOTP_SECRET)
    )
    await flow.enter_address(sim.url)

    await flow.enter(password=PASSWORD)
    assert flow.at == ("password", {CONF_PASSWORD: "totp_required"})

    await flow.enter(password=APP_PASSWORD)
    assert flow.added[CONF_PASSWORD] == APP_PASSWORD


@pytest.mark.parametrize(
    "fault",
    [
        None,
        faults.drop(),
        faults.html(),
        faults.error(401, "unauthorized", "Unauthorized"),
        faults.cut(9),
    ],
    ids=["unknown", "dropped", "a page", "refused", "cut"],
)
async def test_a_pihole_is_added_although_it_does_not_name_its_versions(
    flow: Flow, sim: Simulator, fault: Fault | None
) -> None:
    if fault is None:
        sim.pihole.versions = None
    else:
        sim.faults.always("version", fault)
    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)

    assert flow.added[CONF_VERSIONS] == {"core": None, "web": None, "ftl": None}
    await flow.settle()
    assert sim.sessions == []


async def test_what_the_login_tells_of_the_address_is_shown_where_no_address_is_asked_for(
    flow: Flow, sim: Simulator
) -> None:
    await flow.enter_address(sim.url)
    sim.faults.always("login", faults.redirect("https://pi.hole:8443"))

    await flow.enter(password=PASSWORD)

    assert flow.at == ("password", {"base": "redirected"})
    assert flow.placeholders["address"] == sim.url
    assert flow.placeholders["url"] != sim.url


def _offered(flow: Flow) -> dict[str, object]:
    schema = flow.result["data_schema"]
    assert schema is not None
    selector = schema.schema[CONF_URL]
    assert isinstance(selector, Selector)
    return selector.serialize()["selector"]


def _own_integration(**data: object) -> MockConfigEntry:
    usual = {"host": "192.168.1.2:80", "location": "admin", "ssl": False, "verify_ssl": True}
    return MockConfigEntry(domain="pi_hole", data=usual | data)


async def test_piholes_of_home_assistants_own_integration_are_offered(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    for entry in (
        _own_integration(host=f"127.0.0.1:{sim.port}"),
        _own_integration(host="pi.hole:443", ssl=True),
        _own_integration(host="proxy:80", location="dns/admin"),
        _own_integration(host="pi.hole:443", ssl=True, location="elsewhere/../admin"),
        _own_integration(host="no address"),
        MockConfigEntry(domain="pi_hole", data={}, source=SOURCE_IGNORE),
    ):
        entry.add_to_hass(hass)

    await flow.begin()

    select = _offered(flow)["select"]
    assert isinstance(select, dict)
    assert select["options"] == [sim.url, "https://pi.hole", "http://proxy/dns"]
    await flow.enter_address(sim.url)
    await flow.enter(password=PASSWORD)
    assert flow.added[CONF_URL] == sim.url


async def test_another_address_than_the_offered_ones_can_be_typed(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    _own_integration().add_to_hass(hass)
    await flow.begin()

    await flow.enter_address(f"{sim.url}/admin")

    assert flow.at == ("password", {})


async def test_what_is_set_up_already_is_not_offered(hass: HomeAssistant, flow: Flow) -> None:
    _own_integration().add_to_hass(hass)
    MockConfigEntry(domain=DOMAIN, data={CONF_URL: "http://192.168.1.2"}).add_to_hass(hass)

    await flow.begin()

    assert _offered(flow).keys() == {"text"}


async def test_a_pihole_of_home_assistants_own_integration_is_filled_in_with_its_certificate(
    hass: HomeAssistant, flow: Flow
) -> None:
    _own_integration(host="pi.hole:443", ssl=True, verify_ssl=False).add_to_hass(hass)

    await flow.begin()

    assert flow.suggested == {CONF_URL: "https://pi.hole", CONF_VERIFY_SSL: False}


def _known(sim: Simulator, password: str) -> MockConfigEntry:
    return _own_integration(host=f"127.0.0.1:{sim.port}", api_key=password)


async def test_the_password_of_home_assistants_own_integration_is_used_if_the_user_agrees(
    hass: HomeAssistant, flow: Flow, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    _known(sim, APP_PASSWORD).add_to_hass(hass)
    await flow.begin()
    shown = [repr(flow.result)]

    await flow.enter_address(sim.url)
    shown.append(repr(flow.result))
    assert flow.menu == ("known_password", ["use_known_password", "password"])
    assert flow.placeholders["address"] == sim.url
    assert sim.logins == 0, "it was not used unasked"
    await flow.choose("use_known_password")

    assert flow.added[CONF_PASSWORD] == APP_PASSWORD
    await flow.settle()
    assert sim.sessions == []
    assert APP_PASSWORD not in "".join([*shown, caplog.text])


async def test_an_app_password_is_entered_instead_of_the_known_one(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    _known(sim, PASSWORD).add_to_hass(hass)
    await flow.begin()
    await flow.enter_address(sim.url)

    await flow.choose("password")
    assert flow.at == ("password", {})
    assert flow.suggested == {}
    assert PASSWORD not in repr(flow.result)
    await flow.enter(password=APP_PASSWORD)

    assert flow.added[CONF_PASSWORD] == APP_PASSWORD


@pytest.mark.usefixtures("unlimited_logins")
async def test_when_the_known_password_is_wrong_another_one_is_asked_for(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    _known(sim, "not any more").add_to_hass(hass)
    await flow.begin()
    await flow.enter_address(sim.url)

    await flow.choose("use_known_password")
    assert flow.at == ("password", {CONF_PASSWORD: "wrong_password"})
    assert flow.suggested == {}
    assert "not any more" not in repr(flow.result)
    await flow.enter(password=PASSWORD)

    assert flow.added[CONF_PASSWORD] == PASSWORD


async def test_with_2fa_no_known_password_is_offered(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    sim.change_credentials(
        Credentials(password=PASSWORD, app_password=APP_PASSWORD, totp_secret=TOTP_SECRET)
    )
    _known(sim, PASSWORD).add_to_hass(hass)
    await flow.begin()

    await flow.enter_address(sim.url)

    assert flow.at == ("password", {})


@pytest.mark.parametrize(
    ("host", "password"),
    [("127.0.0.1:{port}", ""), ("127.0.0.1:1", PASSWORD), ("localhost:{port}", PASSWORD)],
    ids=["none", "another port", "another name"],
)
async def test_a_password_is_offered_for_no_other_address_than_the_one_it_is_known_for(
    hass: HomeAssistant, flow: Flow, sim: Simulator, host: str, password: str
) -> None:
    _own_integration(host=host.format(port=sim.port), api_key=password).add_to_hass(hass)
    await flow.begin()

    await flow.enter_address(sim.url)

    assert flow.at == ("password", {})


async def test_a_known_password_that_was_removed_meanwhile_is_asked_for(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    known = _known(sim, PASSWORD)
    known.add_to_hass(hass)
    await flow.begin()
    await flow.enter_address(sim.url)
    hass.config_entries.async_update_entry(known, data={**known.data, "api_key": ""})

    await flow.choose("use_known_password")

    assert flow.at == ("password", {})
    assert sim.logins == 0


async def test_a_button_says_next_where_another_step_follows(
    hass: HomeAssistant, flow: Flow, sim: Simulator
) -> None:
    assert flow.result["last_step"] is False
    await flow.enter_address("")
    assert flow.result["last_step"] is False

    await flow.enter_address(sim.url)

    assert flow.result["last_step"] is True
    assert flow.placeholders["settings"] == f"{sim.url}/admin/settings/api"
