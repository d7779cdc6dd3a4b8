"""A few of the trials in `network.py`, and whether they notice."""

from random import Random

import pytest

from . import hooks
from .network import BACKUPS, try_backups, try_live_restores, try_restores
from .strikes import make_plan

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_faults_on_the_way_leave_a_whole_backup_or_none() -> None:
    finding = await try_backups(seed=5, count=12)

    assert finding.failures == []
    assert finding.tried == 12


async def test_faults_on_the_way_leave_a_restore_that_says_what_is_true() -> None:
    finding = await try_restores(seed=5, count=5)

    assert finding.failures == []
    assert finding.tried == 5


async def test_faults_on_the_way_leave_a_live_restore_that_says_what_is_true() -> None:
    finding = await try_live_restores(seed=5, count=8)

    assert finding.failures == []
    assert finding.tried == 8


@pytest.mark.parametrize(
    ("bug", "complaint"),
    [("session", "1 sessions are open"), ("leftovers", "something was left in the folder")],
)
async def test_the_trial_notices_what_is_left(bug: hooks.Bug, complaint: str) -> None:
    with hooks.bug(bug):
        finding = await try_backups(seed=5, count=5)

    assert any(complaint in failure for failure in finding.failures)


def test_a_plan_is_the_same_for_the_same_seed() -> None:
    def plans(seed: int) -> list[str]:
        random = Random(seed)  # noqa: S311 - a trial
        return [str(strike) for _ in range(50) for strike in make_plan(random, BACKUPS)]

    assert plans(1) == plans(1)
    assert plans(1) != plans(2)
