"""Who is asked, what is expected, and the count of both."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NoReturn

import pytest

from . import expectations
from .items import Items
from .pihole import Host, Pihole
from .real import RealPihole
from .simulated import SimulatedPihole

_HERE: Final = Path(__file__).parent
_REAL: Final = pytest.StashKey[RealPihole]()
_OUTCOME: Final = "conformance"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask the simulator once as each version, a real Pi-hole as what it is."""
    if "version" in metafunc.fixturenames:
        real = metafunc.config.getoption("--pihole-url") is not None
        metafunc.parametrize("version", ["real"] if real else expectations.VERSIONS)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Log out of a real Pi-hole."""
    if (pihole := session.config.stash.get(_REAL, None)) is not None:
        asyncio.run(pihole.log_out())


@pytest.fixture
async def pihole(
    version: str, pytestconfig: pytest.Config, socket_enabled: None
) -> AsyncIterator[Pihole]:
    """Give the Pi-hole to ask; what a question changes on it is put back."""
    if version == "real":
        real = await _real_pihole(pytestconfig)
        yield real
        await real.put_back()
    else:
        # The debug mode of the tests' loops writes down where each of thousands of requests began.
        asyncio.get_running_loop().set_debug(False)
        async with SimulatedPihole.started(version) as simulated:
            yield simulated


async def _real_pihole(config: pytest.Config) -> RealPihole:
    if (known := config.stash.get(_REAL, None)) is not None:
        return known
    root = config.getoption("--pihole-root")
    pihole = RealPihole(
        config.getoption("--pihole-url"),
        config.getoption("--pihole-password") or "",
        Path(root) if root else None,
    )
    await pihole.remember()
    config.stash[_REAL] = pihole
    return pihole


class Expect:
    """One question: its answer is compared, or recorded, or it cannot be asked here."""

    def __init__(self, request: pytest.FixtureRequest, pihole: Pihole) -> None:
        self._node = request.node
        self._area = request.path.stem.removeprefix("test_")
        self._question = request.node.originalname.removeprefix("test_").replace("_", " ")
        self._pihole = pihole
        self._recording = request.config.getoption("--record-answers")
        self._count("different")  # until it is known to be equal

    def __call__(self, answer: object) -> None:
        """Compare what was answered with what this version answers."""
        version, plain = self._pihole.version, expectations.as_plain(answer)
        if self._recording and isinstance(self._pihole, RealPihole):
            expectations.record(self._area, self._question, version, plain)
        assert plain == expectations.expected(self._area, self._question, version)
        self._count("equal")

    def cannot_be_asked(self, reason: str) -> NoReturn:
        """Leave a question out, and count it as not asked."""
        self._count("not asked")
        pytest.skip(f"not asked: {reason}")

    def _count(self, outcome: str) -> None:
        who = "real" if isinstance(self._pihole, RealPihole) else "simulator"
        self._node.user_properties[:] = [(_OUTCOME, f"{who} {self._pihole.version}|{outcome}")]


@pytest.fixture
def expect(request: pytest.FixtureRequest, pihole: Pihole) -> Expect:
    """Give what compares the answer to the question that the test's name asks."""
    return Expect(request, pihole)


@pytest.fixture
def host(pihole: Pihole, expect: Expect) -> Host:
    """Give the hands on the Pi-hole's host."""
    return pihole.host or expect.cannot_be_asked("it needs --pihole-root")


@pytest.fixture
def items(pihole: Pihole) -> Items:
    """Give the groups, lists, domains and clients."""
    return Items(pihole)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say of each version how many questions were asked, and how many answers were equal."""
    counts: dict[str, Counter[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == _OUTCOME and report.when == "teardown":
                    who, _, outcome = value.partition("|")
                    counts.setdefault(who, Counter())[outcome] += 1
    for who, count in sorted(counts.items()):
        asked = count["equal"] + count["different"]
        terminalreporter.write_line(
            f"conformance of {who}: {asked} asked, {count['equal']} equal,"
            f" {count['not asked']} not asked"
        )
