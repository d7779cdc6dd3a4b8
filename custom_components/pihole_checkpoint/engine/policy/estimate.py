"""How many backups a policy keeps at most, before there are so many."""

from math import ceil

from ..models import Policy

_DAYS_OF_A_WEEK = 7
_DAYS_OF_A_MONTH = 28
_DAYS_OF_A_YEAR = 365


def most_kept(policy: Policy) -> int:
    """Return about how many automatic backups the rules keep at most.

    A backup that several rules keep is counted by each, so that there are usually fewer.
    """
    return policy.last + sum(
        number if policy.max_age is None else min(number, ceil(policy.max_age.days / days) + 1)
        for number, days in (
            (policy.daily, 1),
            (policy.weekly, _DAYS_OF_A_WEEK),
            (policy.monthly, _DAYS_OF_A_MONTH),
            (policy.yearly, _DAYS_OF_A_YEAR),
        )
    )
