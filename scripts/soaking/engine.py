"""The engine's operations as methods of one object, for the trials."""
# ruff: noqa: D102 - each method passes on to the operation of its name

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC
from pathlib import Path
from typing import Protocol

from custom_components.pihole_checkpoint.engine.backup import back_up
from custom_components.pihole_checkpoint.engine.export import DEADLINE_SECONDS, read_live
from custom_components.pihole_checkpoint.engine.models import BackupRecord, BackupTrigger, Policy
from custom_components.pihole_checkpoint.engine.pihole.client import PiholeClient
from custom_components.pihole_checkpoint.engine.policy.retention import Plan
from custom_components.pihole_checkpoint.engine.repository.index import Index
from custom_components.pihole_checkpoint.engine.repository.repository import Repository
from custom_components.pihole_checkpoint.engine.restore.pihole_state import answers
from custom_components.pihole_checkpoint.engine.restore.restore import (
    RestoreRequest,
    RestoreResult,
    restore,
)
from custom_components.pihole_checkpoint.engine.restore.timings import RestoreTimings
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents


class Guide(Protocol):
    """Keeps the journal of a restore."""

    async def begin(self, safety: BackupRecord) -> None:
        """Take note that the Pi-hole is changed from now on."""


class Engine:
    """A Pi-hole and its backups."""

    timings = RestoreTimings()

    def __init__(
        self,
        client: PiholeClient,
        folder: Path | Repository,
        *,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        self.client = client
        self.repository = (
            folder if isinstance(folder, Repository) else Repository(folder, lambda: UTC)
        )
        self.deadline = deadline

    @property
    def records(self) -> tuple[BackupRecord, ...]:
        return self.index.records

    @property
    def index(self) -> Index:
        return self.repository.index

    async def open(self, repository_id: str | None) -> str:
        return await self.repository.open(repository_id)

    async def is_reachable(self) -> bool:
        return await answers(self.client, 8.0)

    async def refresh(self) -> None:
        await self.repository.refresh()

    async def back_up(
        self, trigger: BackupTrigger, *, skip_unchanged: bool = False
    ) -> BackupRecord:
        return await back_up(
            self.client,
            self.repository,
            trigger,
            skip_unchanged=skip_unchanged,
            deadline=self.deadline,
        )

    async def read_live(self) -> Contents:
        return await read_live(self.client, self.repository, deadline=self.deadline)

    async def read(self, backup_id: str) -> Contents:
        return await self.repository.read(backup_id)

    async def verify(self, backup_id: str) -> BackupRecord:
        return await self.repository.verify(backup_id)

    async def update(
        self, backup_id: str, *, pinned: bool | None = None, note: str | None = None
    ) -> BackupRecord:
        return await self.repository.update(backup_id, pinned=pinned, note=note)

    async def delete(self, backup_id: str) -> BackupRecord:
        return await self.repository.delete(backup_id)

    async def prune(self, policy: Policy, _zone: object = UTC, *, dry_run: bool) -> Plan:
        return await self.repository.prune(policy, dry_run=dry_run)

    async def adopt(self, opened: Callable[[], AbstractContextManager[Path]]) -> BackupRecord:
        return await self.repository.adopt(opened)

    async def move(self, folder: Path, begin: Callable[[], Awaitable[None]]) -> tuple[str, ...]:
        return await self.repository.move(folder, begin)

    async def restore(self, request: RestoreRequest, source: Engine, guide: Guide) -> RestoreResult:
        return await restore(
            request,
            client=self.client,
            repository=self.repository,
            source=source.repository,
            begin=guide.begin,
            deadline=self.deadline,
            timings=self.timings,
        )
