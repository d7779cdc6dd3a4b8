"""Restoring a backup: preview, safety backup, import, restart, gravity, proof.

Until the import begins nothing on the Pi-hole is changed, and any error means just that. What goes
wrong later is a `RestoreFailed`, which says what was done and what was not.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
import re
import time
from typing import BinaryIO, Final, Never, Protocol

from .. import files
from ..aio import in_thread
from ..errors import (
    ContentsUnknown,
    RestoreDiffers,
    RestoreFailed,
    RestoreGravityFailed,
    RestoreNotBegun,
    RestorePartial,
    RestoreRefused,
    RestoreUnanswered,
    RestoreUnproven,
    RestoreVersionTooNew,
    StorageError,
)
from ..export import Intake, Report
from ..models import BackupRecord, BackupTrigger, Remark, RemarkKey, RestorePart, Stage
from ..pihole.client import PiholeClient, PiholeSession, read_versions
from ..pihole.errors import (
    AppPasswordReadOnly,
    CheckpointError,
    ConnectionFailed,
    Forbidden,
    ImportRefused,
    PiholeFailed,
    Refused,
    SessionEnded,
    TotpRequired,
    WrongAddress,
    WrongPassword,
)
from ..pihole.redaction import redact
from ..repository.naming import BackupName
from ..repository.staging import StagedArchive
from ..teleporter.contents import Contents
from ..teleporter.diff import Change, compare
from ..unexpected import catch_unexpected
from ..wording import headline, sentences
from .payload import ImportPayload, ParsedArchive, pack

RESTART_SECONDS: Final = 180.0
"""So long a Pi-hole may take to answer again after an import."""
GRAVITY_SECONDS: Final = 1800.0
_SETTLE_SECONDS = 5.0
"""After which a Pi-hole that was never seen to be away is taken to be back already."""
_LOOK_SECONDS = 0.1
_PASSING: Final = ("syntax check OK", "database is locked")
"""In a refusal that passes, for which a Pi-hole has no key of its own: v6.0 sometimes stumbles over
its own check of a sound configuration, and each version over somebody who is just writing."""
_TRY_AGAIN_SECONDS = (0.5, 2.0)
"""Before each further try of an import that was refused like that."""
_PROBE_SECONDS = 3.0
_HURRIED_SECONDS = 2.0
_APP_SUDO = "webserver.api.app_sudo"
_CREDENTIALS = tuple(f"webserver.api.{name}" for name in ("pwhash", "app_pwhash", "totp_secret"))
_VERSION = re.compile(r"v?(\d{1,4})\.", re.ASCII)
_GATEWAY = {"502", "503", "504"}
"""No Pi-hole answers with one of these itself."""
_COMPLAINT = "[✗]"
_MOST_COMPLAINTS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreRequest:
    """What is to be restored."""

    backup_id: str
    parts: frozenset[RestorePart]
    update_gravity: bool | None = None
    """`None`: when lists are restored."""
    dry_run: bool = False
    """Whether only to tell what would change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreResult:
    """What came of it."""

    backup: BackupRecord
    changes: tuple[Change, ...]
    """On the Pi-hole, by the restore."""
    safety: BackupRecord | None
    """The backup from just before; `None` when nothing was changed."""
    proven: bool
    """Whether the Pi-hole was read again, and is now as the backup says."""
    gravity_updated: bool = False
    remarks: tuple[Remark, ...] = ()


class Guide(Protocol):
    """How the one who asks for a restore takes part in it."""

    async def with_files[T](self, work: Coroutine[object, object, T]) -> T:
        """Do work that changes files, when that may be."""

    async def begin(self, safety: BackupRecord) -> None:
        """Take note that the Pi-hole is changed from now on, and how to take that back."""


class CopyBackup(Protocol):
    """Copies a stored archive, see `Engine.copy`."""

    def __call__(
        self, backup_id: str, target: StagedArchive
    ) -> Awaitable[tuple[BackupRecord, Contents]]:
        """Copy it."""


