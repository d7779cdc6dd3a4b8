"""A few of the trials in scripts/soaking/hostile.py, and whether they would tell."""

import pytest

from scripts.soaking.hostile import Outcome, judge, try_cases
from scripts.soaking.hostile_cases import CASES

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

    assert finding.failures == ()


@pytest.mark.parametrize(
    ("key", "seconds", "megabytes", "complaints"),
    [
        ("redirected", 1, 1, 0),
        ("wrong_password", 1, 1, 1),
        (None, 1, 1, 1),
        ("redirected", 31, 1, 1),
        ("redirected", 1, 101, 1),
    ],
    ids=["good", "another sentence", "no sentence", "slow", "large"],
)
def test_the_trial_tells_of_a_sentence_that_does_not_fit_and_of_time_and_memory(
    key: str | None, seconds: float, megabytes: int, complaints: int
) -> None:
    outcome = Outcome(key=key, seconds=seconds, megabytes=megabytes, most=200, seen=[], records=0)

    assert len(judge(CASES[REDIRECT], outcome)) == complaints
