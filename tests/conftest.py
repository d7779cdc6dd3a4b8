from asyncio import AbstractEventLoop, BaseEventLoop, constants, format_helpers
from collections.abc import AsyncIterator
from dataclasses import replace
import logging
import os
import sys
import traceback
from traceback import FrameSummary, StackSummary
from types import FrameType

import aiohttp
from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components  # noqa: F401 - before Home Assistant looks for its own folder of that name
from custom_components.pihole_checkpoint.const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from custom_components.pihole_checkpoint.engine.pihole import limits
from custom_components.pihole_checkpoint.engine.repository import catching_up
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from pihole_simulator import Simulator, tls
from tests.support.home import AddPihole, Home, enable_as_before
from tests.support.options import pytest_addoption
from tests.support.passwords import APP_PASSWORD, PASSWORD
from tests.support.timings import give_silent_dns_up

__all__ = ["pytest_addoption"]

# A busy machine is no finding. CI tries the same examples each time.
settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("project")

# `cryptography` keeps the class datetime that it meets first. Within a test whose clock is stopped
# that is another class, and no later test of the process could make a certificate.
tls.out_of_the_box()

# In its debug mode asyncio keeps where everything was made: of futures the whole stack, of all else
# ten frames, with their lines. That took half of the tests' time; two frames, whose lines are read
# when they are shown, take little.
vars(constants)["DEBUG_STACK_DEPTH"] = 2


def _extract_two_frames(f: FrameType | None = None, limit: int | None = None) -> StackSummary:
    inner = f or sys._getframe(1)  # noqa: SLF001 - as the original does
    return StackSummary(
        [
            FrameSummary(
                frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, lookup_line=False
            )
            for frame in (inner.f_back, inner)
            if frame is not None
        ]
    )


# asyncio's C code has the function itself, and not its name.
traceback.extract_stack.__code__ = _extract_two_frames.__code__
vars(format_helpers)["extract_stack"] = traceback.extract_stack

# Before each call it also looks whether a coroutine function is to be called. That would never be
# awaited, which is an error anyway.
setattr(BaseEventLoop, "_check_callback", lambda *_: None)  # noqa: B010 - it is private

# Home Assistant's tests have every statement logged.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def integration_can_be_loaded(request: pytest.FixtureRequest) -> None:
    if "hass" in request.fixturenames:
        if "recorder_mock" in request.fixturenames:
            request.getfixturevalue("recorder_mock")  # it refuses to come after `hass`
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def no_wait_between_logins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no wait for what passes: tests move the simulator's clock, and `test_moments` waits."""
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, login_retry=0.0, moment=0.0))


@pytest.fixture(autouse=True)
def no_long_wait_for_a_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the DNS up soon: what a simulated Pi-hole's settings say is this machine's own port."""
    give_silent_dns_up(monkeypatch)


@pytest.fixture(autouse=True)
def a_look_at_a_folder_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take in with one look, on a busy machine too, all that is in a folder."""
    monkeypatch.setattr(catching_up, "STEP_SECONDS", 60.0)


@pytest.fixture
async def sim(request: pytest.FixtureRequest, socket_enabled: None) -> AsyncIterator[Simulator]:
    """Give a Pi-hole of the newest version, or of the one that an indirect parameter names."""
    version = getattr(request, "param", "6.4")
    async with Simulator(
        password=PASSWORD, app_password=APP_PASSWORD, version=version
    ) as simulator:
        yield simulator


@pytest.fixture
async def http(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def something_changes_all_the_time(sim: Simulator) -> None:
    """Have a reason to store every backup of the Pi-hole."""
    sim.pihole.restless = True


@pytest.fixture
def refused_handshakes_are_fine(hass: HomeAssistant) -> None:
    """Let clients refuse a certificate: asyncio reports that as the server's failure."""
    strict = hass.loop.get_exception_handler()

    def handler(loop: AbstractEventLoop, context: dict[str, object]) -> None:
        if context["message"] != "Error on transport creation for incoming connection" and strict:
            strict(loop, context)

    hass.loop.set_exception_handler(handler)


@pytest.fixture
def add_pihole(hass: HomeAssistant) -> AddPihole:
    async def add(
        url: str, *, password: str = APP_PASSWORD, folder: str = "kitchen", title: str = "Kitchen"
    ) -> Home:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=title,
            data={
                CONF_URL: url,
                CONF_VERIFY_SSL: True,
                CONF_PASSWORD: password,
                CONF_FOLDER: folder,
                CONF_VERSIONS: {"core": None, "web": None, "ftl": None},
            },
        )
        entry.add_to_hass(hass)
        enable_as_before(hass, entry)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return Home(hass=hass, entry=entry)

    return add


@pytest.fixture
async def home(add_pihole: AddPihole, sim: Simulator) -> Home:
    return await add_pihole(sim.url)
