"""A few of the trials in `clock.py`, and whether they notice."""

import pytest

from custom_components.pihole_checkpoint.engine.policy import retention

from .clock import try_lives

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_a_clock_that_is_wrong_for_two_backups_deletes_nothing_and_is_not_believed() -> None:
    finding = await try_lives(seed=8, count=3)

    assert finding.failures == []
    assert finding.tried == 3


async def test_the_trial_notices_what_a_wrong_clock_deletes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "_before_jumps", lambda *_: [])

    finding = await try_lives(seed=8, count=3)

    assert any("was deleted" in failure for failure in finding.failures)
