"""Making the changes of a plan, one by one or by an import, and what comes in between."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ..aio import in_thread
from ..errors import RestoreInterrupted, RestoreNotBegun, RestoreRefused, RestoreTooSlow
from ..export import Report
from ..models import BackupRecord, Remark, RemarkKey, Stage
from ..pihole.client import PiholeClient
from ..pihole.errors import CheckpointError, ItemRefused, Refused
from ..pihole.redaction import redact
from ..pihole.session import PiholeSession
from ..repository.repository import Repository
from .applied import Applied, Outcome
from .apply import Announce, apply
from .exports import Exports, StagedExport, opened
from .feasibility import setting_of
from .importing import Sending, import_payload, raise_refusal
from .packing.choice import ImportChoice
from .packing.pack import pack
from .plan import Plan
from .remarks import listed, remark
from .timings import RestoreTimings
from .waiting import log_in_when_back, stay_logged_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """What makes the changes of one restore."""

    client: PiholeClient
    session: PiholeSession
    repository: Repository
    exports: Exports
    report: Report
    timings: RestoreTimings
    remarks: list[Remark]
    """Remarks are added to it."""
    applied: Applied
    """Which changes were made is noted in it."""
    backup: StagedExport
    plan: Plan

    @asynccontextmanager
    async def packed(self, before: StagedExport, choice: ImportChoice) -> AsyncIterator[Sending]:
        """Make the payload from the backup and what the Pi-hole was before, and open it."""
        async with self.repository.writing():
            path = self.exports.path_beside(before)
            payload = await in_thread(pack, self.backup.path, before.path, path, choice)
        async with opened(path) as file:
            yield Sending(payload=payload, file=file)

    async def one_by_one(self, safety: BackupRecord, announce: Announce) -> None:
        """Make the changes one by one. Raises `RestoreInterrupted`."""

        async def recover() -> None:
            await log_in_when_back(self.client, self.session, self.timings)

        seconds = self.timings.applying(len(self.plan.changes))
        try:
            async with asyncio.timeout(seconds):
                await apply(
                    self.plan,
                    self.session,
                    self.applied,
                    announce=announce,
                    recover=recover,
                    report=self.report,
                )
        except TimeoutError:
            slow = RestoreTooSlow(seconds=f"{seconds:g}")
            raise self._interrupted(safety, slow) from slow
        except CheckpointError as error:
            raise self._interrupted(safety, error) from error

    async def by_import(self, sending: Sending, before: StagedExport, safety: BackupRecord) -> None:
        """Make all changes by an import. Raises a `RestoreFailed` or `RestoreNotBegun`."""
        self.report(Stage.IMPORTING, "")
        self.applied.sent.update(each.id for each in self.plan.differences)
        try:
            missing = await self._send(sending)
        except RestoreNotBegun:
            self.applied.sent.clear()
            raise
        except Refused as error:
            await self._raise_refusal(error, before, safety)
        else:
            self._remark_on(missing)

    async def settings_by_import(self, safety: BackupRecord) -> bool:
        """Import the settings that could not be changed one by one; return whether that was done.

        If it is not possible either, they stay refused for the first reason.
        """
        self.report(Stage.IMPORTING, "")
        choice = ImportChoice(items=frozenset(), settings=self.applied.unpatched, leases=None)
        try:
            _, before = await self.exports.copy(self.repository, safety.id)
            async with self.packed(before, choice) as sending:
                await stay_logged_in(self.client, self.session)  # a file may have had to wait
                missing = await self._send(sending)
        except CheckpointError:
            return False
        for each in self.plan.differences:
            if setting_of(each) is not None:
                self.applied.refused.pop(each.id, None)
        self._remark_on(missing)
        self._remark(RemarkKey.SETTINGS_IMPORTED, names=listed(choice.settings))
        return True

    async def raise_if_all_is_refused(self, before: StagedExport, safety: BackupRecord) -> None:
        """Raise `RestoreRefused`, or another `RestoreFailed` if it is half done all the same."""
        refused = self.applied.refused
        if len(refused) == len(self.plan.changes) > 0:
            error = ItemRefused(reason=next(iter(refused.values())))
            await self._raise_refusal(error, before, safety)

    async def _send(self, sending: Sending) -> frozenset[str] | None:
        return await import_payload(
            self.session, sending, deadline=self.exports.deadline, timings=self.timings
        )

    async def _raise_refusal(
        self, error: Refused, before: StagedExport, safety: BackupRecord
    ) -> None:
        async with self.repository.writing():
            try:
                await raise_refusal(self.session, error, before, safety, self.exports)
            except RestoreRefused as refusal:
                reason = refusal.placeholders["reason"]
                every = dict.fromkeys((each.id for each in self.plan.differences), reason)
                self.applied.refused = every | self.applied.refused
                raise

    def _interrupted(self, safety: BackupRecord, error: CheckpointError) -> RestoreInterrupted:
        def names(outcome: Outcome) -> str:
            outcome_of = self.applied.outcome
            found = (each for each in self.plan.differences if outcome_of(each.id) is outcome)
            return listed(redact(each.item) or each.subject.value for each in found) or "-"

        return RestoreInterrupted(
            safety=safety.filename,
            done=str(len(self.applied.done)),
            number=str(len(self.plan.changes)),
            made=names(Outcome.DONE),
            unknown=names(Outcome.UNKNOWN),
            reason=error.key,
        )

    def _remark_on(self, missing: Collection[str] | None) -> None:
        """Remark on what the Pi-hole did not take of an import, or on an answer that was lost."""
        if missing is None:  # the verification finds out what the Pi-hole holds
            self._remark(RemarkKey.ANSWER_LOST)
        elif missing:
            self._remark(RemarkKey.NOT_TAKEN, names=listed(missing))

    def _remark(self, key: RemarkKey, **placeholders: str) -> None:
        self.remarks.append(remark(key, **placeholders))
