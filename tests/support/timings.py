"""Waiting less for a simulated Pi-hole than for a real one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from custom_components.pihole_checkpoint.engine import export
from custom_components.pihole_checkpoint.engine.export import time_limit
from custom_components.pihole_checkpoint.engine.restore import exports, importing, timings
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings

SOON: Final = 0.1
"""In seconds: how long a DNS is waited for that never answers."""
SILENT_DNS_TIMINGS: Final = replace(timings.DNS_TIMINGS, settle=0.0, again=0.01, total=SOON)


def change_restore_timings(
    patch: pytest.MonkeyPatch, change: Callable[[RestoreTimings], RestoreTimings]
) -> None:
    """Have restores wait longer or shorter."""
    patch.setattr(timings, "TIMINGS", change(timings.TIMINGS))


def hurry_restores(patch: pytest.MonkeyPatch, *, dns_seconds: float | None = None) -> None:
    """Have restores look often whether the Pi-hole is back, and ask its DNS at once."""
    usually = timings.DNS_TIMINGS
    dns = replace(usually, settle=0.0, again=0.01, total=dns_seconds or usually.total)
    change_restore_timings(patch, lambda usual: replace(usual, settle=0.3, look=0.01, dns=dns))


def give_silent_dns_up(patch: pytest.MonkeyPatch) -> None:
    """Have restores wait only a moment for a DNS that never answers."""
    change_restore_timings(patch, lambda usual: replace(usual, dns=SILENT_DNS_TIMINGS))


def shorten_deadline(patch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have conversations end sooner than a user can choose."""
    for module in (export, exports, importing):
        patch.setattr(module, "time_limit", lambda _seconds: time_limit(seconds))
