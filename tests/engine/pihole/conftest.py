from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.limits import Timings
from custom_components.pihole_checkpoint.engine.pihole.session import PiholeSession
from pihole_simulator import Simulator
from tests.support.passwords import APP_PASSWORD, PASSWORD

VERSIONS = ("6.0", "6.2", "6.3", "6.4")
TIMINGS = Timings(busy=2.0, busy_retry=0.01)


@pytest.fixture(params=VERSIONS)
async def pihole(request: pytest.FixtureRequest, socket_enabled: None) -> AsyncIterator[Simulator]:
    """Give a Pi-hole of each version, in turn."""
    async with Simulator(
        password=PASSWORD,
        app_password=APP_PASSWORD,
        version=request.param,
        forced={"webserver.api.temp.limit": 61.0},
    ) as simulator:
        yield simulator


@pytest.fixture
async def session(http: aiohttp.ClientSession, pihole: Simulator) -> AsyncIterator[PiholeSession]:
    """Be logged in to it."""
    client = PiholeClient(http, URL(pihole.url), PASSWORD, timings=TIMINGS)
    async with client.session() as session:
        yield session


@pytest.fixture
async def impatient(http: aiohttp.ClientSession, pihole: Simulator) -> AsyncIterator[PiholeSession]:
    """Be logged in to it, and soon give up what it refuses while it is busy."""
    timings = replace(TIMINGS, busy=0.2)
    async with PiholeClient(http, URL(pihole.url), PASSWORD, timings=timings).session() as session:
        yield session


@pytest.fixture
async def app_session(
    http: aiohttp.ClientSession, pihole: Simulator
) -> AsyncIterator[PiholeSession]:
    """Be logged in to it with an app password."""
    client = PiholeClient(http, URL(pihole.url), APP_PASSWORD, timings=TIMINGS)
    async with client.session() as session:
        yield session
