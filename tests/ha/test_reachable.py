"""Reachable means the same in a poll, a backup, a comparison and a restore."""

from collections.abc import Awaitable, Callable

import pytest

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.exceptions import HomeAssistantError
from pihole_simulator import Credentials, Fault, Simulator, faults
from tests.support.home import Home

pytestmark = pytest.mark.usefixtures("unlimited_logins")

type MakeFault = Callable[[], Fault]
type FindOut = Callable[[Home], Awaitable[str]]

AN_ANSWER: list[MakeFault] = [
    lambda: faults.error(500, "internal_error", "Cannot do it"),
    lambda: faults.error(403, "forbidden", "Forbidden"),
    lambda: faults.error(429, "api_seats_exceeded", "API seats exceeded"),
]
NO_ANSWER: list[MakeFault] = [
    faults.html,
    lambda: faults.html("Bad Gateway", 502),
    lambda: faults.json({"detail": "Too many requests"}, 429),
    lambda: faults.redirect("https://elsewhere.example"),
    faults.drop,
    lambda: faults.raw(b"SSH-2.0-OpenSSH_10.0\r\n"),
]


async def settle(home: Home) -> str:
    await home.hass.async_block_till_done(wait_background_tasks=True)
    return home.state("reachable").state


async def be_away(home: Home, sim: Simulator) -> None:
    """Let the Pi-hole be off for a poll."""
    await sim.stop()
    assert await poll(home) == STATE_OFF
    await sim.start()


async def poll(home: Home) -> str:
    await home.poll()
    return await settle(home)


async def back_up(home: Home) -> str:
    await home.fail_to_back_up()
    return await settle(home)


async def compare(home: Home) -> str:
    return await fail_to("compare", home)


async def restore(home: Home) -> str:
    return await fail_to("restore", home)


async def fail_to(action: str, home: Home) -> str:
    [record] = await home.backups()
    with pytest.raises(HomeAssistantError):
        await home.call(action, config_entry_id=home.entry.entry_id, backup_id=record["id"])
    return await settle(home)


in_each_way = pytest.mark.parametrize("find_out", [poll, back_up, compare, restore])


@in_each_way
@pytest.mark.parametrize("fault", AN_ANSWER)
async def test_a_pihole_that_refuses_is_reachable(
    home: Home, sim: Simulator, fault: MakeFault, find_out: FindOut
) -> None:
    await home.press()
    await be_away(home, sim)
    sim.faults.always("everything", fault())

    assert await find_out(home) == STATE_ON


@in_each_way
@pytest.mark.parametrize("fault", NO_ANSWER)
async def test_a_pihole_without_an_answer_of_its_own_is_not_reachable(
    home: Home, sim: Simulator, fault: MakeFault, find_out: FindOut
) -> None:
    await home.press()
    sim.faults.always("everything", fault())
    assert home.state("reachable").state == STATE_ON

    assert await find_out(home) == STATE_OFF
    sim.faults.clear()
    await home.press()
    assert home.state("reachable").state == STATE_ON


@in_each_way
async def test_a_pihole_that_is_off_is_not_reachable(
    home: Home, sim: Simulator, find_out: FindOut
) -> None:
    await home.press()
    await sim.stop()

    assert await find_out(home) == STATE_OFF
    await sim.start()


@pytest.mark.parametrize("find_out", [back_up, compare, restore])
async def test_a_pihole_with_another_password_is_reachable(
    home: Home, sim: Simulator, find_out: FindOut
) -> None:
    await home.press()
    await be_away(home, sim)
    sim.change_credentials(Credentials(password="another"))

    assert await find_out(home) == STATE_ON


@pytest.mark.parametrize(
    "fault", [lambda: faults.cut(100), faults.drop, lambda: faults.html(status=413)]
)
async def test_an_export_that_breaks_off_is_no_sign_that_the_pihole_is_away(
    home: Home, sim: Simulator, fault: MakeFault
) -> None:
    sim.faults.always("export", fault())

    assert await back_up(home) == STATE_ON
    assert await poll(home) == STATE_ON


async def test_a_restore_that_succeeds_shows_that_the_pihole_is_reachable(
    home: Home, sim: Simulator
) -> None:
    sim.pihole.settings["webserver.api.app_sudo"] = True
    await home.press()
    await be_away(home, sim)
    [record] = await home.backups()
    await home.call(
        "restore", config_entry_id=home.entry.entry_id, backup_id=record["id"], dry_run=True
    )

    assert home.state("reachable").state == STATE_ON
