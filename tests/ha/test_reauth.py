import pytest

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState, current_entry
from homeassistant.const import CONF_PASSWORD, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pihole_simulator import Credentials, Simulator, faults
from tests.support.flows import Flow
from tests.support.home import AddPihole, Home
from tests.support.passwords import APP_PASSWORD, NEW_PASSWORD, PASSWORD, TOTP_SECRET


@pytest.fixture
async def flow(hass: HomeAssistant, home: Home, sim: Simulator) -> Flow:
    """Have the password changed on the Pi-hole, and Home Assistant ask for the new one."""
    sim.change_credentials(Credentials(password=NEW_PASSWORD))
    home.entry.async_start_reauth(hass)
    await hass.async_block_till_done()
    [asked] = hass.config_entries.flow.async_progress()
    assert asked["context"]["source"] == SOURCE_REAUTH
    flow = Flow(hass)
    flow.result = asked
    return flow


async def test_the_new_password_is_asked_for_and_taken(
    hass: HomeAssistant, home: Home, flow: Flow, sim: Simulator
) -> None:
    assert flow.result["step_id"] == "reauth_confirm"
    before = dict(home.entry.data)

    await flow.enter(password=NEW_PASSWORD)
    await hass.async_block_till_done()

    assert flow.ended == "reauth_successful"
    assert home.entry.data == before | {CONF_PASSWORD: NEW_PASSWORD}
    assert home.entry.state is ConfigEntryState.LOADED
    assert sim.sessions == []
    await home.press()
    assert home.count == 1


async def test_a_wrong_new_password_is_reported_and_changes_nothing(home: Home, flow: Flow) -> None:
    await flow.enter(password="wrong")

    assert flow.at == ("reauth_confirm", {CONF_PASSWORD: "wrong_password"})
    assert flow.suggested == {}
    assert home.entry.data[CONF_PASSWORD] == APP_PASSWORD

    await flow.enter(password=NEW_PASSWORD)
    assert flow.ended == "reauth_successful"


async def test_with_2fa_turned_on_an_app_password_is_asked_for(
    home: Home, flow: Flow, sim: Simulator
) -> None:
    sim.change_credentials(
        Credentials(password=NEW_PASSWORD, app_password="app", totp_secret=TOTP_SECRET)
    )

    await flow.enter(password=NEW_PASSWORD)

    assert flow.at == ("reauth_confirm", {CONF_PASSWORD: "totp_required"})
    assert flow.placeholders["hint"] == ""


async def test_a_pihole_that_does_not_answer_while_one_logs_in_again_is_reported(
    home: Home, flow: Flow, sim: Simulator
) -> None:
    sim.faults.always("everything", faults.redirect("https://pi.hole"))

    await flow.enter(password=NEW_PASSWORD)

    assert flow.at == ("reauth_confirm", {"base": "redirected"})
    assert home.entry.data[CONF_PASSWORD] == APP_PASSWORD


@pytest.mark.parametrize("typed", [{}, {"password": PASSWORD}])
async def test_no_password_is_kept_for_a_pihole_that_has_none_any_more(
    hass: HomeAssistant, home: Home, flow: Flow, sim: Simulator, typed: dict[str, object]
) -> None:
    sim.change_credentials(Credentials(password=""))

    await flow.enter(**typed)
    await hass.async_block_till_done()

    assert flow.ended == "reauth_successful"
    assert home.entry.data[CONF_PASSWORD] == ""
    await home.press()
    assert home.count == 1


async def test_however_often_one_tries_nothing_stays_behind_until_home_assistant_stops(
    hass: HomeAssistant, flow: Flow
) -> None:
    await flow.enter(password="wrong")
    before = hass.bus.async_listeners()[EVENT_HOMEASSISTANT_CLOSE]

    for _ in range(3):
        await flow.enter(password="wrong")

    assert hass.bus.async_listeners()[EVENT_HOMEASSISTANT_CLOSE] == before


async def test_one_can_log_in_again_after_an_entry_that_began_it_was_unloaded(
    hass: HomeAssistant, home: Home, flow: Flow
) -> None:
    """Home Assistant ends the connections that were begun on behalf of an entry with it."""
    token = current_entry.set(home.entry)
    await flow.enter(password="wrong")
    current_entry.reset(token)
    await hass.config_entries.async_unload(home.entry.entry_id)

    await flow.enter(password=NEW_PASSWORD)

    assert flow.ended == "reauth_successful"


async def test_a_pihole_that_has_a_password_now_and_had_none_is_not_said_to_be_typed_wrong(
    hass: HomeAssistant, add_pihole: AddPihole, socket_enabled: None
) -> None:
    async with Simulator(password="") as sim:
        home = await add_pihole(sim.url, password="")
        await home.press()
        sim.change_credentials(Credentials(password=NEW_PASSWORD))
        with pytest.raises(HomeAssistantError, match="requires a password"):
            await home.press()
        await hass.async_block_till_done()
        [asked] = hass.config_entries.flow.async_progress()
        flow = Flow(hass)
        flow.result = asked
        await flow.enter()
        assert flow.at == ("reauth_confirm", {CONF_PASSWORD: "password_needed"})
        assert flow.placeholders["hint"] == "The Pi-hole had no password and has one now. "
        await flow.enter(password="wrong")
        assert flow.at == ("reauth_confirm", {CONF_PASSWORD: "wrong_password"})
        await flow.enter(password=NEW_PASSWORD)
        await hass.async_block_till_done()

        assert flow.ended == "reauth_successful"
        await home.press()
        assert home.count == 2