class PutIn(Protocol):
    """Stores a staged archive, see `filing.commit`."""

    def __call__(
        self,
        staged: StagedArchive,
        record: BackupRecord,
        contents: Contents | None,
        *,
        skip_unchanged: bool,
    ) -> Awaitable[BackupRecord]:
        """Store it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Export:
    """A fresh export of the Pi-hole."""

    staged: StagedArchive
    name: BackupName
    contents: Contents


@dataclass(kw_only=True, slots=True)
class Restoration:
    """One restore, for which nothing else is done with the Pi-hole."""

    client: PiholeClient
    intake: Intake
    copy: CopyBackup
    commit: PutIn
    report: Report
    guide: Guide
    _files: AsyncExitStack = field(default_factory=AsyncExitStack)
    _safety: BackupRecord | None = None
    """There from the moment in which the import begins."""
    _remarks: list[Remark] = field(default_factory=list)

    async def run(self, order: RestoreRequest) -> RestoreResult:
        """Restore. Raises a `CheckpointError`; see this module."""
        try:
            self.report(Stage.VERIFYING, "")
            backup, stored = await self.guide.with_files(self._copy_backup(order.backup_id))
            self.report(Stage.CONNECTING, "")
            async with self.client.session() as session:
                return await self._run(order, backup, stored, session)
        except RestoreFailed, RestoreNotBegun:
            raise
        except CheckpointError as error:
            if self._safety is not None:
                raise RestoreUnproven(safety=self._safety.filename, reason=error.key) from error
            raise RestoreNotBegun(reason=error.key) from error
        finally:
            await self._clean_up()

    async def _clean_up(self) -> None:
        """Leave no file behind; when called off, not at the price of a long wait.

        What stays is cleared away by the next start.
        """
        task = asyncio.current_task()
        hurry = task is not None and task.cancelling() > 0
        with suppress(TimeoutError):
            async with asyncio.timeout(_HURRIED_SECONDS if hurry else None):
                await self.guide.with_files(self._files.aclose())

    async def _run(
        self,
        order: RestoreRequest,
        backup: BackupRecord,
        stored: ParsedArchive,
        session: PiholeSession,
    ) -> RestoreResult:
        before = await self.guide.with_files(self._export(session, BackupTrigger.BEFORE_RESTORE))
        await self._check(session, stored.contents, before.contents)
        parcel = await self.guide.with_files(self._pack(stored, before, order.parts))
        changes = compare(before.contents, parcel.expected)
        if order.dry_run or not parcel.files or not (changes or order.update_gravity):
            return self._done(backup, changes, None, proven=not changes)
        safety = await self.guide.with_files(self._keep(session, before))
        file = await self._open(parcel)
        await self.guide.begin(safety)
        self._safety = safety
        await self._import(session, parcel, file, before, safety)
        await self._wait_until_back(safety)
        if not await self._is_logged_in(session):
            self._remark(RemarkKey.PASSWORD_CHANGED)
            return self._done(backup, changes, safety, proven=False)
        failed = await self._update_gravity(session) if _updates_gravity(order, parcel) else None
        await self._prove(session, parcel.expected, order.parts, safety)
        if failed is not None:
            raise RestoreGravityFailed(safety=safety.filename) from failed
        if _brings_credentials(before.contents, parcel.expected) and not await self._opens():
            self._remark(RemarkKey.PASSWORD_BACK)
        return self._done(
            backup, changes, safety, proven=True, gravity_updated=_updates_gravity(order, parcel)
        )

    def _done(
        self,
        backup: BackupRecord,
        changes: tuple[Change, ...],
        safety: BackupRecord | None,
        *,
        proven: bool,
        gravity_updated: bool = False,
    ) -> RestoreResult:
        return RestoreResult(
            backup=backup,
            changes=changes,
            safety=safety,
            proven=proven,
            gravity_updated=gravity_updated,
            remarks=tuple(self._remarks),
        )

    def _remark(self, key: RemarkKey, **placeholders: str) -> None:
        # They name groups and settings, which may be called anything.
        shown = {name: redact(value) for name, value in placeholders.items()}
        self._remarks.append(Remark(key=key, placeholders=shown))

    # Before the import ----------------------------------------------------------------------------

    async def _copy_backup(self, backup_id: str) -> tuple[BackupRecord, ParsedArchive]:
        """Have a copy of our own: the stored one may be deleted meanwhile."""
        staged, _ = await self._files.enter_async_context(self.intake.staged(BackupTrigger.ADOPTED))
        record, contents = await self.copy(backup_id, staged)
        await in_thread(staged.close)
        return record, ParsedArchive(path=staged.path, contents=contents)

    async def _export(self, session: PiholeSession, trigger: BackupTrigger) -> _Export:
        staged, name = await self._files.enter_async_context(self.intake.staged(trigger))
        async with self.intake.deadline():
            await self.intake.export(session, staged)
        contents = await in_thread(staged.read)
        if contents is None:
            raise ContentsUnknown
        return _Export(staged=staged, name=name, contents=contents)

    async def _check(self, session: PiholeSession, stored: Contents, live: Contents) -> None:
        """See what would stand in the way, before anything is changed."""
        if live.settings.get(_APP_SUDO) is not True and await session.is_of_app_password():
            raise AppPasswordReadOnly
        backup, pihole = stored.versions.ftl or "", live.versions.ftl or ""
        theirs, ours = _major(backup), _major(pihole)
        if theirs is None or ours is None:
            return
        if theirs > ours:
            raise RestoreVersionTooNew(backup=backup, pihole=pihole)
        if theirs < ours:
            self._remark(RemarkKey.OLDER_VERSION, backup=backup, pihole=pihole)

    async def _pack(
        self, stored: ParsedArchive, before: _Export, parts: frozenset[RestorePart]
    ) -> ImportPayload:
        self.report(Stage.PREVIEWING, "")
        path = before.staged.path.with_name(f"{before.name.id}.parcel")
        self._files.push_async_callback(in_thread, files.remove, path)
        live = ParsedArchive(path=before.staged.path, contents=before.contents)
        parcel = await in_thread(pack, stored, live, path, parts)
        for key, names in (
            (RemarkKey.KEPT_GROUPS, parcel.merged.kept_groups),
            (RemarkKey.BROUGHT_GROUPS, parcel.merged.brought_groups),
            (RemarkKey.UNKNOWN_SETTINGS, parcel.unknown_settings),
            (RemarkKey.OWN_SETTINGS, parcel.own_settings),
        ):
            if names:
                self._remark(key, names=", ".join(sorted(names)))
        if RestorePart.DHCP_LEASES in parts and not parcel.order["dhcp_leases"]:
            self._remark(RemarkKey.NO_LEASES)
        return parcel

    async def _keep(self, session: PiholeSession, before: _Export) -> BackupRecord:
        """Store the safety backup: the very export that the preview was made with."""
        self.report(Stage.STORING, "")
        record = before.staged.record(before.name, await read_versions(session))
        return await self.commit(before.staged, record, before.contents, skip_unchanged=False)

    async def _open(self, parcel: ImportPayload) -> BinaryIO:
        """Open the parcel while nothing has changed: it may not be there to be read."""

        def opened() -> BinaryIO:
            with files.storage_errors(parcel.path.parent):
                return parcel.path.open("rb")

        file = await in_thread(opened)
        self._files.push_async_callback(in_thread, file.close)
        return file

    # From the import on ---------------------------------------------------------------------------

    async def _import(
        self,
        session: PiholeSession,
        parcel: ImportPayload,
        file: BinaryIO,
        before: _Export,
        safety: BackupRecord,
    ) -> None:
        self.report(Stage.IMPORTING, "")
        try:
            async with self.intake.deadline():
                taken = await _import_in_the_end(session, file, parcel.order)
        except Forbidden:
            read_only = AppPasswordReadOnly()
            raise RestoreNotBegun(reason=read_only.key) from read_only
        except SessionEnded as error:  # it did not even look at the archive
            raise RestoreNotBegun(reason=error.key) from error
        except Refused as error:
            if not _is_of_a_gateway(error):
                await self._tell_refusal(session, error, before, safety)
            self._remark(RemarkKey.ANSWER_LOST)
        except ConnectionFailed, WrongAddress:
            # It may have taken the archive or not; what the Pi-hole holds in the end will tell.
            self._remark(RemarkKey.ANSWER_LOST)
        else:
            if missing := parcel.files - taken:
                self._remark(RemarkKey.NOT_TAKEN, names=", ".join(sorted(missing)))

    async def _tell_refusal(
        self, session: PiholeSession, refusal: Refused, before: _Export, safety: BackupRecord
    ) -> Never:
        """Find out what a refused import did all the same: it may have got halfway."""
        reason = refusal.placeholders.get("reason", refusal.key)
        try:
            now = await self.guide.with_files(self._export(session, BackupTrigger.SERVICE))
        except CheckpointError as error:
            own = refusal.placeholders.get("reason", error.key)
            raise RestoreUnproven(safety=safety.filename, reason=own) from error
        changes = compare(_lasting(before.contents), _lasting(now.contents))
        if not changes:
            raise RestoreRefused(safety=safety.filename, reason=reason) from refusal
        raise RestorePartial(
            safety=safety.filename, reason=reason, changes=headline(changes)
        ) from refusal

    async def _wait_until_back(self, safety: BackupRecord) -> None:
        """Wait until the Pi-hole has restarted, which it begins right after it has answered."""
        self.report(Stage.RESTARTING, "")
        started = time.monotonic()
        was_away = False
        while (elapsed := time.monotonic() - started) < RESTART_SECONDS:
            answers = await self._answers()
            if answers and (was_away or elapsed > _SETTLE_SECONDS):
                return
            was_away = was_away or not answers
            await asyncio.sleep(_LOOK_SECONDS)
        raise RestoreUnanswered(safety=safety.filename, seconds=f"{RESTART_SECONDS:g}")

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self.client.probe()
        except CheckpointError, TimeoutError:
            return False
        return True

    async def _opens(self) -> bool:
        """Return whether the password still works: an import of another one ends no session."""
        try:
            async with self.client.session():
                return True
        except WrongPassword, TotpRequired:
            return False
        except CheckpointError:
            return True  # that is not about the password

    async def _is_logged_in(self, session: PiholeSession) -> bool:
        """Log in again if need be; `False` when the restore brought another password."""
        try:
            await session.is_of_app_password()
        except SessionEnded:
            try:
                await self.client.renew(session)
            except WrongPassword, TotpRequired:
                return False
            except CheckpointError:
                pass  # whoever comes next will meet it again
        except CheckpointError:
            pass
        return True

    async def _update_gravity(self, session: PiholeSession) -> Exception | None:
        """Let the Pi-hole download its lists, and give what went wrong with it as a whole."""
        complaints: dict[str, None] = {}  # a set that keeps its order

        def hear(line: str) -> None:
            if line:
                self.report(Stage.UPDATING_GRAVITY, line)
            if _COMPLAINT in line and len(complaints) < _MOST_COMPLAINTS:
                complaints[line.replace(_COMPLAINT, "").strip()] = None

        self.report(Stage.UPDATING_GRAVITY, "")
        try:
            async with asyncio.timeout(GRAVITY_SECONDS):
                with catch_unexpected(self.client.secrets):
                    await session.update_gravity(hear)
        except (CheckpointError, TimeoutError) as error:
            return error
        if complaints:
            self._remark(RemarkKey.GRAVITY_COMPLAINED, complaints="; ".join(complaints))
        return None

    async def _export_again(self, session: PiholeSession) -> _Export:
        # What lies in between may outlast a session.
        await self._is_logged_in(session)
        return await self._export(session, BackupTrigger.SERVICE)

    async def _prove(
        self,
        session: PiholeSession,
        expected: Contents,
        parts: frozenset[RestorePart],
        safety: BackupRecord,
    ) -> None:
        """Read the Pi-hole once more, and be sure that all is as it should be."""
        self.report(Stage.PROVING, "")
        try:
            try:
                export = await self.guide.with_files(self._export_again(session))
            except ConnectionFailed:  # it restarted later than was thought
                await self._wait_until_back(safety)
                export = await self.guide.with_files(self._export_again(session))
        except RestoreUnanswered:
            raise
        except CheckpointError as error:
            # The Pi-hole's own words say enough, those of the system about a disk do not.
            own = {} if isinstance(error, StorageError) else error.placeholders
            reason = own.get("reason", error.key)
            raise RestoreUnproven(safety=safety.filename, reason=reason) from error
        now = export.contents
        if RestorePart.DHCP_LEASES in parts:
            # Others may have come meanwhile, and those that have run out may be gone.
            good = {it for it in expected.leases if not 0 < it.expires <= time.time()}
            expected = replace(_lasting(expected), leases=tuple(sorted(good)))
            now = replace(_lasting(now), leases=tuple(it for it in now.leases if it in good))
        else:
            expected, now = _lasting(expected), _lasting(now)
        if differences := compare(expected, now):
            told = " ".join(sentences(differences))
            raise RestoreDiffers(safety=safety.filename, differences=told.removesuffix("."))


def _brings_credentials(before: Contents, after: Contents) -> bool:
    return any(before.settings.get(name) != after.settings.get(name) for name in _CREDENTIALS)


def _updates_gravity(order: RestoreRequest, parcel: ImportPayload) -> bool:
    if order.update_gravity is not None:
        return order.update_gravity
    return "adlist" in parcel.merged.tables


async def _import_in_the_end(
    session: PiholeSession, file: BinaryIO, order: Mapping[str, object]
) -> frozenset[str]:
    """Import an archive, and do not give up at a refusal that passes."""
    for wait in _TRY_AGAIN_SECONDS:
        try:
            return await session.import_archive(file, order)
        except ImportRefused as error:
            if not any(it in error.placeholders["reason"] for it in _PASSING):
                raise
        await asyncio.sleep(wait)
    return await session.import_archive(file, order)


def _is_of_a_gateway(error: Refused) -> bool:
    """Tell whether it is a proxy that lost the answer: a Pi-hole restarts under its hands."""
    return isinstance(error, PiholeFailed) and error.placeholders["status"] in _GATEWAY


def _lasting(contents: Contents) -> Contents:
    """Leave out what changes by itself, and what no import touches."""
    return replace(contents, leases=(), files={})


def _major(version: str) -> int | None:
    """Read `v6.4.1`; a version in between releases has other names."""
    told = _VERSION.match(version)
    return int(told[1]) if told else None
