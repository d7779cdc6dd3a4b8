"""A few of the trials in `hostile.py`, and whether they notice."""

import pytest

from .hostile import Outcome, judge, try_cases
from .hostile_cases import CASES

REDIRECT = "a place to go to on this machine"


@pytest.mark.usefixtures("socket_enabled")
async def test_what_is_meant_to_hurt_costs_little_and_touches_nothing() -> None:
    finding = await try_cases(
        [
            REDIRECT,
            "a member called '../bait'",
            "an answer packed from 300 megabytes",
            "members that lie in each other",
        ]
    )

    assert finding.failures == []


@pytest.mark.parametrize(
    ("outcome", "complaints"),
    [
        (Outcome(key="redirected", seconds=1, megabytes=1), 0),
        (Outcome(key="wrong_password"), 1),
        (Outcome(key=None), 1),
        (Outcome(key="redirected", seconds=31), 1),
        (Outcome(key="redirected", megabytes=101), 1),
        (Outcome(key="redirected", seen=["open '/etc/passwd'"]), 1),
    ],
    ids=["good", "another sentence", "no sentence", "slow", "large", "curious"],
)
def test_the_trial_notices_a_sentence_that_does_not_fit_time_memory_and_acts(
    outcome: Outcome, complaints: int
) -> None:
    assert len(judge(CASES[REDIRECT], outcome)) == complaints
