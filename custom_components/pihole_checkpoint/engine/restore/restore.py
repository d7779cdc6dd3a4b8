"""Restoring a backup: preview, safety backup, import, restart, gravity update, verification.

Until the import begins nothing on the Pi-hole is changed, and any error means just that. What goes
wrong later is a `RestoreFailed`, which says what was done and what was not.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO, Never

from .. import files
from ..aio import in_thread
from ..errors import (
    RestoreDiffers,
    RestoreFailed,
    RestoreGravityFailed,
    RestoreNotBegun,
    RestorePartial,
    RestoreRefused,
    RestoreUnanswered,
    RestoreUnproven,
    StorageError,
)
from ..export import DEADLINE_SECONDS, Report, export, report_nothing, time_limit
from ..models import BackupRecord, BackupTrigger, Remark, RemarkKey, RestorePart, Stage
from ..pihole.client import PiholeClient, read_versions
from ..pihole.errors import (
    CheckpointError,
    ConnectionFailed,
    Refused,
)
from ..pihole.redaction import redact
from ..pihole.session import PiholeSession
from ..repository.repository import Repository, known
from ..repository.staging import StagedArchive
from ..teleporter.contents import Contents
from ..teleporter.diff import Change, compare
from ..teleporter.summary import headline, sentences
from . import timings as usual
from .after_import import password_still_works, stay_logged_in, update_gravity, wait_until_back
from .importing import import_payload
from .models import RestoreRequest, RestoreResult
from .obstacles import check_app_password, check_versions
from .payload import ImportPayload, ParsedArchive, pack
from .timings import RestoreTimings
from .verify import differences, lasting

_CREDENTIALS = tuple(f"webserver.api.{name}" for name in ("pwhash", "app_pwhash", "totp_secret"))

type Begin = Callable[[BackupRecord], Awaitable[None]]
"""Called with the safety backup: puts on the disk that the Pi-hole is changed from now on."""


async def restore(  # noqa: PLR0913 - a restore needs both sides
    request: RestoreRequest,
    *,
    client: PiholeClient,
    repository: Repository,
    source: Repository,
    begin: Begin,
    deadline: float = DEADLINE_SECONDS,
    report: Report = report_nothing,
    timings: RestoreTimings | None = None,
) -> RestoreResult:
    """Restore a backup of `source` to the Pi-hole whose own backups are in `repository`.

    Raises a `CheckpointError`; see this module.
    """
    return await _Restore(
        request=request,
        client=client,
        repository=repository,
        source=source,
        begin=begin,
        deadline=deadline,
        report=report,
        timings=timings or usual.TIMINGS,
    ).run()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Export:
    """A fresh export of the Pi-hole."""

    staged: StagedArchive
    contents: Contents


@dataclass(kw_only=True, slots=True)
class _Restore:
    """One restore, from its request to its result."""

    request: RestoreRequest
    client: PiholeClient
    repository: Repository
    source: Repository
    begin: Begin
    deadline: float
    report: Report
    timings: RestoreTimings
    files: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Deletes the staged files at the end."""
    staged: list[StagedArchive] = field(default_factory=list)
    safety: BackupRecord | None = None
    """Set in the moment in which the import begins."""
    remarks: list[Remark] = field(default_factory=list)

    async def run(self) -> RestoreResult:
        try:
            self.report(Stage.VERIFYING, "")
            async with self.source.writing(self.repository):
                backup, stored = await self._copy_backup()
            self.report(Stage.CONNECTING, "")
            async with self.client.session() as session:
                return await self._restore(backup, stored, session)
        except RestoreFailed, RestoreNotBegun:
            raise
        except CheckpointError as error:
            if self.safety is not None:
                raise RestoreUnproven(safety=self.safety.filename, reason=error.key) from error
            raise RestoreNotBegun(reason=error.key) from error
        finally:
            await self._clean_up()

    async def _restore(
        self, backup: BackupRecord, stored: ParsedArchive, session: PiholeSession
    ) -> RestoreResult:
        request = self.request
        before = await self._export(session, BackupTrigger.BEFORE_RESTORE)
        await check_app_password(session, before.contents)
        if (
            older := check_versions(stored.contents.versions, before.contents.versions)
        ) is not None:
            self.remarks.append(older)
        payload = await self._pack(stored, before)
        changes = await in_thread(compare, before.contents, payload.expected)
        if request.dry_run or not payload.files or not (changes or request.update_gravity):
            return self._result(backup, changes, proven=not changes)
        # Opened first: once the safety backup is stored, the start of another Home Assistant on the
        # same folder may take the payload for a leftover.
        async with self._open(payload) as file:
            safety = await self._keep(session, before)
            await self.begin(safety)
            self.safety = safety
            await self._import(session, payload, file, before, safety)
        self.report(Stage.RESTARTING, "")
        await wait_until_back(self.client, self.timings, safety=safety.filename)
        if not await stay_logged_in(self.client, session):
            self._remark(RemarkKey.PASSWORD_CHANGED)
            return self._result(backup, changes, proven=False)
        updates_gravity = _updates_gravity(request, payload)
        failed = await self._update_gravity(session) if updates_gravity else None
        await self._verify(session, payload.expected, safety)
        if failed is not None:
            raise RestoreGravityFailed(safety=safety.filename) from failed
        if _changes_credentials(before.contents, payload.expected) and not (
            await password_still_works(self.client)
        ):
            self._remark(RemarkKey.PASSWORD_BACK)
        return self._result(backup, changes, proven=True, gravity_updated=updates_gravity)

    def _result(
        self,
        backup: BackupRecord,
        changes: tuple[Change, ...],
        *,
        proven: bool,
        gravity_updated: bool = False,
    ) -> RestoreResult:
        return RestoreResult(
            backup=backup,
            changes=changes,
            safety=self.safety,
            proven=proven,
            gravity_updated=gravity_updated,
            remarks=tuple(self.remarks),
        )

    def _remark(self, key: RemarkKey, **placeholders: str) -> None:
        # They name groups and settings, whose names are free text.
        shown = {name: redact(value) for name, value in placeholders.items()}
        self.remarks.append(Remark(key=key, placeholders=shown))

    # Before the import ----------------------------------------------------------------------------

    async def _copy_backup(self) -> tuple[BackupRecord, ParsedArchive]:
        """Copy the stored archive, which may be deleted meanwhile."""
        staged = await self._stage(BackupTrigger.ADOPTED)
        record, contents = await self.source.copy_out(self.request.backup_id, staged)
        return record, ParsedArchive(path=staged.path, contents=contents)

    async def _stage(self, trigger: BackupTrigger) -> StagedArchive:
        staged = await self.files.enter_async_context(self.repository.stage(trigger))
        self.staged.append(staged)
        return staged

    async def _export(
        self, session: PiholeSession, trigger: BackupTrigger, *, log_in_again: bool = False
    ) -> _Export:
        async with self.repository.writing():
            if log_in_again:  # only now: the wait for the gate may outlast a session
                await stay_logged_in(self.client, session)
            staged = await self._stage(trigger)
            async with time_limit(self.deadline):
                await export(session, staged, self.report)
            return _Export(staged=staged, contents=known(await in_thread(staged.read)))

    async def _pack(self, stored: ParsedArchive, before: _Export) -> ImportPayload:
        self.report(Stage.PREVIEWING, "")
        parts = self.request.parts
        path = before.staged.path.with_name(f"{before.staged.name.id}.parcel")
        live = ParsedArchive(path=before.staged.path, contents=before.contents)
        async with self.repository.writing():
            self.files.push_async_callback(in_thread, files.remove, path)
            payload = await in_thread(pack, stored, live, path, parts)
        for key, names in (
            (RemarkKey.KEPT_GROUPS, payload.merged.kept_groups),
            (RemarkKey.BROUGHT_GROUPS, payload.merged.brought_groups),
            (RemarkKey.UNKNOWN_SETTINGS, payload.unknown_settings),
            (RemarkKey.OWN_SETTINGS, payload.own_settings),
        ):
            if names:
                self._remark(key, names=", ".join(sorted(names)))
        if RestorePart.DHCP_LEASES in parts and not payload.selection["dhcp_leases"]:
            self._remark(RemarkKey.NO_LEASES)
        return payload

    async def _keep(self, session: PiholeSession, before: _Export) -> BackupRecord:
        """Store the safety backup: the same export that the preview was made with."""
        self.report(Stage.STORING, "")
        async with self.repository.writing():
            record = before.staged.record(await read_versions(session))
            return await self.repository.commit(before.staged, record, before.contents)

    @asynccontextmanager
    async def _open(self, payload: ImportPayload) -> AsyncIterator[BinaryIO]:
        """Open the payload while nothing has changed: opening it may fail."""

        def opened() -> BinaryIO:
            with files.storage_errors(payload.path.parent):
                return payload.path.open("rb")

        file = await in_thread(opened)
        try:
            yield file
        finally:
            await in_thread(file.close)

    async def _clean_up(self) -> None:
        """Leave no file behind; when cancelled, do not wait long for that."""
        task = asyncio.current_task()
        hurry = task is not None and task.cancelling() > 0
        try:
            with suppress(TimeoutError):
                async with (
                    asyncio.timeout(self.timings.hurried_cleanup if hurry else None),
                    self.repository.writing(),
                ):
                    await self.files.aclose()
        finally:
            for staged in self.staged:
                staged.settle()  # unlocked, a file that could not be deleted goes at the next start

    # From the import on ---------------------------------------------------------------------------

    async def _import(
        self,
        session: PiholeSession,
        payload: ImportPayload,
        file: BinaryIO,
        before: _Export,
        safety: BackupRecord,
    ) -> None:
        self.report(Stage.IMPORTING, "")
        try:
            missing = await import_payload(
                session, payload, file, deadline=self.deadline, timings=self.timings
            )
        except Refused as error:
            await self._raise_refusal(session, error, before, safety)
        if missing is None:  # the verification finds out what the Pi-hole holds
            self._remark(RemarkKey.ANSWER_LOST)
        elif missing:
            self._remark(RemarkKey.NOT_TAKEN, names=", ".join(sorted(missing)))

    async def _raise_refusal(
        self, session: PiholeSession, refusal: Refused, before: _Export, safety: BackupRecord
    ) -> Never:
        """Find out what a refused import changed all the same: it may have stopped halfway."""
        reason = refusal.placeholders.get("reason", refusal.key)
        try:
            now = await self._export(session, BackupTrigger.SERVICE)
        except CheckpointError as error:
            words = refusal.placeholders.get("reason", error.key)
            raise RestoreUnproven(safety=safety.filename, reason=words) from error
        changes = await in_thread(compare, lasting(before.contents), lasting(now.contents))
        if not changes:
            raise RestoreRefused(safety=safety.filename, reason=reason) from refusal
        raise RestorePartial(
            safety=safety.filename, reason=reason, changes=headline(changes)
        ) from refusal

    async def _update_gravity(self, session: PiholeSession) -> Exception | None:
        return await update_gravity(
            self.client,
            session,
            self.timings,
            report=self.report,
            complain=lambda words: self._remark(RemarkKey.GRAVITY_COMPLAINED, complaints=words),
        )

    async def _verify(
        self, session: PiholeSession, expected: Contents, safety: BackupRecord
    ) -> None:
        """Export once more, and check that the Pi-hole holds what it should.

        Raises `RestoreDiffers`, `RestoreUnproven` or `RestoreUnanswered`.
        """
        self.report(Stage.PROVING, "")
        try:
            found = await self._export_again(session, safety)
        except RestoreUnanswered:
            raise
        except CheckpointError as error:
            # A Pi-hole's own words say enough, those of the system about a disk do not.
            placeholders = {} if isinstance(error, StorageError) else error.placeholders
            reason = placeholders.get("reason", error.key)
            raise RestoreUnproven(safety=safety.filename, reason=reason) from error
        parts = self.request.parts
        if wrong := await in_thread(differences, expected, found.contents, parts):
            words = " ".join(sentences(wrong)).removesuffix(".")
            raise RestoreDiffers(safety=safety.filename, differences=words)

    async def _export_again(self, session: PiholeSession, safety: BackupRecord) -> _Export:
        """Export, also when the session has ended or the Pi-hole restarts later than expected."""
        try:
            return await self._export(session, BackupTrigger.SERVICE, log_in_again=True)
        except ConnectionFailed:
            self.report(Stage.RESTARTING, "")
            await wait_until_back(self.client, self.timings, safety=safety.filename)
        return await self._export(session, BackupTrigger.SERVICE, log_in_again=True)


def _changes_credentials(before: Contents, after: Contents) -> bool:
    return any(before.settings.get(name) != after.settings.get(name) for name in _CREDENTIALS)


def _updates_gravity(request: RestoreRequest, payload: ImportPayload) -> bool:
    if request.update_gravity is not None:
        return request.update_gravity
    return "adlist" in payload.merged.tables
