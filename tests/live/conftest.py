"""A real Pi-hole, and a Home Assistant of our own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from scripts.in_browser.house import House, house
from tests.conformance.pihole import Host
from tests.conformance.real import RealPihole

from .holdings import Held, change, fill, held
from .kitchen import Kitchen, Record

type AddPihole = Callable[..., Awaitable[Kitchen]]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave them out, and say so, where there is no Pi-hole or these are not what was asked for."""
    if config.pluginmanager.hasplugin("homeassistant"):
        reason = "they are run by themselves: scripts/test tests/live"
    elif config.getoption("--pihole-url") is None:
        reason = "--pihole-url names no Pi-hole that may be changed"
    else:
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason))


@pytest.fixture(scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    with pytest.MonkeyPatch.context() as environment:
        # Uploads are in there, and go at the end of any Home Assistant that has the same folder.
        environment.setenv("TMPDIR", str(tmp_path_factory.mktemp("tmp")))
        async with house(tmp_path_factory.mktemp("house")) as built:
            yield built
            # What a user sees is tested elsewhere; this is about what nobody expected.
            assert not [
                line for line in built.home.errors() if "Error during service call" not in line
            ]


@pytest.fixture(scope="session")
async def remembered(pytestconfig: pytest.Config) -> AsyncIterator[RealPihole]:
    root = pytestconfig.getoption("--pihole-root")
    pihole = RealPihole(
        pytestconfig.getoption("--pihole-url"),
        pytestconfig.getoption("--pihole-password") or "",
        Path(root) if root else None,
    )
    await pihole.remember()
    yield pihole
    await pihole.log_out()


@pytest.fixture
async def pihole(remembered: RealPihole) -> AsyncIterator[RealPihole]:
    """Give the Pi-hole; see that nobody is left logged in, and put it back to what it was."""
    yield remembered
    left = await _sessions_of_home_assistant(remembered)
    await remembered.put_back()
    assert not left


async def _sessions_of_home_assistant(pihole: RealPihole) -> list[object]:
    await pihole.is_back()
    answer = await pihole.ask("GET", "api/auth/sessions")
    sessions = cast("list[dict[str, object]]", answer.json["sessions"])
    return [session for session in sessions if "HomeAssistant" in str(session["user_agent"])]


@pytest.fixture
def host(pihole: RealPihole) -> Host:
    """Give the hands on the Pi-hole's host."""
    return pihole.host or pytest.skip("it needs --pihole-root")


@pytest.fixture
async def add(home: House, pihole: RealPihole) -> AsyncIterator[AddPihole]:
    """Give what adds the Pi-hole by the config flow; it is removed in the end."""
    added: list[Kitchen] = []

    async def add(url: object, password: str | None = None, *, verify_ssl: bool = True) -> Kitchen:
        typed = pihole.password if password is None else password
        entry_id = await home.add_pihole(str(url), typed, verify_ssl=verify_ssl)
        added.append(await Kitchen.of(home, entry_id))
        return added[-1]

    yield add
    for kitchen in added:
        await kitchen.leave()


@pytest.fixture
async def kitchen(add: AddPihole, pihole: RealPihole) -> Kitchen:
    return await add(pihole.url)


@dataclass(kw_only=True)
class Past:
    """A backup, and what has become of the Pi-hole since."""

    record: Record
    before: Held
    now: Held


@asynccontextmanager
async def a_past(kitchen: Kitchen, pihole: RealPihole) -> AsyncIterator[Past]:
    """Back the Pi-hole up, and change it."""
    async with pihole.lists() as lists:
        await fill(pihole, lists.url)
        before = await held(pihole)
        record = await kitchen.back_up()
        await change(pihole, lists.url)
        yield Past(record=record, before=before, now=await held(pihole))


@pytest.fixture
async def past(kitchen: Kitchen, pihole: RealPihole) -> AsyncIterator[Past]:
    async with a_past(kitchen, pihole) as made:
        yield made
