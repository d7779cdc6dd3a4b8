"""The simulator as the Pi-hole that is asked."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Literal, Self, override

from yarl import URL

from pihole_simulator import Simulator, tls
from tests.support.dns import look_up

from .lists import Lists, serve_lists
from .pihole import Host, Pihole

_CERTIFICATE = tls.out_of_the_box()
PASSWORD = "password-of-the-simulator"


class SimulatedPihole(Pihole):
    """A simulator of one version, new for each question."""

    def __init__(self, sim: Simulator, version: str) -> None:
        self.sim = sim
        self.version = version
        self.password = PASSWORD
        self.url = URL(sim.url)
        self._restarts_seen = 0

    @classmethod
    @asynccontextmanager
    async def started(cls, version: str) -> AsyncIterator[Self]:
        """Start one and log in."""
        forced = {"webserver.api.temp.limit": 61.0}
        async with Simulator(
            password=PASSWORD, version=version, also_tls=_CERTIFICATE, forced=forced
        ) as sim:
            pihole = cls(sim, version)
            pihole.sid = await pihole.session()
            yield pihole

    @property
    @override
    def tls_url(self) -> URL | None:
        return URL.build(scheme="https", host="127.0.0.1", port=self.sim.tls_port)

    @property
    @override
    def redirecting_url(self) -> URL | None:
        return URL.build(scheme="http", host="127.0.0.1", port=self.sim.redirecting_port)

    @property
    @override
    def host(self) -> Host:
        return _SimulatedHost(self.sim)

    @override
    async def restarts_now(self) -> bool:
        restarted = self.sim.restarts > self._restarts_seen
        self._restarts_seen = self.sim.restarts
        if restarted:
            await self.is_back()
        return restarted

    @override
    async def look_up(self, name: str, type_: str = "A") -> list[str]:
        return await look_up(self.sim.dns.port, name, type_)

    @override
    async def dns_sees_changes(self) -> None:
        self.sim.dns.forget_old_answers()

    @override
    def now(self) -> float:
        return self.sim.clock()

    @override
    async def wait_for_the_next_second(self) -> None:
        self.sim.clock.stop()  # or on a busy machine the second ends between two attempts
        self.sim.clock.advance(1)

    @override
    @asynccontextmanager
    async def lists(self) -> AsyncIterator[Lists]:
        async with serve_lists("127.0.0.1") as lists:
            yield lists


class _SimulatedHost(Host):
    def __init__(self, sim: Simulator) -> None:
        self._sim = sim

    @override
    @contextmanager
    def read_only_settings(self) -> Iterator[None]:
        self._sim.pihole.settings["misc.readOnly"] = True
        yield
        self._sim.pihole.settings["misc.readOnly"] = False

    @override
    @contextmanager
    def without_versions(self) -> Iterator[None]:
        versions, self._sim.pihole.versions = self._sim.pihole.versions, None
        yield
        self._sim.pihole.versions = versions

    @override
    @contextmanager
    def written_gravity(self) -> Iterator[None]:
        self._sim.gravity_is_written = True
        yield
        self._sim.gravity_is_written = False

    @override
    def locked_gravity(self) -> AbstractContextManager[None]:
        return self._gravity("locked")

    @override
    def damaged_gravity(self) -> AbstractContextManager[None]:
        return self._gravity("damaged")

    @override
    def missing_gravity(self) -> AbstractContextManager[None]:
        return self._gravity("missing")

    @contextmanager
    def _gravity(self, state: Literal["locked", "damaged", "missing"]) -> Iterator[None]:
        self._sim.gravity_file = state
        yield
        self._sim.gravity_file = "sound"
