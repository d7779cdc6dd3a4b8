"""What all work with one Pi-hole shares."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from homeassistant.core import HomeAssistant

from ..data import BackupEvent
from ..engine.repository.gate import WriteGate
from ..engine.repository.repository import Repository
from ..options import Options
from .jobs import Jobs
from .pihole import Pihole
from .progress import Progress
from .storage import PersistentState


class Publish(Protocol):
    """Says that something has changed of what this package knows, and what happened."""

    def __call__(self, *events: BackupEvent) -> None:
        """Let entities show it, and fire the events then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What all work with one Pi-hole shares."""

    hass: HomeAssistant
    title: str
    options: Options
    pihole: Pihole
    repository: Repository
    gate: WriteGate
    """Of all repositories; closed in a freeze."""
    state: PersistentState
    jobs: Jobs
    progress: Progress
    publish: Publish
    catch_unexpected: Callable[[], AbstractContextManager[None]]
    """Logs an unexpected exception and raises `Unexpected` instead."""
    in_use: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by what uses the Pi-hole, or brings in an archive: one thing at a time."""
