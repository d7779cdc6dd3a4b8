"""Backups and restores over a network on which anything may go wrong."""

from collections.abc import Sequence

from .finding import Finding
from .network_backups import try_backups
from .network_home import try_actions, try_buttons
from .network_restores import try_restores

_BACKUPS = 1000
_RESTORES = 150
_BUTTONS = 100
_ACTIONS = 30


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Try fault plans, each with a random source of its own; `count` is the number of backups."""
    share = 1.0 if count is None else count / _BACKUPS
    return [
        *await try_backups(seed, _part(_BACKUPS, share)),
        *await try_restores(seed, _part(_RESTORES, share)),
        await try_buttons(seed, _part(_BUTTONS, share)),
        await try_actions(seed, _part(_ACTIONS, share)),
    ]


def _part(whole: int, share: float) -> int:
    return max(1, round(whole * share))
