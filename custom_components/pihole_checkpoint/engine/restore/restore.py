"""Restoring a backup: plan, safety backup, changes, verification.

Until the first change nothing on the Pi-hole is touched, and any error means just that. What goes
wrong later is a `RestoreFailed`, which says what was done and what was not.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

from ..aio import beside, in_thread
from ..errors import (
    NothingRestored,
    RestoreFailed,
    RestoreNotBegun,
    RestoreOutdated,
    RestoreUnproven,
    RestoreWayClosed,
)
from ..export import DEADLINE_SECONDS, Report, report_nothing
from ..models import BackupRecord, BackupTrigger, Remark, RemarkKey, Stage
from ..pihole.client import PiholeClient, read_versions
from ..pihole.errors import AppPasswordReadOnly, CheckpointError, ProxyChangesPaths
from ..pihole.models import Versions
from ..pihole.session import PiholeSession
from ..repository.repository import Repository
from ..teleporter.contents import Contents
from ..teleporter.diff import Change, compare
from . import timings as usual
from .after import After
from .applied import Ahead, Applied, Note
from .apply import in_order, names_arrive
from .dns_check import DnsCheck
from .exports import Exports, StagedExport
from .importing import choice_of
from .making import Making
from .models import RestoreRequest, RestoreResult
from .obstacles import check_versions
from .plan import Plan, Way, make_plan
from .remarks import listed, remark, remarks_on
from .survey import survey
from .target import Target
from .timings import RestoreTimings
from .verify import lasting

type Begin = Callable[[BackupRecord, Plan, Collection[str]], AbstractAsyncContextManager[Note]]
"""Called with the safety backup and the IDs of the first changes: puts on the disk that these may
be made from now on, and takes that back if the context ends with an exception. What it gives notes
further changes before they are made."""


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
    remarks: list[Remark] | None = None,
    applied: Applied | None = None,
) -> RestoreResult:
    """Restore a backup of `source` to the Pi-hole whose own backups are in `repository`.

    What a user should know is added to `remarks`, and which changes were made to `applied`, also
    when the restore fails. Raises a `CheckpointError`; see this module.
    """
    return await _Restore(
        request=request,
        client=client,
        repository=repository,
        source=source,
        begin=begin,
        report=report,
        timings=timings or usual.TIMINGS,
        exports=Exports(repository=repository, deadline=deadline, report=report),
        remarks=[] if remarks is None else remarks,
        applied=applied or Applied(),
    ).run()


@dataclass(kw_only=True, slots=True)
class _Restore:
    """One restore, from its request to its result."""

    request: RestoreRequest
    client: PiholeClient
    repository: Repository
    source: Repository
    begin: Begin
    report: Report
    timings: RestoreTimings
    exports: Exports
    remarks: list[Remark]
    applied: Applied
    token: str = ""
    """That of the plan for the whole selection."""
    safety: BackupRecord | None = None
    """Set in the moment in which the first change begins."""

    async def run(self) -> RestoreResult:
        try:
            self.report(Stage.VERIFYING, "")
            record, backup = await self.exports.copy(self.source, self.request.backup_id)
            self.report(Stage.CONNECTING, "")
            async with self.client.session() as session:
                return await self._restore(record, backup, session)
        except RestoreFailed, NothingRestored:
            raise
        except CheckpointError as error:
            if self.safety is not None:
                raise RestoreUnproven(safety=self.safety.filename, reason=error.key) from error
            raise RestoreNotBegun(reason=error.key) from error
        finally:
            await self.exports.clean_up(self.timings.hurried_cleanup)

    async def _restore(
        self, record: BackupRecord, backup: StagedExport, session: PiholeSession
    ) -> RestoreResult:
        # The Pi-hole answers both at the same time, each on a connection of its own.
        async with self.repository.writing(), beside(read_versions(session)) as reading:
            before = await self.exports.export(session, BackupTrigger.BEFORE_RESTORE)
            versions = await reading
        target, plan = await self._plan(session, backup, before.contents)
        changes = await in_thread(compare, before.contents, plan.expected)
        if self.request.dry_run or not (plan.changes or self.request.update_gravity):
            return self._result(record, plan, changes, proven=not changes)
        way = await self._choose_way(session, plan)
        making = Making(
            client=self.client,
            session=session,
            repository=self.repository,
            exports=self.exports,
            report=self.report,
            timings=self.timings,
            remarks=self.remarks,
            applied=self.applied,
            backup=backup,
            plan=plan,
        )
        async with AsyncExitStack() as stack:
            # While nothing has changed, as it may fail, and before the safety backup is stored:
            # after that, the start of another Home Assistant on the same folder may take the
            # payload for a leftover.
            sending = (
                await stack.enter_async_context(making.packed(before, choice_of(plan)))
                if way is Way.IMPORT
                else None
            )
            ahead = Ahead([each.id for each in in_order(plan)])
            first = ahead.first if sending is None else [each.id for each in plan.differences]
            safety, note = await self._begin(session, before, versions, plan, first)
            if sending is None:
                await making.one_by_one(safety, partial(ahead.note, note=note))
            else:
                await making.by_import(sending, before, safety)
        imports = sending is not None
        if self.applied.unpatched and self.request.way is None and Way.IMPORT in plan.ways:
            imports = await making.settings_by_import(safety)
        await making.raise_if_all_is_refused(before, safety)
        if refused := self.applied.refused:
            done = {each.id for each in plan.differences} - refused.keys()
            rest = replace(self.request.selection, only=frozenset(done))
            plan_done = await in_thread(make_plan, backup.contents, before.contents, rest, target)
            changes = await in_thread(compare, before.contents, plan_done.expected)
            self.remarks.append(remark(RemarkKey.REFUSED, reasons=listed(refused.values())))
        else:
            plan_done = plan
        after = After(
            client=self.client,
            session=session,
            repository=self.repository,
            exports=self.exports,
            report=self.report,
            timings=self.timings,
            safety=safety,
            versions=versions,
            remarks=self.remarks,
            applied=self.applied,
        )
        outcome = await after.finish(
            before.contents,
            plan_done,
            restarts=imports or plan.restarts,
            update_gravity=self.request.update_gravity,
        )
        return self._result(
            record,
            plan,
            changes,
            way=way,
            refused=refused,
            proven=outcome.is_verified and not refused,
            gravity_updated=outcome.gravity_updated,
            dns=outcome.dns,
        )

    def _result(  # noqa: PLR0913 - as many as a result has
        self,
        backup: BackupRecord,
        plan: Plan,
        changes: tuple[Change, ...],
        *,
        proven: bool,
        way: Way | None = None,
        refused: Mapping[str, str] | None = None,
        gravity_updated: bool = False,
        dns: DnsCheck | None = None,
    ) -> RestoreResult:
        return RestoreResult(
            backup=backup,
            plan=plan,
            token=self.token,
            changes=changes,
            way=way,
            safety=self.safety,
            proven=proven,
            refused=refused or {},
            gravity_updated=gravity_updated,
            dns=dns,
            remarks=tuple(self.remarks),
        )

    # Before the first change ----------------------------------------------------------------------

    async def _plan(
        self, session: PiholeSession, backup: StagedExport, live: Contents
    ) -> tuple[Target, Plan]:
        """Plan the restore. Raises `RestoreOutdated` if it is not the plan that was asked for."""
        self.report(Stage.PREVIEWING, "")
        if (older := check_versions(backup.contents.versions, live.versions)) is not None:
            self.remarks.append(older)
        is_other = self.source is not self.repository
        secrets = await backup.read_secrets()
        target = await survey(session, live, self.client.url, is_other=is_other, secrets=secrets)
        selection = self.request.selection
        whole = replace(selection, only=None)
        plan = await in_thread(make_plan, backup.contents, live, whole, target)
        self.token = plan.token
        if self.request.plan is not None:
            known = {each.id for each in plan.differences}
            known |= {each.difference.id for each in plan.left_out}
            if self.token != self.request.plan or not known.issuperset(selection.only or ()):
                raise RestoreOutdated
        if selection.only is not None:
            plan = await in_thread(make_plan, backup.contents, live, selection, target)
        self.remarks += remarks_on(plan)
        return target, plan

    async def _choose_way(self, session: PiholeSession, plan: Plan) -> Way:
        """Return the way to go.

        Raises `AppPasswordReadOnly`, `RestoreWayClosed` or `ProxyChangesPaths`.
        """
        if not plan.changes:
            return Way.LIVE  # only a gravity update
        ways, wanted = plan.ways, self.request.way
        if not ways:
            raise AppPasswordReadOnly
        if wanted is not None and wanted not in ways:
            raise RestoreWayClosed
        way = wanted or ways[0]
        if way is Way.IMPORT or await names_arrive(plan, session):
            return way
        if wanted is None and Way.IMPORT in ways:
            return Way.IMPORT
        raise ProxyChangesPaths

    async def _begin(
        self,
        session: PiholeSession,
        before: StagedExport,
        versions: Versions,
        plan: Plan,
        first: Collection[str],
    ) -> tuple[BackupRecord, Note]:
        """Store the safety backup, and make sure that the Pi-hole still is what the plan is for.

        The first changes follow without a wait, and what notes further ones is returned. Raises
        `RestoreOutdated`.
        """
        self.report(Stage.STORING, "")
        async with self.repository.writing():
            safety = await self.exports.store(before, versions)
            async with self.begin(safety, plan, first) as note:
                now = await self.exports.export(session, BackupTrigger.SERVICE)
                if await in_thread(compare, lasting(before.contents), lasting(now.contents)):
                    raise RestoreOutdated
                self.safety = safety
        return safety, note
