from asyncio import AbstractEventLoop, constants
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
import os
from pathlib import Path
import traceback
from typing import Any

from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components  # noqa: F401 - before Home Assistant looks for its own folder of that name
from custom_components.pihole_checkpoint.const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from custom_components.pihole_checkpoint.engine.pihole import limits
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util.json import JsonObjectType

from .options import pytest_addoption
from .simulator import Simulator, tls

__all__ = ["pytest_addoption"]

# A busy machine is no finding. CI tries the same examples each time.
settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("project")

# `cryptography` keeps the class datetime that it meets first. Within a test whose clock is stopped
# that is another class, and no later test of the process could make a certificate.
tls.out_of_the_box()

# In its debug mode asyncio keeps where everything was made, and reads those lines from their files:
# of futures the whole stack, of all else ten frames. That took half of the tests' time.
_FRAMES = 2
vars(constants)["DEBUG_STACK_DEPTH"] = _FRAMES
traceback.extract_stack.__defaults__ = (None, _FRAMES)

PASSWORD = "main-password-of-the-simulator"
APP_PASSWORD = "app-password-of-the-simulator"


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
    """Have no wait for a Pi-hole's next second: tests move the simulator's clock."""
    monkeypatch.setattr(limits, "TIMINGS", replace(limits.TIMINGS, login_retry=0.0))


@pytest.fixture
async def sim(socket_enabled: None) -> AsyncIterator[Simulator]:
    async with Simulator(password=PASSWORD, app_password=APP_PASSWORD) as simulator:
        yield simulator


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


@dataclass(kw_only=True)
class Home:
    """A Home Assistant with a Pi-hole set up, and what a user does and sees there."""

    hass: HomeAssistant
    entry: MockConfigEntry

    @property
    def store(self) -> Path:
        return Path(self.hass.config.path(DOMAIN, self.entry.data[CONF_FOLDER]))

    @property
    def files(self) -> set[str]:
        """Everything below the store, unfinished things too."""
        return {
            str(path.relative_to(self.store)) for path in self.store.rglob("*") if path.is_file()
        } - {".store"}

    @property
    def archives(self) -> list[Path]:
        return sorted(self.store.glob("*.zip"))

    def entity_id(self, key: str) -> str:
        registry = er.async_get(self.hass)
        unique_id = f"{self.entry.entry_id}_{key}"
        [entity_id] = [
            entry.entity_id
            for entry in er.async_entries_for_config_entry(registry, self.entry.entry_id)
            if entry.unique_id == unique_id
        ]
        return entity_id

    def state(self, key: str) -> State:
        state = self.hass.states.get(self.entity_id(key))
        assert state is not None
        return state

    @property
    def count(self) -> int:
        return int(self.state("backup_count").state)

    @property
    def last_backup(self) -> str | None:
        state = self.state("last_backup").state
        return None if state == STATE_UNKNOWN else state

    async def press(self) -> None:
        await self.hass.services.async_call(
            "button", "press", {"entity_id": self.entity_id("backup_now")}, blocking=True
        )

    async def call(self, service: str, **data: object) -> dict[str, Any]:
        """Call one of our services, and give its answer."""
        answer = await self.hass.services.async_call(
            DOMAIN, service, data, blocking=True, return_response=True
        )
        assert answer is not None
        return dict(answer)

    async def back_up(self, **data: object) -> list[JsonObjectType]:
        """Call the service, and give its records."""
        records: list[JsonObjectType] = (await self.call("backup", **data))["backups"]
        return records

    async def poll(self) -> None:
        await self.entry.runtime_data.async_refresh()
        await self.hass.async_block_till_done()

    async def move_to(self, url: str, *, verify_ssl: bool = True) -> None:
        """Let the Pi-hole be thought of at another address."""
        self.hass.config_entries.async_update_entry(
            self.entry, data={**self.entry.data, CONF_URL: url, CONF_VERIFY_SSL: verify_ssl}
        )
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done()


type AddPihole = Callable[..., Awaitable[Home]]


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
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return Home(hass=hass, entry=entry)

    return add


@pytest.fixture
async def home(add_pihole: AddPihole, sim: Simulator) -> Home:
    return await add_pihole(sim.url)
