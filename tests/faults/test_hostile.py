"""A few of the trials in scripts/soaking/hostile.py, and whether they would tell."""

from dataclasses import replace

import pytest

from scripts.soaking import hostile
from scripts.soaking.hostile import try_cases
from scripts.soaking.hostile_cases import CASES

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.parametrize(
    "name",
    [
        "a member called '../bait'",
        "a place to go to on this machine",
        "an answer packed from 300 megabytes",
        "members that lie in each other",
    ],
)
async def test_what_is_meant_to_hurt_costs_little_and_touches_nothing(name: str) -> None:
    finding = await try_cases([name])

    assert finding.failures == ()


async def test_the_trial_tells_of_a_sentence_that_does_not_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "a place to go to on this machine"
    monkeypatch.setattr(hostile, "CASES", {name: replace(CASES[name], fitting=frozenset())})

    finding = await try_cases([name])

    assert "redirected is told of" in finding.failures[0]
