"""A few of the trials in scripts/soaking/network.py, and whether they would tell."""

from random import Random

import pytest

from custom_components.pihole_checkpoint.engine.pihole import login
from custom_components.pihole_checkpoint.engine.pihole.session import PiholeSession
from custom_components.pihole_checkpoint.engine.repository.staging import StagedArchive
from scripts.soaking.network_backups import PLACES, Places, try_backups
from scripts.soaking.network_restores import try_restores
from scripts.soaking.strike import make_plan

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_whatever_goes_wrong_on_the_way_a_backup_is_whole_or_not_there() -> None:
    [finding] = await try_backups(seed=5, count=12)

    assert finding.failures == ()
    assert finding.tried == 12


async def test_whatever_goes_wrong_on_the_way_a_restore_says_what_is_true() -> None:
    [finding] = await try_restores(seed=5, count=5)

    assert finding.failures == ()
    assert finding.tried == 5


async def test_the_trial_tells_of_a_session_that_stays_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def forget(_session: PiholeSession) -> None:
        """Leave the session to itself."""

    monkeypatch.setattr(login, "log_out", forget)

    [finding] = await try_backups(seed=5, count=1)

    assert "1 sessions are open" in finding.failures[0]


async def test_the_trial_tells_of_a_file_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StagedArchive, "discard", StagedArchive.close)  # and no more than that

    [finding] = await try_backups(seed=5, count=5)

    assert any("something was left in the store" in failure for failure in finding.failures)


def test_a_plan_is_the_same_for_the_same_seed() -> None:
    def plans(seed: int, places: Places = PLACES) -> list[str]:
        random = Random(seed)  # noqa: S311 - a trial
        return [str(strike) for _ in range(50) for strike in make_plan(random, places)]

    assert plans(1) == plans(1)
    assert plans(1) != plans(2)
