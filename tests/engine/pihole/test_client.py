from collections.abc import AsyncIterator

import aiohttp
import pytest
from yarl import URL

from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.pihole.errors import AnswerTimeout, NotAPihole
from custom_components.pihole_checkpoint.engine.pihole.limits import Sizes, Timings
from pihole_simulator import Simulator
from tests.support.passwords import PASSWORD


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def test_a_client_waits_for_an_answer_no_longer_than_its_timings_say(
    http: aiohttp.ClientSession, sim: Simulator
) -> None:
    await PiholeClient(http, URL(sim.url), timings=Timings(request=60)).probe()

    with pytest.raises(AnswerTimeout):
        await PiholeClient(http, URL(sim.url), timings=Timings(request=0)).probe()


async def test_a_client_reads_no_more_of_an_answer_than_its_sizes_say(
    http: aiohttp.ClientSession, sim: Simulator
) -> None:
    await PiholeClient(http, URL(sim.url), sizes=Sizes(json=1000)).probe()

    with pytest.raises(NotAPihole):
        await PiholeClient(http, URL(sim.url), sizes=Sizes(json=10)).probe()


async def test_a_session_has_its_secret_removed_from_what_may_be_shown_until_it_is_closed(
    http: aiohttp.ClientSession, sim: Simulator
) -> None:
    client = PiholeClient(http, URL(sim.url), PASSWORD)

    async with client.session() as session:
        sid = session.sid
        assert client.secrets == {PASSWORD, sid}

    assert client.secrets == {PASSWORD}
    assert sim.sessions == []
