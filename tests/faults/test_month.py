"""A short time of what `scripts/soak --only month` goes through for a month."""

import asyncio

import pytest

from . import month

pytestmark = [
    # A simulated Pi-hole that restarts drops the latest connections; asyncio says so when it is
    # tidied up.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.usefixtures("socket_enabled"),
    pytest.mark.timeout(300),
]


async def test_two_days_with_everything_and_all_kinds_of_trouble_leave_all_as_it_should_be() -> (
    None
):
    asyncio.get_running_loop().set_debug(False)  # it would report each jump of the clock

    findings = await month.run(seed=2, count=2)

    assert [failure for finding in findings for failure in finding.failures] == []
    assert "completed" in findings[0].detail
