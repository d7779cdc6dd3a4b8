"""Backups and restores over a network on which anything may go wrong."""

from collections.abc import Sequence

from .finding import Finding
from .network_backups import try_backups
from .network_restores import try_restores

_BACKUPS = 1000
_RESTORES = 150


async def run(seed: int, count: int | None) -> Sequence[Finding]:
    """Try fault plans, each with a random source of its own."""
    return [
        *await try_backups(seed, count or _BACKUPS),
        *await try_restores(seed, count or _RESTORES),
    ]
